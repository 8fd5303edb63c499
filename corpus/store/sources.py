"""What the store knows of sources: where documents are looked for, how often, and how each address answered."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from corpus.errors import NotFoundError
from corpus.model import SourceKind
from corpus.text import slug, unique

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]


TABLES = """
CREATE TABLE sources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    pattern TEXT,
    scope INTEGER,
    every INTEGER NOT NULL,
    items INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    refreshed_at TEXT,
    due_at TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT
);
CREATE TABLE addresses (
    source INTEGER NOT NULL REFERENCES sources (number) ON DELETE CASCADE,
    listing INTEGER NOT NULL,
    address TEXT NOT NULL,
    via TEXT,
    listed INTEGER NOT NULL,
    stamp TEXT,
    published TEXT,
    document TEXT,
    answered TEXT,
    etag TEXT,
    modified TEXT,
    asked_at TEXT,
    due_at TEXT,
    failures INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (source, listing, address)
) WITHOUT ROWID;
CREATE INDEX addresses_by_document ON addresses (document);
"""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source as it stands in the store.

    ``items`` is how many of what it lists are read at most; ``failures`` counts those in a row, ``error`` is the
    last. ``documents`` and ``gone`` count what came from it and is there, and is there no longer; ``unread``
    counts the addresses that could not be read, ``complaint`` is what was said of one of them.
    """

    number: int
    id: str
    kind: SourceKind
    address: str
    pattern: str | None
    scope: int | None
    every: timedelta
    items: int
    added_at: datetime
    refreshed_at: datetime | None
    due_at: datetime
    failures: int = 0
    error: str | None = None
    documents: int = 0
    gone: int = 0
    unread: int = 0
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAddress:
    """How an address of a source answered last.

    ``listing``: it lists others. ``via`` is the listing that named it, ``listed`` whether that still does;
    ``stamp`` is what that said of its version. ``answered`` is where the answer came from in the end, ``etag``
    and ``modified`` what a conditional request needs. ``document`` is what was made of it; ``reader`` made it,
    and is None where there is no such document (any more); ``gone`` says that it is marked so.
    """

    address: str
    listing: bool = False
    via: str | None = None
    listed: bool = True
    stamp: str | None = None
    published: date | None = None
    document: str | None = None
    answered: str | None = None
    etag: str | None = None
    modified: str | None = None
    asked_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    error: str | None = None
    reader: str | None = None
    gone: bool = False


_KEPT = tuple(each.name for each in fields(StoredAddress) if each.name not in ("reader", "gone"))
_COUNTS = (
    "(SELECT count(DISTINCT documents.id) FROM addresses JOIN documents ON documents.id = addresses.document"
    " WHERE addresses.source = sources.number AND documents.gone IS {})"
)
_UNREAD = "FROM addresses WHERE source = sources.number AND NOT listing AND listed AND addresses.error IS NOT NULL"
_SOURCE = (
    "SELECT every, added_at, refreshed_at, due_at, kind, number, id, address, pattern, scope, items, failures,"
    f" error, {_COUNTS.format('NULL')} AS documents, {_COUNTS.format('NOT NULL')} AS gone,"
    f" (SELECT count(*) {_UNREAD}) AS unread,"
    f" (SELECT address || ': ' || addresses.error {_UNREAD} LIMIT 1) AS complaint FROM sources"
)


class Sources:
    """The sources of one store; each write is one transaction."""

    def __init__(self, reading: Opened, transaction: Opened) -> None:
        self._reading, self._transaction = reading, transaction

    def add(self, source: StoredSource) -> StoredSource:
        """Keep a new source; returned as it is kept, with a number and an id that no other has."""
        with self._transaction() as db:
            taken = {row[0] for row in db.execute("SELECT id FROM sources")}
            values = {
                "id": unique(slug(source.id), taken),
                "kind": str(source.kind),
                "address": source.address,
                "pattern": source.pattern,
                "scope": source.scope,
                "every": int(source.every.total_seconds()),
                "items": source.items,
                "added_at": _at(source.added_at),
                "due_at": _at(source.due_at),
            }
            marks = ", ".join("?" * len(values))
            statement = f"INSERT INTO sources ({', '.join(values)}) VALUES ({marks})"
            number = db.execute(statement, tuple(values.values())).lastrowid
            return _source(db.execute(f"{_SOURCE} WHERE number = ?", (number,)))[0]

    def all(self) -> list[StoredSource]:
        """Every source, of every scope, by id."""
        with self._reading() as db:
            return _source(db.execute(f"{_SOURCE} ORDER BY id"))

    def named(self, name: str) -> StoredSource:
        """The source of an id, or of an address that only one has.

        Raises:
            NotFoundError: there is none.
        """
        with self._reading() as db:
            found = _source(db.execute(f"{_SOURCE} WHERE id = ? OR address = ? ORDER BY id = ?", (name,) * 3))
        if not found or (len(found) > 1 and found[-1].id != name):
            raise NotFoundError(f"no source {name!r}; `digestbot source list` shows what there is")
        return found[-1]

    def remove(self, source: StoredSource) -> None:
        """Forget a source; its documents stay."""
        with self._transaction() as db:
            db.execute("DELETE FROM sources WHERE number = ?", (source.number,))

    def own_documents(self, source: StoredSource) -> list[str]:
        """Ids of the documents that came from a source and from no other."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT DISTINCT documents.id FROM addresses JOIN documents ON documents.id = addresses.document"
                " WHERE addresses.source = ? AND NOT EXISTS (SELECT 1 FROM addresses AS other"
                " WHERE other.document = documents.id AND other.source <> addresses.source) ORDER BY documents.id",
                (source.number,),
            )
            return [row[0] for row in rows]

    def refreshed(self, source: StoredSource, at: datetime, due_at: datetime) -> None:
        """Note that a source was read."""
        with self._transaction() as db:
            db.execute(
                "UPDATE sources SET refreshed_at = ?, due_at = ?, failures = 0, error = NULL WHERE number = ?",
                (_at(at), _at(due_at), source.number),
            )

    def failed(self, source: StoredSource, error: str, due_at: datetime) -> None:
        """Note that a source could not be read, and when it is tried again."""
        with self._transaction() as db:
            db.execute(
                "UPDATE sources SET failures = failures + 1, error = ?, due_at = ? WHERE number = ?",
                (error, _at(due_at), source.number),
            )

    def addresses(self, source: StoredSource) -> dict[tuple[bool, str], StoredAddress]:
        """How the addresses of a source answered last, by whether they list others and by what they are."""
        columns = ", ".join(f"addresses.{name}" for name in _KEPT)
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {columns}, documents.reader, documents.gone IS NOT NULL FROM addresses"
                " LEFT JOIN documents ON documents.id = addresses.document WHERE addresses.source = ?",
                (source.number,),
            )
            found = (_address(dict(zip((*_KEPT, "reader", "gone"), row, strict=True))) for row in rows)
            return {(each.listing, each.address): each for each in found}

    def note(self, source: StoredSource, addresses: Iterable[StoredAddress]) -> None:
        """Keep how addresses of a source answered; those of a source that was removed meanwhile are dropped."""
        marks = ", ".join("?" * len(_KEPT))
        statement = (
            f"INSERT OR REPLACE INTO addresses (source, {', '.join(_KEPT)})"
            f" SELECT number, {marks} FROM sources WHERE number = ?"
        )
        with self._transaction() as db:
            db.executemany(statement, [(*_values(each), source.number) for each in addresses])

    def listed_elsewhere(self, document_id: str, source: StoredSource) -> bool:
        """Whether another source than this one still lists a document."""
        with self._reading() as db:
            row = db.execute(
                "SELECT 1 FROM addresses WHERE document = ? AND source <> ? AND listed LIMIT 1",
                (document_id, source.number),
            )
            return row.fetchone() is not None


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _values(address: StoredAddress) -> list[object]:
    given = (getattr(address, name) for name in _KEPT)
    return [
        _at(each) if isinstance(each, datetime) else each.isoformat() if isinstance(each, date) else each
        for each in given
    ]


def _address(row: dict[str, Any]) -> StoredAddress:
    for name in ("asked_at", "due_at"):
        row[name] = datetime.fromisoformat(row[name]) if row[name] else None
    row["published"] = date.fromisoformat(row["published"]) if row["published"] else None
    for name in ("listing", "listed", "gone"):
        row[name] = bool(row[name])
    return StoredAddress(**row)


def _source(rows: sqlite3.Cursor) -> list[StoredSource]:
    names = [column[0] for column in rows.description][5:]
    return [
        StoredSource(
            **dict(zip(names, facts, strict=True)),
            kind=SourceKind(kind),
            every=timedelta(seconds=every),
            added_at=datetime.fromisoformat(added_at),
            refreshed_at=datetime.fromisoformat(refreshed_at) if refreshed_at else None,
            due_at=datetime.fromisoformat(due_at),
        )
        for every, added_at, refreshed_at, due_at, kind, *facts in rows.fetchall()
    ]
