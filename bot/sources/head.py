"""Reads where an HTML page says it is: its canonical address, and the one to which it leads at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sources.urls import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = 65_536
"""Bytes at the beginning of a page that are searched."""
_MOST = 100
_SOON = 10
"""Seconds within which a page leads on, so that nobody is meant to read it."""
_SAME = 0.8
"""Share of the shorter text's characters whose lines stand in both texts of one document."""


def canonical(data: bytes, address: str) -> str | None:
    """Return the canonical address that a page names, if it is another one of the same site."""
    for base, link in _named(data, address, "//link[@href]", b"canonical"):
        if "canonical" in (link.get("rel") or "").lower().split():
            found = joined(base, link.get("href"))
            return found if found and found != address and _site(found) == _site(address) else None
    return None


def onward(data: bytes, address: str) -> str | None:
    """Return the address to which a page leads at once (a meta refresh); None if it stays."""
    for base, meta in _named(data, address, "//meta[@content and not(ancestor::noscript)]", b"http-equiv"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        seconds, _, rest = meta.get("content").replace(",", ";", 1).partition(";")
        name, equals, value = rest.strip().partition("=")
        link = value if equals and name.strip().lower() == "url" else rest
        soon = seconds.strip().partition(".")[0]
        if link.strip() and soon.isascii() and soon.isdigit() and len(soon) < 4 and int(soon) <= _SOON:
            found = joined(base, link.strip().strip("'\""))
            return found if found != address else None
    return None


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts are of one document: nearly all lines of the shorter stand in the longer."""
    lines, others = (Counter(line.strip() for line in text.splitlines()) for text in (one, other))
    shared = sum(len(line) * number for line, number in (lines & others).items())
    shorter = min(sum(len(line) * number for line, number in each.items()) for each in (lines, others))
    return shared >= _SAME * shorter > 0


def _named(data: bytes, address: str, path: str, sign: bytes) -> Iterator[tuple[str, Any]]:
    """Yield elements with the address that their links are relative to; without the ``sign`` there are none."""
    from lxml import etree, html

    beginning = data[:_HEAD]
    if sign not in beginning.lower():
        return
    try:
        root = html.document_fromstring(beginning)
    except (etree.LxmlError, ValueError, RecursionError):
        return
    given = root.xpath("string((//base/@href)[1])")
    base = (joined(address, given) if given else None) or address
    for element in root.xpath(path)[:_MOST]:
        yield base, element


def _site(address: str) -> str:
    return (urlsplit(address).netloc).removeprefix("www.")
