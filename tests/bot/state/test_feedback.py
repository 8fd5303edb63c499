"""Votes are kept without saying whose they are, and can be changed, taken back and forgotten."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.state import StateFile
from bot.state.feedback import Feedback
from tests.bot.state.test_answers import GIVEN, Clock

if TYPE_CHECKING:
    from pathlib import Path

ASKER, VOTER, OTHER = GIVEN.user, 123456789012345678, 876543210987654321
ANSWER = replace(GIVEN, id="an-answer")


def test_votes_come_newest_first_and_up_or_down_alone(tmp_path: Path):
    clock = Clock()
    feedback = Feedback(StateFile(tmp_path), clock=clock)
    for number, up in enumerate((True, False, True)):
        clock.now += 60
        feedback.vote(replace(ANSWER, id=str(number)), VOTER, up=up, reason=None if up else "wrong")
    assert [vote.answer for vote in feedback.votes()] == ["2", "1", "0"]
    assert [vote.answer for vote in feedback.votes(up=True)] == ["2", "0"]
    (down,) = feedback.votes(up=False)
    shown = down.to_json()
    assert shown["at"].startswith("2001-09-09T01:48:40")
    assert (shown["vote"], shown["reason"], shown["question"]) == ("down", "wrong", "who counts sheep?")
    assert shown["citations"] == [
        {"document": "000_guide", "start": 10, "end": 20, "kind": "paper", "title": "On sheep"}
    ]


def test_a_second_vote_takes_the_place_of_the_first(tmp_path: Path):
    feedback = Feedback(StateFile(tmp_path))
    feedback.vote(ANSWER, VOTER, up=False, reason="wrong")
    feedback.vote(ANSWER, VOTER, up=True)
    feedback.vote(ANSWER, OTHER, up=False)
    assert sorted((vote.up, vote.reason) for vote in feedback.votes()) == [(False, None), (True, None)]
    assert feedback.undo("an-answer", VOTER)
    assert not feedback.undo("an-answer", VOTER)
    assert [vote.up for vote in feedback.votes()] == [False]


def test_who_voted_cannot_be_read_from_the_file(tmp_path: Path):
    state = StateFile(tmp_path)
    Feedback(state).vote(ANSWER, VOTER, up=True)
    with state.reading() as db:
        kept = db.execute("SELECT voter, asker FROM feedback").fetchone()
    assert str(VOTER) not in str(kept)
    assert str(ASKER) not in str(kept)
    elsewhere = StateFile(tmp_path / "elsewhere")
    Feedback(elsewhere).vote(ANSWER, VOTER, up=True)
    with elsewhere.reading() as db:
        assert db.execute("SELECT voter, asker FROM feedback").fetchone() != kept


def test_to_be_forgotten_takes_a_users_votes_and_the_votes_on_their_questions(tmp_path: Path):
    feedback = Feedback(StateFile(tmp_path))
    feedback.vote(ANSWER, VOTER, up=True)
    feedback.vote(ANSWER, OTHER, up=True)
    feedback.vote(replace(ANSWER, id="another", user=OTHER), OTHER, up=True)
    again = Feedback(StateFile(tmp_path))
    assert again.forget(VOTER) == 1
    assert again.forget(ASKER) == 1
    assert [vote.answer for vote in again.votes()] == ["another"]


def test_many_votes_at_once_are_all_kept(tmp_path: Path):
    feedback = Feedback(StateFile(tmp_path))
    threads = [threading.Thread(target=lambda n=n: feedback.vote(ANSWER, n, up=bool(n % 2))) for n in range(1, 31)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(feedback.votes()) == 30
