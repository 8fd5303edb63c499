"""Names: ids that stay unique, keys that find the same entry again."""

from __future__ import annotations

import pytest

from corpus.model import Entry, Kind, Place, Span
from corpus.text import entry_key, folded, slug, unique


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("000_icml-2023", "000_icml-2023"),
        ("Papers at ICML (2024)", "papers-at-icml-2024"),
        ("Cédric’s notes", "cedrics-notes"),
        ("日本語", "document"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_documents_id_is_its_files_name_made_a_slug(name: str, expected: str):
    assert slug(name) == expected


def test_a_name_that_is_taken_gets_the_first_free_number():
    assert unique("guide", set()) == "guide"
    assert unique("guide", {"guide", "guide-2"}) == "guide-3"


def test_folding_takes_case_accents_and_punctuation_away():
    assert folded("Cédric  ARCHAMBEAU, (the)") == "cedric archambeau the"


def test_the_same_post_in_two_pages_has_one_key_and_in_two_cities_two():
    text = "US, MA, Boston\nBuild robots."
    other = "Intro\n\nUS, MA, Boston\nBuild robots."
    boston = Entry(Kind.JOB, "Opening", Span(0, len(text)), place=Place("US, MA, Boston"))
    again = Entry(Kind.JOB, "Engineer", Span(7, len(other)), place=Place("US, MA, Boston"))
    seattle = Entry(Kind.JOB, "Opening", Span(0, len(text)), place=Place("US, WA, Seattle"))
    assert entry_key(boston, text) == entry_key(again, other) != entry_key(seattle, text)


def test_a_paper_is_known_by_its_title_whatever_is_said_of_it():
    one = Entry(Kind.PAPER, "Cold Brew: Distilling", Span(0, 5))
    two = Entry(Kind.PAPER, "Cold brew – distilling", Span(0, 9))
    assert entry_key(one, "first text") == entry_key(two, "second text")
