"""Flat: the same rows and cosines as an exact FAISS index gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np
import pytest

from embeddings.filters import Columns
from embeddings.vectors import Flat, Rows, RowsWriter

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DIMENSIONS = 24


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Rows of a thousand passages; each vector stands there twice, and the first one ten times."""
    chance = np.random.default_rng(5)
    vectors = np.repeat(chance.standard_normal((500, DIMENSIONS)), 2, axis=0)
    vectors[2:10] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    numbers = np.arange(len(vectors), dtype=np.int64)
    with RowsWriter(tmp_path / "some") as writer:
        writer.add(
            Columns(numbers + 1, numbers, numbers, np.zeros(len(vectors), np.uint32), numbers.astype(np.uint64)),
            _halves(vectors),
        )
        writer.close()
    return Rows.load(tmp_path / "some")


def _halves(vectors: NDArray[np.float64]) -> NDArray[np.float16]:
    return vectors.astype(np.float16)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.004])
def test_the_nearest_are_those_of_an_exact_index_and_ties_are_all_there(rows: Rows, share: float):
    flat, exact = Flat(rows), faiss.IndexFlatIP(DIMENSIONS)
    exact.add(flat.matrix)
    allowed = np.random.default_rng(6).random(len(rows)) < share if share < 1 else None
    for position in (0, 300, 999):
        question = rows.units(np.array([position]))[0]
        positions, cosines = flat.propose(question, 5, allowed)
        every, of_every = (found[0] for found in exact.search(question[None, :], len(rows)))
        by_position = dict(zip(of_every.tolist(), every.tolist(), strict=True))
        wanted = [at for at in of_every.tolist() if allowed is None or allowed[at]]
        last = by_position[wanted[:5][-1]]
        assert sorted(positions.tolist()) == sorted(at for at in wanted if by_position[at] >= last - 1e-6)
        np.testing.assert_allclose(cosines, [by_position[at] for at in positions.tolist()], atol=1e-6)


def test_nothing_allowed_gives_nothing(rows: Rows):
    positions, cosines = Flat(rows).propose(rows.units(np.array([0]))[0], 5, np.zeros(len(rows), np.bool_))
    assert (len(positions), len(cosines)) == (0, 0)
