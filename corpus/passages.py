"""Passages: the stretches of entries that are embedded, by character offsets, each within the model's window."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.model import Entry, JobFacts, Kind, Span
from corpus.places import full_name

_BREAK = re.compile(r"\n+| (?=[•▪◦] )| (?=[-*–] (?=[A-Z]))")
"""Lines, and bullets that run in a line, end a sentence even without a full stop."""

_BLANKS = {code: " " for code in range(0x80, 0x3001) if chr(code).isspace()}
"""Blanks beyond ASCII: behind an initial they make the splitter fail."""

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
    for begin, stop in _boundaries(text, language):
        cuts = [m.start() for m in _BREAK.finditer(text, begin, stop)]
        for left, right in zip([begin, *cuts], [*cuts, stop], strict=True):
            found.extend(_stripped(text, left, right))
    return tuple(found)


def _boundaries(text: str, language: str) -> list[tuple[int, int]]:
    """Where sentences begin and end; a text that the splitter fails on is one sentence, which lines part."""
    try:
        found = get_sentence_boundaries(language, text.translate(_BLANKS))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # its class cannot be imported, and is no Exception
            raise
        return [(0, len(text))]
    return [(each["start_index"], each["end_index"]) for each in found]


def _stripped(text: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return []
    begin = start + len(piece) - len(piece.lstrip())
    return [(begin, begin + len(bare))]


PieceCounter = Callable[[Sequence[str]], list[int]]
"""Counts the word pieces of each text as the embedding model sees it, special ones included."""

MAX_CHARACTERS = 2_000
"""A passage's length where word pieces do not bound it (one endless "word" is a single unknown piece)."""

MAX_SENTENCES = 400
"""Sentences of an entry that are embedded."""

_SHORTEST_SENTENCE = 15
"""Characters from which a sentence says something by itself."""

_OVERLAP = 0.2
"""The share of the window that a passage may repeat of the one before, in whole sentences."""

_SPECIAL = 2
"""Word pieces that the model adds around every text."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one entry. ``context`` (the headings above it) is embedded before the text, never quoted."""

    span: Span
    context: str

    def embedded_text(self, text: str) -> str:
        """What the model is given for this passage of the document's ``text``."""
        body = text[self.span.start : self.span.end]
        return f"{self.context}\n{body}" if self.context else body


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an entry, embedded as it stands, or with no span the entry's title."""

    span: Span | None
    embedded: str


def passage_hash(embedded_text: str) -> str:
    """Name of an embedded text: equal texts share one vector, in whatever document they stand."""
    return hashlib.sha256(embedded_text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


_PLACES_TOLD = 6
"""Places of a post that are told: one with more is anywhere."""


def _told_of_post(entry: Entry) -> list[str | None]:
    job = entry.job or JobFacts()
    places = job.places[:_PLACES_TOLD] or ((entry.place,) if entry.place else ())
    workplace = str(job.workplace) if job.workplace else None
    return [entry.role or "Job opening", job.company, entry.team, *map(full_name, places), workplace]


def context_of(entry: Entry, page_title: str) -> str:
    """The headings that tell what an entry's text is about, as one line.

    A job post's role, company, team, places and workplace; else the page's title and the headings above the entry.
    """
    if entry.kind is Kind.JOB:
        parts = _told_of_post(entry)
    else:
        parts = [page_title, *entry.headings]
        if entry.kind is not Kind.PAPER:
            parts.append(entry.title)
    kept: list[str] = []
    for part in parts:
        if part and part not in kept:
            kept.append(part)
    return " · ".join(kept)


def sentences_of(text: str, entry: Entry) -> list[Sentence]:
    """An entry's title and sentences, each of which has a vector of its own to choose and rank by.

    Very short ones ("Apply now.") are left out, and what lies beyond the first ``MAX_SENTENCES``: an entry as long
    as that is a book, which its passages find just as well.
    """
    called = (entry.role, entry.team) if entry.kind is Kind.JOB else (entry.title,)
    title = ", ".join(part for part in called if part and part.strip())
    said = [
        Sentence(span, text[span.start : min(span.end, span.start + MAX_CHARACTERS)])
        for span in sentence_spans(text, entry.span.start, entry.span.end)
        if span.end - span.start >= _SHORTEST_SENTENCE
    ]
    return ([Sentence(None, title)] if title else []) + said[:MAX_SENTENCES]


def split(
    text: str, entries: Sequence[Entry], page_title: str, *, window: int, count: PieceCounter
) -> list[list[Passage]]:
    """Cut each entry into passages.

    An entry stays whole where it fits the window together with its context; else it is cut at sentence ends,
    each passage repeating the last sentences of the one before, up to a fifth of the window.

    Args:
        text: the document's stored text.
        entries: the document's entries.
        page_title: the document's title, the outermost heading.
        window: word pieces that the model reads, special ones included.
        count: the model's own count of word pieces.

    Returns:
        For each entry its passages, in order; together they cover all of its sentences.
    """
    contexts = [context_of(entry, page_title) for entry in entries]
    whole = [Passage(entry.span, context) for entry, context in zip(entries, contexts, strict=True)]
    sizes = count([passage.embedded_text(text)[: window * 40] for passage in whole])
    cut: list[list[Passage]] = []
    for entry, passage, size in zip(entries, whole, sizes, strict=True):
        if size <= window and entry.span.end - entry.span.start <= MAX_CHARACTERS:
            cut.append([passage])
        else:
            cut.append(_cut(text, entry, passage.context, window, count))
    return cut


def _cut(text: str, entry: Entry, context: str, window: int, count: PieceCounter) -> list[Passage]:
    context = context[:MAX_CHARACTERS]
    budget = window - _SPECIAL - (count([context])[0] - _SPECIAL if context else 0)
    if budget < window // 2:  # a heading as long as a passage would leave no room for the text
        context, budget = "", window - _SPECIAL
    units = _units(text, entry.span, budget, count)
    passages: list[Passage] = []
    first = 0
    while first < len(units):
        last, used = first, units[first][1]
        while last + 1 < len(units) and _fits(units, first, last + 1, used, budget):
            last += 1
            used += units[last][1]
        passages.append(Passage(Span(units[first][0].start, units[last][0].end), context))
        if last + 1 == len(units):
            break
        following, repeated = last + 1, 0
        while following - 1 > first and repeated + units[following - 1][1] <= budget * _OVERLAP:
            following -= 1
            repeated += units[following][1]
        if not _fits(units, following, last + 1, repeated, budget):
            following = last + 1
        first = following
    return passages


def _fits(units: list[tuple[Span, int]], first: int, new: int, used: int, budget: int) -> bool:
    length = units[new][0].end - units[first][0].start
    return used + units[new][1] <= budget and length <= MAX_CHARACTERS


def _units(text: str, span: Span, budget: int, count: PieceCounter) -> list[tuple[Span, int]]:
    """Sentences with their word pieces; a sentence beyond the budget is cut at words, an endless word anywhere."""
    spans = [
        Span(left, right)
        for sentence in sentence_spans(text, span.start, span.end)
        for left, right in _bounded(text, sentence, MAX_CHARACTERS // 2)
    ]
    units: list[tuple[Span, int]] = []
    for unit, size in zip(spans, _sizes(text, spans, count), strict=True):
        if size <= budget:
            units.append((unit, size))
            continue
        halves = [unit]
        while any(size > budget for size in _sizes(text, halves, count)):
            halves = [
                Span(left, right)
                for half in halves
                for left, right in _bounded(text, half, max(1, (half.end - half.start + 1) // 2))
            ]
        units.extend(zip(halves, _sizes(text, halves, count), strict=True))
    return units


def _sizes(text: str, spans: Sequence[Span], count: PieceCounter) -> list[int]:
    return [size - _SPECIAL for size in count([text[span.start : span.end] for span in spans])]


def _bounded(text: str, span: Span, limit: int) -> list[tuple[int, int]]:
    """Cut a span into stretches of at most ``limit`` characters, at white space where there is any."""
    bounds = [span.start]
    while span.end - bounds[-1] > limit:
        begin = bounds[-1]
        space = text.rfind(" ", begin + 1, begin + limit)
        bounds.append(space + 1 if space > begin else begin + limit)
    bounds.append(span.end)
    pieces: list[tuple[int, int]] = []
    for left, right in pairwise(bounds):
        bare = text[left:right].rstrip()
        if bare:
            pieces.append((left, left + len(bare)))
    return pieces
