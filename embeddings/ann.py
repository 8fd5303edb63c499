"""Proposing: FAISS says which rows are likely the nearest, by an index of the kind that fits their number."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from corpus.errors import SearchIndexError
from embeddings.vectors import CODES, LISTS, IndexKind, kind_for, unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.vectors import Rows


_CODE = "RaBitQ2"
"""FAISS's name of the codes."""
_LISTS = 1.0
"""Lists, in square roots of the number of rows."""
_TRAINED_ON = 40
"""Rows a list that the lists are made from."""
_ROUNDS = 8
"""Of k-means."""

_PROPOSED = 2
"""Rows that are proposed for each that is wanted: those that their codes misjudge come in all the same."""

_RECALL = 0.985
"""Share of the ten nearest that is to be found; so many lists are looked into."""
_SAMPLE, _ASKED = 200, 100
"""Questions it is measured with, and how many rows each asks for, as a search does."""
_NEARER, _AWAY = 0.6, 0.8
"""A question is thought to lie between two passages, nearer to one, and away from both by a vector of that length:
so recall comes out as for a collection's own questions. Near a single passage it would be far too good."""
_FIRST_PROBES = 16
_SEEN = 10
"""Rows looked at, at least, for each that is proposed."""
_WIDER = 0.25
"""The power of a filter's share by which more lists are looked into: the nearest that it lets through lie farther
away. With it a filter that lets a three-hundredth through finds no less than none."""

_faiss: Any = faiss
"""FAISS without its types, which lack what is added in Python."""


class Proposer:
    """A FAISS index over rows, by their positions. Safe to share between threads: it does not change."""

    exact = False
    """Whether its cosines are the rows' own."""

    def __init__(self, index: Any, kind: IndexKind) -> None:
        self._index = index
        self._kind = kind

    @classmethod
    def load(cls, path: Path, kind: IndexKind) -> Proposer:
        """One from its file, which is mapped into memory.

        Raises:
            SearchIndexError: the file is not a FAISS index.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), kind)
        except RuntimeError as error:
            raise SearchIndexError(f"{path} is not a FAISS index") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def propose(
        self, vector: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None, share: float = 1.0
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The positions that are likely the nearest to a unit vector, and their cosines, near enough.

        Args:
            vector: of shape (dimensions,).
            limit: positions that are wanted; more are proposed.
            allowed: by position whether it may be proposed.
            share: of the positions, those allowed.
        """
        wanted = min(limit * _PROPOSED, len(self))
        parameters: Any = None
        bits = selector = None
        if allowed is not None or self._kind.name == LISTS:
            parameters = self._parameters(wanted, share)
        if allowed is not None:  # both are held here for as long as FAISS looks at them
            bits = np.packbits(allowed, bitorder="little")
            selector = _faiss.IDSelectorBitmap(bits)
            parameters.sel = selector
        faiss.omp_set_num_threads(1)  # of the calling thread alone: one question is not worth several
        scores, positions = self._index.search(vector[None, :], wanted, params=parameters)
        found = positions[0] >= 0
        return positions[0][found], scores[0][found]

    def _parameters(self, wanted: int, share: float) -> Any:
        if self._kind.name != LISTS:
            return faiss.SearchParameters()
        lists = self._index.nlist
        share = max(share, 1 / len(self))
        least = lists * _SEEN * wanted / (len(self) * share)
        probes = max(self._kind.probes / share**_WIDER, least)
        return _faiss.SearchParametersIVF(nprobe=int(min(lists, probes)))


def build(rows: Rows, path: Path) -> IndexKind:
    """Write the index of the kind that fits the rows, which are too many for a flat one.

    Raises:
        OSError: it cannot be written.
    """
    name = kind_for(len(rows))
    with _all_processors():
        index = _trained(rows, name)
        return _filled(index, rows, 0, path, name)


def extend(path: Path, kind: IndexKind, rows: Rows, new: Path) -> IndexKind:
    """Write an index with the rows added that follow those it has.

    Raises:
        SearchIndexError: the file is not a FAISS index.
        OSError: it cannot be written.
    """
    try:
        index = faiss.read_index(str(path))
    except RuntimeError as error:
        raise SearchIndexError(f"{path} is not a FAISS index") from error
    with _all_processors():
        return _filled(index, rows, int(index.ntotal), new, kind.name)


def made_for(path: Path) -> int:
    """About how many rows an index was made for: its lists tell."""
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    return int(((index.nlist + 1) / _LISTS) ** 2) if hasattr(index, "nlist") else int(index.ntotal)


def _trained(rows: Rows, name: str) -> Any:
    lists = max(1, int(_LISTS * len(rows) ** 0.5))
    made_of = _CODE if name == CODES else f"IVF{lists},{_CODE}"
    index: Any = faiss.index_factory(rows.dimensions, made_of, faiss.METRIC_INNER_PRODUCT)
    sample = _TRAINED_ON * lists
    if name == LISTS:
        index.cp.niter, index.cp.min_points_per_centroid = _ROUNDS, 1
    chosen = np.random.default_rng(0).choice(len(rows), min(sample, len(rows)), replace=False)
    index.train(rows.units(np.sort(chosen)))
    return index


def _filled(index: Any, rows: Rows, begin: int, path: Path, name: str) -> IndexKind:
    for batch in rows.batches():
        if batch.stop > begin:
            index.add(unit(rows.half(slice(max(batch.start, begin), batch.stop))))
    _write(index, path)
    return _measured(index, rows, name)


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


def _measured(index: Any, rows: Rows, name: str) -> IndexKind:
    """Look into as many lists as the recall needs, measured on moved vectors of some rows."""
    questions = _questions(rows)
    nearest = _nearest(rows, questions)
    proposer = Proposer(index, IndexKind(name, 0, 0.0))
    probes, most = (_FIRST_PROBES, index.nlist // 2) if name == LISTS else (0, 0)
    while True:
        proposer = Proposer(index, IndexKind(name, probes, 0.0))
        found = 0
        for question, wanted in zip(questions, nearest, strict=True):
            positions, _ = proposer.propose(question, _ASKED, None)
            best = np.argsort(-(rows.units(positions) @ question))[: wanted.size]
            found += int(np.isin(positions[best], wanted).sum())
        recall = found / nearest.size
        if recall >= _RECALL or probes >= most:
            return IndexKind(name, probes, round(recall, 4))
        probes *= 2


def _questions(rows: Rows) -> NDArray[np.float32]:
    chance = np.random.default_rng(1)
    near, far = (rows.units(chance.choice(len(rows), min(_SAMPLE, len(rows)), replace=False)) for _ in range(2))
    away = chance.standard_normal(near.shape, dtype=np.float32)
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    questions: NDArray[np.float32] = _NEARER * near + (1 - _NEARER) * far + _AWAY * away
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    return questions


def _nearest(rows: Rows, questions: NDArray[np.float32], most: int = 10) -> NDArray[np.int64]:
    """The positions of the nearest rows, exactly, of shape (questions, most)."""
    most = min(most, len(rows))
    scores = np.empty((len(questions), 0), np.float32)
    positions = np.empty((len(questions), 0), np.int64)
    for batch in rows.batches():
        new = questions @ unit(rows.half(batch)).T
        at = np.broadcast_to(np.arange(batch.start, batch.stop), new.shape)
        scores, positions = np.hstack([scores, new]), np.hstack([positions, at])
        best = np.argpartition(-scores, min(most, scores.shape[1]) - 1, axis=1)[:, :most]
        scores, positions = np.take_along_axis(scores, best, 1), np.take_along_axis(positions, best, 1)
    return positions


@contextmanager
def _all_processors() -> Iterator[None]:
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)
