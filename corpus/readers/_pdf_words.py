"""Words of a PDF that are broken at a line's end: put together again, with their hyphen where it is their own."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+)-$")
_TIED = re.compile(r"(?<=\S)[-/—]$")
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST = 60
"""Characters that a word has at most."""
_SURE = 3
"""Words whose own hyphen stands at a line's end, from which those of a file are taken for that."""


class Hyphens:
    """Tells from a file's other words whether a hyphen at a line's end is a word's own.

    Where the file itself does not say it for a word, what it says for most others decides: a file whose lines are
    broken at hyphens that words have anyway keeps them.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: Counter[str] = Counter()
        broken: list[tuple[str, str]] = []
        before = None
        for line in lines:
            words = [word[0].casefold() for word in _WORD.finditer(line)]
            ending = _BROKEN.search(line, max(0, len(line) - _LONGEST))
            if before and words:
                broken.append((before, words[0]))
                words = words[1:]
            before = ending[1].casefold() if ending else None
            self._known.update(words[:-1] if ending else words)
        told = [self._told(left, right) for left, right in broken]
        own, other = told.count(True), told.count(False)
        self._own = own > other
        self._sure = own >= _SURE and own > 2 * other

    def _told(self, left: str, right: str) -> bool | None:
        """Whether the hyphen between two parts is the word's own; None where the file does not say."""
        whole, parted = self._known[left + right], self._known[f"{left}-{right}"]
        if whole != parted:
            return parted > whole
        return True if self._known[left] and self._known[right] else None

    def joined(self, above: str, below: str) -> str:
        """What a line says together with the next one."""
        broken, follows = _BROKEN.search(above, max(0, len(above) - _LONGEST)), _LETTERS.match(below)
        if not broken or not follows:
            return f"{above}{below}" if _TIED.search(above, max(0, len(above) - 2)) else f"{above} {below}"
        told = self._told(broken[1].casefold(), follows[0].casefold())
        keep = self._sure or not below[0].islower() or (self._own if told is None else told)
        return f"{above if keep else above[:-1]}{below}"
