"""The search: dense and lexical candidates fused, one result an entry."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.model import Kind
    from corpus.store import Filter, Store, StoredPassage
    from embeddings.encoder import Encoder
    from embeddings.index import SearchIndex

DENSE_WEIGHT = 0.7
"""Weight of the cosine; the rest goes to the lexical score over the question's best lexical score.

Measured over nine public collections: at or near the best on each, where reciprocal rank fusion falls behind.
"""

_DEPTH = 100
"""Passages that each index proposes at least."""

_PASSAGES_AN_ENTRY = 3
"""Passages that each index proposes for each entry asked for: long entries have several near ones."""


NO_WEIGHTS: Mapping[Kind, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found: its best passage and how it scored.

    ``score`` fuses the two: ``cosine`` between question and passage, and ``lexical``, the BM25 score as a share
    of the question's best one (0 where the words did not bring the passage up).
    """

    passage: StoredPassage
    score: float
    cosine: float
    lexical: float


def search(
    question: str,
    allowed: Filter,
    limit: int,
    *,
    store: Store,
    index: SearchIndex,
    encoder: Encoder,
    weights: Mapping[Kind, float] = NO_WEIGHTS,
) -> list[Hit]:
    """Find the entries that best fit a question.

    Candidates of both indexes are scored by ``DENSE_WEIGHT`` x cosine + the rest x lexical share, with the exact
    cosine for those that only the words brought up. Entries with the same key are one result.

    Args:
        question: what is searched for.
        allowed: which entries may be seen; applied within both indexes.
        limit: results at most.
        store: where the passages lie.
        index: brought forward to the store.
        encoder: the model of the index's vectors.
        weights: what the scores of a kind of entry are multiplied with; 1 where a kind is not named.

    Returns:
        Hits, best first.
    """
    members = store.allowed_passages(allowed)
    depth = max(_DEPTH, _PASSAGES_AN_ENTRY * limit)
    vector = encoder.encode([question], "question")[0]
    cosines, lexical = index.candidates(question, vector, depth, members)
    top = max(lexical.values(), default=0.0)
    shares = {i: lexical[i] / top if i in lexical and top > 0 else 0.0 for i in cosines}
    fused = {i: DENSE_WEIGHT * cosines[i] + (1 - DENSE_WEIGHT) * shares[i] for i in cosines}
    passages = store.passages(list(fused))  # without those that were removed since the index was brought forward
    scores = {i: fused[i] * weights.get(passage.kind, 1.0) for i, passage in passages.items()}
    hits: dict[str, Hit] = {}
    for i in sorted(scores, key=lambda i: (-scores[i], i)):
        passage = passages[i]
        if passage.key not in hits:
            hits[passage.key] = Hit(passage, scores[i], cosines[i], shares[i])
            if len(hits) == limit:
                break
    return list(hits.values())
