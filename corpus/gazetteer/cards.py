"""Cards: what is known of all entries without reading them, as columns: enough to select, count and order."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from pyroaring import FrozenBitMap

from corpus.gazetteer.mentions import ids_of
from corpus.model import JobFacts, Kind, Pay, Workplace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.scope import Entries
    from corpus.model import Link
    from corpus.store import StoredEntry


_FEW = 256
"""Numbers that are looked up one by one; more are compared all at once."""


class Groups:
    """Entries by a number that some of them share. Safe to share between threads: it does not change.

    Args:
        ids: of all entries, in order.
        numbers: theirs.
    """

    def __init__(self, ids: NDArray[np.uint32], numbers: NDArray[np.uint32]) -> None:
        self._all = ids, numbers

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The entries that share their number with another one, by number and id; their ids and their numbers."""
        ids, numbers = self._all
        order = np.argsort(numbers, kind="stable")
        ids, numbers = ids[order], numbers[order]
        same = numbers[1:] == numbers[:-1]
        shared = np.r_[False, same] | np.r_[same, False] if len(ids) else np.zeros(0, bool)
        return ids[shared], numbers[shared]

    @cached_property
    def shared(self) -> Ids:
        """The entries whose number others have, too."""
        return ids_of(self._sorted[0])

    def sharing(self, numbers: NDArray[np.uint32]) -> Ids:
        """The entries of some numbers, those left out that are alone with theirs."""
        ids, known = self._sorted
        wanted = np.unique(numbers)
        if len(wanted) > _FEW:
            return ids_of(ids[np.isin(known, wanted)])
        begins, ends = np.searchsorted(known, wanted), np.searchsorted(known, wanted, side="right")
        return FrozenBitMap(i for begin, end in zip(begins, ends, strict=True) for i in ids[begin:end].tolist())


_NEW_YEARS = np.array([0, *(date(year, 1, 1).toordinal() for year in range(1, 10_000))], dtype=np.int32)


class Timeline:
    """The days of entries, arrays of the shape (entries,), in the order of the cards.

    Days are counted from the first of January of the year 1.
    """

    def __init__(self, rows: NDArray[np.void]) -> None:
        """Of cards, see ``cards.DTYPE``."""
        self._rows = rows

    @cached_property
    def own(self) -> NDArray[np.int32]:
        """The day that the page gives for an entry, else the one on which it was first seen."""
        rows = self._rows
        page = np.where(rows["from_the_first"], rows["published"], 0)
        days: NDArray[np.int32] = np.where(rows["posted"] > 0, rows["posted"], page)
        return np.where(days > 0, days, rows["seen"])

    @cached_property
    def by_sight(self) -> NDArray[np.bool_]:
        """Whether that is the day on which it was first seen."""
        rows = self._rows
        by_page: NDArray[np.bool_] = (rows["posted"] > 0) | ((rows["published"] > 0) & rows["from_the_first"])
        return ~by_page

    @cached_property
    def recent(self) -> NDArray[np.int32]:
        """What the latest is told by, before the first sight: the page's day, or its venue's year."""
        rows = self._rows
        of_venue = self.by_sight & (rows["year"] != 0) & rows["from_the_first"]
        return np.where(of_venue, _NEW_YEARS[np.clip(rows["year"], 1, 9999)], self.own)

    @cached_property
    def of_documents(self) -> NDArray[np.int32]:
        """The day of an entry's document: its own, or its venue's year, or its first sight."""
        rows = self._rows
        year = np.where(rows["year"] != 0, _NEW_YEARS[np.clip(rows["year"], 1, 9999)], rows["seen"])
        return np.where(rows["published"] > 0, rows["published"], year)

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """For each entry the place of the first of those that share its key, by their own days."""
        keys = self._rows["key"]
        order = np.lexsort((self.own, keys))
        begins = np.flatnonzero(np.r_[True, np.diff(keys[order].astype(np.int64)) != 0]) if len(order) else order
        runs = np.diff(np.r_[begins, len(order)])
        found = np.empty(len(order), np.int64)
        found[order] = np.repeat(order[begins], runs)
        return found


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


KINDS: Final = tuple(Kind)
DTYPE: Final = np.dtype(
    [
        ("id", "u4"), ("document", "u4"), ("kind", "u1"), ("from_the_first", "?"), ("year", "i2"), ("key", "u4"),
        ("family", "u4"), ("sentences", "u2"), ("seen", "i4"), ("posted", "i4"), ("closes", "i4"),
        ("published", "i4"), ("authors", "u2"), ("workplace", "u1"), ("employment", "u1"), ("level", "u1"),
        ("degree", "u1"), ("sponsorship", "i1"), ("closed", "i1"), ("low", "f4"), ("high", "f4"), ("per", "u1"),
        ("currency", "S3"), ("citizenship", "S2"), ("placed", "?"), ("award", "?"), ("code", "?"),
        ("abstract", "?"),
    ]
)  # fmt: skip
"""A card in the file. Days are counted from the first of January of the year 1, with 0 for none.

``authors`` is their number; what a job is, needs and pays is numbered as in ``VALUES``, from 1, with 0 for
unknown; ``sponsorship`` and ``closed`` are 1, -1, or 0 for unknown; pay is not a number where it is unknown.
``placed``: the country of a job is known; ``code``: a paper has a link to code.
"""

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "workplace": tuple(Workplace),
    "employment": (
        "full-time", "part-time", "contract", "temporary", "internship", "apprenticeship", "volunteer",
    ),
    "level": (
        "intern", "entry", "mid", "senior", "staff", "principal", "lead", "manager", "director", "executive",
    ),
    "degree": ("bachelor", "master", "phd"),
    "per": ("hour", "day", "week", "month", "year"),
}  # fmt: skip
"""What is told of a job by one of a few words."""

CHUNK: Final = 12
"""Bits of an id within a row of the file."""


class Card(NamedTuple):
    """What is known of an entry without reading it.

    ``key`` is a number that all entries of one key share, ``family`` one that its kin have, too, see
    ``corpus.gazetteer.duplicates``; ``document`` is the document's number.
    """

    id: int
    key: int
    family: int
    kind: Kind
    document: int
    dates: Dates


def row_of(stored: StoredEntry, document: int, key: int, family: int, sentences: int = 0) -> tuple[object, ...]:
    """An entry's card as a row of ``DTYPE``."""
    dates = Dates.of(stored)
    days = (dates.seen, dates.posted, dates.closes, dates.published)
    entry, job = stored.entry, stored.entry.job or JobFacts()
    pay = job.pay or Pay(None, None)
    places = job.places or ((entry.place,) if entry.place else ())
    return (
        stored.id, document, KINDS.index(stored.entry.kind), dates.since_then,
        min(max(dates.year or 0, -9999), 9999), key, family, min(sentences, 65_535),
        *(day.toordinal() if day else 0 for day in days),
        min(len(entry.authors), 65_535), _number("workplace", job.workplace),
        _number("employment", job.employment), _number("level", job.level), _number("degree", job.degree),
        _sign(job.sponsorship), _sign(job.closed),
        nan if pay.low is None else pay.low, nan if pay.high is None else pay.high, _number("per", pay.per),
        (pay.currency or "").encode("ascii", "ignore"), (job.citizenship or "").encode("ascii", "ignore"),
        any(place.country for place in places) or bool(job.remote_in), bool(entry.award),
        any(map(_is_code, entry.links)), entry.abstract,
    )  # fmt: skip


def _number(fact: str, value: str | None) -> int:
    known = VALUES[fact]
    return known.index(value) + 1 if value in known else 0


def _sign(value: bool | None) -> int:
    return 0 if value is None else 1 if value else -1


def _is_code(link: Link) -> bool:
    return "code" in link.label.casefold() or "github.com/" in link.url.casefold()


class Cards:
    """The cards of the entries that one scope sees, in the order of their ids. Safe to share: it does not change.

    Args:
        rows: of ``DTYPE``, sorted by id.
        entries: where the entries lie.
    """

    def __init__(self, rows: NDArray[np.void], entries: Entries) -> None:
        self.rows = rows
        self._entries = entries
        self._ids = np.ascontiguousarray(rows["id"])
        self.ids = ids_of(self._ids)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Card]:
        return map(_card, self.rows.tolist())

    def __contains__(self, entry: int) -> bool:
        return entry in self.ids

    def get(self, entry: int) -> Card | None:
        """The card of an entry, None where there is none."""
        return _card(self.rows[self.places([entry])[0]].item()) if entry in self.ids else None

    def stored(self, entry: int) -> StoredEntry | None:
        """An entry itself, None where it is no longer there."""
        return self._entries.entries_by_id([entry]).get(entry)

    def of(self, entries: Ids) -> list[Card]:
        """The cards of entries, those that are not there left out, in the order of their ids."""
        return list(map(_card, self.among(entries).tolist()))

    def among(self, entries: Ids) -> NDArray[np.void]:
        """The rows of entries, those that are not there left out, in the order of their ids."""
        inside = entries & self.ids
        if len(inside) == len(self.rows):
            return self.rows
        rows: NDArray[np.void] = self.rows[self.places(inside.to_array())]
        return rows

    def of_kind(self, kind: Kind) -> Ids:
        """The entries of a kind."""
        return self._kinds[kind]

    def of_documents(self, numbers: Iterable[int]) -> Ids:
        """The entries of documents."""
        return ids_of(self.rows["id"][np.isin(self.rows["document"], list(numbers))])

    def twins(self, entries: Ids) -> Ids:
        """The entries with those that have the same keys."""
        return self._with(self._keys, "key", entries)

    def families(self, entries: Ids) -> Ids:
        """The entries with all their kin."""
        return self._with(self._families, "family", entries)

    @property
    def related(self) -> Ids:
        """The entries that have kin."""
        return self._families.shared

    @property
    def repeated(self) -> Ids:
        """The entries whose key others have, too."""
        return self._keys.shared

    def families_of(self, entries: Iterable[int]) -> dict[int, int]:
        """The families, by their numbers, of those of some entries that have kin."""
        related = [entry for entry in entries if entry in self.related]
        families = self.rows["family"][self.places(related)].tolist() if related else []
        return dict(zip(related, families, strict=True))

    def distinct(self, entries: Ids) -> Ids:
        """The first entry of each family."""
        related = entries & self._families.shared
        if not related:
            return entries & self.ids
        several = self.among(related)
        _, firsts = np.unique(several["family"], return_index=True)
        return ((entries & self.ids) - self._families.shared) | ids_of(several["id"][firsts])

    def where(self, chosen: NDArray[np.bool_]) -> Ids:
        """The entries that an array over all of them chooses."""
        return ids_of(self.rows["id"][chosen])

    @cached_property
    def timeline(self) -> Timeline:
        """Their days."""
        return Timeline(self.rows)

    @cached_property
    def _kinds(self) -> dict[Kind, Ids]:
        kinds = self.rows["kind"]
        return {kind: ids_of(self.rows["id"][kinds == number]) for number, kind in enumerate(KINDS)}

    @cached_property
    def _keys(self) -> Groups:
        return Groups(self.rows["id"], self.rows["key"])

    @cached_property
    def _families(self) -> Groups:
        return Groups(self.rows["id"], self.rows["family"])

    def _with(self, groups: Groups, column: str, entries: Ids) -> Ids:
        inside = entries & self.ids
        shared = inside & groups.shared
        return inside | groups.sharing(self.among(shared)[column]) if shared else inside

    def places(self, entries: Sequence[int] | NDArray[np.uint32]) -> NDArray[np.int64]:
        """Where in ``rows`` entries stand that are there."""
        return np.searchsorted(self._ids, np.asarray(entries, dtype=np.uint32))


def _card(row: tuple[int, ...]) -> Card:
    entry, document, kind, from_the_first, year, key, family, _ = row[:8]
    seen, posted, closes, published = (date.fromordinal(day) if day else None for day in row[8:12])
    dates = Dates(seen or date.min, posted, closes, published, bool(from_the_first), year or None)
    return Card(entry, key, family, KINDS[kind], document, dates)
