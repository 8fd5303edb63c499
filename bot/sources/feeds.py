"""Parses feeds (RSS, Atom, JSON Feed) and sitemaps into items."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import re
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sources.items import Item, ParsedList
from bot.sources.urls import joined
from corpus.english import counted, shortened
from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sources.fetcher import Fetched

BYTES = 4_000_000
"""The greatest size of a feed; hundreds of items with full text have less."""
_WHOLE = 600
"""Characters without markup from which an item's content is the article, not a teaser."""
_CUT_OFF = re.compile(r"(?:…|\.\.\.|&(?:hellip|#8230);|\[&#8230;\])\W*(?:\w+\W+){0,4}\w*\W*$")
"""The end of a teaser: dots, and a few words such as "read on"."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEASER = 80
_MOST = 5000
_TAG = re.compile(r"<[^<>]*>")
_BLANK = b"\xef\xbb\xbf \t\r\n"
"""A byte-order mark and the blanks of JSON."""
_NUMBER = re.compile(r"[0-9]{5,14}(?:\.[0-9]{1,9})?")
_EPOCH = 1970
_SECONDS, _MILLISECONDS = 10**11, 10**14
"""Numbers below are Unix times in seconds, or in milliseconds."""


def feed(fetched: Fetched, today: date) -> ParsedList:
    """Return the items of a feed, newest first.

    Args:
        fetched: the feed.
        today: days after tomorrow are not believed, nor is the year 1970, which stands for no day.

    Raises:
        ReadError: it is not a feed, or too large.
    """
    if len(fetched.data) > BYTES:
        raise ReadError(f"it has more than the {BYTES / 1e6:.0f} MB that a feed may have")
    if not fetched.data.strip(_BLANK):
        raise ReadError("the feed is empty: there is nothing in the answer")
    is_json = fetched.data.lstrip(_BLANK).startswith(b"{")
    items = _json_feed(fetched) if is_json else _xml_feed(fetched)
    return _listed(filter(None, items), today)


def page_of(item: Item) -> bytes:
    """Make an HTML page of an item's title and content."""
    title = escape(item.title or "")
    heading = f"<h1>{title}</h1>" if title else ""
    page = f"<!doctype html><meta charset=utf-8><title>{title}</title><article>{heading}{item.content}</article>"
    return page.encode("utf-8", "replace")


def _xml_feed(fetched: Fetched) -> Iterator[Item | None]:
    import feedparser

    headers = {"content-location": fetched.address}
    # A byte-order mark tells the charset before the header does, which the fetcher may have acted upon.
    charset = "utf-8" if fetched.data.startswith(codecs.BOM_UTF8) else fetched.charset
    if charset and not fetched.data.startswith(_UTF_16):
        headers["content-type"] = f"application/xml; charset={charset}"
    try:
        # A stream, because feedparser takes bytes for a file name or an address.
        found = feedparser.parse(io.BytesIO(fetched.data), response_headers=headers)
    except Exception as error:  # the parser's own faults are the feed's
        raise ReadError(f"no feed that can be read: {type(error).__name__}") from error
    if not found.get("version"):
        raise ReadError("it is no feed: neither RSS nor Atom nor JSON Feed")
    return (_xml_item(entry, fetched.address) for entry in found.entries[:_MOST])


def _xml_item(entry: Any, base: str) -> Item | None:
    contents = [each.get("value") or "" for each in entry.get("content", ()) if _is_text(each.get("type"))]
    whole = max(contents, key=len, default="")
    summary = entry.get("summary") or ""
    stated = entry.get("updated" if "updated" in entry else "published")
    return _item(
        base,
        link=entry.get("link"),
        name=entry.get("id"),
        title=_plain(entry.get("title")),
        content=whole or summary,
        full=bool(whole),
        published=_xml_day(entry),
        stated=stated,
    )


def _xml_day(entry: Any) -> date | None:
    days = (
        _unix_day(entry.get(name)) or _day_of(entry.get(f"{name}_parsed"))
        for name in ("published", "updated")
        if name in entry
    )
    return next(filter(None, days), None)


def _json_feed(fetched: Fetched) -> Iterator[Item | None]:
    try:
        found = json.loads(fetched.data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ReadError("no feed that can be read: its JSON is broken") from None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version")):
        raise ReadError("it is no feed: its JSON is not that of a JSON Feed")
    entries = found.get("items")
    entries = entries[:_MOST] if isinstance(entries, list) else []
    return (_json_item(entry, fetched.address) for entry in entries if isinstance(entry, dict))


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
        published=_day(entry.get("date_published") or entry.get("date_modified")),
        stated=str(entry.get("date_modified") or entry.get("date_published") or ""),
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
    stamp = _digest(said)
    guid = _digest(name) if name else None
    return Item(
        address=address or f"{base}#{guid or stamp}",
        stamp=f"{guid}:{stamp}" if guid else stamp,
        published=published,
        title=title,
        content=content if content.strip() else None,
        whole=full and _is_whole(_TAG.sub("", content).strip()),
        linked=address is not None,
        guid=guid,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _is_whole(text: str) -> bool:
    return len(text) >= _WHOLE and not _CUT_OFF.search(text[-_TEASER:])


def _listed(found: Iterable[Item], today: date) -> ParsedList:
    items = list(found)
    uses = Counter(item.guid for item in {item.address: item for item in items}.values())
    # A guid that several items share names none of them.
    items = [_unnamed(item) if item.guid and uses[item.guid] > 1 else item for item in items]
    odd = [item.published for item in items if item.published and not _is_credible(item.published, today)]
    items = [replace(item, published=None) if item.published in odd else item for item in items]
    items.sort(key=lambda item: item.published or date.min, reverse=True)
    notes = (f"{counted(len(odd), 'day')} in it cannot be right, such as {odd[0]}: left out",) if odd else ()
    return ParsedList(tuple(items), notes=notes)


def _unnamed(item: Item) -> Item:
    return replace(item, guid=None, stamp=(item.stamp or "").partition(":")[2])


def _is_credible(day: date, today: date) -> bool:
    return day.year > _EPOCH and day <= today + timedelta(days=1)


def _is_text(kind: str | None) -> bool:
    return kind in (None, "", "text/html", "text/plain", "application/xhtml+xml")


def _plain(title: object) -> str | None:
    """Return a title without markup, on one line."""
    if not isinstance(title, str):
        return None
    return " ".join(_TAG.sub("", title).split())[:500] or None


def _day(written: object) -> date | None:
    """Return the day of an ISO date or a Unix time."""
    if found := _unix_day(written):
        return found
    try:
        moment = datetime.fromisoformat(str(written))
        return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None


def _unix_day(written: object) -> date | None:
    if isinstance(written, bool) or not _NUMBER.fullmatch(str(written).strip()):
        return None
    number = float(str(written))
    seconds = number if number < _SECONDS else number / 1000
    return datetime.fromtimestamp(seconds, UTC).date() if number < _MILLISECONDS else None


def _day_of(parts: Any) -> date | None:
    try:
        return date(*parts[:3])
    except (ValueError, TypeError, OverflowError):
        return None


_SITEMAP_ADDRESSES = 50_000
"""The most addresses in one sitemap (sitemaps.org)."""
_MOST_LISTS = 50
_ENDING = 200
_BARE = re.compile(rb"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_ROW = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:url|sitemap)[\s>]")


def sitemap(fetched: Fetched, limit: int) -> ParsedList:
    """Return the pages of a sitemap, last changed first, or the sitemaps of an index, all of the same site.

    Args:
        fetched: the file, gzipped or not.
        limit: the greatest size in bytes, uncompressed.

    Raises:
        ReadError: it is not a sitemap, or too large.
    """
    root, found, whole = _rows(_mended(unpacked(fetched.data, limit)))
    here = _site(fetched.address)
    every = [(address, changed) for written, changed in found if (address := joined(fetched.address, written))]
    rows = [row for row in every if _site(row[0]) == here]
    elsewhere = sorted({_site(address) for address, _ in every} - {here})
    notes: tuple[str, ...] = ()
    if elsewhere:
        left_out = counted(len(every) - len(rows), "address", "addresses")
        notes = (f"{left_out} on another site left out ({shortened(elsewhere, 2)}): add a source there",)
    rows.sort(key=lambda row: row[1] or "", reverse=True)
    if root == "sitemapindex":
        lists = tuple(dict.fromkeys(address for address, _ in rows))
        return ParsedList(lists=lists[:_MOST_LISTS], whole=whole and len(lists) <= _MOST_LISTS, notes=notes)
    return ParsedList(tuple(Item(address, stamp=changed) for address, changed in rows), whole=whole, notes=notes)


def _mended(data: bytes) -> bytes:
    """Mend the slips of sitemaps that are no doubt: blanks before the declaration, and a bare "&"."""
    if data[:2] in _UTF_16:
        return data
    return _BARE.sub(b"&amp;", data.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK))


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
    ended = 0
    try:
        for _, element in elements:
            if _tag(element) in ("url", "sitemap"):
                ended += 1
                said = {_tag(each): (each.text or "").strip() for each in element}
                if said.get("loc"):
                    rows.append((said["loc"], said.get("lastmod") or None))
                element.clear()
        root = "" if elements.root is None else _tag(elements.root)
    except (etree.LxmlError, ValueError):
        raise ReadError("no sitemap that can be read: its XML is broken") from None
    if root not in ("urlset", "sitemapindex"):
        raise ReadError("it is no sitemap")
    whole = len(rows) <= _SITEMAP_ADDRESSES
    if len(elements.error_log):
        if not data.rstrip().endswith(b">") or root.encode() not in data[-_ENDING:]:
            rows = rows[:-1]  # the last one may be cut off
            whole = False
        whole = whole and ended == len(_ROW.findall(data))
    return root, rows[:_SITEMAP_ADDRESSES], whole


def _tag(element: Any) -> str:
    """Return the name without its namespace or prefix; a prefix that is not declared is a part of the name."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
