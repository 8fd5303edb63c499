"""Refresher in the background: as sources fall due, in a thread, through every failure, and stopped at once."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.sources.sources import RefreshRunningError
from bot.sources.worker import LONGEST, SHORTEST, refresh_in_background
from corpus.errors import StoreError

if TYPE_CHECKING:
    from bot.sources.items import Refreshed

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """Moves on by what is waited, and ends the test after so many waits."""

    def __init__(self, waits: int) -> None:
        self.now = NOW
        self.waits: list[float] = []
        self.most = waits
        self.done = asyncio.Event()

    def __call__(self) -> datetime:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)
        if len(self.waits) > self.most:
            self.done.set()
            await asyncio.Event().wait()


class Scripted:
    """Sources that are due every ``every`` seconds, and do at each refresh what the script says."""

    def __init__(self, clock: Clock, every: float | None, script=()) -> None:
        self.clock = clock
        self.every = every
        self.due = NOW
        self.script = list(script)
        self.refreshed_at: list[float] = []
        self.threads: set[str] = set()

    def next_due(self) -> datetime | None:
        return None if self.every is None else self.due

    def refresh(self, names=(), *, listener=None, stop=None) -> list[Refreshed]:
        self.refreshed_at.append((self.clock.now - NOW).total_seconds())
        self.threads.add(threading.current_thread().name)
        step = self.script.pop(0) if self.script else None
        if isinstance(step, Exception):
            raise step
        self.due = self.clock.now + timedelta(seconds=self.every or 0)
        return []


async def run(sources: Scripted, clock: Clock) -> None:
    async with refresh_in_background(sources, pause=clock.pause, clock=clock):
        await asyncio.wait_for(clock.done.wait(), 30)


async def test_sources_are_refreshed_when_they_are_due_and_not_before():
    clock = Clock(5)
    sources = Scripted(clock, 90)
    await run(sources, clock)
    assert sources.refreshed_at == [0, 90, 180]
    assert clock.waits == [0, LONGEST, 30, LONGEST, 30, LONGEST]
    assert threading.main_thread().name not in sources.threads


async def test_without_a_source_it_looks_now_and_then_whether_there_is_one():
    clock = Clock(3)
    sources = Scripted(clock, None)
    await run(sources, clock)
    assert (sources.refreshed_at, clock.waits) == ([], [0, LONGEST, LONGEST, LONGEST])


@pytest.mark.parametrize(
    "failure",
    [StoreError("the disk is full"), RefreshRunningError("another digestbot"), ZeroDivisionError("oh")],
)
async def test_it_goes_on_whatever_happens(failure: Exception):
    clock = Clock(4)
    sources = Scripted(clock, 60, [None, failure, failure])
    await run(sources, clock)
    assert sources.refreshed_at == [0, 60, 120, 180]


async def test_what_is_due_again_at_once_is_not_asked_without_a_rest():
    clock = Clock(4)
    sources = Scripted(clock, 0)
    await run(sources, clock)
    assert clock.waits == [0, SHORTEST, SHORTEST, SHORTEST, SHORTEST]


async def test_a_refresh_that_runs_is_stopped_with_it():
    begun, stopped = threading.Event(), threading.Event()

    class Long(Scripted):
        def refresh(self, names=(), *, listener=None, stop=None) -> list[Refreshed]:
            async def work() -> None:
                begun.set()
                await asyncio.Event().wait()

            assert stop is not None
            if not stop.run(work()):
                stopped.set()
            return []

    clock = Clock(4)
    async with refresh_in_background(Long(clock, 60), pause=clock.pause, clock=clock):
        assert await asyncio.to_thread(begun.wait, 30)
    assert stopped.is_set()


async def test_nothing_is_done_where_there_are_no_sources():
    async with refresh_in_background(None):
        await asyncio.sleep(0)
