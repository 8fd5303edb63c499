"""Matching: what a standing query would be told of, were all of the bundled digests new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.errors import QuestionError
from tests.doubles import stored_quote

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from corpus.store import StoredEntry


def matched(assistant: Assistant, query: str, entries: list[StoredEntry] | None = None) -> list[StoredEntry]:
    new = assistant.entries() if entries is None else entries
    found = set(assistant.matching.matches(query, None, [each.id for each in new]))
    return [each for each in new if each.id in found]


def test_a_place_is_a_fact(bundled: Assistant):
    found = matched(bundled, "openings in Spain")
    here = [each for each in bundled.entries() if each.entry.place and each.entry.place.country == "ES"]
    assert here
    assert {each.key for each in here} <= {each.key for each in found}  # one for each, wherever it stands
    assert {each.entry.kind for each in found} == {"job"}
    for each in found:
        assert each in here or "Spain" in bundled.text(each.document, each.entry.span.start, each.entry.span.end)


def test_an_author_is_a_fact(bundled: Assistant):
    found = matched(bundled, "papers by Kveton")
    every = bundled.entries()
    assert found == [each for each in every if any("Kveton" in author for author in each.entry.authors)]


def test_a_kind_alone_selects_all_of_it(bundled: Assistant):
    assert {each.entry.kind for each in matched(bundled, "new jobs")} == {"job"}
    assert len(matched(bundled, "jobs")) == len([e for e in bundled.entries() if e.entry.kind == "job"])


def test_meaning_selects_what_comes_near_to_the_best_and_nothing_else(bundled: Assistant):
    found = matched(bundled, "making synthetic time series with a GAN")
    assert [each.entry.title[:7] for each in found] == ["PSA-GAN"]


def test_what_is_near_to_nothing_new_is_told_of_nothing(bundled: Assistant):
    others = [each for each in bundled.entries() if "PSA-GAN" not in each.entry.title]
    assert matched(bundled, "making synthetic time series with a GAN", others) == []


@pytest.mark.parametrize(
    "query", ["football results", "hello", "openings in Antarctica", "papers by Ada Lovelace"]
)
def test_what_the_digests_do_not_have_matches_nothing(bundled: Assistant, query: str):
    assert matched(bundled, query) == []


def test_entries_that_are_gone_match_nothing(bundled: Assistant):
    assert bundled.matching.matches("openings in Spain", None, [10**9]) == []
    assert bundled.matching.citations("openings in Spain", None, ["no such key"], 5) == ([], 0)


def test_a_query_without_words_is_none(bundled: Assistant):
    with pytest.raises(QuestionError):
        bundled.matching.matches("🙂", None, [1])


def test_citations_are_verbatim_in_the_order_of_their_keys(bundled: Assistant):
    keys = [each.key for each in matched(bundled, "papers at ICML 2023")][::-1]
    cited, standing = bundled.matching.citations("papers at ICML 2023", None, [*keys, keys[0], "gone"], 4)
    assert standing == len(keys)
    assert [each.rank for each in cited] == [1, 2, 3, 4]
    titles = {each.key: each.entry.title for each in bundled.entries()}
    assert [each.title for each in cited] == [titles[key] for key in keys[:4]]
    for each in cited:
        assert each.excerpt == stored_quote(bundled, each)
