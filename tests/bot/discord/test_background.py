"""The bot refreshes its sources while it answers, and stops doing so when it stops."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.discord.service import serve
from tests.bot.discord.scripted import Scripted, state

if TYPE_CHECKING:
    from bot.testing import Channel, Loopback, User


class Sources:
    """One source that is due and never done: a site that does not answer."""

    def __init__(self) -> None:
        self.begun, self.stopped = threading.Event(), threading.Event()

    def next_due(self) -> datetime:
        return datetime.now(UTC) - timedelta(seconds=1)

    def refresh(self, names=(), *, listener=None, stop=None):
        async def endless() -> None:
            self.begun.set()
            await asyncio.Event().wait()

        if not stop.run(endless()):
            self.stopped.set()
        return []


async def test_a_refresh_under_way_holds_up_neither_answers_nor_the_end(
    loopback: Loopback, alice: User, channel: Channel
):
    sources, assistant = Sources(), Scripted()
    running = serve(assistant, state=state(), sources=sources, token=loopback.token, api_url=loopback.api_url)
    task = asyncio.create_task(running)
    await loopback.wait_ready()
    assert await asyncio.to_thread(sources.begun.wait, 30)
    await loopback.slash(alice, "ask", channel=channel, question="who wrote RLSbench?")
    assert assistant.asked
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, 30)
    assert sources.stopped.is_set()
