"""Guilds: their settings at hand in memory, written through to the state's file in a thread beside the loop."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from discord import app_commands

from bot.discord.markdown import label
from bot.state.guilds import DEFAULTS, GuildSettings
from corpus.errors import NotFoundError
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.state.guilds import GuildStore
    from corpus.store.records import StoredDocument


MOST_SERVERS = 10_000
"""Guilds whose settings are held in memory; those that were quiet longest are read again."""
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


class Guilds:
    """The settings of all servers, which are kept in ``file``."""

    def __init__(self, file: GuildStore) -> None:
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


MOST = 25
LENGTH = 100


def choices(documents: Iterable[StoredDocument], typed: str) -> list[app_commands.Choice[str]]:
    """The digests that have every typed word in their name, id, venue or year; at most 25."""
    words, held = typed.casefold().split(), list(documents)
    offered = [
        app_commands.Choice(name=label(name, LENGTH) or document.id, value=document.id)
        for document, name in zip(held, names_of(held), strict=True)
        if all(word in _searched(document) for word in words)
    ]
    return offered[:MOST]


def names_of(documents: Sequence[StoredDocument]) -> list[str]:
    """What digests are called: by their titles, those of the same title by their ids, too."""
    many = Counter(document.title for document in documents)
    return [
        document.title
        if many[document.title] == 1
        else f"{label(document.title, max(LENGTH - len(document.id) - 3, LENGTH // 2))} ({document.id})"
        for document in documents
    ]


def named(documents: Iterable[StoredDocument], typed: str) -> list[StoredDocument]:
    """The digests that a word means: the one chosen from the list, or those whose id or name was typed."""
    held, wanted = list(documents), folded(typed)
    chosen = [document for document in held if document.id == typed]
    return chosen or [each for each in held if wanted in (folded(each.id), folded(each.title))]


def check_digest(documents: Iterable[StoredDocument], typed: str) -> None:
    """Make sure of a digest that was chosen or typed.

    Raises:
        NotFoundError: there is none in what the scope sees.
    """
    if not named(documents, typed):
        raise NotFoundError(
            f"I have no digest called “{label(typed, LENGTH)}”. Pick one from the list as you type."
        )


def _searched(document: StoredDocument) -> str:
    return f"{document.title} {document.id} {document.venue or ''} {document.year or ''}".casefold()
