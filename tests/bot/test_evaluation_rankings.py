"""Test collections: the measures as trec_eval defines them, worked out by hand, and the run file."""

from math import log2

import pytest

from bot.evaluation.metrics import ndcg, score_rankings, trec_lines

RUN = {"q1": [("d1", 3.0), ("d2", 2.0), ("d3", 1.0)], "q2": [("d9", 1.0)]}


def test_ndcg_discounts_the_grade_by_the_rank_and_compares_with_all_that_was_judged():
    got = ndcg(["d2", "x", "d1"], {"d1": 2, "d2": 1, "unfound": 1}, depth=10)
    assert got == pytest.approx((1 + 2 / log2(4)) / (2 + 1 / log2(3) + 1 / log2(4)))


def test_a_perfect_ranking_is_1_and_an_empty_one_0():
    assert ndcg(["a", "b"], {"a": 2, "b": 1}, depth=10) == 1
    assert ndcg([], {"a": 2}, depth=10) == 0


def test_only_the_first_ten_gain_and_the_ideal_has_ten_at_most():
    relevant = {f"d{n}": 1 for n in range(20)}
    assert ndcg([f"d{n}" for n in range(10)], relevant, depth=10) == 1
    assert ndcg([*"abcdefghij", "d1"], relevant, depth=10) == 0


def test_the_means_are_over_queries_that_have_something_to_find():
    judged = {"q1": {"d2": 1, "d3": 0}, "q2": {"d8": 1}, "q3": {"d1": 0}, "unanswered": {"d1": 1}}
    scores = score_rankings(RUN, judged)
    assert scores["queries"] == 3
    assert scores["nDCG@10"] == pytest.approx(1 / log2(3) / 3)
    assert scores["MRR@10"] == pytest.approx(0.5 / 3)
    assert scores["recall@10"] == scores["recall@100"] == pytest.approx(1 / 3)


def test_recall_looks_at_ten_and_at_a_hundred():
    ranking = [(f"d{n}", float(-n)) for n in range(200)]
    scores = score_rankings({"q": ranking}, {"q": {"d5": 1, "d50": 1, "d150": 2, "never": 1}})
    assert (scores["recall@10"], scores["recall@100"], scores["MRR@10"]) == (0.25, 0.5, 1 / 6)


def test_equal_scores_are_ordered_as_trec_eval_orders_them():
    tied = {"q": [("a", 1.0), ("b", 1.0)]}
    assert score_rankings(tied, {"q": {"b": 1}})["MRR@10"] == 1
    assert [line.split()[2] for line in trec_lines(tied, "t")] == ["b", "a"]


def test_the_run_file_has_six_fields_a_line():
    assert list(trec_lines(RUN, "digestbot")) == [
        "q1 Q0 d1 1 3 digestbot\n",
        "q1 Q0 d2 2 2 digestbot\n",
        "q1 Q0 d3 3 1 digestbot\n",
        "q2 Q0 d9 1 1 digestbot\n",
    ]


def test_nothing_judged_gives_no_figures():
    assert score_rankings({}, {}) == {"queries": 0}
