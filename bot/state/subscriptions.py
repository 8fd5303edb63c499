"""Stores standing queries: who subscribed, to what, and where new entries are announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.state.deliveries import PREPARED as NEWS
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bot.state.database import StateFile

MOST_OF_A_USER = 10
MOST_OF_A_SERVER = 25

_TABLES = """
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL,
    server INTEGER,
    channel INTEGER,
    query TEXT NOT NULL,
    since INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    paused TEXT
);
CREATE INDEX subscriptions_by_user ON subscriptions (user);
CREATE INDEX subscriptions_by_channel ON subscriptions (channel)
"""
_COLUMNS = "SELECT id, user, server, channel, query, since, paused FROM subscriptions"


class Pause(StrEnum):
    """Why a subscription is paused."""

    CLOSED = "closed"
    """The user's direct messages are closed to the bot."""
    GONE = "gone"
    """The channel is gone."""
    BARRED = "barred"
    """The bot may not write in the channel."""
    REFUSED = "refused"
    """Discord refuses the message for a reason of its own."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A standing query; entries up to the id ``since`` are not new to it.

    It is announced in ``channel`` with the scope of ``server``, or, if both are None, in the user's direct
    messages with the common digests.
    """

    id: int
    user: int
    server: int | None
    channel: int | None
    query: str
    since: int
    paused: Pause | None


class TooManyError(DigestbotError):
    """A user or a server has too many subscriptions."""


class Subscriptions:
    """Stores subscriptions. Safe to share between threads and processes; all methods raise StoreError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        file.prepare("subscriptions", _TABLES)
        file.prepare("news", *NEWS)

    def add(self, user: int, server: int | None, channel: int | None, query: str, since: int) -> Subscription:
        """Add a subscription, or return the user's same one in the same channel.

        Raises:
            TooManyError: the user or the server has too many.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._file.transaction() as db:
            same = f"{_COLUMNS} WHERE user = ? AND channel IS ? AND query = ?"
            if row := db.execute(same, (user, channel, query)).fetchone():
                return _subscription(row)
            if _count(db, "user = ?", user) >= MOST_OF_A_USER:
                raise TooManyError(
                    f"You have {MOST_OF_A_USER} subscriptions, the most for one person. "
                    "Remove one first: /subscriptions lists them."
                )
            if server is not None and _count(db, "server = ?", server) >= MOST_OF_A_SERVER:
                raise TooManyError(f"This server has {MOST_OF_A_SERVER} subscriptions, the most for one server.")
            made = db.execute(
                "INSERT INTO subscriptions (user, server, channel, query, since, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (user, server, channel, query, since, now),
            ).lastrowid
            return _subscription(db.execute(f"{_COLUMNS} WHERE id = ?", (made,)).fetchone())

    def get(self, subscription: int) -> Subscription:
        """Return a subscription.

        Raises:
            NotFoundError: it does not exist.
        """
        found = self._found("id = ?", subscription)
        if not found:
            raise NotFoundError("That subscription no longer exists.")
        return found[0]

    def of_user(self, user: int) -> list[Subscription]:
        """Return a user's subscriptions, oldest first."""
        return self._found("user = ?", user)

    def in_channel(self, channel: int) -> list[Subscription]:
        """Return a channel's subscriptions, oldest first."""
        return self._found("channel = ?", channel)

    def all(self) -> list[Subscription]:
        """Return all subscriptions, oldest first."""
        return self._found("1 = ?", 1)

    def remove(self, subscription: int) -> bool:
        """Remove a subscription and its waiting entries; return whether it existed."""
        with self._file.transaction() as db:
            return db.execute("DELETE FROM subscriptions WHERE id = ?", (subscription,)).rowcount > 0

    def pause(self, subscription: int, why: Pause) -> None:
        """Pause a subscription; its new entries wait."""
        with self._file.transaction() as db:
            db.execute("UPDATE subscriptions SET paused = ? WHERE id = ?", (why, subscription))

    def resume(self, subscription: int) -> None:
        """Resume a paused subscription."""
        with self._file.transaction() as db:
            db.execute("UPDATE subscriptions SET paused = NULL WHERE id = ?", (subscription,))

    def forget(self, user: int) -> int:
        """Remove all subscriptions of a user, also those in channels; return their number."""
        with self._file.transaction() as db:
            return db.execute("DELETE FROM subscriptions WHERE user = ?", (user,)).rowcount

    def forget_server(self, server: int) -> None:
        """Remove all subscriptions in a server."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM subscriptions WHERE server = ?", (server,))

    def _found(self, where: str, value: int) -> list[Subscription]:
        with self._file.reading() as db:
            rows: Sequence[Sequence[object]] = db.execute(
                f"{_COLUMNS} WHERE {where} ORDER BY id",
                (value,),
            ).fetchall()
        return [_subscription(row) for row in rows]


def _count(db: sqlite3.Connection, where: str, value: int) -> int:
    found = db.execute(f"SELECT count(*) FROM subscriptions WHERE {where}", (value,))  # noqa: S608 - as above
    return int(found.fetchone()[0])


def _subscription(row: Sequence[object]) -> Subscription:
    number, user, server, channel, query, since, paused = row
    why = Pause(str(paused)) if paused else None
    return Subscription(number, user, server, channel, query, since, why)  # type: ignore[arg-type]
