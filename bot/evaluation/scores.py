"""The scores of a question set: found evidence by rank, answers that should not be, and how sure they were."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

from bot.evaluation.evidence import holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.evaluation.evidence import Excerpt
    from bot.evaluation.questions import Question

CUTOFFS = (1, 3, 5, 10)
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Result:
    """One question's outcome: excerpts in rank order; abstained: the nearest ones, offered as no answer."""

    question: Question
    excerpts: tuple[Excerpt, ...]
    abstained: bool
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """The result as the results file holds it."""
        return {
            "id": self.question.id,
            "excerpts": [excerpt.to_json() for excerpt in self.excerpts],
            "abstained": self.abstained,
            "confidence": self.confidence,
        }

    def ranks(self) -> list[int | None]:
        """For each gold item the rank, from 1, of the first excerpt that holds it; None: not in the first 10."""
        return [
            next((rank for rank, each in enumerate(self.excerpts[:DEPTH], 1) if holds(each, gold)), None)
            for gold in self.question.gold
        ]


def score_set(results: Sequence[Result]) -> dict[str, Any]:
    """Score a question set.

    Returns:
        ``overall``, ``any`` and ``all`` (by gold mode) and ``categories``: means over answerable questions of

        - success@k: 1 where an excerpt among the first k holds a gold item ("any"), or each item is held ("all")
        - coverage@k: the share of the gold items held in the first k ("any": as success)
        - e2e_success@k, e2e_coverage@k: the same, an abstained answer holding nothing
        - MRR@10: one over the rank of the first excerpt that holds a gold item
        - false_abstentions: the share that was not answered

        (a category of unanswerable questions: ``n`` and ``false_answers``), and ``abstention``: false answers
        among the unanswerable, false abstentions among the answerable, AUROC of the confidence.
    """
    rows = [(result, _measure(result)) for result in results if result.question.answerable]
    unanswerable = [result for result in results if not result.question.answerable]
    categories: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(result.question.category for result in results):
        inside = [row for result, row in rows if result.question.category == name]
        categories[name] = _means(inside) or {
            "n": sum(result.question.category == name for result in unanswerable),
            "false_answers": _false_answers([r for r in unanswerable if r.question.category == name]),
        }
    return {
        "categories": categories,
        "any": _means([row for result, row in rows if result.question.gold_mode == "any"]),
        "all": _means([row for result, row in rows if result.question.gold_mode == "all"]),
        "overall": _means([row for _, row in rows]),
        "abstention": {
            "answerable": len(rows),
            "unanswerable": len(unanswerable),
            "false_answers": _false_answers(unanswerable),
            "false_abstentions": fmean(result.abstained for result, _ in rows) if rows else None,
            "auroc": auroc([r.confidence for r, _ in rows], [r.confidence for r in unanswerable]),
        },
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How often a positive's value is above a negative's, a tie counting half; None where either is missing."""
    if not positive or not negative:
        return None
    ordered = sorted(negative)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in positive)
    return below / (2 * len(positive) * len(negative))


def _measure(result: Result) -> dict[str, float]:
    ranks = result.ranks()
    first = min((rank for rank in ranks if rank), default=None)
    row = {"MRR@10": 1 / first if first else 0.0, "false_abstentions": float(result.abstained)}
    for k in CUTOFFS:
        found = sum(1 for rank in ranks if rank and rank <= k)
        coverage = found / len(ranks) if result.question.gold_mode == "all" else float(found > 0)
        row[f"coverage@{k}"] = coverage
        row[f"success@{k}"] = float(coverage == 1)
        row[f"e2e_coverage@{k}"] = 0.0 if result.abstained else coverage
        row[f"e2e_success@{k}"] = 0.0 if result.abstained else float(coverage == 1)
    return row


def _means(rows: Sequence[dict[str, float]]) -> dict[str, Any]:
    if not rows:
        return {}
    return {"n": len(rows), **{name: fmean(row[name] for row in rows) for name in rows[0]}}


def _false_answers(unanswerable: Sequence[Result]) -> float | None:
    return fmean(not result.abstained for result in unanswerable) if unanswerable else None
