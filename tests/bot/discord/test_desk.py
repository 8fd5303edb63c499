"""The bounded queue of questions."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.discord.worker_pool import BusyError, WorkerPool
from tests.bot.discord.scripted import Scripted, document


async def test_calls_beyond_the_bound_are_turned_away_and_places_come_free_again() -> None:
    gate = threading.Event()
    workers = WorkerPool(Scripted(), threads=1, waiting=1)
    waiting = [asyncio.create_task(workers.run(gate.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match="ask again"):
        await workers.run(gate.wait)
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert await workers.run(gate.wait)
    workers.close()


async def test_a_call_that_takes_too_long_is_given_up_and_keeps_its_place_until_it_ends() -> None:
    gate = threading.Event()
    workers = WorkerPool(Scripted(), threads=1, waiting=0, patience=0.0)
    with pytest.raises(TimeoutError):
        await workers.run(gate.wait)
    with pytest.raises(BusyError):
        await workers.run(gate.wait)
    gate.set()
    workers.close()


async def test_digests_are_kept_a_while_for_each_scope() -> None:
    assistant = Scripted(documents=[document("a", "A"), document("b", "B", scope=7)])
    workers = WorkerPool(assistant)
    assert [found.id for found in await workers.digests(None)] == ["a"]
    assert [found.id for found in await workers.digests(7)] == ["a", "b"]
    assistant.documents = []
    assert [found.id for found in await workers.digests(None)] == ["a"]
    workers.close()
