"""Manners towards one site: a few requests at once, a pause after each, and silence when it asks for it."""

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
    """The site asks to be left alone for a while; ``seconds`` where it says for how long."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Host:
    """One site, for as long as a fetcher lasts.

    Two requests run at once; after each, its place rests as long as the site took to answer (at most five
    seconds): a quick site is asked quickly, one that labours is let breathe.

    Args:
        clock: seconds that only grow.
        sleep: waits some seconds.
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
        """Wait for a place; ``delay`` is the least time from one request to the next that the site names.

        Raises:
            SiteBusyError: the site has asked to be left alone.
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
        """Ask this site for nothing more; the error that says so."""
        self._busy = SiteBusyError(f"{answer}, so the site is left alone for now", _seconds(retry_after))
        return self._busy


def _seconds(retry_after: str | None) -> float | None:
    """The seconds that a Retry-After header names, as a number or as a day; at most a day of them."""
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
"""What is read of a robots.txt; the standard asks for 500 kibibytes at least."""
REDIRECTS: Final = 5
_LONGEST_DELAY = 10.0
"""Seconds between two requests that a site can ask for; more than that would be to be left alone."""
_TOO_MANY, _FAULT = 429, 500


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site.

    ``rules`` is None where there are none; ``unreachable`` says why the site is left alone for now. ``delay`` is
    in seconds, 0 where the site names none.
    """

    rules: Protego | None = None
    unreachable: str | None = None
    delay: float = 0.0

    def refusal(self, address: str) -> str | None:
        """Why an address of the site is not to be asked; None where it may be."""
        if self.unreachable:
            return self.unreachable
        if self.rules is not None and not self.rules.can_fetch(address, AGENT):
            return "the site's robots.txt does not allow it"
        return None


def robots_of(status: int, body: bytes) -> Robots:
    """What a site's answer to the question for its robots.txt means.

    Where there is no such file (2.3.1.3: any 4xx, or more redirects than are followed), everything is allowed;
    where the site cannot answer (2.3.1.4: 5xx, and by custom 429), nothing is.
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
