"""The dense index: passages' vectors, nearest by cosine; a large base that is seldom made, and what came since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import SearchIndexError
from embeddings.filters import Columns
from embeddings.vectors import FLAT, Flat, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.ann import Proposer
    from embeddings.filters import Members
    from embeddings.vectors import IndexKind


BASE, TAIL, REMOVED, PROPOSALS = "base", "tail", "removed.npy", "base.faiss"

_FEW = 2_000
"""Allowed rows of a base up to which their exact vectors are compared, all of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that were indexed together, and what proposes them."""

    rows: Rows
    proposer: Flat | Proposer

    def nearest(
        self, vector: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Positions and exact cosines of the nearest rows, in no order."""
        count = len(self.rows) if allowed is None else int(np.count_nonzero(allowed))
        if not count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if allowed is not None and not self.proposer.exact and count <= _FEW:
            positions = np.flatnonzero(allowed)
        else:
            positions, scores = self.proposer.propose(vector, limit, allowed, count / len(self.rows))
            if self.proposer.exact:
                return positions, scores
        return positions, self.rows.units(positions) @ vector

    def units(self, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Unit vectors of shape (positions, dimensions)."""
        return self.proposer.matrix[positions] if isinstance(self.proposer, Flat) else self.rows.units(positions)


class DenseIndex:
    """Search by cosine over unit vectors. Safe to share between threads: it does not change.

    FAISS proposes rows of the base, and their exact vectors say which are the nearest. The tail is small, and
    looked at in full.
    """

    def __init__(self, parts: Sequence[tuple[Rows, Flat | Proposer]], removed: NDArray[np.int64]) -> None:
        """Take parts whose ids rise from one to the next, and positions in the first whose passages are gone."""
        self.parts = [Part(rows, proposer) for rows, proposer in parts]
        self._starts = np.cumsum([0, *(len(part.rows) for part in self.parts)])
        self.columns = Columns.joined(part.rows.columns for part in self.parts)
        self.removed = removed
        self.live: NDArray[np.bool_] | None = None
        if len(removed):
            self.live = np.ones(len(self.columns.ids), np.bool_)
            self.live[removed] = False

    @classmethod
    def load(cls, folder: Path, kind: IndexKind, like: DenseIndex | None = None) -> DenseIndex:
        """Open an index from its files; ``like`` is one that is open, whose base it has.

        Raises:
            SearchIndexError: they are not what was written.
        """
        if like:
            parts = [(like.base, like.parts[0].proposer)]
        else:
            base = Rows.load(folder / BASE)
            parts = [(base, Flat(base) if kind.name == FLAT else _proposer(folder / PROPOSALS, kind))]
        if (folder / f"{TAIL}.rows").exists():
            tail = Rows.load(folder / TAIL)
            parts.append((tail, Flat(tail)))
        if any(len(rows) != len(each) for rows, each in parts):
            raise SearchIndexError(f"{folder}: the rows are damaged")
        removed = np.load(folder / REMOVED) if (folder / REMOVED).exists() else np.empty(0, np.int64)
        return cls(parts, removed)

    def __len__(self) -> int:
        return len(self.columns.ids) - len(self.removed)

    @property
    def base(self) -> Rows:
        """The rows that were indexed together."""
        return self.parts[0].rows

    @property
    def tail(self) -> Rows | None:
        """The rows that came since."""
        return self.parts[1].rows if len(self.parts) > 1 else None

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The passages' ids, shape (n,), rising."""
        return self.columns.ids if self.live is None else self.columns.ids[self.live]

    def positions(self, ids: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where passages stand, and whether they do."""
        wanted = np.asarray(ids, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.columns.ids, wanted), len(self.columns.ids) - 1)
        known = self.columns.ids[at] == wanted
        return at, known if self.live is None else known & self.live[at]

    def search(self, vector: NDArray[np.float32], limit: int, members: Members | None = None) -> dict[int, float]:
        """The nearest passages to a unit vector of shape (dimensions,), their cosines by id, nearest first."""
        allowed = self.live if members is None else members.mask
        found = []
        for part, start, end in zip(self.parts, self._starts, self._starts[1:], strict=False):
            positions, scores = part.nearest(vector, limit, None if allowed is None else allowed[start:end])
            found.append((positions + start, scores))
        at, cosines = found[0] if len(found) == 1 else map(np.concatenate, zip(*found, strict=True))
        best = np.lexsort((at, -cosines))[:limit]
        return dict(zip(self.columns.ids[at[best]].tolist(), cosines[best].tolist(), strict=True))

    def holds(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> bool:
        """Whether vectors of shape (n, dimensions) are what stands under the n ids, all of which it has."""
        if not ids:
            return True
        rows = self.units(self.positions(ids)[0])
        return rows.shape == vectors.shape and bool(np.allclose(rows, vectors, atol=1e-4))

    def standing(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """The positions of certain passages, rising; those that it does not have are left out."""
        at, known = self.positions(np.sort(np.asarray(ids, dtype=np.int64)))
        return at[known]

    def units(self, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """The unit vectors of rows, of shape (len(positions), dimensions)."""
        if len(self.parts) == 1:
            return self.parts[0].units(positions)
        rows = np.empty((len(positions), self.base.dimensions), np.float32)
        for part, start, end in zip(self.parts, self._starts, self._starts[1:], strict=False):
            here = (positions >= start) & (positions < end)
            rows[here] = part.units(positions[here] - start)
        return rows


def _proposer(path: Path, kind: IndexKind) -> Proposer:
    from embeddings.ann import Proposer  # FAISS, for large corpora alone

    return Proposer.load(path, kind)
