"""Rows: what the index knows of each passage, its exact vector among it, in files that are read where needed."""

from __future__ import annotations

import io
import os
import threading
import weakref
import zipfile
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from corpus.errors import SearchIndexError
from embeddings.filters import Columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from corpus.store import IndexedPassage


DAMAGED: Final = "the store holds damaged vectors: move the data folder away and ingest again"

_BATCH = 2048
"""Rows that are handled at a time where all are gone through."""

_HELD = 4096
"""Rows that are remembered: a search asks for most of its rows several times."""

_HALF: Final = np.dtype(np.float16)


class Rows:
    """Passages' columns and exact unit vectors. Safe to share between threads: they do not change.

    The vectors lie in half precision in a file, as the store holds them, and are read where they are wanted. It
    is not mapped into memory: what is read here and there would soon have all of it resident.
    """

    def __init__(self, path: Path, columns: Columns, dimensions: int) -> None:
        self.columns = columns
        self.dimensions = dimensions
        self._size = dimensions * _HALF.itemsize
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        self._lock = threading.Lock()
        self._held = np.full(_HELD, -1, np.int64)
        self._rows = np.empty((_HELD, dimensions), _HALF)

    @classmethod
    def load(cls, stem: Path) -> Rows:
        """Open the files of these rows.

        Raises:
            SearchIndexError: they are not what was written.
        """
        path = stem.with_suffix(".rows")
        try:
            with np.load(stem.with_suffix(".columns")) as found:
                columns = Columns(*(found[field.name] for field in fields(Columns)))
            dimensions, rest = divmod(path.stat().st_size, len(columns.ids) * _HALF.itemsize)
        except (ValueError, KeyError, ZeroDivisionError, zipfile.BadZipFile) as error:
            raise SearchIndexError(f"{stem}: the rows are damaged") from error
        if rest:
            raise SearchIndexError(f"{stem}: the rows are damaged")
        return cls(path, columns, dimensions)

    def __len__(self) -> int:
        return len(self.columns.ids)

    def units(self, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Unit vectors of shape (positions, dimensions); those read of late are remembered."""
        slots = positions % _HELD
        with self._lock:
            rows = self._rows[slots]
            missing = np.flatnonzero(self._held[slots] != positions)
            if len(missing):
                read = b"".join(self._read(at, 1) for at in positions[missing].tolist())
                rows[missing] = np.frombuffer(read, _HALF).reshape(len(missing), -1)
                self._rows[slots[missing]], self._held[slots[missing]] = rows[missing], positions[missing]
        return unit(rows)

    def half(self, stretch: slice) -> NDArray[np.float16]:
        """The vectors of a stretch as the store holds them."""
        with self._lock:
            read = self._read(stretch.start, stretch.stop - stretch.start)
        return np.frombuffer(read, _HALF).reshape(-1, self.dimensions)

    def batches(self) -> Iterator[slice]:
        """Stretches of positions that together are all."""
        for at in range(0, len(self), _BATCH):
            yield slice(at, min(at + _BATCH, len(self)))

    def _read(self, begin: int, count: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file, count * self._size, begin * self._size)
        os.lseek(self._file, begin * self._size, os.SEEK_SET)  # within the lock
        return os.read(self._file, count * self._size)


class RowsWriter:
    """Writes rows as they come, so that they need not all be in memory."""

    def __init__(self, stem: Path) -> None:
        self._stem = stem
        self._file = stem.with_suffix(".rows").open("wb")
        self._columns: list[Columns] = []
        self._dimensions = 0
        self._last = -1
        self.count = 0

    def __enter__(self) -> RowsWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, columns: Columns, halves: NDArray[np.float16]) -> None:
        """Add rows with higher ids than those before.

        Raises:
            SearchIndexError: vectors of different lengths, none of unit length, or ids out of order.
        """
        if not len(columns.ids):
            return
        ids = np.concatenate(([self._last], columns.ids))
        if self._dimensions not in (0, halves.shape[1]) or not (np.diff(ids) > 0).all():
            raise SearchIndexError(DAMAGED)
        self._dimensions, self._last = halves.shape[1], int(columns.ids[-1])
        self._file.write(np.ascontiguousarray(halves).data)
        self._columns.append(columns)
        self.count += len(columns.ids)

    def add_passages(self, passages: Sequence[IndexedPassage]) -> None:
        """Add passages from the store.

        Raises:
            SearchIndexError: their vectors cannot be used.
        """
        self.add(Columns.of(passages), halves_of(passages))

    def close(self) -> None:
        """Write what is left to be written; without rows no file stays.

        Raises:
            OSError: it cannot be written.
        """
        self._file.close()
        if not self.count:
            self._stem.with_suffix(".rows").unlink()
            return
        columns, written = Columns.joined(self._columns), io.BytesIO()
        np.savez(written, **{field.name: getattr(columns, field.name) for field in fields(Columns)})
        self._stem.with_suffix(".columns").write_bytes(written.getbuffer())


def halves_of(passages: Sequence[IndexedPassage]) -> NDArray[np.float16]:
    """The passages' vectors as the store holds them, of shape (n, dimensions).

    Raises:
        SearchIndexError: they differ in length, or are no unit vectors.
    """
    sizes = {len(p.vector) for p in passages}
    if len(sizes) != 1 or sizes == {0} or any(size % np.dtype(np.float16).itemsize for size in sizes):
        raise SearchIndexError(DAMAGED)
    halves = np.frombuffer(b"".join(p.vector for p in passages), dtype=np.float16).reshape(len(passages), -1)
    lengths = np.linalg.norm(halves.astype(np.float32), axis=1)
    if not np.allclose(lengths, 1.0, atol=0.01):
        raise SearchIndexError(DAMAGED)
    return halves


def unit(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Unit vectors of single precision."""
    rows = halves.astype(np.float32)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return rows


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


FLAT_UP_TO = 10_000
"""Rows up to which all are looked at in full, 1.5 kB each. All numbers here: tests/benchmarks/index.py."""

CODES_UP_TO = 200_000
"""Rows up to which all are looked at, by codes of two bits a number; beyond, in the nearest lists alone."""

FLAT, CODES, LISTS = "flat", "RaBitQ", "IVF, RaBitQ"
"""The kinds. The codes are RaBitQ's (Gao and others, 2025): at two bits a number, and with twice as many rows
proposed as wanted, the nearest ten are found like by eight plain bits, in a fraction of their time and memory."""


@dataclass(frozen=True, slots=True)
class IndexKind:
    """How rows are proposed: the kind's name, the lists looked into, and the share of the ten nearest found."""

    name: str
    probes: int
    recall: float


def kind_for(rows: int) -> str:
    """The kind that fits a number of rows."""
    if rows <= FLAT_UP_TO:
        return FLAT
    return CODES if rows <= CODES_UP_TO else LISTS
