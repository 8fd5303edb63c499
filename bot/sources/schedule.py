"""Decides when sources and their items are due, and how long failures wait."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.sources.items import Item
from corpus.errors import DigestbotError
from corpus.model import SourceKind

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import datetime
    from random import Random

    from bot.sources.items import Listing
    from corpus.store import StoredAddress, StoredSource


SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=30)
RECHECK = timedelta(days=1)
"""Time after which an item's page is fetched again, even if its list says that nothing has changed."""
RECHECK_UNLISTED = timedelta(days=7)
"""The same for items that a feed has dropped."""
_FIRST_WAIT = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_ITEM_WAIT = timedelta(days=7)
_DOUBLINGS = 20
_JITTER = 0.1
_DEFAULTS = {SourceKind.FEED: timedelta(hours=1), SourceKind.FOLDER: timedelta(minutes=10)}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WRITTEN = re.compile(r"(\d{1,5})\s*([mhdw])")


def usual(kind: SourceKind) -> timedelta:
    """Return the default interval of a kind of source."""
    return _DEFAULTS.get(kind, timedelta(days=1))


def interval(written: str) -> timedelta:
    """Parse an interval: "30m", "6h", "1d", "2w".

    Raises:
        DigestbotError: it is malformed, shorter than five minutes, or longer than thirty days.
    """
    found = _WRITTEN.fullmatch(written.strip().lower())
    if found is None:
        raise DigestbotError(f"no interval: {written!r}; it is written 30m, 6h, 1d or 2w")
    given = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not SHORTEST <= given <= LONGEST:
        raise DigestbotError(f"an interval is between {spelt(SHORTEST)} and {spelt(LONGEST)}, not {spelt(given)}")
    return given


def spelt(given: timedelta) -> str:
    """Write an interval: "6h"."""
    minutes = int(given.total_seconds()) // 60
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes and minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def wait_after(failures: int, every: timedelta, random: Random, asked: float | None = None) -> timedelta:
    """Return a failed source's wait: its interval or an hour, doubled per failure up to a day.

    ``asked`` is the least wait in seconds that the site requests; ``random`` spreads the retries of many sources.
    """
    wait = min(every, _FIRST_WAIT) * 2 ** min(failures - 1, _DOUBLINGS)
    wait = max(min(wait, max(every, _LONGEST_WAIT)), timedelta(seconds=asked or 0))
    return _spread(wait, random)


def due_at(source: StoredSource, now: datetime) -> datetime:
    """Return when a source is due: now, if its time is further away than any wait can be.

    So a clock that once stood years ahead does not stop its refreshes for years.
    """
    longest = max(source.every, _LONGEST_WAIT) if source.failures else source.every
    return _credible(source.due_at, now, longest) or now


def _credible(moment: datetime | None, now: datetime, longest: timedelta) -> datetime | None:
    """Return a moment that is not further away than the longest wait; else None."""
    return moment if moment and moment - now <= longest * (1 + 2 * _JITTER) else None


def item_wait_after(failures: int, random: Random) -> timedelta:
    """Return a failed item's wait: an hour, doubled per failure up to a week."""
    wait = min(_FIRST_WAIT * 2 ** min(failures - 1, _DOUBLINGS), _LONGEST_ITEM_WAIT)
    return _spread(wait, random)


def _spread(wait: timedelta, random: Random) -> timedelta:
    return timedelta(seconds=wait.total_seconds() * random.uniform(1, 1 + _JITTER))


def due(
    source: StoredSource,
    listing: Listing,
    rows: Mapping[tuple[bool, str], StoredAddress],
    now: datetime,
    readers: Container[str],
    *,
    force: bool,
) -> list[Item]:
    """Return the items to fetch: new ones first, then those fetched longest ago.

    Args:
        source: its limit bounds the new items.
        listing: what it lists now.
        rows: how its addresses answered before.
        now: the time.
        readers: of this version; items of other versions are read again.
        force: whether to retry what waits after a failure.
    """
    first = list(islice(listing.items.values(), source.items))
    known = (item for item in listing.items.values() if (False, item.address) in rows)
    wanted = {item.address: item for item in (*first, *known)}
    for off in _fallen_off(source, listing, rows, now):
        wanted[off.address] = Item(off.address, stamp=off.stamp, published=off.published)
    chosen: list[tuple[float, Item]] = []
    for item in wanted.values():
        row = rows.get((False, item.address))
        if row is None or _is_due(source, item, row, now, readers, force=force):
            chosen.append((_asked(row), item))
    return [item for _, item in sorted(chosen, key=itemgetter(0))]


def _is_due(
    source: StoredSource, item: Item, row: StoredAddress, now: datetime, readers: Container[str], *, force: bool
) -> bool:
    if row.listed and row.document and row.reader is None:
        return False  # somebody removed the document
    if source.kind is SourceKind.PAGE:
        return True  # it waits as the source does
    if waits_until := _credible(row.due_at, now, _LONGEST_ITEM_WAIT):
        return force or waits_until <= now
    is_page = row.answered is not None
    if source.kind is SourceKind.FEED and row.document and not is_page and item.content is None:
        return False  # made from the feed's own content, which has not changed
    if row.document is None or row.gone or not row.listed or row.reader not in readers:
        return True
    changed = item.stamp is None or item.stamp != row.stamp
    return changed or (is_page and (force or _is_longer_ago(row, now, RECHECK)))


def _fallen_off(
    source: StoredSource, listing: Listing, rows: Mapping[tuple[bool, str], StoredAddress], now: datetime
) -> list[StoredAddress]:
    """Return pages that a feed has dropped and that are due for a check."""
    if source.kind is not SourceKind.FEED:
        return []
    found = [
        row
        for row in rows.values()
        if not row.listing and row.address not in listing.items and row.answered and row.reader and not row.gone
        if _is_longer_ago(row, now, RECHECK_UNLISTED)
    ]
    return sorted(found, key=_asked)[: source.items]


def _is_longer_ago(row: StoredAddress, now: datetime, than: timedelta) -> bool:
    """Whether an address was asked longer ago, or never, or by a clock that was ahead."""
    return row.asked_at is None or not timedelta(0) <= now - row.asked_at < than


def _asked(row: StoredAddress | None) -> float:
    return row.asked_at.timestamp() if row and row.asked_at else 0.0
