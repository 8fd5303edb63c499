"""Opens SQLite files the way both the corpus and the state need them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from corpus.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def open_file(path: Path) -> sqlite3.Connection:
    """Open or make a file in WAL mode, durable, and with deleted data overwritten.

    The connection commits by itself (statements begin transactions), and may be used from any thread.

    Raises:
        StoreError: the folder or the file cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot use the data folder {path.parent}: {error}") from error
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"cannot use {path}: {reason(error)}") from error
    return connection


def reason(error: Exception) -> str:
    """Return SQLite's message, and what to do if the file itself is damaged."""
    damaged = type(error) is sqlite3.DatabaseError  # all other errors have classes of their own
    return f"{error}; move it away to start anew" if damaged else str(error)
