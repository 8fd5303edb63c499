"""Intervals as they are written, and the waits of what fails."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from bot.sources.schedule import interval, item_wait_after, spelt, wait_after
from corpus.errors import DigestbotError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("written", "meant", "again"),
    [
        ("30m", HOUR / 2, "30m"),
        (" 6H ", 6 * HOUR, "6h"),
        ("1d", DAY, "1d"),
        ("2w", 14 * DAY, "14d"),
        ("90m", 1.5 * HOUR, "90m"),
    ],
)
def test_intervals_are_written_with_their_unit(written: str, meant: timedelta, again: str):
    assert interval(written) == meant
    assert spelt(meant) == again


@pytest.mark.parametrize("written", ["", "6", "h", "-1h", "1.5h", "2m", "31d", "99999w", "٣h٣", "1h 30m"])
def test_what_is_no_interval_is_told(written: str):
    with pytest.raises(DigestbotError, match="interval"):
        interval(written)


def test_waits_double_up_to_a_day_or_the_interval_and_no_number_of_failures_breaks_them():
    waits = [wait_after(failures, HOUR, Random(1)) / HOUR for failures in (1, 2, 3, 10_000)]
    for wait, base in zip(waits, (1, 2, 4, 24), strict=True):
        assert base <= wait <= 1.1 * base
    assert wait_after(1, timedelta(minutes=5), Random(1)) < HOUR / 10
    assert 7 * DAY <= wait_after(50, 7 * DAY, Random(1)) <= 7.7 * DAY
    assert wait_after(1, HOUR, Random(1), 5 * 3600) >= 5 * HOUR
    assert 7 * DAY <= item_wait_after(10_000, Random(1)) <= 7.7 * DAY
