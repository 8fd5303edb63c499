"""What a source lists: the items, and whether the list is all that there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.sources.ingest import Outcome
    from corpus.store import StoredAddress, StoredSource


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
class ParsedList:
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


@dataclass(slots=True)
class Refreshed:
    """How the refresh of one source went.

    ``outcomes`` holds what is new, changed, gone or failed; what is as it was is only counted, in ``unchanged``.
    ``listed`` counts what it lists. ``error`` is why the source as a whole could not be read, and
    ``due_at`` when it is looked at next. ``left_out`` counts what it lists beyond its limit. ``feed`` is the
    address of a feed that a page names which was added as a page.
    """

    source: StoredSource
    outcomes: list[Outcome] = field(default_factory=list)
    unchanged: int = 0
    listed: int = 0
    left_out: int = 0
    error: str | None = None
    due_at: datetime | None = None
    feed: str | None = None

    @property
    def documents(self) -> list[str]:
        """Ids of the documents that came in or changed: what they brought is first seen now."""
        found = (each.document for each in self.outcomes if each.state in ("new", "changed"))
        return [each for each in found if each]


class RefreshListener(Protocol):
    """Is told how a refresh goes on, from the threads that it runs in."""

    def started(self, documents: int) -> None:
        """So many more documents will be looked at."""

    def embedding(self, done: int, total: int) -> None:
        """Of the current document's passages, so many of those that need it have been embedded."""

    def finished(self, outcome: Outcome) -> None:
        """One document is done."""

    def refreshed(self, report: Refreshed) -> None:
        """One source is done."""


class Silence:
    """A listener that tells nobody."""

    def started(self, documents: int) -> None:
        """Say nothing."""

    def embedding(self, done: int, total: int) -> None:
        """Say nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Say nothing."""

    def refreshed(self, report: Refreshed) -> None:
        """Say nothing."""
