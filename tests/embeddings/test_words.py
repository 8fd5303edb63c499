"""Words: slips corrected, everyday words told from telling ones, and what a question could score at best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.english import is_everyday, share_of_passages
from embeddings.fulltext import LexicalIndex, Words
from embeddings.spelling import Gathered, Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

SEEN = Gathered()
for text in ("Membership inference attacks on diffusion models", "optimizers, Lipton and Soatto"):
    SEEN.add(text)
WORDS = Vocabulary(SEEN.words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("membrship infrence on difusion models", "membership inference on diffusion models"),
        ("an optimiser", "an optimizer"),
        ("what does the weather say", "what does the weather say"),
        ("papers by Hinton", "papers by Hinton"),
        ("LoRA", "LoRA"),
        ("difusión", "diffusion"),
    ],
)
def test_a_slip_is_read_as_the_word_that_the_corpus_has(typed: str, meant: str):
    assert WORDS.spelt(typed) == meant


def test_a_vocabulary_is_kept_in_a_file(tmp_path: Path):
    WORDS.save(tmp_path / "words.txt")
    again = Vocabulary.load(tmp_path / "words.txt")
    assert len(again) == len(WORDS) == 10
    assert "Diffusion" in again


def test_everyday_words_are_common_and_rare_ones_rare():
    assert share_of_passages("the") > 0.9 > share_of_passages("other") > share_of_passages("bandit") > 0
    assert share_of_passages("zyxwvut") == share_of_passages("qwertzuiop")
    assert is_everyday("Other")
    assert not is_everyday("zyxwvut")


def test_a_telling_word_counts_more_than_an_everyday_one(tmp_path: Path):
    index = LexicalIndex(tmp_path)
    index.update(
        [],
        [Words(1, 1, "it decides on bandits"), Words(2, 1, "privacy of graphs"), Words(3, 1, "trees of leaves")],
    )
    terms = index.terms("decides bandits")
    everyday, telling = terms["decid"], terms["bandit"]
    assert telling.rarity > everyday.rarity
    assert everyday.own_rarity == telling.own_rarity
    assert [term.at for term in (everyday, telling)] == [(0,), (8,)]


def test_words_that_no_passage_has_keep_a_share_low(tmp_path: Path):
    index = LexicalIndex(tmp_path)
    index.update([], [Words(1, 1, "bandits pull arms"), Words(2, 1, "graphs hold nodes")])
    alone, best = index.search("bandits", 5)
    among, full = index.search("bandits zyxwvut qwertz", 5)
    assert set(alone) == set(among) == {1}
    assert among[1] / full < alone[1] / best <= 1
    assert index.search("the of and", 5) == ({}, 0)
