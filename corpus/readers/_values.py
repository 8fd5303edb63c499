"""Values of data formats to words: names out of objects, text out of markup, days, years and addresses."""

from __future__ import annotations

import html
import re
from typing import Any

from corpus.readers._lines import collapsed

_MARKUP = re.compile(
    r"</?(?:p|br|li|ul|ol|div|b|strong|em|i|h[1-6]|span|a|jats:\w+)\b[^<>]{0,500}>", re.IGNORECASE
)
_ESCAPED = re.compile(r"&lt;/?(?:p|br|li|ul|ol|div|h[1-6]|strong)\b", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NAMED = ("name", "display_name", "text", "value", "literal", "@value", "full_name", "title", "#text")
_AND = re.compile(r"\s+(?:and|und|et|&|y(?=\s+[^\s,;]+\s+[^\s,;]))\s+")
_YEAR = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?!\d)")
_DEEPEST = 6


def words_of_value(value: Any, depth: int = 0) -> str:
    """The words of a value: text as it is, a list's parted by commas, an object's by its name."""
    if depth > _DEEPEST or isinstance(value, bool):
        return ""
    said = ""
    if isinstance(value, str):
        said = cleaned(value)
    elif isinstance(value, int | float):
        said = str(value)
    elif isinstance(value, list):
        said = ", ".join(filter(None, (words_of_value(each, depth + 1) for each in value[:100])))
    elif isinstance(value, dict):
        parts = value.get("date-parts")
        named = (words_of_value(value.get(key), depth + 1) for key in _NAMED)
        said = _date_parts(parts) if isinstance(parts, list) else next(filter(None, named), "")
    return said


def people_of(value: Any, depth: int = 0) -> tuple[str, ...]:
    """The names of people: in a list of names or objects, or in one text, parted by ``;``, "and" or commas."""
    if isinstance(value, list):
        return tuple(name for each in value[:2000] for name in _person(each, depth))
    return _person(value, depth)


def _person(value: Any, depth: int) -> tuple[str, ...]:
    if isinstance(value, dict) and depth < _DEEPEST:
        given, family = (
            next((words_of_value(value[key]) for key in keys if value.get(key)), "")
            for keys in (
                ("given", "givenName", "firstName", "first_name", "first"),
                ("family", "familyName", "lastName", "last_name", "last"),
            )
        )
        if family:
            return (collapsed(f"{given} {family}"),)
        inner = next((value[key] for key in ("author", "authors", "value") if value.get(key)), None)
        return people_of(inner, depth + 1) if inner is not None else _one(words_of_value(value))
    if isinstance(value, str):
        return _listed(cleaned(value))
    return ()


def _one(name: str) -> tuple[str, ...]:
    return (collapsed(name),) if name.strip() else ()


def _listed(words: str) -> tuple[str, ...]:
    """The names of a text, turned where they stand with the family name first ("Moss, Ada; Ray, Ben")."""
    words = collapsed(words)
    joined = _AND.split(words)
    if ";" in words or (len(joined) > 1 and all(name.count(",") == 1 for name in joined)):
        return tuple(filter(None, map(turned, re.split(rf"\s*;\s*|{_AND.pattern}", words))))
    names = re.split(r"\s*\|\s*" if "|" in words else rf"\s*,\s*(?:(?:and|und|y|&)\s+)?|{_AND.pattern}", words)
    if len(names) == 2 and not any(" " in name for name in names):
        return (turned(words),)  # "Moss, Ada"
    return tuple(name.strip() for name in names if name.strip())


def turned(name: str) -> str:
    """A name with the family name first ("Moss, Ada", "Ray, Jr., Ben") the way it is spoken."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 3 and parts[1]:
        return collapsed(f"{parts[2]} {parts[0]} {parts[1]}")
    return collapsed(" ".join(reversed(parts))) if len(parts) == 2 else collapsed(name)


def cleaned(words: str) -> str:
    """Words without what no text holds: control characters, halves of characters; markup made text."""
    words = _UNFIT.sub(" ", words)
    if _ESCAPED.search(words):
        words = html.unescape(words)
    return shown(words) if _MARKUP.search(words) else words.strip()


def shown(markup: str) -> str:
    """What a piece of HTML shows, a paragraph a block."""
    from lxml import etree
    from lxml import html as lxml_html

    from corpus.readers._html_blocks import blocks_in

    try:
        root = lxml_html.document_fromstring(re.sub(r"(</?)jats:", r"\1", markup))
    except (etree.LxmlError, ValueError, RecursionError):
        return collapsed(_MARKUP.sub(" ", markup))
    blocks = [
        [f"• {block.lines[0]}", *block.lines[1:]] if block.kind == "item" else block.lines
        for block in blocks_in(root)
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def year_of(words: str) -> int | None:
    """The year that words name first."""
    found = _YEAR.search(words)
    return int(found[1]) if found else None


def address_of(words: str) -> str | None:
    """The first address on the web among words."""
    found = re.search(r"https?://[^\s<>\"'{}|]{3,2000}", words)
    return found[0].rstrip(".,;)") if found else None


def _date_parts(parts: list[Any]) -> str:
    first = parts[0] if parts and isinstance(parts[0], list) else []
    if not all(isinstance(part, int | str) for part in first):
        return ""
    return "-".join(f"{part:0>2}" for part in map(str, first[:3]))
