"""Dates: when an entry came, by the page's own day or by when it was first seen, and until when it stands."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from corpus.store import StoredEntry


class Basis(StrEnum):
    """What an entry's day was taken from, as it is told."""

    POSTED = "posted"
    PUBLISHED = "published"
    SEEN = "first seen"


class Dates(NamedTuple):
    """The days of one entry.

    ``seen`` is when it was first read. ``published`` is its document's own day, ``since_then`` whether it stood in
    the document from the first: what a page gained later is as old as its first sight. ``year`` is its venue's.
    """

    seen: date
    posted: date | None
    closes: date | None
    published: date | None
    since_then: bool
    year: int | None

    @classmethod
    def of(cls, stored: StoredEntry) -> Dates:
        """The days of a stored entry."""
        from_the_first = stored.begun is None or stored.first_seen <= stored.begun
        entry = stored.entry
        return cls(
            stored.first_seen.date(), entry.posted, entry.closes, stored.published, from_the_first, stored.year
        )

    @property
    def own(self) -> tuple[date, Basis]:
        """The day that the page gives for it, else the one on which it was first seen."""
        if self.posted:
            return self.posted, Basis.POSTED
        if self.published and self.since_then:
            return self.published, Basis.PUBLISHED
        return self.seen, Basis.SEEN

    @property
    def recency(self) -> tuple[date, date]:
        """What the latest is told by: the page's day, or its venue's year, then its first sight."""
        day, basis = self.own
        if basis is Basis.SEEN and self.year and self.since_then:
            day = date(min(max(self.year, 1), 9999), 1, 1)
        return day, self.seen
