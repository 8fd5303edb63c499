"""The five real pages come out right: every paper, job post, figure and teaser, by facts written down."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from corpus.model import Kind
from corpus.readers import reader_for

if TYPE_CHECKING:
    from corpus.model import Entry, Page

DIGESTS = Path(__file__).resolve().parents[3] / "shared" / "digests"
FACTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("digest_facts.yaml").read_text(encoding="utf-8"))
PAGES = ("000", "001", "002", "003", "004")
SAME_ARTICLE = {"003": "002"}

pytestmark = pytest.mark.skipif(not DIGESTS.is_dir(), reason=f"the five real pages are not there: {DIGESTS}")


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    files = sorted(DIGESTS.glob("*.txt"))
    return {file.name[:3]: reader_for(file).read(file.read_bytes(), name=file.stem) for file in files}


def of_kind(page: Page, kind: Kind) -> list[Entry]:
    return [entry for entry in page.entries if entry.kind == kind]


def words(page: Page, entry: Entry) -> str:
    return page.text[entry.span.start : entry.span.end]


@pytest.mark.parametrize(
    ("page", "title", "deck", "venue", "year"),
    [
        ("000", "A quick guide to Amazon’s papers at ICML 2023", "Across a range of topics", "ICML", 2023),
        (
            "001",
            "A quick guide to Amazon’s papers at ICML 2024",
            "Learning algorithms and reinforcement",
            "ICML",
            2024,
        ),
        ("002", "Amazon at ICLR: Graphs, time series, and more", "Other paper topics include", "ICLR", 2022),
        ("003", "Amazon at ICLR: Graphs, time series, and more", "Other paper topics include", "ICLR", 2022),
        ("004", "Advances in trustworthy machine learning at Alexa AI", "The team’s latest research", None, 2022),
    ],
)
def test_page_facts(
    pages: dict[str, Page], page: str, title: str, deck: str, venue: str | None, year: int
) -> None:
    read = pages[page]
    assert (read.title, read.venue, read.year, read.notes) == (title, venue, year, ())
    assert read.deck is not None
    assert read.deck.startswith(deck)


def test_stored_text_is_the_file(pages: dict[str, Page]) -> None:
    for file in DIGESTS.glob("*.txt"):
        assert pages[file.name[:3]].text.encode() == file.read_bytes()


def test_introduction_holds_title_deck_and_lead(pages: dict[str, Page]) -> None:
    for page in pages.values():
        first = page.entries[0]
        assert (first.kind, first.title, first.section) == (Kind.ARTICLE, page.title, None)
        assert words(page, first).startswith(page.title)
        assert page.deck is not None
        assert page.deck in words(page, first)
        assert words(page, first).count("\n\n") == 2


@pytest.mark.parametrize("page", ["000", "001"])
def test_guide_papers(pages: dict[str, Page], page: str) -> None:
    told = [
        (paper["title"], paper["authors"].split(", "), topic)
        for topic, papers in FACTS["guide_papers"][page].items()
        for paper in papers
    ]
    papers = of_kind(pages[page], Kind.PAPER)
    assert [(paper.title, list(paper.authors), paper.section) for paper in papers] == told
    for paper, (title, authors, _) in zip(papers, told, strict=True):
        assert words(pages[page], paper) == f"{title}\n{', '.join(authors)}"


def test_there_are_59_papers() -> None:
    guides = [len(papers) for page in FACTS["guide_papers"].values() for papers in page.values()]
    assert sum(guides) + sum(map(len, FACTS["article_papers"].values())) == 18 + 24 + 10 + 7


@pytest.mark.parametrize("page", ["002", "003", "004"])
def test_papers_named_in_prose(pages: dict[str, Page], page: str) -> None:
    read = pages[page]
    told = FACTS["article_papers"][SAME_ARTICLE.get(page, page)]
    papers = of_kind(read, Kind.PAPER)
    found = [
        {"title": paper.title, "topic": paper.section, "venue": paper.venue or read.venue} for paper in papers
    ]
    assert found == told
    assert {paper.year or read.year for paper in papers} == {2022}
    for paper in papers:
        assert not paper.authors
        assert paper.title in words(read, paper).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("page", "title", "begins", "ends"),
    [
        ("002", "Deep AutoAugment", "In “Deep AutoAugment”, former", "across four sets of real data."),
        ("002", "Visual representation", "The two ICLR papers", "what they’re supposed to."),
        ("004", "An efficient DP-SGD", "Another side effect", "as much as 130-fold."),
        ("004", "FedNLP", "We also expanded our understanding", "FL research for NLP."),
    ],
)
def test_entry_of_a_paper_goes_on_as_long_as_the_page_does(
    pages: dict[str, Page], page: str, title: str, begins: str, ends: str
) -> None:
    paper = next(entry for entry in of_kind(pages[page], Kind.PAPER) if entry.title.startswith(title))
    assert words(pages[page], paper).startswith(begins)
    assert words(pages[page], paper).endswith(ends)


@pytest.mark.parametrize(
    ("page", "title", "begins"),
    [
        ("002", "Cold Brew: Distilling graph", "In a variation on knowledge distillation"),
        ("002", "PSA-GAN: Progressive", "GANs pit generators"),
        ("002", "You mostly walk alone", "The one exception is"),
        ("004", "Measuring fairness", "We provide a theoretical analysis"),
    ],
)
def test_what_goes_on_after_a_figure_or_teaser_bears_the_title_of_the_paper(
    pages: dict[str, Page], page: str, title: str, begins: str
) -> None:
    read = pages[page]
    going_on = next(entry for entry in read.entries if words(read, entry).startswith(begins))
    assert going_on.kind == Kind.ARTICLE
    assert going_on.title.startswith(title)


@pytest.mark.parametrize(
    ("page", "section", "begins"),
    [
        ("002", "Graphs", "Across disciplines, AI research"),
        ("004", "Federated Learning", "We also designed methods to account"),
        ("004", "Fairness in ML", "Finally, we proposed a method"),
    ],
)
def test_what_leads_elsewhere_is_the_topics(pages: dict[str, Page], page: str, section: str, begins: str) -> None:
    read = pages[page]
    entry = next(entry for entry in read.entries if words(read, entry).startswith(begins))
    assert (entry.kind, entry.title, entry.section) == (Kind.ARTICLE, section, section)


def test_topics_with_a_description_have_an_article(pages: dict[str, Page]) -> None:
    described = {entry.title for entry in of_kind(pages["000"], Kind.ARTICLE)[1:]}
    assert described == set(FACTS["guide_papers"]["000"])
    assert len(of_kind(pages["001"], Kind.ARTICLE)) == 1, "the topics of this page have no description"


@pytest.mark.parametrize("page", PAGES)
def test_figures(pages: dict[str, Page], page: str) -> None:
    read = pages[page]
    told = FACTS["figures"][SAME_ARTICLE.get(page, page)]
    figures = of_kind(read, Kind.FIGURE)
    assert [figure.title for figure in figures] == [figure["title"] for figure in told]
    for figure, fact in zip(figures, told, strict=True):
        assert words(read, figure).startswith(fact["words"])
        assert "\n" not in words(read, figure)


@pytest.mark.parametrize("page", PAGES)
def test_teasers(pages: dict[str, Page], page: str) -> None:
    read = pages[page]
    teasers = [entry for entry in of_kind(read, Kind.ARTICLE) if entry.title == "Related content"]
    told = FACTS["teasers"][SAME_ARTICLE.get(page, page)]
    assert len(teasers) == len(told)
    for teaser, begins in zip(teasers, told, strict=True):
        assert words(read, teaser).startswith(begins)
        assert "\n" not in words(read, teaser)


def test_each_page_has_ten_posts_outside_any_section(pages: dict[str, Page]) -> None:
    for page in pages.values():
        jobs = of_kind(page, Kind.JOB)
        assert len(jobs) == 10
        assert page.entries[-10:] == tuple(jobs)
        assert {job.section for job in jobs} == {None}


def test_the_36_posts_with_place_role_team_and_pages(pages: dict[str, Page]) -> None:
    found: dict[str, tuple[str, str | None, str | None, Counter[str]]] = {}
    for number, page in pages.items():
        for job in of_kind(page, Kind.JOB):
            assert job.place is not None
            assert job.title == (job.role or "Opening")
            post = words(page, job)
            found.setdefault(post, (job.place.text, job.role, job.team, Counter()))[3][number] += 1
    told = [
        (job["place"], job["role"], job["team"], job["pages"], f"{job['place']}\n{job['opening']}")
        for job in FACTS["jobs"]
    ]
    assert len(told) == 36
    assert [(*facts[:3], dict(facts[3])) for facts in found.values()] == [facts[:4] for facts in told]
    for post, facts in zip(found, told, strict=True):
        assert post.startswith(facts[4])


def test_places_are_understood(pages: dict[str, Page]) -> None:
    places = {job.place for page in pages.values() for job in of_kind(page, Kind.JOB)}
    understood = {place.text: (place.country, place.region, place.city) for place in places if place}
    assert understood["US, MA, N.reading"] == ("US", "MA", "North Reading")
    assert understood["CA, BC, Vancouver"] == ("CA", "BC", "Vancouver")
    assert understood["US, CA, Palo Alto"] == ("US", "CA", "Palo Alto")
    assert understood["LU, Luxembourg"] == ("LU", None, "Luxembourg")
    assert understood["ES, M, Madrid"] == ("ES", "M", "Madrid")
    assert all(country and city for country, _, city in understood.values())


@pytest.mark.parametrize(
    ("page", "post", "headings"),
    [
        ("000", 0, ["Key job responsibilities", "A day in the life", "About the team"]),
        ("000", 6, ["Export Control Requirement", "Key job responsibilities", "About the team"]),
        ("001", 1, ["Major responsibilities"]),
        (
            "001",
            0,
            [
                "Science Strategy & Leadership",
                "Advanced Customer Behavior Modeling",
                "Measurement & Cross-Workstream Integration",
                "About the team",
            ],
        ),
        (
            "000",
            1,
            [
                "Diverse Experiences",
                "Why AWS?",
                "Inclusive Team Culture",
                "Mentorship & Career Growth",
                "Work/Life Balance",
                "Hybrid Work",
            ],
        ),
        ("003", 0, []),
    ],
)
def test_inner_headings_of_posts(pages: dict[str, Page], page: str, post: int, headings: list[str]) -> None:
    job = of_kind(pages[page], Kind.JOB)[post]
    assert [part.heading for part in job.parts] == headings
    assert all(job.span.start < part.span.start < part.span.end <= job.span.end for part in job.parts)
    assert all(part.span.end <= following.span.start for part, following in pairwise(job.parts))


def test_nothing_but_furniture_is_left_out(pages: dict[str, Page]) -> None:
    topics = {topic for papers in FACTS["guide_papers"].values() for topic in papers}
    topics |= {paper["topic"] for papers in FACTS["article_papers"].values() for paper in papers}
    for page in pages.values():
        at, left = 0, []
        for entry in page.entries:
            left += page.text[at : entry.span.start].split("\n")
            at = entry.span.end
        assert not page.text[at:].strip()
        rest = {line for line in left if line and not line.endswith((".png", ".gif"))}
        assert rest <= topics | {"Research areas", "Related content", "Upcoming activities"}
