"""Citing: hits into citations with verbatim excerpts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.answer import Citation, Occurrence, Surroundings
from bot.answering.deep_links import link_to
from bot.facts import open_state, pay_shown, places_of
from corpus.errors import NotFoundError
from corpus.model import Span
from corpus.passages import sentence_spans
from corpus.store import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Set
    from datetime import date

    from bot.query.attributes import Attribute
    from corpus.gazetteer import Gazetteer
    from corpus.store import Store, StoredEntry
    from embeddings.ranking import Hit


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


_FIRST = 3
"""Citations that may be long: those behind them only show that there is more."""

_LONG, _AROUND = 20_000, 3_000
"""Characters beyond which an entry is not looked at as a whole, and what is then looked at around its passage."""


def entry_seen(store: Store, entry_id: int, scope: int | None, *, gone: bool = False) -> StoredEntry:
    """An entry that was cited before, as it stands now.

    Args:
        store: to be read within a snapshot.
        entry_id: of the citation.
        scope: the server that asks.
        gone: whether its document may be one that its source no longer has.

    Raises:
        NotFoundError: it is no longer there, or is another server's.
    """
    entry = next(iter(store.entries(Filter(scope, gone=gone, entries=frozenset({entry_id})))), None)
    if entry is None:
        raise NotFoundError("That page has been read anew or taken out since. Please ask again.")
    return entry


def stretch_of(store: Store, hit: Hit, found: StoredEntry) -> tuple[Span, str]:
    """What is looked at of an entry, with its text: all of it, or of a long one what is around the hit."""
    span = found.entry.span
    if span.end - span.start > _LONG:
        near = hit.passage.span
        span = Span(max(span.start, near.start - _AROUND), min(span.end, near.end + _AROUND))
    return span, store.text(found.document, span.start, span.end)


def citation_of(
    rank: int,
    hit: Hit,
    found: StoredEntry,
    twins: Iterable[StoredEntry],
    read: tuple[Span, str],
    wanted: Wanted,
    store: Store,
    today: date,
) -> Citation:
    """Cite an entry.

    Args:
        rank: from 1.
        hit: how the entry was found.
        found: the entry.
        twins: the entries of the same key, itself among them.
        read: what of the entry is looked at, with its text, see ``stretch_of``.
        wanted: what to choose the excerpt by.
        store: to be read within the snapshot that the entry was read in.
        today: the day on which it is cited.
    """
    entry = found.entry
    stretch, text = read
    excerpt = excerpt_of(text, stretch, wanted, MAX_CHARACTERS if rank <= _FIRST else LATER_CHARACTERS)
    begin = stretch.start
    quoted = text[excerpt.span.start - begin : excerpt.span.end - begin]
    return Citation(
        rank=rank,
        kind=entry.kind,
        title=entry.title,
        authors=entry.authors,
        section=entry.section,
        location=entry.place.text if entry.place else None,
        team=entry.team,
        document=found.document,
        digest=found.digest,
        venue=found.venue,
        year=found.year,
        url=found.url,
        excerpt=quoted,
        start=excerpt.span.start,
        end=excerpt.span.end,
        best=Span(excerpt.best.start - excerpt.span.start, excerpt.best.end - excerpt.span.start),
        entry_id=found.id,
        entry_start=entry.span.start,
        entry_end=entry.span.end,
        also_in=tuple(_occurrence(twin) for twin in twins if twin.id != found.id),
        score=hit.score,
        page=store.page_at(found.document, excerpt.span.start),
        published=found.published,
        first_seen=found.first_seen.date(),
        posted=entry.posted,
        closes=entry.closes,
        closed=open_state(found, today) is False,
        locations=tuple(place.text for place in places) if len(places := places_of(found)) > 1 else (),
        company=job.company if (job := entry.job) else None,
        remote=str(job.workplace) if job and job.workplace else None,
        pay=pay_shown(job.pay) if job and job.pay else None,
        gone=found.gone.date() if found.gone else None,
        link=link_to(found.page, store.text(found.document, 0, excerpt.span.start), quoted)
        if found.page
        else None,
    )


def completed(citation: Citation, found: StoredEntry, names: Gazetteer, store: Store) -> Citation:
    """A citation with the day it was last seen, and the places of the entries that say the same.

    Args:
        citation: of the entry.
        found: the entry.
        names: of the corpus, as the asker sees it.
        store: to be read within the snapshot that the entry was read in.
    """
    others = sorted(store.entries_by_id(names.kin(found.id)).values(), key=lambda each: each.id)
    last_seen = names.versions.last_seen.get(found.id)
    if not others and last_seen is None:
        return citation
    places = [place.text for each in others for place in places_of(each)]
    return replace(
        citation,
        last_seen=last_seen,
        locations=tuple(dict.fromkeys([*(citation.locations or [citation.location]), *places]))
        if citation.location and places
        else citation.locations,
        also_in=(*citation.also_in, *(_occurrence(each) for each in others)),
    )


def _occurrence(stored: StoredEntry) -> Occurrence:
    return Occurrence(stored.document, stored.entry.span.start, stored.entry.span.end)


_SURROUNDINGS_AROUND = 700
"""Characters before and after a quote that are shown, whole sentences of them."""


def surroundings(store: Store, entry_id: int, start: int, end: int, scope: int | None) -> Surroundings:
    """See ``Assistant.surroundings``."""
    with store.snapshot():
        entry = entry_seen(store, entry_id, scope, gone=True)
        inside = entry.entry.span
        if not inside.start <= start < end <= inside.end:
            raise NotFoundError("That passage is no longer where it was. Please ask again.")
        begin = max(0, start - _SURROUNDINGS_AROUND)
        text = store.text(entry.document, begin, end + _SURROUNDINGS_AROUND)
    sentences = sentence_spans(text)
    first = next((s.start for s in sentences if s.start > 0 or begin == 0), start - begin)
    first = min(first, start - begin)
    whole = len(text) < end + _SURROUNDINGS_AROUND - begin
    stops = [s.end for s in sentences if s.end >= end - begin and (whole or s.end < len(text))]
    last = max(stops, default=end - begin)
    quoted = Span(start - begin - first, end - begin - first)
    return Surroundings(entry.entry.title, entry.digest, text[first:last], quoted)
