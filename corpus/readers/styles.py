"""How the mark-up of an HTML element sets its words, and what it calls them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from corpus.readers.tree import Style


BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "menu", "ol", "option", "p", "pre", "search", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
"""Elements that stand on lines of their own; all others do if such a one stands within them."""
_SET: dict[str, dict[str, Any]] = {
    "b": {"bold": True}, "strong": {"bold": True},
    "i": {"italic": True}, "em": {"italic": True}, "cite": {"italic": True}, "dfn": {"italic": True},
    "del": {"struck": True}, "s": {"struck": True}, "strike": {"struck": True},
    "code": {"code": True}, "kbd": {"code": True}, "samp": {"code": True}, "tt": {"code": True},
    "small": {"small": True}, "sub": {"small": True}, "sup": {"small": True},
}  # fmt: skip
_PLAIN_INLINE = frozenset((
    "a", "abbr", "acronym", "bdi", "bdo", "big", "data", "font", "img", "ins", "label", "mark", "q", "span",
    "time", "u", "var", "wbr",
))  # fmt: skip
_LOOKS = (
    ("bold", re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")),
    ("italic", re.compile(r"font-style\s*:\s*italic")),
    ("struck", re.compile(r"text-decoration[\w-]*\s*:\s*line-through")),
)


def marks_of(element: HtmlElement) -> tuple[str, ...]:
    """What an element is called: its classes, id, roles and the like, small letters."""
    if not element.attrib:
        return ()
    said = (element.get(name) for name in ("class", "id", "itemprop", "itemtype", "role", "rel"))
    return _words_of(" ".join(filter(None, said)))


@lru_cache(4096)
def _words_of(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said.lower().split()))


@lru_cache(1024)
def _set(style: Style, tag: str) -> Style:
    """The style of words in an element without attributes."""
    return replace(style, **_SET[tag]) if tag in _SET else style


def styled(element: HtmlElement, style: Style) -> Style:
    """The style of an element's words within words of a style."""
    tag = element.tag
    if not element.attrib and (tag in _SET or tag in _PLAIN_INLINE or tag in BLOCKS):
        return _set(style, tag)
    changes: dict[str, Any] = dict(_SET.get(tag, {}))
    if tag == "a" and element.get("href"):
        changes["href"] = " ".join(element.get("href").split())
    if tag not in BLOCKS:
        marks = marks_of(element)
        if tag not in _PLAIN_INLINE and tag not in _SET:
            marks = (tag, *marks)
        if marks:
            changes["marks"] = tuple(dict.fromkeys((*style.marks, *marks)))
    if tag == "time" and element.get("datetime"):
        changes["day"] = element.get("datetime").strip()
    if css := element.get("style"):
        changes |= {name: True for name, looks in _LOOKS if looks.search(css)}
    return replace(style, **changes) if changes else style
