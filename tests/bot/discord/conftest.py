"""A Discord on loopback, and the bot that runs against it in the test's own loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import discord.client
import pytest

from bot.discord.desk import Answers
from bot.discord.service import serve
from bot.discord.transport import connect_to
from tests.bot.discord.scripted import Scripted, state
from tests.loopback import Channel, Guild, Loopback, User

Start = Callable[[Answers], AbstractAsyncContextManager[asyncio.Task[None]]]


@pytest.fixture(autouse=True)
async def own_discord() -> AsyncIterator[None]:
    yield
    await connect_to(None, "")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py's own pauses, before it connects or identifies again, take no time."""

    async def at_once(*arguments: object, **options: object) -> None:
        return None

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    monkeypatch.setattr(discord.client.ExponentialBackoff, "delay", lambda self: 0.0)


@pytest.fixture
async def loopback() -> AsyncIterator[Loopback]:
    """Its clock stands still until a test moves it on.

    Whatever a test does, Discord has refused no body, known every route, and rung nobody; and every message that
    was sent or changed said itself that it may ring nobody.
    """
    async with Loopback(time_scale=0) as here:
        yield here
    assert here.refused == []
    assert here.unknown_requests == []
    assert here.pings == []
    assert [body for body in said(here) if body.get("allowed_mentions", {}).get("parse") != []] == []


def said(loopback: Loopback) -> list[dict[str, Any]]:
    """What the bot's requests put into messages."""
    bodies = [request.body for request in loopback.requests if isinstance(request.body, dict)]
    parts = [body["data"] if isinstance(body.get("data"), dict) else body for body in bodies]
    return [part for part in parts if part.keys() & {"content", "embeds", "components"}]


@pytest.fixture
def alice(loopback: Loopback) -> User:
    return loopback.add_user("alice")


@pytest.fixture
def guild(loopback: Loopback, alice: User) -> Guild:
    guild = loopback.add_guild("Reading group")
    guild.add_member(alice)
    return guild


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("papers")


@pytest.fixture
def start(loopback: Loopback) -> Start:
    """Start the bot with an assistant; it is ready in the block, and stopped after it."""

    @contextlib.asynccontextmanager
    async def running(assistant: Answers) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(serve(assistant, state=state(), token=loopback.token, api_url=loopback.api_url))
        ready = asyncio.create_task(loopback.wait_ready())
        try:
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
            await ready
            yield task
        finally:
            ready.cancel()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return running


@pytest.fixture
async def assistant(start: Start, guild: Guild) -> AsyncIterator[Scripted]:
    """The scripted assistant of a bot that runs."""
    scripted = Scripted()
    async with start(scripted):
        yield scripted
