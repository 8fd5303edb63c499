"""The dense index: passages' vectors in FAISS, nearest by cosine."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from corpus.errors import SearchIndexError
from embeddings.filters import Columns
from embeddings.vectors import DAMAGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.filters import Members
    from embeddings.vectors import StoredVectors


FLAT, LISTS = "flat", "IVF, RaBitQ"
"""The kinds. RaBitQ's codes (Gao and others, 2025) take two bits a number, a sixteenth of the flat index."""

FLAT_UP_TO = 20_000
"""Passages up to which all are compared exactly; 1.5 kB each, and a fifth of a microsecond a question."""

INDEX, COLUMNS = "vectors.faiss", "passages.npz"

_GROWTH = 2
"""How many times the passages that the lists were made for there may be before they are made anew."""

_TRAINED_ON, _ROUNDS = 40, 8
"""Passages a list that the lists are made from, and rounds of k-means."""

_PROPOSED = 2
"""Passages that are rescored for each that is wanted: those that their codes misjudge come in all the same."""

_PROBES, _PROBES_SHARE = 64, 1 / 8
"""Lists that are looked into, and their share, at least. Real vectors are harder than invented ones: of SciFact's
5,183, in 71 lists, a quarter of the lists finds .95 of the ten nearest, half .99."""

_SEEN = 10
"""Passages looked at, at least, for each that is rescored."""

_WIDER = 0.25
"""The power of a filter's share by which more lists are looked into: what it lets through lies farther away."""

_BATCH = 2048

_faiss: Any = faiss
"""FAISS without its types, which lack what is added in Python."""


class DenseIndex:
    """Search by cosine over the passages of one model. Safe to share between threads: it does not change.

    FAISS proposes passages within the filter, and their exact vectors say which are the nearest. The flat index
    has those itself; for the other kind they are read from the store.
    """

    def __init__(self, index: Any, columns: Columns, vectors: StoredVectors) -> None:
        """Take a FAISS index by passage id, and the same passages' columns, their ids rising."""
        self._index = index
        self._vectors = vectors
        self.columns = columns

    @classmethod
    def build(cls, columns: Columns, vectors: StoredVectors) -> DenseIndex | None:
        """Index passages by the kind that fits their number; None if the store has none of them.

        Raises:
            SearchIndexError: the store's vectors cannot be used.
        """
        batches = (columns.ids[at : at + _BATCH] for at in range(0, len(columns.ids), _BATCH))
        dimensions = next((rows.shape[1] for rows in (vectors.known(ids)[0] for ids in batches) if len(rows)), 0)
        if not dimensions:
            return None
        with _all_processors():
            index = _trained(columns.ids, vectors, dimensions)
            known = _add(index, columns.ids, vectors)
        return cls(index, columns.at(known), vectors)

    @classmethod
    def load(cls, folder: Path, vectors: StoredVectors) -> DenseIndex:
        """Open the index in a folder.

        Raises:
            SearchIndexError: it is not what was written.
            OSError: it cannot be read.
        """
        try:
            with np.load(folder / COLUMNS) as found:
                columns = Columns(*(found[field.name] for field in fields(Columns)))
            index = faiss.read_index(str(folder / INDEX))
        except (ValueError, KeyError, RuntimeError, zipfile.BadZipFile) as error:
            raise SearchIndexError(f"{folder}: the index is damaged") from error
        if index.ntotal != len(columns.ids):
            raise SearchIndexError(f"{folder}: the index is damaged")
        return cls(index, columns, vectors)

    def save(self, folder: Path) -> None:
        """Write the index to a folder.

        Raises:
            OSError: it cannot be written.
        """
        _write(self._index, folder / INDEX)
        written = io.BytesIO()
        np.savez(written, **{field.name: getattr(self.columns, field.name) for field in fields(Columns)})
        (folder / COLUMNS).write_bytes(written.getbuffer())

    def updated(self, removed: Sequence[int], added: Columns) -> DenseIndex | None:
        """The index without some passages and with others; None if none is left.

        Raises:
            SearchIndexError: the store's vectors cannot be used.
        """
        gone = np.isin(self.columns.ids, np.concatenate([np.asarray(removed, np.int64), added.ids]))
        columns = Columns.joined([self.columns.at(~gone), added])
        columns = columns.at(np.argsort(columns.ids, kind="stable"))
        if not len(columns.ids):
            return None
        if not self._fits(len(columns.ids)):
            return self.build(columns, self._vectors)
        index = _faiss.clone_index(self._index)  # others may be searching in this one
        if gone.any():
            index.remove_ids(self.columns.ids[gone])
        known = np.ones(len(columns.ids), np.bool_)
        known[np.isin(columns.ids, added.ids)] = _add(index, np.sort(added.ids), self._vectors)
        return DenseIndex(index, columns.at(known), self._vectors) if known.any() else None

    def __len__(self) -> int:
        return len(self.columns.ids)

    @property
    def lists(self) -> int:
        """Lists that the passages are parted into; 0 in a flat index."""
        return getattr(self._index, "nlist", 0)

    @property
    def kind(self) -> str:
        """The kind's name."""
        return LISTS if self.lists else FLAT

    def positions(self, ids: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where passages stand in the columns, and whether they do."""
        wanted = np.asarray(ids, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.columns.ids, wanted), len(self) - 1)
        return at, self.columns.ids[at] == wanted

    def standing(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """The positions of certain passages, rising; those that it does not have are left out."""
        at, known = self.positions(np.sort(np.asarray(ids, dtype=np.int64)))
        return at[known]

    def units(self, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(positions), dimensions); zero if the store has one no more."""
        ids = self.columns.ids[positions]
        if not self.lists:
            return np.asarray(self._index.reconstruct_batch(ids))
        rows, known = self._vectors.known(ids)
        if known.all() and len(ids):
            return rows
        whole = np.zeros((len(ids), self._index.d), np.float32)
        whole[known] = rows.reshape(-1, self._index.d)
        return whole

    def holds(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> bool:
        """Whether vectors of shape (n, dimensions) are what it has of n passages; codes are not compared."""
        if self.lists or not ids:
            return True
        rows = self.units(self.positions(ids)[0])
        return rows.shape == vectors.shape and bool(np.allclose(rows, vectors, atol=1e-4))

    def search(self, vector: NDArray[np.float32], limit: int, members: Members | None = None) -> dict[int, float]:
        """The nearest passages to a unit vector of shape (dimensions,), their cosines by id, nearest first."""
        wanted = min(limit * _PROPOSED, len(self) if members is None else members.count)
        if not wanted:
            return {}
        faiss.omp_set_num_threads(1)  # of the calling thread alone: one question is not worth several
        _, found = self._index.search(vector[None, :], wanted, params=self._parameters(wanted, members))
        at = self.standing(found[0][found[0] >= 0])
        cosines = np.einsum("ij,j->i", self.units(at), vector)  # alike ones have the very same, unlike by BLAS
        best = np.lexsort((at, -cosines))[:limit]
        return dict(zip(self.columns.ids[at[best]].tolist(), cosines[best].tolist(), strict=True))

    def _parameters(self, wanted: int, members: Members | None) -> Any:
        selector = None if members is None else _faiss.IDSelectorBitmap(members.bits)
        if not self.lists:
            return _faiss.SearchParameters(sel=selector) if selector else None
        share = 1.0 if members is None else members.share
        usual = max(_PROBES, _PROBES_SHARE * self.lists) / share**_WIDER
        probes = max(usual, self.lists * _SEEN * wanted / (len(self) * share))
        nprobe = int(min(self.lists, np.ceil(probes)))
        if selector is None:
            return _faiss.SearchParametersIVF(nprobe=nprobe)
        return _faiss.SearchParametersIVF(nprobe=nprobe, sel=selector)

    def _fits(self, passages: int) -> bool:
        if passages <= FLAT_UP_TO:
            return not self.lists
        return 0 < passages <= _GROWTH * (self.lists + 1) ** 2 if self.lists else False


def _trained(ids: NDArray[np.int64], vectors: StoredVectors, dimensions: int) -> Any:
    """An empty FAISS index of the kind that fits, its lists made from a sample of the passages."""
    if len(ids) <= FLAT_UP_TO:
        return _faiss.index_factory(dimensions, "IDMap2,Flat", faiss.METRIC_INNER_PRODUCT)
    lists = int(len(ids) ** 0.5)
    index = _faiss.index_factory(dimensions, f"IVF{lists},RaBitQ2", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.min_points_per_centroid = _ROUNDS, 1
    sample = np.random.default_rng(0).choice(ids, min(_TRAINED_ON * lists, len(ids)), replace=False)
    index.train(vectors.known(np.sort(sample))[0])
    return index


def _add(index: Any, ids: NDArray[np.int64], vectors: StoredVectors) -> NDArray[np.bool_]:
    """Add passages and say, in shape (len(ids),), which of them the store still has."""
    every = [np.empty(0, np.bool_)]
    for at in range(0, len(ids), _BATCH):
        batch = ids[at : at + _BATCH]
        rows, known = vectors.known(batch)
        if len(rows):
            if rows.shape[1] != index.d:
                raise SearchIndexError(DAMAGED)
            index.add_with_ids(rows, batch[known])
        every.append(known)
    return np.concatenate(every)


def _write(index: Any, path: Path) -> None:
    failed: list[OSError] = []
    with path.open("wb") as file:

        def write(block: bytes) -> int:
            try:
                return file.write(block)
            except OSError as error:  # FAISS itself tells of a full disk on stderr alone
                failed.append(error)
                raise

        try:
            faiss.write_index(index, _faiss.PyCallbackIOWriter(write, 1 << 20))
        except RuntimeError as error:
            raise failed[0] if failed else OSError(str(error)) from error


@contextmanager
def _all_processors() -> Iterator[None]:
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)
