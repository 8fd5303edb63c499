"""Papers are recognised by title, short name or a telling part; topics by heading, kin and initials."""

from __future__ import annotations

import pytest

from corpus.gazetteer import Gazetteer, What
from tests.corpus.gazetteer.shelf import Shelf, names, of

TIDES = "TideBench: Forecasting coastal floods with sparse gauges"
BREW = "Warm Broth: Modelling kelp forests under changing light"
QUILT = "QUILT: Stitching satellite mosaics"
PLAIN = "Bioluminescent plankton as a proxy for turbulence"


@pytest.fixture
def papers(shelf: Shelf) -> Gazetteer:
    shelf.paper(TIDES, "A. One", topic="1. Flood problems", venue="ICML", year=2021)
    shelf.paper(BREW, "B. Two", topic="2. Reinforced learning", venue="ICLR", year=2022)
    shelf.paper(QUILT, "C. Three", topic="2. Reinforced learning", text="we sew a patchwork of light and floods")
    shelf.paper(PLAIN, "D. Four", topic="3. Privacy")
    shelf.paper(TIDES, "A. One", topic="Flood problems")
    return shelf.gazetteer()


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("who wrote tidebench", TIDES),
        ("tide bench?", TIDES),
        ("authors of TidBench", TIDES),
        ("forcasting coastal floods with sparse gauges", TIDES),
        ("what's in warm broth", BREW),
        ("the warm-broth paper", BREW),
        ("modeling kelp forests under changing light", BREW),
        ("who did QUILT", QUILT),
        ("quilt paper", QUILT),
        ("Bioluminescent plankton proxy turbulence", PLAIN),
        ("the bioluminescent plankton work", PLAIN),
    ],
)
def test_a_title_is_found(papers: Gazetteer, question: str, title: str) -> None:
    assert names(What.TITLE, papers.read(question)) == [title]


@pytest.mark.parametrize(
    "question",
    ["a warm day", "papers about light", "how do floods form", "what is a proxy server", "good forests"],
)
def test_a_word_of_a_title_is_not_the_title(papers: Gazetteer, question: str) -> None:
    assert names(What.TITLE, papers.read(question)) == []


def test_a_title_stands_for_all_entries_that_have_it(papers: Gazetteer) -> None:
    (mention,) = of(What.TITLE, papers.read("TideBench"))
    assert set(mention.entries) == {1, 5}


def test_a_short_name_that_may_be_a_word_is_less_sure(papers: Gazetteer) -> None:
    (written,) = of(What.TITLE, papers.read("what does QUILT do"))
    (word,) = of(What.TITLE, papers.read("how do I wash a quilt"))
    assert word.exactness < 0.9 < written.exactness


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("flood papers", "Flood problems"),
        ("papers on flooding problems", "Flood problems"),
        ("RL papers", "Reinforced learning"),
        ("reinforcd learning", "Reinforced learning"),
        ("work on private data", "Privacy"),
        ("papers on reinforcement", "Reinforced learning"),
    ],
)
def test_a_topic_is_found_without_its_number(papers: Gazetteer, question: str, topic: str) -> None:
    assert names(What.TOPIC, papers.read(question)) == [topic]


def test_a_topic_is_less_sure_by_a_word_of_it_where_nothing_asks_for_papers(papers: Gazetteer) -> None:
    (asked,) = of(What.TOPIC, papers.read("flood papers"))
    (said,) = of(What.TOPIC, papers.read("my cellar has a flood"))
    assert said.exactness < asked.exactness < 1


def test_a_heading_without_papers_is_no_topic(shelf: Shelf) -> None:
    shelf.paper(PLAIN, topic="Plankton")
    shelf.job("DE, Berlin", "Diver")
    assert names(What.TOPIC, shelf.gazetteer().read("diver plankton")) == ["Plankton"]


@pytest.mark.parametrize("question", ["icml21", "ICML'21 papers", "what was at ICML 2021"])
def test_a_venue_and_its_year_are_found(papers: Gazetteer, question: str) -> None:
    mentions = papers.read(question)
    assert names(What.VENUE, mentions) == ["ICML"]
    assert [(m.name, set(m.entries)) for m in of(What.YEAR, mentions)] == [("2021", {1})]


def test_a_venue_of_several_words_is_found(shelf: Shelf) -> None:
    shelf.paper("Kelp", venue="The Web Conference")
    shelf.paper("Eel", venue="The Tide Workshop 2021")
    (mention,) = of(What.VENUE, shelf.gazetteer().read("papers of the web-conference"))
    assert (mention.name, set(mention.entries)) == ("The Web Conference", {1})


def test_a_venue_that_the_corpus_lacks_has_no_entries(papers: Gazetteer) -> None:
    mentions = papers.read("papers from CVPR 2019")
    assert [(m.name, set(m.entries)) for m in mentions] == [("CVPR", set()), ("2019", set())]


@pytest.mark.parametrize("question", ["chi square test", "it costs $2021", "version 3.2021", "room 12021"])
def test_numbers_and_words_are_no_years_and_venues(papers: Gazetteer, question: str) -> None:
    assert papers.read(question) == ()
