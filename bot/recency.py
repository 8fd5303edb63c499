"""Recency: how a summary tells of the time that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import shown
from bot.understanding.periods import Period, Sort
from bot.understanding.timing import day_of
from corpus.gazetteer import Basis

if TYPE_CHECKING:
    from bot.selection import Selection


def time_told(period: Period | None, entries: Selection) -> str:
    """What a summary says of the period behind "3 job posts in Spain", with the blank or comma before it.

    Args:
        period: what the question says of time.
        entries: what was selected; none where nothing was.
    """
    if period is None or period.sort is Sort.LATEST:
        return ", the latest first" if period else ""
    if period.sort is Sort.LATEST_DIGEST:
        latest = entries.cards.stored(entries[0].id) if entries else None
        return f" in {latest.digest}, the latest digest" if latest else " in the latest digest"
    if period.sort is Sort.OPEN:
        return _open(entries)
    if period.sort is Sort.CLOSES:
        return f" closing {period.words}"
    by_year = period.whole_years and bool((entries.by_sight & (entries.rows["year"] != 0)).any())
    return f" {_years(period) if by_year else f'{_taken_from(period, entries)} {period.words}'}"


def latest_told(period: Period | None, latest: Selection) -> str:
    """Say which entry is the latest there is, the first of a selection."""
    card = latest[0]
    day, basis = day_of(period, card)
    stored = latest.cards.stored(card.id)
    named = f" “{stored.entry.title}”," if stored else ""
    if period and period.sort in (Sort.CLOSES, Sort.OPEN):
        closes = card.dates.closes
        return f"The last to close is{named} on {shown(closes)}." if closes else "None names its last day."
    if period and period.sort is Sort.PUBLISHED and basis is Basis.SEEN and card.dates.year is not None:
        return f"The latest is{named} of {card.dates.year}."
    return f"The latest is{named} {basis} on {shown(day)}."


def _open(entries: Selection) -> str:
    named = int((entries.rows["closes"] > 0).sum())
    if entries and not named:
        return f" not known to be closed: {'it names no' if len(entries) == 1 else 'none names a'} last day"
    if len(entries) > 1:
        return f" not past their last day; {named} of them {'name' if named > 1 else 'names'} one"
    return f" not past {'its' if entries else 'their'} last day"


def _years(period: Period) -> str:
    first, last = period.first, period.last
    if first and last:
        return f"of {first.year}" if first.year == last.year else f"of {first.year} to {last.year}"
    return f"of {first.year} and later" if first else f"of {last.year} and before" if last else ""


def _taken_from(period: Period, entries: Selection) -> str:
    """Whether the days are the pages' own or those of the first sight: "posted or first seen"."""
    if period.sort is Sort.CAME:
        return str(Basis.SEEN)
    if not entries:
        return "that are new"
    posted, sight = entries.rows["posted"] > 0, entries.by_sight
    there = {Basis.POSTED: posted, Basis.PUBLISHED: ~posted & ~sight, Basis.SEEN: sight}
    found = {basis for basis, entered in there.items() if entered.any()}
    return " or ".join(str(basis) for basis in Basis if basis in found)
