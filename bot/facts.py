"""The facts: which entries satisfy everything that a question names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.selection import Selection
from bot.understanding.periods import Sort
from bot.understanding.reading import Intent, Reading, compared_sort
from corpus.gazetteer import NO_IDS, Ids, Mention, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.gazetteer import Cards

_LATEST = 3
"""Entries that are shown where nothing came in in the time that is asked for."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one of several compared names has: its name, and distinct entries in page order."""

    name: str
    entries: Selection


@dataclass(frozen=True)
class Facts:
    """What the names in a question select.

    ``entries`` satisfy all of them, in page order, one for each that stands in several documents; ``in_text`` are
    job posts that only name a place or year in their text. ``missing`` are the names that nothing satisfies,
    alone or together with the others. ``groups`` are set where names are compared. ``wider`` says that they stand
    under headings that only have the words of the named topic among others: none stands under the topic itself.
    ``latest`` are those that all names but the period select, the latest first, where nothing lies in the period.
    """

    entries: Selection
    in_text: Selection
    latest: Selection
    groups: tuple[Group, ...] = ()
    missing: tuple[Mention, ...] = ()
    wider: bool = False

    @cached_property
    def all(self) -> Selection:
        """Those that the facts select, then those that name a fact in their text."""
        return self.entries.followed_by(self.in_text)

    @cached_property
    def listed(self) -> Selection:
        """What a list shows, in its order: what each of the compared names has, or all."""
        compared = self.groups[0].entries if self.groups else self.all
        for group in self.groups[1:]:
            compared = compared.followed_by(group.entries)
        return compared or self.all


def facts_of(reading: Reading, cards: Cards, visible: Ids) -> Facts:
    """Select by the names of a question.

    Args:
        reading: the question.
        cards: of the entries that the asker sees, and that the question was read against.
        visible: those of them that are asked for.
    """
    none = Selection.of(cards, NO_IDS)
    mentions = reading.selecting
    if not mentions and not reading.asks_for_all:
        return Facts(none, none, none)
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
    ordered = _by_time(reading, Selection.of(cards, chosen))
    others = Selection.of(cards, in_text).without_families_of(ordered)
    latest = _latest(reading, mentions, cards, visible) if missing else none
    groups = _groups(reading, mentions, cards, chosen) if reading.intent is Intent.COMPARE else ()
    return Facts(ordered, others, latest, groups, missing, wider)


def selects_alone(reading: Reading, facts: Facts) -> bool:
    """Whether a time and names, or the kind alone, select a list, and nothing else is asked."""
    alone = reading.period or reading.asks_for_all
    return bool(alone and reading.is_list and facts.all and not facts.missing and not reading.rest)


def _together(
    mentions: Iterable[Mention], cards: Cards, visible: Ids, reading: Reading, *, texts: bool = False
) -> Ids:
    """The entries that satisfy the names: one of each sort, of the wanted kind."""
    sorts: dict[What, Ids] = {}
    for mention in mentions:
        carried = mention.entries
        if texts or (mention.what is What.YEAR and reading.kind is Kind.JOB):
            carried |= mention.named_in_text
        sorts[mention.what] = sorts.get(mention.what, NO_IDS) | carried
    together = visible & cards.ids
    for carried in sorts.values():
        together &= carried
    kinds = {reading.kind} if reading.kind else _kinds_of(sorts, reading, cards, together)
    return together & NO_IDS.union(*map(cards.of_kind, kinds))


def _kinds_of(sorts: Mapping[What, Ids], reading: Reading, cards: Cards, found: Ids) -> set[Kind]:
    """The kinds of entries that are meant where none is named."""
    if sorts.keys() & {What.PLACE, What.TEAM, What.ROLE}:
        return {Kind.JOB}
    if reading.period and not sorts.keys() - {What.PERIOD, What.DIGEST}:  # whatever has come in
        there = {kind for kind in Kind if not found.isdisjoint(cards.of_kind(kind))}
        return there & {Kind.PAPER, Kind.JOB} or there
    return {Kind.PAPER}


def _by_time(reading: Reading, entries: Selection) -> Selection:
    """Entries in the order of the period that is asked for: the latest first, what closes by its last day."""
    period = reading.period
    if period is None or period.sort in (Sort.OPEN, Sort.LATEST_DIGEST):
        return entries
    rows, timeline = entries.cards.rows, entries.cards.timeline
    if period.sort is Sort.CLOSES:
        return entries.by(np.where(rows["closes"] > 0, rows["closes"], date.max.toordinal()))
    if period.sort is Sort.LATEST or period.whole_years:
        return entries.by(-timeline.recent, -rows["seen"])
    return entries.by(-(rows["seen"] if period.sort is Sort.CAME else timeline.own))


def _latest(reading: Reading, mentions: Sequence[Mention], cards: Cards, visible: Ids) -> Selection:
    """The latest of what the other names select, where the period selects nothing."""
    others = [mention for mention in mentions if mention.what is not What.PERIOD]
    if len(others) == len(mentions) or any(not m.entries and not m.named_in_text for m in others):
        return Selection.of(cards, NO_IDS)
    chosen = Selection.of(cards, _together(others, cards, visible, reading))
    sort = reading.period.sort if reading.period else None
    if sort in (Sort.CLOSES, Sort.OPEN):
        days = cards.rows["closes"]
    elif sort is Sort.CAME:
        days = cards.rows["seen"]
    else:
        days = cards.timeline.recent if sort is Sort.PUBLISHED else cards.timeline.own
    return chosen.by(-days)[:_LATEST]


def _groups(reading: Reading, mentions: Sequence[Mention], cards: Cards, chosen: Ids) -> tuple[Group, ...]:
    what = compared_sort(reading.mentions)
    groups: dict[str, Ids] = {}
    for mention in mentions:
        if mention.what is what:
            groups[mention.name] = groups.get(mention.name, NO_IDS) | mention.entries
    return tuple(Group(name, Selection.of(cards, ids & chosen)) for name, ids in groups.items())
