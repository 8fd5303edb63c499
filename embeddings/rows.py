"""Rows: what the index knows of each passage, its exact vector among it, in files that are read where needed."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import weakref
import zipfile
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from corpus.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from corpus.model import Kind
    from corpus.store import IndexedPassage

DAMAGED: Final = "the store holds damaged vectors: move the data folder away and ingest again"

_BATCH = 2048
"""Rows that are handled at a time where all are gone through."""

_HELD = 4096
"""Rows that are remembered: a search asks for most of its rows several times."""

_HALF: Final = np.dtype(np.float16)


def kind_code(kind: Kind) -> int:
    """A number for a kind that stays the same when there are others."""
    return crc32(kind.value.encode())


def key_code(key: str) -> int:
    """A number of 64 bits for a key: of a million two have the same once in 30 million corpora."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class Columns:
    """Of n passages, by id, each of shape (n,).

    Their ids, documents' numbers, entries' ids, and the codes of their entries' kinds and keys.
    """

    ids: NDArray[np.int64]
    documents: NDArray[np.int64]
    entries: NDArray[np.int64]
    kinds: NDArray[np.uint32]
    keys: NDArray[np.uint64]

    @classmethod
    def of(cls, passages: Sequence[IndexedPassage]) -> Columns:
        """The columns of some passages."""
        return cls(
            np.array([p.id for p in passages], dtype=np.int64),
            np.array([p.document for p in passages], dtype=np.int64),
            np.array([p.entry for p in passages], dtype=np.int64),
            np.array([kind_code(p.kind) for p in passages], dtype=np.uint32),
            np.array([key_code(p.key) for p in passages], dtype=np.uint64),
        )

    @classmethod
    def joined(cls, parts: Iterable[Columns]) -> Columns:
        """Columns one after the other."""
        each = list(parts) or [cls.of(())]
        return cls(*(np.concatenate([getattr(part, field.name) for part in each]) for field in fields(cls)))

    def at(self, chosen: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Columns:
        """The columns of the rows chosen."""
        return Columns(*(getattr(self, field.name)[chosen] for field in fields(self)))


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
