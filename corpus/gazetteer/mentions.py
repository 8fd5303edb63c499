"""What is recognised: a mention of a name, and what kinds of names there are."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pyroaring import FrozenBitMap

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from corpus.model import Span


Ids = FrozenBitMap
"""A set of entries, by their ids."""

NO_IDS = FrozenBitMap()


def ids_of(numbers: NDArray[np.uint32]) -> Ids:
    """The set of an array's numbers: of a million in 9 ms, where reading them one by one takes 75."""
    return FrozenBitMap(array("I", numbers.tobytes()))


class What(StrEnum):
    """What a name stands for."""

    AUTHOR = "author"
    TITLE = "title"
    TOPIC = "topic"
    VENUE = "venue"
    YEAR = "year"
    PLACE = "place"
    TEAM = "team"
    ROLE = "role"
    DIGEST = "digest"
    PERIOD = "period"
    COMPANY = "company"
    SKILL = "skill"
    TRACK = "track"
    AWARD = "award"
    TERM = "term"
    WORKPLACE = "workplace"
    EMPLOYMENT = "employment"
    LEVEL = "level"
    DEGREE = "degree"
    PAY = "pay"
    SPONSORSHIP = "sponsorship"
    CITIZENSHIP = "citizenship"
    STATUS = "status"
    AUTHORS = "authors"
    CODE = "code"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that a question carries.

    ``name`` is the canonical form, to be shown; ``span`` lies in the question, in characters; ``entries`` are the
    ids of the stored entries that carry the name, none where the world knows it and the corpus does not.
    ``exactness`` is 1 for a name as written (case and accents aside) and less where letters or words differ.
    ``named_in_text`` are job posts that say the place or year in their prose alone; ``wider`` stand under headings
    that have all words of a topic and others ("Differential privacy" for "Privacy").
    """

    what: What
    name: str
    span: Span
    entries: Ids
    exactness: float
    named_in_text: Ids = NO_IDS
    wider: Ids = NO_IDS
    unknown: Ids = NO_IDS


_EQUAL = 0.02
"""Exactness by which two mentions of one span differ at most, where neither is meant more."""


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Of overlapping mentions the longest, of one name the most exact; several of one span where as exact."""
    surest: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: (-m.exactness, m.span.start - m.span.end)):
        rivals = surest.setdefault(mention.name, [])
        if not any(overlap(mention.span, other.span) for other in rivals):
            rivals.append(mention)
    kept: list[Mention] = []
    most: dict[Span, float] = {}  # by span kept; of very many mentions the spans are few
    settled = [mention for rivals in surest.values() for mention in rivals]
    for mention in sorted(settled, key=lambda m: (m.span.start - m.span.end, -m.exactness, m.name)):
        span = mention.span
        if most.get(span, 0.0) - mention.exactness < _EQUAL and not any(
            overlap(span, other) for other in most if other != span
        ):
            kept.append(mention)
            most[span] = max(mention.exactness, most.get(span, 0.0))
    return kept


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end
