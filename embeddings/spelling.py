"""The corpus's words, to read a misspelt question by."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from corpus.english import is_everyday
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


_WORD = re.compile(r"[^\W\d_]+")
_BRITISH = re.compile(r"(i|y)s(e[drs]?|ers|ing|ations?)$")
"""Spellings such as "optimiser" and "analysing"; what else is British is near enough to its American spelling."""

_SHORTEST = 5
"""Letters from which a word may be a misspelling: shorter ones are a letter away from too many others."""
_LONG = 8
"""Letters from which two slips are allowed."""

_LOOKED = 20
"""Near words that are looked at: some may not be seen."""

_SEEN = 500_000
"""What stood between blanks, remembered at most."""


class Vocabulary:
    """The words that the passages are written in, folded. Safe to share between threads: it does not change.

    Words of one first letter and one length stand side by side, in order, in one text: a million of them take
    some ten megabytes, and are loaded in no time.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._shelves = {shelf: "".join(sorted(set(each))) for shelf, each in _sorted_in(words).items()}

    def __contains__(self, word: str) -> bool:
        return self._has(folded(word))

    def __len__(self) -> int:
        return sum(len(text) // length for (_, length), text in self._shelves.items())

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a vocabulary from its file: a line for the words of one first letter and one length."""
        read = cls(())
        for line in path.read_text("utf-8").split("\n"):
            length, _, text = line.partition(" ")
            if text:
                read._shelves[text[0], int(length)] = text
        return read

    def save(self, path: Path) -> None:
        """Write the vocabulary to a file."""
        lines = (f"{length} {text}" for (_, length), text in sorted(self._shelves.items()))
        path.write_text("\n".join(lines), "utf-8")

    def joined_by(self, words: Iterable[str]) -> Vocabulary:
        """The vocabulary with some words more; itself where it has them all."""
        joined = Vocabulary(())
        joined._shelves |= self._shelves
        for shelf, each in _sorted_in(word for word in words if not self._has(word)).items():
            joined._shelves[shelf] = "".join(sorted({*self._words_of(shelf), *each}))
        return joined if joined._shelves != self._shelves else self

    def spelt(self, question: str, seen: Callable[[str], bool] = lambda word: True) -> str:
        """The question with what is no word, here or in everyday English, replaced by the corpus word it is near.

        One slip (a letter wrong, missing, doubled, or two swapped) in five to seven letters, two in longer words;
        the first letter has to be right, and where several words are as near the shortest is taken.

        Args:
            question: as it was asked.
            seen: tells whether a word stands in what the asker sees: no other is put into a question.
        """
        return _WORD.sub(lambda found: self._near(found[0], seen) or found[0], question)

    def _near(self, word: str, seen: Callable[[str], bool]) -> str | None:
        plain = folded(word)
        if len(plain) < _SHORTEST or self._has(plain) or is_everyday(plain) or " " in plain:
            return None
        american = _BRITISH.sub(r"\1z\2", plain)
        if american != plain and any(map(self._has, (american, f"{american}s", american.removesuffix("s")))):
            return american
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        slips = 1 if len(plain) < _LONG else 2
        lengths = range(len(plain) - slips, len(plain) + slips + 1)
        alike = [word for length in lengths for word in self._words_of((plain[0], length))]
        near = process.extract(plain, alike, scorer=OSA.distance, score_cutoff=slips, limit=_LOOKED)
        best = sorted(near, key=lambda found: (found[1], len(found[0]), found[0]))
        return next((word for word, *_ in best if seen(word)), None)

    def _has(self, word: str) -> bool:
        length = len(word)
        text = self._shelves.get((word[:1], length), "")
        if not text:
            return False
        at = bisect_left(range(len(text) // length), word, key=lambda n: text[n * length : (n + 1) * length])
        return text[at * length : (at + 1) * length] == word

    def _words_of(self, shelf: tuple[str, int]) -> list[str]:
        text, length = self._shelves.get(shelf, ""), shelf[1]
        return [text[at : at + length] for at in range(0, len(text), length)]


class Gathered:
    """The words of texts that go by."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self._seen: set[str] = set()

    def add(self, text: str) -> None:
        """Take in a text's words, folded; what stands between two blanks is looked at once."""
        new = set(text.split()) - self._seen
        self.words.update(_WORD.findall(folded(" ".join(new))))
        if len(self._seen) > _SEEN:
            self._seen.clear()
        self._seen |= new


def _sorted_in(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    shelves: dict[tuple[str, int], list[str]] = {}
    for word in words:
        shelves.setdefault((word[0], len(word)), []).append(word)
    return shelves
