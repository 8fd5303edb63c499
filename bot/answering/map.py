"""The projection: the passages of a corpus as points in a plane, near ones near each other."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.store import Filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embeddings.collection import Library


MOST_POINTS = 3000
"""Passages that are drawn; of more, evenly chosen ones."""

_FEW = 8
"""Passages below which there are no neighbourhoods to keep."""


@dataclass(frozen=True, slots=True)
class Point:
    """A passage in the plane, ``x`` and ``y`` between 0 and 1."""

    passage: int
    entry: int
    kind: str
    document: str
    x: float
    y: float


class Projection:
    """The passages of one library in the plane. Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._held: dict[int | None, tuple[int, list[Point]]] = {}

    def of(self, scope: int | None) -> list[Point]:
        """The points that a scope sees, laid out once for each state of the corpus; the last scope's are kept."""
        generation = self._library.store.generation
        with self._lock:
            if self._held.get(scope, (None, []))[0] != generation:
                self._held = {scope: (generation, _points(self._library, scope))}
            return self._held[scope][1]


def _points(library: Library, scope: int | None) -> list[Point]:
    """Lay out the passages that a scope sees, by t-SNE over cosines (van der Maaten and Hinton, 2008).

    The same corpus is laid out the same way each time. Takes some seconds for thousands of passages.
    """
    store = library.store
    library.index.refresh()
    with library.index.view() as view:
        if view is None:
            return []
        members = view.members(store, Filter(scope))
        seen = view.dense.columns.ids if members is None else members.ids
        ids = seen[:: -(-len(seen) // MOST_POINTS) or 1].tolist()
        vectors = view.dense.units(view.dense.standing(ids))
    places = _unit_square(_laid_out(vectors))
    passages = store.passages(ids)
    return [
        Point(i, passages[i].entry, str(passages[i].kind), passages[i].document, round(x, 4), round(y, 4))
        for i, (x, y) in zip(ids, places.tolist(), strict=True)
        if i in passages
    ]


def _laid_out(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Places of shape (n, 2) for unit vectors of shape (n, dimensions)."""
    if len(vectors) < _FEW:
        angles = 2 * np.pi * np.arange(len(vectors)) / max(1, len(vectors))
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    from sklearn.manifold import TSNE  # comes with sentence-transformers; takes a second to load

    perplexity = min(30.0, (len(vectors) - 1) / 3)
    found: NDArray[np.float32] = TSNE(
        perplexity=perplexity, init="pca", metric="cosine", random_state=0
    ).fit_transform(vectors)
    return found


def _unit_square(places: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    square: NDArray[np.float32] = (places - low) / np.maximum(high - low, 1e-9)
    return square
