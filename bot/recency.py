"""Recency: how a summary tells of the time that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import shown
from bot.understanding.periods import Period, Sort
from bot.understanding.timing import day_of
from corpus.gazetteer import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.gazetteer import Card


def time_told(period: Period | None, entries: Sequence[Card]) -> str:
    """What a summary says of the period behind "3 job posts in Spain", with the blank or comma before it.

    Args:
        period: what the question says of time.
        entries: what was selected; none where nothing was.
    """
    if period is None or period.sort is Sort.LATEST:
        return ", the latest first" if period else ""
    if period.sort is Sort.LATEST_DIGEST:
        return f" in {entries[0].digest}, the latest digest" if entries else " in the latest digest"
    if period.sort is Sort.OPEN:
        return _open(entries)
    if period.sort is Sort.CLOSES:
        return f" closing {period.words}"
    by_year = period.whole_years and any(_by_year(entry) for entry in entries)
    return f" {_years(period) if by_year else f'{_taken_from(period, entries)} {period.words}'}"


def latest_told(period: Period | None, latest: Card) -> str:
    """Say which entry is the latest there is."""
    day, basis = day_of(period, latest)
    if period and period.sort in (Sort.CLOSES, Sort.OPEN):
        closes = latest.dates.closes
        return (
            f"The last to close is “{latest.title}”, on {shown(closes)}." if closes else "None names its last day."
        )
    if period and period.sort is Sort.PUBLISHED and _by_year(latest):
        return f"The latest is “{latest.title}”, of {latest.dates.year}."
    return f"The latest is “{latest.title}”, {basis} on {shown(day)}."


def _open(entries: Sequence[Card]) -> str:
    named = sum(entry.dates.closes is not None for entry in entries)
    if entries and not named:
        return f" not known to be closed: {'it names no' if len(entries) == 1 else 'none names a'} last day"
    if len(entries) > 1:
        return f" not past their last day; {named} of them {'name' if named > 1 else 'names'} one"
    return f" not past {'its' if entries else 'their'} last day"


def _by_year(entry: Card) -> bool:
    return entry.dates.own[1] is Basis.SEEN and entry.dates.year is not None


def _years(period: Period) -> str:
    first, last = period.first, period.last
    if first and last:
        return f"of {first.year}" if first.year == last.year else f"of {first.year} to {last.year}"
    return f"of {first.year} and later" if first else f"of {last.year} and before" if last else ""


def _taken_from(period: Period, entries: Sequence[Card]) -> str:
    """Whether the days are the pages' own or those of the first sight: "posted or first seen"."""
    if period.sort is Sort.CAME:
        return str(Basis.SEEN)
    if not entries:
        return "that are new"
    found = {day_of(period, entry)[1] for entry in entries}
    return " or ".join(str(basis) for basis in Basis if basis in found)
