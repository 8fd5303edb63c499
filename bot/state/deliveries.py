"""News: which entries are known, and what waits to be told to subscriptions.

An entry is news once: its key is noted as known in the same transaction that puts it into the outbox. What waits
for a subscription is tied into a parcel with a name of its own before it is sent, so that whoever sends it again
after a crash sends the same under the same name.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.state.database import StateFile

EVERYONE = 0
"""The scope of common entries in the table of what is known."""

MOST_WAITING = 500
"""Entries that wait for one subscription at most, such as one that is paused for long."""

PREPARED = (
    """
CREATE TABLE known_entries (
    scope INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE TABLE looked (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    entry INTEGER NOT NULL
);
CREATE TABLE news (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    UNIQUE (subscription, key)
);
CREATE TABLE parcels (
    subscription INTEGER PRIMARY KEY REFERENCES subscriptions (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    last INTEGER NOT NULL,
    tried_at TEXT
)
""",
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the corpus has been scanned; see ``bot.alerts.Moment``."""

    generation: int
    stamp: str
    entry: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """The entries of one message, by key, oldest first; ``name`` is the message's nonce.

    ``tried_at`` is the time of the first attempt, which may or may not have reached Discord; None before it.
    """

    subscription: int
    name: str
    last: int
    keys: tuple[str, ...]
    tried_at: datetime | None


class Outbox:
    """Stores which entries are known, and which wait for subscriptions. Safe to share between threads.

    ``Subscriptions`` makes the tables, which refer to each other.
    """

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def checkpoint(self) -> Checkpoint | None:
        """Return how far the corpus has been scanned; None before the first scan."""
        with self._file.reading() as db:
            row = db.execute("SELECT generation, stamp, entry FROM looked").fetchone()
        return Checkpoint(*row) if row else None

    def unknown(self, keys: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
        """Return the (scope, key) pairs that are not known."""
        with self._file.reading() as db:
            found = "SELECT 1 FROM known_entries WHERE scope = ? AND key = ?"
            return {each for each in keys if db.execute(found, each).fetchone() is None}

    def note(
        self,
        checkpoint: Checkpoint,
        known: Iterable[tuple[int, str]],
        waiting: Iterable[tuple[int, str]],
        *,
        anew: bool = False,
    ) -> None:
        """Store the checkpoint, the known entries and the waiting entries in one transaction.

        Args:
            checkpoint: how far the corpus has been scanned.
            known: (scope, key) pairs.
            waiting: (subscription, key) pairs, oldest first; subscriptions may be gone meanwhile.
            anew: the corpus is another one, with other ids.
        """
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO looked VALUES (1, ?, ?, ?)",
                (checkpoint.generation, checkpoint.stamp, checkpoint.entry),
            )
            if anew:
                db.execute("UPDATE subscriptions SET since = 0")
            db.executemany("INSERT OR IGNORE INTO known_entries VALUES (?, ?)", known)
            db.executemany(
                "INSERT OR IGNORE INTO news (subscription, key) SELECT id, ? FROM subscriptions WHERE id = ?"
                " AND (SELECT count(*) FROM news WHERE subscription = subscriptions.id) < ?",
                [(key, subscription, MOST_WAITING) for subscription, key in waiting],
            )

    def due(self) -> list[int]:
        """Return the unpaused subscriptions with waiting entries, longest waiting first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT news.subscription FROM news JOIN subscriptions ON subscriptions.id = news.subscription"
                " WHERE paused IS NULL GROUP BY news.subscription ORDER BY min(news.ordinal)"
            )
            return [row[0] for row in rows]

    def waiting(self, subscription: int) -> int:
        """Count the entries that wait for a subscription."""
        with self._file.reading() as db:
            found = db.execute("SELECT count(*) FROM news WHERE subscription = ?", (subscription,))
            return int(found.fetchone()[0])

    def delivery(self, subscription: int) -> Delivery | None:
        """Return a subscription's unconfirmed delivery, or a new one of all that waits; None if nothing does."""
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO parcels SELECT subscription, ?, max(ordinal), NULL FROM news"
                " WHERE subscription = ? GROUP BY subscription",
                (secrets.token_hex(8), subscription),
            )
            row = db.execute(
                "SELECT name, last, tried_at FROM parcels WHERE subscription = ?", (subscription,)
            ).fetchone()
            if row is None:
                return None
            name, last, tried_at = row
            keys = db.execute(
                "SELECT key FROM news WHERE subscription = ? AND ordinal <= ? ORDER BY ordinal",
                (subscription, last),
            )
            tried = datetime.fromisoformat(tried_at) if tried_at else None
            return Delivery(subscription, name, last, tuple(key for (key,) in keys), tried)

    def mark_tried(self, delivery: Delivery) -> None:
        """Store that a delivery is about to be sent."""
        now = datetime.now(UTC).isoformat()
        with self._file.transaction() as db:
            db.execute("UPDATE parcels SET tried_at = ? WHERE name = ? AND tried_at IS NULL", (now, delivery.name))

    def delivered(self, delivery: Delivery) -> None:
        """Store that a delivery has arrived."""
        with self._file.transaction() as db:
            db.execute(
                "DELETE FROM news WHERE subscription = ? AND ordinal <= ?", (delivery.subscription, delivery.last)
            )
            db.execute("DELETE FROM parcels WHERE name = ?", (delivery.name,))
