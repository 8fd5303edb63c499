"""Browsing by facts: what carries them, page by page, and the names to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.errors import NotFoundError
from tests.doubles import stored_quote

if TYPE_CHECKING:
    from bot.assistant import Assistant


def test_papers_under_a_topic_come_in_page_order(bundled: Assistant):
    answer = bundled.browse("paper", {"topic": "bandit problems", "venue": "ICML 2023"})
    assert answer.summary == "4 papers under bandit problems at ICML 2023"
    assert [c.title.split()[0] for c in answer.citations] == [
        "Delay-adapted",
        "Incentivizing",
        "Multi-task",
        "Thompson",
    ]
    for citation in answer.citations:
        assert stored_quote(bundled, citation) == citation.excerpt


def test_pages_go_on_where_the_last_one_ended(bundled: Assistant):
    pages = [bundled.browse("paper", {"venue": "ICML 2023"}, page=page) for page in (1, 2, 3, 4)]
    ranks = [citation.rank for page in pages for citation in page.citations]
    assert ranks == list(range(1, 19))
    assert pages[1].summary == "18 papers at ICML 2023; page 2 of 4"
    assert len({citation.title for page in pages for citation in page.citations}) == 18
    assert bundled.browse("paper", {"venue": "ICML 2023"}, page=99).summary.endswith("page 4 of 4")


def test_jobs_are_found_by_city_country_and_a_slip(bundled: Assistant):
    cities = {citation.location for citation in bundled.browse("job", {"place": "Spain"}).citations}
    assert len(cities) == 2
    assert bundled.browse("job", {"place": "Madird"}).citations[0].location.endswith("Madrid")


@pytest.mark.parametrize(
    "facts", [{"author": "Nobody Atall"}, {"topic": "Volcanoes"}, {"venue": "KDD 1999"}, {"venue": "ICML 2019"}]
)
def test_a_name_that_nothing_carries_is_told(bundled: Assistant, facts: dict[str, str]):
    with pytest.raises(NotFoundError, match="The digest has no"):
        bundled.browse("paper", facts)


def test_facts_that_do_not_go_together_have_nothing(bundled: Assistant):
    answer = bundled.browse("paper", {"author": "Branislav Kveton", "venue": "ICLR 2022"})
    assert (answer.answered, answer.summary) == (False, "no papers by Branislav Kveton at ICLR 2022")


def test_names_are_offered_by_their_beginnings(bundled: Assistant):
    assert bundled.names("author", "kvet") == ["Branislav Kveton"]
    assert bundled.names("author", "cedric") == ["Cédric Archambeau"]
    assert bundled.names("venue", "icml")[0] == "ICML"
    assert "Spain" in bundled.names("place", "sp")
    assert len(bundled.names("topic", "", most=25)) == 25
    assert bundled.names("team", "no such team") == []
