"""Reads what a source lists: a feed, a page's links, a sitemap with its parts, or a folder."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sources.feeds import feed, sitemap
from bot.sources.fetcher import LISTS, Validators
from bot.sources.ingest import MAX_BYTES, files_of, is_folder
from bot.sources.items import Item, Listing, ParsedList
from bot.sources.urls import joined, origin
from corpus.errors import ReadError
from corpus.model import SourceKind
from corpus.store import StoredAddress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from bot.sources.fetcher import Fetched, Fetcher
    from corpus.store import StoredSource

_MOST = 20_000


def links(fetched: Fetched, pattern: str) -> ParsedList:
    """Return the pages that an HTML page links to, in its order.

    Args:
        fetched: the page.
        pattern: with ``*`` and ``?``; with a slash first it matches paths of the same site, else whole addresses.

    Raises:
        ReadError: the page is not HTML.
    """
    if fetched.suffix != ".html":
        raise ReadError("only the links of HTML pages can be followed")
    root = _tree(fetched)
    given = root.xpath("string((//base/@href)[1])")
    base = joined(fetched.address, given) or fetched.address if given else fetched.address
    found = (joined(base, link) for link in root.xpath("//a/@href | //area/@href")[:_MOST])
    here = fetched.address
    fitting = dict.fromkeys(each for each in found if each and each != here and fits(each, pattern, here))
    return ParsedList(tuple(map(Item, fitting)))


def feed_named(fetched: Fetched) -> str | None:
    """Return the address of the first feed in a page's head; None if there is none."""
    if fetched.suffix != ".html":
        return None
    try:
        found = _tree(fetched).xpath("//link[@rel='alternate' and @href]")[:_MOST]
    except ReadError:
        return None
    types = ("application/rss+xml", "application/atom+xml", "application/feed+json")
    links = (joined(fetched.address, each.get("href")) for each in found if each.get("type") in types)
    return next((link for link in links if link), None)


def fits(address: str, pattern: str, page: str) -> bool:
    """Whether a linked address matches the pattern."""
    if not pattern.startswith("/"):
        return fnmatchcase(address, pattern)
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return origin(address) == origin(page) and fnmatchcase(path, pattern)


def _tree(fetched: Fetched) -> Any:
    from lxml import etree, html

    marked = fetched.data.startswith(b"\xef\xbb\xbf")
    is_utf8 = marked or (fetched.charset or "").lower() in ("utf-8", "utf8")
    parser = html.HTMLParser(encoding="utf-8" if is_utf8 else None)
    try:
        return html.document_fromstring(fetched.data, parser=parser)
    except (etree.LxmlError, ValueError, RecursionError):
        raise ReadError("no HTML page that can be read") from None


_ROOT = re.compile(rb"<\s*(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex|html|!doctype\s+html)\b", re.IGNORECASE)
_BEGINNING = 4096
_MOST_LISTS = 100
_PART = "a part of it could not be read, so nothing that it does not list is taken for gone"


def kind_of(fetched: Fetched, pattern: str | None) -> SourceKind:
    """Detect the kind of a source from its content.

    Raises:
        ReadError: it cannot be a source.
    """
    data = fetched.data[: 2 * _BEGINNING]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "ignore").encode("utf-8", "ignore")
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    root = _ROOT.search(data[:_BEGINNING]) if data.startswith(b"<") else None
    name = root[1].decode().lower() if root else ""
    if fetched.suffix == ".gz" or data.startswith(b"\x1f\x8b") or name in ("urlset", "sitemapindex"):
        return SourceKind.SITEMAP
    if name in ("rss", "feed", "rdf") or (data.startswith(b"{") and b"jsonfeed.org" in data):
        return SourceKind.FEED
    if fetched.suffix == ".xml" and not name.endswith("html"):
        raise ReadError("it is neither a feed nor a sitemap nor a page")
    return SourceKind.LINKS if pattern else SourceKind.PAGE


async def listing_of(
    source: StoredSource, rows: Mapping[tuple[bool, str], StoredAddress], fetcher: Fetcher, now: datetime
) -> Listing:
    """Read what a source lists now; unchanged lists repeat their earlier items.

    Args:
        source: to read.
        rows: how its addresses answered before; other lists are fetched unconditionally.
        fetcher: fetches the lists.
        now: is stored as the time of the requests.

    Raises:
        ReadError: the source cannot be fetched, or has another kind.
    """
    if source.kind is SourceKind.PAGE:
        return Listing({source.address: Item(source.address)}, complete=False)
    if source.kind is SourceKind.FOLDER:
        return await asyncio.to_thread(_folder, source)
    listing = Listing(complete=source.kind is not SourceKind.FEED)
    waiting = [source.address]
    while waiting and len(listing.seen) < _MOST_LISTS:
        address = waiting.pop(0)
        before = rows.get((True, address)) or StoredAddress(address, listing=True)
        try:
            after, listed = await _one_list(source, before, fetcher, now.date())
        except ReadError as error:
            if address == source.address:
                raise
            listing.complete = False
            listing.seen.append(replace(before, error=str(error), asked_at=now))
            listed = _as_before(address, rows)
        else:
            listed = listed or _as_before(address, rows)
            listing.complete &= listed.whole
            listing.notes += listed.notes
            listing.seen.append(replace(after, error=None if listed.whole else _PART, asked_at=now))
        for item in listed.items:
            listing.items.setdefault(item.address, item)
            listing.via.setdefault(item.address, address)
        for each in listed.lists:
            if each not in {*waiting, *(row.address for row in listing.seen)}:
                waiting.append(each)
        listing.seen[-1] = replace(listing.seen[-1], stamp=" ".join(listed.lists) or None)
    listing.complete &= not waiting
    return listing


async def _one_list(
    source: StoredSource, row: StoredAddress, fetcher: Fetcher, today: date
) -> tuple[StoredAddress, ParsedList | None]:
    """Fetch one list; None stands for an unchanged one."""
    known = Validators(row.answered, row.etag, row.modified) if row.answered else None
    fetched = await fetcher.fetch(row.address, limit=MAX_BYTES, types=LISTS, known=known)
    if fetched is None:
        return row, None
    listed = await asyncio.to_thread(parsed, source.kind, fetched, source.pattern, today)
    return replace(row, answered=fetched.address, etag=fetched.etag, modified=fetched.modified), listed


def parsed(kind: SourceKind, fetched: Fetched, pattern: str | None, today: date) -> ParsedList:
    """Parse a list of this kind. Raises ReadError."""
    if kind is SourceKind.FEED:
        return feed(fetched, today)
    if kind is SourceKind.SITEMAP:
        return sitemap(fetched, MAX_BYTES)
    return links(fetched, pattern or "*")


def _as_before(address: str, rows: Mapping[tuple[bool, str], StoredAddress]) -> ParsedList:
    """Return what a list named when it was last read."""
    items = (
        Item(row.address, stamp=row.stamp, published=row.published, linked="#" not in row.address)
        for row in rows.values()
        if not row.listing and row.listed and row.via == address
    )
    own = rows.get((True, address))
    return ParsedList(tuple(items), lists=tuple((own.stamp or "").split()) if own else ())


def known_by_guid(listing: Listing, rows: Mapping[tuple[bool, str], StoredAddress]) -> None:
    """Give each item of a feed the address of its guid's first link: links change, guids do not."""
    had = {(row.stamp or "").partition(":")[0]: row.address for row in rows.values() if not row.listing}
    items, via = listing.items, listing.via
    listing.items, listing.via = {}, {}
    for item in items.values():
        address = had.get(item.guid or "", item.address) if item.guid else item.address
        known = replace(item, address=address, link=item.address) if address != item.address else item
        listing.items.setdefault(address, known)
        listing.via.setdefault(address, via[item.address])


def _folder(source: StoredSource) -> Listing:
    """List a folder's files; a stamp holds the modification time and the size."""
    from pathlib import Path

    if not is_folder(Path(source.address)):
        raise ReadError("there is no such folder")
    listing = Listing()
    for each in files_of([source.address], may_be_empty=True):
        if each.error:
            listing.complete = False
        else:
            listing.items[str(each.path)] = Item(str(each.path), stamp=_stamp(each.path))
    return listing


def _stamp(path: Path) -> str | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_mtime_ns}-{found.st_size}"
