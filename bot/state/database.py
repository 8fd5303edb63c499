"""The state database: an SQLite file of its own in the data folder, so that it never waits for the corpus."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus.errors import StoreError
from corpus.sqlite import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StateFile:
    """One SQLite file in WAL mode with the tables of all parts. Safe to share between threads and processes."""

    NAME = "state.sqlite"

    def __init__(self, folder: Path) -> None:
        """Open or make the file in a data folder.

        Raises:
            StoreError: the folder cannot be used.
        """
        self.path = folder / self.NAME
        self._lock = threading.RLock()
        self._connection = open_file(self.path)

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def prepare(self, part: str, *steps: str) -> None:
        """Migrate the tables of one part of the state.

        Args:
            part: its name.
            steps: statements separated by semicolons; the first makes the tables, later ones change them. Each
                runs once.

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
        """Empty the write-ahead log, which may hold deleted data. Raises StoreError."""
        with self.reading() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read alone on this connection; turns database errors into StoreError."""
        with self._lock:
            try:
                yield self._connection
            except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
                raise StoreError(f"cannot read {self.path}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction; turns database errors into StoreError."""
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
