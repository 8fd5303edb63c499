"""The store's writes, within a transaction that the store has opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corpus.passages import passage_hash
from corpus.store.facts import to_json
from corpus.text import entry_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.model import Entry, Page
    from corpus.passages import Passage, Sentence
    from corpus.store.records import Identity


def next_generation(db: sqlite3.Connection) -> int:
    """Begin the next generation, under a stamp that no other store has, and return its number."""
    row = db.execute("INSERT INTO generations (stamp) VALUES (hex(randomblob(8))) RETURNING number").fetchone()
    return int(row[0])


def first_seen(db: sqlite3.Connection, number: int) -> dict[str, str]:
    """When a document's entries were first seen, by their keys, and the document itself, by none."""
    rows = db.execute("SELECT key, first_seen FROM entries WHERE document = ?", (number,)).fetchall()
    return dict(rows) | {
        "": db.execute("SELECT first_seen FROM documents WHERE number = ?", (number,)).fetchone()[0]
    }


def reading_days(db: sqlite3.Connection, number: int) -> dict[str, str | None]:
    """When a document was last read, and when its source no longer had it, by column."""
    columns = ("ingested_at", "gone")
    row = db.execute(f"SELECT {', '.join(columns)} FROM documents WHERE number = ?", (number,)).fetchone()
    return dict(zip(columns, row, strict=True))


def delete_document(db: sqlite3.Connection, number: int, generation: int) -> list[int]:
    """Delete a document and all that belongs to it but its vectors; returns their ids.

    Its passages' ids are remembered for the index.
    """
    vectors = db.execute(
        "SELECT vector FROM passages JOIN entries ON entries.id = passages.entry WHERE entries.document = ?"
        " UNION SELECT vector FROM sentences JOIN entries ON entries.id = sentences.entry"
        " WHERE entries.document = ?",
        (number, number),
    ).fetchall()
    db.execute(
        "INSERT INTO removed_passages SELECT passages.id, ? FROM passages"
        " JOIN entries ON entries.id = passages.entry WHERE entries.document = ?",
        (generation, number),
    )
    db.execute("DELETE FROM documents WHERE number = ?", (number,))
    return [row[0] for row in vectors]


def insert_document(
    db: sqlite3.Connection,
    document_id: str,
    identity: Identity,
    page: Page,
    model: str,
    generation: int,
    days: Mapping[str, str | None],
) -> int:
    """Insert a document's row, with when it was read and seen by column, and return its number."""
    values = {
        "id": document_id,
        "source": identity.source,
        "scope": identity.scope,
        "bundled": identity.bundled,
        "reader": identity.reader,
        "sha256": identity.sha256,
        "title": page.title,
        "deck": page.deck,
        "venue": page.venue,
        "year": page.year,
        "publisher": page.publisher,
        "url": page.url,
        "published": page.published.isoformat() if page.published else None,
        "unplaced": json.dumps([[span.start, span.end] for span in page.unplaced]),
        "page_starts": json.dumps(page.page_starts),
        "characters": len(page.text),
        "model": model,
        "generation": generation,
        **days,
    }
    number = _insert(db, "documents", values)
    _insert(db, "texts", {"document": number, "text": page.text})
    return number


def insert_entries(
    db: sqlite3.Connection,
    document: int,
    page: Page,
    passages: Sequence[Sequence[Passage]],
    sentences: Sequence[Sequence[Sentence]],
    vectors: Mapping[str, int],
    now: str,
    first_seen: Mapping[str, str],
) -> None:
    """Insert a page's entries with their authors, passages and sentences; ``vectors`` are ids by hash."""
    for ordinal, (entry, cut, said) in enumerate(zip(page.entries, passages, sentences, strict=True)):
        columns = _columns(document, ordinal, entry, page.text)
        number = _insert(db, "entries", columns | {"first_seen": first_seen.get(str(columns["key"]), now)})
        db.executemany(
            "INSERT INTO authors VALUES (?, ?, ?)",
            [(number, position, name) for position, name in enumerate(entry.authors)],
        )
        db.executemany(
            'INSERT INTO passages (entry, start, "end", context, vector) VALUES (?, ?, ?, ?, ?)',
            [
                (number, p.span.start, p.span.end, p.context, vectors[passage_hash(p.embedded_text(page.text))])
                for p in cut
            ],
        )
        db.executemany(
            'INSERT INTO sentences (entry, ordinal, start, "end", vector) VALUES (?, ?, ?, ?, ?)',
            [
                (
                    number,
                    position,
                    *((s.span.start, s.span.end) if s.span else (None, None)),
                    vectors[passage_hash(s.embedded)],
                )
                for position, s in enumerate(said)
            ],
        )


def hashes_of(
    text: str, passages: Sequence[Sequence[Passage]], sentences: Sequence[Sequence[Sentence]]
) -> set[str]:
    """Name the embedded texts of passages and sentences."""
    named = {passage_hash(passage.embedded_text(text)) for cut in passages for passage in cut}
    return named | {passage_hash(sentence.embedded) for said in sentences for sentence in said}


def insert_vectors(db: sqlite3.Connection, vectors: Mapping[str, bytes], model: str) -> None:
    """Insert vectors by passage hash; those that another process stored meanwhile are left as they are."""
    rows = [(name, model, vector) for name, vector in vectors.items()]
    db.executemany("INSERT OR IGNORE INTO vectors (hash, model, vector) VALUES (?, ?, ?)", rows)


def delete_orphans(db: sqlite3.Connection, vectors: Iterable[int]) -> None:
    """Delete those of the vectors that no passage or sentence uses any more."""
    db.executemany(
        "DELETE FROM vectors WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM passages WHERE vector = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM sentences WHERE vector = ?1)",
        [(vector,) for vector in vectors],
    )


def _columns(document: int, ordinal: int, entry: Entry, text: str) -> dict[str, object]:
    place = entry.place
    return {
        "document": document,
        "ordinal": ordinal,
        "key": entry_key(entry, text),
        "kind": str(entry.kind),
        "title": entry.title,
        "start": entry.span.start,
        '"end"': entry.span.end,
        "section": entry.section,
        "headings": json.dumps(entry.headings, ensure_ascii=False),
        "venue": entry.venue,
        "year": entry.year,
        "url": entry.url,
        "place": place.text if place else None,
        "country": place.country if place else None,
        "region": place.region if place else None,
        "city": place.city if place else None,
        "role": entry.role,
        "team": entry.team,
        "posted": entry.posted.isoformat() if entry.posted else None,
        "closes": entry.closes.isoformat() if entry.closes else None,
        "parts": json.dumps(
            [[part.heading, part.span.start, part.span.end] for part in entry.parts], ensure_ascii=False
        ),
        "facts": to_json(entry),
    }


def _insert(db: sqlite3.Connection, table: str, values: Mapping[str, object]) -> int:
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
    number = db.execute(statement, tuple(values.values())).lastrowid
    if number is None:
        raise AssertionError("an insert has a row id")
    return number
