"""The store's reads: rows into records."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.errors import NotFoundError
from corpus.model import Entry, Kind, Page, Part, Place, Span
from corpus.store.facts import from_json
from corpus.store.records import (
    Identity,
    IndexedPassage,
    StandingDocument,
    StoredDocument,
    StoredEntry,
    StoredPassage,
    StoredSentence,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from corpus.store.records import Filter

    Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]


_T = TypeVar("_T")

_CHUNK = 500
"""Values bound in one statement."""

_ENTRY = (
    "SELECT entries.id, entries.key, entries.kind, entries.title, entries.start, entries.end, entries.section,"
    " entries.headings, entries.venue, entries.year, entries.url, entries.place, entries.country,"
    " entries.region, entries.city, entries.role, entries.team, entries.parts, entries.posted,"
    " entries.closes, entries.facts, entries.first_seen, documents.id, documents.title,"
    " documents.venue, documents.year, documents.url, documents.source, documents.reader,"
    " documents.published, documents.first_seen, documents.gone"
    " FROM entries JOIN documents ON documents.number = entries.document"
)
_ORDER = " ORDER BY documents.number, entries.ordinal"


def documents(db: sqlite3.Connection, scope: int | None, *, every_scope: bool, gone: bool) -> list[StoredDocument]:
    """Documents by id, with how many entries of each kind they have."""
    counts: dict[int, dict[Kind, int]] = {}
    for number, kind, count in db.execute("SELECT document, kind, count(*) FROM entries GROUP BY 1, 2"):
        counts.setdefault(number, {})[Kind(kind)] = count
    rows = db.execute(
        "SELECT number, ingested_at, first_seen, gone, published, unplaced, bundled, id, title,"
        " deck, venue, year, publisher, url, source, scope,"
        " characters FROM documents"
        " WHERE (? OR scope IS NULL OR scope = ?) AND (? OR gone IS NULL) ORDER BY id",
        (every_scope, scope, gone),
    )
    names = [column[0] for column in rows.description][7:]
    return [
        StoredDocument(
            **dict(zip(names, facts, strict=True)),
            bundled=bool(bundled),
            ingested_at=datetime.fromisoformat(ingested_at),
            first_seen=datetime.fromisoformat(first_seen),
            gone=_moment(since),
            published=_day(published),
            unplaced=_spans(unplaced),
            counts=counts.get(number, {}),
        )
        for number, ingested_at, first_seen, since, published, unplaced, bundled, *facts in rows
    ]


def standing(db: sqlite3.Connection) -> list[StandingDocument]:
    """All documents."""
    rows = db.execute(
        "SELECT number, id, scope, gone IS NOT NULL, title, publisher, venue, year, published, first_seen"
        " FROM documents ORDER BY number"
    )
    return [
        StandingDocument(
            number,
            name,
            scope,
            bool(gone),
            title,
            publisher,
            venue,
            year,
            _day(published),
            datetime.fromisoformat(seen),
        )
        for number, name, scope, gone, title, publisher, venue, year, published, seen in rows
    ]


def page(db: sqlite3.Connection, document_id: str) -> tuple[Identity, Page]:
    """A document as it was stored."""
    row = db.execute(
        "SELECT source, reader, sha256, scope, bundled, text, title, deck, venue, year, publisher, url,"
        " published, unplaced, page_starts FROM documents JOIN texts ON document = number WHERE id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"no document {document_id!r}")
    source, reader, sha256, scope, bundled, *facts, published, unplaced, page_starts = row
    stored, title, deck, venue, year, publisher, url = facts
    read = db.execute(f"{_ENTRY} WHERE documents.id = ?{_ORDER}", (document_id,)).fetchall()
    found = tuple(entry.entry for entry in _with_authors(db, read))
    identity = Identity(document_id, source, reader, sha256, scope, bool(bundled))
    more = _day(published), _spans(unplaced), tuple(json.loads(page_starts))
    return identity, Page(stored, title, found, deck, venue, year, publisher, url, *more)


def text(db: sqlite3.Connection, document_id: str, start: int, end: int | None) -> str:
    """A stretch of a document's text; SQLite counts characters from one."""
    length = -1 if end is None else max(0, end - start)
    row = db.execute(
        "SELECT CASE WHEN ? < 0 THEN substr(text, ?) ELSE substr(text, ?, ?) END"
        " FROM documents JOIN texts ON document = number WHERE id = ?",
        (length, start + 1, start + 1, length, document_id),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"no document {document_id!r}")
    return str(row[0])


def page_starts(db: sqlite3.Connection, document_id: str) -> dict[str, list[int]]:
    """The offsets at which a document's pages begin, in order, by its id; none for one without pages."""
    rows = db.execute("SELECT id, page_starts FROM documents WHERE id = ?", (document_id,))
    return {name: sorted(json.loads(starts)) for name, starts in rows}


def entries(db: sqlite3.Connection, allowed: Filter) -> list[StoredEntry]:
    """Entries through a filter."""
    where, values = _where(allowed)
    return _with_authors(db, db.execute(f"{_ENTRY} WHERE {where}{_ORDER}", values).fetchall())


def distinct(db: sqlite3.Connection, allowed: Filter) -> dict[Kind, int]:
    """Entries by kind through a filter, counted by their keys."""
    where, values = _where(allowed)
    rows = db.execute(
        "SELECT entries.kind, count(DISTINCT entries.key) FROM entries"
        f" JOIN documents ON documents.number = entries.document WHERE {where} GROUP BY entries.kind",
        values,
    )
    return {Kind(kind): count for kind, count in rows}


def entries_by_id(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, StoredEntry]:
    """Entries by id."""
    found: list[StoredEntry] = []
    for chunk in chunks(ids):
        marks = placeholders(chunk)
        rows = db.execute(f"{_ENTRY} WHERE entries.id IN ({marks})", tuple(chunk)).fetchall()
        found.extend(_with_authors(db, rows))
    return {entry.id: entry for entry in found}


def titles(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Titles by entry."""
    found: dict[int, str] = {}
    for chunk in chunks(ids):
        found.update(
            db.execute(f"SELECT id, title FROM entries WHERE id IN ({placeholders(chunk)})", tuple(chunk))
        )
    return found


def entries_after(db: sqlite3.Connection, entry: int, most: int) -> list[tuple[int, str, int | None, str]]:
    """Ids, keys, scopes and pages' checksums of entries written after one."""
    return db.execute(
        "SELECT entries.id, entries.key, documents.scope, documents.sha256 FROM entries"
        " JOIN documents ON documents.number = entries.document WHERE entries.id > ? ORDER BY entries.id LIMIT ?",
        (entry, most),
    ).fetchall()


def written(db: sqlite3.Connection, number: int) -> tuple[list[StoredEntry], str]:
    """The entries of a document and its text, by its number."""
    row = db.execute("SELECT text FROM texts WHERE document = ?", (number,)).fetchone()
    if row is None:
        return [], ""
    read = db.execute(f"{_ENTRY} WHERE documents.number = ?{_ORDER}", (number,)).fetchall()
    return _with_authors(db, read), str(row[0])


def ids_by_key(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, list[int]]:
    """Ids of entries by key."""
    found: dict[str, list[int]] = {}
    for chunk in chunks(list(dict.fromkeys(keys))):
        statement = f"SELECT key, id FROM entries WHERE key IN ({placeholders(chunk)}) ORDER BY id"
        for key, entry in db.execute(statement, tuple(chunk)):
            found.setdefault(key, []).append(entry)
    return found


def entries_by_key(db: sqlite3.Connection, keys: Sequence[str], allowed: Filter) -> dict[str, list[StoredEntry]]:
    """Entries by key, through a filter."""
    where, values = _where(allowed)
    found: dict[str, list[StoredEntry]] = {}
    for chunk in chunks(keys):
        marks = placeholders(chunk)
        statement = f"{_ENTRY} WHERE entries.key IN ({marks}) AND {where}{_ORDER}"
        for entry in _with_authors(db, db.execute(statement, (*chunk, *values)).fetchall()):
            found.setdefault(entry.key, []).append(entry)
    return found


def passages(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, StoredPassage]:
    """Passages by id."""
    found: dict[int, StoredPassage] = {}
    for chunk in chunks(ids):
        rows = db.execute(
            "SELECT passages.id, passages.entry, entries.key, entries.kind, documents.id, passages.start,"
            " passages.end"
            " FROM passages JOIN entries ON entries.id = passages.entry"
            " JOIN documents ON documents.number = entries.document"
            f" WHERE passages.id IN ({placeholders(chunk)})",
            tuple(chunk),
        )
        for number, entry, key, kind, document, start, end in rows:
            found[number] = StoredPassage(number, entry, key, Kind(kind), document, Span(start, end))
    return found


def passages_of(db: sqlite3.Connection, entries: Sequence[int]) -> list[int]:
    """Ids of the passages of entries."""
    found: list[int] = []
    for chunk in chunks(entries):
        rows = db.execute(f"SELECT id FROM passages WHERE entry IN ({placeholders(chunk)})", tuple(chunk))
        found.extend(row[0] for row in rows)
    return found


def sentences(db: sqlite3.Connection, entries: Sequence[int], model: str) -> dict[int, list[StoredSentence]]:
    """Sentences by entry."""
    found: dict[int, list[StoredSentence]] = {}
    for chunk in chunks(entries):
        rows = db.execute(
            "SELECT sentences.entry, sentences.start, sentences.end, vectors.vector FROM sentences"
            " JOIN vectors ON vectors.id = sentences.vector AND vectors.model = ?"
            f" WHERE sentences.entry IN ({placeholders(chunk)}) ORDER BY sentences.entry, sentences.ordinal",
            (model, *chunk),
        )
        for entry, start, end, vector in rows:
            span = None if start is None else Span(start, end)
            found.setdefault(entry, []).append(StoredSentence(span, vector))
    return found


def vectors(db: sqlite3.Connection, hashes: Iterable[str], model: str) -> dict[str, int]:
    """Ids of the model's vectors by hash; those that are not stored are left out."""
    found: dict[str, int] = {}
    for chunk in chunks(list(dict.fromkeys(hashes))):
        statement = f"SELECT hash, id FROM vectors WHERE model = ? AND hash IN ({placeholders(chunk)})"
        found.update(db.execute(statement, (model, *chunk)))
    return found


def _where(allowed: Filter) -> tuple[str, list[Any]]:
    conditions, values = ["(documents.scope IS NULL OR documents.scope = ?)"], [allowed.scope]
    if not allowed.gone:
        conditions.append("documents.gone IS NULL")
    if allowed.kinds is not None:
        conditions.append(f"entries.kind IN ({placeholders(allowed.kinds)})")
        values.extend(sorted(str(kind) for kind in allowed.kinds))  # type: ignore[arg-type]
    if allowed.documents is not None:
        conditions.append(f"documents.id IN ({placeholders(allowed.documents)})")
        values.extend(sorted(allowed.documents))  # type: ignore[arg-type]
    if allowed.entries is not None:
        conditions.append(f"entries.id IN ({placeholders(allowed.entries)})")
        values.extend(sorted(allowed.entries))
    return " AND ".join(conditions), list(values)


def _with_authors(db: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> list[StoredEntry]:
    authors: dict[int, list[str]] = {}
    papers = [row[0] for row in rows if row[2] == Kind.PAPER]
    for chunk in chunks(papers):
        statement = (
            f"SELECT entry, name FROM authors WHERE entry IN ({placeholders(chunk)}) ORDER BY entry, ordinal"
        )
        for number, name in db.execute(statement, tuple(chunk)):
            authors.setdefault(number, []).append(name)
    return [_entry(row, authors.get(row[0], [])) for row in rows]


def _entry(row: Sequence[Any], authors: Sequence[str]) -> StoredEntry:
    (number, key, kind, title, start, end, section, headings, venue, year, url) = row[:11]
    (place, country, region, city, role, team, parts, posted, closes, said, first_seen) = row[11:22]
    (document, digest, document_venue, document_year, document_url) = row[22:27]
    source, reader, published, begun, gone = row[27:]
    fetched = source.startswith(("http://", "https://")) and reader.startswith("html/")
    entry = Entry(
        kind=Kind(kind),
        title=title,
        span=Span(start, end),
        section=section,
        headings=tuple(json.loads(headings)),
        authors=tuple(authors),
        venue=venue,
        year=year,
        url=url,
        place=Place(place, country, region, city) if place else None,
        role=role,
        team=team,
        posted=_day(posted),
        closes=_day(closes),
        parts=tuple(Part(heading, Span(first, last)) for heading, first, last in json.loads(parts)),
        **from_json(said),
    )
    page = document_url if fetched else None
    if entry.kind is Kind.JOB:  # a page's venue says nothing of the jobs that it carries
        document_venue = document_year = None
    return StoredEntry(
        number,
        key,
        document,
        digest,
        venue or document_venue,
        year or document_year,
        url or document_url,
        datetime.fromisoformat(first_seen),
        entry,
        page,
        _day(published),
        datetime.fromisoformat(begun),
        _moment(gone),
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _spans(stored: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(stored))


def chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    """Values, as many at a time as one statement binds."""
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))


def placeholders(values: Iterable[object]) -> str:
    """A placeholder for each value."""
    return ", ".join("?" for _ in values)


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

    def vectors_of(self, passages: Sequence[int], model: str) -> dict[int, bytes]:
        """Read passages' vectors of this model; those that are not there are left out."""
        found: dict[int, bytes] = {}
        with self._reading() as db:
            for chunk in chunks(passages):
                found.update(
                    db.execute(
                        "SELECT passages.id, vectors.vector FROM passages"
                        " JOIN vectors ON vectors.id = passages.vector AND vectors.model = ?"
                        f" WHERE passages.id IN ({placeholders(chunk)})",
                        (model, *chunk),
                    )
                )
        return found

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
