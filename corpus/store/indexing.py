"""The store's reads for the index: passages with their words and vectors, and which documents are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.store.reading import chunks, placeholders
from corpus.store.records import IndexedPassage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]


class Indexing:
    """What the index asks of a store; each method reads by itself."""

    def __init__(self, reading: Opened) -> None:
        """Take what opens the database to read."""
        self._reading = reading

    def passages_since(self, generation: int, model: str, until: int | None = None) -> Iterator[IndexedPassage]:
        """Passages with vectors of this model that were written after a generation, up to ``until``, by id.

        They are read document by document. One that is removed in the meantime is left out.
        """
        with self._reading() as db:
            numbers = _documents_since(db, generation, model, until)
        for number in numbers:
            with self._reading() as db:
                passages = _passages_of(db, number, model)
            yield from passages

    def removed_since(self, generation: int) -> list[int]:
        """Ids of the passages that were removed after a generation."""
        with self._reading() as db:
            rows = db.execute("SELECT passage FROM removed_passages WHERE generation > ?", (generation,))
            return [row[0] for row in rows]

    def hidden_documents(self, scope: int | None, *, gone: bool) -> list[int]:
        """Numbers of the documents that a filter of this scope hides, whatever else it asks for."""
        with self._reading() as db:
            rows = db.execute(  # from the index of those that some filter hides
                "SELECT number FROM documents WHERE (scope IS NOT NULL OR gone IS NOT NULL)"
                " AND ((scope IS NOT NULL AND scope IS NOT ?) OR (gone IS NOT NULL AND NOT ?))",
                (scope, gone),
            )
            return [row[0] for row in rows]

    def document_numbers(self, ids: Iterable[str]) -> list[int]:
        """Numbers of documents by their ids; those that are not there are left out."""
        found: list[int] = []
        with self._reading() as db:
            for chunk in chunks(list(ids)):
                statement = f"SELECT number FROM documents WHERE id IN ({placeholders(chunk)})"
                found.extend(row[0] for row in db.execute(statement, tuple(chunk)))
        return found


def _documents_since(db: sqlite3.Connection, generation: int, model: str, until: int | None) -> list[int]:
    rows = db.execute(
        "SELECT number FROM documents WHERE generation > ?1 AND (?3 IS NULL OR generation <= ?3) AND model = ?2"
        " ORDER BY number",
        (generation, model, until),
    )
    return [row[0] for row in rows]


def _passages_of(db: sqlite3.Connection, number: int, model: str) -> list[IndexedPassage]:
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
