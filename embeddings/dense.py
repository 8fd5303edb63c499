"""The dense index: unit vectors by passage id in FAISS, nearest by cosine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from corpus.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

faiss.omp_set_num_threads(1)  # a flat search of this size is slower on two threads than on one


class DenseIndex:
    """Exact search by inner product over unit vectors. Not safe for use by several threads at once."""

    KIND = "flat"

    def __init__(self, index: Any) -> None:
        """Wrap a FAISS index with ids; ``empty`` and ``load`` make one."""
        self._index = index

    @classmethod
    def empty(cls, dimensions: int) -> DenseIndex:
        """Make an index without passages, for vectors of this length."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions)))

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Read an index from its file.

        Raises:
            SearchIndexError: the file is not an index.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise SearchIndexError(f"{path} is not a FAISS index") from error

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        path.write_bytes(faiss.serialize_index(self._index).data)  # FAISS tells of a full disk on stderr alone

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The passages' ids, shape (n,)."""
        return faiss.vector_to_array(self._index.id_map).astype(np.int64)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add vectors of shape (n, dimensions) under ids of shape (n,), in place of what stood under them."""
        self.remove(ids)
        self._index.add_with_ids(np.ascontiguousarray(vectors), np.ascontiguousarray(ids))

    def remove(self, ids: Sequence[int] | NDArray[np.int64]) -> None:
        """Remove what stands under the ids; unknown ones are ignored."""
        if len(self) and len(ids):
            self._index.remove_ids(np.asarray(ids, dtype=np.int64))

    def search(
        self, vector: NDArray[np.float32], limit: int, allowed: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """The nearest passages to a unit vector of shape (dimensions,), their cosines by id, nearest first."""
        if not len(self) or (allowed is not None and not len(allowed)):
            return {}
        parameters: Any = None
        if allowed is not None:
            parameters = faiss.SearchParameters()
            parameters.sel = faiss.IDSelectorBatch(allowed)
        scores, ids = self._index.search(vector[None, :], min(limit, len(self)), params=parameters)
        return {int(i): float(s) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0}

    def holds(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> bool:
        """Whether vectors of shape (n, dimensions) are what stands under the n ids, all of which it has."""
        if not ids:
            return True
        rows = self.vectors(ids)
        return rows.shape == vectors.shape and bool(np.allclose(rows, vectors, atol=1e-4))

    def vectors(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of certain passages, shape (len(ids), dimensions)."""
        rows: NDArray[np.float32] = self._index.reconstruct_batch(np.asarray(ids, dtype=np.int64))
        return rows

    def cosines(self, vector: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """The cosines of certain passages to a unit vector, by id."""
        if not ids:
            return {}
        rows = self.vectors(ids)
        return {i: float(score) for i, score in zip(ids, rows @ vector, strict=True)}
