"""Brings the file of names forward, document by document, as the store changes."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from pyroaring import BitMap

from corpus.errors import StoreError
from corpus.gazetteer import job_places, labels, people, teams, titles, topics, venues
from corpus.gazetteer.cards import CHUNK, DTYPE, KINDS, Cards, row_of
from corpus.gazetteer.duplicates import Families
from corpus.gazetteer.gazetteer import Gazetteer
from corpus.gazetteer.gazetteer import gather as gather_catalogue
from corpus.gazetteer.postings import UNREADABLE, Gathered, List, Lists, is_damage
from corpus.gazetteer.scope import Entries, Seen
from corpus.gazetteer.tokens import ordinary_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.store import StandingDocument, StoredEntry


_log = logging.getLogger(__name__)

_GATHERS = (
    people.gather, titles.gather, titles.gather_short_names, topics.gather, venues.gather, job_places.gather,
    teams.gather, teams.gather_roles, venues.gather_digests, labels.gather, gather_catalogue,
)  # fmt: skip

_AT_ONCE = 20_000
"""Entries whose names are written in one transaction: some hundred bytes of memory for each name of theirs."""

_ANEW_BELOW = 2_000
"""Entries up to which a removal makes the file anew, so that no name of what was removed stays on the disk."""

_DEAD = 0.25
"""Share of the entries that have gone, from which a larger file is made anew, too."""


class Source(Entries, Protocol):
    """What names are gathered from: the store."""

    @property
    def generation(self) -> int:
        """The number of the latest write."""
        ...

    def stamp(self, generation: int) -> str | None:
        """What tells a generation from one of the same number in another store."""
        ...

    def standing(self) -> Sequence[StandingDocument]:
        """All documents."""
        ...

    def written(self, number: int) -> tuple[list[StoredEntry], str]:
        """The entries of a document, in page order, and its text; none where it is no longer there."""
        ...


class NamesFile:
    """The names of one store. Safe to share between threads, and, through SQLite, between processes."""

    def __init__(self, path: Path | None, source: Source) -> None:
        """Name the file; it is opened, or made, where it is first asked. None keeps the names in memory."""
        self._path = path
        self._source = source
        self._lock = threading.RLock()
        self._lists: Lists | None = None
        self._rows: NDArray[np.void] = np.empty(0, DTYPE)
        self._state: int | None = None  # of the file that the rows are those of; None where it is not known
        self._documents: Sequence[StandingDocument] = ()
        self._generation = -1
        self._closing = False

    def close(self) -> None:
        """Close the file; what is being gathered stops with the document under way."""
        self._closing = True
        with self._lock:
            if self._lists:
                self._lists.close()
            self._lists, self._generation, self._state = None, -1, None
            self._closing = False

    @property
    def damaged(self) -> bool:
        """Whether the file was found not to be what was written; the next ``refresh`` makes it anew."""
        return self._lists is not None and self._lists.damaged

    def refresh(self) -> int:
        """Bring the names to the store's generation, and return it.

        Raises:
            DigestbotError: the store cannot be read, or the file cannot be written.
        """
        with self._lock:
            generation = self._source.generation
            if generation != self._generation or self.damaged:
                try:
                    self._open_and_bring_forward()
                except (sqlite3.Error, OSError) as error:
                    raise StoreError(f"cannot keep names in {self._path}: {error}") from error
                self._generation = generation
            return generation

    def gazetteer(self, scope: int | None, *, gone: bool = False) -> Gazetteer:
        """The names that a scope sees, at the generation of the last refresh."""
        with self._lock:
            if self._lists is None:
                raise AssertionError("refreshed first")
            documents = [d for d in self._documents if d.scope in (None, scope) and (gone or not d.gone)]
            cards = Cards(_of(self._rows, {d.number for d in documents}), self._source)
            seen = Seen(self._lists, self._source, cards.ids, scope)
        return Gazetteer(seen, cards, documents)

    def _open_and_bring_forward(self) -> None:
        if self.damaged:
            self._begin_again()
        try:
            self._bring_forward()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._begin_again()
            self._bring_forward()

    def _bring_forward(self) -> None:
        lists = self._lists = self._lists or Lists(self._path)
        read: int | None = None
        state, self._state = self._state, None  # until it is done nobody knows
        done = False
        while not done:
            with lists.writing() as db:
                generation = self._source.generation
                if generation != read:  # another process may have been here meanwhile
                    read, documents = generation, self._source.standing()
                    numbers = {document.number for document in documents}
                rows, state = self._standing(db, numbers, state), _state(db)
                self._documents = documents
                anew = self._is_foreign(db, generation) or _is_old(db, len(rows))
                if anew:
                    lists.clear(db)
                self._rows = rows[:0] if anew else rows
                db.execute("DELETE FROM state")
                db.execute("INSERT INTO state VALUES (?, ?)", (generation, self._source.stamp(generation)))
                known = _known(db)
                missing = deque(document for document in documents if document.number not in known)
                while missing:
                    self._gather(lists, db, missing)
                    if not anew:  # what is there already is asked meanwhile; what is made anew, when it is whole
                        break
                done = not missing
        self._state = state
        lists.look_anew()

    def _standing(self, db: sqlite3.Connection, numbers: set[int], state: int | None) -> NDArray[np.void]:
        """The cards of the entries of documents: those in memory where the file is in their state."""
        if state != _state(db):
            return _of(_read_cards(db), numbers)
        gone = {document.number for document in self._documents} - numbers
        return self._rows[~_inside(self._rows, gone)] if gone else self._rows

    def _gather(self, lists: Lists, db: sqlite3.Connection, documents: deque[StandingDocument]) -> None:
        """Gather the names of the first documents, as many as are written at a time, and take these out."""
        into, families = Gathered(), Families(self._rows, partial(_carriers, db))
        rows: list[tuple[object, ...]] = []
        while documents and len(rows) < _AT_ONCE:
            if self._closing:
                raise StoreError("the names of the corpus were closed while they were gathered")
            document = documents.popleft()
            entries, text = self._source.written(document.number)
            twins = self._source.ids_by_key([each.key for each in entries])
            for stored in entries:
                said = text[stored.entry.span.start : stored.entry.span.end]
                numbers = families.numbers(stored, said, twins.get(stored.key, ()), into)
                rows.append(row_of(stored, document.number, *numbers))
                _gather_entry(stored, said, document.scope or 0, into)
            db.execute("INSERT OR IGNORE INTO documents VALUES (?)", (document.number,))
        new = np.array(rows, DTYPE)
        _write_cards(db, new)
        self._rows = _joined(self._rows, new)
        lists.write(db, into, self._rows["id"])

    def _is_foreign(self, db: sqlite3.Connection, generation: int) -> bool:
        """Whether the file was made from another store."""
        state = db.execute("SELECT generation, stamp FROM state").fetchall()
        return any(then > generation or self._source.stamp(then) != stamp for then, stamp in state)

    def _begin_again(self) -> None:
        """Make a damaged file anew."""
        _log.warning("the file of names is damaged and is made anew")
        if self._lists:
            self._lists.damaged = True  # for who still reads in it
        self.close()
        if self._path:
            for name in (self._path.name, f"{self._path.name}-wal", f"{self._path.name}-shm"):
                (self._path.parent / name).unlink(missing_ok=True)


def _gather_entry(stored: StoredEntry, text: str, scope: int, into: Gathered) -> None:
    into.scope = scope
    for gather in _GATHERS:
        gather(stored, text, into)
    into.add(List.KIND, str(stored.entry.kind), stored.id)
    lower, capital = ordinary_words(text)
    for word, count in lower.items():
        into.lower[scope, word] += count
    for word, count in capital.items():
        into.capital[scope, word] += count


def _known(db: sqlite3.Connection) -> set[int]:
    """The numbers of the documents whose names are there."""
    return {number for (number,) in db.execute("SELECT number FROM documents")}


def _carriers(db: sqlite3.Connection, which: List, key: str) -> list[int]:
    rows = db.execute("SELECT ids FROM ids WHERE list = ? AND key = ?", (which, key)).fetchall()
    try:
        return [entry for (ids,) in rows for entry in BitMap.deserialize(ids)]
    except UNREADABLE as error:
        raise sqlite3.DatabaseError("the lists are damaged") from error


def _is_old(db: sqlite3.Connection, standing: int) -> bool:
    """Whether so many of the entries have gone, beside those that stand, that the file is made anew."""
    cards = int(db.execute("SELECT coalesce(sum(length(cards)), 0) FROM cards").fetchone()[0]) // DTYPE.itemsize
    dead = cards - standing
    return dead > 0 and (cards <= _ANEW_BELOW or dead >= _DEAD * cards)


def _state(db: sqlite3.Connection) -> int:
    """A number that changes whenever somebody else has written to the file."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def _read_cards(db: sqlite3.Connection) -> NDArray[np.void]:
    """All cards, sorted by id, those of documents that have gone since among them."""
    blobs = [blob for (blob,) in db.execute("SELECT cards FROM cards ORDER BY chunk")]
    try:
        rows = np.frombuffer(b"".join(blobs), DTYPE)
    except ValueError as error:
        raise sqlite3.DatabaseError("the cards are damaged") from error
    if (np.diff(rows["id"].astype(np.int64)) <= 0).any() or (rows["kind"] >= len(KINDS)).any():
        raise sqlite3.DatabaseError("the cards are damaged")
    return rows


def _of(rows: NDArray[np.void], numbers: set[int]) -> NDArray[np.void]:
    """The cards of the entries of some documents."""
    inside = _inside(rows, numbers)
    return rows if inside.all() else rows[inside]


def _inside(rows: NDArray[np.void], numbers: set[int]) -> NDArray[np.bool_]:
    return np.isin(rows["document"], np.fromiter(numbers, np.uint32, len(numbers)))


def _joined(rows: NDArray[np.void], new: NDArray[np.void]) -> NDArray[np.void]:
    """Cards with others, sorted by id."""
    new = new[np.argsort(new["id"])]
    if not len(rows) or not len(new) or new["id"][0] > rows["id"][-1]:  # as good as always: ids rise
        return np.concatenate([rows, new])
    both = np.concatenate([rows[~np.isin(rows["id"], new["id"])], new])
    return both[np.argsort(both["id"])]


def _write_cards(db: sqlite3.Connection, rows: NDArray[np.void]) -> None:
    for chunk in np.unique(rows["id"] >> CHUNK).tolist():
        held = db.execute("SELECT cards FROM cards WHERE chunk = ?", (chunk,)).fetchone()
        new = rows[rows["id"] >> CHUNK == chunk]
        old = np.frombuffer(held[0], DTYPE) if held else np.empty(0, DTYPE)
        db.execute("INSERT OR REPLACE INTO cards VALUES (?, ?)", (chunk, _joined(old, new).tobytes()))
