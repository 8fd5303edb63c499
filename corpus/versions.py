"""Versions: documents that are the same page at different times, told by their facts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyroaring import FrozenBitMap

from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from corpus.gazetteer.cards import Cards
    from corpus.store import StandingDocument

_SHARED = 0.5
"""Share of the smaller page's entries that two versions of a page have in common, at least."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What is known of the entries of pages that stand in the corpus in several versions, by entry id.

    ``behind`` are those that stand in a newer version, too: that one is cited. ``last_seen`` are those that the
    newest version lacks, with the day of the last one that has them; only where it is known to be newer.
    """

    behind: frozenset[int] = frozenset()
    last_seen: Mapping[int, date] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[StandingDocument], cards: Cards) -> Versions:
        """Find the versions among documents.

        Args:
            documents: those that are seen together.
            cards: of all their entries.
        """
        alike = [same for same in _by_facts(documents).values() if len(same) > 1]
        if not alike:
            return NO_VERSIONS
        inside: dict[int, dict[int, list[int]]] = defaultdict(dict)
        entries = cards.of(cards.of_documents(document.number for same in alike for document in same))
        for card in entries:
            inside[card.document].setdefault(card.key, []).append(card.id)
        behind: set[int] = set()
        last_seen: dict[int, date] = {}
        for same in alike:
            for versions in _overlapping(same, inside):
                _compare(versions, inside, behind, last_seen)
        lacking = FrozenBitMap(last_seen)
        elsewhere = {card.key for card in cards.of(cards.twins(lacking) - lacking)}
        for card in cards.of(lacking):
            if card.key in elsewhere:  # it still stands somewhere
                del last_seen[card.id]
        return cls(frozenset(behind), last_seen)


NO_VERSIONS = Versions()


def _by_facts(documents: Iterable[StandingDocument]) -> dict[tuple[object, ...], list[StandingDocument]]:
    """Documents of the same title, publisher, venue and year, the oldest first as far as that is known."""
    found: dict[tuple[object, ...], list[StandingDocument]] = defaultdict(list)
    for each in sorted(documents, key=lambda d: (d.published or d.first_seen.date(), d.first_seen, d.id)):
        if title := folded(each.title):
            found[title, folded(each.publisher or ""), folded(each.venue or ""), each.year].append(each)
    return found


def _overlapping(
    same: Sequence[StandingDocument], inside: Mapping[int, Mapping[int, object]]
) -> Iterator[list[StandingDocument]]:
    """Of documents alike in their facts those whose entries are mostly the same."""
    left = list(same)
    while left:
        newest = left.pop()
        keys = inside[newest.number].keys()
        versions = [
            each
            for each in left
            if len(keys & inside[each.number].keys()) >= _SHARED * max(1, min(len(keys), len(inside[each.number])))
        ]
        left = [each for each in left if each not in versions]
        if versions:
            yield [*versions, newest]


def _compare(
    versions: Sequence[StandingDocument],
    inside: Mapping[int, Mapping[int, list[int]]],
    behind: set[int],
    last_seen: dict[int, date],
) -> None:
    """Note what of the older versions stands in a newer one, and what the newest lacks."""
    newest = versions[-1]
    for at, version in enumerate(versions[:-1]):
        later = set().union(*(inside[each.number] for each in versions[at + 1 :]))
        day = _day_before(version, newest)
        for key, ids in inside[version.number].items():
            if key in later:
                behind.update(ids)
            if key not in inside[newest.number] and day:
                last_seen.update((i, day) for i in ids)


def _day_before(older: StandingDocument, newer: StandingDocument) -> date | None:
    """The older version's day; None where it is not known to be the older one."""
    if older.published and newer.published:
        return older.published if older.published < newer.published else None
    day = older.first_seen.date()
    return (older.published or day) if day < newer.first_seen.date() else None
