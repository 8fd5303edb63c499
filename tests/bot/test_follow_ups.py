"""Follow-ups: the ways in which a question of a conversation can be meant, each made whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bot.query.follow_ups import Resolved, Turn, Way, ways_of
from bot.query.parser import MAX_CHARACTERS, parse
from corpus.model import Entry, Kind, Place, Span
from corpus.store import StoredEntry
from tests.corpus.gazetteer.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.gazetteer import Gazetteer

TODAY = date(2026, 11, 21)


def entry(number: int, **facts) -> StoredEntry:
    venue, year = facts.pop("venue", None), facts.pop("year", None)
    given = {
        "kind": Kind.PAPER,
        "span": Span(0, 10),
        "headings": (facts["section"],) if "section" in facts else (),
    }
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    return StoredEntry(
        number, f"key{number}", "guide", "A guide", venue, year, None, seen, Entry(**(given | facts))
    )


BANDITS = {"section": "Bandit problems", "venue": "ICML", "year": 2023}
ENTRIES = [
    entry(1, title="ZEBRA: Striped sampling", authors=("Ada Moss",), **BANDITS),
    entry(2, title="Counting arms twice", authors=("Ben Ray",), **BANDITS),
    entry(3, title="Quiet gradients", section="Privacy", authors=("Ada Moss", "Cy Dunn"), venue="ICML", year=2024),
    entry(4, kind=Kind.JOB, title="Engineer", role="Engineer", place=Place("ES, M, Madrid", "ES", "M", "Madrid")),
    entry(
        5, kind=Kind.JOB, title="Scientist", role="Scientist", place=Place("US, MA, Boston", "US", "MA", "Boston")
    ),
]


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return Shelf(ENTRIES, {each.id: "" for each in ENTRIES}).gazetteer()


def after(names: Gazetteer, before: str, question: str, cited: Sequence[StoredEntry] = ENTRIES[:2]):
    turn = Turn(Resolved(before, before), parse(before, names, TODAY), cited, frozenset(e.id for e in cited))
    return {way.way: way for way in ways_of(question, turn, names, TODAY)}


def easiest(names: Gazetteer, before: str, question: str, cited: Sequence[StoredEntry] = ENTRIES[:2]) -> Resolved:
    return max(after(names, before, question, cited).values(), key=lambda way: way.ease)


def test_without_a_conversation_a_question_stands_alone(names: Gazetteer):
    assert [way.way for way in ways_of("and who wrote it?", None, names, TODAY)] == [Way.ALONE]


def test_a_pronoun_means_what_was_cited(names: Gazetteer):
    way = easiest(names, "is there anything on striped sampling?", "and who wrote it?", ENTRIES[:1])
    assert (way.way, way.asked, way.about) == (Way.FOCUS, "and who wrote it?", "ZEBRA")
    assert way.lifts[1] > 0
    assert "ZEBRA" in way.searched


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("Boston?", "openings in Madrid", "openings in Boston"),
        ("what about Boston?", "openings in Madrid", "openings in Boston"),
        ("what about Madrid?", "openings near Boston", "openings in Madrid"),
        ("and at ICML 2024?", "bandit papers at ICML 2023", "bandit papers at ICML 2024"),
        ("and the year after?", "bandit papers at ICML 2023", "bandit papers at ICML 2024"),
        ("and since October?", "openings in Spain", "openings in Spain since October"),
        ("what about last week", "new papers this week", "new papers last week"),
    ],
)
def test_a_fact_is_exchanged_for_another(names: Gazetteer, question: str, before: str, meant: str):
    way = easiest(names, before, question)
    assert (way.way, way.asked, way.about) == (Way.SLOT, meant, meant)


@pytest.mark.parametrize("question", ["who wrote Quiet gradients?", "how are striped zebras counted at night?"])
def test_what_asks_by_itself_is_most_easily_meant_alone(names: Gazetteer, question: str):
    assert easiest(names, "openings in Madrid", question).way is Way.ALONE


def test_the_second_one_is_the_second_that_was_shown(names: Gazetteer):
    way = after(names, "bandit papers", "who wrote the second one?")[Way.NTH]
    assert way.within == {2}
    assert Way.NTH not in after(names, "bandit papers", "who wrote the tenth one?")


def test_others_leave_out_what_was_shown_first(names: Gazetteer):
    ways = after(names, "bandit papers", "any others like that?")
    assert ways[Way.WITHIN].within == {2}
    assert ways[Way.SUBJECT].lifts == {1: -1.0}
    assert Way.FOCUS not in ways


def test_one_of_several_is_looked_for_among_those(names: Gazetteer):
    assert after(names, "bandit papers", "which of them counts arms?")[Way.WITHIN].within == {1, 2}


def test_no_way_is_longer_than_a_question_may_be(names: Gazetteer):
    ways = after(names, "bandit papers", "why " * 400)
    assert list(ways) == [Way.ALONE]
    assert len(ways[Way.ALONE].searched) > MAX_CHARACTERS
