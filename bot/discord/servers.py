"""Servers: their settings at hand in memory, written through to the state's file in a thread beside the loop."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from bot.state.guilds import DEFAULTS, GuildSettings
from corpus.errors import NotFoundError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.state.guilds import GuildFile

MOST_SERVERS = 10_000
"""Servers whose settings are held in memory; those that were quiet longest are read again."""
NAMES = {Kind.PAPER: "papers", Kind.JOB: "job posts", Kind.ARTICLE: "articles", Kind.FIGURE: "figures"}


def check_shown(kind: str, settings: GuildSettings) -> None:
    """Make sure of a kind that is asked for.

    Raises:
        NotFoundError: the server does not show it.
    """
    if settings.kinds and kind not in settings.kinds:
        raise NotFoundError(not_shown(Kind(kind)))


def not_shown(kind: Kind) -> str:
    """What is said of a kind that a server does not show."""
    return f"This server does not show {NAMES[kind]}. Its admins can change that."


class Servers:
    """The settings of all servers, which are kept in ``file``."""

    def __init__(self, file: GuildFile) -> None:
        self.file = file
        self._held: OrderedDict[int, GuildSettings] = OrderedDict()
        self._lock = threading.Lock()

    async def settings(self, guild: int | None) -> GuildSettings:
        """The settings of a server; the defaults outside of one.

        Raises:
            StoreError: they cannot be read.
        """
        held = DEFAULTS if guild is None else self._held.get(guild)
        return held if held is not None else await asyncio.to_thread(self.settings_now, guild)

    def settings_now(self, guild: int | None) -> GuildSettings:
        """The same for worker threads: it may wait for the file.

        Raises:
            StoreError: they cannot be read.
        """
        if guild is None:
            return DEFAULTS
        with self._lock:  # one at a time: what was read before a change is never held after it
            held = self._held.get(guild)
            return held if held is not None else self._hold(guild, self.file.load(guild))

    async def change(self, guild: int, change: Callable[[GuildSettings], GuildSettings]) -> GuildSettings:
        """Change the settings of a server; return what they now are.

        Raises:
            StoreError: they cannot be read or written; they are then as before.
        """
        return await asyncio.to_thread(self._change, guild, change)

    async def left(self, guild: int) -> None:
        """The bot has left a server: its settings go at once."""
        await asyncio.to_thread(self._left, guild)

    def _change(self, guild: int, change: Callable[[GuildSettings], GuildSettings]) -> GuildSettings:
        with self._lock:
            changed = change(self.file.load(guild))
            self.file.save(guild, changed)
            return self._hold(guild, changed)

    def _left(self, guild: int) -> None:
        with self._lock:
            self.file.reset(guild)
            self._held.pop(guild, None)

    def _hold(self, guild: int, settings: GuildSettings) -> GuildSettings:
        self._held[guild] = settings
        self._held.move_to_end(guild)
        while len(self._held) > MOST_SERVERS:
            self._held.popitem(last=False)
        return settings
