"""Markdown pages: the dialect of the digests, and Markdown as people write it."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from corpus.model import Kind, Place
from corpus.readers import reader_for

if TYPE_CHECKING:
    from corpus.model import Entry, Page

DIGEST = """\
---
title: A guide to Harbor’s papers at NeurIPS 2021
publisher: Harbor Labs
venue: NeurIPS
year: 2021
url: https://harbor.example/guide
---
# A guide to Harbor’s papers at NeurIPS 2021

> Graphs and statistics
> are the themes.

Harbor Labs presents two papers.

## Graph search

Graph search is about walking.

### Walking far on [small graphs](https://harbor.example/far)

- **Authors:** Ana de la Cruz, Bo (Ben) An, Ömer Çelik
- **Venue:** ICML 2020
- **Link:** <https://harbor.example/far>

The paper is about walks.

**Figure: Map.** A map, drawn by hand.

It goes on about walks.

### Staying put
Authors: Mark Sellke

![A house](img/house.png)

*The house on the hill.*

## Empty

## Job posts

### Data Engineer

- **Place:** US, MA, N.reading
- **Team:** Night Shift

Nights only.

#### Key job responsibilities

- Count
- Count again

#### About the team

They sleep by day.

### Opening in diving

* Location: Bergen, near the quay
* Team: Deep Sea

Dive.
"""


def read(text: str) -> Page:
    return reader_for("page.md").read(text.encode(), name="harbor")


def words(page: Page, entry: Entry) -> str:
    return page.text[entry.span.start : entry.span.end]


def outline(page: Page) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(str(entry.kind), entry.title, entry.headings) for entry in page.entries]


def test_facts_of_a_digest_come_from_its_front_matter() -> None:
    page = read(DIGEST)
    assert page.text.startswith(
        "A guide to Harbor’s papers at NeurIPS 2021\n\nGraphs and statistics are the themes.\n\n"
    )
    assert not set("*#[]<>`") & set(page.text)
    assert page.title == "A guide to Harbor’s papers at NeurIPS 2021"
    assert (page.venue, page.year, page.publisher) == ("NeurIPS", 2021, "Harbor Labs")
    assert page.url == "https://harbor.example/guide"
    assert page.deck == "Graphs and statistics are the themes."
    assert page.notes == ()


def test_entries_of_a_digest() -> None:
    page = read(DIGEST)
    assert outline(page) == [
        ("article", page.title, ()),
        ("article", "Graph search", ("Graph search",)),
        ("paper", "Walking far on small graphs", ("Graph search",)),
        ("figure", "Map", ("Graph search",)),
        ("article", "Walking far on small graphs", ("Graph search",)),
        ("paper", "Staying put", ("Graph search",)),
        ("figure", "A house", ("Graph search",)),
        ("job", "Data Engineer", ("Job posts",)),
        ("job", "Opening in diving", ("Job posts",)),
    ]


def test_papers_of_a_digest() -> None:
    walking, staying = (entry for entry in read(DIGEST).entries if entry.kind == Kind.PAPER)
    assert walking.authors == ("Ana de la Cruz", "Bo (Ben) An", "Ömer Çelik")
    assert (walking.venue, walking.year, walking.url) == ("ICML", 2020, "https://harbor.example/far")
    assert walking.section == "Graph search"
    assert (staying.authors, staying.venue, staying.year) == (("Mark Sellke",), None, None)


def test_entries_hold_what_a_reader_sees_of_them() -> None:
    page = read(DIGEST)
    assert words(page, page.entries[0]).startswith("A guide to Harbor’s")
    assert words(page, page.entries[0]).endswith("Harbor Labs presents two papers.")
    assert words(page, page.entries[1]) == "Graph search\n\nGraph search is about walking."
    assert words(page, page.entries[2]).startswith("Walking far on small graphs\n\n• Authors: Ana de la Cruz")
    assert words(page, page.entries[2]).endswith("The paper is about walks.")
    assert words(page, page.entries[3]) == "Figure: Map. A map, drawn by hand."
    assert words(page, page.entries[4]) == "It goes on about walks."
    assert words(page, page.entries[6]) == "The house on the hill."


def test_posts_of_a_digest() -> None:
    page = read(DIGEST)
    engineer, diver = (entry for entry in page.entries if entry.kind == Kind.JOB)
    assert engineer.place == Place("US, MA, N.reading", "US", "MA", "North Reading")
    assert (engineer.role, engineer.team) == ("Data Engineer", "Night Shift")
    parts = {part.heading: page.text[part.span.start : part.span.end] for part in engineer.parts}
    assert parts == {"Key job responsibilities": "• Count\n• Count again", "About the team": "They sleep by day."}
    assert words(page, engineer).endswith("They sleep by day.")
    assert diver.place is not None
    assert diver.place.text == "Bergen, near the quay"
    assert (diver.title, diver.team) == ("Opening in diving", "Deep Sea")


def test_windows_line_ends_change_nothing() -> None:
    plain, windows = read(DIGEST), read(DIGEST.replace("\n", "\r\n"))
    assert outline(windows) == outline(plain)
    assert windows.deck == plain.deck
    assert windows.text == plain.text


def test_ordinary_markdown() -> None:
    page = read(
        "\ufefffastcsv\n=======\n\n![Logo](logo.png)\n\nReads *CSV* files.\n\n"
        "Usage\n-----\n\n```python\n# no heading\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "### `read`\n\nReads.\n\n- Note: it is fast\n\n***\n\n## License ##\n\nMIT\n"
    )
    assert (page.title, page.deck, page.venue, page.year) == ("fastcsv", None, None, None)
    assert outline(page) == [
        ("article", "fastcsv", ()),
        ("article", "Usage", ("Usage",)),
        ("article", "read", ("Usage", "read")),
        ("article", "License", ("License",)),
    ]
    assert words(page, page.entries[0]) == "fastcsv\n\nReads CSV files."
    assert words(page, page.entries[1]) == "Usage\n\n# no heading\n\na | b\n1 | 2"
    assert words(page, page.entries[2]) == "read\n\nReads.\n\n• Note: it is fast"
    assert words(page, page.entries[3]) == "License\n\nMIT"


def test_what_no_reader_sees_is_not_stored() -> None:
    page = read(
        "---\nlayout: post\n---\n# Kites {#top}\n\n<!-- to do -->\n{% include menu.html %}\nThey ~~fall~~ fly "
        '[up]({{ site.url }}/up){:target="_blank"}.\n{: .lead}\n\n![](data:image/png;base64,AAAA)\n\n'
        "<details><summary>More</summary>\n\n- low<sup>1</sup>\n- high\n\n</details>\n\n**Note:**short"
    )
    assert page.text == "Kites\n\nThey fall fly up.\n\nMore\n\n• low¹\n• high\n\nNote:short\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Kites**\nAda Moss, Ben Ray\n", "Kites\nAda Moss, Ben Ray\n"),
        ("Kites are old.\nThey fly.\n", "Kites are old.\nThey fly.\n"),
        (f"{'Kites are flown by hand. ' * 3}And\nby {'the foot of a hill. ' * 4}\n", None),
    ],
)
def test_a_line_is_ended_where_its_writer_meant_that(text: str, shown: str | None) -> None:
    assert read(text).text == (shown or f"{' '.join(text.split())}\n")


@pytest.mark.parametrize(
    ("text", "title", "entries"),
    [
        ("Just a line\n", "harbor", ["Just a line"]),
        ("# Alone\n", "Alone", ["Alone"]),
        ("---\n\nText between rules\n\n---\n\nMore\n", "harbor", ["Text between rules\n\nMore"]),
        ("---\ntitle: Given\n---\nText\n", "Given", ["Text"]),
        ("---\ntitle: Given\n---\n# One\n\na\n\n# Two\n\nb\n", "Given", ["One\n\na", "Two\n\nb"]),
        ("Before\n\n# Title\n\nAfter\n", "Title", ["Before", "Title\n\nAfter"]),
    ],
)
def test_titles_and_what_is_kept(text: str, title: str, entries: list[str]) -> None:
    page = read(text)
    assert page.title == title
    assert [words(page, entry) for entry in page.entries] == entries


@pytest.mark.parametrize(
    ("yaml", "line"),
    [("title: [open", " (line 3)"), ("title: a: b", " (line 2)"), ("a: " + "[" * 5000, ""), ("\ttitle: x", None)],
)
def test_broken_front_matter_is_left_out_with_a_note(yaml: str, line: str | None) -> None:
    page = read(f"---\n{yaml}\n---\n# Title\n\nText\n")
    assert page.title == "Title"
    if line is not None:
        assert len(page.notes) == 1
        assert page.notes[0].startswith(f"the front matter is not valid YAML{line}")


def test_meeting_notes_with_a_location_are_no_job_post() -> None:
    page = read("# Minutes\n\n## June\n\n- Location: Room 5\n- Date: 3 June\n\nWe met.\n")
    assert {entry.kind for entry in page.entries} == {Kind.ARTICLE}


def test_venue_is_the_papers_when_they_agree() -> None:
    papers = "".join(
        f"\n## {title}\n\n- **Authors:** Ada Moss\n- **Venue:** KDD 2019\n"
        for title in ("On kites", "Off the hill")
    )
    assert read(f"# Reading\n{papers}").venue == "KDD"
    assert (
        read(f"# Reading\n{papers}\n## More of wind\n\n- **Authors:** Cy Dunn\n- **Venue:** ACL 2019\n").venue
        is None
    )


@pytest.mark.parametrize("data", [b"", b"  \n", b"%PDF-1.4", b"# a\x00b"])
def test_empty_and_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        reader_for("page.md").read(data, name="x")


@pytest.mark.parametrize("unit", ["word ", "[", "`", "*a ", "> ", "![a](", "|a", "# "])
def test_one_line_of_three_million_characters_is_read_in_seconds(unit: str) -> None:
    text = "Start " + unit * (3_000_000 // len(unit))
    began = time.process_time()
    page = read(text)
    assert time.process_time() - began < 5
    assert page.entries[-1].span.end == len(page.text.rstrip())


def test_bundled_digests_carry_their_facts() -> None:
    folder = Path(__file__).resolve().parents[2] / "corpus" / "digests"
    pages = [read(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.md"))]
    assert len(pages) == 5
    counts = sorted(sum(entry.kind == Kind.PAPER for entry in page.entries) for page in pages)
    assert counts == [7, 10, 10, 18, 24]
    for page in pages:
        assert page.year
        assert page.publisher == "Amazon Science"
        assert page.notes == ()
        for entry in page.entries:
            if entry.kind == Kind.PAPER:
                assert (entry.venue, entry.year) != (None, None)
            if entry.kind == Kind.JOB:
                assert entry.place is not None
                assert entry.place.country


LINES = st.sampled_from(
    [*DIGEST.splitlines(), "", "", "---", "===", "```", "    code", "> q", "- a", "\ufeff", "| a |", "<!--"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES).map("\n".join), st.lists(LINES).map("\r\n".join)))
def test_any_text_gives_entries_in_order_that_do_not_overlap(text: str) -> None:
    try:
        page = reader_for("page.md").read(text.encode("utf-8", "ignore"), name="x")
    except ReadError:
        return
    for entry in page.entries:
        stretch = words(page, entry)
        assert stretch
        assert stretch == stretch.strip()
        assert entry.title
        assert all(entry.span.start <= part.span.start < part.span.end <= entry.span.end for part in entry.parts)
    assert all(one.span.end <= other.span.start for one, other in pairwise(page.entries))


def test_a_figure_needs_no_emphasis_and_its_title_may_hold_an_abbreviation() -> None:
    page = read("# Guide\n\nIntro.\n\n## Maps\n\nFigure: Function v. parameter space. Two planes, side by side.")
    (figure,) = (entry for entry in page.entries if entry.kind == Kind.FIGURE)
    assert figure.title == "Function v. parameter space"
    assert words(page, figure).endswith("side by side.")
