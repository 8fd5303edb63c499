"""A small bot on discord.py for these tests, and what runs it against a loopback Discord."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import discord
import yarl
from discord import app_commands

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from bot.testing import Loopback

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Botlet(discord.Client):
    """Registers the commands of its tree at start, echoes what it is told, keeps what it heard."""

    def __init__(self, *, intents: discord.Intents = INTENTS) -> None:
        super().__init__(
            intents=intents, allowed_mentions=discord.AllowedMentions.none(), guild_ready_timeout=0.01
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.errors: list[BaseException] = []
        self.resumes = 0
        self.tree.error(self._keep_error)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once, a second time too; discord.py would wait five seconds."""

    async def setup_hook(self) -> None:
        if self.tree.get_commands():
            await self.tree.sync()

    async def _keep_error(self, _: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(getattr(error, "original", error))

    async def on_resumed(self) -> None:
        self.resumes += 1

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message)
        if message.guild is None or self.user in message.mentions:
            await message.channel.typing()
            await message.reply(f"heard: {message.content}", mention_author=False)


@asynccontextmanager
async def running(bot: discord.Client, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Run the bot against the loopback Discord until the block ends."""
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    started = asyncio.create_task(bot.start(server.token))
    ready = asyncio.create_task(server.wait_ready())
    try:
        await asyncio.wait({started, ready}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            started.result()
        yield
    finally:
        ready.cancel()
        await bot.close()
        with suppress(asyncio.CancelledError, discord.DiscordException):
            await started
