"""Surroundings: what stands around a quote in its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Surroundings
from bot.citing import entry_seen
from corpus.errors import NotFoundError
from corpus.model import Span
from corpus.sentences import sentence_spans

if TYPE_CHECKING:
    from corpus.store import Store

_AROUND = 700
"""Characters before and after a quote that are shown, whole sentences of them."""


def surroundings(store: Store, entry_id: int, start: int, end: int, scope: int | None) -> Surroundings:
    """See ``Assistant.surroundings``."""
    with store.snapshot():
        entry = entry_seen(store, entry_id, scope, gone=True)
        inside = entry.entry.span
        if not inside.start <= start < end <= inside.end:
            raise NotFoundError("That passage is no longer where it was. Please ask again.")
        begin = max(0, start - _AROUND)
        text = store.text(entry.document, begin, end + _AROUND)
    sentences = sentence_spans(text)
    first = next((s.start for s in sentences if s.start > 0 or begin == 0), start - begin)
    first = min(first, start - begin)
    whole = len(text) < end + _AROUND - begin
    stops = [s.end for s in sentences if s.end >= end - begin and (whole or s.end < len(text))]
    last = max(stops, default=end - begin)
    quoted = Span(start - begin - first, end - begin - first)
    return Surroundings(entry.entry.title, entry.digest, text[first:last], quoted)
