"""The facts: which entries satisfy everything that a question names, and how much each name counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.understanding.periods import Sort
from bot.understanding.reading import Intent, Reading, compared_sort
from bot.understanding.timing import day_of
from corpus.gazetteer import Mention, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.gazetteer import Card

_BOOSTS = {
    What.TITLE: 0.30,
    What.AUTHOR: 0.25,
    What.PLACE: 0.20,
    What.TEAM: 0.12,
    What.ROLE: 0.08,
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


_LATEST = 3
"""Entries that are shown where nothing came in in the time that is asked for."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one of several compared names has: its name, and distinct entries in page order."""

    name: str
    entries: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the names in a question select.

    ``entries`` satisfy all of them, in page order, one for each that stands in several documents; ``in_text`` are
    job posts that only name a place or year in their text. ``missing`` are the names that nothing satisfies,
    alone or together with the others. ``groups`` are set where names are compared. ``wider`` says that they stand
    under headings that only have the words of the named topic among others: none stands under the topic itself.
    ``latest`` are those that all names but the period select, the latest first, where nothing lies in the period.
    """

    entries: tuple[Card, ...] = ()
    in_text: tuple[Card, ...] = ()
    groups: tuple[Group, ...] = ()
    missing: tuple[Mention, ...] = ()
    wider: bool = False
    latest: tuple[Card, ...] = ()

    @property
    def all(self) -> tuple[Card, ...]:
        """Those that the facts select, then those that name a fact in their text."""
        return (*self.entries, *self.in_text)


NO_FACTS = Facts()


def facts_of(reading: Reading, cards: Mapping[int, Card], visible: Callable[[Card], bool]) -> Facts:
    """Select by the names of a question.

    Args:
        reading: the question.
        cards: the entries of the gazetteer that it was read against, by id.
        visible: whether the asker may see an entry, and wants such.
    """
    mentions = reading.selecting
    if not mentions and not reading.asks_for_all:
        return NO_FACTS
    absent = tuple(m for m in mentions if not m.entries and not m.named_in_text)
    chosen = _together(mentions, cards, visible, reading)
    in_text = _together(mentions, cards, visible, reading, texts=True) - chosen
    wider = False
    if not chosen and not in_text and not absent:
        softer = [mention for mention in mentions if mention.what is not What.DIGEST] or mentions
        chosen = _together(softer, cards, visible, reading)
        if not chosen:
            loose = [replace(mention, entries=mention.entries | mention.wider) for mention in mentions]
            chosen = _together(loose, cards, visible, reading)
            wider = bool(chosen)
    missing = absent or (() if chosen or in_text else tuple(mentions))
    ordered = _by_time(reading, _distinct(cards[i] for i in sorted(chosen)))
    latest = _latest(reading, mentions, cards, visible) if missing else ()
    known = {entry.family for entry in ordered}
    others = tuple(e for e in _distinct(cards[i] for i in sorted(in_text)) if e.family not in known)
    groups = _groups(reading, mentions, cards, chosen) if reading.intent is Intent.COMPARE else ()
    return Facts(ordered, others, groups, missing, wider, latest)


def boosts_of(reading: Reading, facts: Facts, twins: Callable[[str], Sequence[int]]) -> dict[int, float]:
    """What the facts add to the scores of entries, by entry id.

    Args:
        reading: the question.
        facts: what its names select.
        twins: for an entry's key the ids of all entries that carry it.
    """
    boosts: dict[int, float] = {}
    for what, most in _BOOSTS.items():
        gained: dict[int, float] = {}
        for mention in reading.named(what):
            for entry in mention.entries:
                gained[entry] = max(gained.get(entry, 0.0), most * mention.exactness)
            for entry in (mention.named_in_text | mention.wider) - mention.entries:
                gained[entry] = max(gained.get(entry, 0.0), _IN_TEXT * most * mention.exactness)
        for entry, gain in gained.items():
            boosts[entry] = boosts.get(entry, 0.0) + gain
    if reading.is_list:
        lifts = [(_SELECTED, each) for each in facts.entries] + [(0.5 * _SELECTED, each) for each in facts.in_text]
        lifts += [(_SELECTED / place, each) for place, each in enumerate(facts.latest, 1)]
        for lift, selected in lifts:
            for twin in twins(selected.key):
                boosts[twin] = boosts.get(twin, 0.0) + lift
    return boosts


def selects_alone(reading: Reading, facts: Facts) -> bool:
    """Whether a time and names, or the kind alone, select a list, and nothing else is asked."""
    alone = reading.period or reading.asks_for_all
    return bool(alone and reading.is_list and facts.all and not facts.missing and not reading.rest)


def _together(
    mentions: Iterable[Mention],
    cards: Mapping[int, Card],
    visible: Callable[[Card], bool],
    reading: Reading,
    *,
    texts: bool = False,
) -> set[int]:
    """Ids of the entries that satisfy the names: one of each sort, of the wanted kind."""
    sets: dict[What, set[int]] = {}
    for mention in mentions:
        carried = set(mention.entries)
        if texts or (mention.what is What.YEAR and reading.kind is Kind.JOB):
            carried |= mention.named_in_text
        sets.setdefault(mention.what, set()).update(carried)
    together = set.intersection(*sets.values()) if sets else set(cards)
    found = [cards[i] for i in together if i in cards and visible(cards[i])]
    kinds = {reading.kind} if reading.kind else _kinds_of(sets, reading, found)
    return {card.id for card in found if card.kind in kinds}


def _kinds_of(sets: Mapping[What, set[int]], reading: Reading, found: Iterable[Card]) -> set[Kind]:
    """The kinds of entries that are meant where none is named."""
    if sets.keys() & {What.PLACE, What.TEAM, What.ROLE}:
        return {Kind.JOB}
    if reading.period and not sets.keys() - {What.PERIOD, What.DIGEST}:  # whatever has come in
        there = {card.kind for card in found}
        return there & {Kind.PAPER, Kind.JOB} or there
    return {Kind.PAPER}


def _by_time(reading: Reading, entries: tuple[Card, ...]) -> tuple[Card, ...]:
    """Entries in the order of the period that is asked for: the latest first, what closes by its last day."""
    period = reading.period
    if period is None or period.sort in (Sort.OPEN, Sort.LATEST_DIGEST):
        return entries
    if period.sort is Sort.CLOSES:
        return tuple(sorted(entries, key=lambda card: card.dates.closes or date.max))
    if period.sort is Sort.LATEST or period.whole_years:
        return tuple(sorted(entries, key=lambda card: card.dates.recency, reverse=True))
    return tuple(sorted(entries, key=lambda card: day_of(period, card)[0], reverse=True))


def _latest(
    reading: Reading, mentions: Sequence[Mention], cards: Mapping[int, Card], visible: Callable[[Card], bool]
) -> tuple[Card, ...]:
    """The latest of what the other names select, where the period selects nothing."""
    others = [mention for mention in mentions if mention.what is not What.PERIOD]
    if len(others) == len(mentions) or any(not m.entries and not m.named_in_text for m in others):
        return ()
    chosen = _distinct(cards[i] for i in sorted(_together(others, cards, visible, reading)))
    sort = reading.period.sort if reading.period else None

    def when(card: Card) -> date:
        if sort in (Sort.CLOSES, Sort.OPEN):
            return card.dates.closes or date.min
        return card.dates.recency[0] if sort is Sort.PUBLISHED else day_of(reading.period, card)[0]

    return tuple(sorted(chosen, key=when, reverse=True)[:_LATEST])


def _groups(
    reading: Reading, mentions: Sequence[Mention], cards: Mapping[int, Card], chosen: set[int]
) -> tuple[Group, ...]:
    what = compared_sort(reading.mentions)
    groups: dict[str, set[int]] = {}
    for mention in mentions:
        if mention.what is what:
            groups.setdefault(mention.name, set()).update(mention.entries)
    return tuple(Group(name, _distinct(cards[i] for i in sorted(ids & chosen))) for name, ids in groups.items())


def _distinct(entries: Iterable[Card]) -> tuple[Card, ...]:
    """One for each family, the first."""
    found: dict[str, Card] = {}
    for entry in entries:
        found.setdefault(entry.family, entry)
    return tuple(found.values())
