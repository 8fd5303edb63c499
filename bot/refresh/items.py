"""What a source lists: the items, and whether the list is all that there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from corpus.store import StoredAddress


@dataclass(frozen=True, slots=True)
class Item:
    """One document that a source lists.

    ``stamp`` changes with the item, as far as the list tells; None where it does not tell. ``content`` is the
    item's own HTML; ``whole`` says that it is the whole of it, so that nothing has to be fetched. ``linked`` is
    whether ``address`` leads to a page (or file) rather than being a mere name.
    """

    address: str
    stamp: str | None = None
    published: date | None = None
    title: str | None = None
    content: str | None = None
    whole: bool = False
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as it was read.

    ``items`` are in the list's order, or the newest first where it gives days. ``lists`` are further lists that
    it names. ``whole``: nothing of it was lost.
    """

    items: tuple[Item, ...] = ()
    lists: tuple[str, ...] = ()
    whole: bool = True


@dataclass(slots=True)
class Listing:
    """All that a source lists now.

    Items by address, in order, and by the same the list that named it. ``complete``: what is not here is no
    longer there, while what has fallen off the end of a feed may be. ``seen`` are the lists, as they answered.
    """

    items: dict[str, Item] = field(default_factory=dict)
    via: dict[str, str] = field(default_factory=dict)
    complete: bool = True
    seen: list[StoredAddress] = field(default_factory=list)
