"""The gazetteer over whole pages: the bundled and the real digests, foreign questions, odd ones."""

from __future__ import annotations

import pytest

from corpus.gazetteer import Gazetteer, What
from tests.corpus.gazetteer.shelf import Shelf, names

FOREIGN = [
    "how do I bake sourdough bread",
    "who wrote Hamlet",
    "what does HTTP 404 mean",
    "is Pluto a planet",
    "Michael Jackson songs",
    "explain quantum entanglement simply",
    "should I buy bitcoin",
    "The Great Gatsby author",
    "who directed Jurassic Park",
    "tell me a joke about cats",
    "how to train a dog",
    "Stephen King books",
    "¿dónde está la biblioteca?",
    "wie spät ist es",
    "play some jazz",
    "George Washington biography",
]


def test_bundled_names_are_found(bundled: Gazetteer) -> None:
    mentions = bundled.read("bandit papers by kvetton at icml'23")
    assert [mention.name for mention in mentions] == ["Bandit problems", "Branislav Kveton", "ICML", "2023"]
    assert all(mention.entries for mention in mentions)


def test_a_digest_is_found_by_what_its_title_alone_says(bundled: Gazetteer) -> None:
    assert len(set(names(What.DIGEST, bundled.read("what do the alexa people say")))) == 1
    assert names(What.DIGEST, bundled.read("amazon papers")) == []


@pytest.mark.parametrize("question", FOREIGN)
def test_a_foreign_question_names_nothing(real: Gazetteer, bundled: Gazetteer, question: str) -> None:
    assert [mention for mention in (*real.read(question), *bundled.read(question)) if mention.entries] == []


@pytest.mark.parametrize(
    "question", ["", "   ", "?!", "🔥😂", "\u200b\u2060", "a", "'s", "-", "ß", "İstanbul'da", "ﬁ"]
)
def test_odd_questions_are_read(bundled: Gazetteer, question: str) -> None:
    for mention in bundled.read(question):
        assert 0 <= mention.span.start < mention.span.end <= len(question)


@pytest.mark.parametrize(
    ("question", "what", "name"),
    [
        ("trustworhty ml by Micheal Kearns", What.AUTHOR, "Michael Kearns"),
        ("psa gan", What.TITLE, "PSA-GAN: Progressive self attention GANs for synthetic time series"),
        ("GNNs", What.TOPIC, "Graph neural networks"),
        ("gurgaon jobs", What.PLACE, "Gurugram"),
        ("econ roles", What.ROLE, "Economist"),
        ("buyer risk prevention", What.TEAM, "Amazon Buyer Risk Prevention (BRP) Machine Learning"),
    ],
)
def test_names_of_the_real_pages_are_found(real: Gazetteer, question: str, what: What, name: str) -> None:
    assert name in names(what, real.read(question))


def test_an_empty_corpus_has_no_names() -> None:
    empty = Shelf().gazetteer()
    assert [mention for mention in empty.read("papers by Kveton in Boston at ICML 2023") if mention.entries] == []
