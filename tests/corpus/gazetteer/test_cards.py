"""The cards: columns answer as a walk over the entries one by one would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.gazetteer import Cards, Dates, Ids
from corpus.gazetteer.cards import DTYPE, row_of
from corpus.model import Entry, Kind, Span
from corpus.store import StoredEntry
from tests.corpus.gazetteer.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

SEEN = datetime(2026, 5, 1, tzinfo=UTC)
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31))


@st.composite
def stored(draw: st.DrawFn) -> StoredEntry:
    entry = Entry(draw(st.sampled_from(Kind)), "Kites", Span(0, 1), posted=draw(DAYS), closes=draw(DAYS))
    seen = SEEN + timedelta(days=draw(st.integers(0, 3)))
    year = draw(st.none() | st.integers(2023, 2026))
    number = draw(st.integers(1, 4))
    return StoredEntry(
        0,
        str(number),
        str(draw(st.integers(1, 3))),
        "Kites",
        None,
        year,
        None,
        seen,
        entry,
        None,
        draw(DAYS),
        SEEN,
    )


def cards(entries: Sequence[StoredEntry]) -> tuple[Cards, list[StoredEntry]]:
    """The cards of entries, whose ids count from 3 in steps of 2; two keys are a family."""
    numbered = [replace(each, id=2 * at + 3) for at, each in enumerate(entries)]
    rows = [row_of(each, int(each.document), int(each.key), (int(each.key) + 1) // 2) for each in numbered]
    return Cards(np.array(rows, DTYPE), Shelf()), numbered


@settings(deadline=None)
@given(st.lists(stored(), max_size=12))
def test_columns_say_what_the_entries_say(entries: list[StoredEntry]):
    made, numbered = cards(entries)
    assert [card.id for card in made] == [each.id for each in numbered]
    timeline = made.timeline
    for at, (card, each) in enumerate(zip(made, numbered, strict=True)):
        dates = Dates.of(each)
        assert (card.kind, card.document, card.dates) == (each.entry.kind, int(each.document), dates)
        assert made.get(each.id) == card
        assert date.fromordinal(timeline.own[at]) == dates.own[0]
        assert timeline.by_sight[at] == (dates.own[1] == "first seen")
        assert date.fromordinal(timeline.recent[at]) == dates.recency[0]
        twins = [other for other in numbered if other.key == each.key]
        first = min(twins, key=lambda other: Dates.of(other).own[0])
        assert numbered[timeline.firsts[at]] is first


@settings(deadline=None)
@given(st.lists(stored(), max_size=12), st.sets(st.integers(0, 30)))
def test_sets_of_entries_are_those_of_a_walk(entries: list[StoredEntry], chosen: set[int]):
    made, numbered = cards(entries)
    there = [each for each in numbered if each.id in chosen]
    keys, families = {each.key for each in there}, {(int(each.key) + 1) // 2 for each in there}
    ids = Ids(chosen)
    assert set(made.twins(ids)) == {each.id for each in numbered if each.key in keys}
    assert set(made.families(ids)) == {each.id for each in numbered if (int(each.key) + 1) // 2 in families}
    firsts: dict[int, int] = {}
    for each in there:
        firsts.setdefault((int(each.key) + 1) // 2, each.id)
    assert set(made.distinct(ids)) == set(firsts.values())
    assert [card.id for card in made.of(ids)] == [each.id for each in there]
    for kind in Kind:
        assert set(made.of_kind(kind)) == {each.id for each in numbered if each.entry.kind is kind}
    assert set(made.of_documents([1, 3])) == {each.id for each in numbered if each.document in {"1", "3"}}


@pytest.mark.parametrize("entry", [0, 1, 4, 99])
def test_what_is_not_there_has_no_card(entry: int):
    made, _ = cards([])
    assert made.get(entry) is None
    assert entry not in made
