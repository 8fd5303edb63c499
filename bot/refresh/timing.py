"""When a source is due: its interval, and the growing waits of one that fails."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from corpus.errors import DigestbotError
from corpus.model import SourceKind

if TYPE_CHECKING:
    from random import Random

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=30)
RECHECK = timedelta(days=1)
"""After this the page of an item is asked for again, though its list says that nothing has changed."""
RECHECK_UNLISTED = timedelta(days=7)
"""Likewise of what has fallen off the end of a feed."""
_FIRST_WAIT = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_ITEM_WAIT = timedelta(days=7)
_DOUBLINGS = 20
_JITTER = 0.1
_DEFAULTS = {SourceKind.FEED: timedelta(hours=1), SourceKind.FOLDER: timedelta(minutes=10)}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WRITTEN = re.compile(r"(\d{1,5})\s*([mhdw])")


def usual(kind: SourceKind) -> timedelta:
    """How often a source of this kind is looked at where nobody says otherwise."""
    return _DEFAULTS.get(kind, timedelta(days=1))


def interval(written: str) -> timedelta:
    """An interval as it is written on the command line: "30m", "6h", "1d", "2w".

    Raises:
        DigestbotError: it is none, or shorter than five minutes, or longer than thirty days.
    """
    found = _WRITTEN.fullmatch(written.strip().lower())
    if found is None:
        raise DigestbotError(f"no interval: {written!r}; it is written 30m, 6h, 1d or 2w")
    given = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not SHORTEST <= given <= LONGEST:
        raise DigestbotError(f"an interval is between {spelt(SHORTEST)} and {spelt(LONGEST)}, not {spelt(given)}")
    return given


def spelt(given: timedelta) -> str:
    """An interval as it is written: "6h"."""
    minutes = int(given.total_seconds()) // 60
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes and minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def wait_after(failures: int, every: timedelta, random: Random, asked: float | None = None) -> timedelta:
    """How long a source rests after failures in a row: its interval or an hour, then twice that, up to a day.

    Args:
        failures: in a row, from 1.
        every: the source's interval.
        random: spreads the tries of many.
        asked: seconds that the site itself asks for at least.
    """
    wait = min(every, _FIRST_WAIT) * 2 ** min(failures - 1, _DOUBLINGS)
    wait = max(min(wait, max(every, _LONGEST_WAIT)), timedelta(seconds=asked or 0))
    return _spread(wait, random)


def item_wait_after(failures: int, random: Random) -> timedelta:
    """How long an item that cannot be read rests: an hour, then twice that, up to a week."""
    wait = min(_FIRST_WAIT * 2 ** min(failures - 1, _DOUBLINGS), _LONGEST_ITEM_WAIT)
    return _spread(wait, random)


def _spread(wait: timedelta, random: Random) -> timedelta:
    return timedelta(seconds=wait.total_seconds() * random.uniform(1, 1 + _JITTER))
