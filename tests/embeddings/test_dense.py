"""The dense index: the nearest passages within a filter, as comparing all of them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.dense import FLAT, LISTS, DenseIndex
from embeddings.filters import Columns, Members

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DIMENSIONS, COUNT = 24, 1000


class Vectors:
    """A store of a thousand vectors, by ids three apart; each stands there twice, and the first ten times."""

    def __init__(self) -> None:
        rows = np.repeat(np.random.default_rng(5).standard_normal((COUNT // 2, DIMENSIONS)), 2, axis=0)
        rows[2:10] = rows[0]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        self.rows = dict(zip(ids(COUNT).tolist(), rows.astype(np.float32), strict=True))

    def known(self, wanted: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        known = np.array([i in self.rows for i in wanted.tolist()], dtype=np.bool_)
        return np.array([self.rows[i] for i in wanted.tolist() if i in self.rows], np.float32), known

    def nearest(self, vector: NDArray[np.float32], allowed: set[int]) -> list[tuple[int, float]]:
        cosines = [(i, float(row @ vector)) for i, row in self.rows.items() if i in allowed]
        return sorted(cosines, key=lambda found: (-round(found[1], 6), found[0]))


def ids(count: int) -> NDArray[np.int64]:
    return 3 * np.arange(count, dtype=np.int64) + 1


def columns(wanted: NDArray[np.int64]) -> Columns:
    none = np.zeros(len(wanted), np.uint32)
    return Columns(wanted, wanted, wanted, none, wanted.astype(np.uint64))


@pytest.fixture(params=[FLAT, LISTS])
def index(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> DenseIndex:
    monkeypatch.setattr("embeddings.dense.FLAT_UP_TO", COUNT if request.param == FLAT else 10)
    made = DenseIndex.build(columns(ids(COUNT)), Vectors())  # type: ignore[arg-type]
    assert made is not None
    assert made.kind == request.param
    return made


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_the_nearest_are_those_that_comparing_all_of_them_gives(index: DenseIndex, share: float):
    store = Vectors()
    mask = np.random.default_rng(6).random(COUNT) < share
    members = Members(index.columns, mask) if share < 1 else None
    allowed = set(index.columns.ids[mask if share < 1 else slice(None)].tolist())
    for passage in (1, 901, 2998):
        wanted = store.nearest(store.rows[passage], allowed)[:5]
        found = index.search(store.rows[passage], 100, members)
        assert set(found) <= allowed
        np.testing.assert_allclose(list(found.values())[:5], [cosine for _, cosine in wanted], atol=1e-5)


def test_of_passages_that_are_alike_the_first_come_first(index: DenseIndex):
    assert list(index.search(Vectors().rows[1], 8)) == ids(8).tolist()


def test_nothing_allowed_gives_nothing(index: DenseIndex):
    assert index.search(Vectors().rows[1], 5, Members(index.columns, np.zeros(COUNT, np.bool_))) == {}


def test_a_change_leaves_the_index_before_as_it_was(index: DenseIndex):
    store = Vectors()
    store.rows[5000] = store.rows[901]
    index._vectors = store  # type: ignore[assignment]
    changed = index.updated([901], columns(np.array([5000, 6000], np.int64)))  # the store has no 6000
    assert changed is not None
    assert len(index) == len(changed) == COUNT
    assert set(index.search(store.rows[901], 2)) == {901, 904}
    assert set(changed.search(store.rows[901], 2)) == {904, 5000}
    assert changed.updated(changed.columns.ids.tolist(), columns(np.empty(0, np.int64))) is None


def test_an_index_is_kept_in_files(index: DenseIndex, tmp_path: Path):
    index.save(tmp_path)
    again = DenseIndex.load(tmp_path, Vectors())  # type: ignore[arg-type]
    vector = Vectors().rows[901]
    assert again.kind == index.kind
    assert again.search(vector, 5) == index.search(vector, 5)
    changed = again.updated([901], columns(np.empty(0, np.int64)))
    assert changed is not None
    assert 901 not in changed.search(vector, 5)
