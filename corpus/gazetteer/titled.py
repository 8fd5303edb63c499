"""What a title tells: the stems of its words, and the entries that carry it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import List
from corpus.gazetteer.vocabulary import stem, words
from corpus.gazetteer.wordlists import STOP
from corpus.model import Kind

if TYPE_CHECKING:
    from corpus.gazetteer.model import Ids
    from corpus.gazetteer.seen import Seen

_FEW = 50
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
    return same | seen.twins(list(others[:_FEW])) if others else same


def shown(seen: Seen, name: str) -> str:
    """A folded title as the first of its entries writes it."""
    first = seen.ids(List.TITLE, name).min()
    return seen.titles([first]).get(first, name)
