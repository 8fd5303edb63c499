"""Boosts: sums of what sets of entries gain, however large the sets are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.boosts import Boosts
from corpus.gazetteer import Ids

GAINS = st.lists(
    st.lists(st.tuples(st.sampled_from([-1.0, 0.25, 0.5, 2.0]), st.frozensets(st.integers(0, 12))), max_size=3),
    max_size=4,
)


@given(GAINS, st.integers(0, 15))
def test_an_entry_gains_the_most_of_each_sort_and_the_highest_come_first(
    sorts: list[list[tuple[float, frozenset[int]]]], most: int
):
    boosts = Boosts([[(gain, Ids(ids)) for gain, ids in sort] for sort in sorts])
    wanted: dict[int, float] = {}
    for sort in sorts:
        for entry in frozenset[int]().union(*(ids for _, ids in sort)):
            wanted[entry] = wanted.get(entry, 0.0) + max(gain for gain, ids in sort if entry in ids)
    assert {entry: boosts.get(entry) for entry in wanted} == wanted
    assert boosts.highest(most) == sorted(wanted, key=lambda entry: (-wanted[entry], entry))[:most]


def test_who_gains_nothing_gains_nothing():
    assert (Boosts().get(3), Boosts().highest(5)) == (0.0, [])


def test_a_million_entries_are_no_more_than_one():
    everyone, some = Ids(range(1_000_000)), Ids(range(500_000, 500_003))
    boosts = Boosts([[(0.1, everyone)], [(0.2, some)]])
    assert boosts.highest(5) == [500_000, 500_001, 500_002, 0, 1]
