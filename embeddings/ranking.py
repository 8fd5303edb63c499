"""The search: vectors, words, sentences and facts fused, one result an entry."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embeddings.filters import kind_code

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from numpy.typing import NDArray

    from corpus.model import Kind, Span
    from corpus.store import Filter, Store, StoredEntry, StoredPassage
    from embeddings.encoder import Encoder
    from embeddings.filters import Columns, Members
    from embeddings.index import SearchIndex, View

    _Sentences = Mapping[int, tuple[list[Span | None], NDArray[np.float32]]]
    _Said = Mapping[int, NDArray[np.float32]]
    SentencesOf = Callable[[Sequence[int]], _Sentences]


DENSE_WEIGHT = 0.7
"""Weight of the vectors; the rest is the words'. The weights: tests/benchmarks/ranking.py."""

SENTENCE_WEIGHT = 0.3
"""Share of the entry's nearest sentence in the vectors' part; the rest is its nearest passage's."""


class Boosts(Protocol):
    """What is added to the scores of entries, by entry id."""

    def get(self, entry: int, default: float = 0.0) -> float:
        """What an entry gains."""
        ...

    def highest(self, most: int) -> Sequence[int]:
        """The entries that gain most, so many at most, in order."""
        ...


class Candidates:
    """Passages of one question, and what they have beside their vectors: n of them, in columns of shape (n,).

    Attributes:
        ids: of the passages.
        entries: ids of theirs.
    """

    def __init__(
        self,
        columns: Columns,
        shares: Mapping[int, float],
        weights: Mapping[Kind, float],
        boosts: Boosts | None,
        behind: Container[int],
    ) -> None:
        """Take what the index knows of them, and what the question brings.

        Args:
            columns: theirs.
            shares: of the words, by passage.
            weights: what the scores of a kind are multiplied with; 1 where a kind is not named.
            boosts: what is added to the scores of entries.
            behind: entries that stand behind others of the same key, whatever their scores.
        """
        self.ids, self.entries = columns.ids, columns.entries
        self._keys = columns.keys
        self._words = (1 - DENSE_WEIGHT) * np.array([shares.get(i, 0.0) for i in self.ids.tolist()])
        self._weights = np.ones(len(self.ids))
        for kind, weight in weights.items():
            self._weights[columns.kinds == kind_code(kind)] = weight
        entries = self.entries.tolist()
        self._boosts = np.array([boosts.get(entry) for entry in entries]) if boosts else np.zeros(len(entries))
        self._behind = np.array([entry in behind for entry in entries], dtype=np.bool_)

    def best_of_each(self, cosines: NDArray[np.float32]) -> NDArray[np.int64]:
        """The places of the best passages of each key."""
        order = np.lexsort((self.ids, -(DENSE_WEIGHT * cosines.astype(np.float64) + self._words), self._behind))
        return order[np.unique(self._keys[order], return_index=True)[1]]

    def ranked(
        self,
        places: NDArray[np.int64],
        cosines: NDArray[np.float32],
        near: Mapping[int, NDArray[np.float32]],
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Some places with their scores, best first; the cosines of an entry's sentences count too.

        Args:
            places: of the passages that are ranked.
            cosines: of all passages.
            near: the cosines of sentences, by entry.
        """
        meant = cosines[places].astype(np.float64)
        if near:
            entries = self.entries[places].tolist()
            told = [float(near[entry].max()) if entry in near else np.nan for entry in entries]
            said = np.array(told)
            both = (1 - SENTENCE_WEIGHT) * meant + SENTENCE_WEIGHT * said
            meant = np.where(np.isnan(said), meant, both)
        scores = (DENSE_WEIGHT * meant + self._words[places]) * self._weights[places] + self._boosts[places]
        order = np.lexsort((self.ids[places], -scores))
        return places[order], scores[order]


FEEDBACK = 0.3
"""How far the question is moved, at most, towards the mean of the best passages (Rocchio's relevance feedback)."""

_FEEDBACK_FROM, _FEEDBACK_TO = 0.4, 0.6
"""Mean cosine of those passages at which feedback begins, and from which it is full: bad ones mislead."""

_FEEDBACK_ENTRIES = 2

_DEPTH = 100
"""Passages that each index proposes at least."""

_PASSAGES_AN_ENTRY = 3
"""Passages that each index proposes for each entry asked for: long entries have several near ones."""

_LOOKED_INTO = 25
"""Entries whose sentences are looked at; twice as many find nothing more, and those behind are seldom shown."""

_BOOSTED = 300
"""Entries that the facts propose at most, those of the highest boosts; the others gain theirs where found."""

NO_WEIGHTS: Mapping[Kind, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found: its best passage and how it scored.

    ``score`` fuses ``cosine`` (between question and passage), the best of ``sentences`` and ``lexical`` (the BM25
    score as a share of what the question could have at best, between that of the best passage and that of a
    passage full of its words), and adds what the facts bring. ``sentences`` are the entry's, with their cosines
    to the question; the span of its title is None.
    """

    passage: StoredPassage
    score: float
    cosine: float
    lexical: float
    sentences: tuple[tuple[Span | None, float], ...] = ()

    @property
    def sentence(self) -> float:
        """The cosine of the nearest sentence; the passage's where there is none."""
        return max((cosine for _, cosine in self.sentences), default=self.cosine)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a search looks into.

    Attributes:
        store: where the passages lie.
        index: brought forward to the store.
        encoder: the model of the index's vectors.
        sentences_of: for entries the spans and unit vectors of their sentences.
    """

    store: Store
    index: SearchIndex
    encoder: Encoder
    sentences_of: SentencesOf


def search(
    question: str,
    allowed: Filter,
    limit: int,
    sources: Sources,
    *,
    weights: Mapping[Kind, float] = NO_WEIGHTS,
    boosts: Boosts | None = None,
    behind: Container[int] = frozenset(),
) -> list[Hit]:
    """Find the entries that best fit a question.

    Both indexes propose passages; those are scored by ``DENSE_WEIGHT`` x cosine + the rest x lexical share, each
    with its exact cosine. The nearest sentences of the best entries then count in the cosine's part, and the
    question is moved towards the best passages (pseudo-relevance feedback, after Rocchio) and asked again.
    Entries with the same key are one result.

    Args:
        question: what is searched for.
        allowed: which entries may be seen; applied within both indexes.
        limit: results at most.
        sources: what is looked into.
        weights: what the scores of a kind of entry are multiplied with; 1 where a kind is not named.
        boosts: what is added to the scores of entries; the highest are always among the candidates.
        behind: ids of entries that stand behind others of the same key, whatever their scores.

    Returns:
        Hits, best first.
    """
    store, index = sources.store, sources.index
    vector = sources.encoder.encode([question], "question")[0]
    depth = max(_DEPTH, _PASSAGES_AN_ENTRY * limit)
    with index.view() as view:
        if view is None:
            return []
        members = view.members(store, allowed)
        shares = _shares(view, question, depth, members)
        near = _nearest(view, vector, depth, members)
        named = _named(store, boosts, members)
        at = view.dense.standing([*{*near, *shares, *named}])
        found = Candidates(view.dense.columns.at(at), shares, weights, boosts, behind)
        rows = view.dense.units(at)
        cosines = _cosines(rows, vector)
        best = found.best_of_each(cosines)
        first, _ = found.ranked(best, cosines, {})
        sentences = sources.sentences_of(found.entries[first[:_LOOKED_INTO]].tolist())
        said = _cosines_of(sentences, vector)
        places, scores = found.ranked(best, cosines, said)
        moved = _moved(vector, rows[places[:_FEEDBACK_ENTRIES]])
        if moved is not None:
            at = np.union1d(at, view.dense.standing(_nearest(view, moved, depth, members)))
            found = Candidates(view.dense.columns.at(at), shares, weights, boosts, behind)
            rows = view.dense.units(at)
            again = _cosines(rows, moved)
            places, scores = found.ranked(found.best_of_each(again), again, _cosines_of(sentences, moved))
            cosines = _cosines(rows, vector)
        return _hits(found, places[:limit], scores, cosines, shares, sentences, said, store)


def _hits(
    found: Candidates,
    places: NDArray[np.int64],
    scores: NDArray[np.float64],
    cosines: NDArray[np.float32],
    shares: Mapping[int, float],
    sentences: _Sentences,
    said: _Said,
    store: Store,
) -> list[Hit]:
    """The places that were ranked as hits, with their cosines to the question as it was asked."""
    ids = found.ids[places].tolist()
    passages = store.passages(ids)
    hits: list[Hit] = []
    for i, score, cosine in zip(ids, scores.tolist(), cosines[places].tolist(), strict=False):
        if i in passages:  # else it was removed since
            entry = passages[i].entry
            spans = zip(sentences[entry][0], said[entry].tolist(), strict=True) if entry in said else ()
            hits.append(Hit(passages[i], score, cosine, shares.get(i, 0.0), tuple(spans)))
    return hits


def _cosines(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosines of unit vectors to one; alike ones have the very same, as they need not by a matrix product."""
    found: NDArray[np.float32] = np.einsum("ij,j->i", rows, vector)
    return found


def _cosines_of(sentences: _Sentences, vector: NDArray[np.float32]) -> dict[int, NDArray[np.float32]]:
    """The cosines of each entry's sentences, which are looked at by themselves: alike ones have the same."""
    return {entry: rows @ vector for entry, (spans, rows) in sentences.items() if spans}


def _nearest(view: View, vector: NDArray[np.float32], depth: int, members: Members | None) -> list[int]:
    return list(view.dense.search(vector, depth, members))


def _shares(view: View, question: str, depth: int, members: Members | None) -> dict[int, float]:
    """BM25 scores over the geometric mean of the best and of the best possible one.

    Over the best alone, a passage that shares one everyday word with a question that nothing else shares a word
    with would have all of the share; over the best possible alone, long questions would have next to none.
    """
    scores, full = view.lexical.search(question, depth, members)
    best = max(scores.values(), default=0.0)
    return {i: score / sqrt(best * max(best, full)) for i, score in scores.items()} if best > 0 else {}


def _named(store: Store, boosts: Boosts | None, members: Members | None) -> set[int]:
    most = boosts.highest(_BOOSTED) if boosts else ()
    named = store.passages_of(most) if most else []
    return set(named if members is None else members.holding(named))


def _moved(vector: NDArray[np.float32], best: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The question's vector moved towards those of the best passages; None where they are too far away."""
    near = float((best @ vector).mean()) if len(best) else 0.0
    share = FEEDBACK * min(1.0, (near - _FEEDBACK_FROM) / (_FEEDBACK_TO - _FEEDBACK_FROM))
    if share <= 0:
        return None
    mean = best.mean(axis=0)
    moved: NDArray[np.float32] = (1 - share) * vector + share * mean / np.linalg.norm(mean)
    moved /= np.linalg.norm(moved)
    return moved


def like(
    entry: StoredEntry, allowed: Filter, limit: int, sources: Sources, weights: Mapping[Kind, float]
) -> list[Hit]:
    """Find the entries most like another one: the cosine of their best passage to the mean of its passages.

    Args:
        entry: the one that others should be like.
        allowed: which entries may be seen; applied within the index.
        limit: results at most.
        sources: what is looked into.
        weights: what the cosines of a kind of entry are multiplied with; 1 where a kind is not named.

    Returns:
        Hits, best first, one a key, without the entry itself and those of its key. Their cosines, those of their
        sentences among them, are to the mean.
    """
    store = sources.store
    with sources.index.view() as view:
        own = store.passages_of([entry.id]) if view else []
        if view is None or len(at := view.dense.standing(own)) < max(1, len(own)):
            return []
        mean = view.dense.units(at).mean(axis=0)
        mean /= np.linalg.norm(mean)
        depth = max(_DEPTH, _PASSAGES_AN_ENTRY * limit) + len(own)
        near = view.dense.search(mean, depth, view.members(store, allowed))
    passages = store.passages(list(near))
    best: dict[str, tuple[float, StoredPassage]] = {}
    for i, cosine in near.items():
        passage = passages.get(i)
        if passage is None or passage.key == entry.key:
            continue
        score = cosine * weights.get(passage.kind, 1.0)
        if passage.key not in best or score > best[passage.key][0]:
            best[passage.key] = (score, passage)
    ranked = sorted(best.values(), key=lambda each: (-each[0], each[1].id))[:limit]
    sentences = sources.sentences_of([passage.entry for _, passage in ranked])
    hits: list[Hit] = []
    for score, passage in ranked:
        spans, vectors = sentences.get(passage.entry, ((), None))
        cosines = (vectors @ mean).tolist() if vectors is not None else []
        hits.append(Hit(passage, score, near[passage.id], 0.0, tuple(zip(spans, cosines, strict=True))))
    return hits
