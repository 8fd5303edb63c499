"""Titles: of papers, articles and figures, whole, in part or misspelt, and the short names of papers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.gazetteer.mentions import NO_IDS, Ids, Mention, What, longest
from corpus.gazetteer.postings import List
from corpus.gazetteer.tokens import PAPER_CUES, STOP, stem, words
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked
    from corpus.store import StoredEntry


_TITLED_FEW = 50
"""Articles and figures of one title whose twins of other titles are looked for."""


@lru_cache(maxsize=8192)
def parts_of(title: str) -> tuple[tuple[str, ...], ...]:
    """The stems of a title's telling words: of all, and of the parts around a colon that are long enough."""
    before, _, after = title.partition(":")
    whole, *rest = (
        tuple(stem(word) for word in words(part) if word not in STOP) for part in (title, before, after)
    )
    if not whole:
        return ()
    return (whole, *(part for part in rest if len(part) > 1 and part != whole))


def carriers(seen: Seen, name: str) -> Ids:
    """The entries of a folded title, and their twins; those of papers have the same title anyway."""
    same = seen.ids(List.TITLE, name)
    others = same - seen.ids(List.KIND, Kind.PAPER)
    return same | seen.twins(list(others[:_TITLED_FEW])) if others else same


def shown(seen: Seen, name: str) -> str:
    """A folded title as the first of its entries writes it."""
    first = seen.ids(List.TITLE, name).min()
    return seen.titles([first]).get(first, name)


_GAP = 3
"""Words of a question that may stand between two of a title."""
_LONGEST = 12
"""Words of a title that is looked for word by word."""
_WHOLE = 0.78
"""The share of a title's weight that makes it a title with slips, not a part of one."""
_PART = 0.45
_RARE = 2
"""Titles whose entries say a word, up to which it is rare enough for two words to tell a title."""
_FEW = 16
"""Entries whose titles are read to tell whether a word is rare."""
_MOST = 100
"""Entries whose titles are compared with a question at most: those that share the most telling words with it."""
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Title:
    """A title: folded, and the stems of its telling words by its parts (whole, before and after a colon)."""

    name: str
    parts: tuple[tuple[str, ...], ...]


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather what an entry is called.

    The keys are folded titles, the stems of their words for what may be named by a part of its title, and the
    stems of what is said in prose; and, folded, what names no entry: headings and titles of documents.
    """
    entry = stored.entry
    for heading in (*entry.headings, stored.digest):
        into.add(List.HEADING, folded(heading), stored.id)
    if entry.kind is Kind.JOB:
        return
    into.add(List.TITLE, folded(entry.title), stored.id)
    if entry.kind is not Kind.ARTICLE:
        said = {word: stem(word) for word in words(entry.title) if word not in STOP}
        for each in set(said.values()):
            into.add(List.TITLE_STEM, each, stored.id)
        into.spell(List.TITLE_STEM, said)
        into.spell(List.TITLE_STEM, (each for each in said.values() if len(each) > 4))
    if entry.kind is not Kind.PAPER:  # what papers say is gathered with their topics
        for each in set(map(stem, words(text))):
            into.add(List.TITLE_SAID, each, stored.id)


class Titles:
    """The titles of the corpus."""

    def __init__(self, seen: Seen, short: ShortNames) -> None:
        self._seen = seen
        self._short = short
        self._having_all = lru_cache(_REMEMBERED)(self._intersected)
        self._weight = lru_cache(_REMEMBERED)(self._rarity)
        self._is_paper = lru_cache(_REMEMBERED)(self._stands_over_a_paper)

    def read(self, asked: Asked) -> list[Mention]:
        """The titles that a question names."""
        places = [self._stems(asked, word) for word in asked.folded]
        titles = self._likely({known for options in places for known, _ in options})
        found = [mention for title in titles for mention in self._mentions(asked, title, places)]
        return longest([*found, *self._of_common_words(asked), *self._short.read(asked)])

    def _of_common_words(self, asked: Asked) -> Iterator[Mention]:
        """Titles that have hardly a telling word, said word by word: "Attention is all you need"."""
        for start in range(len(asked.tokens)):
            telling = 0
            for stop in range(start + 1, min(len(asked.tokens), start + _LONGEST) + 1):
                telling += asked.folded[stop - 1] not in STOP
                if telling > 1:
                    break
                said = folded(asked.text[asked.tokens[start].start : asked.tokens[stop - 1].end])
                if stop - start >= _GAP and self._is_paper(said):
                    entries = carriers(self._seen, said)
                    yield Mention(What.TITLE, shown(self._seen, said), asked.span(start, stop), entries, 1.0)

    def _having(self, known: str) -> Ids:
        """The papers and figures whose titles have a stem."""
        return self._seen.ids(List.TITLE_STEM, known)

    def _stems(self, asked: Asked, word: str) -> Sequence[tuple[str, float]]:
        known = stem(word)
        if word in STOP:
            return ()
        if self._having(known):
            return [(known, 1.0)]
        if word in asked.ordinary or len(known) < 4:
            return ()
        near = self._seen.near(List.TITLE_STEM, word, self._stem_of)
        return [(self._stem_of(hit), exactness) for hit, exactness in near]

    def _stem_of(self, word: str) -> str:
        """The stem of a known word, which may be a stem itself."""
        return word if len(word) > 4 and self._having(word) else stem(word)

    def _likely(self, stems: Iterable[str]) -> list[Title]:
        """The titles that have two of some stems, one of them not too common."""
        having = sorted((self._having(known) for known in stems), key=len)
        rare = max(50, self._number // 50)
        once = twice = NO_IDS
        for ids in having:
            twice |= once & ids
            if len(ids) <= rare:
                once |= ids
        titles = self._seen.titles(twice.to_array().tolist() if len(twice) <= _MOST else _most(having, twice))
        found = {}
        for entry in sorted(titles):
            name = folded(titles[entry])
            if name not in found:
                found[name] = Title(name, parts_of(titles[entry]))
        return list(found.values())

    def _stands_over_a_paper(self, name: str) -> bool:
        return self._seen.ids(List.TITLE, name).intersect(self._seen.ids(List.KIND, Kind.PAPER))

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
            exactness = max(self._exactness(run, part, title) for part in title.parts)
            if exactness and (self._is_paper(title.name) or not self._seen.ids(List.HEADING, title.name)):
                span = asked.span(run[0][0], run[-1][0] + 1)
                name, entries = shown(self._seen, title.name), carriers(self._seen, title.name)
                yield Mention(What.TITLE, name, span, entries, round(exactness, 3))

    def _exactness(self, run: Sequence[tuple[int, str, float]], part: Sequence[str], title: Title) -> float:
        """How exactly a run of a question's words is a part of a title; 0 where it is too little of it."""
        said: dict[str, float] = {}
        for _, known, exactness in run:
            if known in part:
                said[known] = max(exactness, said.get(known, 0))
        if len(said) < 2:
            return 0
        letters = sum(said.values()) / len(said)
        length = run[-1][0] - run[0][0] + 1
        dense = len(said) / length if length > 2 * len(said) else 1.0
        whole = len(said) == len(set(part))
        if whole and (len(said) > 2 or part is title.parts[0] or self._only(said, title)):
            return letters * dense
        share = sum(map(self._weight, said)) / sum(map(self._weight, set(part)))
        found = share if share >= _WHOLE and len(said) >= 3 else self._of_part(said, part, share, title)
        return found * letters * dense if found and self._is_paper(title.name) else 0

    def _of_part(self, said: Mapping[str, float], part: Sequence[str], share: float, title: Title) -> float:
        """How surely some words mean the one title that has them all; 0 where they may mean something else."""
        if len(said) >= 3 and (share >= _PART or len(said) >= 5):
            return 0.4 + 0.5 * share if self._only(said, title) else 0
        neighbours = any({one, other} <= set(said) for one, other in pairwise(part))
        begins = 0.15 if set(part[:2]) <= set(said) else 0.0
        if neighbours and share >= 0.25 and self._only(said, title) and any(self._rare(s, title) for s in said):
            return 0.35 + begins + 0.4 * share
        return 0

    def _only(self, said: Iterable[str], title: Title) -> bool:
        """Whether no other title has all these words."""
        return self._having_all(frozenset(said)) <= self._seen.ids(List.TITLE, title.name)

    def _intersected(self, said: frozenset[str]) -> Ids:
        first, *others = sorted(map(self._having, said), key=len)
        return first.intersection(*others)

    def _rare(self, known: str, title: Title) -> bool:
        """Whether hardly an entry of another title says a word."""
        said = self._seen.ids(List.TOPIC_SAID, known) | self._seen.ids(List.TITLE_SAID, known)
        own = self._seen.ids(List.TITLE, title.name)
        others = said - own
        if len(others) > _FEW:
            return False
        titles = set(self._seen.titles(list(others)).values())
        return len(titles) + said.intersect(own) <= _RARE

    def _rarity(self, known: str) -> float:
        return math.log(1 + self._number / max(1, len(self._having(known))))

    @cached_property
    def _number(self) -> int:
        """Of papers and figures."""
        return len(self._seen.ids(List.KIND, Kind.PAPER)) + len(self._seen.ids(List.KIND, Kind.FIGURE))


def _most(having: Sequence[Ids], among: Ids) -> list[int]:
    """Of very many entries those that have the most, and the rarest, of some stems."""
    ids = np.asarray(among.to_array())
    weights = np.zeros(len(ids))
    for each in having:
        weights[np.searchsorted(ids, np.asarray((each & among).to_array()))] += 1 / math.log(2 + len(each))
    found: list[int] = ids[np.argpartition(-weights, _MOST)[:_MOST]].tolist()
    return found


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


_ODD = re.compile(r"[^\W_]+(?:[-–][^\W_]+)*")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[-–]?[a-z]{2,}|[A-Z]{2,}\d|[A-Z]+[-–][A-Z]+")
_CAPITAL = re.compile(r"[A-Z]")
_WORDS = 3
"""Words that a short name has at most."""
_FUZZY = 6
"""Letters from which a short name may be misspelt."""
_SHORTNAMES_FEW = 20
"""Papers of one short name that are looked at; of more, so many that begin with it and so many others."""
_SHORTNAMES_REMEMBERED = 8192


def gather_short_names(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather what may be short names of a paper, and the oddly written words of any entry.

    The keys of short names are their letters, without spaces and hyphens; those that stand before a colon, or are
    a whole title, once more with a colon behind them. Whether one is too ordinary is seen when it is asked for.
    """
    for chunk in set(text.split()):
        if _MIXED.search(chunk):
            for odd in _ODD.findall(chunk):
                if _MIXED.search(odd):
                    into.add(List.ODD_WORD, folded(odd), stored.id)
    if stored.entry.kind is Kind.PAPER:
        title = stored.entry.title
        for key in {_squashed(name) for name in (*_before_colon(title), *_odd_words(title), *_whole(title))}:
            if len(key) > 1 and key not in STOP:
                into.add(List.SHORT_NAME, key, stored.id)
                into.spell(List.SHORT_NAME, [key])
        for name in (*_before_colon(title), *_whole(title)):
            into.add(List.SHORT_NAME, f"{_squashed(name)}:", stored.id)


class ShortNames:
    """The short names of papers, without their spaces and hyphens: "coldbrew", "psagan"."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._named = lru_cache(_SHORTNAMES_REMEMBERED)(self._named_now)

    def read(self, asked: Asked) -> Iterator[Mention]:
        """The papers that a question names by a short name."""
        for start in range(len(asked.tokens)):
            for stop in range(start + 1, min(start + _WORDS, len(asked.tokens)) + 1):
                if asked.joined(start, stop):
                    for squashed, exactness in self._known(asked, start, stop):
                        written, titles = self._named(squashed)
                        sure = exactness * self._sure(asked, squashed, written, start, stop)
                        for title, entries in titles:
                            yield Mention(What.TITLE, title, asked.span(start, stop), entries, round(sure, 3))

    def _known(self, asked: Asked, start: int, stop: int) -> list[tuple[str, float]]:
        said = asked.folded[start:stop]
        squashed = "".join(said)
        if self._named(squashed)[1]:
            return [(squashed, 1.0)]
        plural = squashed.removesuffix("s")
        if len(plural) > 3 and plural != squashed and self._named(plural)[1]:
            return [(plural, 0.97)]
        if len(squashed) < _FUZZY or asked.plain(start, stop) or said[0] in STOP or said[-1] in STOP:
            return []
        near = self._seen.near(List.SHORT_NAME, squashed)
        return [(hit, exactness) for hit, exactness in near if len(hit) >= _FUZZY - 1]

    def _named_now(self, squashed: str) -> tuple[str, list[tuple[str, Ids]]]:
        """How a short name is written, and the titles, with their entries, that it is short for."""
        ids = self._seen.ids(List.SHORT_NAME, squashed)
        if len(ids) > _SHORTNAMES_FEW:
            ids = ids[:_SHORTNAMES_FEW] | self._seen.ids(List.SHORT_NAME, f"{squashed}:")[:_SHORTNAMES_FEW]
        written = ""
        found: dict[str, tuple[str, Ids]] = {}
        for _, stored in sorted(self._seen.stored(list(ids)).items()):
            title = folded(stored.entry.title)
            if title not in found:
                entries = carriers(self._seen, title)
                names = self._names(stored.entry.title, entries)
                if name := next((name for name in names if _squashed(name) == squashed), None):
                    written = written or name
                    found[title] = shown(self._seen, title), entries
        return written, list(found.values())

    def _names(self, title: str, own: Ids) -> Iterator[str]:
        """The short names of a paper: none that is but an ordinary word, or that others write, too."""
        yield from _before_colon(title)
        for odd in _odd_words(title):
            name = folded(odd)
            if name not in self._seen.ordinary and self._seen.ids(List.ODD_WORD, name) <= own:
                yield odd
        for whole in _whole(title):
            if any(word not in self._seen.ordinary for word in words(whole)):
                yield whole

    def _sure(self, asked: Asked, squashed: str, written: str, start: int, stop: int) -> float:
        """How surely a short name is meant where it may be a word of the language."""
        ordinary = self._seen.ordinary
        if stop - start > 1 and any(word not in ordinary for word in asked.folded[start:stop]):
            return 1.0
        odd = not written.isalpha() or len(_CAPITAL.findall(written)) in range(2, len(written))
        if odd and len(squashed) > 3 and stop - start == 1 and squashed not in ordinary:
            return 1.0
        said = asked.text[asked.tokens[start].start : asked.tokens[stop - 1].end]
        if said.isupper() or (said == written and not written.islower() and start > 0):
            return 1.0
        beside = asked.folded[max(0, start - 3) : start] + asked.folded[stop : stop + 2]
        if asked.alone(start, stop) or any(word in PAPER_CUES for word in beside):
            return 1.0
        return 0.8 if squashed not in ordinary else 0.7


def _squashed(name: str) -> str:
    return "".join(words(name))


def _before_colon(title: str) -> Iterator[str]:
    before, colon, _ = title.partition(":")
    if colon and len(words(before)) <= _WORDS:
        yield before.strip()


def _odd_words(title: str) -> Iterator[str]:
    for odd in _ODD.findall(title):
        if _MIXED.search(odd.removesuffix("s")) and len(_CAPITAL.findall(odd)) > 1:
            yield odd


def _whole(title: str) -> Iterator[str]:
    if len(words(title)) <= _WORDS:
        yield title
