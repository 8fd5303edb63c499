"""What a site's robots.txt says to this bot, as RFC 9309 has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from protego import Protego

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
