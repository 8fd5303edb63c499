"""What a line of plain text is by its wording: heading, image name, label of a teaser, bullet."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.readers.blocks import collapsed

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def is_bullet(line: str) -> bool:
    """Whether the line begins as an item of a list."""
    return _BULLET.match(line) is not None


def _begins_large(words: str) -> bool:
    return (
        bool(words)
        and (words[0].isalpha() or words[0].isdecimal())
        and not words[0].islower()
        and any(map(str.isalpha, words))
    )


_READ = 200_000
"""Characters of a page's prose in which its venues are looked for."""
_MOST = 0.7
"""Share of the mentions that one venue needs to be the page's own."""

ACRONYM = r"[A-Z][A-Za-z]{0,12}[A-Z][A-Za-z]{0,12}|Interspeech"
"""How the short names of venues look."""
_ACRONYM = rf"({ACRONYM})"
_YEAR = r"[\s-]{0,2}[’']?((?:19|20)\d\d|(?<=[’'])\d\d)\b"
_FULL_NAME = re.compile(
    rf"\b(?:Conference|Symposium|Workshop|Meeting|Congress)\b[^.()\r\n]{{0,120}}\({_ACRONYM}(?:{_YEAR})?\)"
)
_WITH_YEAR = re.compile(rf"\b(?:at|in|to|for|from|of)\s+(?:the\s+)?{_ACRONYM}{_YEAR}")
_IN_TITLE = re.compile(rf"\b{_ACRONYM}{_YEAR}")
_BEHIND_TITLE = re.compile(rf"[”\"]\s*\({_ACRONYM}{_YEAR}")
_PRESENTED = re.compile(
    rf"\b(?:present|publish|appear|accept)\w*(?:\s+[\w’']+){{0,4}}?\s+(?:at|to|in)\s+(?:the\s+)?{_ACRONYM}\b"
    rf"|\bthis\s+year[’']s\s+{_ACRONYM}\b|\bpapers?\s+at\s+{_ACRONYM}\b"
)
_YEAR_BEFORE = re.compile(r"\b((?:19|20)\d\d)\s[^.\r\n]{0,60}$")
_PLAIN_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Venues:
    """What a page says of venues: its own venue and year, and every venue that it names."""

    venue: str | None
    year: int | None
    named: frozenset[str]

    def of(self, sentence: str) -> tuple[str | None, int | None]:
        """Venue and year that a sentence names, None where it does not."""
        for word in re.finditer(rf"\b{_ACRONYM}(?:{_YEAR})?(?!\w)", sentence):
            if word[1] in self.named:
                return word[1], _full_year(word[2])
        return None, None


def venues_of(title: str, prose: str, of_papers: Sequence[str] = ()) -> Venues:
    """Find the venue and year of a page: those in its title, else the ones that are named most.

    Args:
        title: the page's title.
        prose: its text.
        of_papers: the venues that its papers state, where they do; they count instead of those in the prose.
    """
    prose = prose[:_READ]
    years: dict[str, Counter[int]] = {}
    for name, dated in _mentions(title, prose):
        years.setdefault(name, Counter()).update([dated] if dated else [])
    venue = _own(title, of_papers or re.findall(rf"\b{_ACRONYM}\b", prose), {*years, *of_papers})
    if stated := _PLAIN_YEAR.search(title):
        return Venues(venue, int(stated[1]), frozenset(years))
    if venue and not years.get(venue):
        # Once the venue is known, its year counts in whatever wording: "auf der ICML 2024".
        years[venue] = Counter(map(int, re.findall(rf"\b{re.escape(venue)}\s{{0,2}}((?:19|20)\d\d)\b", prose)))
    counted = years.get(venue or "") or sum(years.values(), Counter[int]())
    return Venues(venue, counted.most_common(1)[0][0] if counted else None, frozenset(years))


def split_venue(words: str) -> tuple[str | None, int | None]:
    """Part a field such as "ICML 2023" into venue and year."""
    year = _PLAIN_YEAR.search(words)
    venue = words.replace(year[1], "") if year else words
    return " ".join(venue.split()).strip(" ,()’'") or None, int(year[1]) if year else None


def _mentions(title: str, prose: str) -> list[tuple[str, int | None]]:
    """Each place that certainly names a venue, with the year that it gives."""
    found: list[tuple[str, int | None]] = []
    for name in _FULL_NAME.finditer(f"{title}\n{prose}"):
        before = _YEAR_BEFORE.search(name.string[max(0, name.start() - 80) : name.start()])
        found.append((name[1], _full_year(name[2] or (before[1] if before else None))))
    for pattern, text in ((_IN_TITLE, title), (_WITH_YEAR, prose), (_BEHIND_TITLE, prose)):
        found.extend((dated[1], _full_year(dated[2])) for dated in pattern.finditer(text))
    found.extend((next(filter(None, said.groups())), None) for said in _PRESENTED.finditer(prose))
    return [(venue, year) for venue, year in found if len(venue) >= _SHORTEST]


def _own(title: str, mentions: Sequence[str], named: set[str]) -> str | None:
    for word in re.findall(rf"\b{_ACRONYM}\b", title):
        if word in named:
            return str(word)
    counts = Counter(word for word in mentions if word in named)
    if not counts:
        return None
    venue, count = counts.most_common(1)[0]
    return venue if count >= _MOST * counts.total() else None


def _full_year(digits: str | None) -> int | None:
    if not digits:
        return None
    year = int(digits)
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year
