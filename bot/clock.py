"""The clock: which day it is for those who ask."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today_in_utc() -> date:
    """Today, as the store counts days."""
    return datetime.now(UTC).date()
