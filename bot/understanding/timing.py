"""Timing: which entries a period selects, as mentions beside the names of a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.periods import Period, Sort
from corpus.gazetteer import Basis, Gazetteer, Ids, Mention, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from corpus.gazetteer import Card, Cards

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
        closed = cards.where((rows["closes"] > 0) & (rows["closes"] < today.toordinal()))
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
