"""What a page says of itself in its head: meta tags, JSON-LD, front matter."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any

from corpus.readers.dates import parse_day
from corpus.readers.tree import Head
from corpus.readers.venues import short_name
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from lxml.html import HtmlElement


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "iso_8859-1", "us-ascii", "ascii"})
"""Names by which pages are declared whose writers mean Windows-1252, as browsers read them."""
_TITLES = ("citation_title", "og:title", "twitter:title", "dc.title")
_PUBLISHERS = ("og:site_name", "dc.publisher", "citation_publisher", "application-name")
_VENUES = ("citation_conference_title", "citation_journal_title", "citation_inbook_title", "citation_conference")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.issued", "citation_publication_date", "citation_online_date", "citation_date",
    "date", "pubdate", "publish-date", "publish_date", "parsely-pub-date",
)  # fmt: skip
_FRONT_DAYS = ("date", "published", "pubdate", "publishdate", "datum", "fecha")
_SITE = re.compile(r"\s[|–—·-]\s[^|–—·]{2,60}$")
_LABEL = re.compile(r"(?:title|titel|título)\s?:\s?(?=\S)", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_YEAR_BEHIND = re.compile(r"[\s’'-]{1,2}(?:19|20)?\d\d$")
_DEEPEST = 6
_LONGEST, _MOST = 2_000_000, 500
"""Characters of a script, and scripts and tags of a page, that are looked at."""


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The markup, by the character set that it names where that fits, else by its bytes."""
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = named[1].decode("ascii")
        encoding = encoding if encoding.lower() not in _LATIN else "cp1252"
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            text, notes = decode(data)
            return text, (*notes, f"not {named[1].decode('ascii')}, as the page says")
        decode(text.encode("utf-8", "replace"))  # empty or binary
        return text, ()
    return decode(data)


def head_of(root: HtmlElement) -> Head:
    """Read the head of an HTML page; what is broken in it is left out."""
    title = next((" ".join(each.itertext()) for each in root.xpath("//title[not(ancestor::svg)]")), "")
    links = root.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
    languages = root.xpath("//html/@lang|//html/@xml:lang")
    days = root.xpath(
        "//time[@pubdate or @itemprop='datePublished' or contains(@class, 'published')]/@datetime"
        "|//*[@itemprop='datePublished']/@content|//article//header//time/@datetime"
    )
    times = root.xpath("//time/@datetime")
    return Head(
        title=" ".join(title.split()) or None,
        url=next((each.strip() for each in map(str, links) if each.startswith(("http://", "https://"))), None),
        language=next((str(each).strip().replace("_", "-") for each in languages), None) or None,
        tags=_tags(root),
        things=tuple(_things(root.xpath("//script[contains(@type, 'ld+json')]")[:_MOST])),
        days=tuple(map(str, days or (times if len(times) == 1 else ())))[:_MOST],
    )


def _tags(root: HtmlElement) -> Mapping[str, tuple[str, ...]]:
    tags: dict[str, tuple[str, ...]] = {}
    for tag in root.xpath("//meta[@content]")[: 4 * _MOST]:
        name = (tag.get("name") or tag.get("property") or tag.get("itemprop") or "").strip().lower()
        if said := " ".join(tag.get("content").split()):
            tags[name] = (*tags.get(name, ()), said)
    return tags


def _things(scripts: Iterable[HtmlElement]) -> Iterator[Any]:
    for script in scripts:
        try:
            yield json.loads((script.text or "")[:_LONGEST], strict=False)
        except (ValueError, RecursionError):
            continue


def title_of(head: Head, shown: str | None) -> str | None:
    """A page's title: what its front matter says, else the heading that is shown, else what its head says."""
    if stated := front(head, "title"):
        return stated
    if shown:
        return _LABEL.sub("", shown, count=1)
    title = _tag(head, _TITLES) or _said(head, "headline") or head.title
    return _SITE.sub("", title) if title else None


def publisher_of(head: Head) -> str | None:
    """Whose page it is."""
    return _said(head, "publisher") or _tag(head, _PUBLISHERS) or front(head, "publisher")


def venue_of(head: Head) -> str | None:
    """The conference or journal that a page is of."""
    said = _tag(head, _VENUES) or front(head, "venue")
    return _YEAR_BEHIND.sub("", short_name(said)) if said else None


def year_of(head: Head) -> int | None:
    """The year that its front matter gives."""
    year = front(head, "year")
    return int(year) if year and _YEAR.fullmatch(year) else None


def published_in_head(head: Head, language: str | None) -> date | None:
    """The day on which a page came out."""
    said = (
        _said(head, "datePublished"),
        *(day for name in _PUBLISHED for day in head.tags.get(name, ())),
        *head.days,
        *(front(head, name) for name in _FRONT_DAYS),
    )
    return next((day for each in said if each and (day := parse_day(each, language))), None)


def day_of_paper(head: Head) -> str | None:
    """The day on which the paper that a page is of came out, as its tags for libraries give it."""
    return _tag(head, ("citation_publication_date", "citation_online_date", "citation_date"))


def front(head: Head, name: str) -> str | None:
    """The words of a field of front matter; None if it is missing, empty or no words."""
    value = head.front.get(name)
    return " ".join(value.encode("utf-8", "ignore").decode().split()) or None if isinstance(value, str) else None


def is_prose(head: Head) -> bool:
    """Whether a page says that it is an article, so that names under its title sign it."""
    kinds = [str(thing.get("@type")) for thing in _articles(list(head.things), 0)]
    return any("Posting" in kind or "News" in kind for kind in kinds) and not any("Scholar" in k for k in kinds)


def _tag(head: Head, names: Sequence[str]) -> str | None:
    return next((head.tags[name][0] for name in names if head.tags.get(name)), None)


def _said(head: Head, name: str) -> str | None:
    """What the JSON-LD says of the page by a name: its words, or those of a thing that has one."""
    for thing in _articles(list(head.things), 0):
        value = thing.get(name)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return " ".join(value.encode("utf-8", "ignore").decode().split())
    return None


def _articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The things of JSON-LD that are pages, not what pages tell of."""
    if isinstance(value, list):
        for each in value[:_MOST] if depth < _DEEPEST else ():
            yield from _articles(each, depth + 1)
    elif isinstance(value, dict):
        if any(
            kind in str(value.get("@type")) for kind in ("Article", "Posting", "Page", "Report")
        ) and "JobPosting" not in str(value.get("@type")):
            yield value
        yield from _articles([value.get(key) for key in ("@graph", "mainEntity")], depth + 1)
