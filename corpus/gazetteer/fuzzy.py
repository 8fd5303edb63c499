"""Fuzzy matching: names that are spelt a little differently."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from corpus.gazetteer.tokens import plausible, slips

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


_NEAREST = 20
"""Words that a misspelt one may be meant to be at most."""


def nearest(
    word: str, words: Callable[[int, str], Iterable[str]], known: Callable[[str], bool]
) -> Sequence[tuple[str, float]]:
    """The words that are nearest to a misspelt one, with their exactness, best first.

    Args:
        word: folded, and not known.
        words: gives the words of a length that begin with one or two letters.
        known: tells which of them count.
    """
    return chosen(word, alike(word, words), known)


def alike(word: str, words: Callable[[int, str], Iterable[str]]) -> Sequence[tuple[str, int]]:
    """The words that a misspelt one may mean, with their distances; see ``nearest``.

    Distance is optimal string alignment (an adjacent swap counts one). The first letter, or the first two
    swapped, must be right.
    """
    allowed = slips(word)
    if not allowed or any(c.isdigit() for c in word):
        return ()
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found: list[tuple[str, int]] = []
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        choices = [*words(length, word[0]), *words(length, word[1::-1])]
        if not choices:
            continue
        hits = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        found += [(hit, int(distance)) for hit, distance, _ in hits if plausible(word, hit)]
    return found


def chosen(
    word: str, found: Sequence[tuple[str, int]], known: Callable[[str], bool]
) -> Sequence[tuple[str, float]]:
    """Of words like a misspelt one the nearest that count, with their exactness."""
    for least in sorted({distance for _, distance in found}):
        near = dict.fromkeys(hit for hit, distance in found if distance == least)
        if hits := tuple(islice(filter(known, near), _NEAREST)):
            return tuple((hit, 1 - least / len(word)) for hit in hits)
    return ()
