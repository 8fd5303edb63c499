"""The links of a page, as far as they fit a pattern."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.fetching.addresses import joined, origin
from bot.refresh.items import Item, Listed
from corpus.errors import ReadError

if TYPE_CHECKING:
    from bot.fetching.fetcher import Fetched

_MOST = 20_000


def links(fetched: Fetched, pattern: str) -> Listed:
    """The pages that a page links to, in its order.

    Args:
        fetched: the page, of HTML.
        pattern: with ``*`` and ``?``; one that begins with a slash is held against the path of addresses of the
            same site, any other against whole addresses.

    Raises:
        ReadError: it is no HTML.
    """
    if fetched.suffix != ".html":
        raise ReadError("only the links of HTML pages can be followed")
    root = _tree(fetched)
    given = root.xpath("string((//base/@href)[1])")
    base = joined(fetched.address, given) or fetched.address if given else fetched.address
    found = (joined(base, link) for link in root.xpath("//a/@href | //area/@href")[:_MOST])
    here = fetched.address
    fitting = dict.fromkeys(each for each in found if each and each != here and fits(each, pattern, here))
    return Listed(tuple(map(Item, fitting)))


def feed_named(fetched: Fetched) -> str | None:
    """The address of the first feed that a page names in its head; None where it names none."""
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
    """Whether an address that a page links to fits the pattern."""
    if not pattern.startswith("/"):
        return fnmatchcase(address, pattern)
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return origin(address) == origin(page) and fnmatchcase(path, pattern)


def _tree(fetched: Fetched) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8" if fetched.data.startswith(b"\xef\xbb\xbf") else None)
    try:
        return html.document_fromstring(fetched.data, parser=parser)
    except (etree.LxmlError, ValueError, RecursionError):
        raise ReadError("no HTML page that can be read") from None
