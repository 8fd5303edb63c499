"""Authors are recognised however people write them, and nobody else is taken for one."""

from __future__ import annotations

import pytest

from corpus.gazetteer import Gazetteer, What
from tests.corpus.gazetteer.shelf import Shelf, names, of


@pytest.fixture
def authors(shelf: Shelf) -> Gazetteer:
    shelf.paper("Tides of the northern sea", "Zachary Öberg", "Anneliese Quist", "Youn Park")
    shelf.paper("Salt marshes in winter", "Zachary Oberg", "Bo Li", "Ada Lindqvist-Moreau")
    shelf.paper("On drifting ice", "Ravindra (Ravi) Subramaniam", "Ebba Quist", "Xi Chen", "Xiusi Chen")
    return shelf.gazetteer()


@pytest.mark.parametrize(
    ("question", "author"),
    [
        ("what has Quist, Anneliese written?", "Anneliese Quist"),
        ("anneliese quist", "Anneliese Quist"),
        ("A. Quist papers", "Anneliese Quist"),
        ("papers by Annelise Qiust", "Anneliese Quist"),
        ("did Zack Öberg publish here", "Zachary Öberg"),
        ("anything by oberg?", "Zachary Öberg"),
        ("Ravi Subramaniam's work", "Ravindra (Ravi) Subramaniam"),
        ("subramanian paper", "Ravindra (Ravi) Subramaniam"),
        ("papers by Lindqvist-Moreau", "Ada Lindqvist-Moreau"),
        ("papers by park", "Youn Park"),
        ("Park's papers", "Youn Park"),
        ("Park?", "Youn Park"),
        ("XI CHEN", "Xi Chen"),
        ("what did Bo Li write", "Bo Li"),
    ],
)
def test_an_author_is_found(authors: Gazetteer, question: str, author: str) -> None:
    assert names(What.AUTHOR, authors.read(question)) == [author]


@pytest.mark.parametrize(
    "question",
    [
        "papers by Geoffrey Quist",
        "is there a park near the office?",
        "how long is the li river",
        "what is a Quist IRA",
        "the quick brown fox",
        "did Konrad Chen publish",
        "list all papers",
    ],
)
def test_nobody_is_found(authors: Gazetteer, question: str) -> None:
    assert names(What.AUTHOR, authors.read(question)) == []


def test_spellings_of_a_name_are_one_author_with_all_entries(authors: Gazetteer) -> None:
    (mention,) = of(What.AUTHOR, authors.read("papers by Zachary Oberg"))
    assert set(mention.entries) == {1, 2}
    assert mention.exactness == 1.0


def test_an_ambiguous_last_name_gives_all_who_bear_it(authors: Gazetteer) -> None:
    mentions = of(What.AUTHOR, authors.read("papers by Quist please"))
    assert [mention.name for mention in mentions] == ["Anneliese Quist", "Ebba Quist"]
    assert len({mention.span for mention in mentions}) == 1


def test_the_span_is_the_name_in_the_question(authors: Gazetteer) -> None:
    question = "so what has Ebba Quist written?"
    (mention,) = of(What.AUTHOR, authors.read(question))
    assert question[mention.span.start : mention.span.end] == "Ebba Quist"


def test_a_misspelt_name_is_less_exact(authors: Gazetteer) -> None:
    (mention,) = of(What.AUTHOR, authors.read("papers by Subramanian"))
    assert mention.exactness < 0.9
