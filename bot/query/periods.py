"""Periods: what a question says of time, "since October", "closing this month", "the latest guide". English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from bot.query.dates import NUMBER, Stretch, back, shown, stretch_at
from corpus.gazetteer import Basis, Gazetteer, Ids, Mention, What
from corpus.model import Kind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from corpus.gazetteer import Card, Cards


_I = re.IGNORECASE

WEEK = 7
"""Days that "new" means where no time is said."""

SOON = 30
"""Days that "soon" means."""

_ENTRIES = (
    r"papers|publications|articles|preprints|jobs|(?:job )?(?:openings|posts|postings|offers)|positions|vacancies"
    r"|roles|internships|opportunities|entries"
)
_ONE = r"paper|publication|preprint|job|opening|position|vacancy|internship"
_DIGESTS = r"guides?|digests?|pages?|editions?|issues?|newsletters?|roundups?"
_CAME = re.compile(r"\b(?:c[ao]mes? in|coming in|got in|arrived?|(?:been )?added|ingested)\b", _I)
_PUBLISHED = re.compile(
    r"\b(?:posted|published|publish|released|presented|advertised|announced|appeared|put up)\b", _I
)
_NEW = re.compile(r"\b(?:what(?:'s|’s|s| is| has| are)? new|anything new|new(?:ly)?|news|fresh)\b", _I)
_NOUN = re.compile(rf"\b(?:{_ENTRIES}|{_DIGESTS})\b", _I)
_JUST_NEW = re.compile(
    r"^\W*(?:(?:so|hi|hey|hello|and|ok)\W+)*(?:what(?:'s|’s|s| is| has been)|(?:is there )?anything|any)"
    r" (?:new|news)(?: (?:here|there|please|in (?:here|there|the digests?|the corpus)))?\W*$",
    _I,
)
_SINCE = re.compile(
    r"\b(since|after|from|in(?! (?:today|yesterday|this)\b)|during|on|before|until|till)(?: the)? ", _I
)
_ON = re.compile(r"\s*on(?:wards?)?\b", _I)
_WITHIN = re.compile(
    rf"\b(?:(?:in|over|within|during|of|from) )?the (?:last|past) (?:({NUMBER}) )?(day|week|month|year)s?\b"
    rf"|\b(?:last|past) ({NUMBER}) (day|week|month|year)s\b",
    _I,
)
_PLAIN = re.compile(
    r"\b(?:(?:from|of|(?<!came )(?<!come )in) )?(?:(?:this|last|past) (?:week|month|year)|today|yesterday)\b", _I
)
_CLOSING = re.compile(
    r"\b(?:clos(?:e|es|ing)(?! to\b)|expir(?:e|es|ing)|deadlines?|due|apply|applications?)\b", _I
)
_AHEAD = re.compile(
    r"\b(?:(?P<soon>soon)\b|(?P<by>by|before|until|till|in|on|within)(?: the)? |(?=this |next |today|tomorrow))",
    _I,
)
_COMING = re.compile(rf"(?:(?:next|coming) )?(?:({NUMBER}) )?(day|week|month|year)s?\b", _I)
_OPEN = re.compile(
    r"\b(?:that are |which are |are )?(?:still|currently) (?:open|available|accepting applications)\b"
    r"|\bopen (?:right now|now|today|at the moment|still)\b"
    r"|\b(?:can|could) (?:i |we )?still apply(?: (?:for|to))?\b"
    r"|\b(?:not|aren't|haven't|have not) (?:yet )?closed(?: yet)?\b",
    _I,
)
_JOBS = re.compile(r"\b(?:jobs?|openings?|positions?|vacanc(?:y|ies)|roles?|posts?|postings?|internships?)\b", _I)
_LATEST = r"\b(?:the )?(?:very )?(?:latest|newest|most recent)\b"
_LATEST_DIGEST = re.compile(rf"({_LATEST})(?: [\w'’&-]+){{0,3}}? ({_DIGESTS})\b", _I)
_LATEST_ENTRIES = re.compile(
    rf"({_LATEST})(?: [\w'’&-]+){{0,3}}? (?:{_ENTRIES}|{_ONE})\b|\b(new)(?= (?:{_ENTRIES})\b)", _I
)


class Sort(StrEnum):
    """By what a period selects."""

    CAME = "came"
    """When it was first seen."""
    NEW = "new"
    """By the page's own day, else when it was first seen."""
    PUBLISHED = "published"
    """The same, but what is of an earlier year is not meant."""
    CLOSES = "closes"
    """By the last day to apply."""
    OPEN = "open"
    """Not past its last day."""
    LATEST = "latest"
    """All, the latest first."""
    LATEST_DIGEST = "latest digest"
    """What stands in the latest document."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time that a question names: days from ``first`` to ``last``, both in it, open where None.

    ``spans`` are its words in the question; ``whole_years`` where it was said in years.
    """

    sort: Sort
    spans: tuple[Span, ...]
    first: date | None = None
    last: date | None = None
    whole_years: bool = False

    @property
    def words(self) -> str:
        """The days as a summary tells them."""
        first, last = self.first, self.last
        if first and last:
            return f"on {shown(first)}" if first == last else f"from {shown(first)} to {shown(last)}"
        if first:
            return f"since {shown(first)}"
        return f"until {shown(last)}" if last else ""


def period_of(question: str, today: date) -> Period | None:
    """What a question says of time, None where it says nothing that selects.

    A year alone ("papers of 2023", "ICML 2023") is a venue's, and no period, but for "since 2023" and its like.

    Args:
        question: as it was asked.
        today: the day on which it is asked.
    """
    return _closing(question, today) or _past(question, today) or _open(question) or _latest(question)


def _past(question: str, today: date) -> Period | None:
    for stretch, span in _stretches(question, today):
        first, last = stretch.first, stretch.last
        if first is not None and first > today:
            continue
        sort, spans = _sorted(question)
        until = None if last is None or last >= today else last
        return Period(sort, (*spans, span), first, until, stretch.whole_years)
    if _JUST_NEW.match(question):
        return Period(Sort.NEW, (Span(0, len(question)),), today - timedelta(days=WEEK))
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    first: date | None
    last: date | None
    whole_years: bool = False


def _stretches(question: str, today: date) -> Iterator[tuple[_Said, Span]]:
    """The stretches of days in a question that can be meant by it, with their words."""
    anchored = any(cue.search(question) for cue in (_CAME, _PUBLISHED, _NEW, _NOUN))
    for found in _WITHIN.finditer(question) if anchored else ():
        number, unit = found[1] or found[3], found[2] or found[4]
        try:
            yield _Said(back(number, unit, today), None), Span(*found.span())
        except ValueError:
            continue
    for found in _SINCE.finditer(question):
        stretch = stretch_at(question, found.end(), today)
        if stretch is None:
            continue
        said = _bounded(found[1].lower(), stretch, question)
        if said and (anchored or found[1].lower() == "since"):
            on = _ON.match(question, stretch.end)
            yield said, Span(found.start(), on.end() if on else stretch.end)
    for found in _PLAIN.finditer(question) if anchored else ():
        begin = re.search(r"(?:this|last|past|today|yesterday)", found[0], _I)
        stretch = stretch_at(question, found.start() + (begin.start() if begin else 0), today)
        if stretch:
            yield _Said(stretch.first, stretch.last, stretch.whole_years), Span(*found.span())


def _bounded(word: str, stretch: Stretch, question: str) -> _Said | None:
    first, last, whole = stretch.first, stretch.last, stretch.whole_years
    onwards = _ON.match(question, stretch.end) is not None
    if word == "since" or (word == "from" and onwards):
        return _Said(first, None, whole)
    if word == "after":
        return _Said(last + timedelta(days=1), None, whole)
    if word == "before":
        return _Said(None, first - timedelta(days=1), whole)
    if word in {"until", "till"}:
        return _Said(None, last, whole)
    return None if whole and question[stretch.end - 4 : stretch.end].isdigit() else _Said(first, last, whole)


def _sorted(question: str) -> tuple[Sort, tuple[Span, ...]]:
    """By what a past period selects, and the words that say so."""
    for sort, cue in ((Sort.CAME, _CAME), (Sort.PUBLISHED, _PUBLISHED), (Sort.NEW, _NEW)):
        spans = tuple(Span(*found.span()) for found in cue.finditer(question))
        if spans:
            return sort, spans
    return Sort.NEW, ()


def _closing(question: str, today: date) -> Period | None:
    cue = _CLOSING.search(question)
    found = _AHEAD.search(question, cue.end()) if cue else None
    if cue is None or found is None or found.start() - cue.end() > SOON:
        return None
    first, end = today, found.end()
    last: date | None = None
    coming = _COMING.match(question, end) if found["by"] else None
    if found["soon"]:
        last = today + timedelta(days=SOON)
    elif coming and coming[0].strip():
        last, end = today + (today - back(coming[1], coming[2], today)), coming.end()
    elif stretch := stretch_at(question, end, today, ahead=True):
        word, end = (found["by"] or "in").lower(), stretch.end
        last = stretch.first - timedelta(days=1) if word == "before" else stretch.last
        first = max(today, stretch.first) if word in {"in", "on"} else today
    if last is None or last < first:
        return None
    return Period(Sort.CLOSES, (Span(cue.start(), end),), first, last)


def _open(question: str) -> Period | None:
    found = _OPEN.search(question)
    return Period(Sort.OPEN, (Span(*found.span()),)) if found and _JOBS.search(question) else None


def _latest(question: str) -> Period | None:
    if found := _LATEST_DIGEST.search(question):
        return Period(Sort.LATEST_DIGEST, (Span(*found.span(1)), Span(*found.span(2))))
    if found := _LATEST_ENTRIES.search(question):
        return Period(Sort.LATEST, (Span(*found.span(1 if found[1] else 2)),))
    return None


_SURE = 0.8


def timed(
    mentions: Sequence[Mention], period: Period, gazetteer: Gazetteer, today: date
) -> tuple[Mention, ...] | None:
    """The mentions of a question with those of its period; None where a title is meant by the period's words.

    A year or a month within the period's words is the period's, and no venue's.
    """
    inside = [m for m in mentions if any(m.span.start < s.end and s.start < m.span.end for s in period.spans)]
    if any(m.what is What.TITLE and m.exactness >= _SURE for m in inside):
        return None
    others = [mention for mention in mentions if mention not in inside]
    if period.sort is Sort.LATEST_DIGEST:
        latest = latest_document(gazetteer.cards, _of_all(others, gazetteer.cards))
        stored = gazetteer.cards.stored(latest.id) if latest else None
        if latest is None or stored is None:
            return None
        entries = gazetteer.cards.of_documents([latest.document])
        name = stored.digest
    else:
        entries = selected(period, gazetteer.cards, today)
        name = period.words
    added = [Mention(What.PERIOD, name, span, entries, 1.0) for span in period.spans]
    return tuple(sorted([*others, *added], key=lambda m: (m.span.start, m.span.end, m.what, m.name)))


def selected(period: Period, cards: Cards, today: date) -> Ids:
    """The entries that a period selects; one that stands in several documents came with the first."""
    rows = cards.rows
    if period.sort is Sort.LATEST:
        return cards.of_kind(Kind.PAPER) | cards.of_kind(Kind.JOB)
    if period.sort is Sort.OPEN:
        past = (rows["closes"] > 0) & (rows["closes"] < today.toordinal())
        closed = cards.where((rows["closed"] > 0) | (past & (rows["closed"] == 0)))
        return cards.of_kind(Kind.JOB) - closed
    if period.sort is Sort.CLOSES:
        return cards.where((rows["closes"] > 0) & _within(period, rows["closes"]))
    firsts = cards.timeline.firsts
    days = (rows["seen"] if period.sort is Sort.CAME else cards.timeline.own)[firsts]
    chosen = _within(period, days)
    if period.sort is not Sort.CAME:
        year = rows["year"][firsts]
        of_venue = cards.timeline.by_sight[firsts] & (year != 0)
        if period.whole_years:  # of a venue's year no more is known, and no more is asked
            chosen = np.where(of_venue, _within_years(period, year), chosen)
        elif period.sort is Sort.PUBLISHED and period.first:
            chosen &= ~(of_venue & (year < period.first.year))
    return cards.where(chosen)


def day_of(period: Period | None, card: Card) -> tuple[date, Basis]:
    """The day by which a period takes an entry, and what it is taken from."""
    if period and period.sort is Sort.CAME:
        return card.dates.seen, Basis.SEEN
    return card.dates.own


def latest_document(cards: Cards, entries: Ids) -> Card | None:
    """An entry of the document that is the latest by its own day or its venue's year, else by its first sight.

    Args:
        cards: of all entries that are seen.
        entries: those whose documents are compared.
    """
    rows = cards.among(entries)
    dated = rows[(rows["published"] > 0) | (rows["year"] != 0)]
    chosen = dated if len(dated) else rows
    if not len(chosen):
        return None
    days = cards.timeline.of_documents[cards.places(chosen["id"])]
    return cards.get(int(chosen["id"][np.lexsort((chosen["id"], chosen["seen"], days))[-1]]))


def _of_all(mentions: Sequence[Mention], cards: Cards) -> Ids:
    """The entries that carry the venues, topics and the like that stand beside "the latest guide"."""
    chosen = cards.ids
    for mention in mentions:
        if mention.what in (What.VENUE, What.YEAR, What.DIGEST) and mention.exactness >= _SURE and mention.entries:
            chosen &= mention.entries
    return chosen


def _within(period: Period, days: NDArray[np.int32]) -> NDArray[np.bool_]:
    inside = np.ones(len(days), bool)
    if period.first:
        inside &= days >= period.first.toordinal()
    if period.last:
        inside &= days <= period.last.toordinal()
    return inside


def _within_years(period: Period, years: NDArray[np.int16]) -> NDArray[np.bool_]:
    inside = np.ones(len(years), bool)
    if period.first:
        inside &= years >= period.first.year
    if period.last:
        inside &= years <= period.last.year
    return inside
