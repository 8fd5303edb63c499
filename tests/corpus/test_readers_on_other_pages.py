"""Pages of other houses and other makes: what their writers do differently is read as they mean it."""

from __future__ import annotations

import time
import unicodedata
from typing import TYPE_CHECKING

import pytest

from corpus.model import Kind
from corpus.readers import Reader, reader_for

if TYPE_CHECKING:
    from corpus.model import Entry, Page


def read(text: str) -> Page:
    return reader_for("page.txt").read(text.encode(), name="page")


def read_markdown(text: str) -> Page:
    return reader_for("page.md").read(text.encode(), name="page")


def words(page: Page, entry: Entry) -> str:
    return page.text[entry.span.start : entry.span.end]


def titles(page: Page) -> list[str]:
    return [entry.title for entry in page.entries]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Ana Gil, Bo B., Cy Dunn", ("Ana Gil", "Bo B.", "Cy Dunn")),
        ("Mathieu d'Arc, Abd al-Rahim Said", ("Mathieu d'Arc", "Abd al-Rahim Said")),
        ("Ana Gil*, Bo Li†, Gerard 't Hoog¹", ("Ana Gil", "Bo Li", "Gerard 't Hoog")),
        ("Jürgen Moll, Anja Weiß und Uwe Groß", ("Jürgen Moll", "Anja Weiß", "Uwe Groß")),
        ("Wei-Lun Cho and Ji-sung Park III", ("Wei-Lun Cho", "Ji-sung Park III")),
        ("J. K. Rowe Jr., Ludwig van der Berg", ("J. K. Rowe Jr.", "Ludwig van der Berg")),
    ],
)
def test_authors_as_people_write_them(line: str, authors: tuple[str, ...]) -> None:
    page = read(f"Our papers in brief\n\nNets\n\nFishing: With what nets?\n{line}\n")
    assert [(entry.title, entry.authors) for entry in page.entries] == [("Fishing: With what nets?", authors)]


def test_accents_as_characters_of_their_own_are_letters() -> None:
    text = "A paper\n\nAn accent study\nJosé Núñez, Zoë Li\n\nBR, SP, São Paulo\nWe are hiring a Data Scientist.\n"
    paper, job = read(unicodedata.normalize("NFD", text)).entries
    assert [unicodedata.normalize("NFC", name) for name in paper.authors] == ["José Núñez", "Zoë Li"]
    assert job.place is not None
    assert (job.place.region, job.place.city) == ("SP", "São Paulo")


def test_a_column_of_names_and_a_line_that_breaks_off_are_no_papers() -> None:
    page = read(
        "Thanks\n\nThe paper mill was built from older mills by\nJay Fenn, Joy Kent, and Mel Weiss\n\n"
        "Our second mill\nJay Fenn, Joy Kent. Amy Good, Mel Weiss\n\n"
        "David Turn\nGarret Rieg\nJon Kew\nLars Knoll\n"
    )
    assert {entry.kind for entry in page.entries} == {Kind.ARTICLE}
    assert words(page, page.entries[-1]).endswith("Lars Knoll")


def test_names_under_a_heading_belong_to_it() -> None:
    page = read("fastcsv\n\nReads CSV.\n\nAuthors\n-------\nJane Doe, John Smith, Max Power\n\nIt is free.\n")
    assert titles(page) == ["fastcsv", "Authors"]


def test_headings_right_over_their_paragraphs() -> None:
    page = read(
        "Minutes of the board\nMeeting of 12 February, Room 3\n\n"
        "1. Minutes of the last meeting\nThey were approved.\n\n"
        "Lunch\nThe board had soup, and then it had some more soup.\n\nIt rained.\n"
    )
    assert page.deck is None
    assert titles(page) == ["Minutes of the board", "Minutes of the last meeting", "Lunch"]
    assert words(page, page.entries[0]).endswith("Room 3")
    assert words(page, page.entries[-1]).endswith("It rained.")


def test_a_topic_right_over_its_description_is_not_of_the_paper_before() -> None:
    page = read(
        "Tide at ICLR 2026: our papers\n\nSafety\nWork on safety asks how to keep models from harm.\n\n"
        "Red teams in the loop\nAna Gil and Bo Li\n\n"
        "Speech\nSpeech models turn the sound of a voice into words.\n\n"
        "Hearing nothing: Silence in ASR\nZoë Ward, Jean Font\n"
    )
    assert [(str(entry.kind), entry.title, entry.section) for entry in page.entries] == [
        ("article", "Safety", "Safety"),
        ("paper", "Red teams in the loop", "Safety"),
        ("article", "Speech", "Speech"),
        ("paper", "Hearing nothing: Silence in ASR", "Speech"),
    ]


def test_verse_and_wrapped_prose_have_no_headings() -> None:
    page = read(
        "The Sea\n\nNobody in the boat spoke\nThe sea was calm, and I was too.\n\n"
        "It was the habit of Mr. Pett to rise at six\nSharp, and to be at his desk before the bells.\n\n"
        "By then it was not yet day outside in the\nStreet, and the lamps were lit.\n"
    )
    assert titles(page) == ["The Sea"]


def test_a_byline_is_no_deck() -> None:
    page = read("Town approves bridge\n\nBy Maria Lopez\nMarch 3, 2025\n\nThe town approved a bridge.\n")
    assert page.deck is None
    page = read("Two nets\n\nBy joining nets, we fish more.\n\nThere are two nets.\n")
    assert page.deck == "By joining nets, we fish more."


def test_a_paper_with_its_venue_in_brackets_behind_it() -> None:
    page = read("Reading\n\nMore stands in “Merging nets for long trips” (ICLR 2025), by interns. It is good.\n")
    assert [(str(entry.kind), entry.title, entry.venue, entry.year) for entry in page.entries] == [
        ("paper", "Merging nets for long trips", "ICLR", 2025)
    ]


def test_the_year_of_a_venue_in_another_language() -> None:
    page = read("Überblick\n\nDie International Conference on Nets (ICON) ist groß. Wir sind auf der ICON 2024.\n")
    assert (page.venue, page.year) == ("ICON", 2024)


def test_teasers_of_other_houses() -> None:
    page = read(
        "A page\n\nThe first part of it.\n\nYou may also like\nHow we built the ear.\n\nThe second part.\n"
    )
    assert titles(page) == ["A page", "You may also like", "A page"]


@pytest.mark.xfail(strict=True, reason="posts of several paragraphs under a place alone are cut at inner headings")
def test_posts_of_several_paragraphs() -> None:
    page = read(
        "Openings\n\nIE, Dublin\n\nWe are hiring a Speech Engineer.\n\nThe sea is near.\n\n"
        "Responsibilities\n- Listen\n\nGB, Remote\n\nJoin us as a Staff Scientist!\n\n"
        "Requirements\n\n- Patience\n- Calm\n\nAbout Tide\n\nTide is small.\n"
    )
    speech, staff, about = page.entries
    assert words(page, speech).endswith("The sea is near.\n\nResponsibilities\n- Listen")
    assert words(page, staff).endswith("- Calm")
    assert [part.heading for part in (*speech.parts, *staff.parts)] == ["Responsibilities", "Requirements"]
    assert (speech.role, staff.role) == ("Speech Engineer", "Staff Scientist")
    assert (about.kind, about.title) == (Kind.ARTICLE, "About Tide")


@pytest.mark.parametrize(
    ("post", "role"),
    [
        ("We are hiring a Senior Manager, Applied Science.", "Senior Manager, Applied Science"),
        ("We are hiring a Senior Manager, Applied Science. You will lead.", "Senior Manager, Applied Science"),
        ("Join our Last Mile team as an Economist.", "Economist"),
    ],
)
def test_a_role_ends_where_its_sentence_does(post: str, role: str) -> None:
    assert read(f"Openings\n\nNO, Bergen\n{post}\n").entries[-1].role == role


def test_markup_without_words_is_no_entry() -> None:
    page = read_markdown('<p><img src="logo.png"></p>\n\n# tool\n\nA tool.\n\n<!-- end -->\n')
    assert [words(page, entry) for entry in page.entries] == ["tool\n\nA tool."]


@pytest.mark.xfail(strict=True, reason="a role over nothing but a location is not sure enough for one post alone")
def test_a_heading_that_names_a_role_over_a_location_is_a_post() -> None:
    page = read_markdown(
        "# Jobs\n\n## Scientist, Search\n* Location: US, WA, Seattle or US, CA, Palo Alto\n\nFind.\n\n"
        "## Party\n\nLocation: Hall B\n"
    )
    assert [(str(entry.kind), entry.title) for entry in page.entries] == [
        ("job", "Scientist, Search"),
        ("article", "Party"),
    ]


@pytest.mark.parametrize("reader", [reader_for("page.txt"), reader_for("page.md")])
@pytest.mark.parametrize(
    "unit",
    [
        "Join as a ",
        "Ab Cd\n",
        "Head\nThe head is on the body here.\n\n",
        "NO, Oslo\n\nSing.\n\n",
        "Sing.\n\nBenefits\n\n",
        "“A b” (",
        "<",
        "d'",
    ],
)
def test_a_quarter_of_a_million_characters_is_read_in_seconds(unit: str, reader: Reader) -> None:
    text = "Start\n\nNO, Bergen\n" + unit * (250_000 // len(unit))
    began = time.process_time()
    page = reader.read(text.encode(), name="x")
    assert time.process_time() - began < 60, "linear takes seconds, what is quadratic many minutes"
    assert page.entries
