"""The facts: which entries satisfy the condition of a plan, as sets, and in what order they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.answering.entry_set import Selection
from bot.answering.values import Value, most_comparable, values_of_all
from bot.query.lexicon import FIGURES
from bot.query.operations import compared_sort
from bot.query.parser import JOB_FACTS
from bot.query.periods import Sort
from bot.query.plan import Clause, Operation, Option, Plan
from corpus.errors import NotFoundError
from corpus.gazetteer import NO_IDS, Ids, Mention, What
from corpus.model import Kind
from corpus.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpus.gazetteer import Cards, Gazetteer
    from corpus.store import Filter
    from embeddings.ranking import Hit

    Saying = Callable[[Sequence[str]], Ids]
    """Gives the entries whose text says all of some words."""


_LATEST = 3
"""Entries that are shown where nothing came in in the time that is asked for."""
_UNSAID = frozenset(
    {What.PERIOD, What.AUTHORS, What.PAY, What.STATUS, What.SPONSORSHIP, What.CITIZENSHIP, What.YEAR}
)
"""Facts that are not told by their names in a text."""
_AS_WRITTEN = 0.95
"""Exactness from which a name is one as it is written."""
_INTROS = 5
"""Pages whose introductions tell what the corpus is about."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one of several compared names has: its name, and distinct entries in page order."""

    name: str
    entries: Selection


@dataclass(frozen=True)
class Facts:
    """What the condition of a plan selects.

    Attributes:
        entries: those that satisfy it, in order, one for each that stands in several documents.
        in_text: job posts that only name a place or year in their text.
        latest: what all but the period selects, the latest first, where nothing lies in the period.
        groups: of each of the compared names.
        values: what there is of a sort, with its number of entries, the most frequent first.
        missing: the names that nothing satisfies, alone or together with the others.
        wider: whether they stand under headings that only have the words of the named topic among others.
        said: the words of the question that all of ``entries`` say, so that their number is exact.
        near: what satisfies the condition and does not say these words.
        unsaid: whether words are left that none of ``entries`` is known to say.
    """

    entries: Selection
    in_text: Selection
    latest: Selection
    groups: tuple[Group, ...] = ()
    values: tuple[Value, ...] = ()
    missing: tuple[Mention, ...] = ()
    wider: bool = False
    said: tuple[str, ...] = ()
    near: Ids = NO_IDS
    unsaid: bool = False

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


def facts_of(plan: Plan, names: Gazetteer, visible: Ids, saying: Saying | None = None) -> Facts:
    """Carry out the condition of a plan.

    Args:
        plan: of the question.
        names: of the corpus, as the asker sees it, that the question was read against.
        visible: the entries that are asked for.
        saying: gives the entries that say some words; without it no words are looked for.
    """
    cards = names.cards
    none = Selection.of(cards, NO_IDS)
    if plan.operation is Operation.OVERVIEW:
        return Facts(_introductions(plan, names, visible), none, none)
    if not plan.condition and not (plan.is_list and plan.kind) and plan.group is None:
        return Facts(none, none, none)
    selector = _Selector(plan, cards, visible, saying)
    held = [clause for clause in plan.condition if not clause.negated]
    absent = tuple(name for clause in held for name in selector.absent(clause))
    chosen = selector.select()
    in_text = selector.select(texts=True) - chosen
    wider = False
    if not chosen and not in_text and not absent:
        chosen, wider = selector.softened()
    missing = absent or (() if chosen or in_text else tuple(plan.selecting))
    facts = Facts(
        _by_time(plan, Selection.of(cards, chosen)),
        none,
        _latest(plan, selector, cards) if missing else none,
        _groups(plan, cards, chosen),
        missing=missing,
        wider=wider,
    )
    facts = replace(facts, in_text=Selection.of(cards, in_text).without_families_of(facts.entries))
    return _worked_out(plan, facts, names, saying)


class _Selector:
    """Selects entries by the clauses of a plan."""

    def __init__(self, plan: Plan, cards: Cards, visible: Ids, saying: Saying | None) -> None:
        self._plan = plan
        self._cards = cards
        self._visible = visible & cards.ids
        self._saying = saying

    def select(self, clauses: Sequence[Clause] | None = None, *, texts: bool = False, wider: bool = False) -> Ids:
        """The entries that satisfy some clauses, all of the plan's if none are given."""
        clauses = self._plan.condition if clauses is None else clauses
        found = self._visible
        for clause in clauses:
            found &= self._satisfying(clause, texts=texts, wider=wider)
        return found & NO_IDS.union(*map(self._cards.of_kind, self._kinds(clauses, found)))

    def absent(self, clause: Clause) -> list[Mention]:
        """The names of a clause that nothing carries or says, where it cannot hold without them."""
        lacking = [option for option in clause.options if not (option.entries(texts=True) or self._said(option))]
        if not clause.every and len(lacking) < len(clause.options):
            return []
        return [name for option in lacking for name in option.names]

    def _said(self, option: Option) -> Ids:
        """The entries that say a name which none carries: no fact, but nothing that can be denied."""
        if self._saying is None or any(name.entries or name.what in _UNSAID for name in option.names):
            return NO_IDS
        return self._saying([word for name in option.names for word in words(name.name)]) & self._visible

    def softened(self) -> tuple[Ids, bool]:
        """What is selected without the page, else by topics in a wider sense, and whether it is the latter."""
        softer = [clause for clause in self._plan.condition if clause.what is not What.DIGEST]
        found = self.select(softer) if softer and len(softer) < len(self._plan.condition) else NO_IDS
        if found:
            return found, False
        found = self.select(wider=True)
        return found, bool(found)

    def _satisfying(self, clause: Clause, *, texts: bool, wider: bool) -> Ids:
        if clause.words:
            said = self._saying(clause.words) if self._saying else NO_IDS
            return self._visible - said if clause.negated else said
        of_year = clause.what is What.YEAR and self._plan.kind is Kind.JOB
        each = [option.entries(texts=texts or of_year, wider=wider) for option in clause.options]
        if texts:
            each = [carried | self._said(option) for carried, option in zip(each, clause.options, strict=True)]
        if not clause.negated:
            return Ids.intersection(*each) if clause.every else NO_IDS.union(*each)
        known = self._visible - NO_IDS.union(*(option.unknown for option in clause.options))
        if clause.what is What.PLACE:  # nothing is claimed of a post whose place is not known
            known &= self._cards.where(self._cards.rows["placed"])
        denied = NO_IDS.union(*(option.entries() for option in clause.options))
        return known - self._cards.families(denied)

    def _kinds(self, clauses: Sequence[Clause], found: Ids) -> set[Kind]:
        """The kinds of entries that are meant, where none is named those that carry such facts."""
        if self._plan.kind:
            return {self._plan.kind}
        whats = {clause.what for clause in clauses}
        if whats & JOB_FACTS:
            return {Kind.JOB}
        if self._plan.period and not whats - {What.PERIOD, What.DIGEST}:  # whatever has come in
            there = {kind for kind in Kind if not found.isdisjoint(self._cards.of_kind(kind))}
            return there & {Kind.PAPER, Kind.JOB} or there
        of_jobs = (What.COMPANY, What.TEAM, What.PLACE, What.CITIZENSHIP, What.SKILL, What.LEVEL, What.ROLE)
        return {Kind.JOB} if self._plan.group in of_jobs else {Kind.PAPER}


def _worked_out(plan: Plan, facts: Facts, names: Gazetteer, saying: Saying | None) -> Facts:
    """What the operation makes of the entries: those that say the words left over, the extreme, the groups."""
    if not plan.is_list:
        return facts
    if plan.rest and saying and facts.all:
        said = saying(plan.rest)
        exact = facts.entries.within(said)
        if exact:
            near = facts.entries.ids - exact.ids
            facts = replace(facts, entries=exact, in_text=facts.in_text.within(said), said=plan.rest, near=near)
        else:
            facts = replace(facts, unsaid=True)
    elif plan.rest:
        facts = replace(facts, unsaid=True)
    if plan.nth is not None and plan.operation is Operation.LIST:
        at = plan.nth - 1 if plan.nth > 0 else len(facts.entries) + plan.nth
        return replace(
            facts, entries=facts.entries[at : at + 1] if 0 <= at < len(facts.entries) else facts.entries
        )
    if plan.order and plan.operation is Operation.EXTREME:
        facts = replace(facts, entries=_extreme(plan, facts.entries))
    if plan.group is None:
        return facts
    if plan.both:
        clause = next(c for c in plan.condition if len(c.options) > 1)
        chosen = facts.entries.ids
        each = [values_of_all(names, option.entries() & chosen, plan.group) for option in clause.options]
        common = set.intersection(*({value.key for value in values} for values in each))
        values = tuple(v for v in values_of_all(names, chosen, plan.group) if v.key in common)
        carriers = NO_IDS.union(*(value.entries for value in values))
        return replace(facts, values=values, entries=facts.entries.within(carriers), groups=())
    return replace(facts, values=values_of_all(names, facts.entries.ids, plan.group))


def _extreme(plan: Plan, entries: Selection) -> Selection:
    """The entries that have most or least, those of the same measure as the last one shown among them."""
    order = plan.order
    if order is None or not entries:
        return entries
    if order.column == "recent":
        return entries.by(order.sign * entries.cards.timeline.recent)[: plan.limit]
    if order.column in {"low", "high"}:
        entries = most_comparable(entries)
    column = np.nan_to_num(entries.cards.rows[order.column].astype(np.float64))
    known = entries.within(entries.cards.where(column > 0)).by(order.sign * column)
    if not known or plan.limit is None:
        return known
    values = known.rows[order.column].astype(np.float64)
    last = values[min(plan.limit, len(known)) - 1]
    return known[: int((order.sign * values <= order.sign * last).sum())]


def _introductions(plan: Plan, names: Gazetteer, visible: Ids) -> Selection:
    """The first prose of each page that is asked about, or of the few that there are."""
    cards = names.cards
    chosen = visible
    for clause in plan.clauses(What.DIGEST, What.VENUE, What.YEAR):
        chosen &= NO_IDS.union(*(option.entries() for option in clause.options))
    pages = np.unique(cards.among(chosen)["document"])
    chosen = visible & cards.of_kind(Kind.ARTICLE) & cards.of_documents(pages.tolist())
    rows = cards.among(chosen)
    _, firsts = np.unique(rows["document"], return_index=True)
    return Selection.of(cards, Ids(rows["id"][np.sort(firsts)][:_INTROS].tolist()))


def selects_alone(plan: Plan, facts: Facts) -> bool:
    """Whether facts alone select a list that is no guess: each name is said as it stands, and nothing else is."""
    if not plan.is_list or not facts.all or facts.missing or facts.wider:
        return False
    if plan.rest and not (len(plan.rest) == 1 and plan.named(What.AUTHOR)):  # a word more about a person
        return False
    return all(name.exactness >= _AS_WRITTEN for name in plan.selecting)


def _by_time(plan: Plan, entries: Selection) -> Selection:
    """Entries in the order of the period that is asked for: the latest first, what closes by its last day."""
    period = plan.period
    if period is None or period.sort in (Sort.OPEN, Sort.LATEST_DIGEST):
        return entries
    rows, timeline = entries.cards.rows, entries.cards.timeline
    if period.sort is Sort.CLOSES:
        return entries.by(np.where(rows["closes"] > 0, rows["closes"], date.max.toordinal()))
    if period.sort is Sort.LATEST or period.whole_years:
        return entries.by(-timeline.recent, -rows["seen"])
    return entries.by(-(rows["seen"] if period.sort is Sort.CAME else timeline.own))


def _latest(plan: Plan, selector: _Selector, cards: Cards) -> Selection:
    """The latest of what the other names select, where the period selects nothing."""
    others = [clause for clause in plan.condition if clause.what is not What.PERIOD]
    if len(others) == len(plan.condition) or not plan.period:
        return Selection.of(cards, NO_IDS)
    chosen = Selection.of(cards, selector.select(others))
    if plan.period.sort in (Sort.CLOSES, Sort.OPEN):
        days = cards.rows["closes"]
    elif plan.period.sort is Sort.CAME:
        days = cards.rows["seen"]
    else:
        days = cards.timeline.recent if plan.period.sort is Sort.PUBLISHED else cards.timeline.own
    return chosen.by(-days)[:_LATEST]


def _groups(plan: Plan, cards: Cards, chosen: Ids) -> tuple[Group, ...]:
    if plan.operation is not Operation.COMPARE:
        return ()
    what = compared_sort(plan.condition)
    options = [
        option
        for clause in plan.condition
        if not clause.negated
        for option in clause.options
        if option.what is what
    ]
    by_name: dict[str, list[Option]] = {}
    for option in options:
        by_name.setdefault(option.told, []).append(option)
    return tuple(
        Group(name, Selection.of(cards, NO_IDS.union(*(each.entries() for each in several)) & chosen))
        for name, several in by_name.items()
    )


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


def within_latest(plan: Plan, names: Gazetteer, allowed: Filter) -> Filter:
    """The filter, held to the latest document where that is what is asked about."""
    if allowed.documents is not None or plan.period is None or plan.period.sort is not Sort.LATEST_DIGEST:
        return allowed
    entries = next((mention.entries for mention in plan.named(What.PERIOD)), NO_IDS)
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


def weights(plan: Plan) -> dict[Kind, float]:
    """Weigh the kinds of entries: a caption goes behind what it illustrates, unless a figure is asked for."""
    figure = 1.0 if not FIGURES.isdisjoint(words(plan.question)) else _FIGURE_UNASKED
    defined = plan.operation in (Operation.DEFINE, Operation.OVERVIEW)
    return {Kind.ARTICLE: 1.0 if defined else _ARTICLE, Kind.FIGURE: figure}


def one_of_each(hits: Sequence[Hit], names: Gazetteer) -> list[Hit]:
    """The hits without those whose kin comes before them."""
    found: dict[int, Hit] = {}
    families = names.cards.families_of(hit.passage.entry for hit in hits)
    for hit in hits:
        entry = hit.passage.entry
        found.setdefault(families.get(entry, -entry), hit)
    return list(found.values())


def ordered(plan: Plan, facts: Facts, hits: list[Hit]) -> list[Hit]:
    """A list in the order of its facts where nothing else was asked for, and only of what was asked for.

    Where words are left over, what says them comes first. Behind papers that say them, or stand under a heading,
    come those that are near, where all else holds: others may say the same in other words.
    """
    if not plan.is_list or not facts.all:
        return hits
    place = facts.listed.places_of(hit.passage.entry for hit in hits)
    selected = [hit for hit in hits if hit.passage.entry in place]
    if not plan.rest:
        selected.sort(key=lambda hit: place[hit.passage.entry])
    if plan.operation in (Operation.GROUP, Operation.EXTREME):
        return selected
    kind = facts.all[0].kind
    if facts.said and kind is not Kind.JOB:
        selected += [hit for hit in hits if hit.passage.entry in facts.near and hit.passage.entry not in place]
    if not plan.named(What.TOPIC):
        return selected
    others = [clause for clause in plan.condition if clause.what is not What.TOPIC and not clause.words]
    return selected + [hit for hit in hits if _is_beside(hit, place, kind, others)]


def _is_beside(hit: Hit, place: Iterable[int], kind: Kind, clauses: Sequence[Clause]) -> bool:
    """Whether a hit stands under another heading, but satisfies all else: a heading is one page's word."""
    entry = hit.passage.entry
    return (
        entry not in place
        and hit.passage.kind is kind
        and all(
            any(entry in option.entries() for option in clause.options) is not clause.negated for clause in clauses
        )
    )
