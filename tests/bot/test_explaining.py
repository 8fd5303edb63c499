"""An explanation is the answer's own: the same entries in the same order, and what its confidence is made of."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot import Assistant


@pytest.mark.parametrize(
    "question", ["who wrote RLSbench?", "openings in Spain", "what does it say about llamas?"]
)
def test_an_explanation_agrees_with_the_answer(bundled: Assistant, question: str):
    answer, explained = bundled.ask(question, top=5), bundled.explain(question, top=5)
    assert explained.answer.citations == answer.citations
    assert explained.answer.confidence == answer.confidence
    if answer.answered:
        found = [each.entry for each in explained.found]
        cited = [citation.entry_id for citation in answer.citations]
        assert [each for each in found if each in cited] == cited
        assert found[0] == cited[0]
    intercept = bundled._responder.calibration.intercept
    total = intercept + sum(each.adds for each in explained.weighed)
    if answer.confidence < 1:  # what facts alone select is no guess, whatever the signals add up to
        assert 1 / (1 + exp(-total)) == pytest.approx(answer.confidence, abs=1e-3)


def test_it_names_what_was_recognised_and_where(bundled: Assistant):
    explained = bundled.explain("openings in spain for economists")
    names = {each.what: each for each in explained.recognised}
    assert (names["place"].name, names["place"].words, names["place"].exactness) == ("Spain", "spain", 1.0)
    assert names["place"].entries > 1
    assert explained.kind == "job"
    assert explained.to_json()["found"][0]["rank"] == 1


def test_a_follow_up_is_explained_as_it_was_searched(bundled: Assistant):
    explained = bundled.explain("and who wrote it?", history=["what is RLSbench?"])
    assert "RLSbench" in explained.searched
    assert explained.answer.answered
