"""The exam: questions drawn from the corpus, asked, scored by kind and form, and reported in a file."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class ExamResult:
    """A question with the ranks (from 1) of its gold entries among the first ten, and whether it was answered."""

    question: ExamQuestion
    ranks: tuple[int, ...]
    answered: bool

    def recall(self, depth: int) -> float:
        """Recall at ``depth``; of more gold entries than that, only ``depth`` can be found."""
        fits = min(len(self.question.gold), depth)
        return sum(rank <= depth for rank in self.ranks) / fits


def grade(
    ask: Callable[..., Answer],
    questions: Sequence[ExamQuestion],
    keys: Mapping[int, str],
    progress: Callable[[int, int], None],
) -> list[ExamResult]:
    """Ask all questions.

    Args:
        ask: answers them, as ``Assistant.ask``.
        questions: in the order in which they are asked.
        keys: maps entry ids to keys.
        progress: receives the number of asked questions and their total.
    """
    graded: list[ExamResult] = []
    for number, question in enumerate(questions, 1):
        try:
            answer = ask(question.question, history=question.history, top=DEPTH)
        except QuestionError:
            graded.append(ExamResult(question, (), answered=False))
        else:
            found = [keys.get(citation.entry_id) for citation in answer.citations or answer.nearest]
            ranks = tuple(rank for rank, key in enumerate(found, 1) if key in question.gold)
            graded.append(ExamResult(question, ranks, answer.answered))
        progress(number, len(questions))
    return graded


def summarise(graded: Sequence[ExamResult]) -> dict[str, Any]:
    """Summarise an exam.

    Returns:
        ``kinds`` and ``forms``: per kind of entry and per form of answerable question the number ``n`` and the
        means ``success@1``, ``recall@5``, ``recall@10``, ``MRR@10`` and ``not_answered``; ``overall``: the same
        for all; ``unanswerable``: per form the number ``n`` and the share ``answered``.
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


def misses(graded: Sequence[ExamResult]) -> list[ExamResult]:
    """Return the answerable questions without a gold entry among the first ten."""
    return [each for each in graded if each.question.answerable and not each.ranks]


def _by(names: Sequence[str], graded: Sequence[ExamResult]) -> dict[str, dict[str, float]]:
    return {name: _means(those) for name, those in _split(names, graded).items()}


def _split(names: Sequence[str], graded: Sequence[ExamResult]) -> dict[str, list[ExamResult]]:
    split: dict[str, list[ExamResult]] = {}
    for name, each in zip(names, graded, strict=True):
        split.setdefault(name, []).append(each)
    return split


def _means(graded: Sequence[ExamResult]) -> dict[str, float]:
    return {
        "n": len(graded),
        "success@1": fmean(1 in each.ranks for each in graded),
        "recall@5": fmean(each.recall(5) for each in graded),
        "recall@10": fmean(each.recall(DEPTH) for each in graded),
        "MRR@10": fmean(1 / min(each.ranks) if each.ranks else 0.0 for each in graded),
        "not_answered": fmean(not each.answered for each in graded),
    }


_FOREIGN_SHARE = 0.15
"""Unanswerable questions of each sort per answerable question."""


def draw_questions(entries: Sequence[StoredEntry], text_of: TextOf, count: int, seed: int) -> list[ExamQuestion]:
    """Draw at most ``count`` answerable questions, spread evenly over the forms, and some unanswerable ones.

    Args:
        entries: of the corpus; an entry in several documents counts once.
        text_of: returns an entry's text.
        count: the most answerable questions.
        seed: fixes the choice for one corpus.
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
    """Return the first entry of each key, in order."""
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


def save(folder: Path, graded: Sequence[ExamResult]) -> None:
    """Write the report of an exam atomically."""
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for each in graded:
        for key in each.question.gold if len(each.question.gold) == 1 else ():
            asked[key] += 1
            found[key] += any(rank <= _FIRST for rank in each.ranks)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "marks": summarise(graded),
        "entries": {key: [found[key], count] for key, count in asked.items()},
        "misses": [
            {"question": each.question.question, "form": each.question.form, "wanted": sorted(each.question.gold)}
            for each in misses(graded)
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE_NAME, json.dumps(report, ensure_ascii=False))


def load(folder: Path) -> dict[str, Any] | None:
    """Read the report of the last exam; None if there is none.

    Returns:
        ``at``: an ISO time; ``marks``: see ``summarise``; ``entries``: per key the number of questions for that
        entry alone that had it among the first five, and their total; ``misses``: questions without a hit, with
        the keys they wanted.
    """
    try:
        report = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None
