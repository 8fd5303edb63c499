"""The reader of HTML: papers, posts, figures and headings of pages of many makes, and what is no page."""

from __future__ import annotations

import pytest

from corpus.errors import ReadError
from corpus.model import Kind, Page
from corpus.readers import reader_for

FRAME = """<!doctype html><html><head><meta charset="utf-8"><title>Kites 2024 | The Hill</title>
<script>var menu = "not shown";</script><style>p {{ color: red }}</style></head>
<body><header><nav><a href="/">Home</a><a href="/jobs">Jobs</a></nav></header>
<main><h1>Papers on kites at ICML 2024</h1>{}</main>
<aside>Subscribe to our letter</aside><footer>© The Hill, all rights reserved</footer></body></html>"""


def read(body: str, frame: str = FRAME) -> Page:
    page = reader_for("page.html").read(frame.format(body).encode(), name="page")
    for entry in page.entries:
        assert page.text[entry.span.start : entry.span.end].strip()
    return page


def papers(page: Page) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [(e.title, e.authors, e.section) for e in page.entries if e.kind is Kind.PAPER]


def jobs(page: Page) -> list[tuple[str, str | None]]:
    return [(e.title, e.place.text if e.place else None) for e in page.entries if e.kind is Kind.JOB]


STYLES = {
    "bold over a break": "<h2>Sails</h2><p><strong>{0}</strong><br>{1}</p><p><strong>{2}</strong><br/>{3}</p>",
    "links in a list": "<h2>Sails</h2><ul><li><a href='/1'>{0}</a>, {1}</li>"
    "<li><a href='/2'>{2}</a> {3}</li></ul>",
    "by in a list": "<h3>Sails</h3><ol><li><em>{0}</em> by {1}</li><li><em>{2}</em> by {3}</li></ol>",
    "headings over italics": "<h2>Sails</h2><h3>{0}</h3><p><i>{1}</i></p><p>It flies.</p>"
    "<h3>{2}</h3><p><i>{3}</i></p>",
    "divs with classes": "<h2>Sails</h2><div class=p><div class=t>{0}</div><div class=a>{1}</div></div>"
    "<div class=p><div class=t>{2}</div><div class=a>{3}</div></div>",
    "a definition list": "<h2>Sails</h2><dl><dt>{0}</dt><dd>{1}</dd><dt>{2}</dt><dd>{3}</dd></dl>",
    "a table": "<h2>Sails</h2><table><tr><th>Title<th>Authors<th>Session</tr><tr><td>{0}<td>{1}<td>A 3</tr>"
    "<tr><td>{2}<td>{3}<td>B 1</tr></table>",
    "brackets": "<h2>Sails</h2><p><b>{0}</b> ({1})</p><p><b>{2}</b> ({3})</p>",
    "unclosed tags": "<h2>Sails<p><b>{0}</b><br>{1}<p><b>{2}</b><br>{3}",
    "a labelled line": "<h2>Sails</h2><p>{0}</p><p>Authors: {1}</p><p>{2}</p><p>Authors: {3}</p>",
}
FACTS = ("Low kites in high winds", "Ada Moss, Ben Ray and Zoë Quill", "Strings that hold", "Cy Dunn, Eva Holt")


@pytest.mark.parametrize("style", STYLES)
def test_papers_are_found_in_pages_of_many_makes(style: str):
    found = papers(read(STYLES[style].format(*FACTS)))
    assert found == [
        ("Low kites in high winds", ("Ada Moss", "Ben Ray", "Zoë Quill"), "Sails"),
        ("Strings that hold", ("Cy Dunn", "Eva Holt"), "Sails"),
    ]


def test_a_page_has_its_title_its_conference_and_its_words_alone():
    page = read("<p>We fly kites.</p><p hidden>not this</p><div style='display: none'>nor this</div>")
    assert (page.title, page.venue, page.year) == ("Papers on kites at ICML 2024", "ICML", 2024)
    assert page.text == "Papers on kites at ICML 2024\n\nWe fly kites.\n"


def test_a_paper_leads_to_where_its_title_leads():
    page = read(STYLES["links in a list"].format(*FACTS))
    assert [entry.url for entry in page.entries if entry.kind is Kind.PAPER] == ["/1", "/2"]


POST = "We are looking for somebody with experience who joins our team. In this role you will fly kites."
POSTS = {
    "a card": "<h2>Careers</h2><div class=card><h3>Kite Engineer</h3><p>Boston, MA, US</p><p>{0}</p></div>"
    "<div class=card><h3>Data Scientist</h3><p>Berlin, Germany</p><p>{0}</p></div>",
    "labels": "<h2>Careers</h2><h3>Kite Engineer</h3><ul><li>Location: Boston, MA, US</li>"
    "<li>Closing: May 3</li></ul><p>{0}</p>"
    "<h3>Data Scientist</h3><ul><li>Location: Berlin, Germany</li></ul><p>{0}</p>",
    "one line of facts": "<h3>Kite Engineer</h3><p>Flight team · Boston, MA, US · full time</p><p>{0}</p>"
    "<h3>Data Scientist</h3><p>Research | Berlin, Germany</p><p>{0}</p>",
    "a table": "<table><tr><th>Position<th>Team<th>Location</tr>"
    "<tr><td>Kite Engineer<td>Flight<td>Boston, MA, US</tr>"
    "<tr><td>Data Scientist<td>Research<td>Berlin, Germany</tr></table>",
}


@pytest.mark.parametrize("style", POSTS)
def test_job_posts_are_found_in_pages_of_many_makes(style: str):
    page = read(POSTS[style].format(POST))
    assert [title for title, _ in jobs(page)] == ["Kite Engineer", "Data Scientist"]
    assert [entry.place.city for entry in page.entries if entry.kind is Kind.JOB] == ["Boston", "Berlin"]


def test_a_post_holds_all_that_is_under_it():
    page = read(POSTS["a card"].format(POST + "</p><ul><li>fly</li><li>land</li></ul><p>Apply now."))
    first = next(entry for entry in page.entries if entry.kind is Kind.JOB)
    words = page.text[first.span.start : first.span.end]
    assert words.startswith("Kite Engineer\n\nBoston, MA, US")
    assert words.endswith("• fly\n• land\n\nApply now.")


def test_a_place_as_a_heading_begins_a_post():
    page = read(f"<h4>US, WA, Seattle</h4><p>{POST}</p><h4>IT, Turin</h4><p>{POST}</p>")
    assert [place for _, place in jobs(page)] == ["US, WA, Seattle", "IT, Turin"]


@pytest.mark.parametrize(
    ("body", "title", "section"),
    [
        ("<h2>Segel</h2><p><b>Drachen im Wind</b><br>von Jörg Müßig und Änne Öz</p>", "Drachen im Wind", "Segel"),
        (
            "<h2>Velas</h2><li><b>Cometas de papel</b>, por José Peña, Iñaki Ruiz</li>",
            "Cometas de papel",
            "Velas",
        ),
    ],
)
def test_pages_in_other_languages_are_read(body: str, title: str, section: str):
    (found,) = papers(read(body))
    assert (found[0], found[2]) == (title, section)
    assert len(found[1]) == 2


def test_a_figure_is_its_caption():
    page = read(
        "<p>Text.</p><figure><img src='/a/High%20kite.png'><figcaption>A kite.<br>By Ada.</figcaption></figure>"
    )
    figure = next(entry for entry in page.entries if entry.kind is Kind.FIGURE)
    assert figure.title == "High kite"
    assert page.text[figure.span.start : figure.span.end] == "A kite.\nBy Ada."


def test_where_there_is_no_main_part_the_body_is_read():
    page = read("<p>Kites fly.</p>", "<title>Kites - of paper | Site</title><div id=main-menu>Home</div>{}")
    assert page.title == "Kites - of paper"
    assert page.text.endswith("Kites fly.\n")
    assert "Home" not in page.text


@pytest.mark.parametrize(
    ("encoding", "declared", "note"),
    [("utf-8", "utf-8", None), ("cp1252", "windows-1252", None), ("utf-8", "no-such-set", "not no-such-set")],
)
def test_the_character_set_is_found_out(encoding: str, declared: str, note: str | None):
    markup = f"<meta charset={declared}><h1>Zoë’s kites</h1><p>Flown in Zürich.</p>"
    page = reader_for("page.html").read(markup.encode(encoding), name="page")
    assert "Flown in Zürich." in page.text
    assert (note is None) == (not page.notes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n ",
        b"\x00\x01\x02\x03" * 50,
        b"%PDF-1.4 not a page",
        b"<html><body><script>only()</script></body></html>",
        b"<!-- nothing -->",
        b"<svg></svg>",
    ],
)
def test_what_shows_no_words_is_refused(data: bytes):
    with pytest.raises(ReadError):
        reader_for("page.html").read(data, name="page")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "kites" + "</div>" * 20_000,
        "<b>" * 20_000 + "kites",
        "<table><tr><td>" * 3_000 + "kites",
        "<p>kites" * 20_000,
        "<ul><li>" * 2_000 + "kites",
        "<h1>kites</h2></h1><<p <b>&&amp;&#0;&#xFFFFFF;kites</x>",
        "<?xml version='1.0' encoding='utf-16'?><html><body><p>kites</p></body></html>",
        "<p>" + "kites " * 200_000 + "</p>",
        "<p>a\x00b kites</p>" + "c" * 100,
    ],
)
def test_pages_that_are_not_well_are_read_or_refused(markup: str):
    try:
        page = reader_for("page.html").read(markup.encode(), name="page")
    except ReadError:
        return
    assert "kites" in page.text


@pytest.mark.parametrize(
    "markup",
    [
        "<p><b>{0}</b> Ada Moss and Ben Ray. We show how kites fly low.</p>",
        "<h3>{0}</h3><p>Ada Moss, Ben Ray. We show how kites fly low.</p>",
        "<ul><li><b>{0}</b><br>Ada Moss, Ben Ray<br>We show how kites fly low.</li></ul>",
        "<p><b>{0}</b> Ada Moss, Ben Ray (We show how kites fly low.)</p>",
        "<table><tr><th>Title<th>Authors<tr><td>{0}<td>Ada Moss, Ben Ray<td>We show how kites fly low.</table>",
    ],
)
def test_what_stands_behind_the_authors_is_kept(markup: str):
    page = read(markup.format("Low kites in high winds"))
    assert papers(page)[0][:2] == ("Low kites in high winds", ("Ada Moss", "Ben Ray"))
    assert "We show how kites fly low" in page.text


@pytest.mark.parametrize(
    "body",
    [
        "<form id=aspnetForm><p>Kites fly.</p></form>",
        "<div class='content with-sidebar'><p>Kites fly.</p></div>",
        "<figure><blockquote>Kites fly.</blockquote></figure>",
        "<table><caption>Kites fly.</caption><tr><td>x</table>",
        "<h2><button>Kites fly.</button></h2><p>x</p>",
    ],
)
def test_words_that_are_shown_are_not_taken_for_furniture(body: str):
    assert "Kites fly." in read(body).text


def test_a_page_that_a_script_shows_is_read():
    page = reader_for("page.html").read(b"<body style='display:none'><p>Kites fly.</p>", name="page")
    assert page.text == "Kites fly.\n"


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Program Chairs</h2><p>Ada Moss, Ben Ray, Cy Dunn</p>",
        "<h2>Keynote Speakers of 2024</h2><p>Ada Moss, Ben Ray</p>",
        "<h2>Comité d'organisation</h2><p>Ada Moss, Ben Ray</p>",
        "<h3>Sales Manager for Europe</h3><p>Ada Moss</p>",
        "<h2>Vienna, Austria</h2><p>July 2024</p>",
        "<h2>Location</h2><p>Where: Berlin, Germany</p>",
    ],
)
def test_people_and_places_of_a_conference_are_neither_papers_nor_jobs(body: str):
    page = read(body)
    assert papers(page) == []
    assert jobs(page) == []


def test_a_page_about_one_paper_or_one_job_is_that():
    paper = reader_for("page.html").read(
        b"<h1>Low kites in high winds</h1><p>Ada Moss, Ben Ray</p><p>They fly.</p>", name="x"
    )
    assert papers(paper)[0][:2] == ("Low kites in high winds", ("Ada Moss", "Ben Ray"))
    job = reader_for("page.html").read(
        f"<h1>Kite Engineer</h1><p>Berlin, Germany</p><p>{POST}</p>".encode(), name="x"
    )
    assert [title for title, _ in jobs(job)] == ["Kite Engineer"]


def test_what_is_hidden_within_a_line_is_not_shown():
    page = read("<p>Kites <span style='display:none'>1736</span><span hidden>not</span> fly.</p>")
    assert "Kites fly." in page.text
