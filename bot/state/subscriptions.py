"""Subscriptions: which queries stand, who put them, and where their news is told."""

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
    """Why a subscription is not told of anything."""

    CLOSED = "closed"
    """The user takes no direct messages from the bot."""
    GONE = "gone"
    """The channel is no longer there."""
    BARRED = "barred"
    """The bot may not write in the channel."""
    REFUSED = "refused"
    """Discord refuses the message for a reason of its own."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A standing query.

    ``channel`` is where it is told, with ``server`` as the scope that it sees; None for both: in the user's direct
    messages, of the common digests alone. Entries up to the id ``since`` are no news to it.
    """

    id: int
    user: int
    server: int | None
    channel: int | None
    query: str
    since: int
    paused: Pause | None


class TooManyError(DigestbotError):
    """A user or a server has as many subscriptions as it may have."""


class Subscriptions:
    """The subscriptions of one state file. Safe to share between threads and processes."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        file.prepare("subscriptions", _TABLES)
        file.prepare("news", *NEWS)

    def add(self, user: int, server: int | None, channel: int | None, query: str, since: int) -> Subscription:
        """Let a query stand; one that stands already for the same user in the same place is given back.

        Raises:
            TooManyError: the user or the server has as many as it may have.
            StoreError: the file cannot be written.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._file.transaction() as db:
            same = f"{_COLUMNS} WHERE user = ? AND channel IS ? AND query = ?"
            if row := db.execute(same, (user, channel, query)).fetchone():
                return _subscription(row)
            if _count(db, "user = ?", user) >= MOST_OF_A_USER:
                raise TooManyError(
                    f"You have {MOST_OF_A_USER} subscriptions, which is as many as I keep for one person. "
                    "Take one out first: /subscriptions shows them."
                )
            if server is not None and _count(db, "server = ?", server) >= MOST_OF_A_SERVER:
                raise TooManyError(
                    f"This server has {MOST_OF_A_SERVER} subscriptions, which is as many as I keep for one server."
                )
            made = db.execute(
                "INSERT INTO subscriptions (user, server, channel, query, since, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (user, server, channel, query, since, now),
            ).lastrowid
            return _subscription(db.execute(f"{_COLUMNS} WHERE id = ?", (made,)).fetchone())

    def get(self, subscription: int) -> Subscription:
        """One subscription.

        Raises:
            NotFoundError: it is not there, or no longer.
        """
        found = self._found("id = ?", subscription)
        if not found:
            raise NotFoundError("That subscription is not there any more.")
        return found[0]

    def of_user(self, user: int) -> list[Subscription]:
        """A user's subscriptions, oldest first."""
        return self._found("user = ?", user)

    def in_channel(self, channel: int) -> list[Subscription]:
        """The subscriptions that are told in a channel, oldest first."""
        return self._found("channel = ?", channel)

    def all(self) -> list[Subscription]:
        """Every subscription, oldest first."""
        return self._found("1 = ?", 1)

    def remove(self, subscription: int) -> bool:
        """Take a subscription out, with the news that waits for it; tell whether it was there."""
        with self._file.transaction() as db:
            return db.execute("DELETE FROM subscriptions WHERE id = ?", (subscription,)).rowcount > 0

    def pause(self, subscription: int, why: Pause) -> None:
        """Tell a subscription nothing until it is resumed; its news waits."""
        with self._file.transaction() as db:
            db.execute("UPDATE subscriptions SET paused = ? WHERE id = ?", (why, subscription))

    def resume(self, subscription: int) -> None:
        """Tell a subscription its news again."""
        with self._file.transaction() as db:
            db.execute("UPDATE subscriptions SET paused = NULL WHERE id = ?", (subscription,))

    def forget(self, user: int) -> int:
        """Take out all subscriptions of a user, those in channels too; return how many there were."""
        with self._file.transaction() as db:
            return db.execute("DELETE FROM subscriptions WHERE user = ?", (user,)).rowcount

    def forget_server(self, server: int) -> None:
        """Take out all subscriptions that are told in a server."""
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
