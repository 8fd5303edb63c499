"""The bundled digests: all facts of the five pages, readable by the Markdown reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.model import Entry, Kind, Page
from corpus.readers import reader_for

FACTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("digest_facts.yaml").read_text(encoding="utf-8"))
FOLDER = Path(__file__).parents[2] / "corpus" / "digests"
FILES = {
    "000": "icml-2023",
    "001": "icml-2024",
    "002": "iclr-2022",
    "003": "iclr-2022-later",
    "004": "trustworthy-ml-alexa",
}
SAME_ARTICLE = {"003": "002"}


@pytest.fixture(scope="module")
def digests() -> dict[str, Page]:
    return {
        number: reader_for("page.md").read((FOLDER / f"{name}.md").read_bytes(), name=name)
        for number, name in FILES.items()
    }


def of_kind(page: Page, kind: Kind) -> list[Entry]:
    return [entry for entry in page.entries if entry.kind is kind]


def test_there_is_one_file_a_page_and_no_other():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(FILES.values())


@pytest.mark.parametrize("number", ["000", "001"])
def test_every_paper_of_the_guides_has_its_authors_topic_venue_and_year(digests: dict[str, Page], number: str):
    page = digests[number]
    found = [(e.section, e.title, ", ".join(e.authors)) for e in of_kind(page, Kind.PAPER)]
    assert found == [
        (topic, paper["title"], paper["authors"])
        for topic, papers in FACTS["guide_papers"][number].items()
        for paper in papers
    ]
    years = {"000": 2023, "001": 2024}
    for entry in of_kind(page, Kind.PAPER):
        assert (entry.venue or page.venue, entry.year or page.year) == ("ICML", years[number])


@pytest.mark.parametrize("number", ["002", "003", "004"])
def test_every_paper_of_the_articles_is_named_told_of_and_dated(digests: dict[str, Page], number: str):
    page = digests[number]
    papers = of_kind(page, Kind.PAPER)
    wanted = FACTS["article_papers"][SAME_ARTICLE.get(number, number)]
    assert [e.title for e in papers] == [paper["title"] for paper in wanted]
    assert all(e.span.end - e.span.start > 300 for e in papers), "what the article says of it stands with it"
    venues = {e.venue for e in papers}
    assert venues == ({"ICASSP", "ACL", "NAACL"} if number == "004" else {"ICLR"})
    assert {e.year or page.year for e in papers} == {2022}


@pytest.mark.parametrize("number", sorted(FILES))
def test_every_post_stands_once_a_place_with_what_it_asks_for(digests: dict[str, Page], number: str):
    posts = of_kind(digests[number], Kind.JOB)
    wanted = sorted(job["place"] for job in FACTS["jobs"] if number in job["pages"])
    assert sorted(e.place.text for e in posts if e.place) == wanted
    assert all(e.place and e.place.country for e in posts)
    assert all(e.span.end - e.span.start > 400 for e in posts)


@pytest.mark.parametrize("number", sorted(FILES))
def test_every_figure_is_told(digests: dict[str, Page], number: str):
    wanted = FACTS["figures"][SAME_ARTICLE.get(number, number)]
    figures = of_kind(digests[number], Kind.FIGURE)
    assert sorted(e.title for e in figures) == sorted(figure["title"] for figure in wanted)


@pytest.mark.parametrize("number", sorted(FILES))
def test_a_digest_says_what_page_it_tells_of(digests: dict[str, Page], number: str):
    page = digests[number]
    assert page.publisher == "Amazon Science"
    assert page.deck
    assert "own words" in (FOLDER / f"{FILES[number]}.md").read_text(encoding="utf-8").split("---")[1]
