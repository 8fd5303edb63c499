"""The search: vectors, words, sentences and facts fused, one result an entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from corpus.model import Kind, Span
    from corpus.store import Filter, Store, StoredPassage
    from embeddings.encoder import Encoder
    from embeddings.index import SearchIndex, View
    from embeddings.members import Members

    _Sentences = Mapping[int, tuple[list[Span | None], NDArray[np.float32]]]
    SentencesOf = Callable[[Sequence[int]], _Sentences]

DENSE_WEIGHT = 0.7
"""Weight of the vectors; the rest is the words'. All numbers here: tests/benchmarks/ranking.py."""

SENTENCE_WEIGHT = 0.3
"""Share of the entry's nearest sentence in the vectors' part; the rest is its nearest passage's."""

_WORDS_WEIGHT, _COSINE_WEIGHT = 1 - DENSE_WEIGHT, 1 - SENTENCE_WEIGHT

FEEDBACK = 0.3
"""How far the question is moved, at most, towards the mean of the best passages (Rocchio's relevance feedback)."""

_FEEDBACK_FROM, _FEEDBACK_TO = 0.4, 0.6
"""Mean cosine of those passages at which feedback begins, and from which it is full: bad ones mislead."""

_FEEDBACK_ENTRIES = 2

_DEPTH = 100
"""Passages that each index proposes at least."""

_PASSAGES_AN_ENTRY = 3
"""Passages that each index proposes for each entry asked for: long entries have several near ones."""

_LOOKED_INTO = 50
"""Entries whose sentences are looked at."""

_BOOSTED = 300
"""Entries that the facts propose at most, those of the highest boosts; the others gain theirs where found."""

NO_WEIGHTS: Mapping[Kind, float] = MappingProxyType({})


class Boosts(Protocol):
    """What is added to the scores of entries, by entry id."""

    def get(self, entry: int, default: float = 0.0) -> float:
        """What an entry gains."""
        ...

    def highest(self, most: int) -> Sequence[int]:
        """The entries that gain most, so many at most, in order."""
        ...


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


@dataclass(slots=True)
class _Pool:
    """The candidates of one question: passages, and what they have beside their vectors."""

    passages: dict[int, StoredPassage]
    shares: Mapping[int, float]
    weights: Mapping[Kind, float]
    boosts: Boosts | None
    behind: Container[int]
    rows: list[_Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.join(self.passages)

    def join(self, passages: dict[int, StoredPassage]) -> None:
        """Take further candidates in."""
        self.passages |= passages
        shares, weights, boosts, behind = self.shares, self.weights, self.boosts, self.behind
        self.rows += [
            (
                i,
                each.key,
                each.entry,
                each.entry not in behind,
                _WORDS_WEIGHT * shares.get(i, 0.0),
                weights.get(each.kind, 1.0),
                boosts.get(each.entry) if boosts else 0.0,
            )
            for i, each in passages.items()
        ]

    def ranked(
        self, rows: Iterable[_Row], cosines: Mapping[int, float], near: Mapping[int, Sequence[float]]
    ) -> list[_Ranked]:
        """The best passages of the entries, best first; the cosines of an entry's sentences count too."""
        nearest = {entry: max(sentences) for entry, sentences in near.items()}
        ranked: list[_Ranked] = []
        for i, _, entry, _, words, weight, boost in rows:
            cosine = cosines[i]
            sentence = nearest.get(entry)
            meant = cosine if sentence is None else _COSINE_WEIGHT * cosine + SENTENCE_WEIGHT * sentence
            ranked.append((-((DENSE_WEIGHT * meant + words) * weight + boost), i, cosine))
        ranked.sort()
        return ranked

    def best_of_each(self, cosines: Mapping[int, float]) -> Iterable[_Row]:
        """The best passage of each key; plain loops, for they go through every candidate of every question."""
        best: dict[str, tuple[bool, float, int]] = {}
        rows: dict[str, _Row] = {}
        for row in self.rows:
            i, key, _, front, words, _, _ = row
            found = (front, DENSE_WEIGHT * cosines[i] + words, -i)
            if key not in best or found > best[key]:
                best[key] = found
                rows[key] = row
        return rows.values()

    def hit(
        self,
        ranked: _Ranked,
        cosines: Mapping[int, float],
        sentences: _Sentences,
        near: Mapping[int, Sequence[float]],
    ) -> Hit:
        """A hit with the cosines of passage and sentences to the question as it was asked."""
        score, i, _ = ranked
        passage = self.passages[i]
        entry = passage.entry
        said = tuple(zip(sentences[entry][0], near[entry], strict=True)) if entry in near else ()
        return Hit(passage, -score, cosines[i], self.shares.get(i, 0.0), said)


_Row = tuple[int, str, int, bool, float, float, float]
"""A candidate: a passage's id, its entry's key and id, whether that stands before others of its key, what words
bring, what its score is multiplied with, and what is added to it."""

_Ranked = tuple[float, int, float]
"""A passage found: its score, negative so that the best sorts first, its id, and its cosine."""


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
    with its exact cosine. The sentences of the best entries then make up half of the cosine's part, and the
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
        cosines = view.dense.cosines(vector, [*{*near, *shares, *named}])
        pool = _Pool(store.passages(list(cosines)), shares, weights, boosts, behind)
        best = pool.best_of_each(cosines)
        first = pool.ranked(best, cosines, {})[:_LOOKED_INTO]
        entries = [pool.passages[i].entry for _, i, _ in first]
        sentences = sources.sentences_of(entries)
        said = _cosines_of(sentences, vector)
        ranked = pool.ranked(best, cosines, said)
        moved = _moved(view, vector, ranked)
        if moved is not None:
            new = [i for i in _nearest(view, moved, depth, members) if i not in cosines]
            pool.join(store.passages(new))
            cosines |= view.dense.cosines(vector, new)
            again = view.dense.cosines(moved, list(pool.passages))
            ranked = pool.ranked(pool.best_of_each(again), again, _cosines_of(sentences, moved))
        return [pool.hit(each, cosines, sentences, said) for each in ranked[:limit]]


def _cosines_of(sentences: _Sentences, vector: NDArray[np.float32]) -> dict[int, list[float]]:
    """The cosines of each entry's sentences, which are looked at by themselves: alike ones have the same."""
    return {entry: (rows @ vector).tolist() for entry, (spans, rows) in sentences.items() if spans}


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


def _moved(view: View, vector: NDArray[np.float32], ranked: Sequence[_Ranked]) -> NDArray[np.float32] | None:
    """The question's vector moved towards the best passages; None where they are too far to be believed."""
    best = ranked[:_FEEDBACK_ENTRIES]
    near = sum(cosine for *_, cosine in best) / len(best) if best else 0.0
    share = FEEDBACK * min(1.0, (near - _FEEDBACK_FROM) / (_FEEDBACK_TO - _FEEDBACK_FROM))
    if share <= 0:
        return None
    mean = view.dense.vectors([i for _, i, _ in best]).mean(axis=0)
    moved: NDArray[np.float32] = (1 - share) * vector + share * mean / np.linalg.norm(mean)
    moved /= np.linalg.norm(moved)
    return moved
