"""Sentences as offsets: where a passage or an excerpt may begin and end."""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

from corpus.model import Span

_BREAK = re.compile(r"\n+| (?=[•▪◦] )| (?=[-*–] (?=[A-Z]))")
"""Lines, and bullets that run in a line, end a sentence even without a full stop."""


def sentence_spans(text: str, start: int = 0, end: int | None = None, language: str = "en") -> list[Span]:
    """Split ``text[start:end]`` into sentences.

    Returns:
        Spans into ``text``, in order, not overlapping, none blank, without the white space around them.
    """
    piece = text[start:end]
    spans: list[Span] = []
    for boundary in get_sentence_boundaries(language, piece):
        begin, stop = boundary["start_index"], boundary["end_index"]
        cuts = [m.start() for m in _BREAK.finditer(piece, begin, stop)]
        for left, right in zip([begin, *cuts], [*cuts, stop], strict=True):
            spans.extend(_stripped(text, start + left, start + right))
    return spans


def _stripped(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return []
    begin = start + len(piece) - len(piece.lstrip())
    return [Span(begin, begin + len(bare))]
