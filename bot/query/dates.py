"""Days in words: "1 October", "last month", "2026-10-01" as stretches of days, seen from a given day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from corpus.english import MONTHS

_MONTHS = tuple(month[:3].lower() for month in MONTHS)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "thirty": 30,
}  # fmt: skip
_EARLIEST, _LATEST = 1000, 9000
"""Years between which days are taken for such."""

_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
"""Days of what is counted back from today: no calendar is asked."""

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_NTH = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d)\b"
    rf"|(?:the )?(?P<day>\d{{1,2}}){_NTH}(?: of)? (?P<month>{MONTH})(?:,? (?P<year>{_YEAR})\b)?"
    rf"|(?P<month2>{MONTH}) (?P<day2>\d{{1,2}}){_NTH}\b(?!\d)(?:,? (?P<year2>{_YEAR})\b)?"
    rf"|(?P<month3>{MONTH})(?:,? (?P<year3>{_YEAR})\b)?"
    rf"|(?P<year4>{_YEAR})\b(?!-)"
    r"|(?P<near>today|yesterday|tomorrow)\b"
    r"|(?P<which>last|this|next|past) (?P<unit>week|month|year)\b"
    rf"|(?:last |on )?(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
    rf"|(?P<number>{NUMBER}) (?P<units>day|week|month|year)s? ago\b",
    re.IGNORECASE,
)


class Stretch(NamedTuple):
    """Days from the first to the last, both of them in it; ``end`` is where its words end in the text.

    ``whole_years``: it was said by a year alone.
    """

    first: date
    last: date
    end: int
    whole_years: bool = False


def stretch_at(text: str, at: int, today: date, *, ahead: bool = False) -> Stretch | None:
    """The days that the words at a place of a text name; None where they name none.

    Args:
        text: a question.
        at: where the words begin.
        today: the day on which it is asked.
        ahead: whether a day or month without its year is the next one, and not the last.
    """
    found = _DAY.match(text, at)
    if found is None:
        return None
    said = {name: value.lower() for name, value in found.groupdict().items() if value}
    try:
        days = _days(said, today, ahead=ahead)
    except ValueError:  # 31 June
        return None
    if (
        not _EARLIEST < days[0].year <= days[1].year < _LATEST
    ):  # there is no day before or after the calendar's last
        return None
    return Stretch(*days, found.end(), "year4" in said or said.get("unit") == "year")


def back(number: str | None, unit: str, today: date) -> date:
    """So many days, weeks, months (of 30 days) or years before a day; one where no number is given.

    Raises:
        ValueError: that is before all calendars.
    """
    try:
        return today - timedelta(days=count(number) * _UNITS[unit.lower()])
    except OverflowError:
        raise ValueError("too long ago") from None


def count(number: str | None) -> int:
    """A number in digits or words."""
    said = (number or "a").lower()
    return int(said) if said.isdigit() else _NUMBERS[said]


class _Named(NamedTuple):
    """A month by its number, with what was said of its year and day."""

    year: int | None
    month: int
    day: int | None

    def in_year(self, year: int) -> tuple[date, date]:
        first = date(year, self.month, self.day or 1)
        return first, first if self.day else date(year, self.month, monthrange(year, self.month)[1])


def _days(said: dict[str, str], today: date, *, ahead: bool) -> tuple[date, date]:
    if "year4" in said:
        return date(int(said["year4"]), 1, 1), date(int(said["year4"]), 12, 31)
    if "unit" in said:
        return _calendar(said["unit"], {"last": -1, "past": -1, "this": 0, "next": 1}[said["which"]], today)
    day = _one_day(said, today, ahead=ahead)
    return (day, day) if day else _by_month(said, today, ahead=ahead)


def _one_day(said: dict[str, str], today: date, *, ahead: bool) -> date | None:
    if "iso" in said:
        return date.fromisoformat(said["iso"])
    if "near" in said:
        return today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[said["near"]])
    if "weekday" in said:
        ago = (today.weekday() - _WEEKDAYS.index(said["weekday"])) % 7
        return today + timedelta(days=(7 if ahead and ago else 0) - ago)
    return back(said["number"], said["units"], today) if "units" in said else None


def _by_month(said: dict[str, str], today: date, *, ahead: bool) -> tuple[date, date]:
    month = _MONTHS.index((said.get("month") or said.get("month2") or said["month3"])[:3]) + 1
    year = said.get("year") or said.get("year2") or said.get("year3")
    day_of_month = said.get("day") or said.get("day2")
    named = _Named(int(year) if year else None, month, int(day_of_month) if day_of_month else None)
    first, last = named.in_year(named.year or today.year)
    if named.year is None and not ahead and first > today:
        return named.in_year(today.year - 1)
    if named.year is None and ahead and last < today:
        return named.in_year(today.year + 1)
    return first, last


def _calendar(unit: str, step: int, today: date) -> tuple[date, date]:
    if unit == "week":
        monday = today + timedelta(days=7 * step - today.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    months = today.year * 12 + today.month - 1 + step
    year, month = divmod(months, 12)
    return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])


def shown(day: date) -> str:
    """A day as it is told: "3 March 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
