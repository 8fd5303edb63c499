"""Field lists of a Markdown page: the lines "Authors: …", "Place: …" under a heading."""

from __future__ import annotations

import re

from corpus.readers._columns import fact_of

_FIELD = re.compile(
    r"[ \t]*(?:[-*+]\s+)?(?:\*\*|__)?([^\W\d_][^\W\d_]*(?:[ /()][^\W\d_]{0,20}){0,4}?)"
    r"(?::(?:\*\*|__)|(?:\*\*|__)?\s*:)[ \t]*(.*)"
)
_NAMES = {
    "authors": "authors", "author": "authors", "by": "authors",
    "venue": "venue", "conference": "venue", "year": "year",
    "place": "place", "location": "place",
    "team": "team", "role": "role",
    "url": "url", "link": "url",
}  # fmt: skip
_FIELDS = frozenset({"authors", "venue", "year", "place", "team", "role", "url", "posted", "closes"})
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)|<(https?://[^<>\s]+)>")


def fields_of(block: str) -> dict[str, str]:
    """The fields of a block that is nothing but a field list; {} where it is anything else.

    A block counts where each line is a field and at least one has a known name; others are left out.
    """
    lines = block.splitlines()
    if len(lines) > 20:
        return {}
    fields: dict[str, str] = {}
    known = False
    for line in lines:
        found = _FIELD.fullmatch(line)
        if not found:
            return {}
        name = _named(found[1].strip())
        known = known or name is not None
        if name and found[2].strip():
            fields.setdefault(name, " ".join(found[2].split()))
    return fields if known else {}


def _named(name: str) -> str | None:
    """The field that a name stands for, in English, German or Spanish."""
    fact = _NAMES.get(name.lower()) or fact_of(name)
    return fact if fact in _FIELDS else None


def plain(words: str) -> str:
    """A field's or heading's words without the marks of emphasis, code and links."""
    words = _LINK.sub(lambda link: link[1] or link[3] or link[2] or "", words)
    words = re.sub(r"(?<!\w)([*_]{1,3})(\S(?:[^*_]*\S)?)\1(?!\w)", r"\2", words)
    return " ".join(words.replace("`", "").split())


def target(words: str) -> str | None:
    """The address in a field: bare, in angle brackets or behind a link."""
    found = _LINK.search(words)
    address = (found[2] or found[3]) if found else words.strip()
    return address if re.match(r"https?://\S+$", address or "") else None
