"""The excerpt: the stretch of whole sentences of an entry that answers, and the sentence of it that says most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Span
from corpus.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set

    from bot.understanding.attributes import Attribute

MAX_CHARACTERS = 490
"""An excerpt's length, but for a single sentence that is longer."""

LATER_CHARACTERS = 350
"""That of an excerpt behind the first few."""

_SHORTEST = 200
"""Characters that a stretch has where its entry has them: a heading or half a list tells nobody anything."""

_LONGEST = 900
"""A sentence's length beyond which it is cut at a word."""

_WORDS = 1.0
"""Weight of the question's words that a stretch has, next to its sentences' cosines."""

_ATTRIBUTE = 0.5
"""What a stretch gains for each attribute that it gives (a salary, a duration)."""

_ROOM = 4e-4
"""What each character adds: between equal stretches the one that shows more around them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an excerpt is chosen by.

    ``cosines`` are those of the entry's sentences to the question, by their offsets in the document; ``rarity``
    are the question's stems with how rare each is; ``stems`` takes those of a text; ``attributes`` are what is
    asked for by name.
    """

    cosines: Mapping[Span, float]
    rarity: Mapping[str, float]
    stems: Callable[[str], Set[str]]
    attributes: Sequence[Attribute] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Offsets into the document's text: what is quoted, its sentence that says most, and how much it says."""

    span: Span
    best: Span
    worth: float


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    cosine: float
    held: frozenset[str]
    gives: frozenset[str]


def excerpt_of(text: str, entry: Span, wanted: Wanted, limit: int = MAX_CHARACTERS) -> Excerpt:
    """Choose what to quote of an entry.

    Of all stretches of whole sentences up to ``limit`` characters the one of the highest worth: the cosine of its
    best sentence, the mean cosine of all of it, and the share of the question's words that it has.

    Args:
        text: the entry's text.
        entry: where it stands in the document.
        wanted: what to choose by.
        limit: characters at most.
    """
    sentences = [_sentence(text, entry, span, wanted) for span in sentence_spans(text)]
    if not sentences:
        return Excerpt(entry, entry, 0.0)
    whole = len(text) <= limit
    worth, first, last = max(
        (_worth(sentences[first : last + 1], wanted), -first, last) for first, last in _stretches(sentences, limit)
    )
    chosen = sentences[-first : last + 1]
    best = max(chosen, key=lambda each: _worth([each], wanted)).span
    if whole:
        return Excerpt(entry, best, worth)
    span = Span(chosen[0].span.start, chosen[-1].span.end)
    if span.end - span.start > _LONGEST:
        span = _bounded(text, entry, span)
    return Excerpt(span, Span(best.start, min(best.end, span.end)), worth)


def _sentence(text: str, entry: Span, span: Span, wanted: Wanted) -> _Sentence:
    said = text[span.start : span.end]
    moved = Span(span.start + entry.start, span.end + entry.start)
    held = frozenset(wanted.stems(said) & wanted.rarity.keys()) if wanted.rarity else frozenset()
    gives = frozenset(attribute.name for attribute in wanted.attributes if attribute.given.search(said))
    return _Sentence(moved, wanted.cosines.get(moved, 0.0), held, gives)


def _stretches(sentences: Sequence[_Sentence], limit: int) -> list[tuple[int, int]]:
    """First and last sentences of all stretches that are neither too long nor, if that can be, too short."""
    found: list[tuple[int, int]] = []
    for first, begin in enumerate(sentences):
        for last in range(first, len(sentences)):
            if last > first and sentences[last].span.end - begin.span.start > limit:
                break
            found.append((first, last))
    long_enough = [
        (first, last)
        for first, last in found
        if sentences[last].span.end - sentences[first].span.start >= _SHORTEST
    ]
    return long_enough or found


def _worth(stretch: Sequence[_Sentence], wanted: Wanted) -> float:
    lengths = [each.span.end - each.span.start for each in stretch]
    mean = sum(each.cosine * length for each, length in zip(stretch, lengths, strict=True)) / max(1, sum(lengths))
    held = frozenset().union(*(each.held for each in stretch))
    covered = sum(wanted.rarity[stem] for stem in held) / (sum(wanted.rarity.values()) or 1.0)
    given = _ATTRIBUTE * len(frozenset().union(*(each.gives for each in stretch)))
    length = min(stretch[-1].span.end - stretch[0].span.start, MAX_CHARACTERS)
    return max(each.cosine for each in stretch) + mean + _WORDS * covered + given + _ROOM * length


def _bounded(text: str, entry: Span, span: Span) -> Span:
    """The beginning of one endless sentence, cut at a blank where there is one."""
    begin = span.start - entry.start
    blank = text.rfind(" ", begin + 1, begin + _LONGEST)
    return Span(span.start, entry.start + (blank if blank > begin else begin + _LONGEST))
