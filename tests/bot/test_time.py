"""Questions of time: what came in, what closes, the latest, and what has gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.assistant import Assistant
from bot.discord.render import byline, small_print
from embeddings.collection import Library
from tests.bot.dated import BARCELONA, MADRID, TODAY, TURIN, board, guide, mark_gone, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.answer import Answer
    from embeddings.loader import ServingEncoder


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory, encoder: ServingEncoder) -> Iterator[Assistant]:
    """Two guides, and a board with three posts; the third came to it later. Not to be written to."""
    library = Library(tmp_path_factory.mktemp("dated"), encoder)
    put(library, "older", guide("ICKT", 2023, "High kites", "Low kites"), seen="2026-09-30")
    put(library, "newer", guide("ICKT", 2025, "Square kites", published=date(2025, 7, 1)), seen="2026-09-01")
    put(library, "board", board(MADRID, TURIN, BARCELONA), seen="2026-09-01")
    library.store._connection.execute(
        "UPDATE entries SET first_seen = '2026-11-18T08:00:00+00:00' WHERE title = 'Sail Economist'"
    )
    with Assistant(library, lambda line: None, today=lambda: TODAY) as assistant:
        yield assistant


def titles(answer: Answer) -> list[str]:
    return [citation.title for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "found", "summary"),
    [
        ("what's new this week?", ["Sail Economist"], "1 job post first seen since 16 November 2026"),
        ("what came in since October", ["Sail Economist"], "1 job post first seen since 1 October 2026"),
        (
            "openings since 1 October",
            ["Sail Economist", "Kite Scientist"],
            "2 job posts posted or first seen since 1 October 2026",
        ),
        (
            "jobs posted between us in the last 60 days",
            ["Sail Economist", "Kite Scientist"],
            "2 job posts posted or first seen since 22 September 2026",
        ),
        ("openings in Spain posted in October", ["Kite Scientist"], None),
        ("jobs posted in March", ["Lantern Engineer"], None),
        (
            "openings closing this month",
            ["Kite Scientist"],
            "1 job post closing from 21 November 2026 to 30 November 2026",
        ),
        (
            "openings that are still open",
            ["Kite Scientist", "Sail Economist"],
            "2 job posts not past their last day; 1 of them names one",
        ),
        ("is the job in Madrid still open?", ["Kite Scientist"], "1 job post in Madrid not past its last day"),
        (
            "is the job in Barcelona still open?",
            ["Sail Economist"],
            "1 job post in Barcelona not known to be closed: it names no last day",
        ),
        ("what is the most recent digest?", ["Square kites"], None),
        ("papers since 2024", ["Square kites"], "1 paper published since 1 January 2024"),
        ("papers since 2023", ["Square kites", "High kites", "Low kites"], "3 papers of 2023 and later"),
        ("the latest guide", ["Square kites"], "1 paper in A guide to kites at ICKT 2025, the latest digest"),
        (
            "the latest papers by Ada Moss",
            ["Square kites", "High kites", "Low kites"],
            "3 papers by Ada Moss, the latest first",
        ),
        ("papers at ICKT 2023", ["High kites", "Low kites"], "2 papers at ICKT 2023"),
        ("how many papers were there at ICKT 2023?", ["High kites", "Low kites"], "2 papers at ICKT 2023"),
    ],
)
def test_a_time_selects_what_lies_in_it(dated: Assistant, question: str, found: list[str], summary: str | None):
    answer = dated.ask(question, top=10)
    assert answer.answered
    assert titles(answer) == found
    if summary:
        assert answer.summary == summary


@pytest.mark.parametrize(
    ("question", "told", "latest", "nearest"),
    [
        (
            "what came in since yesterday?",
            "The digest has no papers or job posts first seen since 20 November 2026.",
            "The latest is “Sail Economist”, first seen on 18 November 2026.",
            "Sail Economist",
        ),
        (
            "openings in Italy since 1 October",
            "The digest has no job posts in Italy that are new since 1 October 2026.",
            "The latest is “Lantern Engineer”, posted on 3 March 2026.",
            "Lantern Engineer",
        ),
        (
            "openings closing in December",
            "The digest has no job posts closing from 1 December 2026 to 31 December 2026.",
            "The last to close is “Kite Scientist”, on 30 November 2026.",
            "Kite Scientist",
        ),
        (
            "is the job in Turin still open?",
            "The digest has no job posts in Turin not past their last day.",
            "The last to close is “Lantern Engineer”, on 30 April 2026.",
            "Lantern Engineer",
        ),
        (
            "papers at ICKT 2023 published this month",
            "The digest has no papers at ICKT 2023 that are new since 1 November 2026.",
            "The latest is “High kites”, of 2023.",
            "High kites",
        ),
        (
            "papers published this month",
            "The digest has no papers that are new since 1 November 2026.",
            "The latest is “Square kites”, published on 1 July 2025.",
            "Square kites",
        ),
    ],
)
def test_where_nothing_came_in_the_latest_is_named(
    dated: Assistant, question: str, told: str, latest: str, nearest: str
):
    answer = dated.ask(question)
    assert not answer.answered
    assert answer.summary == f"{told} {latest}"
    assert answer.nearest[0].title == nearest


def test_a_question_about_the_latest_guide_is_answered_from_it(dated: Assistant):
    for question in ("what does the latest guide say of kites?", "papers in the newest guide"):
        answer = dated.ask(question)
        assert {c.document for c in (*answer.citations, *answer.nearest)} == {"newer"}


@pytest.fixture
def small(tmp_path: Path, encoder: ServingEncoder) -> Iterator[Assistant]:
    """A board that has gone, and a guide."""
    library = Library(tmp_path, encoder)
    put(library, "board", board(MADRID))
    put(library, "guide", guide("ICKT", 2025, "Square kites"))
    with Assistant(library, lambda line: None, today=lambda: TODAY) as assistant:
        yield assistant


def test_what_has_gone_is_no_longer_answered_listed_or_offered(small: Assistant):
    assert titles(small.ask("openings in Madrid")) == ["Kite Scientist"]
    mark_gone(small._library, "board", "2026-11-20")
    for question in ("openings in Madrid", "measure kites in gusts", "openings"):
        answer = small.ask(question)
        assert {c.document for c in (*answer.citations, *answer.nearest)} <= {"guide"}
        assert "Kite Scientist" not in (answer.summary or "")
    assert small.names("place") == []
    assert [each.id for each in small.digests()] == ["guide"]
    assert small.entries(digest=None) == [e for e in small.entries(gone=True) if e.document == "guide"]
    assert "1 job" not in (small.ask("hello").summary or "")


def test_what_has_gone_is_answered_where_it_is_asked_for(small: Assistant):
    mark_gone(small._library, "board", "2026-11-20")
    answer = small.ask("openings in Madrid", gone=True)
    assert titles(answer) == ["Kite Scientist"]
    assert answer.citations[0].gone == date(2026, 11, 20)
    assert {each.id for each in small.digests(gone=True)} == {"board", "guide"}


def test_days_are_told_with_a_citation(dated: Assistant):
    answer = dated.ask("openings in Turin")
    shown = answer.to_json()["citations"][0]
    days = {name: shown[name] for name in ("published", "first_seen", "posted", "closes", "gone", "last_seen")}
    assert days == {
        "published": None, "first_seen": "2026-09-01", "posted": "2026-03-03", "closes": "2026-04-30",
        "gone": None, "last_seen": None,
    }  # fmt: skip
    assert "posted 3 March 2026 · closed on 30 April 2026" in small_print(answer.citations[0])
    assert "apply by 30 November 2026" in small_print(dated.ask("openings in Madrid").citations[0])
    assert "seen" not in small_print(dated.ask("papers at ICKT 2023").citations[0])


def test_a_quote_of_a_page_on_the_web_has_a_link_that_opens_it(tmp_path: Path, encoder: ServingEncoder):
    library = Library(tmp_path, encoder)
    page = replace(guide("ICKT", 2025, "Square kites"), url="https://example.org/guide")
    put(library, "web", page, source="https://example.org/guide")
    put(library, "file", guide("ICKT", 2026, "Round kites"))
    with Assistant(library, lambda line: None) as assistant:
        (found,) = assistant.ask("Square kites").citations[:1]
        assert found.url == "https://example.org/guide"
        assert found.link == "https://example.org/guide#:~:text=Square%20kites,are%20told%20of%20at%20length."
        assert assistant.ask("Round kites").citations[0].link is None


def test_of_two_versions_of_a_page_the_newer_is_cited_and_names_the_other(tmp_path: Path, encoder: ServingEncoder):
    library = Library(tmp_path, encoder)
    put(library, "spring", board(MADRID, TURIN, BARCELONA), seen="2026-03-01")
    put(library, "autumn", board(MADRID, BARCELONA), seen="2026-09-01")
    with Assistant(library, lambda line: None, today=lambda: TODAY) as assistant:
        for found in (*assistant.ask("openings in Madrid").citations, *assistant.browse("job", {}).citations[:1]):
            assert (found.document, found.also_in[0].document) == ("autumn", "spring")
            assert found.last_seen is None
        (turin,) = assistant.ask("openings in Turin").citations
        assert (turin.document, turin.last_seen) == ("spring", date(2026, 3, 1))
        assert small_print(turin).endswith("closed on 30 April 2026 · last seen 1 March 2026")
        assert len(assistant.browse("job", {}).citations) == 3


def test_a_post_for_two_cities_is_cited_once_with_both(tmp_path: Path, encoder: ServingEncoder):
    said = (
        "We build kites that carry letters over the harbour, and look for somebody who measures how they turn in"
        " gusts. You will work with sails, strings and wind tunnels, tell what you find to those who build them,"
        " and lead a small group of people who like the wind as much as you do."
    )
    library = Library(tmp_path, encoder)
    posts = [replace(MADRID, text=said, city=city) for city in ("Madrid", "Barcelona", "Turin")]
    put(library, "board", board(*posts))
    with Assistant(library, lambda line: None, today=lambda: TODAY) as assistant:
        for place, cities in (
            ("Turin", "IT, Turin; ES, Madrid; ES, Barcelona"),
            ("Spain", "ES, Madrid; ES, Barcelona; IT, Turin"),
        ):
            answer = assistant.ask(f"openings in {place}", top=10)
            (found,) = answer.citations
            assert answer.summary == f"1 job post in {place}"
            assert (found.place, found.location) == (cities, cities.partition(";")[0])
            assert len(found.also_in) == 2
            assert byline(found) == cities
        assert len(assistant.browse("job", {}).citations) == 1


def test_what_is_asked_beyond_the_time_ranks_what_lies_in_it(dated: Assistant):
    answer = dated.ask("new jobs about lanterns that float since January")
    assert answer.citations[0].title == "Lantern Engineer"
    assert answer.summary.startswith("1 job post that says “lanterns” and “float” posted")


def test_what_is_like_a_post_tells_its_last_day_too(dated: Assistant):
    (kites,) = dated.ask("is the job in Madrid still open?").citations
    (closed,) = [each for each in dated.similar(kites.entry_id).citations if each.title == "Lantern Engineer"]
    assert closed.closed
    assert closed.closes is not None
    assert "closed on" in small_print(closed)
