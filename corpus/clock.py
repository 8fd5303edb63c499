"""The day that it is: today's in UTC, or the one that ``DIGESTBOT_TODAY`` sets for tests and replays."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from corpus.errors import DigestbotError

VARIABLE = "DIGESTBOT_TODAY"


def today() -> date:
    """The day against which relative days are read and questions are asked.

    Raises:
        DigestbotError: the variable is set, but to no ISO day.
    """
    return now().date()


def now() -> datetime:
    """This moment in UTC, on the day that is set.

    Raises:
        DigestbotError: the variable is set, but to no ISO day.
    """
    moment = datetime.now(UTC)
    said = os.environ.get(VARIABLE, "").strip()
    if not said:
        return moment
    try:
        return datetime.combine(date.fromisoformat(said), moment.timetz())
    except ValueError:
        raise DigestbotError(f"{VARIABLE} is {said!r}, which is no day; write it as 2026-06-10") from None
