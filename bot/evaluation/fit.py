"""Fits a logistic regression over signals whose weights may not have the wrong sign."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.evaluation.metrics import auroc
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SHARES = {
    "lists": 0.21,
    "by name": 0.18,
    "in words of the page": 0.19,
    "in own words": 0.14,
    "far": 0.13,
    "near": 0.10,
    "absent attribute": 0.05,
}
"""The assumed mix of questions: seven in ten can be answered."""

_UNANSWERABLE = frozenset({"far", "near", "absent attribute"})

_AGAINST = frozenset({"unknown", "missing", "elsewhere", "withheld"})
_EITHER = frozenset({"leaning"})
_PENALTIES = (1e-4, 1e-3, 3e-3, 1e-2, 3e-2)
_FOLDS = 5
_BINS = 10
_FALSE_ABSTENTIONS = 0.0125
"""Less than half of what is bearable: people put their questions less plainly than rules do."""
_REFUSED = 1.0
"""What a refused question costs beside a wrong answer."""
_UNSURE = 0.25
"""Of the answerable questions that are refused the share that is not even told to be near."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of similar confidence: their weight, mean confidence, and the answerable share."""

    weight: float
    confidence: float
    answerable: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The parameters of a fit and its scores on held-out questions."""

    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercept: float
    threshold: float
    unsure: float
    penalty: float
    auroc: float
    error: float
    false_abstentions: float
    false_answers: dict[str, float]
    bins: list[Bin]


def fit(
    names: Sequence[str],
    rows: Sequence[Sequence[float]],
    sources: Sequence[str],
    groups: Sequence[int],
    shares: Mapping[str, float] = SHARES,
    bearable: float | None = _FALSE_ABSTENTIONS,
) -> Fit:
    """Fit and cross-validate.

    Args:
        names: of the signals.
        rows: the signals' values, one row per question.
        sources: one of ``shares`` per question; each source gets its share of the weight.
        groups: numbers; questions of one group are never split between fitting and measuring. Up to five groups
            are left out one by one.
        shares: the sources' weights; see ``is_absent``.
        bearable: the share of answerable questions that may be refused; None balances refusals and wrong answers.

    Raises:
        DigestbotError: there are no answerable or no unanswerable questions.
    """
    values = np.asarray(rows, dtype=np.float64)
    answerable = np.array([not is_absent(source) for source in sources])
    if answerable.all() or not answerable.any():
        raise DigestbotError("the corpus is too small to calibrate on: no question can be made of it")
    counts = Counter(sources)
    weight = np.array([shares[source] / counts[source] for source in sources])
    weight /= weight.sum()
    means = values.mean(axis=0)
    scales = np.where(values.std(axis=0) > 1e-9, values.std(axis=0), 1.0)
    standard = (values - means) / scales
    folds = np.asarray(groups) % _FOLDS
    tried = {}
    for penalty in _PENALTIES:
        held = np.zeros(len(standard))
        for fold in range(_FOLDS):
            inside = folds != fold
            parameters = _optimum(names, standard[inside], answerable[inside], weight[inside], penalty)
            held[~inside] = _logistic(standard[~inside], parameters)
        tried[penalty] = (_loss(held, answerable, weight), held)
    penalty = min(tried, key=lambda each: tried[each][0])
    held = tried[penalty][1]
    parameters = _optimum(names, standard, answerable, weight, penalty)
    if bearable is None:
        bearable = _balanced(held, answerable, weight)
    threshold = _quantile(held[answerable], weight[answerable], bearable)
    bins = reliability(held, answerable, weight)
    return Fit(
        means=means,
        scales=scales,
        weights=parameters[1:],
        intercept=float(parameters[0]),
        threshold=threshold,
        unsure=_quantile(held[answerable], weight[answerable], bearable * _UNSURE),
        penalty=penalty,
        auroc=auroc(held[answerable], held[~answerable]) or 0.0,
        error=calibration_error(bins),
        false_abstentions=float(np.average(held[answerable] < threshold, weights=weight[answerable])),
        false_answers={
            source: float((held[[each == source for each in sources]] >= threshold).mean())
            for source in sorted(counts)
            if is_absent(source)
        },
        bins=bins,
    )


def _balanced(held: NDArray[np.float64], answerable: NDArray[np.bool_], weight: NDArray[np.float64]) -> float:
    """The share of the answerable questions to refuse at which these and the wrong answers cost least."""

    def cost(share: float) -> float:
        threshold = _quantile(held[answerable], weight[answerable], share)
        wrong = np.average(held[~answerable] >= threshold, weights=weight[~answerable])
        return float(wrong) + _REFUSED * share

    return min((step / 200 for step in range(1, 60)), key=cost)


def is_absent(source: str) -> bool:
    """Whether the questions of a source are to be refused."""
    return source in _UNANSWERABLE or source.startswith("absent")


def _quantile(values: NDArray[np.float64], weight: NDArray[np.float64], share: float) -> float:
    """The value below which no more than a share of the weight lies."""
    order = np.argsort(values)
    below = np.cumsum(weight[order]) - weight[order]
    fitting = np.flatnonzero(below <= share * weight.sum())
    return float(values[order[fitting[-1]]])


def reliability(
    confidence: NDArray[np.float64], answerable: NDArray[np.bool_], weight: NDArray[np.float64]
) -> list[Bin]:
    """Group questions by confidence into ten bins of equal width (Guo et al. 2017); drops empty bins."""
    at = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    bins: list[Bin] = []
    for i in range(_BINS):
        inside = at == i
        total = float(weight[inside].sum())
        if total > 0:
            mean = float(np.average(confidence[inside], weights=weight[inside]))
            bins.append(Bin(total, mean, float(np.average(answerable[inside], weights=weight[inside]))))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the weighted mean gap of confidence and answerable share."""
    total = sum(each.weight for each in bins)
    return sum(each.weight * abs(each.confidence - each.answerable) for each in bins) / total if total else 0.0


def _optimum(
    names: Sequence[str],
    rows: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    weight: NDArray[np.float64],
    penalty: float,
) -> NDArray[np.float64]:
    """Return intercept and weights; bounds keep each signal from counting the wrong way."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    weight = weight / weight.sum()

    def objective(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        guessed = _logistic(rows, parameters)
        loss = _loss(guessed, answerable, weight) + penalty * float(parameters[1:] @ parameters[1:])
        slope = weight * (guessed - answerable)
        return loss, np.concatenate(([slope.sum()], slope @ rows + 2 * penalty * parameters[1:]))

    bounds = [(None, None), *map(_bounds, names)]
    found = minimize(objective, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    best: NDArray[np.float64] = found.x
    return best


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in _EITHER:
        return None, None
    return (None, 0.0) if name in _AGAINST else (0.0, None)


def _logistic(rows: NDArray[np.float64], parameters: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.clip(parameters[0] + rows @ parameters[1:], -50, 50)
    result: NDArray[np.float64] = 1 / (1 + np.exp(-total))
    return result


def _loss(guessed: NDArray[np.float64], answerable: NDArray[np.bool_], weight: NDArray[np.float64]) -> float:
    """Mean negative log likelihood."""
    right = np.where(answerable, guessed, 1 - guessed)
    return float(-(weight * np.log(np.maximum(right, 1e-12))).sum() / weight.sum())
