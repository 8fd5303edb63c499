"""Plain-text pages of any make read sensibly: structure where there is some, prose where there is none."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from corpus.model import Kind
from corpus.readers import reader_for

if TYPE_CHECKING:
    from corpus.model import Entry, Page

SIXTH = """\
Harbor Labs at NeurIPS 2021: what to read

Graph search and careful statistics are this year's themes.

Harbor Labs presents two papers and a demonstration.

Graph search

Graph search is about walking from node to node.

Walking far on small graphs, and back: A study
Ana de la Cruz, Bo (Ben) An, J. R. Müller

A quick path to nowhere in particular
Ömer Çelik

Map.png
A map, drawn by hand in one long afternoon.

The paper goes on to show that paths are short.

Upcoming talks

2. Careful statistics

Related content
Our town's harbor, in numbers.

In “Counting boats at night: A survey”, Harbor researchers count boats. Nobody had done so.

Related content

DE, BE, Berlin
We are hiring a kind Data Engineer to join our Night Shift team. Key job responsibilities • Count • Count again
GB, London
The Lantern team is looking for an inventive Staff Research Engineer. Basic Qualifications Patience. \
Preferred Qualifications: More patience.
DE, BE, Berlin
We are hiring a kind Data Engineer to join our Night Shift team. Key job responsibilities • Count • Count again\
"""


def read(text: str, encoding: str = "utf-8") -> Page:
    return reader_for("page.txt").read(text.encode(encoding), name="harbor")


def words(page: Page, entry: Entry) -> str:
    return page.text[entry.span.start : entry.span.end]


def outline(page: Page) -> list[tuple[str, str, str | None]]:
    return [(str(entry.kind), entry.title, entry.section) for entry in page.entries]


def test_a_sixth_page_of_the_same_make() -> None:
    page = read(SIXTH)
    assert (page.title, page.venue, page.year) == ("Harbor Labs at NeurIPS 2021: what to read", "NeurIPS", 2021)
    assert page.deck == "Graph search and careful statistics are this year's themes."
    assert outline(page) == [
        ("article", "Harbor Labs at NeurIPS 2021: what to read", None),
        ("article", "Graph search", "Graph search"),
        ("paper", "Walking far on small graphs, and back: A study", "Graph search"),
        ("paper", "A quick path to nowhere in particular", "Graph search"),
        ("figure", "Map", "Graph search"),
        ("article", "Graph search", "Graph search"),
        ("article", "Related content", "Careful statistics"),
        ("paper", "Counting boats at night: A survey", "Careful statistics"),
        ("job", "Data Engineer", None),
        ("job", "Staff Research Engineer", None),
        ("job", "Data Engineer", None),
    ]
    assert page.entries[2].authors == ("Ana de la Cruz", "Bo (Ben) An", "J. R. Müller")
    assert page.entries[3].authors == ("Ömer Çelik",)


def test_posts_of_a_sixth_page() -> None:
    page = read(SIXTH)
    engineer, researcher, again = page.entries[-3:]
    assert (engineer.role, engineer.team) == ("Data Engineer", "Night Shift")
    assert (researcher.role, researcher.team) == ("Staff Research Engineer", "Lantern")
    assert [part.heading for part in researcher.parts] == ["Basic Qualifications", "Preferred Qualifications"]
    assert [page.text[part.span.start : part.span.end] for part in researcher.parts] == [
        "Patience.",
        "More patience.",
    ]
    assert words(page, engineer) == words(page, again)
    assert words(page, engineer).startswith("DE, BE, Berlin\nWe are hiring")


@pytest.mark.parametrize(
    ("post", "role", "team"),
    [
        ("We are seeking a Senior Manager, Data Platforms to lead us.", "Senior Manager, Data Platforms", None),
        (
            "As a Research Scientist II on the Tide and Weather team, you will watch.",
            "Research Scientist II",
            "Tide and Weather",
        ),
        (
            "We need a software engineer. Harbor Lights is a small, happy team of five.",
            "Software Engineer",
            "Harbor Lights",
        ),
        ("You work with a Data Scientist and report to the Product Manager.", None, None),
        ("We are looking for people who can talk to a Data Analyst.", None, None),
        ("Scientists at Harbor study fish. Our team is small.", None, None),
        (
            "The Deep Sea Observation (DSO) team watches fish. As part of the DSO team, you dive.",
            None,
            "Deep Sea Observation (DSO)",
        ),
    ],
)
def test_role_and_team_only_where_the_post_says_them(post: str, role: str | None, team: str | None) -> None:
    job = read(f"Openings\n\nNO, Bergen\n{post}\n").entries[-1]
    assert (job.kind, job.role, job.team) == (Kind.JOB, role, team)
    assert job.title == (role or "Opening")


def test_city_first_needs_a_text_that_sounds_like_a_post() -> None:
    post = "You will join a team of three; candidates apply by letter, and experience counts."
    assert read(f"Openings here\n\nBerlin, Germany\n{post}\n").entries[-1].kind == Kind.JOB
    diary = read("My spring\n\nBerlin, Germany\nIt rained all day, and we read in the hotel.\n")
    assert {entry.kind for entry in diary.entries} == {Kind.ARTICLE}


def test_post_under_a_blank_line_belongs_to_its_place() -> None:
    page = read("Openings\n\nNO, Bergen\n\nWe are hiring a Chef de Cuisine.\n\nNO, Oslo\n\nSing.\n")
    posts = [words(page, entry) for entry in page.entries if entry.kind == Kind.JOB]
    assert posts == ["NO, Bergen\n\nWe are hiring a Chef de Cuisine.", "NO, Oslo\n\nSing."]


def test_papers_in_prose_are_told_from_other_quotes() -> None:
    page = read(
        "Notes on reading\n\n"
        "In “Two ways to fish”, which we will present at ACL 2020, we compare nets. "
        "In the “quiet” case nothing moves.\n\n"
        "“Fishing is what we do,” the captain said. “Ask anyone.”\n\n"
        "A 1999 paper, “The Old Way Of Fishing”, is famous. “Ropes and Knots” hung on the wall.\n\n"
        "A third paper, “Why do nets tear? Answers”, is by the same group.\n"
    )
    papers = [(entry.title, entry.venue, entry.year) for entry in page.entries if entry.kind == Kind.PAPER]
    assert papers == [("Two ways to fish", "ACL", 2020), ("Why do nets tear? Answers", None, None)]


def test_two_papers_of_one_paragraph_are_two_entries() -> None:
    page = read(
        "News\n\nIn “Red boats sail”, we study red. Then, in “Blue boats rest”, we study blue. "
        "In “Red boats sail”, we also show more.\n"
    )
    papers = [entry for entry in page.entries if entry.kind == Kind.PAPER]
    assert [words(page, paper)[:20] for paper in papers] == ["In “Red boats sail”,", "Then, in “Blue boats"]


def test_a_novel_is_chapters_of_prose() -> None:
    page = read(
        "The Lighthouse at Marrow Point\nby Eleanor Finch\n\nCHAPTER I.\n\nThe Arrival\n\n"
        "It was a grey evening when the boat put in, and the\nkeeper came down to the landing with a lantern.\n\n"
        "“You are late,” he said. In “The Tempest of the North”, they came late too.\n\n* * *\n\nNobody spoke.\n\n"
        "CHAPTER II.\n\nThe storm broke at midnight.\n\nTHE END\n"
    )
    assert page.title == "The Lighthouse at Marrow Point"
    assert outline(page) == [
        ("article", "The Lighthouse at Marrow Point", None),
        ("article", "The Arrival", "The Arrival"),
        ("article", "CHAPTER II.", "CHAPTER II."),
    ]
    assert page.entries[1].headings == ("CHAPTER I.", "The Arrival")
    assert words(page, page.entries[2]).endswith("THE END")


def test_a_readme_is_sections() -> None:
    page = read(
        "fastcsv\n=======\n\nReads CSV files.\n\nInstallation\n------------\n\nRun:\n\n    pip install fastcsv\n\n"
        "Usage\n-----\n    import fastcsv\n\n- fast\n- small\n\nLICENSE\nMIT, see the file.\n"
    )
    assert [title for _, title, _ in outline(page)] == ["fastcsv", "Installation", "Usage", "LICENSE"]
    assert words(page, page.entries[2]).endswith("- small")


@pytest.mark.parametrize(
    "text", ["buy milk\n\ncall Bob\n\npick up the parcel\n", "Hello\n", "one line without an end", "– yes."]
)
def test_short_notes_are_kept_whole(text: str) -> None:
    page = read(text)
    assert [words(page, entry) for entry in page.entries] == [text.strip()]


def test_prose_without_a_title_bears_the_name_of_the_file() -> None:
    page = read("It was late, and\nthe keeper slept.\n\nNobody came.\n")
    assert (page.title, page.deck) == ("harbor", None)
    assert [words(page, entry) for entry in page.entries] == [
        "It was late, and\nthe keeper slept.\n\nNobody came."
    ]


def test_paragraphs_without_blank_lines_between_them() -> None:
    long = "This is a paragraph of one long line, as editors without wrapping write it. " * 4
    page = read(f"A page\nThe first part\n{long}\n{long}\nThe second part\n{long}\n")
    assert [title for _, title, _ in outline(page)][-2:] == ["The first part", "The second part"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing_but_offsets() -> None:
    plain, marked = read(SIXTH), read("\ufeff" + SIXTH.replace("\n", "\r\n"))
    assert marked.text.startswith("\ufeffHarbor")
    assert outline(marked) == outline(plain)
    assert [words(marked, entry).replace("\r\n", "\n") for entry in marked.entries] == [
        words(plain, entry) for entry in plain.entries
    ]


def test_latin_1_is_read_with_a_note() -> None:
    page = read("Menü des Tages\n\nHeute gibt es Brötchen.\n", "latin-1")
    assert page.title == "Menü des Tages"
    assert page.notes == ("not UTF-8, read as Windows-1252",)


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\x89PNG\r\n\x1a\n", b"a\x00b"])
def test_empty_and_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        reader_for("page.txt").read(data, name="x")


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "A ",
        "“A b” ",
        '"',
        "Ab Cd, ",
        ". A",
        "(A",
        "In “Some Title Here”, we show it. ",
        "=-",
        "a.png ",
        "\xa0",
    ],
)
def test_one_line_of_three_million_characters_is_read_in_seconds(unit: str) -> None:
    text = "Start " + unit * (3_000_000 // len(unit))
    began = time.process_time()
    page = read(text)
    assert time.process_time() - began < 5
    assert page.entries[-1].span.end == len(text.rstrip())


def test_a_post_of_three_million_characters_is_read_in_seconds() -> None:
    began = time.process_time()
    page = read("NO, Bergen\n" + "We are hiring a very good and nice " * 85_000)
    assert time.process_time() - began < 5
    assert [entry.kind for entry in page.entries] == [Kind.JOB]


LINES = st.sampled_from(
    [
        *SIXTH.splitlines(),
        "",
        "",
        "* * *",
        "\ufeff",
        "CHAPTER I.",
        "# Head",
        "a.png",
        "US, WA, Seattle",
        "“",
        " \x0b",
        "Jo Do, Al Bo, Cy Du",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES).map("\n".join), st.lists(LINES).map("\r\n\r\n".join)))
def test_any_text_gives_entries_in_order_that_do_not_overlap(text: str) -> None:
    try:
        page = reader_for("page.txt").read(text.encode("utf-8", "ignore"), name="x")
    except ReadError:
        return
    for entry in page.entries:
        stretch = words(page, entry)
        assert stretch
        assert stretch == stretch.strip()
        assert entry.title
        assert entry.span.end <= len(page.text)
        assert all(entry.span.start <= part.span.start < part.span.end <= entry.span.end for part in entry.parts)
    assert all(one.span.end <= other.span.start for one, other in pairwise(page.entries))
    papers = [entry.title for entry in page.entries if entry.kind == Kind.PAPER and not entry.authors]
    assert len(papers) == len(set(papers))
