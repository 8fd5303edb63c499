"""The store's tables, and how a data folder's database is opened."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from corpus.errors import StoreError
from corpus.sqlite import open_file, reason
from corpus.store import sources

if TYPE_CHECKING:
    from pathlib import Path


VERSION = 6

_CACHE = 32_768
"""Kilobytes of the file that are held in memory at most: of a large one the upper pages of its trees."""

_SENTENCES = """
CREATE TABLE sentences (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER,
    "end" INTEGER,
    vector INTEGER REFERENCES vectors (id),
    PRIMARY KEY (entry, ordinal)
) WITHOUT ROWID;
CREATE INDEX sentences_by_vector ON sentences (vector);
"""

_TEXTS = """
CREATE TABLE texts (
    document INTEGER PRIMARY KEY REFERENCES documents (number) ON DELETE CASCADE,
    text TEXT NOT NULL
);
"""

_VECTORS = """
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (hash, model)
);
"""

_TABLES = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    scope INTEGER,
    bundled INTEGER NOT NULL,
    reader TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    deck TEXT,
    venue TEXT,
    year INTEGER,
    publisher TEXT,
    url TEXT,
    published TEXT,
    unplaced TEXT NOT NULL,
    page_starts TEXT NOT NULL,
    characters INTEGER NOT NULL DEFAULT 0,
    model TEXT NOT NULL,
    generation INTEGER NOT NULL,
    ingested_at TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    gone TEXT
);
CREATE INDEX documents_by_source ON documents (source);
CREATE INDEX documents_by_generation ON documents (generation);
CREATE INDEX documents_by_model ON documents (model);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    section TEXT,
    headings TEXT NOT NULL,
    venue TEXT,
    year INTEGER,
    url TEXT,
    place TEXT,
    country TEXT,
    region TEXT,
    city TEXT,
    role TEXT,
    team TEXT,
    posted TEXT,
    closes TEXT,
    first_seen TEXT NOT NULL,
    parts TEXT NOT NULL,
    facts TEXT NOT NULL,
    UNIQUE (document, ordinal)
);
CREATE INDEX entries_by_key ON entries (key);
CREATE TABLE authors (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (entry, ordinal)
) WITHOUT ROWID;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    context TEXT NOT NULL,
    vector INTEGER REFERENCES vectors (id)
);
CREATE INDEX passages_by_entry ON passages (entry);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE TABLE removed_passages (
    passage INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL
);
CREATE INDEX removed_by_generation ON removed_passages (generation);
CREATE TABLE generations (
    number INTEGER PRIMARY KEY,
    stamp TEXT NOT NULL
);
"""

_FROM_2 = """
CREATE TABLE sentences (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER,
    "end" INTEGER,
    hash TEXT NOT NULL,
    PRIMARY KEY (entry, ordinal)
) WITHOUT ROWID;
CREATE INDEX sentences_by_hash ON sentences (hash);
UPDATE documents SET model = ''
"""
"""From format 2: sentences have vectors of their own, which the next question or page makes."""

_FROM_3 = f"""{sources.TABLES}
ALTER TABLE documents ADD COLUMN published TEXT;
ALTER TABLE documents ADD COLUMN unplaced TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN page_starts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN first_seen TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN gone TEXT;
ALTER TABLE entries ADD COLUMN posted TEXT;
ALTER TABLE entries ADD COLUMN closes TEXT;
ALTER TABLE entries ADD COLUMN first_seen TEXT NOT NULL DEFAULT '';
UPDATE documents SET first_seen = ingested_at;
UPDATE entries SET first_seen = (SELECT ingested_at FROM documents WHERE documents.number = entries.document)
"""
"""From format 3: sources, days that pages give, where their pages begin, when documents and entries came in."""

_HIDDEN = "CREATE INDEX documents_hidden ON documents (scope, gone) WHERE scope IS NOT NULL OR gone IS NOT NULL"
"""The documents that some filter hides."""


def _by_id(table: str) -> str:
    return f"""
DROP INDEX {table}_by_hash;
ALTER TABLE {table} ADD COLUMN vector INTEGER REFERENCES vectors (id);
UPDATE {table} SET vector = (
    SELECT vectors.id FROM entries JOIN documents ON documents.number = entries.document
    JOIN vectors ON vectors.hash = {table}.hash WHERE entries.id = {table}.entry
    ORDER BY vectors.model = documents.model DESC LIMIT 1
);
ALTER TABLE {table} DROP COLUMN hash;
CREATE INDEX {table}_by_vector ON {table} (vector);
"""


_FROM_4 = f"""
{_TEXTS}INSERT INTO texts SELECT number, text FROM documents;
ALTER TABLE documents ADD COLUMN characters INTEGER NOT NULL DEFAULT 0;
UPDATE documents SET characters = length(text);
ALTER TABLE documents DROP COLUMN text;
CREATE INDEX documents_by_model ON documents (model);
{_HIDDEN};
ALTER TABLE vectors RENAME TO vectors_by_hash;
{_VECTORS}INSERT OR IGNORE INTO vectors (hash, model, vector)
    SELECT old.hash, old.model, old.vector FROM sentences CROSS JOIN vectors_by_hash AS old
    ON old.hash = sentences.hash ORDER BY sentences.entry, sentences.ordinal;
INSERT OR IGNORE INTO vectors (hash, model, vector) SELECT hash, model, vector FROM vectors_by_hash;
DROP TABLE vectors_by_hash;
{_by_id("passages")}
{_by_id("sentences")}
DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE vector = vectors.id)
    AND NOT EXISTS (SELECT 1 FROM sentences WHERE vector = vectors.id)
"""
"""From format 4: texts lie apart, so that what is known of documents can be read without them, and vectors that
are read together lie together, and are known by their place."""

_FROM_5 = """
ALTER TABLE entries ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';
UPDATE documents SET reader = substr(reader, 1, instr(reader, '/')) || '0'
"""
"""From format 5: facts of papers and job posts; documents are marked as read by an older reader."""

_STEPS = {2: _FROM_2, 3: _FROM_3, 4: _FROM_4, 5: _FROM_5}


def connect(path: Path) -> sqlite3.Connection:
    """Open the database, making it where there is none.

    Raises:
        StoreError: the folder or file cannot be used, or a newer version of digestbot wrote it.
    """
    connection = open_file(path)
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"cannot use {path}: {reason(error)}") from error
    except StoreError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    if _version(connection) == 0:
        connection.execute("BEGIN IMMEDIATE")  # two processes may be making the same folder
        if _version(connection) == 0:
            _execute(connection, _TABLES + _TEXTS + _VECTORS + _SENTENCES + sources.TABLES + _HIDDEN, VERSION)
        connection.execute("COMMIT")
    for version, step in _STEPS.items():
        if _version(connection) == version:
            connection.execute("BEGIN IMMEDIATE")
            if _version(connection) == version:
                _execute(connection, step, version + 1)
            connection.execute("COMMIT")
    if _version(connection) != VERSION:
        raise StoreError(
            f"{path} has format {_version(connection)}, this digestbot reads format {VERSION}: "
            "use the digestbot that wrote it, or move it away to start anew"
        )


def _execute(connection: sqlite3.Connection, statements: str, version: int) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
