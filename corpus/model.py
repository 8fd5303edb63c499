"""The nouns of the corpus: document, entry, place, span, and their facts. Plain data, no behaviour but checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - fields' types, looked up at run time
from enum import StrEnum


class Kind(StrEnum):
    """What an entry is: something that a reader can be pointed at."""

    PAPER = "paper"
    JOB = "job"
    ARTICLE = "article"
    """Prose: a topic's description, a section, a page's introduction, a teaser."""
    FIGURE = "figure"


class SourceKind(StrEnum):
    """What a source is."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LINKS = "links"
    """A page whose links, as far as they fit a pattern, lead to the documents."""
    PAGE = "page"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text, in characters: ``text[start:end]``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an entry under an inner heading ("About the team"); the span leaves the heading out."""

    heading: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job is.

    ``text`` is the page's own wording ("US, MA, N.reading"); the rest is what it was understood as: ISO 3166-1
    alpha-2 country ("US"), ISO 3166-2 region code without the country ("MA"), city spelt out ("North Reading").
    """

    text: str
    country: str | None = None
    region: str | None = None
    city: str | None = None


class Workplace(StrEnum):
    """Where a job is done."""

    REMOTE = "remote"
    HYBRID = "hybrid"
    ONSITE = "onsite"


@dataclass(frozen=True, slots=True)
class Pay:
    """What a job pays: from ``low`` to ``high`` in a currency (ISO 4217) per "hour", "day", "month" or "year"."""

    low: float | None
    high: float | None
    currency: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where an entry leads, by what the page calls it ("pdf", "code", "slides")."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What a job post says of itself, named after schema.org's JobPosting; what it does not say is None or empty.

    Attributes:
        company: who hires.
        places: all places, in the post's order; the first is the entry's ``place``.
        workplace: whether it is done remotely, in part, or on site.
        remote_in: the countries (ISO 3166-1 alpha-2) from which it can be done remotely; empty if none are named.
        employment: "full-time", "part-time", "contract", "temporary", "internship", "apprenticeship", "volunteer".
        term: when an internship or a contract is ("Summer 2026", "6 months").
        level: "intern", "entry", "mid", "senior", "staff", "principal", "lead", "manager", "director" or
            "executive".
        degree: the least that is asked for: "bachelor", "master", "phd".
        pay: what it pays.
        skills: what is asked for by name, or tags.
        closed: whether the page says that it is closed, or open.
        sponsorship: whether a visa is sponsored.
        citizenship: the country (ISO 3166-1 alpha-2) whose citizenship is asked for.
    """

    company: str | None = None
    places: tuple[Place, ...] = ()
    workplace: Workplace | None = None
    remote_in: tuple[str, ...] = ()
    employment: str | None = None
    term: str | None = None
    level: str | None = None
    degree: str | None = None
    pay: Pay | None = None
    skills: tuple[str, ...] = ()
    closed: bool | None = None
    sponsorship: bool | None = None
    citizenship: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper, job post, stretch of prose or figure of a document, by character offsets into its text.

    Entries of a document are in page order and do not overlap. ``venue`` and ``year`` are set where the page
    says them for this entry; where they are None the document's hold. ``section`` is the innermost heading above
    the entry and ``headings`` all of them, outermost first, without the document's title. ``posted`` and
    ``closes`` are the days that the page gives for it: when it came out, and the last one to apply.
    """

    kind: Kind
    title: str
    span: Span
    section: str | None = None
    headings: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    url: str | None = None
    place: Place | None = None
    role: str | None = None
    team: str | None = None
    posted: date | None = None
    closes: date | None = None
    parts: tuple[Part, ...] = ()
    links: tuple[Link, ...] = ()
    award: str | None = None
    track: str | None = None
    abstract: bool = False
    job: JobFacts | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader makes of a file: the stored text, the page's facts, and its entries.

    ``text`` is the file's text, decoded, nothing else changed (for formats that are not text: what was
    extracted); all spans are offsets into it. ``published`` is the day that the page gives for itself;
    ``unplaced`` are stretches that look like papers or posts, but were only kept as prose. ``page_starts`` are the
    offsets at which the pages of a format with pages begin, the first page's first. ``notes`` are lines for the
    person who ingests ("not UTF-8, read as Windows-1252").
    """

    text: str
    title: str
    entries: tuple[Entry, ...]
    deck: str | None = None
    venue: str | None = None
    year: int | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    unplaced: tuple[Span, ...] = ()
    page_starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
