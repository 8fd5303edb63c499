"""Asking the exam: its questions put to the assistant, and scored by kind of entry and by form."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Any, Protocol

from bot.evaluation.exam_questions import lists_of, questions_of
from bot.evaluation.unanswerable import absent_attributes, absent_names, far_questions, topics_of, words_of
from corpus.errors import QuestionError
from corpus.text import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bot.answer import Answer
    from bot.evaluation.exam_questions import ExamQuestion, TextOf
    from corpus.store import StoredEntry


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


FILE_NAME = "exam.json"
_FIRST = 5


def save(folder: Path, graded: Sequence[Graded]) -> None:
    """Write the report of an exam, whole or not at all."""
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for each in graded:
        for key in each.question.gold if len(each.question.gold) == 1 else ():
            asked[key] += 1
            found[key] += any(rank <= _FIRST for rank in each.ranks)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "marks": marks(graded),
        "entries": {key: [found[key], count] for key, count in asked.items()},
        "misses": [
            {"question": each.question.question, "form": each.question.form, "wanted": sorted(each.question.gold)}
            for each in misses(graded)
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE_NAME, json.dumps(report, ensure_ascii=False))


def load(folder: Path) -> dict[str, Any] | None:
    """The report of the last exam; None where there was none.

    Returns:
        ``at``, an ISO time; ``marks`` as of ``bot.evaluation.exam.marks``; ``entries``, by key how many of the
        questions for that entry alone had it among the first five, and how many there were; ``misses``, questions
        of which nothing was found, with the keys that were wanted.
    """
    try:
        report = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None
