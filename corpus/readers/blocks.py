"""Lines and blocks of a text with their offsets, trimmed of the blanks around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from corpus.model import Place, Span
from corpus.text import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class HtmlBlock:
    """A heading, a paragraph, a list item, a caption or a table's row.

    ``lines`` are its words, blanks collapsed, a line break kept. ``lead`` are the marked-up words that it begins
    with (a link, bold, italics), ``link`` where these lead, ``cells`` the words of a row's cells by their column,
    ``signed`` whether the markup says that it is of authors.
    """

    kind: Literal["heading", "text", "item", "figure", "row"]
    lines: list[str]
    level: int = 0
    lead: str = ""
    link: str | None = None
    cells: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""
    signed: bool = False


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


def span_of(lines: Sequence[Line]) -> Span:
    """The stretch from the first of the lines to the end of the last."""
    return Span(lines[0].start, lines[-1].end)


def collapsed(words: str) -> str:
    """The words with every run of blanks, non-breaking ones too, made one space."""
    return " ".join(words.split())


class Shape(Enum):
    """What a piece of a page is."""

    HEADING = auto()
    PROSE = auto()
    PAPER = auto()
    FIGURE = auto()
    TEASER = auto()
    JOB = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page.

    ``title`` is a heading's words, a paper's or figure's title, a post's role, a teaser's label; ``link`` leads to
    what it tells of.
    """

    shape: Shape
    span: Span
    title: str = ""
    authors: tuple[str, ...] = ()
    place: Place | None = None
    link: str | None = None
    venue: str | None = None
    year: int | None = None
