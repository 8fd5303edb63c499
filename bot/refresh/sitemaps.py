"""Sitemaps: the addresses of a site's pages with the days of their changes, and lists of further sitemaps."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.fetching.addresses import joined
from bot.refresh.items import Item, Listed
from corpus.errors import ReadError

if TYPE_CHECKING:
    from bot.fetching.fetcher import Fetched

_MOST = 50_000
"""Addresses in one sitemap, as sitemaps.org has it."""
_MOST_LISTS = 50


def sitemap(fetched: Fetched, limit: int) -> Listed:
    """The pages of a sitemap, the latest changed first, or the sitemaps of an index.

    Pages of another site are left out, as sitemaps.org has it.

    Args:
        fetched: the file, gzipped or not.
        limit: bytes that it may have, uncompressed.

    Raises:
        ReadError: it is no sitemap, or too large.
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
        return Listed(lists=lists[:_MOST_LISTS], whole=whole and len(lists) <= _MOST_LISTS)
    return Listed(tuple(Item(address, stamp=changed) for address, changed in rows), whole=whole)


def unpacked(data: bytes, limit: int) -> bytes:
    """The bytes, unpacked where they are gzipped.

    Raises:
        ReadError: they are more than the limit then, or broken.
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
    """What a sitemap's root is called, its addresses with when they changed, and whether that is all of it."""
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
        return root, rows[:-1][:_MOST], False  # the last one may be cut off
    return root, rows[:_MOST], len(rows) <= _MOST


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
