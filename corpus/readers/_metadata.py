"""What an HTML page says of itself in its head: schema.org objects in JSON-LD, citation tags, Open Graph."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.model import Kind
from corpus.readers._days import parse_day
from corpus.readers._lines import collapsed
from corpus.readers._records import Record
from corpus.readers._schema_org import PROSE, is_article, is_job, is_paper, record_of, things_in, types_of
from corpus.readers._values import cleaned, turned, words_of_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from lxml.html import HtmlElement

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
