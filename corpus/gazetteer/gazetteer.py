"""The gazetteer: all the names of the corpus, and the reading of a question against them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from corpus.gazetteer.catalogue import Catalogue
from corpus.gazetteer.dates import Dates
from corpus.gazetteer.model import Card, Mention, What, overlap
from corpus.gazetteer.vocabulary import Asked, Ordinary
from corpus.kin import kin_of
from corpus.versions import NO_VERSIONS, Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpus.store import StoredEntry


_STRONGER = {
    What.PLACE: (What.AUTHOR, What.TITLE),
    What.AUTHOR: (What.TITLE, What.PLACE),
    What.TOPIC: (What.TEAM,),
}
"""Of which kinds a longer mention takes the place of a shorter one within it."""


_REMEMBERED = 64
"""Questions whose mentions are remembered."""


class Names(Protocol):
    """The names of one kind."""

    def read(self, asked: Asked) -> list[Mention]:
        """The mentions of these names in a question."""
        ...


class Gazetteer:
    """The names of the corpus at one generation, recognised in a question.

    Tolerant of typing errors, case, missing accents and word order. Built anew when the corpus changes; safe to
    share between threads once it is built. ``cards`` are the entries that it was built from, by id;
    ``catalogue`` are their facts, ``versions`` what is known of pages that stand in the corpus several times.
    """

    def __init__(
        self,
        names: Sequence[Names],
        ordinary: Ordinary,
        cards: Iterable[Card],
        catalogue: Catalogue,
        versions: Versions,
    ) -> None:
        self.catalogue = catalogue
        self.versions = versions
        self.cards = {card.id: card for card in cards}
        self._twins: dict[str, list[int]] = {}
        self._families: dict[str, list[int]] = {}
        for card in self.cards.values():
            self._twins.setdefault(card.key, []).append(card.id)
            self._families.setdefault(card.family, []).append(card.id)
        self._names = names
        self._ordinary = ordinary
        self._read = lru_cache(_REMEMBERED)(self._read_now)  # one question is looked at from several sides

    @classmethod
    def build(
        cls,
        entries: Sequence[StoredEntry],
        text_of: Callable[[StoredEntry], str],
        versions: Versions = NO_VERSIONS,
    ) -> Gazetteer:
        """Gather the names of a corpus.

        Args:
            entries: all entries that questions may be answered from.
            text_of: an entry's text, as stored.
            versions: of the documents that they stand in.
        """
        from corpus.gazetteer.digests import Digests
        from corpus.gazetteer.locations import Locations
        from corpus.gazetteer.people import People
        from corpus.gazetteer.roles import Roles
        from corpus.gazetteer.teams import Teams
        from corpus.gazetteer.titles import Titles
        from corpus.gazetteer.topics import Topics
        from corpus.gazetteer.venues import Venues, Years

        texts = {entry.id: text_of(entry) for entry in entries}
        ordinary = Ordinary(texts.values())
        names: list[Names] = [
            People(entries), Titles(entries, texts, ordinary), Topics(entries, texts), Venues(entries),
            Years(entries, texts), Locations(entries, texts), Teams(entries), Roles(entries),
            Digests(entries, ordinary),
        ]  # fmt: skip
        kin = kin_of(entries, texts)
        keys = {each.id: each.key for each in entries}
        cards = [_card(each, keys[kin.get(each.id, each.id)]) for each in entries]
        return cls(names, ordinary, cards, Catalogue(entries), versions)

    def twins(self, key: str) -> Sequence[int]:
        """The entries that carry a key, by their ids."""
        return self._twins.get(key, ())

    def kin(self, entry: int) -> Sequence[int]:
        """The entries of an entry's family that carry another key, by their ids."""
        card = self.cards.get(entry)
        family = self._families[card.family] if card else ()
        return [i for i in family if card and self.cards[i].key != card.key]

    def read(self, question: str) -> tuple[Mention, ...]:
        """The names that a question mentions, in the order of their spans.

        Mentions of different kinds may overlap; of one kind only names of the very same span do, and then the
        name is ambiguous.
        """
        return self._read(question)

    def _read_now(self, question: str) -> tuple[Mention, ...]:
        asked = Asked(question, self._ordinary)
        if not asked.tokens:
            return ()
        mentions = [mention for names in self._names for mention in names.read(asked)]
        settled = [mention for mention in mentions if not _shadowed(mention, mentions)]
        return tuple(sorted(settled, key=lambda m: (m.span.start, m.span.end, m.what, m.name)))


def _card(stored: StoredEntry, family: str) -> Card:
    entry = stored.entry
    return Card(
        stored.id, stored.key, family, entry.kind, stored.document, stored.digest, entry.title, Dates.of(stored)
    )


def _shadowed(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether a mention is but a piece of a longer one: a town in a person's name, a surname in a title."""
    stronger = _STRONGER.get(mention.what, ())
    foreign = mention.what is What.PLACE and not mention.entries
    if foreign and any(
        other.what in {What.TEAM, What.AUTHOR} and other.span == mention.span for other in mentions
    ):
        return True
    length = mention.span.end - mention.span.start
    return any(
        other.what in stronger and overlap(mention.span, other.span) and other.span.end - other.span.start > length
        for other in mentions
    )
