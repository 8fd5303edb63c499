"""A draft of an entry: the words that a page gives for each fact, before they are read as facts.

Whoever finds records labels words; what the words mean (a place, a day, a salary, a list of authors) is decided here
alone, for all formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from corpus.model import Entry, Kind, Span


class Fact(StrEnum):
    """What words of a record can tell."""

    TITLE = "title"
    AUTHORS = "authors"
    AFFILIATION = "affiliation"
    VENUE = "venue"
    YEAR = "year"
    TRACK = "track"
    AWARD = "award"
    ABSTRACT = "abstract"
    LINK = "link"
    """A link; ``label`` says what to ("pdf", "code", "apply")."""
    COMPANY = "company"
    TEAM = "team"
    PLACE = "place"
    WORKPLACE = "workplace"
    """Remote, hybrid or on site, and from where."""
    EMPLOYMENT = "employment"
    TERM = "term"
    LEVEL = "level"
    DEGREE = "degree"
    PAY = "pay"
    SKILLS = "skills"
    POSTED = "posted"
    CLOSES = "closes"
    STATUS = "status"
    """Whether it is open: "closed", "active: false", a lock, struck-through words."""
    SPONSORSHIP = "sponsorship"
    CITIZENSHIP = "citizenship"
    MARKS = "marks"
    """Emoji and tags behind a title whose meaning stands in a legend, or is everyday."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that tell a fact.

    Attributes:
        text: the words, or a value of the mark-up that the page does not show.
        href: where they lead.
        label: what the page calls them, where that says more than the fact (a currency, "pdf", "per hour").
    """

    text: str
    href: str | None = None
    label: str = ""


@dataclass(slots=True)
class Draft:
    """A paper or job post as its page words it.

    Attributes:
        kind: what it is.
        span: all of it in the stored text.
        said: by fact, in the page's order. Where the mark-up gives a list of authors, each is one of them.
        headings: those above it, outermost first, without the page's title.
    """

    kind: Kind
    span: Span
    said: dict[Fact, list[Said]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()

    def add(self, fact: Fact, text: str, href: str | None = None, label: str = "") -> None:
        """Note words that tell a fact."""
        self.said.setdefault(fact, []).append(Said(text, href, label))


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all records of a page, or of a group of them, unless they say otherwise.

    Attributes:
        text: the page's stored text.
        today: the day of reading, against which relative days are read.
        language: of the page, ISO 639-1; it decides what "01/02/2026" is.
        url: where the page is from: relative links are joined to it.
        venue, year, company: what the page, a heading or an outer object says.
        legend: what marks mean on this page ("🔒": "closed"), as the page explains them.
    """

    text: str
    today: date
    language: str | None = None
    url: str | None = None
    venue: str | None = None
    year: int | None = None
    company: str | None = None
    legend: tuple[tuple[str, str], ...] = ()


def entry_of(draft: Draft, context: Context) -> Entry | None:
    """Read a draft's words as facts; None if it has no title."""
    raise NotImplementedError
