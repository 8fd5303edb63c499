"""Answers that were given are kept for a while, and for who asked them to be forgotten no longer."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.state import StateFile
from bot.state.answers import LIFETIME, AnswerStore, Cited, StoredAnswer

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = StoredAnswer(
    question="who counts sheep?",
    scope=7,
    user=2**63 - 1,
    channel=3,
    history=("hello", "“quoted”"),
    kind="paper",
    digest="000_guide",
    facts={"topic": "Sleep"},
    page=2,
    shown=(5, 6),
    cited=(Cited("000_guide", 10, 20, "paper", "On sheep"),),
    answered=True,
    confidence=0.75,
    version="1.0",
    model="small",
)


class Clock:
    now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_answer_comes_back_as_it_was_also_after_a_restart(tmp_path: Path):
    name = AnswerStore(StateFile(tmp_path)).add(GIVEN)
    again = AnswerStore(StateFile(tmp_path))
    assert again.get(name) == replace(GIVEN, id=name)
    plain = StoredAnswer(question="?", scope=None, user=1, channel=2, answered=False)
    other = again.add(plain)
    assert again.get(other) == replace(plain, id=other)
    assert name != other
    assert again.get("nobody") is None


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
IDS = st.integers(0, 2**63 - 1)
CITED = st.builds(Cited, document=TEXTS, start=IDS, end=IDS, kind=TEXTS, title=TEXTS)
GIVEN_ANSWERS = st.builds(
    StoredAnswer,
    question=TEXTS,
    scope=st.none() | IDS,
    user=IDS,
    channel=IDS,
    history=st.lists(TEXTS, max_size=5).map(tuple),
    kind=st.none() | TEXTS,
    digest=st.none() | TEXTS,
    facts=st.none() | st.dictionaries(TEXTS, TEXTS, max_size=3),
    page=st.integers(1, 1000),
    shown=st.lists(IDS, max_size=25).map(tuple),
    cited=st.lists(CITED, max_size=10).map(tuple),
    answered=st.booleans(),
    confidence=st.floats(0, 1),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GIVEN_ANSWERS)
def test_whatever_was_asked_and_shown_comes_back_as_it_was(tmp_path: Path, answer: StoredAnswer):
    with closing(StateFile(tmp_path)) as state:
        answers = AnswerStore(state)
        name = answers.add(answer)
        assert answers.get(name) == replace(answer, id=name)


def test_an_answer_is_gone_after_thirty_days_and_so_are_its_words(tmp_path: Path, clock: Clock):
    state = StateFile(tmp_path)
    answers = AnswerStore(state, clock=clock)
    old = answers.add(GIVEN)
    clock.now += LIFETIME - 1
    assert answers.get(old) is not None
    clock.now += 2
    assert answers.get(old) is None
    answers.add(replace(GIVEN, question="another"))  # who writes after a day also tidies up
    with state.reading() as db:
        assert db.execute("SELECT question FROM answers").fetchall() == [("another",)]
    clock.now += LIFETIME
    AnswerStore(state, clock=clock)
    with state.reading() as db:
        assert db.execute("SELECT count(*) FROM answers").fetchone() == (0,)


def test_a_users_answers_are_forgotten_and_nobody_elses(tmp_path: Path):
    answers = AnswerStore(StateFile(tmp_path))
    mine = [answers.add(replace(GIVEN, user=1)) for _ in range(3)]
    other = answers.add(replace(GIVEN, user=2))
    assert answers.forget(1) == 3
    assert [answers.get(name) for name in mine] == [None] * 3
    assert answers.get(other) is not None
    answers.remove(other)
    assert answers.get(other) is None


def test_only_the_first_goes_on_in_public(tmp_path: Path):
    answers = AnswerStore(StateFile(tmp_path))
    name = answers.add(GIVEN)
    assert [answers.take_continuation(name) for _ in range(3)] == [True, False, False]
    assert answers.take_continuation("nobody") is False


def test_a_question_that_is_taken_back_is_forgotten_with_what_went_on_from_it(tmp_path: Path):
    answers = AnswerStore(StateFile(tmp_path))
    asked = replace(GIVEN, user=1, channel=2, question="who?")
    gone = [answers.add(asked), answers.add(replace(asked, page=2))]
    others = [answers.add(replace(asked, **each)) for each in ({"user": 3}, {"channel": 3}, {"question": "why?"})]
    answers.take_back(1, 2, "who?")
    assert [answers.get(each) for each in gone] == [None, None]
    assert None not in [answers.get(each) for each in others]
