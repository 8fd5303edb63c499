"""The clock: which day it is for those who ask, and how a day is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def today_in_utc() -> date:
    """Today, as the store counts days."""
    return datetime.now(UTC).date()


def shown(day: date) -> str:
    """A day as it is told: "3 March 2026"."""
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"
