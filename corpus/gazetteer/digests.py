"""Digests: documents by the telling words of their titles."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import stem, words
from corpus.gazetteer.wordlists import STOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.gazetteer.vocabulary import Asked, Ordinary
    from corpus.store import StoredEntry

_GENRE = {
    "guide",
    "roundup",
    "newsletter",
    "report",
    "overview",
    "recap",
    "bulletin",
    "survey",
    "review",
    "tutorial",
}
"""Words for a page that name it where its title has them."""
_ABBREVIATED = {"ml": ("machine", "learning"), "ai": ("artificial", "intelligence")}


class Digests:
    """The documents' titles."""

    def __init__(self, entries: Iterable[StoredEntry], ordinary: Ordinary) -> None:
        self._shown: dict[tuple[str, ...], str] = {}
        self._entries: dict[tuple[str, ...], set[int]] = defaultdict(set)
        foreign: set[str] = set()
        for stored in entries:
            title = tuple(words(stored.digest))
            self._shown.setdefault(title, stored.digest)
            self._entries[title].add(stored.id)
            foreign.update(words(f"{stored.venue or ''} {stored.year or ''} {' '.join(stored.entry.headings)}"))
        titles = Counter(word for title in self._shown for word in set(title))
        few = max(2, len(self._shown) // 10)
        self._telling = {
            word
            for word, count in titles.items()
            if count <= few and (count < len(self._shown) or count == 1)
            and word not in STOP and word not in foreign and not word.isdigit() and len(word) > 3
        }  # fmt: skip
        self._by_word: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for title in self._shown:
            for word in set(title) & self._telling:
                self._by_word[word].append(title)
        self._ordinary = ordinary

    def read(self, asked: Asked) -> list[Mention]:
        """The documents that a question names."""
        said, positions = _spelt_out(asked.folded)
        found = []
        for at, word in enumerate(said):
            for title in self._by_word.get(word, ()):
                for start, stop in _runs(said, at, title):
                    alone = stop - start == 1
                    if not alone or word in _GENRE or word not in self._ordinary:
                        span = asked.span(positions[start], positions[stop - 1] + 1)
                        entries = frozenset(self._entries[title])
                        exactness = min(1.0, 0.7 + 0.1 * (stop - start))
                        found.append(Mention(What.DIGEST, self._shown[title], span, entries, round(exactness, 2)))
        return longest(found)


def _spelt_out(said: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words with common abbreviations in full, and for each the position that it comes from."""
    full = [(part, at) for at, word in enumerate(said) for part in _ABBREVIATED.get(word, (word,))]
    return [part for part, _ in full], [at for _, at in full]


def _runs(said: Sequence[str], at: int, title: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The longest run of a title's words, in its order, that goes through a word of the question."""
    place = title.index(said[at])
    start = stop = 0
    while at - start > 0 and place - start > 0 and _same(said[at - start - 1], title[place - start - 1]):
        start += 1
    while at + stop + 1 < len(said) and place + stop + 1 < len(title) and _same(
        said[at + stop + 1], title[place + stop + 1]
    ):  # fmt: skip
        stop += 1
    yield at - start, at + stop + 1


def _same(one: str, other: str) -> bool:
    return stem(one) == stem(other)
