"""The store's reads for the index: passages with their words and vectors, and which documents are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.store.reading import chunks, placeholders
from corpus.store.records import IndexedPassage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


def hidden_documents(db: sqlite3.Connection, scope: int | None, *, gone: bool) -> list[int]:
    """Numbers, from the index of those that some filter hides."""
    rows = db.execute(
        "SELECT number FROM documents WHERE (scope IS NOT NULL OR gone IS NOT NULL)"
        " AND ((scope IS NOT NULL AND scope IS NOT ?) OR (gone IS NOT NULL AND NOT ?))",
        (scope, gone),
    )
    return [row[0] for row in rows]


def document_numbers(db: sqlite3.Connection, ids: Iterable[str]) -> list[int]:
    """Numbers by id."""
    found: list[int] = []
    for chunk in chunks(list(ids)):
        rows = db.execute(f"SELECT number FROM documents WHERE id IN ({placeholders(chunk)})", tuple(chunk))
        found.extend(row[0] for row in rows)
    return found


def documents_since(db: sqlite3.Connection, generation: int, model: str, until: int | None) -> list[int]:
    """Numbers of documents with vectors of the model that were written after a generation, up to another one."""
    rows = db.execute(
        "SELECT number FROM documents WHERE generation > ?1 AND (?3 IS NULL OR generation <= ?3) AND model = ?2"
        " ORDER BY number",
        (generation, model, until),
    )
    return [row[0] for row in rows]


def passages_of_document(db: sqlite3.Connection, number: int, model: str) -> list[IndexedPassage]:
    """A document's passages with their words and vectors."""
    row = db.execute("SELECT text FROM texts WHERE document = ?", (number,)).fetchone()
    if row is None:
        return []
    stored = row[0]  # sliced here: SQLite would count from the text's start for each passage
    rows = db.execute(
        "SELECT passages.id, entries.title, passages.context, passages.start, passages.end, vectors.vector,"
        " entries.id, entries.kind, entries.key"
        " FROM entries JOIN passages ON passages.entry = entries.id"
        " JOIN vectors ON vectors.id = passages.vector AND vectors.model = ?"
        " WHERE entries.document = ? ORDER BY passages.id",
        (model, number),
    )
    return [  # a title's words count three times
        IndexedPassage(
            passage, f"{title}\n{title}\n{context}\n{stored[start:end]}", vector, entry, Kind(kind), key, number
        )
        for passage, title, context, start, end, vector, entry, kind, key in rows
    ]
