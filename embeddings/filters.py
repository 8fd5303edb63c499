"""Finds which passages of the index a filter lets through, before the search and not after it."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from corpus.model import Kind
    from corpus.store import Filter, IndexedPassage, Store


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


_REMEMBERED = 4
"""Scopes whose members are remembered, a byte a passage."""


class Members:
    """The passages that may be found."""

    def __init__(self, columns: Columns, mask: NDArray[np.bool_]) -> None:
        self._columns = columns
        self.mask = mask

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return int(np.count_nonzero(self.mask))

    @property
    def share(self) -> float:
        """Of all rows."""
        return self.count / max(1, len(self.mask))

    @property
    def ids(self) -> NDArray[np.int64]:
        """The passages' ids."""
        return self._columns.ids[self.mask]

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """A bit for each passage id from 0 on, the lowest first, set if the passage may be found."""
        by_id = np.zeros(int(self._columns.ids[-1]) + 1, np.bool_)
        by_id[self.ids] = True
        return np.packbits(by_id, bitorder="little")

    @property
    def documents(self) -> NDArray[np.int64]:
        """The numbers of the documents that have some."""
        return np.unique(self._columns.documents[self.mask])

    def holding(self, ids: Sequence[int]) -> list[int]:
        """Those of some passages' ids that are among them, in their order."""
        if not ids:
            return []
        wanted = np.asarray(ids, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._columns.ids, wanted), len(self.mask) - 1)
        kept: list[int] = wanted[(self._columns.ids[at] == wanted) & self.mask[at]].tolist()
        return kept


class Sight:
    """Applies filters to the passages of an index. Safe to share between threads."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._scopes: OrderedDict[tuple[int, int | None, bool], Members | None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, store: Store, allowed: Filter) -> Members | None:
        """The passages that a filter lets through; None for all.

        A document may be found gone without its passages being written again, so the store is asked.
        """
        members = self._of_scope(store, allowed.scope, gone=allowed.gone)
        masks = [] if members is None else [members.mask]
        if allowed.kinds is not None:
            masks.append(np.isin(self._columns.kinds, [kind_code(kind) for kind in allowed.kinds]))
        if allowed.documents is not None:
            masks.append(_among(self._columns.documents, store.indexing.document_numbers(allowed.documents)))
        if allowed.entries is not None:
            masks.append(_among(self._columns.entries, allowed.entries))
        if len(masks) == (members is not None):
            return members
        return Members(self._columns, np.logical_and.reduce(masks))

    def _of_scope(self, store: Store, scope: int | None, *, gone: bool) -> Members | None:
        key = (store.generation, scope, gone)
        with self._lock:
            if key in self._scopes:
                self._scopes.move_to_end(key)
                return self._scopes[key]
        hidden = store.indexing.hidden_documents(scope, gone=gone)
        members = Members(self._columns, ~_among(self._columns.documents, hidden)) if hidden else None
        with self._lock:
            self._scopes[key] = members
            while len(self._scopes) > _REMEMBERED:
                self._scopes.popitem(last=False)
        return members


def _among(column: NDArray[np.int64], numbers: Iterable[int]) -> NDArray[np.bool_]:
    """Which of a column's numbers are among some, by a table: NumPy's own way takes three times as long."""
    wanted = np.fromiter(numbers, np.int64)
    table = np.zeros(int(column.max()) + 1, np.bool_)
    table[wanted[(wanted >= 0) & (wanted < len(table))]] = True
    return table[column]
