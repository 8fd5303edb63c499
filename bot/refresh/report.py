"""What a refresh tells: of each document what became of it, of each source how it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ingest.reading import Outcome
    from corpus.store import StoredSource


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
