"""What stands around a page's words: menus, banners, footers, and what is hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


UNSEEN = frozenset((
    "aside", "audio", "button", "canvas", "dialog", "head", "iframe", "input", "link", "meta", "nav", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
_LANDMARKS = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert", "menu", "menubar")
)
_FURNITURE = re.compile(
    r"(?:(?:site|main|page|global|primary|secondary|top|mobile|header)[_-]?)?"
    r"(?:nav(?:bar|igation)?|menu|breadcrumbs?|cookies?|share|sharing|subscribe|newsletter|advert(?:isement)?s?|ads?"
    r"|promo|sidebar|footer|skip-link|pagination|comments|social-(?:share|links|media|icons))"
    r"(?:[_-]?(?:left|right|bar|links|list|container|wrapper|banner|notice|area|item|items))?|mw-editsection",
    re.IGNORECASE,
)
"""Names of classes and ids, whole ones, of what stands around a page's words."""
_FURNISHED = frozenset(("div", "section", "ul", "ol", "p", "header", "span"))
_HELD = frozenset(("article", "li", "section", "td"))
"""Elements whose header and footer are their own, not the page's."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def content_of(body: HtmlElement, letters: int) -> HtmlElement:
    """The part of a page that says what it is about: its main element, or all of it."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.xpath(path)
        if len(found) == 1 and 2 * letters_in(found[0]) >= letters:
            return found[0]
    return body


def letters_in(element: HtmlElement) -> int:
    """How many letters an element shows."""
    counted = 0
    waiting = [element]
    while waiting:
        each = waiting.pop()
        counted += len("".join((each.text or "").split()))
        for child in each:
            counted += len("".join((child.tail or "").split()))
            if isinstance(child.tag, str) and child.tag not in UNSEEN:
                waiting.append(child)
    return counted


def is_hidden(element: HtmlElement, letters: int) -> bool:
    """Whether a page does not show an element, or shows it around its words.

    Args:
        element: one of the page.
        letters: those of the page; 0 where nothing stands around its words. What holds half of them is none that
            does.
    """
    tag, attributes = element.tag, element.attrib
    if tag in UNSEEN:
        return not (tag == "button" and element.getparent().tag in _HEADINGS)
    if not attributes and tag not in ("header", "footer"):
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if "none" in (attributes.get("style") or "") and re.search(r"display\s*:\s*none", attributes["style"]):
        return True
    return letters > 0 and _is_furniture(element) and 2 * letters_in(element) < letters


def _is_furniture(element: HtmlElement) -> bool:
    """Whether an element stands around a page's words: menus, banners, footers, by its tag, role or class."""
    tag, attributes = element.tag, element.attrib
    if attributes.get("role") in _LANDMARKS:
        return True
    if tag in ("header", "footer") and not any(each.tag in _HELD for each in element.iterancestors()):
        return tag == "footer" or not element.xpath(".//h1|.//h2")
    if tag not in _FURNISHED or not attributes:
        return False
    marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return any(map(_FURNITURE.fullmatch, marks)) and not element.xpath(".//h1|.//main|.//article")
