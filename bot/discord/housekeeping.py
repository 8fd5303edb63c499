"""Housekeeping: once an hour, what has been kept for long enough goes."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import structlog
from discord.ext import tasks

from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine

    import discord

    from bot.discord.answering import Answering

log = structlog.get_logger(__name__)

GRACE = 30 * 24 * 3600.0
"""Seconds that a server's pages are kept after the bot has left it: who removed it by mistake loses nothing."""


class Housekeeping:
    """Removes old replies, and the pages of servers that the bot is no longer in.

    Args:
        answering: what keeps them.
        clock: seconds since 1970.
    """

    def __init__(self, answering: Answering, *, clock: Callable[[], float] = time.time) -> None:
        self._answering = answering
        self._clock = clock
        self._loop: tasks.Loop[Callable[[], Coroutine[object, object, None]]] | None = None

    def start(self, client: discord.Client) -> None:
        """Begin, once the client knows the servers that it is in."""

        async def hourly() -> None:
            await client.wait_until_ready()
            try:
                await self.once([guild.id for guild in client.guilds])
            except DigestbotError as error:
                log.error("housekeeping failed", error=type(error).__name__, reason=str(error))

        self._loop = tasks.loop(hours=1)(hourly)
        self._loop.start()

    def stop(self) -> None:
        """End."""
        if self._loop is not None:
            self._loop.cancel()

    async def once(self, present: Collection[int]) -> None:
        """Remove what is due.

        Args:
            present: the servers that the bot is in.

        Raises:
            DigestbotError: something cannot be removed.
        """
        await self._answering.replies.tidy()
        now, guilds = self._clock(), self._answering.servers.file
        await asyncio.to_thread(guilds.seen, present, now)
        for guild in await asyncio.to_thread(guilds.unseen_since, now - GRACE):
            await asyncio.to_thread(self._remove_pages, guild)
            await self._answering.left(guild)  # while the bot did not run, nobody told it
            await asyncio.to_thread(guilds.forget, guild)

    def _remove_pages(self, guild: int) -> None:
        assistant = self._answering.desk.assistant
        own = [document.id for document in assistant.digests(guild, gone=True) if document.scope == guild]
        for document in own:
            assistant.remove(document)
        log.info("pages of a server that was left removed", guild=guild, pages=len(own))
