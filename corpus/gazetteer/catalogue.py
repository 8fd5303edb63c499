"""The catalogue: the facts of the corpus by their names as the pages write them, to choose and to browse by."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import WORDS, List
from corpus.gazetteer.model import What
from corpus.model import Kind
from corpus.naming import folded
from corpus.places import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.gazetteer.gathered import Gathered
    from corpus.gazetteer.model import Ids
    from corpus.gazetteer.seen import Seen
    from corpus.store import StoredEntry


_LOOKED = 1_000
"""Names that are looked at in one place; where more fit, those are chosen among."""

_SAMPLE = 100
"""Entries spread over the corpus whose names are looked at, too: frequent names are among theirs."""

_PARTS = 4
"""Typed words that are looked for one beside the other."""


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the facts of an entry, by their names and by the words of these behind the first."""
    for what, name in _facts(stored):
        shown = " ".join(name.split())
        if key := folded(shown):
            into.add(List.CATALOGUE, f"{what}\t{key}", stored.id)
            into.show(List.CATALOGUE, f"{what}\t{key}", shown)
            for word in key.split()[1:WORDS]:
                into.add(List.CATALOGUE_WORD, f"{what}\t{word}\t{key}", stored.id)


class Catalogue:
    """Names with the entries that carry them. Safe to share between threads: it does not change."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def names(self, what: What, typed: str, most: int) -> list[str]:
        """Names in which each typed word begins a word: those that begin with it first, then the most frequent."""
        start, parts = folded(typed), folded(typed).split()
        found = {
            key: ids
            for key, ids in self._looked_at(what, start, parts, most)
            if ids and all(any(word.startswith(part) for word in key.split()) for part in parts)
        }
        best = sorted(found, key=lambda key: (not key.startswith(start), -len(found[key]), key))[:most]
        return [self._seen.shown(List.CATALOGUE, f"{what}\t{key}") for key in best]

    def entries(self, what: What, name: str) -> Ids:
        """The entries that carry a name, case and accents aside; none where there is no such name."""
        return self._seen.ids(List.CATALOGUE, f"{what}\t{folded(name)}")

    def _looked_at(self, what: What, start: str, parts: Sequence[str], most: int) -> Iterator[tuple[str, Ids]]:
        """Names that may fit, with their entries: where the corpus has few, all that do."""
        begun = self._beginning(what, start)
        yield from begun
        if len(begun) >= _LOOKED or len(self._seen.visible) > _LOOKED:
            sample = self._sample.get(what, set())
            yield from ((key, self._seen.ids(List.CATALOGUE, f"{what}\t{key}")) for key in sample)
        if len(begun) >= most:  # names that do not begin so stand behind these
            return
        yield from self._beginning(what, longest := max(parts, key=len, default=""))
        for behind, ids in self._seen.keys_from(List.CATALOGUE_WORD, f"{what}\t{longest}", _LOOKED):
            yield behind.partition("\t")[2], ids
        for whole, other in permutations(parts[:_PARTS], 2):
            for rest, ids in self._seen.keys_from(List.CATALOGUE_WORD, f"{what}\t{whole}\t{other}", _LOOKED):
                yield other + rest, ids

    def _beginning(self, what: What, start: str) -> list[tuple[str, Ids]]:
        found = self._seen.keys_from(List.CATALOGUE, f"{what}\t{start}", _LOOKED)
        return [(start + rest, ids) for rest, ids in found]

    @cached_property
    def _sample(self) -> Mapping[What, set[str]]:
        """Names of entries spread evenly over those of each kind."""
        found: dict[What, set[str]] = defaultdict(set)
        for kind in (Kind.PAPER, Kind.JOB):
            ids = self._seen.ids(List.KIND, kind).to_array()
            for stored in self._seen.stored(ids[:: len(ids) // _SAMPLE + 1].tolist()).values():
                for what, name in _facts(stored):
                    found[what].add(folded(name))
        return dict(found)


def _facts(entry: StoredEntry) -> Iterator[tuple[What, str]]:
    inside = entry.entry
    if inside.kind is Kind.PAPER:
        yield from ((What.AUTHOR, author) for author in inside.authors)
        if inside.section:
            yield What.TOPIC, inside.section
        if entry.venue:
            yield What.VENUE, entry.venue
            if entry.year:
                yield What.VENUE, f"{entry.venue} {entry.year}"
    if inside.kind is Kind.JOB:
        if inside.team:
            yield What.TEAM, inside.team
        if inside.place:
            whole = full_name(inside.place)
            yield What.PLACE, whole
            yield from ((What.PLACE, part) for part in (inside.place.city, whole.rpartition(", ")[2]) if part)
