"""Kin: the same post in two cities and an article printed again, and what only looks like them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.kin import kin_of
from corpus.model import Entry, Kind, Place, Span
from corpus.naming import entry_key
from corpus.store import StoredEntry

POST = (
    "Applied Scientist\nUS, {place}\nWe build kites that carry letters over the harbour of {city}, and we look for"
    " somebody who measures how they turn. You will work with sails, strings and wind tunnels, tell what you find"
    " to those who build them, and lead a small group of people who like the wind as much as you do."
)
ARTICLE = (
    "Kites rise on the wind as long as it blows from the sea. The town has watched them for a hundred years or"
    " more. Nobody knows who built the first of them, or why. They were painted red at first, and green in later"
    " years. Today the harbour lends them to whoever asks before noon."
)


def stored(number: int, kind: Kind, text: str, place: Place | None = None, title: str = "Kites") -> StoredEntry:
    entry = Entry(kind, title, Span(0, len(text)), place=place)
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    return StoredEntry(number, entry_key(entry, text), "board", "Board", None, None, None, seen, entry)


def kin(*entries: tuple[Kind, str, Place | None]) -> dict[int, int]:
    made = [stored(number, kind, text, place) for number, (kind, text, place) in enumerate(entries, 1)]
    return kin_of(made, {number: text for number, (_, text, _) in enumerate(entries, 1)})


def post(city: str, text: str = POST) -> tuple[Kind, str, Place | None]:
    place = Place(f"US, {city}", "US", None, city)
    return Kind.JOB, text.format(place=city, city=city), place


def article(text: str) -> tuple[Kind, str, Place | None]:
    return Kind.ARTICLE, text, None


def test_a_post_for_two_cities_is_one():
    assert kin(post("Boston"), post("New York"), post("Boston")) == {1: 1, 2: 1, 3: 1}


@pytest.mark.parametrize(
    "other",
    [
        POST.replace("sails, strings and wind tunnels", "lanterns, paper and glue"),
        POST.replace("Applied Scientist", "Senior Applied Scientist"),
        POST.replace("a small group", "the night shift"),
    ],
)
def test_posts_of_other_teams_and_roles_with_the_same_phrases_are_not(other: str):
    assert kin(post("Boston"), post("Seattle", other)) == {}


def test_short_rows_of_a_board_are_openings_of_their_own():
    assert kin(post("Boston", "Engineer | {place}"), post("Seattle", "Engineer | {place}")) == {}


def test_an_article_printed_again_with_small_changes_is_one():
    again = ARTICLE.replace("a hundred years or more", "a hundred years")
    third = ARTICLE.replace("before noon", "before one o'clock")
    assert kin(article(ARTICLE), article(again)) == {1: 1, 2: 1}
    assert kin(article(ARTICLE), article(again), article(ARTICLE), article(third)) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_articles_that_share_some_sentences_are_not():
    longer = ARTICLE + " In winter they hang in the church, where one can look at them up close."
    longer += " The oldest of them is said to have crossed the bay twice. Nobody has tried it again since."
    assert kin(article(ARTICLE), article(longer)) == {}
    short = "Kites rise on the wind as long as it blows from the sea. Nobody knows who built the first of them."
    assert kin(article(short), article(f"{short} Ever.")) == {}


def test_papers_and_figures_are_told_by_their_own_words_alone():
    for kind in (Kind.PAPER, Kind.FIGURE):
        again = ARTICLE.replace("noon", "one")
        made = [stored(1, kind, ARTICLE, title="One"), stored(2, kind, again, title="Two")]
        assert kin_of(made, {1: ARTICLE, 2: again}) == {}
