"""Parses feeds (RSS, Atom, JSON Feed) and sitemaps into items."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zlib
from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sources.items import Item, ParsedList
from bot.sources.urls import joined
from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sources.fetcher import Fetched

BYTES = 4_000_000
"""The greatest size of a feed; hundreds of items with full text have less."""
_WHOLE = 600
"""Characters without markup from which an item's content is the article, not a teaser."""
_CUT_OFF = re.compile(r"(?:…|\.\.\.|&(?:hellip|#8230);|\[&#8230;\])\W*(?:\w+\W+){0,4}\w*\W*$")
"""The end of a teaser: dots, and a few words such as "read on"."""
_TEASER = 80
_MOST = 5000
_TAG = re.compile(r"<[^<>]*>")
_BLANK = b"\xef\xbb\xbf \t\r\n"
"""A byte-order mark and the blanks of JSON."""
_EARLIEST = 1970


def feed(fetched: Fetched) -> ParsedList:
    """Return the items of a feed, newest first.

    Raises:
        ReadError: it is not a feed, or too large.
    """
    if len(fetched.data) > BYTES:
        raise ReadError(f"it has more than the {BYTES / 1e6:.0f} MB that a feed may have")
    is_json = fetched.data.lstrip(_BLANK).startswith(b"{")
    return _json_feed(fetched) if is_json else _xml_feed(fetched)


def page_of(item: Item) -> bytes:
    """Make an HTML page of an item's title and content."""
    title = escape(item.title or "")
    heading = f"<h1>{title}</h1>" if title else ""
    page = f"<!doctype html><meta charset=utf-8><title>{title}</title><article>{heading}{item.content}</article>"
    return page.encode("utf-8", "replace")


def _xml_feed(fetched: Fetched) -> ParsedList:
    import feedparser

    headers = {"content-location": fetched.address}
    if fetched.charset:
        headers["content-type"] = f"application/xml; charset={fetched.charset}"
    try:
        # A stream, because feedparser takes bytes for a file name or an address.
        found = feedparser.parse(io.BytesIO(fetched.data), response_headers=headers)
    except (ValueError, LookupError, AssertionError, RecursionError) as error:
        raise ReadError(f"no feed that can be read: {type(error).__name__}") from error
    if not found.version:
        raise ReadError("it is no feed: neither RSS nor Atom nor JSON Feed")
    items = (_xml_item(entry, fetched.address) for entry in found.entries[:_MOST])
    return _listed(items)


def _xml_item(entry: Any, base: str) -> Item | None:
    contents = [each.get("value") or "" for each in entry.get("content", ()) if _is_text(each.get("type"))]
    whole = max(contents, key=len, default="")
    summary = entry.get("summary") or ""
    when = entry.get("published_parsed")
    if when is None and "updated_parsed" in entry:
        when = entry.get("updated_parsed")
    stated = entry.get("updated" if "updated" in entry else "published")
    return _item(
        base,
        link=entry.get("link"),
        name=entry.get("id"),
        title=_plain(entry.get("title")),
        content=whole or summary,
        full=bool(whole),
        published=_day_of(when[:3]) if when else None,
        stated=stated,
    )


def _json_feed(fetched: Fetched) -> ParsedList:
    try:
        found = json.loads(fetched.data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ReadError("no feed that can be read: its JSON is broken") from None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version")):
        raise ReadError("it is no feed: its JSON is not that of a JSON Feed")
    entries = found.get("items")
    entries = entries[:_MOST] if isinstance(entries, list) else []
    items = (_json_item(entry, fetched.address) for entry in entries if isinstance(entry, dict))
    return _listed(items)


def _json_item(entry: dict[str, Any], base: str) -> Item | None:
    def said(name: str) -> str:
        value = entry.get(name)
        return value if isinstance(value, str) else ""

    plain = said("content_text") or said("summary")
    full = said("content_html") or said("content_text")
    content = said("content_html") or "".join(f"<p>{escape(each)}</p>" for each in re.split(r"\n\s*\n", plain))
    return _item(
        base,
        link=said("url") or said("external_url"),
        name=str(entry.get("id") or ""),
        title=_plain(said("title")),
        content=content if full or plain else "",
        full=bool(full),
        published=_day(said("date_published") or said("date_modified")),
        stated=said("date_modified") or said("date_published"),
    )


def _item(
    base: str,
    *,
    link: str | None,
    name: str | None,
    title: str | None,
    content: str,
    full: bool,
    published: date | None,
    stated: str | None,
) -> Item | None:
    """Make an item; None without a link and content. ``full`` means that the content is no summary."""
    address = joined(base, link) if link else None
    if address is None and not content.strip():
        return None
    said = "\x1f".join((title or "", content, stated or ""))
    stamp = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
    unlinked = f"{base}#{hashlib.sha256((name or said).encode('utf-8', 'replace')).hexdigest()[:16]}"
    return Item(
        address=address or unlinked,
        stamp=stamp,
        published=published,
        title=title,
        content=content if content.strip() else None,
        whole=full and _is_whole(_TAG.sub("", content).strip()),
        linked=address is not None,
    )


def _is_whole(text: str) -> bool:
    return len(text) >= _WHOLE and not _CUT_OFF.search(text[-_TEASER:])


def _listed(items: Iterable[Item | None]) -> ParsedList:
    found = sorted(filter(None, items), key=lambda item: item.published or date.min, reverse=True)
    return ParsedList(tuple(found))


def _is_text(kind: str | None) -> bool:
    return kind in (None, "", "text/html", "text/plain", "application/xhtml+xml")


def _plain(title: object) -> str | None:
    """Return a title without markup, on one line."""
    if not isinstance(title, str):
        return None
    return " ".join(_TAG.sub("", title).split())[:500] or None


def _day(written: str) -> date | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()


def _day_of(parts: Any) -> date | None:
    try:
        found = date(*parts)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.year >= _EARLIEST else None


_SITEMAP_ADDRESSES = 50_000
"""The most addresses in one sitemap (sitemaps.org)."""
_MOST_LISTS = 50


def sitemap(fetched: Fetched, limit: int) -> ParsedList:
    """Return the pages of a sitemap, last changed first, or the sitemaps of an index, all of the same site.

    Args:
        fetched: the file, gzipped or not.
        limit: the greatest size in bytes, uncompressed.

    Raises:
        ReadError: it is not a sitemap, or too large.
    """
    root, found, whole = _rows(unpacked(fetched.data, limit))
    here = _site(fetched.address)
    rows = [
        (address, changed)
        for written, changed in found
        if (address := joined(fetched.address, written)) and _site(address) == here
    ]
    rows.sort(key=lambda row: row[1] or "", reverse=True)
    if root == "sitemapindex":
        lists = tuple(dict.fromkeys(address for address, _ in rows))
        return ParsedList(lists=lists[:_MOST_LISTS], whole=whole and len(lists) <= _MOST_LISTS)
    return ParsedList(tuple(Item(address, stamp=changed) for address, changed in rows), whole=whole)


def unpacked(data: bytes, limit: int) -> bytes:
    """Decompress gzipped data.

    Raises:
        ReadError: it is larger than the limit, or broken.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(data, limit + 1)
    except zlib.error:
        raise ReadError("its gzip is broken") from None
    if len(found) > limit:
        raise ReadError(f"it has more than the {limit / 1e6:.0f} MB that a sitemap may have, unpacked")
    if not unpacking.eof:
        raise ReadError("its gzip ends too early")
    return found


def _rows(data: bytes) -> tuple[str, list[tuple[str, str | None]], bool]:
    """Return a sitemap's root tag, its addresses with their change dates, and whether that is all of it."""
    from lxml import etree

    elements = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        recover=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    rows: list[tuple[str, str | None]] = []
    try:
        for _, element in elements:
            if etree.QName(element).localname in ("url", "sitemap"):
                said = {etree.QName(each).localname: (each.text or "").strip() for each in element}
                if said.get("loc"):
                    rows.append((said["loc"], said.get("lastmod") or None))
                element.clear()
        root = "" if elements.root is None else etree.QName(elements.root).localname
    except (etree.LxmlError, ValueError):
        raise ReadError("no sitemap that can be read: its XML is broken") from None
    if root not in ("urlset", "sitemapindex"):
        raise ReadError("it is no sitemap")
    if len(elements.error_log):
        return root, rows[:-1][:_SITEMAP_ADDRESSES], False  # the last one may be cut off
    return root, rows[:_SITEMAP_ADDRESSES], len(rows) <= _SITEMAP_ADDRESSES


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
