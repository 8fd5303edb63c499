"""The store's check of itself: what does not hold within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.model import Span
from corpus.passages import MAX_CHARACTERS, Passage, passage_hash

if TYPE_CHECKING:
    import sqlite3


def problems(db: sqlite3.Connection) -> list[str]:
    """What does not hold: SQLite's own check, passages without vectors, spans outside the text, changed text."""
    found = [f"the database: {row[0]}" for row in db.execute("PRAGMA quick_check") if row[0] != "ok"]
    pointing = db.execute('SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 1')
    found += [f"the database: {count} rows of {table} point nowhere" for table, count in pointing]
    for table in ("passages", "sentences"):
        missing = db.execute(
            f"SELECT count(*) FROM {table} JOIN entries ON entries.id = {table}.entry"
            " JOIN documents ON documents.number = entries.document"
            f" LEFT JOIN vectors ON vectors.id = {table}.vector AND vectors.model = documents.model"
            " WHERE vectors.id IS NULL AND documents.model <> ''"  # those wait to be embedded again
        ).fetchone()[0]
        if missing:
            found.append(f"{missing} {table} have no vector")
    for model, lengths in db.execute("SELECT model, count(DISTINCT length(vector)) FROM vectors GROUP BY model"):
        if lengths > 1:
            found.append(f"vectors of the model {model} have different lengths")
    found += _misplaced(db)
    return found


def _misplaced(db: sqlite3.Connection) -> list[str]:
    found: list[str] = []
    outside = changed = 0
    for number, stored in db.execute("SELECT document, text FROM texts"):
        rows = db.execute(
            "SELECT passages.start, passages.end, entries.start, entries.end, passages.context, vectors.hash"
            " FROM entries JOIN passages ON passages.entry = entries.id"
            " LEFT JOIN vectors ON vectors.id = passages.vector WHERE entries.document = ?",
            (number,),
        )
        for start, end, first, last, context, name in rows:
            if not first <= start < end <= last <= len(stored):
                outside += 1
            elif name and passage_hash(Passage(Span(start, end), context).embedded_text(stored)) != name:
                changed += 1
        rows = db.execute(
            "SELECT sentences.start, sentences.end, entries.start, entries.end, vectors.hash FROM entries"
            " JOIN sentences ON sentences.entry = entries.id LEFT JOIN vectors ON vectors.id = sentences.vector"
            " WHERE entries.document = ? AND sentences.start IS NOT NULL",
            (number,),
        )
        for start, end, first, last, name in rows:
            if not first <= start < end <= last <= len(stored):
                outside += 1
            elif name and passage_hash(stored[start : min(end, start + MAX_CHARACTERS)]) != name:
                changed += 1
    if outside:
        found.append(f"{outside} passages or sentences lie outside their entry or document")
    if changed:
        found.append(f"{changed} passages or sentences do not say what was embedded")
    return found
