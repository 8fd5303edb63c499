"""What the assistant says: an answer with its citations, as data that every face renders."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.query.dates import shown
from corpus.model import Kind, Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where else the same entry stands: a document and the entry's offsets in it, in characters."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A quote within what stands around it: ``text`` is verbatim, ``quoted`` the quote's offsets in it."""

    title: str
    digest: str
    text: str
    quoted: Span


@dataclass(frozen=True, slots=True)
class Citation:
    """One verbatim excerpt with its heading.

    ``excerpt`` equals the stored text of ``document`` from ``start`` to ``end`` (characters); ``best`` is the
    sentence of it that says most, by offsets into the excerpt.
    ``entry_start`` and ``entry_end`` span the whole entry that the excerpt is cut from. ``page`` is the page that
    the excerpt begins on, from 1, None where the document has no pages.
    ``published`` is its document's own day, ``first_seen`` when the document was first read with the entry,
    ``posted`` and ``closes`` (``closed``: before today) the days of a job post; ``gone`` is when the document's
    source no longer had it, ``last_seen`` the day of the last version of a page that has the entry, where a newer
    one has not. ``locations`` are those of a post that stands for several places, ``location`` first; ``also_in``
    has those of its kin, too. ``link`` opens ``excerpt`` in the web page that it stands in. ``company``,
    ``remote`` and ``pay`` (in words) are a post's. ``spans`` are the stretches of an excerpt of two, by their
    offsets in the document; empty for one from ``start`` to ``end``.
    """

    rank: int
    kind: Kind
    title: str
    authors: tuple[str, ...]
    section: str | None
    location: str | None
    team: str | None
    document: str
    digest: str
    venue: str | None
    year: int | None
    url: str | None
    excerpt: str
    start: int
    end: int
    best: Span
    entry_id: int
    entry_start: int
    entry_end: int
    also_in: tuple[Occurrence, ...]
    score: float
    page: int | None = None
    published: date | None = None
    first_seen: date | None = None
    posted: date | None = None
    closes: date | None = None
    closed: bool = False
    gone: date | None = None
    last_seen: date | None = None
    locations: tuple[str, ...] = ()
    link: str | None = None
    spans: tuple[Span, ...] = ()
    company: str | None = None
    remote: str | None = None
    pay: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The citation as the command line's ``--json`` prints it."""
        return {
            "rank": self.rank,
            "kind": str(self.kind),
            "title": self.title,
            "authors": list(self.authors),
            "section": self.section,
            "location": self.location,
            "locations": list(self.locations or ((self.location,) if self.location else ())),
            "team": self.team,
            "company": self.company,
            "remote": self.remote,
            "pay": self.pay,
            "document": self.document,
            "digest": self.digest,
            "venue": self.venue,
            "year": self.year,
            "url": self.url,
            "page": self.page,
            "link": self.link,
            "excerpt": self.excerpt,
            "start": self.start,
            "end": self.end,
            **({"spans": [[span.start, span.end] for span in self.spans]} if self.spans else {}),
            "best": [self.best.start, self.best.end],
            "entry": [self.entry_start, self.entry_end],
            "also_in": [{"document": o.document, "start": o.start, "end": o.end} for o in self.also_in],
            **{name: day.isoformat() if day else None for name, day in self._days.items()},
            "score": round(self.score, 4),
        }

    @property
    def place(self) -> str | None:
        """All its places, as they are shown."""
        return "; ".join(self.locations) or self.location

    @property
    def _days(self) -> dict[str, date | None]:
        return {
            "published": self.published,
            "first_seen": self.first_seen,
            "posted": self.posted,
            "closes": self.closes,
            "gone": self.gone,
            "last_seen": self.last_seen,
        }


class Certainty(StrEnum):
    """How far an answer answers."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    """The nearest entries are shown, and said to be no more than that."""
    ABSENT = "absent"
    """What is asked for is not there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer.

    Not answered: ``citations`` is empty, ``nearest`` may hold the entries that came closest, and ``summary``
    says what the corpus does hold. ``confidence`` is between 0 and 1. ``understood`` says what a follow-up
    was taken to be about, else None. ``signals`` are what the confidence was judged by, see
    ``bot.answering.confidence``. ``left_out`` are the words of the question that nothing accounts for.
    """

    question: str
    answered: bool
    confidence: float
    summary: str | None
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...] = ()
    understood: str | None = None
    took_ms: float = 0.0
    signals: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)
    certainty: Certainty = Certainty.ANSWERED
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The answer as the command line's ``--json`` prints it."""
        shown: dict[str, Any] = {
            "question": self.question,
            "answered": self.answered,
            "certainty": str(self.certainty),
            "confidence": round(self.confidence, 4),
            "summary": self.summary,
            "citations": [citation.to_json() for citation in self.citations],
            "took_ms": round(self.took_ms, 1),
        }
        if self.nearest:
            shown["nearest"] = [citation.to_json() for citation in self.nearest]
        if self.left_out:
            shown["left_out"] = list(self.left_out)
        if self.understood:
            shown["understood"] = self.understood
        return shown


def told(citation: Citation) -> list[str]:
    """What the days of a citation tell who reads it, few words each; nothing where they tell nothing new."""
    days: list[str] = []
    if citation.posted:
        days.append(f"posted {shown(citation.posted)}")
    elif citation.published and not citation.year and citation.kind is not Kind.JOB:
        days.append(f"published {shown(citation.published)}")
    if citation.closes:
        days.append(f"{'closed on' if citation.closed else 'apply by'} {shown(citation.closes)}")
    elif citation.closed:
        days.append("closed")
    if citation.gone:
        days.append(f"gone since {shown(citation.gone)}")
    elif citation.last_seen:
        days.append(f"last seen {shown(citation.last_seen)}")
    return days
