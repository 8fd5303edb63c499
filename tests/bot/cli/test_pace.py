"""What the bar of an ingest tells beside the counts."""

from __future__ import annotations

import pytest

from bot.cli.session import pace_of


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (0, 100, 3.0, ""),
        (100, 300, 0.5, "200 a second, 0:01 left"),
        (128, 20_128, 2.0, "64 a second, 5:12 left"),
        (10, 72_010, 10.0, "1 a second, 20:00:00 left"),
        (2, 5, 8.0, "4 s each, 0:12 left"),
        (5, 5, 1.0, "5 a second"),
        (5, 5, 0.0, ""),
    ],
)
def test_the_bar_tells_the_rate_and_the_time_left(done: int, total: int, seconds: float, told: str):
    assert pace_of(done, total, seconds) == told
