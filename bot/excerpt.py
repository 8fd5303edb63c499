"""The excerpt: the stretch of whole sentences of an entry that answers, and the sentence of it that says most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

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

_REMEMBERED = 512
"""Texts whose sentences' stems and attributes are remembered: the same entries are quoted again and again."""


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


class _Sentence(NamedTuple):
    """A sentence by its offsets in the text, with its words and attributes of the question as bits."""

    start: int
    end: int
    cosine: float
    words: int
    gives: int


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
    sentences = _sentences(text, entry.start, wanted)
    if not sentences:
        return Excerpt(entry, entry, 0.0)
    share = _shares_of(wanted.rarity)
    worth, first, last = _best_stretch(sentences, limit, share)
    chosen = sentences[first : last + 1]
    said = max(chosen, key=lambda each: _worth_alone(each, share))
    best = Span(said.start + entry.start, said.end + entry.start)
    if len(text) <= limit:
        return Excerpt(entry, best, worth)
    span = Span(chosen[0].start + entry.start, chosen[-1].end + entry.start)
    if span.end - span.start > _LONGEST:
        span = _bounded(text, entry, span)
    return Excerpt(span, Span(best.start, min(best.end, span.end)), worth)


def _sentences(text: str, begin: int, wanted: Wanted) -> list[_Sentence]:
    spans = _spans_of(text)
    bits = {stem: 1 << at for at, stem in enumerate(wanted.rarity)}
    held = _stems_of(text, wanted.stems) if bits else ()
    words = [0] * len(spans)
    for stem, bit in bits.items():
        for at, stems in enumerate(held):
            if stem in stems:
                words[at] |= bit
    gives = [0] * len(spans)
    for at, attribute in enumerate(wanted.attributes):
        for i in _giving(text, attribute):
            gives[i] |= 1 << at
    cosines = {(span.start - begin, span.end - begin): cosine for span, cosine in wanted.cosines.items()}
    return [
        _Sentence(start, end, cosines.get((start, end), 0.0), has, given)
        for (start, end), has, given in zip(spans, words, gives, strict=True)
    ]


@lru_cache(_REMEMBERED)
def _spans_of(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in sentence_spans(text))


@lru_cache(_REMEMBERED)
def _stems_of(text: str, stems: Callable[[str], Set[str]]) -> tuple[Set[str], ...]:
    return tuple(stems(text[start:end]) for start, end in _spans_of(text))


@lru_cache(_REMEMBERED)
def _giving(text: str, attribute: Attribute) -> tuple[int, ...]:
    """The places of the sentences that give an attribute."""
    return tuple(i for i, (start, end) in enumerate(_spans_of(text)) if attribute.given.search(text[start:end]))


def _shares_of(rarity: Mapping[str, float]) -> Callable[[int], float]:
    """Tells of the words of a stretch, as bits, what share they are of the question's."""
    weights = list(rarity.values())
    total = sum(weights) or 1.0

    known: dict[int, float] = {}

    def share(words: int) -> float:
        if words not in known:
            known[words] = sum(weight for at, weight in enumerate(weights) if words >> at & 1) / total
        return known[words]

    return share


def _best_stretch(
    sentences: Sequence[_Sentence], limit: int, share: Callable[[int], float]
) -> tuple[float, int, int]:
    """Worth, first and last sentence of the best stretch that is neither too long nor, if that can be, too short.

    Of equal ones the first, then the longest. All stretches are gone through, each made from the one before it.
    """
    found, highest, at, to = False, float("-inf"), 0, 0
    for first, begin in enumerate(sentences):
        start, nearest, near, characters, words, gives = begin.start, float("-inf"), 0.0, 0, 0, 0
        for last in range(first, len(sentences)):
            each = sentences[last]
            length = each.end - start
            if last > first and length > limit:
                break
            nearest = max(nearest, each.cosine)
            near += each.cosine * (each.end - each.start)
            characters += each.end - each.start
            words |= each.words
            gives |= each.gives
            long_enough = length >= _SHORTEST
            if not long_enough and found:
                continue
            worth = _worth(nearest + near / max(1, characters), share(words), gives, length)
            if long_enough > found or worth > highest or (worth == highest and first == at):
                found, highest, at, to = long_enough, worth, first, last
    return highest, at, to


def _worth_alone(each: _Sentence, share: Callable[[int], float]) -> float:
    length = each.end - each.start
    return _worth(each.cosine + each.cosine * length / max(1, length), share(each.words), each.gives, length)


def _worth(meaning: float, words: float, gives: int, length: int) -> float:
    return meaning + _WORDS * words + _ATTRIBUTE * gives.bit_count() + _ROOM * min(length, MAX_CHARACTERS)


def _bounded(text: str, entry: Span, span: Span) -> Span:
    """The beginning of one endless sentence, cut at a blank where there is one."""
    begin = span.start - entry.start
    blank = text.rfind(" ", begin + 1, begin + _LONGEST)
    return Span(span.start, entry.start + (blank if blank > begin else begin + _LONGEST))
