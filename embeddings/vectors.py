"""The vectors of passages as the store holds them: half precision in, unit length and single precision out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from corpus.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpus.store import Store


DAMAGED: Final = "the store holds damaged vectors: move the data folder away and ingest again"

_HALF: Final = np.dtype(np.float16)

_TOLERANCE = 0.01
"""How far a stored vector's length may be from 1; half precision alone stays far below."""


def unit_rows(stored: Sequence[bytes]) -> NDArray[np.float32]:
    """Unit vectors of shape (n, dimensions) from n stored ones.

    Raises:
        SearchIndexError: they differ in length, or are no unit vectors.
    """
    sizes = {len(vector) for vector in stored}
    if len(sizes) != 1 or 0 in sizes or any(size % _HALF.itemsize for size in sizes):
        raise SearchIndexError(DAMAGED)
    rows = np.frombuffer(b"".join(stored), _HALF).reshape(len(stored), -1).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    if not np.allclose(lengths, 1.0, atol=_TOLERANCE):
        raise SearchIndexError(DAMAGED)
    rows /= lengths[:, None]
    return rows


class StoredVectors:
    """Reads the vectors of one model from the store, by passage. Safe to share between threads."""

    def __init__(self, store: Store, model: str) -> None:
        self._store = store
        self._model = model

    def known(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Read the unit vectors of those passages that the store has, and say which these are.

        Returns:
            Arrays of shape (passages known, dimensions) and (len(ids),).

        Raises:
            SearchIndexError: they differ in length, or are no unit vectors.
        """
        wanted = ids.tolist()
        found = self._store.indexing.vectors_of(wanted, self._model)
        known = np.fromiter((i in found for i in wanted), np.bool_, len(wanted))
        if not found:
            return np.empty((0, 0), np.float32), known
        return unit_rows([found[i] for i in wanted if i in found]), known
