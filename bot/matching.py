"""Matching: which of the new entries a standing query would have been answered with."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.understanding.question import check
from corpus.store import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.answer import Answer, Citation
    from bot.responder import Responder
    from bot.state.news import Looked
    from corpus.model import Kind
    from embeddings.library import Library

_JUDGED = 20
"""Entries that are judged one by one for a query at a time; those that its names select are not among them."""

_NEAR = 0.7
_COVERED = 0.3
"""What an entry has to have of the score of the whole corpus's best, and of the query's words by their rarity.

Of 68 questions over five pages, taken as queries, 88 % of the entries that answer them pass, and 79 % of what
passes answers them; with the confidence alone 98 % and 34 %: it judges whether a corpus answers at all.
"""

_NEW = re.compile(
    r"\b(?:new|newest|latest|recent)\s+(?=(?:papers?|jobs?|openings?|positions?|internships?|articles?|posts?)\b)",
    re.IGNORECASE,
)
"""What goes without saying in a standing query."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the corpus: ``stamp`` tells its generation from another store's, ``entry`` is the last id."""

    generation: int
    stamp: str
    entry: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry that was written: its id, its key, and the one server that sees it, None for everyone.

    ``page`` tells its page, as it was read, from every other.
    """

    entry: int
    key: str
    scope: int | None
    page: str


class Matching:
    """Looks for standing queries in what has come in. Its methods block; safe to share between threads."""

    def __init__(self, library: Library, responder: Responder, prepare: Callable[[], None]) -> None:
        """Match over a library; ``prepare`` makes sure that its vectors are those of the model."""
        self._library = library
        self._responder = responder
        self._prepare = prepare

    def now(self) -> Moment:
        """The state of the corpus; quick."""
        store = self._library.store
        with store.snapshot():
            generation = store.generation
            return Moment(generation, store.stamp(generation) or "", store.last_entry())

    def is_of_here(self, moment: Moment | Looked) -> bool:
        """Whether a moment is one of this store's, and not of one that stood in its place or was put back."""
        return (self._library.store.stamp(moment.generation) or "") == moment.stamp

    def arrivals(self, after: int, most: int) -> list[Arrival]:
        """The entries written after one, in their order, so many at most."""
        return [Arrival(*row) for row in self._library.store.entries_after(after, most)]

    def matches(self, query: str, scope: int | None, entries: Collection[int]) -> list[int]:
        """Those of the entries that match a query, in page order.

        An entry matches that the names in the query select, where it says nothing else; or else with which alone
        the query would have been answered, by the same confidence as any question, and that comes near to the
        best that the corpus has for it.

        Args:
            query: as it was typed.
            scope: the server whose pages are seen beside the common ones.
            entries: ids; those that are gone match nothing.

        Raises:
            QuestionError: the query is none.
            DigestbotError: the corpus or the model cannot be used.
        """
        asked = check(_NEW.sub("", query))
        self._prepare()
        allowed = Filter(scope, entries=frozenset(entries))
        selected = self._responder.selected(asked, allowed)
        if selected:
            return sorted(selected)
        near = self._answer(asked, allowed, _JUDGED).citations
        if not near:
            return []
        best = self._answer(asked, Filter(scope), 1)
        bar = _NEAR * max((citation.score for citation in (*best.citations, *best.nearest)), default=0.0)
        close = [citation.entry_id for citation in near if citation.score >= bar]
        return sorted(entry for entry in close if self._suffices(asked, scope, entry))

    def citations(
        self, query: str, scope: int | None, keys: Sequence[str], most: int, kinds: frozenset[Kind] | None = None
    ) -> tuple[list[Citation], int]:
        """The first entries of some keys, cited for a query, and how many of the keys still stand in the corpus.

        Args:
            query: as it was typed.
            scope: the server whose pages are seen beside the common ones.
            keys: of entries.
            most: entries that are cited.
            kinds: of the entries that count; None for all.

        Raises:
            DigestbotError: the corpus or the model cannot be used.
        """
        asked = check(_NEW.sub("", query))
        self._prepare()
        standing = self._library.store.entries_by_key(list(keys), Filter(scope, kinds))
        first = [standing[key][0].id for key in dict.fromkeys(keys) if key in standing]
        chosen = first[:most]
        if not chosen:
            return [], 0
        answer = self._answer(asked, Filter(scope, entries=frozenset(chosen)), len(chosen))
        cited = {citation.entry_id: citation for citation in (*answer.citations, *answer.nearest)}
        for entry in chosen:
            if entry not in cited:
                alone = self._alone(asked, scope, entry)
                cited.update((each.entry_id, each) for each in (*alone.citations, *alone.nearest))
        shown = [cited[entry] for entry in chosen if entry in cited]
        return [replace(citation, rank=rank) for rank, citation in enumerate(shown, 1)], len(first)

    def _suffices(self, asked: str, scope: int | None, entry: int) -> bool:
        alone = self._alone(asked, scope, entry)
        return alone.answered and alone.signals["covered"] >= _COVERED

    def _alone(self, asked: str, scope: int | None, entry: int) -> Answer:
        return self._answer(asked, Filter(scope, entries=frozenset({entry})), 1)

    def _answer(self, asked: str, allowed: Filter, top: int) -> Answer:
        return self._responder.answer(asked, (), allowed, top)
