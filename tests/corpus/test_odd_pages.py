"""Odd pages: entries never overlap, none is empty or without a title, and nothing is taken for a paper unsaid."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from corpus.model import Kind, Page
from corpus.readers import reader_for

_LINES = (
    "# Tides",
    "## Accepted papers",
    "### Low tides at high noon",
    "**Salt that stays in the bay**",
    "Ada Moss, Ben Ray",
    "- Authors: Ada Moss",
    "Title: Low tides",
    "Authors:Ada Moss",
    "- [Foam on the northern shore](https://arxiv.org/abs/1)",
    "  Cy Dunn and Eva Holt",
    "NO, Bergen",
    "We are hiring a Tide Engineer.",
    "| Title | Authors |",
    "|---|---|",
    "| Sand in the wind | Gus Lee, Fay Ito |",
    "Harbour Lab | Tide Engineer | Porto, Portugal | REMOTE",
    "Location: Oslo, Norway",
    "Abstract",
    "<table><tr><td>Cold water</td></tr>",
    "> The sea is wide.",
    "",
    "",
)


def read(text: str, suffix: str = ".md") -> Page:
    return reader_for(f"page{suffix}").read(text.encode(), name="page")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_LINES), min_size=1, max_size=25), st.sampled_from([".md", ".txt", ".html"]))
def test_entries_of_any_page_are_told_apart(lines: list[str], suffix: str) -> None:
    try:
        page = read("\n".join(lines), suffix)
    except ReadError:
        return
    assert all(one.span.end <= other.span.start for one, other in pairwise(page.entries))
    for entry in page.entries:
        assert entry.title.strip()
        words = page.text[entry.span.start : entry.span.end]
        assert words
        assert words == words.strip()


def test_bold_words_over_the_names_of_a_pages_writers_are_no_paper() -> None:
    page = read(
        "# Notes on tides\n\n**How the sea comes and goes**\nAda Moss, Ben Ray\n\nThe moon pulls. Seas rise.\n"
    )
    assert all(entry.kind is Kind.ARTICLE for entry in page.entries)


def test_a_sentence_over_several_lines_is_no_paper_of_the_words_before_a_comma() -> None:
    papers = "\n\n".join(
        f"**[{title}](/papers/{at}.pdf)**<br />Ada Moss and Ben Ray"
        for at, title in enumerate(("Salt in the open bay", "Foam on cold northern shores", "Sand in a dry wind"))
    )
    intro = (
        "These papers are part of the tide workshop.\nShores, Currents and Harbours track papers are printed,\n"
        "while papers of guests are not printed in the book.\nPapers of the main meeting are listed too.\n"
    )
    page = read(f"# Accepted papers\n\n{intro}\n\n### Shores\n\n{papers}\n")
    assert len([entry for entry in page.entries if entry.kind is Kind.PAPER]) == 3


def test_words_that_open_an_item_of_a_list_are_nobodys_name() -> None:
    page = read(
        "# Tide news\n\n**What is next?**\n\n- **Plans:** Dates of the meeting will be told here.\n"
        "- **Stay Tuned:** News of the meeting will be posted on this very page.\n"
    )
    assert all(entry.kind is Kind.ARTICLE for entry in page.entries)


def test_what_a_sites_generator_computes_is_left_out_and_what_it_shows_stays() -> None:
    page = read(
        "---\ntitle: News\n---\n{% assign today = 'now' | date: '%s' %}\n"
        '{% include box.html title="Tide survey" preamble="Tell us how you sail." %}\n\nMore news.\n'
    )
    assert "assign" not in page.text
    assert "Tide survey" in page.text
    assert "Tell us how you sail." in page.text


def test_links_that_look_like_papers_but_are_not_read_are_told_of() -> None:
    items = "".join(
        f"- [Crates number {word}](https://arxiv.org/abs/{at})\n"
        for at, word in enumerate(("one", "two", "three", "four", "five", "six"))
    )
    page = read(f"# News\n\n{items}")
    (span,) = page.unplaced
    assert page.text[span.start :].startswith("Crates number one")
    assert page.notes == ("6 lines look like titles of papers, but none was read: Crates number one",)


def test_an_article_s_abstract_is_its_paper_s_and_its_sections_stand_apart() -> None:
    page = read(
        "# Salt that stays in the open bay\n\nAda Moss, Ben Ray\n\n## Abstract\n\nSalt stays in bays.\n\n"
        "## Methods\n\nWe weighed it for years.\n"
    )
    assert [(str(entry.kind), entry.title) for entry in page.entries] == [
        ("paper", "Salt that stays in the open bay"),
        ("article", "Methods"),
    ]


@pytest.mark.parametrize("words", ["von Nora Weiß und Otto Kühn", "Nora Weiß, Otto Kühn"])
def test_authors_behind_von_are_named_without_it(words: str) -> None:
    items = "".join(f"<li><b>{title}</b><br><i>{words}</i>" for title in ("Hefe und Zeit im Ofen", "Salz im Meer"))
    page = read(f"<h1>Angenommene Beiträge</h1><ul>{items}</ul>", ".html")
    assert {entry.authors for entry in page.entries if entry.kind is Kind.PAPER} == {("Nora Weiß", "Otto Kühn")}


def test_a_thread_of_posts_in_a_data_file_is_read() -> None:
    page = read(
        '{"title": "Who is hiring?", "children": ['
        '{"id": 1, "text": "Harbour Lab | Tide Engineer | Porto, Portugal | ONSITE<p>We model tides."},'
        '{"id": 2, "text": "Lighthouse | Lamp Engineer | Vigo, Spain | REMOTE<p>Lamps are lit by us."}]}',
        ".json",
    )
    assert [entry.title for entry in page.entries if entry.kind is Kind.JOB] == ["Tide Engineer", "Lamp Engineer"]


def test_a_paper_of_labelled_lines_begins_with_its_first_label() -> None:
    page = read(
        "Title: Low tides at noon\nAuthors: Ada Moss, Ben Ray\nTitle: Salt in bays\nAuthors: Cy Dunn, Eva Holt\n"
    )
    first = next(entry for entry in page.entries if entry.kind is Kind.PAPER)
    assert page.text[first.span.start : first.span.end].startswith("Title: Low tides")


def test_a_row_of_one_cell_among_signed_papers_is_no_paper() -> None:
    page = read('Title,Authors,Year\nLow tides at noon,"Ada Moss, Ben Ray",2023\nTotal,,\n', ".csv")
    assert [entry.title for entry in page.entries if entry.kind is Kind.PAPER] == ["Low tides at noon"]
