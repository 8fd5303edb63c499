"""Flat: all rows are looked at, by their exact vectors; for few rows, and without FAISS, which takes 13 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embeddings.rows import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embeddings.rows import Rows


class Flat:
    """Rows' unit vectors in memory, by their positions. Safe to share between threads: they do not change."""

    exact = True
    """Whether its cosines are the rows' own."""

    def __init__(self, rows: Rows) -> None:
        self.matrix = np.empty((len(rows), rows.dimensions), np.float32)
        for batch in rows.batches():
            self.matrix[batch] = unit(rows.half(batch))

    def __len__(self) -> int:
        return len(self.matrix)

    def propose(
        self, vector: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None, share: float = 1.0
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The positions of the nearest rows to a unit vector, and their cosines, in no order.

        Args:
            vector: of shape (dimensions,).
            limit: positions that are wanted; where the last of them are equally near, there are more.
            allowed: by position whether it may be proposed.
            share: of the positions, those allowed; makes no difference here.
        """
        # Not by BLAS: it would take all processors, and one question is not worth several.
        scores: NDArray[np.float32] = np.einsum("ij,j->i", self.matrix, vector)
        positions = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
        scores = scores[positions]
        if limit < len(scores):
            best = scores >= np.partition(scores, -limit)[-limit]
            positions, scores = positions[best], scores[best]
        return positions, scores
