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
    """A server's settings and their defaults.

    Attributes:
        channels: where mentions are answered; empty: everywhere.
        private: whether only the asker sees answers to commands.
        threads: whether a mention is answered in its own thread.
        kinds: of the entries to show; empty: all.
        quota: questions a minute for each user, below the bot's limit; None: the bot's limit.
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
    """Stores servers' settings, and when the bot was last in them. All methods block and raise StoreError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        file.prepare(
            "guilds",
            "CREATE TABLE guilds (guild INTEGER PRIMARY KEY, settings TEXT NOT NULL);"
            "CREATE TABLE seen (guild INTEGER PRIMARY KEY, at REAL NOT NULL)",
        )

    def load(self, guild: int) -> GuildSettings:
        """Return a server's settings."""
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
        """Store a server's settings."""
        with self._file.transaction() as db:
            form = _FORM.dump_json(settings).decode()
            db.execute("INSERT OR REPLACE INTO guilds VALUES (?, ?)", (guild, form))

    def reset(self, guild: int) -> None:
        """Remove a server's settings."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))

    def seen(self, guilds: Collection[int], at: float) -> None:
        """Store that the bot is in these servers, at a time in seconds since 1970."""
        with self._file.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", [(guild, at) for guild in guilds])

    def unseen_since(self, moment: float) -> list[int]:
        """Return the servers that the bot was last in before a time."""
        with self._file.reading() as db:
            rows = db.execute("SELECT guild FROM seen WHERE at < ? ORDER BY at", (moment,)).fetchall()
        return [row[0] for row in rows]

    def forget(self, guild: int) -> None:
        """Remove all that is stored about a server."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))
            db.execute("DELETE FROM seen WHERE guild = ?", (guild,))
