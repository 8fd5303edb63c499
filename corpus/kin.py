"""Kin: entries that say the same but for a few words: a post for two cities, an article printed again."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corpus.store import StoredEntry

_LEAST_WORDS = 40
"""Words of a post's text: shorter ones, as rows of a table are, may well be openings of their own."""

_LEAST_SENTENCES = 3
"""Sentences that two articles share, at least."""

_SHARED = 0.8
"""Share of either article's sentences that stand in the other."""

_TELLING = 6
"""Words of a sentence that is compared: shorter ones stand anywhere."""

_COMMON = 8
"""Articles with a sentence beyond which it is a page's furniture."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def kin_of(entries: Iterable[StoredEntry], texts: Mapping[int, str]) -> dict[int, int]:
    """For each entry that has kin of another key the first of its family, by entry ids.

    Job posts are kin whose texts are the same but for the words of their places; articles are whose sentences are
    mostly the same. Papers, which have their titles, and figures are not. No entry is held against all others:
    posts are looked up by what is left of their text, articles by their sentences.

    Args:
        entries: those that are seen together.
        texts: by entry id what it says.
    """
    posts: dict[str, list[StoredEntry]] = defaultdict(list)
    articles: list[StoredEntry] = []
    for entry in entries:
        if entry.entry.kind is Kind.JOB and (said := _placeless(entry, texts[entry.id])):
            posts[said].append(entry)
        elif entry.entry.kind is Kind.ARTICLE:
            articles.append(entry)
    families = [[e.id for e in same] for same in posts.values() if len({e.key for e in same}) > 1]
    families += _reprints(articles, texts)
    return {i: min(family) for family in families for i in family}


def _placeless(entry: StoredEntry, text: str) -> str | None:
    """A post's text without the words of its place; None where too little is left to tell posts apart."""
    place = entry.entry.place
    if place is None:
        return None
    named = set(folded(f"{place.text} {place.city or ''}").split())
    left = [word for word in folded(text).split() if word not in named]
    return " ".join(left) if len(left) >= _LEAST_WORDS else None


def _reprints(articles: Iterable[StoredEntry], texts: Mapping[int, str]) -> list[list[int]]:
    """The families of articles."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for article in articles:
        by_key[article.key].append(article.id)
    said = {key: frozenset(_sentences(texts[ids[0]])) for key, ids in by_key.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    families: dict[str, list[str]] = {}
    for key, sentences in said.items():
        shared: dict[str, int] = defaultdict(int)
        for sentence in sentences:
            for other in holders[sentence][:_COMMON]:
                shared[other] += 1
            holders[sentence].append(key)
        for other, number in shared.items():
            if number >= max(_LEAST_SENTENCES, _SHARED * max(len(sentences), len(said[other]))):
                families[key] = families.setdefault(other, [other])
                families[key].append(key)
                break
    return [[i for key in keys for i in by_key[key]] for first, keys in families.items() if first == keys[0]]


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        plain = folded(sentence)
        if plain.count(" ") >= _TELLING - 1:
            yield plain
