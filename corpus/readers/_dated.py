"""The days of a page and of its job posts, from the words that name them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.readers._days import closes_in, dateline, posted_in
from corpus.readers._lines import collapsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from corpus.model import Entry

_TOP_CHARS, _TOP_LINES = 3_000, 8
"""How far from its beginning a page says when it came out."""
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_READ = 20_000
_COMMON = {
    "de": "der die das und ist nicht mit für von wir auf eine sind oder bei zum zur werden",
    "es": "el la los las para con una que por del es se en su como más o y al",
}
_FOREIGN = 0.12
"""Share of a text's words that have to be a language's commonest for the text to be in it."""


def language_of_text(text: str) -> str | None:
    """German or Spanish where a text's commonest words are; None for all else: English writes days both ways."""
    words = re.findall(r"[^\W\d_]+", text[:_READ].lower())
    counts = {name: sum(map(common.split().count, words)) for name, common in _COMMON.items()}
    name = max(counts, key=lambda each: counts[each])
    return name if len(words) > 5 and counts[name] > _FOREIGN * len(words) else None


def published_in(text: str, entries: Sequence[Entry], language: str | None, start: int = 0) -> date | None:
    """The day that a page gives for itself among its first lines, outside of its papers and posts."""
    taken = [entry.span for entry in entries if entry.kind in (Kind.PAPER, Kind.JOB)]
    for number, line in enumerate(_LINE.finditer(text, start, start + _TOP_CHARS)):
        if number == _TOP_LINES or any(span.start <= line.start() < span.end for span in taken):
            return None
        said = collapsed(re.sub(r"[*_]{1,3}", "", line[0]))
        if day := dateline(said, language):
            return day
    return None


def with_days(entries: Sequence[Entry], text: str, language: str | None) -> tuple[Entry, ...]:
    """The entries, job posts with the day they were posted and the last to apply where their text names them."""
    return tuple(_dated(entry, text, language) if entry.kind is Kind.JOB else entry for entry in entries)


def _dated(post: Entry, text: str, language: str | None) -> Entry:
    words = re.sub(r"[*_]{1,3}", "", text[post.span.start : min(post.span.end, post.span.start + _READ)])
    return replace(
        post,
        posted=post.posted or posted_in(words, language),
        closes=post.closes or closes_in(words, language),
    )
