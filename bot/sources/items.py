"""What a source lists, and the report of its refresh."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.sources.ingest import Listener, Silence

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.sources.ingest import Outcome
    from corpus.store import StoredAddress, StoredSource


@dataclass(frozen=True, slots=True)
class Item:
    """One document in a source's list.

    ``stamp`` changes when the item does, as far as the list tells (else None). ``content`` is the item's HTML;
    ``whole`` means that nothing has to be fetched beside it. ``linked`` tells whether ``address`` leads to a page
    or file, or is only a name. ``guid`` is what a feed calls the item, whatever its link; the stamp begins with
    it. ``link`` is where the item is now, if that is not the address that it is known by.
    """

    address: str
    stamp: str | None = None
    published: date | None = None
    title: str | None = None
    content: str | None = None
    whole: bool = False
    linked: bool = True
    guid: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedList:
    """One parsed list: its items, newest first if it has dates, and further ``lists`` that it names.

    ``whole`` is false if a part of it could not be read; ``notes`` say what was left out on purpose.
    """

    items: tuple[Item, ...] = ()
    lists: tuple[str, ...] = ()
    whole: bool = True
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Listing:
    """All that a source lists now: items by address, and the list that named each (``via``).

    ``complete`` means that other items are gone; a feed only drops its oldest. ``seen`` holds the lists' answers.
    """

    items: dict[str, Item] = field(default_factory=dict)
    via: dict[str, str] = field(default_factory=dict)
    complete: bool = True
    seen: list[StoredAddress] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Refreshed:
    """The report of one source's refresh.

    ``outcomes`` holds documents that are new, changed, gone or failed; ``unchanged`` counts the others. ``listed``
    counts the items, ``left_out`` those beyond the source's limit. ``error`` says why the whole source failed;
    ``due_at`` is the next refresh. ``feed`` is the address of a feed that an added page names. ``notes`` say what
    was left out of its lists.
    """

    source: StoredSource
    outcomes: list[Outcome] = field(default_factory=list)
    unchanged: int = 0
    listed: int = 0
    left_out: int = 0
    error: str | None = None
    due_at: datetime | None = None
    feed: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def documents(self) -> list[str]:
        """The ids of new and changed documents."""
        found = (each.document for each in self.outcomes if each.state in ("new", "changed"))
        return [each for each in found if each]


class RefreshListener(Listener, Protocol):
    """Receives the progress of a refresh, in the threads that it runs in."""

    def refreshed(self, report: Refreshed) -> None:
        """Take the report of one source."""


class RefreshSilence(Silence):
    """A listener that does nothing."""

    def refreshed(self, report: Refreshed) -> None:
        """Ignore it."""
