"""Timing: which entries a period selects, as mentions beside the names of a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.periods import Period, Sort
from corpus.gazetteer import Basis, Gazetteer, Mention, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from corpus.gazetteer import Card

_ASKED_FOR = (Kind.PAPER, Kind.JOB)
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
        latest = latest_document(_of_all(others, gazetteer))
        if latest is None:
            return None
        entries = frozenset(card.id for card in gazetteer.cards.values() if card.document == latest.document)
        name = latest.digest
    else:
        entries = frozenset(selected(period, gazetteer, today))
        name = period.words
    added = [Mention(What.PERIOD, name, span, entries, 1.0) for span in period.spans]
    return tuple(sorted([*others, *added], key=lambda m: (m.span.start, m.span.end, m.what, m.name)))


def selected(period: Period, gazetteer: Gazetteer, today: date) -> Iterable[int]:
    """Ids of the entries that a period selects; one that stands in several documents came with the first."""
    for card in gazetteer.cards.values():
        first = min((gazetteer.cards[twin] for twin in gazetteer.twins(card.key)), key=lambda c: c.dates.own[0])
        if _lies_in(period, card, first, today):
            yield card.id


def day_of(period: Period | None, card: Card) -> tuple[date, Basis]:
    """The day by which a period takes an entry, and what it is taken from."""
    if period and period.sort is Sort.CAME:
        return card.dates.seen, Basis.SEEN
    return card.dates.own


def latest_document(cards: Iterable[Card]) -> Card | None:
    """An entry of the document that is the latest by its own day or its venue's year, else by its first sight."""
    dated = [card for card in cards if card.dates.published or card.dates.year]
    return max(dated or list(cards), key=_of_document, default=None)


def _of_document(card: Card) -> tuple[date, date, int]:
    dates = card.dates
    day = dates.published or dates._replace(posted=None, since_then=True).recency[0]
    return day, dates.seen, card.id


def _of_all(mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Card]:
    """The entries that carry the venues, topics and the like that stand beside "the latest guide"."""
    chosen = list(gazetteer.cards.values())
    for mention in mentions:
        if mention.what in (What.VENUE, What.YEAR, What.DIGEST) and mention.exactness >= _SURE and mention.entries:
            chosen = [card for card in chosen if card.id in mention.entries]
    return chosen


def _lies_in(period: Period, card: Card, first: Card, today: date) -> bool:
    if period.sort is Sort.LATEST:
        return card.kind in _ASKED_FOR
    if period.sort is Sort.OPEN:
        return card.kind is Kind.JOB and (card.dates.closes is None or card.dates.closes >= today)
    if period.sort is Sort.CLOSES:
        return card.dates.closes is not None and _within(period, card.dates.closes)
    day, basis = day_of(period, first)
    year = first.dates.year
    if basis is Basis.SEEN and year and period.sort is not Sort.CAME:
        if period.whole_years:  # of a venue's year no more is known, and no more is asked
            return (period.first is None or period.first.year <= year) and (
                period.last is None or year <= period.last.year
            )
        if period.sort is Sort.PUBLISHED and period.first and year < period.first.year:
            return False
    return _within(period, day)


def _within(period: Period, day: date) -> bool:
    return (period.first is None or period.first <= day) and (period.last is None or day <= period.last)
