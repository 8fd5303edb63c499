"""Feeds: RSS and Atom through feedparser, and JSON Feed, into items."""

from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from bot.fetching.addresses import joined
from bot.refresh.items import Item, Listed
from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.fetching.fetcher import Fetched

BYTES = 4_000_000
"""Size of a feed beyond which it is none: hundreds of items with all their text have less."""
_WHOLE = 600
"""Characters of an item's content, its markup left out, from which it is the article rather than a teaser."""
_CUT_OFF = re.compile(r"(?:…|\.\.\.|&(?:hellip|#8230);|\[&#8230;\])\W*(?:\w+\W+){0,4}\w*\W*$")
"""A teaser's end: dots, and a few words such as "read on"."""
_TEASER = 80
_MOST = 5000
_TAG = re.compile(r"<[^<>]*>")
_JSON_FEED = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{")
_EARLIEST = 1970


def feed(fetched: Fetched) -> Listed:
    """The items of a feed, the newest first.

    Raises:
        ReadError: it is no feed.
    """
    if len(fetched.data) > BYTES:
        raise ReadError(f"it has more than the {BYTES / 1e6:.0f} MB that a feed may have")
    return _json_feed(fetched) if _JSON_FEED.match(fetched.data) else _xml_feed(fetched)


def page_of(item: Item) -> bytes:
    """An item's own content as an HTML page under its title."""
    title = escape(item.title or "")
    heading = f"<h1>{title}</h1>" if title else ""
    page = f"<!doctype html><meta charset=utf-8><title>{title}</title><article>{heading}{item.content}</article>"
    return page.encode("utf-8", "replace")


def _xml_feed(fetched: Fetched) -> Listed:
    import feedparser

    headers = {"content-location": fetched.address}
    if fetched.charset:
        headers["content-type"] = f"application/xml; charset={fetched.charset}"
    try:
        # From a stream: what is given as bytes could be taken for the name of a file or an address.
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


def _json_feed(fetched: Fetched) -> Listed:
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
    """An item of its parts; None for one that neither leads anywhere nor says anything.

    ``full``: the content is what the feed gives as such, not a summary.
    """
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


def _listed(items: Iterable[Item | None]) -> Listed:
    found = sorted(filter(None, items), key=lambda item: item.published or date.min, reverse=True)
    return Listed(tuple(found))


def _is_text(kind: str | None) -> bool:
    return kind in (None, "", "text/html", "text/plain", "application/xhtml+xml")


def _plain(title: object) -> str | None:
    """A title without its markup, on one line."""
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
