"""Titles: of papers, articles and figures, whole, in part or misspelt, and the short names of papers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.shortnames import ShortNames
from corpus.gazetteer.vocabulary import Vocabulary, stem, words
from corpus.gazetteer.wordlists import STOP
from corpus.model import Kind
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.gazetteer.vocabulary import Asked, Ordinary
    from corpus.store import StoredEntry

_GAP = 3
"""Words of a question that may stand between two of a title."""
_WHOLE = 0.78
"""The share of a title's weight that makes it a title with slips, not a part of one."""
_PART = 0.45
_RARE = 2
"""Entries that say a word, up to which it is rare enough for two words to tell a title."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title: as shown, the stems of its telling words by its parts (whole, before and after a colon)."""

    name: str
    parts: tuple[tuple[str, ...], ...]
    entries: frozenset[int]
    of_paper: bool


class Titles:
    """The titles of the corpus."""

    def __init__(self, entries: Iterable[StoredEntry], texts: Mapping[int, str], ordinary: Ordinary) -> None:
        stored = list(entries)
        self._titles = _titles(stored)
        self._having: dict[str, set[int]] = defaultdict(set)
        vocabulary: dict[str, str] = {}
        for number, title in enumerate(self._titles):
            for each in title.parts[0]:
                self._having[each].add(number)
            vocabulary.update((word, stem(word)) for word in words(title.name) if word not in STOP)
        vocabulary |= {each: each for each in self._having if len(each) > 4}
        self._stem_of = vocabulary
        self._vocabulary = Vocabulary(vocabulary)
        self._said = self._spread(stored, texts)
        self._short = ShortNames([t for t in self._titles if t.of_paper], stored, texts, ordinary)

    def read(self, asked: Asked) -> list[Mention]:
        """The titles that a question names."""
        places: list[list[tuple[str, float]]] = [self._stems(asked, word) for word in asked.folded]
        rare = max(50, len(self._titles) // 50)
        hits: Counter[int] = Counter()
        for known in {known for options in places for known, _ in options}:
            if len(self._having[known]) <= rare:
                hits.update(self._having[known])
        found = [m for number in hits for m in self._mentions(asked, self._titles[number], places)]
        return longest([*found, *self._short.read(asked)])

    def _stems(self, asked: Asked, word: str) -> list[tuple[str, float]]:
        known = stem(word)
        if word in STOP:
            return []
        if known in self._having:
            return [(known, 1.0)]
        if word in asked.ordinary or len(known) < 4:
            return []
        return [(self._stem_of[hit], exactness) for hit, exactness in self._vocabulary.near(word)]

    def _mentions(
        self, asked: Asked, title: Title, places: Sequence[Sequence[tuple[str, float]]]
    ) -> Iterator[Mention]:
        wanted = set(title.parts[0])
        matched = [
            (at, *max(own, key=lambda option: option[1]))
            for at, options in enumerate(places)
            if (own := [option for option in options if option[0] in wanted])
        ]
        for run in _runs(matched):
            if exactness := max(self._exactness(run, part, title) for part in title.parts):
                span = asked.span(run[0][0], run[-1][0] + 1)
                yield Mention(What.TITLE, title.name, span, title.entries, round(exactness, 3))

    def _exactness(self, run: Sequence[tuple[int, str, float]], part: Sequence[str], title: Title) -> float:
        """How exactly a run of a question's words is a part of a title; 0 where it is too little of it."""
        said: dict[str, float] = {}
        for _, known, exactness in run:
            if known in part:
                said[known] = max(exactness, said.get(known, 0))
        if len(said) < 2:
            return 0
        letters = sum(said.values()) / len(said)
        total = sum(map(self._weight, set(part)))
        share = sum(map(self._weight, said)) / total
        length = run[-1][0] - run[0][0] + 1
        dense = len(said) / length if length > 2 * len(said) else 1.0
        whole = len(said) == len(set(part))
        if whole and (len(said) > 2 or part is title.parts[0] or self._only(said)):
            return letters * dense
        if not title.of_paper:
            return 0
        if share >= _WHOLE and len(said) >= 3:
            return share * letters * dense
        return self._of_part(said, part, share) * letters * dense

    def _of_part(self, said: Mapping[str, float], part: Sequence[str], share: float) -> float:
        """How surely some words mean the one title that has them all; 0 where they may mean something else."""
        if not self._only(said):
            return 0
        if len(said) >= 3 and (share >= _PART or len(said) >= 5):
            return 0.4 + 0.5 * share
        neighbours = any({one, other} <= set(said) for one, other in pairwise(part))
        rare = any(len(self._said.get(known, ())) <= _RARE for known in said)
        begins = 0.15 if set(part[:2]) <= set(said) else 0.0
        return 0.35 + begins + 0.4 * share if neighbours and rare and share >= 0.25 else 0

    def _only(self, said: Iterable[str]) -> bool:
        """Whether but one title has all these words."""
        return len(set.intersection(*(self._having[known] for known in said))) == 1

    def _weight(self, known: str) -> float:
        return math.log(1 + len(self._titles) / max(1, len(self._having.get(known, ()))))

    def _spread(self, stored: Iterable[StoredEntry], texts: Mapping[int, str]) -> dict[str, set[str]]:
        """By stem the titles of the entries whose text has it, job posts aside."""
        said: dict[str, set[str]] = defaultdict(set)
        for each in stored:
            if each.entry.kind is not Kind.JOB:
                for word in set(words(texts[each.id])):
                    if (known := stem(word)) in self._having:
                        said[known].add(each.entry.title)
        return said


def _runs(matched: Sequence[tuple[int, str, float]]) -> Iterator[list[tuple[int, str, float]]]:
    """Matched words in runs without too long a gap."""
    run: list[tuple[int, str, float]] = []
    for match in matched:
        if run and match[0] - run[-1][0] > _GAP:
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _titles(entries: Sequence[StoredEntry]) -> list[Title]:
    """The titles that name something: not a heading, not a document's own, not what a job post is called."""
    headings = {folded(heading) for stored in entries for heading in stored.entry.headings}
    not_titles = headings | {folded(stored.digest) for stored in entries}
    same: dict[str, list[StoredEntry]] = defaultdict(list)
    keys: dict[str, list[StoredEntry]] = defaultdict(list)
    for stored in entries:
        if stored.entry.kind is not Kind.JOB:
            same[folded(stored.entry.title)].append(stored)
            keys[stored.key].append(stored)
    found = []
    for name, carried in same.items():
        of_paper = any(stored.entry.kind is Kind.PAPER for stored in carried)
        named = of_paper or any(stored.entry.kind is Kind.FIGURE for stored in carried)
        parts = _parts(carried[0].entry.title)
        if named and parts and (of_paper or name not in not_titles):
            ids = frozenset(other.id for stored in carried for other in keys[stored.key])
            ids |= frozenset(stored.id for stored in carried)
            found.append(Title(carried[0].entry.title, parts, ids, of_paper))
    return found


def _parts(title: str) -> tuple[tuple[str, ...], ...]:
    """The stems of a title's telling words: of all, and of the parts around a colon that are long enough."""
    before, _, after = title.partition(":")
    whole, *rest = (
        tuple(stem(word) for word in words(part) if word not in STOP) for part in (title, before, after)
    )
    if not whole:
        return ()
    return (whole, *(part for part in rest if len(part) > 1 and part != whole))
