"""Servers: their settings, cached in memory, and the digests that they see, by name."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from discord import app_commands

from bot.discord.markdown import label
from bot.state.guilds import DEFAULTS, GuildSettings
from corpus.english import NOUNS
from corpus.errors import NotFoundError
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.state.guilds import GuildStore
    from corpus.store.records import StoredDocument

MOST_SERVERS = 10_000
"""The most servers in the cache."""


def check_shown(kind: str, settings: GuildSettings) -> None:
    """Raise NotFoundError if the server hides a kind."""
    if settings.kinds and kind not in settings.kinds:
        raise NotFoundError(not_shown(Kind(kind)))


def not_shown(kind: Kind) -> str:
    """The message about a kind that a server hides."""
    return f"This server does not show {NOUNS[kind]}s. Its admins can change that."


class Guilds:
    """Caches the settings of servers, which ``file`` stores. All methods raise StoreError."""

    def __init__(self, file: GuildStore) -> None:
        self.file = file
        self._held: OrderedDict[int, GuildSettings] = OrderedDict()
        self._lock = threading.Lock()

    async def settings(self, guild: int | None) -> GuildSettings:
        """Return a server's settings; the defaults outside of one."""
        held = DEFAULTS if guild is None else self._held.get(guild)
        return held if held is not None else await asyncio.to_thread(self.settings_now, guild)

    def settings_now(self, guild: int | None) -> GuildSettings:
        """The same for worker threads; may block."""
        if guild is None:
            return DEFAULTS
        with self._lock:  # one at a time, so that the cache never keeps what a change has replaced
            held = self._held.get(guild)
            return held if held is not None else self._hold(guild, self.file.load(guild))

    async def change(self, guild: int, change: Callable[[GuildSettings], GuildSettings]) -> GuildSettings:
        """Change a server's settings, and return them; after a StoreError they are as before."""

        def work() -> GuildSettings:
            with self._lock:
                changed = change(self.file.load(guild))
                self.file.save(guild, changed)
                return self._hold(guild, changed)

        return await asyncio.to_thread(work)

    async def left(self, guild: int) -> None:
        """Remove the settings of a server that the bot has left."""

        def work() -> None:
            with self._lock:
                self.file.reset(guild)
                self._held.pop(guild, None)

        await asyncio.to_thread(work)

    def _hold(self, guild: int, settings: GuildSettings) -> GuildSettings:
        self._held[guild] = settings
        self._held.move_to_end(guild)
        while len(self._held) > MOST_SERVERS:
            self._held.popitem(last=False)
        return settings


MOST = 25
LENGTH = 100


def choices(documents: Iterable[StoredDocument], typed: str) -> list[app_commands.Choice[str]]:
    """Return at most 25 digests that have every typed word in their name, id, venue or year."""
    words, held = typed.casefold().split(), list(documents)
    offered = [
        app_commands.Choice(name=label(name, LENGTH) or document.id, value=document.id)
        for document, name in zip(held, names_of(held), strict=True)
        if all(word in _searched(document) for word in words)
    ]
    return offered[:MOST]


def names_of(documents: Sequence[StoredDocument]) -> list[str]:
    """Return the digests' titles, with the id added to those that several share."""
    many = Counter(document.title for document in documents)
    return [
        document.title
        if many[document.title] == 1
        else f"{label(document.title, max(LENGTH - len(document.id) - 3, LENGTH // 2))} ({document.id})"
        for document in documents
    ]


def named(documents: Iterable[StoredDocument], typed: str) -> list[StoredDocument]:
    """Return the digest chosen from the list, or those whose id or title was typed."""
    held, wanted = list(documents), folded(typed)
    chosen = [document for document in held if document.id == typed]
    return chosen or [each for each in held if wanted in (folded(each.id), folded(each.title))]


def check_digest(documents: Iterable[StoredDocument], typed: str) -> None:
    """Raise NotFoundError if no digest has the chosen or typed name."""
    if not named(documents, typed):
        raise NotFoundError(
            f"I have no digest called “{label(typed, LENGTH)}”. Pick one from the list as you type."
        )


def _searched(document: StoredDocument) -> str:
    return f"{document.title} {document.id} {document.venue or ''} {document.year or ''}".casefold()
