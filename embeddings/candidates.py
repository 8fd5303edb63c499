"""Candidates: the passages that may answer one question, as columns, and how they are ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from embeddings.rows import kind_code

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from numpy.typing import NDArray

    from corpus.model import Kind
    from embeddings.rows import Columns

DENSE_WEIGHT = 0.7
"""Weight of the vectors; the rest is the words'. The weights: tests/benchmarks/ranking.py."""

SENTENCE_WEIGHT = 0.3
"""Share of the entry's nearest sentence in the vectors' part; the rest is its nearest passage's."""


class Boosts(Protocol):
    """What is added to the scores of entries, by entry id."""

    def get(self, entry: int, default: float = 0.0) -> float:
        """What an entry gains."""
        ...

    def highest(self, most: int) -> Sequence[int]:
        """The entries that gain most, so many at most, in order."""
        ...


class Candidates:
    """Passages of one question, and what they have beside their vectors: n of them, in columns of shape (n,).

    Attributes:
        ids: of the passages.
        entries: ids of theirs.
    """

    def __init__(
        self,
        columns: Columns,
        shares: Mapping[int, float],
        weights: Mapping[Kind, float],
        boosts: Boosts | None,
        behind: Container[int],
    ) -> None:
        """Take what the index knows of them, and what the question brings.

        Args:
            columns: theirs.
            shares: of the words, by passage.
            weights: what the scores of a kind are multiplied with; 1 where a kind is not named.
            boosts: what is added to the scores of entries.
            behind: entries that stand behind others of the same key, whatever their scores.
        """
        self.ids, self.entries = columns.ids, columns.entries
        self._keys = columns.keys
        self._words = (1 - DENSE_WEIGHT) * np.array([shares.get(i, 0.0) for i in self.ids.tolist()])
        self._weights = np.ones(len(self.ids))
        for kind, weight in weights.items():
            self._weights[columns.kinds == kind_code(kind)] = weight
        entries = self.entries.tolist()
        self._boosts = np.array([boosts.get(entry) for entry in entries]) if boosts else np.zeros(len(entries))
        self._behind = np.array([entry in behind for entry in entries], dtype=np.bool_)

    def best_of_each(self, cosines: NDArray[np.float32]) -> NDArray[np.int64]:
        """The places of the best passages of each key."""
        order = np.lexsort((self.ids, -(DENSE_WEIGHT * cosines.astype(np.float64) + self._words), self._behind))
        return order[np.unique(self._keys[order], return_index=True)[1]]

    def ranked(
        self,
        places: NDArray[np.int64],
        cosines: NDArray[np.float32],
        near: Mapping[int, NDArray[np.float32]],
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Some places with their scores, best first; the cosines of an entry's sentences count too.

        Args:
            places: of the passages that are ranked.
            cosines: of all passages.
            near: the cosines of sentences, by entry.
        """
        meant = cosines[places].astype(np.float64)
        if near:
            entries = self.entries[places].tolist()
            told = [float(near[entry].max()) if entry in near else np.nan for entry in entries]
            said = np.array(told)
            both = (1 - SENTENCE_WEIGHT) * meant + SENTENCE_WEIGHT * said
            meant = np.where(np.isnan(said), meant, both)
        scores = (DENSE_WEIGHT * meant + self._words[places]) * self._weights[places] + self._boosts[places]
        order = np.lexsort((self.ids[places], -scores))
        return places[order], scores[order]
