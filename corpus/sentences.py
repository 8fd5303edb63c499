"""Sentences as offsets: where a passage or an excerpt may begin and end."""

from __future__ import annotations

import re
from functools import lru_cache

from sentencex import get_sentence_boundaries

from corpus.model import Span

_BREAK = re.compile(r"\n+| (?=[•▪◦] )| (?=[-*–] (?=[A-Z]))")
"""Lines, and bullets that run in a line, end a sentence even without a full stop."""

_REMEMBERED = 512
"""Texts whose sentences are remembered: the same entries are quoted again and again."""


def sentence_spans(text: str, start: int = 0, end: int | None = None, language: str = "en") -> list[Span]:
    """Split ``text[start:end]`` into sentences; what was split of late is remembered.

    Returns:
        Spans into ``text``, in order, not overlapping, none blank, without the white space around them.
    """
    return [Span(start + begin, start + stop) for begin, stop in _sentences(text[start:end], language)]


@lru_cache(_REMEMBERED)
def _sentences(text: str, language: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for boundary in get_sentence_boundaries(language, text):
        begin, stop = boundary["start_index"], boundary["end_index"]
        cuts = [m.start() for m in _BREAK.finditer(text, begin, stop)]
        for left, right in zip([begin, *cuts], [*cuts, stop], strict=True):
            found.extend(_stripped(text, left, right))
    return tuple(found)


def _stripped(text: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return []
    begin = start + len(piece) - len(piece.lstrip())
    return [(begin, begin + len(bare))]
