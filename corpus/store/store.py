"""The store's door: what may be written and read, each write one transaction with a rising generation."""

from __future__ import annotations

import sqlite3
import threading
from bisect import bisect_right
from collections import OrderedDict
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from corpus import clock
from corpus.errors import NotFoundError, StoreError
from corpus.sqlite import reason
from corpus.store import integrity as checking
from corpus.store import reads as reading
from corpus.store import writes as writing
from corpus.store.reads import Indexing
from corpus.store.records import Known
from corpus.store.schema import connect
from corpus.store.sources import Sources
from corpus.text import slug, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from corpus.model import Kind, Page
    from corpus.passages import Passage, Sentence
    from corpus.store.records import (
        Filter,
        Identity,
        StandingDocument,
        StoredDocument,
        StoredEntry,
        StoredPassage,
        StoredSentence,
    )


Key = TypeVar("Key", bound="Hashable")
Row = TypeVar("Row")


class Remembered(Generic[Key, Row]):
    """The rows of one generation by their keys, of late and so many at most. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: OrderedDict[Key, Row] = OrderedDict()
        self._generation = -1
        self._lock = threading.Lock()

    def get(
        self, generation: int, ids: Sequence[Key], read: Callable[[list[Key]], Mapping[Key, Row]]
    ) -> dict[Key, Row]:
        """The rows of these ids, read where they are not known; those that are not there are left out.

        Args:
            generation: of the store as it is now; rows of an earlier one are forgotten.
            ids: in any order.
            read: reads rows by their ids.
        """
        with self._lock:
            if generation > self._generation:
                self._rows.clear()
                self._generation = generation
            rows = self._rows
            found = {i: rows[i] for i in ids if i in rows} if generation == self._generation else {}
            if len(rows) > self._most // 2:  # before that nothing will be dropped soon
                for i in found:
                    rows.move_to_end(i)
        missing = [i for i in dict.fromkeys(ids) if i not in found]
        if missing:
            new = read(missing)
            found.update(new)
            with self._lock:
                if generation == self._generation:
                    self._rows.update(new)
                    while len(self._rows) > self._most:
                        self._rows.popitem(last=False)
        return found


_REMEMBERED = 2048
"""Entries, and passages without their text, that are kept in memory."""

_REMEMBERED_STRETCHES, _STRETCH = 256, 20_000
"""Stretches of text that are kept in memory, and characters up to which one is."""

_REFUSED = (sqlite3.Error, UnicodeEncodeError, OverflowError)
"""How SQLite says no; the last two to stray surrogates and to numbers beyond 64 bits."""


class Store:
    """Documents, entries, passages and vectors in one SQLite file in WAL mode.

    Safe to share between threads; any number of processes may have the same file open. A method that writes
    is one transaction: after a crash it has happened wholly or not at all.
    """

    FILE_NAME = "digestbot.sqlite"

    def __init__(self, folder: Path) -> None:
        """Open the store in a data folder, making it where there is none.

        Raises:
            StoreError: the folder cannot be used.
        """
        self.path = folder / self.FILE_NAME
        self._connection = connect(self.path)
        self._lock = threading.RLock()
        self.watched = Sources(self._reading, self._transaction)
        self.indexing = Indexing(self._reading)
        self._snapshot: int | None = None  # its generation, while somebody reads in one
        self._entries: Remembered[int, StoredEntry] = Remembered(_REMEMBERED)
        self._passages: Remembered[int, StoredPassage] = Remembered(_REMEMBERED)
        self._carriers: Remembered[tuple[Filter, str], list[StoredEntry]] = Remembered(_REMEMBERED)
        self._stretches: Remembered[tuple[str, int, int], str] = Remembered(_REMEMBERED_STRETCHES)
        self._page_starts: Remembered[str, Sequence[int]] = Remembered(_REMEMBERED_STRETCHES)

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        with self._lock:
            self._connection.close()

    # Writing

    def put(
        self,
        identity: Identity,
        page: Page,
        passages: Sequence[Sequence[Passage]],
        sentences: Sequence[Sequence[Sentence]],
        vectors: Mapping[str, bytes],
        model: str,
        *,
        again: bool = False,
    ) -> str:
        """Store a document in place of what stood under its source and scope.

        Args:
            identity: where it comes from.
            page: what a reader made of it.
            passages: for each entry of the page its passages.
            sentences: for each entry of the page its sentences.
            vectors: by hash of the embedded text the vectors that the store lacks (see ``missing_vectors``).
            model: the fingerprint of the model that made the vectors.
            again: whether it is the stored page itself that was embedded anew: nothing was read then, and when it
                was read, or found gone, stays.

        Returns:
            The document's id: the one it had, or a new one made of its name.

        Raises:
            StoreError: the file cannot be written, or vectors are missing because another process removed them
                in the meantime; nothing has changed then.
        """
        with self._transaction() as db:
            known = self._known(db, identity)
            taken = {row[0] for row in db.execute("SELECT id FROM documents")}
            document_id = known.id if known else unique(slug(identity.name), taken)
            generation = writing.next_generation(db)
            seen = writing.first_seen(db, known.number) if known else {}
            now = clock.now().isoformat(timespec="seconds")
            days: dict[str, str | None] = {"ingested_at": now, "first_seen": seen.get("", now)}
            if known and again:
                days |= writing.reading_days(db, known.number)
            replaced = writing.delete_document(db, known.number, generation) if known else []
            number = writing.insert_document(db, document_id, identity, page, model, generation, days)
            writing.insert_vectors(db, vectors, model)
            named = writing.hashes_of(page.text, passages, sentences)
            held = reading.vectors(db, named, model)
            if len(held) < len(named):
                raise StoreError("another process removed passages at the same time: run it again")
            writing.insert_entries(db, number, page, passages, sentences, held, now, seen)
            writing.delete_orphans(db, replaced)
            return document_id

    def remove(self, document_id: str) -> None:
        """Take a document out, with all that was made from it.

        Raises:
            NotFoundError: there is no document of that id.
        """
        with self._transaction() as db:
            row = db.execute("SELECT number FROM documents WHERE id = ?", (document_id,)).fetchone()
            if row is None:
                raise NotFoundError(f"no document {document_id!r}; `digestbot list` shows what there is")
            vectors = writing.delete_document(db, row[0], writing.next_generation(db))
            writing.delete_orphans(db, vectors)
        with self._lock:  # what was removed shall not linger in the write-ahead log
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def mark_gone(self, document_id: str, when: datetime | None) -> bool:
        """Mark that a document's source no longer has it, or has it again.

        Args:
            document_id: of the document.
            when: it was found gone; None where it is there again.

        Returns:
            Whether that is new: of one that is marked the first moment is kept.

        Raises:
            NotFoundError: there is no document of that id.
        """
        with self._transaction() as db:
            row = db.execute("SELECT number, gone FROM documents WHERE id = ?", (document_id,)).fetchone()
            if row is None:
                raise NotFoundError(f"no document {document_id!r}; `digestbot list` shows what there is")
            if (row[1] is None) == (when is None):
                return False
            gone = when.astimezone(UTC).isoformat(timespec="seconds") if when else None
            db.execute("UPDATE documents SET gone = ? WHERE number = ?", (gone, row[0]))
            writing.next_generation(db)  # what is remembered of this one no longer holds
            return True

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read within sees the same state, whatever other processes write meanwhile."""
        with self._reading() as db:
            db.execute("BEGIN")
            try:
                self._snapshot = self._generation(db)
                yield
            finally:
                self._snapshot = None
                db.execute("ROLLBACK")

    @property
    def generation(self) -> int:
        """The number of the latest write."""
        with self._reading() as db:
            return self._generation(db)

    def stamp(self, generation: int) -> str | None:
        """What tells a generation from one of the same number in another store or a restored copy of this one."""
        with self._reading() as db:
            row = db.execute("SELECT stamp FROM generations WHERE number = ?", (generation,)).fetchone()
            return str(row[0]) if row else None

    def is_empty(self) -> bool:
        """Whether there is no document, of any scope."""
        with self._reading() as db:
            return db.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None

    def known(self, identity: Identity) -> Known | None:
        """The document that stands under the identity's source, or one with its very name and content."""
        with self._reading() as db:
            return self._known(db, identity)

    def missing_vectors(self, hashes: Iterable[str], model: str) -> set[str]:
        """Those of the passage hashes for which no vector of this model is stored."""
        with self._reading() as db:
            wanted = set(hashes)
            return wanted.difference(reading.vectors(db, wanted, model))

    def standing(self) -> list[StandingDocument]:
        """All documents, whoever sees them, those among them that their source no longer has."""
        with self._reading() as db:
            return reading.standing(db)

    def documents(
        self, scope: int | None = None, *, every_scope: bool = False, gone: bool = False
    ) -> list[StoredDocument]:
        """Documents by id: the common ones and those of ``scope``, or of every scope.

        ``gone``: also those that their source no longer has.
        """
        with self._reading() as db:
            return reading.documents(db, scope, every_scope=every_scope, gone=gone)

    def sources(self, scope: int | None = None) -> dict[str, str]:
        """By source the ids of the documents of exactly this scope, the bundled ones left out."""
        with self._reading() as db:
            rows = db.execute("SELECT source, id FROM documents WHERE scope IS ? AND NOT bundled", (scope,))
            return dict(rows.fetchall())

    def outdated(self) -> dict[str, str]:
        """By id the sources of everyone's documents that an earlier digestbot read, not yet read anew."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT id, source FROM documents WHERE reader LIKE '%/0' AND scope IS NULL ORDER BY number"
            )
            return dict(rows.fetchall())

    def leave_outdated(self) -> None:
        """Note that those that are still outdated cannot be read anew by themselves."""
        with self._transaction() as db:
            db.execute("UPDATE documents SET reader = reader || '0' WHERE reader LIKE '%/0'")

    def stale(self, model: str) -> list[str]:
        """Ids of the documents whose vectors are of another model."""
        with self._reading() as db:
            rows = db.execute("SELECT id FROM documents WHERE model < ?1 OR model > ?1 ORDER BY number", (model,))
            return [row[0] for row in rows]

    def page(self, document_id: str) -> tuple[Identity, Page]:
        """A document as it was stored, to be embedded again.

        Raises:
            NotFoundError: there is no document of that id.
        """
        with self._reading() as db:
            return reading.page(db, document_id)

    def text(self, document_id: str, start: int = 0, end: int | None = None) -> str:
        """A stretch of a document's stored text, in characters.

        Raises:
            NotFoundError: there is no document of that id.
        """
        with self._reading() as db:
            if end is None or end - start > _STRETCH:
                return reading.text(db, document_id, start, end)
            stretch = (document_id, start, end)
            read = self._stretches.get(
                self._generation(db), [stretch], lambda _: {stretch: reading.text(db, document_id, start, end)}
            )
            return read[stretch]

    def page_at(self, document_id: str, offset: int) -> int | None:
        """The page, from 1, that an offset of a document's text stands on; None where it has no pages."""
        with self._reading() as db:
            starts = self._page_starts.get(
                self._generation(db), [document_id], lambda _: reading.page_starts(db, document_id)
            )
            return bisect_right(starts.get(document_id, ()), offset) or None

    def entries(self, allowed: Filter) -> list[StoredEntry]:
        """The entries that the filter lets through, by document and page order."""
        with self._reading() as db:
            return reading.entries(db, allowed)

    def entries_by_id(self, ids: Sequence[int]) -> dict[int, StoredEntry]:
        """Entries by their ids; those that are gone are left out."""
        if not ids:
            return {}
        with self._reading() as db:
            return self._entries.get(self._generation(db), ids, lambda new: reading.entries_by_id(db, new))

    def titles(self, ids: Sequence[int]) -> dict[int, str]:
        """Titles of entries by their ids; those that are gone are left out."""
        with self._reading() as db:
            return reading.titles(db, ids)

    def entries_after(self, entry: int, most: int) -> list[tuple[int, str, int | None, str]]:
        """Id, key, scope and page's checksum of entries with higher ids than one, in order, so many at most."""
        with self._reading() as db:
            return reading.entries_after(db, entry, most)

    def written(self, number: int) -> tuple[list[StoredEntry], str]:
        """The entries of a document, by its number, in page order, and its text; none where it is not there."""
        with self._reading() as db:
            return reading.written(db, number)

    def ids_by_key(self, keys: Iterable[str]) -> dict[str, list[int]]:
        """For each key the ids of the entries that carry it, whoever sees them, in order."""
        with self._reading() as db:
            return reading.ids_by_key(db, keys)

    def last_entry(self) -> int:
        """The id of the entry that was written last, 0 where there is none."""
        with self._reading() as db:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0])

    def entries_by_key(self, keys: Sequence[str], allowed: Filter) -> dict[str, list[StoredEntry]]:
        """For each key the entries that carry it, by document and page order."""
        with self._reading() as db:
            found = self._carriers.get(
                self._generation(db),
                [(allowed, key) for key in keys],
                lambda new: {
                    (allowed, key): entries
                    for key, entries in reading.entries_by_key(db, [key for _, key in new], allowed).items()
                },
            )
            return {key: entries for (_, key), entries in found.items()}

    def passages(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by their ids; those that are gone are left out."""
        if not ids:
            return {}
        with self._reading() as db:
            return self._passages.get(self._generation(db), ids, lambda new: reading.passages(db, new))

    def passages_of(self, entries: Sequence[int]) -> list[int]:
        """Ids of the passages of entries."""
        with self._reading() as db:
            return reading.passages_of(db, entries)

    def sentences(self, entries: Sequence[int], model: str) -> dict[int, list[StoredSentence]]:
        """For each of the entries its title and sentences with their vectors of this model, in page order."""
        with self._reading() as db:
            return reading.sentences(db, entries, model)

    def counts(self) -> dict[str, int]:
        """How many documents, passages and vectors there are."""
        with self._reading() as db:
            tables = ("documents", "passages", "vectors")
            return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}

    def distinct(self, allowed: Filter) -> dict[Kind, int]:
        """How many entries of each kind the filter lets through, one that stands in several documents once."""
        with self._reading() as db:
            return reading.distinct(db, allowed)

    def problems(self) -> list[str]:
        """What does not hold within the store itself, a line each; empty when all is well."""
        with self._reading() as db:
            return checking.problems(db)

    # Within

    def _generation(self, db: sqlite3.Connection) -> int:
        if self._snapshot is not None:
            return self._snapshot
        return int(db.execute("SELECT coalesce(max(number), 0) FROM generations").fetchone()[0])

    def _known(self, db: sqlite3.Connection, identity: Identity) -> Known | None:
        columns = "SELECT number, id, source, reader, sha256, model FROM documents WHERE scope IS ?"
        row = db.execute(f"{columns} AND source = ?", (identity.scope, identity.source)).fetchone()
        if row is None:
            same = (identity.scope, slug(identity.name), identity.sha256, identity.reader, identity.bundled)
            statement = f"{columns} AND id = ? AND sha256 = ? AND reader = ? AND bundled = ?"
            row = db.execute(statement, same).fetchone()
        return Known(*row) if row else None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except _REFUSED as error:
                raise StoreError(f"cannot read {self.path}: {reason(error)}") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:  # a full disk has undone it already
                        self._connection.execute("ROLLBACK")
                    raise
            except _REFUSED as error:
                raise StoreError(f"cannot write {self.path}: {reason(error)}") from error
