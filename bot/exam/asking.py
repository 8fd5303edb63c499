"""Asking the exam: its questions put to the assistant, and scored by kind of entry and by form."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.answer import Answer
    from bot.exam.making import ExamQuestion

DEPTH = 10


class Asks(Protocol):
    """What answers questions."""

    def ask(self, question: str, *, history: Sequence[str] = (), top: int = 5) -> Answer:
        """Answer a question."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A question with the ranks, from 1, of what answers it among the first ten, and whether it was answered."""

    question: ExamQuestion
    ranks: tuple[int, ...]
    answered: bool

    def recall(self, depth: int) -> float:
        """The share of what answers it among the first; of more than ``depth`` that is all that fits."""
        fits = min(len(self.question.gold), depth)
        return sum(rank <= depth for rank in self.ranks) / fits


def grade(
    assistant: Asks,
    questions: Sequence[ExamQuestion],
    keys: Mapping[int, str],
    progress: Callable[[int, int], None],
) -> list[Graded]:
    """Ask all questions.

    Args:
        assistant: is asked.
        questions: in the order in which they are asked.
        keys: the key of each entry, by id.
        progress: is told how many have been asked, and of how many.
    """
    graded: list[Graded] = []
    for number, question in enumerate(questions, 1):
        try:
            answer = assistant.ask(question.question, history=question.history, top=DEPTH)
        except QuestionError:
            graded.append(Graded(question, (), answered=False))
        else:
            found = [keys.get(citation.entry_id) for citation in answer.citations or answer.nearest]
            ranks = tuple(rank for rank, key in enumerate(found, 1) if key in question.gold)
            graded.append(Graded(question, ranks, answer.answered))
        progress(number, len(questions))
    return graded


def marks(graded: Sequence[Graded]) -> dict[str, Any]:
    """Sum up an exam.

    Returns:
        ``kinds`` and ``forms``: for each kind of entry and each form of answerable questions their number ``n``,
        ``success@1``, ``recall@5``, ``recall@10``, ``MRR@10`` and ``not_answered`` (shares); ``overall`` the
        same for all; ``unanswerable``: for each form their number ``n`` and the share ``answered``.
    """
    good = [each for each in graded if each.question.answerable]
    foreign = [each for each in graded if not each.question.answerable]
    return {
        "kinds": _by([str(each.question.kind) for each in good], good),
        "forms": _by([each.question.form for each in good], good),
        "overall": _means(good) if good else None,
        "unanswerable": {
            form: {"n": len(those), "answered": fmean(each.answered for each in those)}
            for form, those in _split([each.question.form for each in foreign], foreign).items()
        },
    }


def misses(graded: Sequence[Graded]) -> list[Graded]:
    """The answerable questions of which nothing was found among the first ten."""
    return [each for each in graded if each.question.answerable and not each.ranks]


def _by(names: Sequence[str], graded: Sequence[Graded]) -> dict[str, dict[str, float]]:
    return {name: _means(those) for name, those in _split(names, graded).items()}


def _split(names: Sequence[str], graded: Sequence[Graded]) -> dict[str, list[Graded]]:
    split: dict[str, list[Graded]] = {}
    for name, each in zip(names, graded, strict=True):
        split.setdefault(name, []).append(each)
    return split


def _means(graded: Sequence[Graded]) -> dict[str, float]:
    return {
        "n": len(graded),
        "success@1": fmean(1 in each.ranks for each in graded),
        "recall@5": fmean(each.recall(5) for each in graded),
        "recall@10": fmean(each.recall(DEPTH) for each in graded),
        "MRR@10": fmean(1 / min(each.ranks) if each.ranks else 0.0 for each in graded),
        "not_answered": fmean(not each.answered for each in graded),
    }
