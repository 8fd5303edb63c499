"""The excerpt: the stretch of whole sentences of a passage that has most to do with the question."""

from __future__ import annotations

from corpus.model import Span
from corpus.naming import folded
from corpus.sentences import sentence_spans

MAX_CHARACTERS = 900
"""An excerpt's length, but for a single sentence that is longer."""

_STEM = 5
"""Words count as the same where their first letters are."""


def best_stretch(text: str, question: str, limit: int = MAX_CHARACTERS) -> Span:
    """Choose what to quote of a passage.

    The run of whole sentences, at most ``limit`` characters long, in which most of the question's words occur;
    among equal ones the longest, then the first.

    Args:
        text: the passage.
        question: what was asked.
        limit: characters at most.

    Returns:
        Offsets into ``text``.
    """
    if len(text) <= limit:
        return Span(0, len(text))
    sentences = sentence_spans(text)
    wanted = _stems(question)
    words = [_stems(text[s.start : s.end]) & wanted for s in sentences]
    best, best_rank = Span(sentences[0].start, sentences[0].end), (-1, 0)
    for first, begin in enumerate(sentences):
        seen: set[str] = set()
        for last in range(first, len(sentences)):
            end = sentences[last].end
            if end - begin.start > limit and last > first:
                break
            seen |= words[last]
            rank = (len(seen), end - begin.start)
            if rank > best_rank:
                best, best_rank = Span(begin.start, end), rank
    return best


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in folded(text).split() if len(word) > 2}
