"""Limits the requests to a site, honours its robots.txt, and leaves it alone when it asks for that."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from protego import Protego

_AT_ONCE = 2
_LONGEST_PAUSE = 5.0
_LONGEST_SILENCE = 86_400.0


class SiteBusyError(ReadError):
    """The site asks for a pause, of ``seconds`` if it says so."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Host:
    """One site during the life of a fetcher.

    Two requests run at once; each is followed by a pause as long as the site took to answer, at most five seconds,
    so that a slow site gets fewer. ``clock`` is monotonic.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self.asking = asyncio.Lock()
        self.robots: Robots | None = None
        self._clock, self._sleep = clock, sleep
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._free_from = [0.0] * _AT_ONCE
        self._next = 0.0
        self._busy: SiteBusyError | None = None

    @asynccontextmanager
    async def turn(self, delay: float) -> AsyncIterator[None]:
        """Wait for a turn; ``delay`` is the site's own least time between requests.

        Raises:
            SiteBusyError: the site has asked for a pause.
        """
        async with self._places:
            at = heapq.heappop(self._free_from)
            if delay:
                at = max(at, self._next)
                self._next = max(at, self._clock()) + delay
            begun = at
            try:
                if (wait := at - self._clock()) > 0:
                    await self._sleep(wait)
                if self._busy:
                    raise SiteBusyError(str(self._busy), self._busy.seconds)
                begun = self._clock()
                yield
            finally:
                now = self._clock()
                heapq.heappush(self._free_from, now + min(max(now - begun, 0.0), _LONGEST_PAUSE))

    def silenced(self, answer: str, retry_after: str | None) -> SiteBusyError:
        """Send this site no more requests; return the error that says so."""
        self._busy = SiteBusyError(f"{answer}, so the site is left alone for now", _seconds(retry_after))
        return self._busy


def _seconds(retry_after: str | None) -> float | None:
    """Parse a Retry-After header, a number or a date, into seconds; at most a day."""
    if not retry_after:
        return None
    given = retry_after.strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), _LONGEST_SILENCE)
    try:
        until = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    left = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(left, 0.0), _LONGEST_SILENCE)


AGENT: Final = "digestbot"
BYTES: Final = 512_000
"""The most that is read of a robots.txt; the standard requires 500 KiB."""
REDIRECTS: Final = 5
_LONGEST_DELAY = 10.0
"""The greatest crawl delay that is honoured, in seconds."""
_TOO_MANY, _FAULT = 429, 500


@dataclass(frozen=True, slots=True)
class Robots:
    """A site's rules (None: there are none), or why it is ``unreachable``; ``delay`` is in seconds."""

    rules: Protego | None = None
    unreachable: str | None = None
    delay: float = 0.0

    def refusal(self, address: str) -> str | None:
        """Return why an address must not be fetched; None if it may be."""
        if self.unreachable:
            return self.unreachable
        if self.rules is not None and not self.rules.can_fetch(address, AGENT):
            return "the site's robots.txt does not allow it"
        return None


def robots_of(status: int, body: bytes) -> Robots:
    """Interpret a site's answer for robots.txt, as RFC 9309 does.

    Without a file (2.3.1.3: any 4xx, or too many redirects) everything is allowed; if the site cannot answer
    (2.3.1.4: 5xx, and by custom 429) nothing is.
    """
    if status >= _FAULT or status == _TOO_MANY:
        return Robots(
            unreachable=f"the site answers {status} when asked for its robots.txt, so it is left alone for now"
        )
    if status != 200:
        return Robots()
    from protego import Protego

    if len(body) > BYTES:  # a rule that is cut off would forbid more than it says
        body = body[:BYTES].rpartition(b"\n")[0]
    rules = Protego.parse(body.decode("utf-8-sig", "replace"))
    return Robots(rules, delay=min(max(rules.crawl_delay(AGENT) or 0.0, 0.0), _LONGEST_DELAY))
