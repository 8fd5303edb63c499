"""What an HTML page says of itself in its head: its paper, its posts, its house; what is quoted is shown."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from corpus.model import Kind, Page
from corpus.readers import reader_for

DESCRIPTION = "We fly kites all day over the hills, and so would you in this team."
POSTING: dict[str, Any] = {
    "@type": "JobPosting",
    "title": "Wind Whisperer",
    "description": f"<p>{DESCRIPTION}</p>",
    "datePosted": "2026-03-01",
    "validThrough": "2026-04-01",
    "employmentUnit": {"name": "Sails"},
    "jobLocation": {"address": {"addressLocality": "Boston", "addressRegion": "MA", "addressCountry": "US"}},
}
CITED = (
    '<meta name="citation_title" content="Low kites in high winds">'
    '<meta name="citation_author" content="Moss, Ada"><meta name="citation_author" content="Ray, Ben">'
    '<meta name="citation_publication_date" content="2023/07/05">'
    '<meta name="citation_conference_title" content="Conference on Kites (ICK)">'
    '<meta name="citation_abstract" content="We show how kites fly low when the wind is high.">'
)


def read(head: str, body: str) -> Page:
    markup = f'<html lang="en"><head><meta charset="utf-8">{head}</head><body><main>{body}</main></body></html>'
    return reader_for("page.html").read(markup.encode(), name="page")


def linked(*things: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


def words(page: Page, at: int) -> str:
    return page.text[page.entries[at].span.start : page.entries[at].span.end]


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Low kites in high winds</h1><p>Ada Moss, Ben Ray</p><h2>Abstract</h2><p>{0}</p><h2>B</h2><p>x y</p>",
        (
            "<h1><span>Title:</span>Low kites in high winds</h1><div><span>Authors:</span><a>Ada Moss</a>, "
            "<a>Ben Ray</a></div><p>{0}</p><h2>More</h2><p>x y</p>"
        ),
        "<h1>Low kites in high winds</h1><p>A. Moss et al.</p><h2>Abstract</h2><p>{0}</p><h2>More</h2><p>x y</p>",
    ],
)
def test_a_page_of_one_paper_is_that_paper_with_its_abstract(body: str):
    page = read(CITED, body.format("We show how kites fly low when the wind is high."))
    (paper,) = [entry for entry in page.entries if entry.kind is Kind.PAPER]
    assert (paper.title, paper.authors) == ("Low kites in high winds", ("Ada Moss", "Ben Ray"))
    assert (paper.venue, paper.year, paper.posted) == ("ICK", 2023, date(2023, 7, 5))
    said = page.text[paper.span.start : paper.span.end]
    assert said.removeprefix("Title:").startswith("Low kites in high winds")
    assert said.endswith("when the wind is high.")
    assert (page.title, page.venue, page.year) == ("Low kites in high winds", "ICK", 2023)


def test_a_page_of_one_post_is_that_post():
    page = read(linked(POSTING), f"<h1>Wind Whisperer</h1><p>Hill Ltd</p><h2>About</h2><p>{DESCRIPTION}</p>")
    (job,) = page.entries
    assert (job.kind, job.title, job.team) == (Kind.JOB, "Wind Whisperer", "Sails")
    assert job.place is not None
    assert (job.place.country, job.place.region, job.place.city) == ("US", "MA", "Boston")
    assert (job.posted, job.closes) == (date(2026, 3, 1), date(2026, 4, 1))
    assert words(page, 0).endswith(DESCRIPTION)


def test_posts_of_a_list_get_the_facts_of_their_titles():
    body = "".join(
        f"<h2>{title}</h2><p>Berlin, Germany</p><p>We are hiring for our team; join us in this role.</p>"
        for title in ("Kite Engineer", "String Analyst")
    )
    page = read(
        linked([POSTING | {"title": "String Analyst"}, POSTING | {"title": "Nobody"}]), f"<h1>Jobs</h1>{body}"
    )
    engineer, analyst = page.entries
    assert (engineer.title, engineer.closes, engineer.team) == ("Kite Engineer", None, None)
    assert (analyst.title, analyst.closes, analyst.team) == ("String Analyst", date(2026, 4, 1), "Sails")
    assert analyst.place is not None
    assert analyst.place.text == "Berlin, Germany"  # as the page shows it


def test_a_shell_that_a_script_fills_is_read_from_its_head():
    page = read(linked(POSTING), "<div id=root></div>")
    (job,) = page.entries
    assert (job.kind, job.title, job.closes) == (Kind.JOB, "Wind Whisperer", date(2026, 4, 1))
    assert DESCRIPTION in words(page, 0)


def test_what_a_page_does_not_show_is_not_quoted():
    page = read(linked(POSTING), f"<h1>Our hill</h1><p>{'Kites fly over the hill. ' * 40}</p>")
    assert {entry.kind for entry in page.entries} == {Kind.ARTICLE}
    assert DESCRIPTION not in page.text


def test_names_under_the_title_of_an_article_sign_it():
    for head, body in (("", "<p>By Ada Moss</p>"), (linked({"@type": "BlogPosting"}), "<p>Ada Moss, Ben Ray</p>")):
        page = read(head, f"<h1>Kites are back again</h1>{body}<p>They fly over the hill.</p>")
        assert {entry.kind for entry in page.entries} == {Kind.ARTICLE}


def test_the_house_of_a_page_is_known():
    article = {"@type": "NewsArticle", "headline": "Kites", "publisher": {"name": "The Hill Times"}}
    assert read(linked(article), "<h1>Kites</h1><p>Fly.").publisher == "The Hill Times"
    assert (
        read('<meta property="og:site_name" content="The Hill">', "<h1>Kites</h1><p>Fly.").publisher == "The Hill"
    )


@pytest.mark.parametrize(
    "script", ["{", "[" * 20_000, '{"@type": 7, "@graph": {"@graph": [null, 3, "x"]}}', "null", ""]
)
def test_broken_metadata_is_left_out(script: str):
    page = read(f'<script type="application/ld+json">{script}</script>', "<h1>Kites</h1><p>They fly.</p>")
    assert page.text == "Kites\n\nThey fly.\n"
