"""Digests: documents by the telling words of their titles."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import WORDS, List
from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import stem, words
from corpus.gazetteer.wordlists import STOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.gazetteer.gathered import Gathered
    from corpus.gazetteer.model import Ids
    from corpus.gazetteer.seen import Seen
    from corpus.gazetteer.vocabulary import Asked
    from corpus.store import StoredEntry

_GENRE = {
    "guide", "roundup", "newsletter", "report", "overview", "recap", "bulletin", "survey", "review", "tutorial",
}  # fmt: skip
"""Words for a page that name it where its title has them."""
_ABBREVIATED = {"ml": ("machine", "learning"), "ai": ("artificial", "intelligence")}

_REMEMBERED = 1024
_FEW = 40
"""Titles that a telling word may stand in, where there are ten times as many or more."""


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the title of an entry's document, by its words, and the words that speak of the entry otherwise."""
    title = _words(stored.digest)
    joined = " ".join(title)
    into.add(List.DIGEST, joined, stored.id)
    into.show(List.DIGEST, joined, stored.digest)
    for word in {*title[:WORDS]} - STOP:
        if len(word) > 3 and not word.isdigit():
            into.add(List.DIGEST_WORD, f"{word}\t{joined}", stored.id)
    for word in _words(f"{stored.venue or ''} {stored.year or ''} {' '.join(stored.entry.headings)}"):
        into.add(List.DIGEST_FOREIGN, word, stored.id)


class Digests:
    """The documents' titles."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def read(self, asked: Asked) -> list[Mention]:
        """The documents that a question names."""
        said, positions = _spelt_out(asked.folded)
        found = []
        for at, word in enumerate(said):
            for joined, entries in self._titles(word):
                start, stop = _run(said, at, joined.split(" "))
                if stop - start > 1 or word in _GENRE or word not in asked.ordinary:
                    span = asked.span(positions[start], positions[stop - 1] + 1)
                    exactness = min(1.0, 0.7 + 0.1 * (stop - start))
                    name = self._seen.shown(List.DIGEST, joined)
                    found.append(Mention(What.DIGEST, name, span, entries, round(exactness, 2)))
        return longest(found)

    def _titles(self, word: str) -> Sequence[tuple[str, Ids]]:
        """The titles that a word tells, with their entries; none where too many have it."""
        titles = self._seen.keys_from(List.DIGEST_WORD, f"{word}\t", 2 * _FEW)
        if not titles or len(titles) > _FEW or self._seen.ids(List.DIGEST_FOREIGN, word):
            return ()
        if len(titles) > 1:
            known = len(self._seen.keys_from(List.DIGEST, "", 10 * _FEW))
            if len(titles) == known or len(titles) > max(2, known // 10):
                return ()
        return titles


@lru_cache(_REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    """The words of a title or of headings, which many entries share."""
    return tuple(words(text))


def _spelt_out(said: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words with common abbreviations in full, and for each the position that it comes from."""
    full = [(part, at) for at, word in enumerate(said) for part in _ABBREVIATED.get(word, (word,))]
    return [part for part, _ in full], [at for _, at in full]


def _run(said: Sequence[str], at: int, title: Sequence[str]) -> tuple[int, int]:
    """The longest run of a title's words, in its order, that goes through a word of the question."""
    place = title.index(said[at])
    start = stop = 0
    while at - start > 0 and place - start > 0 and _same(said[at - start - 1], title[place - start - 1]):
        start += 1
    while at + stop + 1 < len(said) and place + stop + 1 < len(title) and _same(
        said[at + stop + 1], title[place + stop + 1]
    ):  # fmt: skip
        stop += 1
    return at - start, at + stop + 1


def _same(one: str, other: str) -> bool:
    return stem(one) == stem(other)
