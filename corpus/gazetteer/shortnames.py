"""Short names of papers: what stands before the colon of a title, or a word in it that is written oddly."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from corpus.gazetteer.model import Mention, What
from corpus.gazetteer.vocabulary import Vocabulary, words
from corpus.gazetteer.wordlists import PAPER_CUES, STOP
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.gazetteer.vocabulary import Asked, Ordinary
    from corpus.store import StoredEntry

_ODD = re.compile(r"(?:[^\W_]+[-–]?)*[^\W_]+")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[-–]?[a-z]{2,}|[A-Z]{2,}\d|[A-Z]+[-–][A-Z]+")
_CAPITAL = re.compile(r"[A-Z]")
_WORDS = 3
"""Words that a short name has at most."""
_FUZZY = 6
"""Letters from which a short name may be misspelt."""


class _Title(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def entries(self) -> frozenset[int]: ...


class ShortNames:
    """The short names of papers, without their spaces and hyphens: "coldbrew", "psagan"."""

    def __init__(
        self,
        titles: Sequence[_Title],
        entries: Iterable[StoredEntry],
        texts: Mapping[int, str],
        ordinary: Ordinary,
    ) -> None:
        self._titles: dict[str, list[_Title]] = defaultdict(list)
        self._written: dict[str, str] = {}
        by_token = _by_token(entries, texts)
        for title in titles:
            for name in _short_names(title.name, by_token, title.entries, ordinary):
                squashed = "".join(words(name))
                if len(squashed) > 1 and squashed not in STOP and title not in self._titles[squashed]:
                    self._titles[squashed].append(title)
                    self._written.setdefault(squashed, name)
        self._names = Vocabulary(self._titles)
        self._ordinary = ordinary

    def read(self, asked: Asked) -> Iterator[Mention]:
        """The papers that a question names by a short name."""
        for start in range(len(asked.tokens)):
            for stop in range(start + 1, min(start + _WORDS, len(asked.tokens)) + 1):
                if asked.joined(start, stop):
                    for squashed, exactness in self._known(asked, start, stop):
                        sure = exactness * self._sure(asked, squashed, start, stop)
                        for title in self._titles[squashed]:
                            span = asked.span(start, stop)
                            yield Mention(What.TITLE, title.name, span, title.entries, round(sure, 3))

    def _known(self, asked: Asked, start: int, stop: int) -> list[tuple[str, float]]:
        said = asked.folded[start:stop]
        squashed = "".join(said)
        if squashed in self._titles:
            return [(squashed, 1.0)]
        plural = squashed.removesuffix("s")
        if plural in self._titles and len(plural) > 3:
            return [(plural, 0.97)]
        plain = all(word in asked.ordinary for word in said)
        if len(squashed) < _FUZZY or plain or said[0] in STOP or said[-1] in STOP:
            return []
        return [(hit, exact) for hit, exact in self._names.near(squashed) if len(hit) >= _FUZZY - 1]

    def _sure(self, asked: Asked, squashed: str, start: int, stop: int) -> float:
        """How surely a short name is meant where it may be a word of the language."""
        written = self._written[squashed]
        if stop - start > 1 and any(word not in self._ordinary for word in asked.folded[start:stop]):
            return 1.0
        odd = not written.isalpha() or len(_CAPITAL.findall(written)) in range(2, len(written))
        if odd and len(squashed) > 3 and stop - start == 1 and squashed not in self._ordinary:
            return 1.0
        said = asked.text[asked.tokens[start].start : asked.tokens[stop - 1].end]
        if said.isupper() or (said == written and not written.islower() and start > 0):
            return 1.0
        beside = asked.folded[max(0, start - 3) : start] + asked.folded[stop : stop + 2]
        if asked.alone(start, stop) or any(word in PAPER_CUES for word in beside):
            return 1.0
        return 0.8 if squashed not in self._ordinary else 0.7


def _short_names(
    title: str, by_token: Mapping[str, set[int]], own: frozenset[int], ordinary: Ordinary
) -> Iterator[str]:
    before, colon, _ = title.partition(":")
    if colon and len(words(before)) <= _WORDS:
        yield before.strip()
    for odd in _ODD.findall(title):
        plural = odd.removesuffix("s")
        mixed = _MIXED.search(plural) and len(_CAPITAL.findall(odd)) > 1 and folded(odd) not in ordinary
        if mixed and not by_token.get(folded(odd), set()) - own:
            yield odd
    whole = words(title)
    if len(whole) <= _WORDS and any(word not in ordinary for word in whole):
        yield title


def _by_token(entries: Iterable[StoredEntry], texts: Mapping[int, str]) -> dict[str, set[int]]:
    """Which entries' texts write an oddly written word; entries of the same title count as one paper's."""
    found: dict[str, set[int]] = defaultdict(set)
    for stored in entries:
        for odd in _ODD.findall(texts[stored.id]):
            if _MIXED.search(odd):
                found[folded(odd)].add(stored.id)
    return found
