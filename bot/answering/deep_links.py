"""Text fragments: addresses that open a page at a quote, after the WICG's specification."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Sequence


_WORDS = 5
"""Words that a quote's beginning and end are found by, where they are enough."""

_MORE = 12
"""Words at most, where those stand on the page before."""

_BULLET = re.compile(r"^\s*•\s*")

LONGEST = 240
"""Characters of a fragment, beyond which there is none: an address shall fit on a screen."""


def link_to(address: str, before: str, excerpt: str) -> str | None:
    """The address of a page with the directive that finds a quote in it (``#:~:text=start,end``).

    Beginning and end are whole words of one line or cell of a table each, since a browser looks for either within
    one block; bullets are no part of the page's text. Where
    the beginning stands on the page before the quote, more of its words are given, then those before it.

    Args:
        address: the page's own.
        before: the page's text up to the quote.
        excerpt: the quote as the page has it.

    Returns:
        The address, or None where no words find the quote or they are too long.
    """
    cells = (_BULLET.sub("", cell).split() for line in excerpt.splitlines() for cell in line.split(" | "))
    lines = [words for words in cells if words]
    if not lines:
        return None
    directive = _directive(lines, before, excerpt)
    mark = ":~:" if "#" in address else "#:~:"
    return f"{address}{mark}text={directive}" if len(directive) <= LONGEST else None


def _directive(lines: Sequence[Sequence[str]], before: str, excerpt: str) -> str:
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(first) <= 2 * _WORDS:
        start, end = list(first), []
    else:
        room = len(first) if len(lines) > 1 else len(first) - _WORDS
        start = _unlike(first[:room], before)
        end = _ending(last[len(start) :] if len(lines) == 1 else last, excerpt)
    parts = [_encoded(start)]
    if end:
        parts.append(_encoded(end))
    if _times(start, before):
        line = next((line for line in reversed(before.splitlines()) if line.split()), "")
        if line:
            parts.insert(0, f"{_encoded(line.split()[-_WORDS:])}-")
    return ",".join(parts)


def _unlike(words: Sequence[str], before: str) -> list[str]:
    """The first words of a line, more of them where fewer stand before it."""
    size = min(_WORDS, len(words))
    while size < min(_MORE, len(words)) and _times(words[:size], before):
        size += 1
    return list(words[:size])


def _ending(words: Sequence[str], excerpt: str) -> list[str]:
    """The last words of a line, more of them where fewer stand in the quote before its end."""
    size = min(_WORDS, len(words))
    while size < min(_MORE, len(words)) and _times(words[-size:], excerpt) > 1:
        size += 1
    return list(words[-size:]) if size else []


def _times(words: Sequence[str], text: str) -> int:
    said = re.escape(folded(" ".join(words)))
    return len(re.findall(rf"\b{said}\b", folded(text))) if said else 0


def _encoded(words: Sequence[str]) -> str:
    """Words as they may stand in a directive: its own marks, comma, ampersand and hyphen, are encoded, too."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
