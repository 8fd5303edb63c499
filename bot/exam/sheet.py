"""The exam's sheet: which of all the questions that can be made of a corpus are asked."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from bot.exam.foreign import absent_attributes, absent_names, far_questions, topics_of, words_of
from bot.exam.lists import lists_of
from bot.exam.making import questions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.exam.making import ExamQuestion, TextOf
    from corpus.store import StoredEntry

_FOREIGN_SHARE = 0.15
"""Of each sort of unanswerable questions, for each answerable one."""


def sheet(entries: Sequence[StoredEntry], text_of: TextOf, count: int, seed: int) -> list[ExamQuestion]:
    """Choose questions: ``count`` answerable ones, all forms alike as far as they go, and unanswerable ones.

    Args:
        entries: of the corpus; the same entry in several documents is asked about once.
        text_of: an entry's text.
        count: of answerable questions, at most.
        seed: the same sheet for the same seed and corpus.
    """
    random = Random(seed)  # noqa: S311 - chance that can be repeated, not secrets
    once = one_of_each(entries)
    made = [*questions_of(once, text_of, random), *lists_of(once, random)]
    by_form: dict[str, list[ExamQuestion]] = {}
    for question in made:
        if question.answerable:
            by_form.setdefault(question.form, []).append(question)
    chosen = _evenly(by_form, count, random)
    foreign = round(count * _FOREIGN_SHARE)
    for sort in (
        far_questions(),
        absent_names(words_of(once, text_of), topics_of(once), random),
        [question for question in made if not question.answerable],
        list(absent_attributes(once, text_of, random)),
    ):
        chosen += random.sample(sort, min(foreign, len(sort)))
    return chosen


def one_of_each(entries: Sequence[StoredEntry]) -> list[StoredEntry]:
    """The first entry of each key, in order."""
    return list({entry.key: entry for entry in reversed(entries)}.values())[::-1]


def _evenly(by_form: dict[str, list[ExamQuestion]], count: int, random: Random) -> list[ExamQuestion]:
    """Take a question of each form in turn until there are enough."""
    for questions in by_form.values():
        random.shuffle(questions)
    rounds = max(map(len, by_form.values()), default=0)
    turns = [questions[at] for at in range(rounds) for questions in by_form.values() if at < len(questions)]
    return turns[:count]
