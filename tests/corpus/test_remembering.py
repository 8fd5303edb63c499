"""Rows that are remembered: read once for as long as nothing is written, and never beyond."""

from __future__ import annotations

from corpus.store import Remembered


class Rows:
    """Rows by id that note how often they are read."""

    def __init__(self) -> None:
        self.read: list[list[int]] = []
        self.word = "old"

    def __call__(self, ids: list[int]) -> dict[int, str]:
        self.read.append(ids)
        return {i: f"{self.word} {i}" for i in ids if i > 0}


def test_rows_are_read_once_in_a_generation():
    rows, kept = Rows(), Remembered[int, str](10)
    assert kept.get(1, [3, 4], rows) == {3: "old 3", 4: "old 4"}
    assert kept.get(1, [4, 5, 4], rows) == {4: "old 4", 5: "old 5"}
    assert rows.read == [[3, 4], [5]]


def test_a_new_generation_forgets_and_an_old_one_is_neither_kept_nor_served():
    rows, kept = Rows(), Remembered[int, str](10)
    kept.get(1, [3], rows)
    rows.word = "new"
    assert kept.get(2, [3], rows) == {3: "new 3"}
    rows.word = "old"
    assert kept.get(1, [3], rows) == {3: "old 3"}
    assert kept.get(2, [3], rows) == {3: "new 3"}


def test_what_is_not_there_is_left_out_and_asked_for_again():
    rows, kept = Rows(), Remembered[int, str](10)
    assert kept.get(1, [-1, 1], rows) == {1: "old 1"}
    kept.get(1, [-1, 1], rows)
    assert rows.read == [[-1, 1], [-1]]


def test_the_least_recent_go_first():
    rows, kept = Rows(), Remembered[int, str](2)
    kept.get(1, [1, 2], rows)
    kept.get(1, [1], rows)
    kept.get(1, [3], rows)
    assert kept.get(1, [1, 3], rows) == {1: "old 1", 3: "old 3"}
    assert rows.read == [[1, 2], [3]]
