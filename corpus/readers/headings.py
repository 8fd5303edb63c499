"""What a line of plain text is by its wording: heading, image name, label of a teaser, bullet."""

from __future__ import annotations

import re

from corpus.readers.blocks import collapsed

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
