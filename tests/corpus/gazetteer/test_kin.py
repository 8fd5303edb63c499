"""Kin: the same post in two cities and an article printed again, and what only looks like them."""

from __future__ import annotations

import pytest

from corpus.gazetteer import Ids
from corpus.model import Entry, Kind, Place, Span
from tests.corpus.gazetteer.shelf import Shelf

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


def kin(*entries: tuple[Kind, str, Place | None]) -> list[list[int]]:
    """The families of more than one entry, by the numbers of the entries from 1."""
    shelf = Shelf()
    for number, (kind, text, place) in enumerate(entries, 1):
        title = f"Kites {number}" if kind is Kind.PAPER else "Kites"
        shelf.put(Entry(kind, title, Span(0, len(text)), place=place), text)
    cards = shelf.gazetteer().cards
    families = {tuple(cards.families(Ids([card.id]))) for card in cards}
    return sorted(list(family) for family in families if len(family) > 1)


def post(city: str, text: str = POST) -> tuple[Kind, str, Place | None]:
    place = Place(f"US, {city}", "US", None, city)
    return Kind.JOB, text.format(place=city, city=city), place


def article(text: str) -> tuple[Kind, str, Place | None]:
    return Kind.ARTICLE, text, None


def test_a_post_for_two_cities_is_one():
    assert kin(post("Boston"), post("New York"), post("Boston")) == [[1, 2, 3]]


@pytest.mark.parametrize(
    "other",
    [
        POST.replace("sails, strings and wind tunnels", "lanterns, paper and glue"),
        POST.replace("Applied Scientist", "Senior Applied Scientist"),
        POST.replace("a small group", "the night shift"),
    ],
)
def test_posts_of_other_teams_and_roles_with_the_same_phrases_are_not(other: str):
    assert kin(post("Boston"), post("Seattle", other)) == []


def test_short_rows_of_a_board_are_openings_of_their_own():
    assert kin(post("Boston", "Engineer | {place}"), post("Seattle", "Engineer | {place}")) == []


def test_an_article_printed_again_with_small_changes_is_one():
    again = ARTICLE.replace("a hundred years or more", "a hundred years")
    third = ARTICLE.replace("before noon", "before one o'clock")
    assert kin(article(ARTICLE), article(again)) == [[1, 2]]
    assert kin(article(ARTICLE), article(again), article(ARTICLE), article(third)) == [[1, 2, 3, 4]]


def test_articles_that_share_some_sentences_are_not():
    longer = ARTICLE + " In winter they hang in the church, where one can look at them up close."
    longer += " The oldest of them is said to have crossed the bay twice. Nobody has tried it again since."
    assert kin(article(ARTICLE), article(longer)) == []
    short = "Kites rise on the wind as long as it blows from the sea. Nobody knows who built the first of them."
    assert kin(article(short), article(f"{short} Ever.")) == []


def test_papers_and_figures_are_told_by_their_own_words_alone():
    for kind in (Kind.PAPER, Kind.FIGURE):
        again = ARTICLE.replace("noon", "one")
        assert kin((kind, ARTICLE, None), (kind, again, None)) == []


def test_the_entries_of_a_family_are_kin_but_for_those_of_the_same_key():
    shelf = Shelf()
    for kind, text, place in (post("Boston"), post("New York"), post("Boston")):
        shelf.put(Entry(kind, "Kites", Span(0, len(text)), place=place), text)
    gazetteer = shelf.gazetteer()
    assert [list(gazetteer.kin(entry)) for entry in (1, 2, 3, 4)] == [[2], [1, 3], [2], []]
    assert list(gazetteer.cards.distinct(gazetteer.cards.ids)) == [1]
