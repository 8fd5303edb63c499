"""Fixtures for pytest: a loopback Discord with a server and alice, and a bot that runs against it.

Use them with ``pytest_plugins = ["bot.testing.fixtures"]``; they need pytest-asyncio.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import pytest
import pytest_asyncio
from discord import app_commands

from bot.discord.client import INTENTS, register
from bot.discord.commands import Tree
from bot.discord.rate_limit import Cooldown, Rate
from bot.discord.service import serve
from bot.discord.transport import connect_to, connect_to_own
from bot.state import StateFile
from bot.testing import Channel, Guild, Loopback, User

if TYPE_CHECKING:
    from pathlib import Path

    from bot.assistant import Assistant

Command: TypeAlias = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
RunClient: TypeAlias = Callable[[discord.Client], AbstractAsyncContextManager[None]]
RunCommands: TypeAlias = Callable[..., AbstractAsyncContextManager[None]]
RunBot: TypeAlias = Callable[..., AbstractAsyncContextManager[asyncio.Task[None]]]
PATIENT = Rate(1000, 1000)


@pytest_asyncio.fixture
async def loopback(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loopback]:
    """A Discord whose clock stands still until a test moves it on; discord.py's own pauses take no time.

    Whatever a test does, at its end Discord has refused no body, known every route, and rung nobody; and every
    message that was sent or changed said itself that it may ring nobody.
    """

    async def at_once(*arguments: object, **options: object) -> None:
        return None

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    monkeypatch.setattr("discord.client.ExponentialBackoff.delay", lambda self: 0.0)
    async with Loopback(time_scale=0) as here:
        yield here
    connect_to_own()
    wrong = {
        "bodies that Discord refuses": here.refused,
        "requests that Discord does not know": here.unknown_requests,
        "mentions that rang": here.pings,
        "messages that may ring somebody": [
            body for body in said(here) if body.get("allowed_mentions", {}).get("parse") != []
        ],
    }
    for what, found in wrong.items():
        if found:
            pytest.fail(f"{what}: {found}")


def said(loopback: Loopback) -> list[dict[str, Any]]:
    """What the bot's requests put into messages, in their order."""
    bodies = [request.body for request in loopback.requests if isinstance(request.body, dict)]
    parts = [body["data"] if isinstance(body.get("data"), dict) else body for body in bodies]
    messages = [part for part in parts if part.keys() & {"content", "embeds", "components"}]
    return [part for part in messages if "title" not in part]  # which only forms have


@pytest.fixture
def alice(loopback: Loopback) -> User:
    """Somebody who uses the bot."""
    return loopback.add_user("alice")


@pytest.fixture
def guild(loopback: Loopback, alice: User) -> Guild:
    """A server with the bot and alice, who may do everything there."""
    guild = loopback.add_guild("Reading group")
    guild.add_member(alice)
    return guild


@pytest.fixture
def channel(guild: Guild) -> Channel:
    """A channel of the server."""
    return guild.add_channel("papers")


@pytest.fixture
def run_client(loopback: Loopback) -> RunClient:
    """Run any client of discord.py: it is connected in the block, and closed after it."""

    @contextlib.asynccontextmanager
    async def running(client: discord.Client) -> AsyncIterator[None]:
        await connect_to(loopback.api_url, loopback.token)
        async with client, ready(loopback, client.start(loopback.token)):
            yield

    return running


@pytest.fixture
def run_commands(run_client: RunClient) -> RunCommands:
    """Run a bot that has these commands and nothing else; their errors are told as digestbot tells them."""

    @contextlib.asynccontextmanager
    async def running(*commands: Command) -> AsyncIterator[None]:
        async with run_client(_Plain(commands)):
            yield

    return running


@pytest.fixture
def run_bot(loopback: Loopback, tmp_path: Path) -> RunBot:
    """Run the whole bot with an assistant, or what answers like one; the block gets the task that it runs in.

    It takes a state of your own, and a cooldown; by default everybody may ask a lot.
    """

    @contextlib.asynccontextmanager
    async def running(
        assistant: Assistant, state: StateFile | None = None, *, cooldown: Cooldown | None = None
    ) -> AsyncIterator[asyncio.Task[None]]:
        with contextlib.ExitStack() as opened:
            kept = state or opened.enter_context(contextlib.closing(StateFile(tmp_path / "bot-state")))
            patient = cooldown or Cooldown(PATIENT, PATIENT)
            served = serve(assistant, token=loopback.token, state=kept, cooldown=patient, api_url=loopback.api_url)
            async with ready(loopback, served) as task:
                yield task

    return running


@contextlib.asynccontextmanager
async def ready(loopback: Loopback, bot: Awaitable[None]) -> AsyncIterator[asyncio.Task[None]]:
    """Let a bot run beside the block, which begins when it is connected; what ends it before is raised."""
    task = asyncio.ensure_future(bot)
    connected = asyncio.create_task(loopback.wait_ready())
    try:
        await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        await connected
        yield task
    finally:
        connected.cancel()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class _Plain(discord.Client):
    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__(intents=INTENTS, allowed_mentions=discord.AllowedMentions.none())
        self.tree = Tree(self)
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await register(self, self.tree)
