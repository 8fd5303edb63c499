"""Lines of plain text, the blocks that they stand in, and what a line is: heading, bullet, label."""

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


LONG_LINE = 160
"""Characters beyond which a line is a whole paragraph, not a line of a wrapped one."""
_HEADING_CHARS, _HEADING_WORDS = 80, 12
_TITLE_CHARS = 200

_IMAGE = re.compile(r"([^\s/<>|][^/<>|]{0,118})\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?|avif|heic)", re.IGNORECASE)
_TEASER = re.compile(
    r"(?:related(?: content| articles?| reading| links?| posts?| stories)?|read (?:more|next)|(?:see|read) also"
    r"|further reading|recommended (?:reading|for you)|you (?:may|might) also like):?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[•*▪◦‣·–—-]|\d{1,2}[.)])\s")
_NUMBER = re.compile(r"(?:#{1,6}\s+|(?:\d{1,2}(?:\.\d{1,2})*[.)]|\d{1,2}(?:\.\d{1,2})+|[IVXLC]{1,6}\.)\s+)")
_LABEL = re.compile(
    r"(?:chapter|part|book|section|volume|act|scene|appendix)\s+(?:\d{1,3}|[ivxlc]{1,7}|[a-z]|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve)\.?",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|posted|published|updated|written by|copyright|©)\s", re.IGNORECASE)
_DATE = re.compile(
    r"(?:\w+day,?\s+)?(?:\d{1,2}\.?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d[\d, ]*",
    re.IGNORECASE,
)
_NOT_IN_HEADINGS = re.compile(
    r"://|@|[.!?]\s+[A-Z“\"]|^(?i:comments?|subjects?|categories|keywords|journal[- ]ref|(?:acm|msc)[- ]class):\s"
)


def is_heading(line: str) -> bool:
    """Whether a line that stands alone reads as a heading: short, begins large, is no sentence."""
    if is_label(line):
        return True
    words = heading_words(line)
    if len(words) > _HEADING_CHARS or len(words.split()) > _HEADING_WORDS or not _begins_large(words):
        return False
    if _BULLET.match(words) or is_byline(words) or _DATE.fullmatch(words):
        return False
    return words[-1] not in ".,;:!”\"'…" and not _NOT_IN_HEADINGS.search(words)


def is_marked_heading(line: str) -> bool:
    """Whether a line is a heading by its form alone, so that its paragraph may follow without a blank line."""
    return is_heading(line) and (line.isupper() or line[0] == "#" or is_label(line))


def is_title(line: str) -> bool:
    """Whether a text's first line reads as its title: like a heading, but longer ones too."""
    words = heading_words(line)
    if not words or len(words) > _TITLE_CHARS or image_name(line) or is_teaser_label(line):
        return False
    return words[-1] not in ".,;:" and not _NOT_IN_HEADINGS.search(words) and any(map(str.isalnum, words))


def is_label(line: str) -> bool:
    """Whether a heading only counts ("CHAPTER IV."), so that the next one names what it counts."""
    return _LABEL.fullmatch(line) is not None


def heading_words(line: str) -> str:
    """A heading without its number or hash marks: "1. Privacy" is "Privacy"."""
    return collapsed(line[number.end() :] if (number := _NUMBER.match(line)) else line)


def image_name(line: str) -> str | None:
    """The name, without its ending, where the line is nothing but the file name of an image."""
    image = _IMAGE.fullmatch(line)
    return image[1] if image else None


def is_byline(line: str) -> bool:
    """Whether the line says by whom or when a page was written."""
    return _BYLINE.match(line) is not None


def is_teaser_label(line: str) -> bool:
    """Whether the line announces a teaser of another page."""
    return _TEASER.fullmatch(line) is not None


def _begins_large(words: str) -> bool:
    return (
        bool(words)
        and (words[0].isalpha() or words[0].isdecimal())
        and not words[0].islower()
        and any(map(str.isalpha, words))
    )
