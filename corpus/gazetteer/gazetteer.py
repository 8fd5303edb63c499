"""The gazetteer: all the names that a scope sees, and the reading of a question against them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from corpus.gazetteer.catalogue import Catalogue
from corpus.gazetteer.digests import Digests
from corpus.gazetteer.locations import Locations
from corpus.gazetteer.model import Ids, Mention, What, overlap
from corpus.gazetteer.people import People
from corpus.gazetteer.roles import Roles
from corpus.gazetteer.shortnames import ShortNames
from corpus.gazetteer.teams import Teams
from corpus.gazetteer.titles import Titles
from corpus.gazetteer.topics import Topics
from corpus.gazetteer.venues import Venues, Years
from corpus.gazetteer.vocabulary import Asked
from corpus.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from corpus.gazetteer.cards import Cards
    from corpus.gazetteer.seen import Seen
    from corpus.model import Span
    from corpus.store import StandingDocument


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
