"""Venues: the conference or journal that a page is about, and those that it names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


_READ = 200_000
"""Characters of a page's prose in which its venues are looked for."""
_OPENING = 3_000
"""Characters of a page that say what it is about."""
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
_AND = re.compile(rf"(?:,| and)\s(?:at\s)?(?:the\s)?{_ACRONYM}\b")
_YEAR_BEFORE = re.compile(r"\b((?:19|20)\d\d)\s[^.\r\n]{0,60}$")
_PLAIN_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_SHORT = re.compile(rf"\(((?:{ACRONYM}|[A-Z]{{3,12}})(?:[\s’'-]{{0,2}}(?:19|20)?\d\d)?)\)")
_COMMENT = re.compile(r"^Comments?:[ \t]*(\S[^\r\n]{0,500})", re.MULTILINE)
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
    """Find the venue and year of a page.

    Its venue is the one in its title, else the one that its papers state, else the one of which its first words
    say that papers were presented there, or that they give in full. An acronym that merely stands there is none.

    Args:
        title: the page's title.
        prose: its text.
        of_papers: the venues that its papers state.
    """
    prose = prose[:_READ]
    years: dict[str, Counter[int]] = {}
    for name, dated in _mentions(title, prose):
        years.setdefault(name, Counter()).update([dated] if dated else [])
    sure = [name for name, _ in _sure_mentions(f"{title}\n{prose}")]
    stated = _most(sure)
    stated = stated if stated in {name for name, _ in _sure_mentions(f"{title}\n{prose[:_OPENING]}")} else None
    in_title = next((str(word) for word in re.findall(rf"\b{_ACRONYM}\b", title) if word in years), None)
    venue = in_title or _most(of_papers) or stated
    if year := _PLAIN_YEAR.search(title):
        return Venues(venue, int(year[1]), frozenset(years))
    if venue and not years.get(venue):
        # Once the venue is known, its year counts in whatever wording: "auf der ICML 2024".
        years[venue] = Counter(map(int, re.findall(rf"\b{re.escape(venue)}\s{{0,2}}((?:19|20)\d\d)\b", prose)))
    counted = years.get(venue or "") or sum(years.values(), Counter[int]())
    return Venues(venue, counted.most_common(1)[0][0] if counted else None, frozenset(years))


def venue_in_comment(record: str) -> tuple[str | None, int | None]:
    """The venue and year that a paper's comment line names: "Comments: Accepted at ICML 2023, 12 pages"."""
    comment = _COMMENT.search(record)
    found = _IN_TITLE.search(comment[1]) if comment else None
    return (found[1], _full_year(found[2])) if found else (None, None)


def short_name(venue: str) -> str:
    """The name that a venue is known by if it stands behind the long one: "Conference on Kites (ICK 2023)"."""
    short = _SHORT.search(venue)
    return short[1] if short else venue


def _mentions(title: str, prose: str) -> list[tuple[str, int | None]]:
    """Each place that names a venue, with the year that it gives."""
    found = _sure_mentions(f"{title}\n{prose}")
    for pattern, text in ((_IN_TITLE, title), (_WITH_YEAR, prose), (_BEHIND_TITLE, prose)):
        found += [(dated[1], _full_year(dated[2])) for dated in pattern.finditer(text)]
    return [(venue, year) for venue, year in found if len(venue) >= _SHORTEST]


def _sure_mentions(text: str) -> list[tuple[str, int | None]]:
    """Each place that spells a venue out, or says that papers are presented there."""
    found: list[tuple[str, int | None]] = []
    for name in _FULL_NAME.finditer(text):
        before = _YEAR_BEFORE.search(text[max(0, name.start() - 80) : name.start()])
        found.append((name[1], _full_year(name[2] or (before[1] if before else None))))
    for said in _PRESENTED.finditer(text):
        also = _AND.match(text, said.end())
        found += [(each, None) for each in (next(filter(None, said.groups())), also and also[1]) if each]
    return [(venue, year) for venue, year in found if len(venue) >= _SHORTEST]


def _most(names: Sequence[str]) -> str | None:
    if not names:
        return None
    venue, count = Counter(names).most_common(1)[0]
    return venue if count >= _MOST * len(names) else None


def _full_year(digits: str | None) -> int | None:
    if not digits:
        return None
    year = int(digits)
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year
