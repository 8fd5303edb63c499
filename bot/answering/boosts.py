"""Boosts: what the names of a question add to the scores of the entries that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.gazetteer import NO_IDS, Ids, What

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.answering.facts import Facts
    from bot.query.plan import Plan
    from corpus.gazetteer import Cards


_GAINS = {
    What.TITLE: 0.30,
    What.AUTHOR: 0.25,
    What.PLACE: 0.20,
    What.TEAM: 0.12,
    What.COMPANY: 0.12,
    What.ROLE: 0.08,
    What.EMPLOYMENT: 0.08,
    What.LEVEL: 0.04,
    What.WORKPLACE: 0.04,
    What.DEGREE: 0.04,
    What.SKILL: 0.04,
    What.TOPIC: 0.06,
    What.VENUE: 0.04,
    What.YEAR: 0.04,
    What.DIGEST: 0.04,
}
"""What a name adds to the score of an entry that carries it, next to scores between 0 and 1."""

_IN_TEXT = 0.75
"""Of that, where a job post names it in its text alone, or a heading has a topic's words among others."""

_SELECTED = 2.0
"""Lifts what the facts select above all that is merely near."""


class Boosts:
    """What is added to the scores of entries: sums of gains, each of a set of entries, small or large."""

    def __init__(self, sorts: Iterable[Iterable[tuple[float, Ids]]] = ()) -> None:
        """Add up gains.

        Args:
            sorts: gains of a sort with the entries that gain them; of one sort an entry has the highest alone.
        """
        self._sorts = [sort for sort in map(_apart, sorts) if sort]

    def get(self, entry: int, default: float = 0.0) -> float:
        """What an entry gains in all."""
        if not self._sorts:
            return default
        found = [gain for sort in self._sorts for gain, ids in sort if entry in ids]
        return sum(found) if found else default

    def highest(self, most: int) -> list[int]:
        """The entries that gain most, so many at most, in order; of equal ones those that came first."""
        levels: list[tuple[float, Ids]] = []
        for sort in self._sorts:
            anew: list[tuple[float, Ids]] = []
            left = [(gain, ids) for gain, ids in sort if ids]
            for level, held in levels:
                rest = held
                for gain, ids in sort:
                    anew.append((level + gain, held & ids))
                    rest -= ids
                anew.append((level, rest))
                left = [(gain, ids - held) for gain, ids in left]
            levels = [(gain, ids) for gain, ids in (*anew, *left) if ids]
        found: list[int] = []
        for level in sorted({gain for gain, _ in levels}, reverse=True):
            if len(found) >= most:
                break
            ids = NO_IDS.union(*(held for gain, held in levels if gain == level))
            found.extend(ids[: most - len(found)])
        return found


def boosts_of(
    reading: Plan, facts: Facts, cards: Cards, visible: Ids, lifted: Ids, lifts: Mapping[int, float]
) -> Boosts:
    """What the facts, and the conversation, add to the scores of entries.

    Args:
        reading: the question.
        facts: what its names select.
        cards: of the entries that the asker sees.
        visible: those of them that are asked for.
        lifted: those of them that are lifted above others where the facts select them.
        lifts: what the conversation adds, by entry id.
    """
    sorts = [
        [
            gains
            for mention in reading.named(what)
            for gains in (
                (most * mention.exactness, mention.entries & visible),
                (
                    _IN_TEXT * most * mention.exactness,
                    ((mention.named_in_text | mention.wider) - mention.entries) & visible,
                ),
            )
        ]
        for what, most in _GAINS.items()
    ]
    if reading.is_list:
        sorts += [
            [(_SELECTED, cards.twins(facts.entries.ids) & lifted)],
            [(0.5 * _SELECTED, cards.twins(facts.in_text.ids) & lifted)],
        ]
        sorts += [
            [(_SELECTED / place, cards.twins(Ids([each.id])) & visible)]
            for place, each in enumerate(facts.latest, 1)
        ]
    sorts += [[(lift, Ids([entry]))] for entry, lift in lifts.items()]
    return Boosts(sorts)


def _apart(gains: Iterable[tuple[float, Ids]]) -> list[tuple[float, Ids]]:
    """Gains, the highest first, without the entries that have a higher one."""
    found: list[tuple[float, Ids]] = []
    taken = NO_IDS
    for gain, ids in sorted(gains, key=lambda each: -each[0]):
        if left := ids - taken:
            found.append((gain, left))
            taken |= left
    return found
