"""The fit: sure where it may be, unsure where it must, and measured on what it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from bot.evaluation.fit import Bin, Fit, calibration_error, fit, reliability
from corpus.errors import DigestbotError

NAMES = ("cosine", "unknown", "noise")


def questions(count: int, *, apart: float, seed: int = 0) -> tuple[list[list[float]], list[str]]:
    """Answerable questions and others, whose signals lie ``apart`` standard deviations from each other."""
    random = np.random.default_rng(seed)
    rows: list[list[float]] = []
    sources: list[str] = []
    for at in range(count):
        source = ("lists", "in own words", "far", "near")[at % 4]
        shift = apart / 2 if at % 4 < 2 else -apart / 2
        cosine, unknown, noise = random.normal(size=3)
        rows.append([cosine + shift, unknown - shift, noise])
        sources.append(source)
    return rows, sources


def fitted(rows: list[list[float]], sources: list[str], names: tuple[str, ...] = NAMES) -> Fit:
    return fit(names, rows, sources, range(len(rows)))


def confidences(found: Fit, rows: list[list[float]]) -> np.ndarray:
    standard = (np.asarray(rows) - found.means) / found.scales
    return 1 / (1 + np.exp(-(found.intercept + standard @ found.weights)))


def test_questions_that_differ_clearly_are_told_apart_with_good_reason():
    found = fitted(*questions(800, apart=6))
    assert found.auroc > 0.99
    assert found.error < 0.03
    assert found.false_abstentions <= 0.03
    assert all(share < 0.03 for share in found.false_answers.values())


def test_it_is_as_sure_of_questions_that_it_has_not_seen_as_it_may_be():
    found = fitted(*questions(2000, apart=1.5))
    rows, sources = questions(2000, apart=1.5, seed=1)
    answerable = np.array([source in ("lists", "in own words") for source in sources])
    shares = {"lists": 0.21, "in own words": 0.12, "far": 0.12, "near": 0.12}  # of equally many of each
    weight = np.array([shares[source] for source in sources])
    assert calibration_error(reliability(confidences(found, rows), answerable, weight)) < 0.05
    assert 0.8 < found.auroc < 0.99


def test_a_signal_never_counts_for_the_side_that_it_speaks_against():
    rows, sources = questions(800, apart=2)
    turned = [[-cosine, -unknown, noise] for cosine, unknown, noise in rows]
    found = fitted(turned, sources)
    assert found.weights[:2] == pytest.approx([0.0, 0.0])


def test_what_says_nothing_weighs_next_to_nothing():
    found = fitted(*questions(2000, apart=2))
    assert found.weights[0] > 0.5
    assert found.weights[1] < -0.5
    assert found.weights[2] < 0.1


def test_a_signal_that_is_always_the_same_does_no_harm():
    rows, sources = questions(400, apart=4)
    found = fitted([[cosine, unknown, 1.0] for cosine, unknown, _ in rows], sources)
    assert np.isfinite(found.weights).all()
    assert found.auroc > 0.95


def test_few_answerable_questions_are_turned_away_even_where_the_two_sorts_are_hard_to_tell_apart():
    found = fitted(*questions(2000, apart=1.0))
    assert found.false_abstentions <= 0.026
    assert found.threshold < 0.5
    assert max(found.false_answers.values()) > 0.1  # the price, and it is told


def test_how_many_questions_there_are_of_a_source_changes_nothing():
    rows, sources = questions(400, apart=2)
    twice = [at for at, source in enumerate(sources) for _ in range(4 if source == "far" else 1)]
    found = fit(NAMES, rows, sources, range(len(rows)))
    more = fit(NAMES, [rows[at] for at in twice], [sources[at] for at in twice], twice)
    assert confidences(more, rows) == pytest.approx(confidences(found, rows), abs=0.02)


@pytest.mark.parametrize("sources", [["lists"] * 20, ["far"] * 20], ids=["none to refuse", "none to answer"])
def test_questions_of_one_sort_alone_are_refused_with_a_clear_word(sources: list[str]):
    with pytest.raises(DigestbotError, match="too small to calibrate"):
        fit(("cosine",), [[0.1]] * 20, sources, range(20))


def test_questions_in_one_bin_are_compared_by_their_weights():
    confidence, answerable = np.array([0.91, 0.99, 0.05]), np.array([True, False, False])
    bins = reliability(confidence, answerable, np.array([3.0, 1.0, 4.0]))
    assert bins == [
        Bin(pytest.approx(4.0), pytest.approx(0.05), 0.0),
        Bin(pytest.approx(4.0), pytest.approx(0.93), pytest.approx(0.75)),
    ]
    assert calibration_error(bins) == pytest.approx((0.05 + 0.18) / 2)


def test_whole_certainty_belongs_to_the_last_bin():
    assert reliability(np.array([1.0]), np.array([True]), np.array([1.0])) == [Bin(1.0, 1.0, 1.0)]
    assert calibration_error([]) == 0.0
