"""Lines and blocks of a text with their offsets, trimmed of the blanks around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.model import Span
from corpus.text import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator


_BREAK = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r"[\s*=_~#·.•+—–-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the blanks around it; ``start`` is its offset in the whole text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)


Block = list[Line]
"""Lines that stand together, without a blank line between them."""


def line_starts(text: str) -> list[int]:
    r"""The offset at which each line begins, lines ending at ``\n``, ``\r\n`` or ``\r``; and the text's end."""
    return [0, *(m.end() for m in _BREAK.finditer(text)), len(text)]


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text. Lines of nothing but dashes, stars and the like part blocks as blank ones do."""
    blocks: list[Block] = [[]]
    for line in _lines(text):
        if line is None:
            if blocks[-1]:
                blocks.append([])
        else:
            blocks[-1].append(line)
    return blocks if blocks[-1] else blocks[:-1]


def _lines(text: str) -> Iterator[Line | None]:
    starts = line_starts(text)
    for start, end in pairwise(starts):
        span = trimmed(text, start, end)
        words = text[span.start : span.end] if span else ""
        yield Line(words, span.start) if span and not _RULE.fullmatch(words) else None


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The stretch without the blanks at its ends; None where it is all blank."""
    stretch = text[start:end]
    left = stretch.lstrip(BLANK)
    if not left:
        return None
    start = end - len(left)
    return Span(start, start + len(left.rstrip(BLANK)))


def collapsed(words: str) -> str:
    """The words with every run of blanks, non-breaking ones too, made one space."""
    return " ".join(words.split())
