"""Families: the numbers by which an entry's twins and kin are known, given out as entries come in."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyroaring import FrozenBitMap

from corpus.gazetteer.postings import List
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from corpus.gazetteer.cards import Cards
    from corpus.gazetteer.postings import Gathered
    from corpus.store import StandingDocument, StoredEntry

    Carriers = Callable[[List, str], Iterable[int]]


LEAST_SENTENCES: Final = 3
"""Sentences that two articles share, at least."""

SHARED: Final = 0.8
"""Share of either article's sentences that stand in the other."""

_LEAST_WORDS = 40
"""Words of a post's text: shorter ones, as rows of a table are, may well be openings of their own."""

_TELLING = 6
"""Words of a sentence that is compared: shorter ones stand anywhere."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def post_print(stored: StoredEntry, text: str) -> str | None:
    """What two posts of one opening share: a print of the text without the words of its place.

    None for what is no post, names no place, or says too little to tell posts apart.
    """
    place = stored.entry.place
    if stored.entry.kind is not Kind.JOB or place is None:
        return None
    job = stored.entry.job
    places = (place, *(job.places if job else ()))
    named = {word for each in places for word in folded(f"{each.text} {each.city or ''}").split()}
    left = [word for word in folded(text).split() if word not in named]
    return _print(" ".join(left)) if len(left) >= _LEAST_WORDS else None


def sentence_prints(stored: StoredEntry, text: str) -> frozenset[str]:
    """Prints of an article's sentences; none for what is no article."""
    if stored.entry.kind is not Kind.ARTICLE:
        return frozenset()
    return frozenset(map(_print, _sentences(text)))


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        plain = folded(sentence)
        if plain.count(" ") >= _TELLING - 1:
            yield plain


def _print(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Families:
    """Gives out numbers.

    Args:
        rows: the cards that there are, of ``cards.DTYPE``, sorted by id.
        carriers: the entries on the disk under a key of a list.
    """

    def __init__(self, rows: NDArray[np.void], carriers: Carriers) -> None:
        self._rows = rows
        self._carriers = carriers
        self._new: dict[int, tuple[int, int, int]] = {}

    def numbers(
        self, stored: StoredEntry, text: str, same_key: Sequence[int], into: Gathered
    ) -> tuple[int, int, int]:
        """The numbers of an entry's key and family, and how many of its sentences are compared.

        Args:
            stored: the entry.
            text: what it says.
            same_key: entries that carry its key, it among them.
            into: what has been gathered and is not on the disk yet; the entry's prints are put there.
        """
        prints = sentence_prints(stored, text)
        twin = next((found for i in same_key if i != stored.id and (found := self._known(i))), None)
        if twin:
            key, family, _ = twin
        else:
            key = stored.id
            kin = self._kin(stored, text, prints, into)
            family = kin if kin is not None else stored.id
        if said := post_print(stored, text):
            into.add(List.KIN_POST, said, stored.id)
        for each in prints:
            into.add(List.KIN_SENTENCE, each, stored.id)
        self._new[stored.id] = (key, family, len(prints))
        return self._new[stored.id]

    def _kin(self, stored: StoredEntry, text: str, prints: Iterable[str], into: Gathered) -> int | None:
        if said := post_print(stored, text):
            for other in self._under(List.KIN_POST, said, into):
                if known := self._known(other):
                    return known[1]
        prints = list(prints)
        if len(prints) < LEAST_SENTENCES:
            return None
        shared = Counter(other for each in prints for other in self._under(List.KIN_SENTENCE, each, into))
        for other, number in sorted(shared.items()):
            known = self._known(other)
            if known and number >= max(LEAST_SENTENCES, SHARED * max(len(prints), known[2])):
                return known[1]
        return None

    def _under(self, which: List, key: str, into: Gathered) -> list[int]:
        return sorted({*self._carriers(which, key), *into.ids.get((which, key), ())})

    def _known(self, entry: int) -> tuple[int, int, int] | None:
        if found := self._new.get(entry):
            return found
        ids = self._rows["id"]
        place = bisect_left(ids, entry)  # numpy's would copy all of them into one place first
        if place == len(ids) or ids[place] != entry:
            return None
        row = self._rows[place]
        return int(row["key"]), int(row["family"]), int(row["sentences"])


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
