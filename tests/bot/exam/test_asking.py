"""The marks of an exam: what was found where, of what kind, and what should not have been answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.answer import Answer
from bot.evaluation.exam import grade, misses, summarise
from bot.evaluation.exam_questions import ExamQuestion
from corpus.errors import QuestionError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS = {1: "sheep", 2: "goats", 3: "shepherd", 4: "sheep"}


@dataclass
class Cited:
    entry_id: int


class Shelf:
    """Answers each question with the entries that it names ("2 1"), or as nearest ("nearest: 2 1")."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...], int]] = []

    def ask(self, question: str, *, history: Sequence[str] = (), top: int = 5) -> Answer:
        self.asked.append((question, tuple(history), top))
        if question == "?":
            raise QuestionError("there are no words in the question")
        cited = tuple(Cited(int(each)) for each in question.removeprefix("nearest:").split())
        if question.startswith("nearest:"):
            return Answer(question, False, 0.1, None, (), cited)  # type: ignore[arg-type]
        return Answer(question, True, 0.9, None, cited)  # type: ignore[arg-type]


def asked(question: str, *gold: str, form: str = "title", kind: Kind | None = Kind.PAPER) -> ExamQuestion:
    return ExamQuestion(question, kind, form, frozenset(gold))


def graded(*questions: ExamQuestion):
    return grade(Shelf().ask, questions, KEYS, lambda done, count: None)


def test_success_recall_and_rank_are_told_apart():
    overall = summarise(graded(asked("2 1", "sheep"), asked("3 2", "shepherd"), asked("3", "goats")))["overall"]
    assert overall["n"] == 3
    assert overall["success@1"] == pytest.approx(1 / 3)
    assert overall["recall@5"] == pytest.approx(2 / 3)
    assert overall["MRR@10"] == pytest.approx((0.5 + 1) / 3)


def test_a_list_counts_by_the_share_of_it_that_is_found():
    found = summarise(graded(asked("1 2", "sheep", "goats", "shepherd", "dog")))["overall"]
    assert found["recall@5"] == pytest.approx(0.5)
    assert found["success@1"] == 1.0


def test_what_comes_sixth_is_in_the_first_ten_and_not_in_the_first_five():
    found = summarise(graded(asked("3 3 3 3 3 2", "goats")))["overall"]
    assert (found["recall@5"], found["recall@10"]) == (0.0, 1.0)


def test_of_a_long_list_the_first_five_need_not_hold_more_than_five():
    keys = {at: f"paper {at}" for at in range(1, 9)}
    question = asked("1 2 3 4 5 6 7 8", *keys.values())
    found = summarise(grade(Shelf().ask, [question], keys, lambda done, count: None))["overall"]
    assert (found["recall@5"], found["recall@10"]) == (1.0, 1.0)


def test_an_entry_that_is_found_but_not_given_as_the_answer_counts_as_not_answered():
    found = summarise(graded(asked("nearest: 2", "goats"), asked("2", "goats")))["overall"]
    assert (found["success@1"], found["not_answered"]) == (1.0, 0.5)


def test_kinds_and_forms_have_marks_of_their_own():
    found = summarise(
        graded(
            asked("1", "sheep", form="name"),
            asked("1", "goats", form="title"),
            asked("3", "shepherd", form="place", kind=Kind.JOB),
        )
    )
    assert {kind: row["success@1"] for kind, row in found["kinds"].items()} == {"paper": 0.5, "job": 1.0}
    assert {form: row["n"] for form, row in found["forms"].items()} == {"name": 1, "title": 1, "place": 1}


def test_what_cannot_be_answered_is_told_by_the_share_that_was():
    found = summarise(graded(asked("1", form="far", kind=None), asked("nearest: 1", form="far", kind=None)))
    assert found["unanswerable"] == {"far": {"n": 2, "answered": 0.5}}
    assert found["overall"] is None


def test_only_what_was_not_found_is_a_miss():
    questions = [asked("2", "sheep"), asked("2 4", "sheep"), asked("1", form="far")]
    assert [each.question for each in misses(graded(*questions))] == questions[:1]


def test_a_question_that_cannot_be_asked_is_not_answered_and_the_rest_goes_on():
    found = summarise(graded(asked("?", "sheep"), asked("1", "sheep")))["overall"]
    assert (found["n"], found["not_answered"], found["success@1"]) == (2, 0.5, 0.5)


def test_questions_are_asked_with_their_conversation_and_progress_is_told():
    shelf, told = Shelf(), []
    question = ExamQuestion("1", Kind.PAPER, "follow-up", frozenset({"sheep"}), (), ("and before that?",))
    grade(shelf.ask, [question, asked("2", "goats")], KEYS, lambda done, count: told.append((done, count)))
    assert shelf.asked == [("1", ("and before that?",), 10), ("2", (), 10)]
    assert told == [(1, 2), (2, 2)]
