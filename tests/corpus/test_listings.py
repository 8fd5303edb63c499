"""Papers and posts in mails, pages, lists and tables of others; and what is told where none is made out."""

from __future__ import annotations

import pytest

from corpus.model import Kind, Page
from corpus.readers import reader_for

MAIL = r"""------------------------------------------------------------
\\
arXiv:2301.00001
Date: Sun, 1 Jan 2023 10:00:00 GMT   (12kb)

Title: Low kites in high winds: how they fly
Authors: Ada Moss, Ben Ray (1), Cy Dunn (2)
Categories: cs.KI
Comments: Accepted at ICK 2023, 12 pages
\\
  We show how kites fly low.
\\ ( https://arxiv.org/abs/2301.00001 ,  12kb)
------------------------------------------------------------
\\
arXiv:2301.00002
Date: Sun, 1 Jan 2023 11:00:00 GMT   (2kb)

Title: Strings
Authors: Di Elm
Categories: cs.KI
\\
  Strings are long.
\\ ( https://arxiv.org/abs/2301.00002 ,  2kb)
"""

ARCHIVE = """<h1>Kites</h1><dl><dt><a>[1]</a> <a href="/abs/2301.00001">arXiv:2301.00001</a> [<a>pdf</a>,
<a>other</a>]</dt>
<dd><div><div class="list-title"><span>Title:</span> Low kites in high winds</div><div class="list-authors"><a>Ada
Moss</a>, <a>Ben Ray</a></div><div><span>Comments:</span> Accepted at ICK 2023</div><p>We show.</p></div></dd>
<dt><a>[2]</a> <a href="/abs/2301.00002">arXiv:2301.00002</a> [<a>pdf</a>]</dt>
<dd><div><div><span>Title:</span> Strings and things</div><div><a>Di Elm</a></div></div></dd></dl>"""

ANTHOLOGY = """<h1>Meeting on Kites</h1><p><span class="d-block"><a class="badge" href="1.pdf">pdf</a>
<a class="badge" href="1.bib">bib</a></span><span class="d-block"><strong><a href="/k.1/">{}</a></strong><br>
<a href="/a">Ada Moss</a> | <a href="/b">Ben Ray</a></span></p><div><div>We show how kites fly low.</div></div>"""


def read(text: str) -> Page:
    return reader_for("page.txt").read(text.encode(), name="page")


def read_html(body: str) -> Page:
    return reader_for("page.html").read(f"<html><body>{body}</body></html>".encode(), name="page")


def read_markdown(text: str) -> Page:
    return reader_for("page.md").read(text.encode(), name="page")


def papers(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    return [(e.title, e.authors) for e in page.entries if e.kind is Kind.PAPER]


def unplaced(page: Page) -> list[str]:
    return [page.text[span.start : span.end] for span in page.unplaced]


def test_the_mail_of_an_archive_is_a_list_of_papers():
    page = read(MAIL)
    assert page.text == MAIL
    low, strings = [entry for entry in page.entries if entry.kind is Kind.PAPER]
    assert (low.title, low.authors) == (
        "Low kites in high winds: how they fly",
        ("Ada Moss", "Ben Ray", "Cy Dunn"),
    )
    assert (low.venue, low.year, low.url) == ("ICK", 2023, "https://arxiv.org/abs/2301.00001")
    assert "We show how kites fly low." in page.text[low.span.start : low.span.end]
    assert (strings.title, strings.authors, strings.venue) == ("Strings", ("Di Elm",), None)


def test_a_reading_list_with_labels_is_a_list_of_papers():
    page = read(
        "Reading\n\nTitle: Low kites\nAuthors: Ada Moss\nVenue: ICK 2023\nTitel: Segel\nAutoren: Bo Li\n\n"
        "They fly.\n"
    )
    assert papers(page) == [("Low kites", ("Ada Moss",)), ("Segel", ("Bo Li",))]
    assert page.text[page.entries[-1].span.start :].endswith("They fly.\n")


def test_the_page_of_an_archive_is_a_list_of_papers():
    page = read_html(ARCHIVE)
    assert papers(page) == [
        ("Low kites in high winds", ("Ada Moss", "Ben Ray")),
        ("Strings and things", ("Di Elm",)),
    ]
    assert [entry.url for entry in page.entries] == [f"/abs/2301.0000{n}" for n in (1, 2)]
    assert (page.entries[0].venue, page.entries[0].year) == ("ICK", 2023)
    assert "We show." in page.text[page.entries[0].span.start : page.entries[0].span.end]


def test_the_page_of_an_anthology_is_a_list_of_papers():
    page = read_html(ANTHOLOGY.format("Low kites in high winds"))
    assert papers(page) == [("Low kites in high winds", ("Ada Moss", "Ben Ray"))]


@pytest.mark.parametrize(
    "authors",
    [
        "<div class=authors><div class=author>Ada Moss</div><div class=author>Ben Ray</div></div>",
        "<ul class=authors><li>Ada Moss</li><li>Ben Ray</li></ul>",
        "<p class=authors><span class=author>Ada Moss</span> <span class=author>Ben Ray</span></p>",
        "<p class=authors><span class=author>Ada Moss</span><span class=author>Ben Ray</span></p>",
        "<p>Ada Moss<sup>1</sup>, Ben Ray<sup>1,2</sup></p>",
        "<p>Ada Moss<sup>a</sup> and Ben Ray<sup>*</sup></p>",
        "<p>Ada Moss (Hill University), Ben Ray (Dale)</p>",
        "<p>Ada Moss y Ben Ray</p>",
        "<p>Ada Moss et Ben Ray</p>",
        "<p>Ada Moss und Ben Ray</p>",
        "<p>Ada Moss | Ben Ray</p>",
    ],
)
def test_authors_are_read_as_pages_write_them(authors: str):
    page = read_html(f"<h1>Papers on kites</h1><h2>Low kites in high winds</h2>{authors}<p>They fly.</p>")
    assert papers(page) == [("Low kites in high winds", ("Ada Moss", "Ben Ray"))]


def test_a_spanish_name_with_y_in_it_is_one():
    page = read_html("<h1>Papers</h1><h2>Low kites in high winds</h2><p>José Ortega y Gasset, Ana Gil</p>")
    assert papers(page)[0][1] == ("José Ortega y Gasset", "Ana Gil")


def test_several_papers_in_one_paragraph_are_several():
    page = read_html(
        "<p>Low kites in high winds<br>Ada Moss, Ben Ray<br>Strings and things<br>Di Elm, Cy Dunn</p>"
    )
    assert papers(page) == [
        ("Low kites in high winds", ("Ada Moss", "Ben Ray")),
        ("Strings and things", ("Di Elm", "Cy Dunn")),
    ]


def test_a_table_with_plain_heads_two_titles_and_a_cell_over_two_rows():
    page = read_html(
        "<h1>Papers</h1><table><tr><td>Session Title<td>Paper Title<td>Authors"
        "<tr><td rowspan=2>Kites and winds<td>Low sails in calm air<td>Ada Moss, Ben Ray"
        "<tr><td>High sails in calm air<td>Di Elm</table>"
    )
    assert papers(page) == [
        ("Low sails in calm air", ("Ada Moss", "Ben Ray")),
        ("High sails in calm air", ("Di Elm",)),
    ]
    high = page.entries[-1]
    assert page.text[high.span.start : high.span.end] == "High sails in calm air | Di Elm"


def test_words_that_a_style_sheet_parts_are_not_glued():
    page = read_html(
        "<p><span class=when>today</span><span class=what>Kites</span> fly, H<b>2</b>O<i>x</i> too.</p>"
    )
    assert page.text == "today Kites fly, H2Ox too.\n"


@pytest.mark.parametrize("title", ["Drachenbauer (m/w/d)", "Softwareentwicklerin", "Ingeniera de cometas"])
def test_titles_of_jobs_in_other_languages_are_known(title: str):
    page = read_html(f"<h1>Jobs</h1><h2>{title}</h2><p>Berlin, Deutschland</p><p>Wir suchen.</p>")
    assert [(entry.kind, entry.title) for entry in page.entries] == [(Kind.JOB, title)]


def test_declared_latin_1_is_windows_1252():
    page = reader_for("page.html").read("<meta charset=iso-8859-1><p>“Kites” – fly".encode("cp1252"), name="x")
    assert (page.text, page.notes) == ("“Kites” – fly\n", ())


def test_papers_in_a_markdown_list_are_papers():
    page = read_markdown(
        "# Kites\n\n## Sails\n\n- **Low kites in high winds**, Ada Moss, Ben Ray (ICK 2023)\n"
        "- [Strings and things](https://x.org/1) by Di Elm. NeurIPS 2022\n"
        "- Ada Moss, Cy Dunn. *Knots without ropes*. 2021.\n- Unmarked kites here\n  Ada Moss, Cy Dunn\n"
    )
    assert papers(page) == [
        ("Low kites in high winds", ("Ada Moss", "Ben Ray")),
        ("Strings and things", ("Di Elm",)),
        ("Knots without ropes", ("Ada Moss", "Cy Dunn")),
        ("Unmarked kites here", ("Ada Moss", "Cy Dunn")),
    ]
    assert [(e.venue, e.year) for e in page.entries] == [
        ("ICK", 2023),
        ("NeurIPS", 2022),
        (None, 2021),
        (None, None),
    ]
    assert page.entries[1].url == "https://x.org/1"
    assert {entry.section for entry in page.entries} == {"Sails"}


@pytest.mark.parametrize(
    "mark", ["**{}**", "[{}](https://kites.example/low)", "**[{}](https://kites.example/low)**", "*{}*  "]
)
def test_paragraphs_of_a_marked_title_over_its_authors_are_papers(mark: str):
    one, two = mark.format("Low kites in high winds"), mark.format("Strings and other things")
    page = read_markdown(
        f"# Kites\n\n## Wind\n\nProse.\n\n{one}\nAda Moss, Ben Ray\n\n{two}\nby Di Elm and Cy Dunn\n"
    )
    assert papers(page) == [
        ("Low kites in high winds", ("Ada Moss", "Ben Ray")),
        ("Strings and other things", ("Di Elm", "Cy Dunn")),
    ]
    assert {entry.section for entry in page.entries} == {"Wind"}
    assert {entry.url for entry in page.entries} <= {None, "https://kites.example/low"}
    assert not page.unplaced


@pytest.mark.parametrize(
    "words",
    [
        "## Who\n\n**Members of the programme committee**\nAda Moss, Ben Ray",
        "## When\n\n**A talk about low kites**\nTurin, Italy",
        "## What\n\n**Mind the wind today**\nDo not fly low, or near a hill.",
        "## Who\n\nLow kites in **high** winds\nAda Moss flew them, Ben Ray did not.",
    ],
)
def test_what_is_in_bold_over_other_words_is_prose(words: str):
    assert {entry.kind for entry in read_markdown(f"# Kites\n\n{words}\n\nThey fly.\n").entries} == {Kind.ARTICLE}


def test_jobs_in_a_markdown_table_are_jobs():
    page = read_markdown(
        "# Jobs\n\nWe hire.\n\n| Position | Location | Team |\n|---|:-:|--|\n"
        "| [Kite Engineer](https://x.org/j) | Berlin, Germany | Sails |\n| Strings Lead | Remote, US | |\n\n"
        "Write.\n"
    )
    prose, engineer, lead, more = page.entries
    assert (engineer.kind, engineer.title, engineer.team, engineer.url) == (
        Kind.JOB, "Kite Engineer", "Sails", "https://x.org/j",
    )  # fmt: skip
    assert page.text[lead.span.start : lead.span.end] == "Strings Lead | Remote, US"
    assert (prose.kind, more.kind) == (Kind.ARTICLE, Kind.ARTICLE)


@pytest.mark.parametrize(
    "text",
    [
        "- Buy string, glue, and paper\n- Call Ada Moss\n",
        "- **Ada Moss**, chair\n- **Ben Ray**, Cy Dunn\n",
        "| Day | Place |\n|---|---|\n| Monday | Berlin, Germany |\n",
    ],
)
def test_other_lists_and_tables_stay_prose(text: str):
    assert {entry.kind for entry in read_markdown(f"# Notes\n\n{text}").entries} == {Kind.ARTICLE}


@pytest.mark.parametrize(
    "text",
    [
        "How kites fly\nAda Moss, Ben Ray\n\nThey fly over the hill, and then they land.\n",
        "# Kites\n\nThey fly.\n\n## References\n\n- Ada Moss, Ben Ray. Low kites in high winds. ICK 2023.\n",
        "Kites\n\nThe meeting will be held here:\n\nBerlin, Germany\n\nBring a string, and some glue.\n",
        "Kites\n\nProgram Committee of it all\nAda Moss, Ben Ray\n\nThey met.\n",
    ],
)
def test_prose_is_not_told_of(text: str):
    assert unplaced(read(text)) == unplaced(read_markdown(text)) == []
