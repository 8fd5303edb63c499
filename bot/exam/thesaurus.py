"""The thesaurus: everyday words that are near a word in meaning, as a model sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.cues import is_common
from embeddings.background import everyday_words

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Texts in, unit vectors out, of the shape (texts, dimensions)."""

_WORDS = 4000
"""Everyday words that may be put for another."""

_NEAREST = 6
"""Of so many one is chosen: the very nearest would make every question too easy to find."""

_SHORTEST = 3
_STEM = 4
"""Letters in common from which two words are taken for forms of one."""


class Thesaurus:
    """Puts everyday words for others. The words are embedded when the first is asked for."""

    def __init__(self, embed: Embed) -> None:
        """Judge nearness in meaning by a model."""
        self._embed = embed
        self._known: dict[str, list[str]] = {}

    def near(self, word: str, random: Random) -> str:
        """One of the nearest words that is not a form of the word itself; the word where there is none."""
        plain = word.lower()
        if plain not in self._known:
            self._known[plain] = self._nearest(plain)
        return random.choice(self._known[plain] or [word])

    @cached_property
    def _everyday(self) -> tuple[list[str], NDArray[np.float32]]:
        words = [
            word
            for word in everyday_words(_WORDS)
            if len(word) > _SHORTEST and word.isascii() and word.isalpha() and not is_common(word)
        ]
        return words, self._embed(words)

    def _nearest(self, word: str) -> list[str]:
        words, vectors = self._everyday
        nearness = vectors @ self._embed([word])[0]
        order = np.argsort(-nearness, kind="stable")[: 4 * _NEAREST]
        others = [words[at] for at in order if words[at][:_STEM] != word[:_STEM]]
        return others[:_NEAREST]
