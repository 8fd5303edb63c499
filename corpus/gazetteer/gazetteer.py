"""The gazetteer: all the names that a scope sees, and the reading of a question against them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import permutations
from typing import TYPE_CHECKING, Protocol

from corpus.gazetteer.duplicates import Versions
from corpus.gazetteer.labels import Labels
from corpus.gazetteer.locations import Locations
from corpus.gazetteer.mentions import Ids, Mention, What, overlap
from corpus.gazetteer.people import People
from corpus.gazetteer.postings import WORDS, List
from corpus.gazetteer.teams import Roles, Teams
from corpus.gazetteer.titles import ShortNames, Titles
from corpus.gazetteer.tokens import Asked
from corpus.gazetteer.topics import Topics
from corpus.gazetteer.venues import Digests, Venues, Years
from corpus.model import Kind
from corpus.places import full_name
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from corpus.gazetteer.cards import Cards
    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.model import Span
    from corpus.store import StandingDocument, StoredEntry


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
        for place in (inside.job.places if inside.job else ()) or ((inside.place,) if inside.place else ()):
            whole = full_name(place)
            yield What.PLACE, whole
            yield from ((What.PLACE, part) for part in (place.city, whole.rpartition(", ")[2]) if part)


_STRONGER = {
    What.PLACE: (What.AUTHOR, What.TITLE),
    What.AUTHOR: (What.TITLE, What.PLACE),
    What.TOPIC: (What.TEAM,),
}
"""Of which kinds a longer mention takes the place of a shorter one within it."""


_REMEMBERED = 64
"""Questions whose mentions are remembered."""

_QUOTED = 2048
"""Entries whose kin are remembered: the same few are quoted again and again."""


class Names(Protocol):
    """The names of one kind."""

    def read(self, asked: Asked) -> list[Mention]:
        """The mentions of these names in a question."""
        ...


class Gazetteer:
    """The names of the corpus as one scope sees them at one generation, recognised in a question.

    Tolerant of typing errors, case, missing accents and word order. Safe to share between threads.

    Attributes:
        seen: the lists that the names stand in.
        cards: the entries.
        documents: theirs, and those that have none.
        catalogue: their facts, by their names.
        versions: what is known of pages that stand in the corpus several times.
    """

    def __init__(self, seen: Seen, cards: Cards, documents: Sequence[StandingDocument]) -> None:
        """Put together what a scope sees: the lists, the cards of the entries, and their documents."""
        self.seen = seen
        self.cards = cards
        self.documents = documents
        self.catalogue = Catalogue(seen)
        self.versions = Versions.of(documents, cards)
        self._numbers = {document.id: document.number for document in documents}
        self._names: list[Names] = [
            People(seen), Titles(seen, ShortNames(seen)), Topics(seen), Venues(seen), Years(seen), Locations(seen),
            Teams(seen), Roles(seen), Digests(seen),
            *(Labels(seen, what) for what in (What.COMPANY, What.SKILL, What.TRACK, What.AWARD, What.TERM)),
        ]  # fmt: skip
        self._kin = lru_cache(_QUOTED)(self._kin_now)
        self._read = lru_cache(_REMEMBERED)(self._read_now)  # one question is looked at from several sides

    def kin(self, entry: int) -> Sequence[int]:
        """The entries of an entry's family that carry another key, by their ids."""
        return self._kin(entry) if entry in self.cards.related else ()

    def of_documents(self, documents: Iterable[str]) -> Ids:
        """The entries of documents, given by their ids."""
        return self.cards.of_documents(self._numbers[d] for d in documents if d in self._numbers)

    def newest(self, entry: int, among: Ids) -> int:
        """Of an entry's family, among some entries, the first that stands in the newest version of its page."""
        kin = self.cards.families(Ids([entry])) & among
        return next((i for i in kin if i not in self.versions.behind), kin.max() if kin else entry)

    def read(self, question: str) -> tuple[Mention, ...]:
        """The names that a question mentions, in the order of their spans.

        Mentions of different kinds may overlap; of one kind only names of the very same span do, and then the
        name is ambiguous.
        """
        return self._read(question)

    def _kin_now(self, entry: int) -> Sequence[int]:
        family = self.cards.of(self.cards.families(Ids([entry])))
        key = next((other.key for other in family if other.id == entry), None)
        return tuple(other.id for other in family if other.key != key)

    def _read_now(self, question: str) -> tuple[Mention, ...]:
        asked = Asked(question, self.seen.ordinary)
        if not asked.tokens:
            return ()
        mentions = [mention for names in self._names for mention in names.read(asked)]
        stretches = {(mention.what, mention.span) for mention in mentions}
        settled = [mention for mention in mentions if not _shadowed(mention, stretches)]
        return tuple(sorted(settled, key=lambda m: (m.span.start, m.span.end, m.what, m.name)))


def _shadowed(mention: Mention, stretches: Collection[tuple[What, Span]]) -> bool:
    """Whether a mention is but a piece of a longer one: a town in a person's name, a surname in a title.

    Args:
        mention: one of a question's.
        stretches: what all of them are, and where they stand.
    """
    stronger = _STRONGER.get(mention.what, ())
    foreign = mention.what is What.PLACE and not mention.entries
    if foreign and ((What.TEAM, mention.span) in stretches or (What.AUTHOR, mention.span) in stretches):
        return True
    length = mention.span.end - mention.span.start
    return any(
        what in stronger and overlap(mention.span, span) and span.end - span.start > length
        for what, span in stretches
    )
