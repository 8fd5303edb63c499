"""Likeness: the entries whose vectors lie nearest to those of one entry, without a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embeddings.search import Hit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.model import Kind
    from corpus.store import Filter, StoredEntry, StoredPassage
    from embeddings.search import Sources

_DEPTH = 100
_PASSAGES_AN_ENTRY = 3
"""Passages that are looked at, at least, and for each entry asked for: long entries have several near ones."""


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
