"""What an HTML page says of itself in its head: schema.org objects in JSON-LD, citation tags, Open Graph."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from corpus.model import Kind, Span
from corpus.places import place_of
from corpus.readers.blocks import collapsed
from corpus.readers.dates import parse_day
from corpus.readers.records import Record, cleaned, entry_of, people_of, turned, words_of_value
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from lxml.html import HtmlElement

    from corpus.model import Entry, Page, Place


_JOBS = frozenset({"JobPosting"})
_PAPERS = frozenset({"ScholarlyArticle", "Chapter", "Thesis", "PresentationDigitalDocument"})
PROSE = frozenset({"NewsArticle", "BlogPosting", "AnalysisNewsArticle", "OpinionNewsArticle"})
"""Types of pages that are written to be read, not to be cited."""
_ARTICLES = PROSE | {"Article", "TechArticle", "Report", "WebPage"}
_DEEPEST = 12


def types_of(thing: dict[str, Any]) -> frozenset[str]:
    """The types that an object says it is of, without the vocabulary's address."""
    said = thing.get("@type")
    listed = said if isinstance(said, list) else [said]
    return frozenset(each.rpartition("/")[2].rpartition(":")[2] for each in listed if isinstance(each, str))


def things_in(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The objects that have a type of their own: alone, in lists, and under ``@graph`` and ``itemListElement``."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from things_in(each, depth + 1)
    elif isinstance(value, dict):
        if types_of(value) & (_JOBS | _PAPERS | _ARTICLES):
            yield value
        for key in ("@graph", "itemListElement", "item", "mainEntity"):
            yield from things_in(value.get(key), depth + 1)


def is_job(thing: dict[str, Any]) -> bool:
    """Whether an object is a job post."""
    return bool(types_of(thing) & _JOBS)


def is_paper(thing: dict[str, Any]) -> bool:
    """Whether an object is a paper."""
    return bool(types_of(thing) & _PAPERS)


def is_article(thing: dict[str, Any]) -> bool:
    """Whether an object is a page of prose."""
    return bool(types_of(thing) & _ARTICLES)


def record_of(thing: dict[str, Any]) -> Record | None:
    """The record of a job post or a paper; None for anything else."""
    if is_job(thing):
        return _job(thing)
    return _paper(thing) if is_paper(thing) else None


def _job(thing: dict[str, Any]) -> Record:
    organization = thing.get("hiringOrganization")
    department = organization.get("department") if isinstance(organization, dict) else None
    unit = thing.get("employmentUnit") or department
    places = _places(thing.get("jobLocation"))
    facts = {
        "role": words_of_value(thing.get("title") or thing.get("name")),
        "place": "; ".join(dict.fromkeys(place.text for place in places)) or _remote(thing),
        "company": words_of_value(organization),
        "team": words_of_value(unit),
        "posted": words_of_value(thing.get("datePosted")),
        "closes": words_of_value(thing.get("validThrough")),
        "text": words_of_value(thing.get("description")),
        "url": words_of_value(thing.get("url")),
    }
    named = {
        "company": "hiringOrganization",
        "team": "employmentUnit",
        "posted": "datePosted",
        "closes": "validThrough",
    }
    facts = {fact: said for fact, said in facts.items() if said}
    return Record(facts, kind=Kind.JOB, labels=named, where=places[0] if places else None)


def _paper(thing: dict[str, Any]) -> Record:
    facts = {
        "title": words_of_value(thing.get("headline") or thing.get("name")),
        "venue": _series(thing.get("isPartOf")),
        "date": words_of_value(thing.get("datePublished")),
        "text": words_of_value(thing.get("abstract") or thing.get("description")),
        "url": words_of_value(thing.get("url") or thing.get("@id")),
    }
    facts = {fact: said for fact, said in facts.items() if said}
    named = {"venue": "isPartOf", "date": "datePublished"}
    return Record(facts, people_of(thing.get("author") or thing.get("creator")), Kind.PAPER, labels=named)


def _series(whole: Any, depth: int = 0) -> str:
    """The name of the outermost work that a paper is part of: an issue is part of a volume, that of a journal."""
    if isinstance(whole, dict) and isinstance(whole.get("isPartOf"), dict) and depth < _DEEPEST:
        return _series(whole["isPartOf"], depth + 1) or words_of_value(whole)
    return words_of_value(whole)


def _places(locations: Any) -> list[Place]:
    listed = locations if isinstance(locations, list) else [locations]
    return [place for each in listed[:50] if (place := _place(each))]


def _place(location: Any) -> Place | None:
    address = location.get("address", location) if isinstance(location, dict) else location
    if not isinstance(address, dict):
        said = collapsed(words_of_value(address))
        return place_of(said, "", "")
    city, region, country = (
        collapsed(words_of_value(address.get(f"address{part}"))) for part in ("Locality", "Region", "Country")
    )
    return place_of(city, region, country) or place_of(collapsed(words_of_value(location)), "", "")


def _remote(thing: dict[str, Any]) -> str:
    if words_of_value(thing.get("jobLocationType")).upper() != "TELECOMMUTE":
        return ""
    country = words_of_value(thing.get("applicantLocationRequirements"))
    return f"Remote, {country}" if country and "," not in country else "Remote"


_LONGEST = 500_000
"""Characters of a script in which data are looked for."""
_MOST = 500
"""Objects of a page that are looked at."""
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.issued", "citation_publication_date", "citation_online_date", "citation_date",
    "date", "pubdate", "publish-date", "publish_date", "parsely-pub-date",
)  # fmt: skip
_PUBLISHERS = ("og:site_name", "dc.publisher", "citation_publisher", "application-name")
_TITLES = ("citation_title", "og:title", "twitter:title", "dc.title")
_VENUES = ("citation_conference_title", "citation_journal_title", "citation_inbook_title", "citation_conference")


@dataclass(slots=True)
class Metadata:
    """A page's facts by its head; ``records`` are the papers and job posts that it tells of."""

    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    records: list[Record] = field(default_factory=list)
    is_article: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether the page says that it is an article or a job post, so that no paper is what it is about."""
        papers = any(record.kind is Kind.PAPER for record in self.records)
        return not papers and (self.is_article or bool(self.records))


def metadata_of(root: HtmlElement) -> Metadata:
    """Read a page's metadata; what is broken in it is left out."""
    tags = _tags(root)
    language = next((str(said) for said in root.xpath("//html/@lang|//html/@xml:lang")[:1]), None)
    language = language.strip().replace("_", "-") if language else None
    things = _things(root)
    article = next((thing for thing in things if is_article(thing) or is_paper(thing)), {})
    days = (
        words_of_value(article.get("datePublished")),
        *(said for name in _PUBLISHED for said in tags.get(name, ())),
        *_marked_days(root),
    )
    records = [record for thing in things if (record := record_of(thing)) and (is_job(thing) or record.authors)]
    cited = _cited(tags)
    if cited:
        records = [cited, *(record for record in records if record.kind is Kind.JOB)]
    return Metadata(
        title=_first(tags, _TITLES) or words_of_value(article.get("headline")) or None,
        publisher=words_of_value(article.get("publisher")) or _first(tags, _PUBLISHERS),
        published=next((day for said in days if (day := parse_day(said, language))), None),
        language=language,
        records=records,
        is_article=any(types_of(thing) & PROSE for thing in things) or "article" in tags.get("og:type", ()),
    )


def _tags(root: HtmlElement) -> dict[str, list[str]]:
    """The contents of the page's meta tags by their names, small letters."""
    tags: dict[str, list[str]] = {}
    for tag in root.xpath("//meta[@content]")[: 4 * _MOST]:
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
        if said := collapsed(cleaned(tag.get("content"))):
            tags.setdefault(name.strip().lower(), []).append(said)
    return tags


def _things(root: HtmlElement) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for script in root.xpath("//script[contains(@type, 'ld+json')]")[:_MOST]:
        said = (script.text or "")[:_LONGEST]
        try:
            found += list(things_in(json.loads(said, strict=False)))
        except (ValueError, RecursionError):
            continue
    return found[:_MOST]


def _marked_days(root: HtmlElement) -> list[str]:
    """The days that the page's markup gives as when it came out; the only one of its days, or one that says so."""
    said = root.xpath(
        "//time[@pubdate or @itemprop='datePublished' or contains(@class, 'published')]/@datetime"
        "|//*[@itemprop='datePublished']/@content|//article//header//time/@datetime"
    )
    days = root.xpath("//time/@datetime")
    return [str(day) for day in (said or (days if len(days) == 1 else ()))]


def _cited(tags: Mapping[str, list[str]]) -> Record | None:
    """The paper that a page is of, by the tags that scholarly search engines read."""
    title, authors = _first(tags, ("citation_title",)), tags.get("citation_author", [])
    if not authors and (listed := _first(tags, ("citation_authors",))):
        authors = listed.split(";")
    if not title or not authors:
        return None
    facts = {
        "title": title,
        "venue": _first(tags, _VENUES),
        "year": _first(tags, ("citation_year",)),
        "date": _first(tags, ("citation_publication_date", "citation_online_date", "citation_date")),
        "text": _first(tags, ("citation_abstract",)),
        "url": _first(tags, ("citation_abstract_html_url", "citation_public_url", "citation_pdf_url")),
        "doi": _first(tags, ("citation_doi",)),
    }
    names = tuple(dict.fromkeys(filter(None, map(turned, authors))))
    return Record({fact: said for fact, said in facts.items() if said}, names, Kind.PAPER)


def _first(tags: Mapping[str, list[str]], names: Iterable[str]) -> str | None:
    return next((tags[name][0] for name in names if tags.get(name)), None)


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
