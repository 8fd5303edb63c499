"""Links that open a page at a quote: what a browser looks for, and how it is written."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from bot.answering.deep_links import LONGEST, link_to

PAGE = "https://example.org/guide"
LONG = "The kite rises on the wind, and then the whole town watches how it turns above the harbour."


def directive(excerpt: str, before: str = "", address: str = PAGE) -> str:
    link = link_to(address, before, excerpt)
    assert link is not None
    assert link.startswith(f"{PAGE}#")
    return link.partition(":~:text=")[2]


def test_a_long_quote_is_found_by_its_first_and_last_words():
    assert directive(LONG) == "The%20kite%20rises%20on%20the,it%20turns%20above%20the%20harbour."


def test_a_short_quote_is_given_whole():
    assert directive("Kites rise.") == "Kites%20rise."


def test_the_marks_of_a_directive_are_encoded():
    assert directive("Low-cost, R&D — in 2026") == "Low%2Dcost%2C%20R%26D%20%E2%80%94%20in%202026"


def test_beginning_and_end_are_of_one_block_each():
    assert directive("On kites\nAda Moss, Ben Ray\nThey rise and fall.") == "On%20kites,They%20rise%20and%20fall."
    assert directive("• On kites | Ada Moss | Madrid") == "On%20kites,Madrid"


def test_a_beginning_that_stands_before_the_quote_is_made_longer():
    assert unquote(directive(LONG, before="The kite rises on the roof.")).startswith(
        "The kite rises on the wind,,"
    )


def test_a_beginning_that_stands_before_it_whole_is_told_by_the_words_before_it():
    before = "One\nKites rise.\n\nThe second time they do.\n"
    assert directive("Kites rise.", before) == "The%20second%20time%20they%20do.-,Kites%20rise."


def test_an_end_that_stands_in_the_quote_twice_is_made_longer():
    said = f"{LONG} Then it turns above the harbour. At night it turns above the harbour."
    assert unquote(directive(said)) == "The kite rises on the,night it turns above the harbour."


def test_a_fragment_of_the_address_stays():
    link = link_to(f"{PAGE}#jobs", "", "Kites rise.")
    assert link == f"{PAGE}#jobs:~:text=Kites%20rise."


@pytest.mark.parametrize("excerpt", ["", "  \n ", "风筝在港口上空缓缓升起" * 40, "x" * (LONGEST + 1)])
def test_where_no_words_find_it_there_is_no_link(excerpt: str):
    assert link_to(PAGE, "", excerpt) is None
