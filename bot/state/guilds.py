"""Guilds: what each of them has chosen, and when the bot was last in it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

import structlog
from pydantic import Field, TypeAdapter, ValidationError

from bot.state.database import StateFile
from corpus.model import Kind

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a server has chosen; the defaults are those of a server that has chosen nothing.

    Attributes:
        channels: where mentions are answered; none are all.
        private: whether answers to commands are seen by the asker alone.
        threads: whether a mention is answered in a thread of its own.
        kinds: of the entries that are shown; none are all.
        quota: questions a minute for each user, where that is less than the bot allows; None for no limit of
            the server's own.
        feedback: whether answers can be rated.
    """

    channels: frozenset[int] = frozenset()
    private: bool = False
    threads: bool = False
    kinds: frozenset[Kind] = frozenset()
    quota: Annotated[int, Field(ge=1)] | None = None
    feedback: bool = True


DEFAULTS = GuildSettings()
_FORM = TypeAdapter(GuildSettings)


class GuildStore:
    """The settings of servers in the state's file; every method blocks."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        file.prepare(
            "guilds",
            "CREATE TABLE guilds (guild INTEGER PRIMARY KEY, settings TEXT NOT NULL);"
            "CREATE TABLE seen (guild INTEGER PRIMARY KEY, at REAL NOT NULL)",
        )

    def load(self, guild: int) -> GuildSettings:
        """The settings of a server.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._file.reading() as db:
            row = db.execute("SELECT settings FROM guilds WHERE guild = ?", (guild,)).fetchone()
        if row is None:
            return DEFAULTS
        try:
            return _FORM.validate_json(row[0])
        except ValidationError:
            log.warning("settings of a server not understood", guild=guild)
            return DEFAULTS

    def save(self, guild: int, settings: GuildSettings) -> None:
        """Keep the settings of a server.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._file.transaction() as db:
            form = _FORM.dump_json(settings).decode()
            db.execute("INSERT OR REPLACE INTO guilds VALUES (?, ?)", (guild, form))

    def reset(self, guild: int) -> None:
        """Take out the settings of a server."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))

    def seen(self, guilds: Collection[int], at: float) -> None:
        """The bot is in these servers, at a moment in seconds since 1970."""
        with self._file.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", [(guild, at) for guild in guilds])

    def unseen_since(self, moment: float) -> list[int]:
        """The servers that the bot was in, but not since a moment."""
        with self._file.reading() as db:
            rows = db.execute("SELECT guild FROM seen WHERE at < ? ORDER BY at", (moment,)).fetchall()
        return [row[0] for row in rows]

    def forget(self, guild: int) -> None:
        """Take out all that is kept of a server."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))
            db.execute("DELETE FROM seen WHERE guild = ?", (guild,))
