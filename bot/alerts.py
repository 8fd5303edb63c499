"""Finds new entries and the subscribers to notify."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.query.parser import check
from bot.state.deliveries import EVERYONE, Checkpoint
from corpus.errors import QuestionError
from corpus.store import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bot.answer import Answer, Citation
    from bot.answering.pipeline import AnswerPipeline
    from bot.state.deliveries import Outbox
    from bot.state.subscriptions import Subscription, Subscriptions
    from corpus.model import Kind
    from embeddings.collection import Library

_JUDGED = 20
"""The most entries to judge one by one for a query; entries that its names select need no judging."""

_NEAR = 0.7
_UNKNOWN = 0.8
"""What an entry has to have of the score of the whole corpus's best, and how rare a word of the query it may lack.

The confidence judges whether a corpus answers at all, and lets through more than is news to who asked.
"""

_NEW = re.compile(
    r"\b(?:new|newest|latest|recent)\s+(?=(?:papers?|jobs?|openings?|positions?|internships?|articles?|posts?)\b)",
    re.IGNORECASE,
)
"""Words like "new" mean nothing in a standing query."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the corpus; ``stamp`` identifies the generation across stores, ``entry`` is the last id."""

    generation: int
    stamp: str
    entry: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new entry: its id, its key, the server that sees it (None: everyone), and its page's checksum."""

    entry: int
    key: str
    scope: int | None
    page: str


class Matching:
    """Matches standing queries with new entries. All methods block; safe to share between threads."""

    def __init__(self, library: Library, responder: AnswerPipeline, prepare: Callable[[], None]) -> None:
        """Match over a library; ``prepare`` embeds again what another model embedded."""
        self._library = library
        self._responder = responder
        self._prepare = prepare

    def now(self) -> Moment:
        """Return the state of the corpus; quick."""
        store = self._library.store
        with store.snapshot():
            generation = store.generation
            return Moment(generation, store.stamp(generation) or "", store.last_entry())

    def is_of_here(self, moment: Moment | Checkpoint) -> bool:
        """Return whether a moment belongs to this store, not to one that it replaced or was restored from."""
        return (self._library.store.stamp(moment.generation) or "") == moment.stamp

    def arrivals(self, after: int, most: int) -> list[Arrival]:
        """Return at most so many entries after an id, in order."""
        return [Arrival(*row) for row in self._library.store.entries_after(after, most)]

    def matches(self, query: str, scope: int | None, entries: Collection[int]) -> list[int]:
        """Return the entries that match a query, in page order.

        If the query consists of names, the entries that carry them match. Otherwise an entry matches if it alone
        would answer the query with enough confidence, and scores close to the corpus's best.

        Args:
            query: as typed.
            scope: the server whose pages count beside the common ones.
            entries: ids; deleted ones match nothing.

        Raises:
            QuestionError: the query has no words.
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
        """Cite the first ``most`` entries of some keys, and count the keys that the corpus still has.

        Args:
            query: as typed.
            scope: the server whose pages count beside the common ones.
            keys: of entries.
            most: citations at most.
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
        return alone.answered and alone.signals["unknown"] <= _UNKNOWN

    def _alone(self, asked: str, scope: int | None, entry: int) -> Answer:
        return self._answer(asked, Filter(scope, entries=frozenset({entry})), 1)

    def _answer(self, asked: str, allowed: Filter, top: int) -> Answer:
        return self._responder.answer(asked, (), allowed, top)


_AT_A_TIME = 500
"""Entries in one step; a step happens as a whole or not at all."""

_PAGE = "page:"
"""Prefix of page checksums among the known keys."""


class AlertScanner:
    """Scans the corpus for new entries, and queues them for subscriptions. Blocks; for one thread at a time."""

    def __init__(self, matching: Matching, subscriptions: Subscriptions, outbox: Outbox) -> None:
        self._matching = matching
        self._subscriptions = subscriptions
        self._outbox = outbox

    def scan(self) -> None:
        """Queue what is new since the last scan; the very first scan only notes what there is.

        Raises:
            DigestbotError: the corpus, model or state cannot be used; the next scan repeats the step.
        """
        now, looked = self._matching.now(), self._outbox.checkpoint()
        if looked and (looked.generation, looked.stamp, looked.entry) == (now.generation, now.stamp, now.entry):
            return
        anew = looked is not None and not self._matching.is_of_here(looked)
        after = looked.entry if looked and not anew else 0
        pages: set[tuple[int, str]] = set()
        while True:
            arrivals = [each for each in self._matching.arrivals(after, _AT_A_TIME) if each.entry <= now.entry]
            done = len(arrivals) < _AT_A_TIME
            fresh = self._fresh(arrivals)
            waiting = list(self._waiting(self._unread(fresh), anew=anew)) if looked else []
            reached = Checkpoint(now.generation, now.stamp, now.entry if done else arrivals[-1].entry)
            known = [(_place(each), each.key) for each in fresh]
            pages |= {(_place(each), _PAGE + each.page) for each in arrivals}
            # Pages only in the last step: the rest of a page that spans two steps must still count as new.
            self._outbox.note(reached, [*known, *(pages if done else ())], waiting, anew=anew)
            if done:
                return
            after, anew = reached.entry, False

    def _fresh(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Return the first of each key and scope that was not known to everyone who sees it."""
        first: dict[tuple[int, str], Arrival] = {}
        for each in arrivals:
            first.setdefault((_place(each), each.key), each)
        asked = {*first, *((EVERYONE, key) for _, key in first)}
        unknown = self._outbox.unknown(sorted(asked))
        return [each for place, each in first.items() if place in unknown and (EVERYONE, each.key) in unknown]

    def _unread(self, fresh: Sequence[Arrival]) -> list[Arrival]:
        """Drop entries of known pages: a new reader version may find other entries in the same page."""
        pages = {(place, _PAGE + each.page) for each in fresh for place in (_place(each), EVERYONE)}
        known = pages - self._outbox.unknown(sorted(pages))
        return [e for e in fresh if not known & {(_place(e), _PAGE + e.page), (EVERYONE, _PAGE + e.page)}]

    def _waiting(self, fresh: Sequence[Arrival], *, anew: bool) -> Iterator[tuple[int, str]]:
        """Yield (subscription, key) for what is new to each subscription, in page order."""
        key_of = {each.entry: each.key for each in fresh}
        matched: dict[tuple[str, int | None], list[int]] = {}
        for subscription in self._subscriptions.all():
            asked = (subscription.query, subscription.server)
            if asked not in matched:
                matched[asked] = self._matched(subscription, fresh)
            since = 0 if anew else subscription.since
            yield from ((subscription.id, key_of[entry]) for entry in matched[asked] if entry > since)

    def _matched(self, subscription: Subscription, fresh: Sequence[Arrival]) -> list[int]:
        server = subscription.server
        seen = [each for each in fresh if each.scope is None or each.scope == server]
        if server is not None:  # what the server's own pages had is not new when common pages get it
            known = [(server, each.key) for each in seen if each.scope is None]
            unknown = self._outbox.unknown(known)
            seen = [each for each in seen if each.scope == server or (server, each.key) in unknown]
        if not seen:
            return []
        try:
            return self._matching.matches(subscription.query, server, [each.entry for each in seen])
        except QuestionError:  # a query of an older version that no longer parses
            return []


def _place(arrival: Arrival) -> int:
    return EVERYONE if arrival.scope is None else arrival.scope
