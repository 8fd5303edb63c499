"""Headings that papers stand under: what is gathered of them, and what a topic is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import List
from corpus.gazetteer.vocabulary import stem, words
from corpus.gazetteer.wordlists import STOP, word_set
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.gazetteer.gathered import Gathered
    from corpus.store import StoredEntry

_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[IVXLC]{1,6}[.):])\s+(?=\S)")
_CAPITALS = re.compile(r"\b[^\W_a-z]{2,8}s?\b")
GENERIC = {
    stem(word)
    for word in word_set(
        "ai algorithm analysis application approach artificial based data deep general improvement in intelligence"
        " large learning machine method methodology ml model modeling network neural new paper problem research"
        " science scientific study system task technique theory tool topic track"
    )
}
"""Stems of words that tell no heading from another."""
_LONGEST = 30
"""Stems of a heading, beyond which it is taken for a sentence."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading: its stems in order, and those that tell it from others."""

    stems: tuple[str, ...]
    telling: frozenset[str]

    @property
    def key(self) -> str:
        """Its stems, put together."""
        return " ".join(self.stems)


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the headings that an entry stands under, and what it says.

    A heading is known by its stems, put together; all entries stand by them. For papers the keys are, further,
    each stem alone; each stem with all of them, the number of telling ones between, so that short headings come
    first; and the initials with all of them. What papers say, in title and text, stands by its stems; what entries
    write in capitals stands in lower case.
    """
    entry = stored.entry
    for name, stems in map(read_heading, entry.headings):
        if 0 < len(stems) <= _LONGEST:
            into.add(List.TOPIC, " ".join(stems), stored.id)
            if entry.kind is Kind.PAPER:
                _gather_topic(stored.id, name, stems, into)
    said = f"{entry.title} {text}"
    if entry.headings:
        for each in {word for word in _CAPITALS.findall(said) if not word.isdigit()}:
            if (capitals := each.removesuffix("s")).isupper():
                into.add(List.CAPITALS, capitals.lower(), stored.id)
    if entry.kind is Kind.PAPER:
        for each in set(map(stem, words(said))):
            into.add(List.TOPIC_SAID, each, stored.id)


def _gather_topic(paper: int, name: str, stems: Sequence[str], into: Gathered) -> None:
    for each in set(stems):
        into.add(List.TOPIC_STEM, each, paper)
        into.add(List.TOPIC_STEM, topic_key(each, stems), paper)
    into.spell(List.TOPIC_STEM, [*words(name), *(each for each in stems if len(each) > 4)])
    if len(initials := _initials(name)) > 1:
        into.add(List.TOPIC_INITIALS, f"{initials}\t{' '.join(stems)}", paper)


@lru_cache(maxsize=8192)
def read_heading(heading: str) -> tuple[str, tuple[str, ...]]:
    """A heading without its number, and the stems of its words."""
    name = _NUMBER.sub("", heading, count=1).strip()
    return name, tuple(stem(word) for word in words(name) if word not in STOP)


def topic_of(stems: str) -> Topic:
    """The topic of some stems, put together."""
    parted = tuple(stems.split(" "))
    return Topic(parted, frozenset(parted) - GENERIC)


def topic_key(each: str, stems: Sequence[str]) -> str:
    """The key of a topic by one of its stems."""
    return f"{each}\t{len(set(stems) - GENERIC):02}\t{' '.join(stems)}"


def _initials(name: str) -> str:
    return "".join(word[0] for word in words(name) if word not in STOP)
