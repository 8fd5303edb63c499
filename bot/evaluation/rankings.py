"""The scores of a test collection: nDCG, recall and reciprocal rank of rankings against judgements."""

from __future__ import annotations

from math import log2
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def score_rankings(
    rankings: Mapping[str, Sequence[tuple[str, float]]], judgements: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """Score rankings as trec_eval does.

    Args:
        rankings: per query (document, score) pairs, in any order.
        judgements: per query the grade of each judged document; above 0 is relevant.

    Returns:
        Means over the queries that have a relevant document; one without a ranking counts as 0.
    """
    rows = []
    for query, grades in judgements.items():
        relevant = {document: grade for document, grade in grades.items() if grade > 0}
        if relevant:
            ranked = [document for document, _ in trec_order(rankings.get(query, ()))]
            rows.append(_measure(ranked, relevant))
    return {"queries": len(rows), **({name: fmean(row[name] for row in rows) for name in rows[0]} if rows else {})}


def trec_order(ranking: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """The order in which trec_eval reads a run: by falling score, ties by falling document id."""
    return sorted(ranking, key=lambda pair: (pair[1], pair[0]), reverse=True)


def trec_lines(rankings: Mapping[str, Sequence[tuple[str, float]]], tag: str) -> Iterable[str]:
    """The lines of a TREC run file: query, Q0, document, rank from 1, score, tag."""
    for query, ranking in rankings.items():
        for rank, (document, score) in enumerate(trec_order(ranking), 1):
            yield f"{query} Q0 {document} {rank} {score:.9g} {tag}\n"


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Normalised discounted cumulative gain: the grade over log2(rank + 1), over that of the ideal order.

    The ideal takes all relevant documents, found or not (Järvelin and Kekäläinen 2002, as in trec_eval).
    """
    gained = _discounted(relevant.get(document, 0) for document in ranked[:depth])
    return gained / _discounted(sorted(relevant.values(), reverse=True)[:depth])


def _measure(ranked: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    first = next((rank for rank, document in enumerate(ranked[:10], 1) if document in relevant), None)
    return {
        "nDCG@10": ndcg(ranked, relevant, 10),
        "recall@10": len(relevant.keys() & set(ranked[:10])) / len(relevant),
        "recall@100": len(relevant.keys() & set(ranked[:100])) / len(relevant),
        "MRR@10": 1 / first if first else 0.0,
    }


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))
