"""The corpus's words, to read a misspelt question by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.naming import folded
from embeddings.background import is_everyday

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")
_BRITISH = re.compile(r"(i|y)s(e[drs]?|ers|ing|ations?)$")
"""Spellings such as "optimiser" and "analysing"; what else is British is near enough to its American spelling."""

_SHORTEST = 5
"""Letters from which a word may be a misspelling: shorter ones are a letter away from too many others."""
_LONG = 8
"""Letters from which two slips are allowed."""


class Vocabulary:
    """The words that the passages are written in, folded. Safe to share between threads: it does not change."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._by_start: dict[str, list[str]] = {}
        for word in self._words:
            self._by_start.setdefault(word[0], []).append(word)

    def __contains__(self, word: str) -> bool:
        return folded(word) in self._words

    def __len__(self) -> int:
        return len(self._words)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a vocabulary from its file, a word a line."""
        return cls(path.read_text("utf-8").split())

    def save(self, path: Path) -> None:
        """Write the vocabulary to a file."""
        path.write_text("\n".join(sorted(self._words)), "utf-8")

    def joined_by(self, texts: Iterable[str]) -> Vocabulary:
        """The vocabulary with the words of some texts."""
        return Vocabulary(self._words.union(*(_WORD.findall(folded(text)) for text in texts)))

    def spelt(self, question: str) -> str:
        """The question with what is no word, here or in everyday English, replaced by the corpus word it is near.

        One slip (a letter wrong, missing, doubled, or two swapped) in five to seven letters, two in longer words;
        the first letter has to be right, and where several words are as near the shortest is taken.
        """
        return _WORD.sub(lambda found: self._near(found[0]) or found[0], question)

    def _near(self, word: str) -> str | None:
        plain = folded(word)
        if len(plain) < _SHORTEST or plain in self._words or is_everyday(plain) or " " in plain:
            return None
        american = _BRITISH.sub(r"\1z\2", plain)
        if american != plain and self._words & {american, f"{american}s", american.removesuffix("s")}:
            return american
        slips = 1 if len(plain) < _LONG else 2
        alike = [each for each in self._by_start.get(plain[0], ()) if abs(len(each) - len(plain)) <= slips]
        near = process.extract(plain, alike, scorer=OSA.distance, score_cutoff=slips, limit=5)
        return min(near, key=lambda found: (found[1], len(found[0]), found[0]))[0] if near else None
