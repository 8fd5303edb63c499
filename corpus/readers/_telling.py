"""What a page's metadata tells of its entries: their facts, and which prose is the paper or the post."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from corpus.model import Kind, Span
from corpus.naming import folded
from corpus.readers._records import entry_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Entry, Page
    from corpus.readers._metadata import Metadata
    from corpus.readers._records import Record

_FIRST_WORDS = 8
_MOST_ENTRIES, _READ = 60, 60_000
"""How far behind a title its abstract or description is looked for: entries and characters."""
_ABSTRACT = frozenset({"abstract", "summary", "zusammenfassung", "resumen", "kurzfassung"})


def told(page: Page, metadata: Metadata) -> Page:
    """A page with the facts of its metadata.

    What is quoted stays what is shown: an entry gets the facts of a record that has its title; where a page is of
    one paper or one post, and its reader took it for prose, that prose becomes the entry.
    """
    entries = list(page.entries)
    papers = [record for record in metadata.records if record.kind is Kind.PAPER]
    jobs = [record for record in metadata.records if record.kind is Kind.JOB]
    for records in (papers, jobs):
        for record in records:
            at = _named(entries, record)
            if at is None and len(records) == 1:
                entries, at = _claimed(page.text, entries, record)
            elif at is not None and len(records) == 1:
                entries = _extended(page.text, entries, at, record)
            if at is not None:
                entries[at] = _enriched(entries[at], record, metadata.language)
    only = next((e for e in entries if e.kind is Kind.PAPER), None) if len(papers) == 1 and not jobs else None
    taken = [entry.span for entry in entries if entry.kind is not Kind.ARTICLE]
    return replace(
        page,
        entries=tuple(entries),
        unplaced=tuple(s for s in page.unplaced if not any(t.start <= s.start < t.end for t in taken)),
        publisher=metadata.publisher or page.publisher,
        published=metadata.published or page.published,
        venue=page.venue or (only.venue if only else None),
        year=page.year or (only.year if only else None),
    )


def is_shown(text: str, record: Record) -> bool:
    """Whether what a record says at length stands in a page's text."""
    first = _first_words(record)
    return not first or first in folded(text)


def _first_words(record: Record) -> str:
    return " ".join(folded(record.get("text")[:400]).split()[:_FIRST_WORDS])


def _named(entries: Sequence[Entry], record: Record) -> int | None:
    title = folded(record.get("role") or record.get("title"))
    matching = (n for n, e in enumerate(entries) if e.kind is record.kind and folded(e.title) == title)
    return next(matching, None)


def _claimed(text: str, entries: list[Entry], record: Record) -> tuple[list[Entry], int | None]:
    """The entries with the prose that is the record's made one; and where that is, None where nothing is."""
    title = record.get("role") or record.get("title")
    said = text.find(title)
    start = next((n for n, e in enumerate(entries) if e.span.start <= said < e.span.end), 0 if said >= 0 else None)
    if start is None or not entries or entries[start].kind is not Kind.ARTICLE or not is_shown(text, record):
        return entries, None
    begins = max(said, entries[start].span.start)
    first = replace(entries[start], kind=record.kind or Kind.ARTICLE, title=title, section=None, headings=())
    first = replace(first, span=Span(begins, first.span.end))
    return _extended(text, [*entries[:start], first, *entries[start + 1 :]], start, record), start


def _extended(text: str, entries: list[Entry], at: int, record: Record) -> list[Entry]:
    """The entries with the prose behind one that is its own made part of it: its abstract, its description."""
    start, stop = entries[at].span.start, at + 1
    prose = [*takewhile(lambda entry: entry.kind is Kind.ARTICLE, entries[stop : stop + _MOST_ENTRIES])]
    words = folded(record.get("text")).split()
    if words:
        sought = " ".join(words[-_FIRST_WORDS:] if record.kind is Kind.JOB else words[:_FIRST_WORDS])
        ends = (each.span.end for each in [entries[at], *prose])
        own = next((n for n, end in enumerate(ends) if sought in folded(text[start : min(end, start + _READ)])), 0)
    elif record.kind is Kind.JOB:
        own = len(prose)
    else:
        own = sum(1 for _ in takewhile(lambda entry: folded(entry.section or "") in _ABSTRACT, prose))
    stop += own
    whole = replace(entries[at], span=Span(start, entries[stop - 1].span.end))
    return [*entries[:at], whole, *entries[stop:]]


def _enriched(entry: Entry, record: Record, language: str | None) -> Entry:
    """An entry with the facts of a record that tells of it; a place that is understood stays the page's own."""
    facts = entry_of(record, entry.span, language)
    understood = entry.place if entry.place and entry.place.country else None
    return replace(
        entry,
        authors=facts.authors or entry.authors,
        venue=facts.venue or entry.venue,
        year=facts.year or entry.year,
        url=entry.url or facts.url,
        place=understood or facts.place or entry.place,
        role=entry.role or facts.role,
        team=facts.team or entry.team,
        posted=facts.posted or entry.posted,
        closes=facts.closes or entry.closes,
    )
