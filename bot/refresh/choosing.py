"""Which of a source's items are asked for at a refresh: what is new or has changed, and now and then the rest."""

from __future__ import annotations

from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.refresh.items import Item
from bot.refresh.timing import RECHECK, RECHECK_UNLISTED
from corpus.model import SourceKind

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import datetime

    from bot.refresh.items import Listing
    from corpus.store import StoredAddress, StoredSource


def due(
    source: StoredSource,
    listing: Listing,
    rows: Mapping[tuple[bool, str], StoredAddress],
    now: datetime,
    readers: Container[str],
    *,
    force: bool,
) -> list[Item]:
    """The items to ask for, new ones first, then those that were asked for longest ago.

    Args:
        source: whose items they are; of what is new no more are taken than its limit.
        listing: what it lists now.
        rows: how its addresses answered before.
        now: for what rests after a failure, or is looked at again after a while.
        readers: those of this version; what another one read is read again.
        force: ask also for what rests.
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
        return False  # somebody took the document out
    if source.kind is SourceKind.PAGE:
        return True  # it rests as the source does
    if row.due_at:
        return force or row.due_at <= now
    is_page = row.answered is not None
    if source.kind is SourceKind.FEED and row.document and not is_page and item.content is None:
        return False  # made of the feed's own words, which have not changed
    if row.document is None or row.gone or not row.listed or row.reader not in readers:
        return True
    changed = item.stamp is None or item.stamp != row.stamp
    return changed or (is_page and (force or row.asked_at is None or now - row.asked_at >= RECHECK))


def _fallen_off(
    source: StoredSource, listing: Listing, rows: Mapping[tuple[bool, str], StoredAddress], now: datetime
) -> list[StoredAddress]:
    """Pages that a feed no longer lists and that nobody has looked at for long."""
    if source.kind is not SourceKind.FEED:
        return []
    found = [
        row
        for row in rows.values()
        if not row.listing and row.address not in listing.items and row.answered and row.reader and not row.gone
        if row.asked_at is None or now - row.asked_at >= RECHECK_UNLISTED
    ]
    return sorted(found, key=_asked)[: source.items]


def _asked(row: StoredAddress | None) -> float:
    return row.asked_at.timestamp() if row and row.asked_at else 0.0
