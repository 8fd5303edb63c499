"""The facts: which entries satisfy everything that a question names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.answering.entry_set import Selection
from bot.query import intent as cues
from bot.query.periods import Sort
from bot.query.query import Intent, Reading, compared_sort
from corpus.errors import NotFoundError
from corpus.gazetteer import NO_IDS, Ids, Mention, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.gazetteer import Cards, Gazetteer
    from corpus.store import Filter
    from embeddings.ranking import Hit


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


_ARTICLE, _FIGURE_UNASKED = 0.95, 0.80
"""What scores are multiplied with: people ask for papers and jobs more than for the prose around them."""


def carriers_of(names: Gazetteer, what: What, name: str) -> Ids:
    """The entries that carry a name, as it is written or with slips.

    Raises:
        NotFoundError: none does.
    """
    found = names.catalogue.entries(what, name)
    if not found:
        read = [mention for mention in names.read(name) if mention.what in (what, What.YEAR)]
        spans = [mention.span for mention in read]
        unread = [w for w in re.finditer(r"\w+", name) if not any(s.start <= w.start() < s.end for s in spans)]
        if any(mention.what is what for mention in read) and not unread:
            found = Ids.intersection(*(mention.entries for mention in read))
    if not found:
        raise NotFoundError(f"The digest has no {what} “{' '.join(name.split())[:100]}”.")
    return found


def within_latest(reading: Reading, names: Gazetteer, allowed: Filter) -> Filter:
    """The filter, held to the latest document where that is what is asked about."""
    if allowed.documents is not None or reading.period is None or reading.period.sort is not Sort.LATEST_DIGEST:
        return allowed
    entries = next((mention.entries for mention in reading.named(What.PERIOD)), NO_IDS)
    latest = names.cards.stored(entries.min()) if entries else None
    return replace(allowed, documents=frozenset({latest.document} if latest else ()))


def visible_to(allowed: Filter, names: Gazetteer) -> Ids:
    """The entries whose kind and document are asked for; all names are of the asker's scope."""
    visible = names.cards.ids
    if allowed.kinds is not None:
        visible &= NO_IDS.union(*map(names.cards.of_kind, allowed.kinds))
    if allowed.documents is not None:
        visible &= names.of_documents(allowed.documents)
    return visible if allowed.entries is None else visible & Ids(allowed.entries)


def weights(reading: Reading) -> dict[Kind, float]:
    """Weigh the kinds of entries: a caption goes behind what it illustrates, unless a figure is asked for."""
    figure = 1.0 if cues.FIGURE.search(reading.question) else _FIGURE_UNASKED
    return {Kind.ARTICLE: _ARTICLE, Kind.FIGURE: figure}


def one_of_each(hits: Sequence[Hit], names: Gazetteer) -> list[Hit]:
    """The hits without those whose kin comes before them."""
    found: dict[int, Hit] = {}
    families = names.cards.families_of(hit.passage.entry for hit in hits)
    for hit in hits:
        entry = hit.passage.entry
        found.setdefault(families.get(entry, -entry), hit)
    return list(found.values())


def ordered(reading: Reading, facts: Facts, hits: list[Hit]) -> list[Hit]:
    """A list in the page's order where nothing but its facts was asked for, and only of what was asked for."""
    if not reading.is_list or not facts.all:
        return hits
    place = facts.listed.places_of(hit.passage.entry for hit in hits)
    selected = [hit for hit in hits if hit.passage.entry in place]
    if not reading.rest:
        selected.sort(key=lambda hit: place[hit.passage.entry])
    if not reading.named(What.TOPIC):
        return selected
    # A heading is one page's word: behind what stands under it comes what is near, where all else holds.
    others: dict[What, Ids] = {}
    for mention in reading.selecting:
        if mention.what is not What.TOPIC:
            others[mention.what] = others.get(mention.what, NO_IDS) | mention.entries
    return selected + [
        hit
        for hit in hits
        if hit.passage.entry not in place
        and hit.passage.kind is facts.all[0].kind
        and all(hit.passage.entry in carriers for carriers in others.values())
    ]
