"""Time as the loopback Discord counts it, real at a scale or moved on by hand, and waiting in it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import copysign, inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_AGAIN_SECONDS = 0.02


class Clock:
    """Seconds since the start. ``time_scale`` 1 is real speed; 0 stands still until ``advance``."""

    def __init__(self, time_scale: float = 1.0) -> None:
        self._scale = time_scale
        self._started = time.monotonic()
        self._started_at = datetime.now(UTC)
        self._advanced = 0.0
        self._happened = asyncio.Event()

    def now(self) -> float:
        """Seconds since the start."""
        return self._advanced + (time.monotonic() - self._started) * self._scale

    def wall(self) -> datetime:
        """Date and time that go with ``now``."""
        return self._started_at + timedelta(seconds=self.now())

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self._advanced += seconds
        self.pulse()

    def pulse(self) -> None:
        """Something happened: whoever waits looks again."""
        self._happened.set()
        self._happened = asyncio.Event()

    async def wait(self, done: Callable[[], bool], *, until: float | None = None, real_seconds: float) -> bool:
        """Wait for ``done``, for the clock to show ``until``, or for real time to run out; return ``done()``.

        Looks at every pulse, and now and then without one: not all that is waited for happens in here.
        """
        give_up = time.monotonic() + real_seconds
        while not done():
            left = min(give_up - time.monotonic(), self._real_seconds_to(until))
            if left <= 0:
                return False
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LOOK_AGAIN_SECONDS)):
                    await self._happened.wait()
        return True

    def _real_seconds_to(self, moment: float | None) -> float:
        if moment is None:
            return inf
        left = moment - self.now()
        return left / self._scale if self._scale else copysign(inf, left)
