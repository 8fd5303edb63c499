"""The state's file: SQLite in the data folder, beside the corpus, so that neither waits for the other."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StateFile:
    """One SQLite file in WAL mode, which each part of the state has its tables in.

    Safe to share between threads; any number of processes may have the same file open.
    """

    NAME = "state.sqlite"

    def __init__(self, folder: Path) -> None:
        """Open the file in a data folder, making it where there is none.

        Raises:
            StoreError: the folder cannot be used.
        """
        self.path = folder / self.NAME
        self._lock = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.path, timeout=30.0, isolation_level=None, check_same_thread=False
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot use {self.path}: {error}") from error

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def prepare(self, part: str, *steps: str) -> None:
        """Bring the tables of one part of the state to their latest form.

        Args:
            part: its name.
            steps: statements, separated by semicolons; the first step makes the tables, each later one changes
                what the step before it left. Those that the file has seen are not run again.

        Raises:
            StoreError: a newer digestbot wrote the file, or it cannot be written.
        """
        with self.transaction() as db:
            db.execute("CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL)")
            row = db.execute("SELECT version FROM parts WHERE name = ?", (part,)).fetchone()
            version = row[0] if row else 0
            if version > len(steps):
                raise StoreError(f"a newer digestbot wrote {self.path}: use that, or move the file away")
            for step in steps[version:]:
                for statement in filter(str.strip, step.split(";")):
                    db.execute(statement)
            db.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (part, len(steps)))

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the log beside the file.

        Raises:
            StoreError: the file cannot be written.
        """
        with self.reading() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read, alone on this connection.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._lock:
            try:
                yield self._connection
            except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
                raise StoreError(f"cannot read {self.path}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write: after a crash all that is written within has happened, or nothing of it.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
                raise StoreError(f"cannot write {self.path}: {error}") from error
