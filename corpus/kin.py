"""Kin: entries that say the same but for a few words: a post for two cities, an article printed again.

Job posts are kin whose texts are the same but for the words of their places; articles are whose sentences are
mostly the same. Papers, which have their titles, and figures are not. No entry is held against all others: posts
are looked up by what is left of their text, articles by their sentences.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from corpus.model import Kind
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.store import StoredEntry

LEAST_SENTENCES: Final = 3
"""Sentences that two articles share, at least."""

SHARED: Final = 0.8
"""Share of either article's sentences that stand in the other."""

_LEAST_WORDS = 40
"""Words of a post's text: shorter ones, as rows of a table are, may well be openings of their own."""

_TELLING = 6
"""Words of a sentence that is compared: shorter ones stand anywhere."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def post_print(stored: StoredEntry, text: str) -> str | None:
    """What two posts of one opening share: a print of the text without the words of its place.

    None for what is no post, names no place, or says too little to tell posts apart.
    """
    place = stored.entry.place
    if stored.entry.kind is not Kind.JOB or place is None:
        return None
    named = set(folded(f"{place.text} {place.city or ''}").split())
    left = [word for word in folded(text).split() if word not in named]
    return _print(" ".join(left)) if len(left) >= _LEAST_WORDS else None


def sentence_prints(stored: StoredEntry, text: str) -> frozenset[str]:
    """Prints of an article's sentences; none for what is no article."""
    if stored.entry.kind is not Kind.ARTICLE:
        return frozenset()
    return frozenset(map(_print, _sentences(text)))


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        plain = folded(sentence)
        if plain.count(" ") >= _TELLING - 1:
            yield plain


def _print(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
