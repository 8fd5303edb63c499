"""Scores question sets (evidence by rank, abstention, AUROC) and rankings (nDCG, recall, MRR)."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from math import log2
from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.answer import Citation
    from bot.evaluation.questions import Gold, Question

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BLOCK_MARK = re.compile(r"^[^\S\n]*(?:>{1,3}|-#|#{1,3})\s+", re.MULTILINE)
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\\*_~|`"),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The scored part of a citation.

    ``label`` is the heading above the quote, ``entry`` the entry's offsets in the document in characters, and
    ``whole`` the entry's text if all of it may hold the evidence.
    """

    label: str
    text: str
    document: str
    entry: tuple[int, int]
    whole: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the excerpt as the results file holds it."""
        return {"label": self.label, "text": self.text, "doc": self.document, "entry": list(self.entry)}


def excerpt_of(citation: Citation, whole: str = "") -> Excerpt:
    """Make the excerpt of a citation; its label joins the title, the topic, and the authors or the place."""
    by = ", ".join(citation.authors) or citation.location
    label = "\n".join(part for part in (citation.title, citation.section, by) if part)
    entry = (citation.entry_start, citation.entry_end)
    return Excerpt(label, citation.excerpt, citation.document, entry, whole)


def holds(excerpt: Excerpt, gold: Gold) -> bool:
    """Return whether the excerpt comes from a gold document and has one of the evidence strings.

    Question sets name a document by the first three characters of its id.
    """
    if excerpt.document[:3] not in (gold.doc, *gold.alt_docs):
        return False
    shown = _alike(f"{excerpt.label}\n{excerpt.text}\n{excerpt.whole}")
    return any(_alike(evidence) in shown for evidence in gold.evidence)


def _alike(text: str) -> str:
    text = unicodedata.normalize("NFKC", html.unescape(text)).translate(_INVISIBLE)
    text = _BLOCK_MARK.sub("", text).translate(_ALIKE)
    text = " ".join(text.split())
    return re.sub(r"\s*-+\s*", "-", text).casefold()


CUTOFFS = (1, 3, 5, 10)
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Result:
    """One question's excerpts in rank order; after an abstention they are the nearest entries, not an answer."""

    question: Question
    excerpts: tuple[Excerpt, ...]
    abstained: bool
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """Return the result as the results file holds it."""
        return {
            "id": self.question.id,
            "excerpts": [excerpt.to_json() for excerpt in self.excerpts],
            "abstained": self.abstained,
            "confidence": self.confidence,
        }

    def ranks(self) -> list[int | None]:
        """Return per gold item the rank (from 1) of the first excerpt that holds it; None beyond the tenth."""
        return [
            next((rank for rank, each in enumerate(self.excerpts[:DEPTH], 1) if holds(each, gold)), None)
            for gold in self.question.gold
        ]


def score_set(results: Sequence[Result]) -> dict[str, Any]:
    """Score a question set.

    Returns:
        ``overall``, ``any`` and ``all`` (by gold mode) and ``categories``: means over answerable questions of

        - success@k: 1 if the first k excerpts hold a gold item ("any") or every item ("all")
        - coverage@k: the share of gold items in the first k excerpts ("any": as success)
        - e2e_success@k, e2e_coverage@k: the same, but an abstention holds nothing
        - MRR@10: one over the rank of the first excerpt with a gold item
        - false_abstentions: the share without an answer

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


def auroc(positive: Sequence[float] | NDArray[Any], negative: Sequence[float] | NDArray[Any]) -> float | None:
    """Return the area under the ROC curve; None if either class is empty."""
    if not len(positive) or not len(negative):
        return None
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score([1] * len(positive) + [0] * len(negative), [*positive, *negative]))


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


def score_rankings(
    rankings: Mapping[str, Sequence[tuple[str, float]]], judgements: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """Score rankings as trec_eval does.

    Args:
        rankings: (document, score) pairs per query, in any order.
        judgements: grades of documents per query; above 0 is relevant.

    Returns:
        Means over the queries with a relevant document; a query without a ranking counts as 0.
    """
    rows = []
    for query, grades in judgements.items():
        relevant = {document: grade for document, grade in grades.items() if grade > 0}
        if relevant:
            ranked = [document for document, _ in trec_order(rankings.get(query, ()))]
            rows.append(_rankings_measure(ranked, relevant))
    return {"queries": len(rows), **({name: fmean(row[name] for row in rows) for name in rows[0]} if rows else {})}


def trec_order(ranking: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Sort as trec_eval does: by falling score, ties by falling document id."""
    return sorted(ranking, key=lambda pair: (pair[1], pair[0]), reverse=True)


def trec_lines(rankings: Mapping[str, Sequence[tuple[str, float]]], tag: str) -> Iterable[str]:
    """Yield the lines of a TREC run file: query, Q0, document, rank from 1, score, tag."""
    for query, ranking in rankings.items():
        for rank, (document, score) in enumerate(trec_order(ranking), 1):
            yield f"{query} Q0 {document} {rank} {score:.9g} {tag}\n"


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Return the normalised discounted cumulative gain (Järvelin and Kekäläinen 2002, as in trec_eval).

    The ideal order has all relevant documents, found or not.
    """
    gained = _discounted(relevant.get(document, 0) for document in ranked[:depth])
    return gained / _discounted(sorted(relevant.values(), reverse=True)[:depth])


def _rankings_measure(ranked: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    first = next((rank for rank, document in enumerate(ranked[:10], 1) if document in relevant), None)
    return {
        "nDCG@10": ndcg(ranked, relevant, 10),
        "recall@10": len(relevant.keys() & set(ranked[:10])) / len(relevant),
        "recall@100": len(relevant.keys() & set(ranked[:100])) / len(relevant),
        "MRR@10": 1 / first if first else 0.0,
    }


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))
