"""Citations: hits quoted verbatim, each with the stretches of its entry that answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.answer import Citation, Occurrence, Surroundings
from bot.answering.deep_links import link_to
from bot.facts import open_state, pay_shown, places_of
from corpus.english import NUMBERS
from corpus.errors import NotFoundError
from corpus.model import Span
from corpus.passages import sentence_spans
from corpus.places import full_name
from corpus.store import Filter
from corpus.text import folded
from embeddings.fulltext import stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bot.query.attributes import Attribute
    from corpus.gazetteer import Gazetteer
    from corpus.store import Store, StoredEntry
    from embeddings.ranking import Hit


MAX_CHARACTERS = 450
"""An excerpt's length, both stretches together."""

PARTED = " … "
"""What stands between two stretches."""

_FIRST_STRETCH = 0.62
"""The share of an excerpt that its first stretch may fill where there is another one."""

_APART = 2_000
"""Characters between two stretches of one excerpt at most: they are also shown with what stands between them."""

_LONGEST_UNIT, _SHORTEST_UNIT = 300, 60
"""Characters beyond which a sentence is cut, such as a list in one line, and those a piece has at least."""

_WORDS, _ATTRIBUTE, _SHAPE = 0.5, 0.5, 0.3
"""What the question's words, an attribute and the shape of its answer count beside a sentence's cosine."""

_IN_HEADING = 0.3
"""What a word counts that the heading above the quote shows."""

_NEIGHBOUR = 0.5
"""What the cosine of a sentence counts that is shown around another one, or beside it."""

_JOINED = 0.02
"""What a sentence is worth more that stands right beside the first one: both are read as one stretch."""

_REMEMBERED = 512
"""Texts whose units and stems are remembered: the same entries are quoted again and again."""

_LONG, _AROUND = 20_000, 3_000
"""Characters beyond which an entry is not looked at as a whole, and what is then looked at around its passage."""

_I = re.IGNORECASE
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]{0,6}"
_SHAPES = tuple(
    (re.compile(asked, _I), re.compile(given))
    for asked, given in (
        (r"\bhow [a-z]+|\bpercent|\bnumber\b", rf"\d+|\b(?:{'|'.join(NUMBERS)}|half|twice)\b"),
        (r"\bwhen\b|\buntil\b|\bdates?\b|\bdeadline", rf"(?i:\b{_MONTH}\.? \d)|\b[12]\d{{3}}\b|\d(?:st|nd|th)\b"),
        (r"\bwho(?:se|m|s|'\w+)?\b|\bnames?\b", r"(?<=[a-z,(] )[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]|@\w"),
        (r"\bwhere\b|\bcity\b|\bcountry\b", r"\b(?:in|at|from|near) (?:the )?[A-Z]|, [A-Z]"),
        (r"\bwhy\b|\breasons?\b", r"(?i:\b(?:because|since|due to|so that|reason|therefore|thus|in order to)\b)"),
    )
)  # fmt: skip
"""How a question asks for a number, a day, a person, a place or a reason, and what gives one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an excerpt is chosen by: the question, its stems by how rare each is, the attributes it asks for."""

    question: str = ""
    rarity: Mapping[str, float] = field(default_factory=dict)
    attributes: Sequence[Attribute] = ()

    @property
    def shapes(self) -> list[re.Pattern[str]]:
        """What a sentence has that can give the answer."""
        return [given for asked, given in _SHAPES if asked.search(self.question)]

    def has_new(self, shape: re.Pattern[str], said: str) -> bool:
        """Whether a sentence gives something of a shape that the question does not say itself."""
        asked = self.question.casefold()
        return any(found[0].casefold() not in asked for found in shape.finditer(said))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is quoted, by offsets into the document: one or two stretches, and the sentence that says most."""

    spans: tuple[Span, ...]
    best: Span
    worth: float


class _Unit(NamedTuple):
    """A sentence, or a piece of a long one, by its offsets in the text, with what it has of the question."""

    start: int
    end: int
    cosine: float
    words: frozenset[str]
    gives: frozenset[int]


def heading_of(found: StoredEntry) -> str:
    """All that is shown of an entry above its quote, and that its page says of it beside its text."""
    inside = found.entry
    parts = (
        inside.title, *inside.authors, inside.section, *inside.headings, found.digest, found.venue,
        str(found.year or ""), full_name(inside.place) if inside.place else None, inside.role, inside.team,
    )  # fmt: skip
    return "\n".join(part for part in parts if part)


def excerpt_of(
    text: str,
    entry: Span,
    wanted: Wanted,
    cosines: Mapping[Span, float],
    heading: str = "",
    authors: Sequence[str] = (),
) -> Excerpt:
    """Choose what to quote of an entry: around the sentence that says most, and around one that adds to it.

    Args:
        text: the entry's text.
        entry: where it stands in the document.
        wanted: what to choose by.
        cosines: those of its sentences to the question, by their offsets in the document.
        heading: what is shown above the quote; its words need not be said again.
        authors: the entry's; where their line follows its title the two are not parted.
    """
    said = stems(heading)
    weights = {stem: rare * (_IN_HEADING if stem in said else 1.0) for stem, rare in wanted.rarity.items()}
    units = _units_of(text, entry.start, wanted, weights, cosines, authors)
    if not units:
        return Excerpt((entry,), entry, 0.0)
    worth = _Worth(units, weights)
    core = max(range(len(units)), key=lambda at: (worth.alone(at), -at))
    best = Span(entry.start + units[core].start, entry.start + units[core].end)
    if len(text) <= MAX_CHARACTERS:
        return Excerpt((entry,), best, worth.alone(core))
    ranges = _ranges(units, core, worth)
    spans = tuple(Span(entry.start + units[a].start, entry.start + units[b].end) for a, b in ranges)
    return Excerpt(spans, best, worth.of(at for a, b in ranges for at in range(a, b + 1)))


class _Worth:
    """How much sentences say: the nearest one's cosine, the share of the question's words, and what they give."""

    def __init__(self, units: Sequence[_Unit], weights: Mapping[str, float]) -> None:
        self._units, self._weights = units, weights
        self._total = sum(weights.values()) or 1.0

    def alone(self, at: int, beside: int | None = None) -> float:
        """What a sentence says, or adds to another one."""
        unit = self._units[at]
        words, gives = unit.words, unit.gives
        if beside is not None:
            words, gives = words - self._units[beside].words, gives - self._units[beside].gives
        return unit.cosine + self._of(words, gives)

    def of(self, chosen: Iterable[int]) -> float:
        """What sentences say together."""
        units = [self._units[at] for at in chosen]
        words = frozenset[str]().union(*(unit.words for unit in units))
        gives = frozenset[int]().union(*(unit.gives for unit in units))
        return max(unit.cosine for unit in units) + self._of(words, gives)

    def _of(self, words: frozenset[str], gives: frozenset[int]) -> float:
        share = sum(self._weights[word] for word in words) / self._total
        return _WORDS * share + sum(_SHAPE if given < 0 else _ATTRIBUTE for given in gives)


def _ranges(units: Sequence[_Unit], core: int, worth: _Worth) -> list[tuple[int, int]]:
    """The first and last sentences of each stretch, in the text's order."""

    def length(first: int, last: int) -> int:
        return units[last].end - units[first].start

    def grown(first: int, last: int, limit: int, taken: range) -> tuple[int, int]:
        while True:
            sides = [(first - 1, last, first - 1), (first, last + 1, last + 1)]
            fitting = [
                (worth.of(range(a, b + 1)) + _NEIGHBOUR * units[new].cosine, b, a)
                for a, b, new in sides
                if a >= 0 and b < len(units) and new not in taken and length(a, b) <= limit
            ]
            if not fitting:
                return first, last
            _, last, first = max(fitting)

    others = [
        at
        for at in range(len(units))
        if at != core
        and length(core, core) + length(at, at) <= MAX_CHARACTERS
        and length(min(at, core), max(at, core)) <= _APART
    ]

    def gain(at: int) -> float:
        joined = _JOINED if abs(at - core) == 1 else 0.0
        return worth.alone(at, core) - (1 - _NEIGHBOUR) * units[at].cosine + joined

    other = max(others, key=lambda at: (gain(at), -abs(at - core)), default=None)
    first, last = (core, core) if other is None else (min(core, other), max(core, other))
    if other is None or length(first, last) <= MAX_CHARACTERS:
        return [grown(first, last, MAX_CHARACTERS, range(0))]
    room = MAX_CHARACTERS - len(PARTED)
    limit = max(length(core, core), min(room - length(other, other), int(_FIRST_STRETCH * MAX_CHARACTERS)))
    one = grown(core, core, limit, range(other, other + 1))
    two = grown(other, other, room - length(*one), range(one[0], one[1] + 1))
    (a, b), (c, d) = sorted((one, two))
    return [(a, d)] if c == b + 1 else [(a, b), (c, d)]


def _units_of(
    text: str,
    begin: int,
    wanted: Wanted,
    weights: Mapping[str, float],
    cosines: Mapping[Span, float],
    authors: Sequence[str],
) -> list[_Unit]:
    near = {(span.start - begin, span.end - begin): cosine for span, cosine in cosines.items()}
    shapes = wanted.shapes
    units: list[_Unit] = []
    for (start, end, whole), held in zip(
        _pieces_of(text, tuple(authors)), _stems_of(text, tuple(authors)), strict=True
    ):
        said = text[start:end]
        gives = {at for at, attribute in enumerate(wanted.attributes) if attribute.given.search(said)}
        if any(wanted.has_new(shape, said) for shape in shapes):
            gives.add(-1)
        words = frozenset(stem for stem in weights if stem in held)
        units.append(_Unit(start, end, near.get(whole, 0.0), words, frozenset(gives)))
    return units


@lru_cache(_REMEMBERED)
def _pieces_of(text: str, authors: tuple[str, ...]) -> tuple[tuple[int, int, tuple[int, int]], ...]:
    """Sentences as start, end and the sentence that they are of: long ones cut, a title joined to its authors."""
    sentences = [(span.start, span.end) for span in sentence_spans(text)]
    names = [folded(author) for author in authors]
    named = [bool(names) and any(name in folded(text[a:b]) for name in names) for a, b in sentences[:3]]
    joined = next((at for at, has in enumerate(named) if has), 0)
    pieces: list[tuple[int, int, tuple[int, int]]] = []
    if joined and sentences[joined][1] - sentences[0][0] <= MAX_CHARACTERS:
        pieces.append((sentences[0][0], sentences[joined][1], sentences[0]))
        sentences = sentences[joined + 1 :]
    for begin, end in sentences:
        start = begin
        while end - start > _LONGEST_UNIT:
            cut = _cut_of(text, start)
            pieces.append((start, cut, (begin, end)))
            start = cut + (text[cut] == " ")
        if text[start:end].strip():
            pieces.append((start, end, (begin, end)))
    return tuple(pieces)


def _cut_of(text: str, start: int) -> int:
    """Where a long sentence is cut: behind a stop or semicolon if there is one, else at a blank, else anywhere."""
    limit = start + _LONGEST_UNIT
    stop = max(text.rfind(mark, start + _SHORTEST_UNIT, limit) for mark in (". ", "; ", "? ", "! "))
    blank = text.rfind(" ", start + 1, limit)
    return stop + 1 if stop > 0 else blank if blank > start else limit


@lru_cache(_REMEMBERED)
def _stems_of(text: str, authors: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(stems(text[start:end]) for start, end, _ in _pieces_of(text, authors))


class Citer:
    """Cites entries for one question, and reads each of them once.

    Args:
        store: to be read within the snapshot that the entries were read in.
        names: of the corpus, as the asker sees it; without them nothing is told of an entry's kin.
        today: the day on which they are cited.
    """

    def __init__(self, store: Store, names: Gazetteer | None, today: date) -> None:
        self._store = store
        self._names = names
        self._today = today
        self._texts: dict[int, tuple[Span, str]] = {}
        self._excerpts: dict[int, Excerpt] = {}

    def read(self, hit: Hit, found: StoredEntry) -> tuple[Span, str]:
        """What is looked at of an entry, with its text: all of it, or of a long one what is around the hit."""
        if hit.passage.id not in self._texts:
            span = found.entry.span
            if span.end - span.start > _LONG:
                near = hit.passage.span
                span = Span(max(span.start, near.start - _AROUND), min(span.end, near.end + _AROUND))
            self._texts[hit.passage.id] = span, self._store.text(found.document, span.start, span.end)
        return self._texts[hit.passage.id]

    def excerpt(self, hit: Hit, found: StoredEntry, wanted: Wanted) -> Excerpt:
        """What is quoted of an entry; chosen once."""
        if hit.passage.id not in self._excerpts:
            span, text = self.read(hit, found)
            cosines = {span: cosine for span, cosine in hit.sentences if span is not None}
            chosen = excerpt_of(text, span, wanted, cosines, heading_of(found), found.entry.authors)
            self._excerpts[hit.passage.id] = chosen
        return self._excerpts[hit.passage.id]

    def quoted(self, hit: Hit, found: StoredEntry, wanted: Wanted) -> str:
        """The text that is quoted of an entry."""
        stretch, text = self.read(hit, found)
        spans = self.excerpt(hit, found, wanted).spans
        return PARTED.join(text[span.start - stretch.start : span.end - stretch.start] for span in spans)

    def cite(
        self, rank: int, hit: Hit, found: StoredEntry, twins: Iterable[StoredEntry], wanted: Wanted
    ) -> Citation:
        """Cite an entry.

        Args:
            rank: from 1.
            hit: how the entry was found.
            found: the entry.
            twins: the entries of the same key, itself among them.
            wanted: what to choose the excerpt by.
        """
        entry, excerpt = found.entry, self.excerpt(hit, found, wanted)
        quoted = self.quoted(hit, found, wanted)
        first, last = excerpt.spans[0], excerpt.spans[-1]
        shown = last if last is not first and excerpt.best.start >= last.start else first
        before = first.end - first.start + len(PARTED) if shown is not first else 0
        best = Span(excerpt.best.start - shown.start + before, excerpt.best.end - shown.start + before)
        kin, last_seen = self._kin_of(found)
        job, own = entry.job, [place.text for place in places_of(found)]
        places = [*own, *(place.text for each in kin for place in places_of(each))]
        location = entry.place.text if entry.place else None
        others = [*(twin for twin in twins if twin.id != found.id), *kin]
        return Citation(
            rank=rank,
            kind=entry.kind,
            title=entry.title,
            authors=entry.authors,
            section=entry.section,
            location=location,
            team=entry.team,
            document=found.document,
            digest=found.digest,
            venue=found.venue,
            year=found.year,
            url=found.url,
            excerpt=quoted,
            start=first.start,
            end=last.end,
            best=best,
            spans=excerpt.spans if len(excerpt.spans) > 1 else (),
            entry_id=found.id,
            entry_start=entry.span.start,
            entry_end=entry.span.end,
            also_in=tuple(
                Occurrence(each.document, each.entry.span.start, each.entry.span.end) for each in others
            ),
            score=hit.score,
            page=self._store.page_at(found.document, first.start),
            published=found.published,
            first_seen=found.first_seen.date(),
            posted=entry.posted,
            closes=entry.closes,
            closed=open_state(found, self._today) is False,
            gone=found.gone.date() if found.gone else None,
            last_seen=last_seen,
            locations=tuple(dict.fromkeys(places)) if len(own) > 1 or len(places) > len(own) else (),
            company=job.company if job else None,
            remote=str(job.workplace) if job and job.workplace else None,
            pay=pay_shown(job.pay) if job and job.pay else None,
            link=self._link(found, shown, quoted[before : before + shown.end - shown.start]),
        )

    def _link(self, found: StoredEntry, shown: Span, quoted: str) -> str | None:
        return (
            link_to(found.page, self._store.text(found.document, 0, shown.start), quoted) if found.page else None
        )

    def _kin_of(self, found: StoredEntry) -> tuple[list[StoredEntry], date | None]:
        """The entries that say the same under another key, and the day of the last version that has the entry."""
        if self._names is None:
            return [], None
        kin = self._store.entries_by_id(self._names.kin(found.id)).values()
        return sorted(kin, key=lambda each: each.id), self._names.versions.last_seen.get(found.id)


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
        raise NotFoundError("That page has since been updated or removed. Please ask again.")
    return entry


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
