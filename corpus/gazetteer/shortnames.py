"""Short names of papers: what stands before the colon of a title, or a word in it that is written oddly."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import List
from corpus.gazetteer.model import Ids, Mention, What
from corpus.gazetteer.titled import carriers, shown
from corpus.gazetteer.vocabulary import words
from corpus.gazetteer.wordlists import PAPER_CUES, STOP
from corpus.model import Kind
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.gazetteer.gathered import Gathered
    from corpus.gazetteer.seen import Seen
    from corpus.gazetteer.vocabulary import Asked
    from corpus.store import StoredEntry

_ODD = re.compile(r"(?:[^\W_]+[-–]?)*[^\W_]+")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[-–]?[a-z]{2,}|[A-Z]{2,}\d|[A-Z]+[-–][A-Z]+")
_CAPITAL = re.compile(r"[A-Z]")
_WORDS = 3
"""Words that a short name has at most."""
_FUZZY = 6
"""Letters from which a short name may be misspelt."""
_FEW = 20
"""Papers of one short name that are looked at; of more, so many that begin with it and so many others."""
_REMEMBERED = 8192


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
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
        self._named = lru_cache(_REMEMBERED)(self._named_now)

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
        if len(ids) > _FEW:
            ids = ids[:_FEW] | self._seen.ids(List.SHORT_NAME, f"{squashed}:")[:_FEW]
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
