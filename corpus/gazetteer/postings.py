"""The lists on the disk: names of the corpus with the entries that carry them, in a SQLite file of their own.

The file is derived from the store and may be deleted at any time. Ids are kept as compressed bitmaps (Chambi,
Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps", 2016), one for each 65,536 ids, so that
a new document rewrites little.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter, defaultdict
from contextlib import contextmanager
from enum import IntEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from pyroaring import BitMap, FrozenBitMap

from corpus.errors import StoreError
from corpus.gazetteer.mentions import ids_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from corpus.gazetteer.mentions import Ids


class List(IntEnum):
    """The lists. Each holds, by key, ids of entries; what the keys are is told where they are gathered.

    The numbers stand in files: a new list gets a new one, and ``lists.FORMAT`` is raised.
    """

    KIND = 1
    FAMILY_NAME = 10
    FAMILY_OF = 11
    GIVEN_NAME = 12
    GIVEN_OF = 13
    SPELLING = 14
    TITLE = 20
    TITLE_STEM = 21
    TITLE_SAID = 22
    SHORT_NAME = 23
    ODD_WORD = 24
    HEADING = 30
    TOPIC = 31
    TOPIC_STEM = 32
    TOPIC_SAID = 33
    TOPIC_INITIALS = 34
    CAPITALS = 35
    VENUE = 40
    YEAR = 41
    YEAR_SAID = 42
    COUNTRY = 50
    REGION = 51
    CITY = 52
    CITY_IN = 53
    CITY_NAME = 54
    PLACE_SAID = 55
    CITY_AT = 56
    TEAM = 60
    TEAM_STEM = 63
    TEAM_OF = 64
    TEAM_WHOLE = 65
    TEAM_ACRONYM = 66
    ROLE = 61
    ROLE_PHRASE = 62
    ROLE_WORD = 67
    LABEL = 68
    LABEL_BEGUN = 69
    WHOLE_AREA = 57
    AUTHOR_AT = 15
    DIGEST = 72
    DIGEST_WORD = 70
    DIGEST_FOREIGN = 71
    CATALOGUE = 80
    CATALOGUE_WORD = 81
    KIN_POST = 90
    KIN_SENTENCE = 91


CAPPED: Final = {List.TITLE_SAID: 8, List.KIN_SENTENCE: 8}
"""Lists that keep so many entries a key and stretch of ids at most: more only tell that there are many."""


WORDS: Final = 32
"""Words of a name that it is found by: of an overlong one the first, lest it take a list by itself."""


class Gathered:
    """What some entries bring to the lists.

    Attributes:
        scope: the server whose entries are gathered at the moment, 0 for what all see.
    """

    def __init__(self) -> None:
        self.ids: dict[tuple[int, str], BitMap] = defaultdict(BitMap)
        self.shown: dict[tuple[int, str, int], str] = {}
        self.scope = 0
        self.words: dict[int, set[str]] = defaultdict(set)
        self.lower: Counter[tuple[int, str]] = Counter()
        self.capital: Counter[tuple[int, str]] = Counter()

    def add(self, which: List, key: str, entry: int) -> None:
        """Put an entry under a key of a list."""
        held = self.ids[which, key]
        if which not in CAPPED or len(held) < CAPPED[which]:
            held.add(entry)

    def show(self, which: List, key: str, shown: str) -> None:
        """Note how a key is written where it is shown; the first to come stays, of each scope."""
        self.shown.setdefault((which, key, self.scope), shown)

    def spell(self, which: List, words: Iterable[str]) -> None:
        """Note words that a misspelt one may be meant to be, see ``Seen.near``."""
        self.words[which].update(words)


FORMAT: Final = 3
_CHUNK: Final = 16
"""Bits of an id within a row."""

_CACHE: Final = 16_384
"""Kilobytes of the file that are held in memory at most."""

_MISSES: Final = 1_000
"""Words that are looked for in vain before the keys are read: it pays for who asks more than a few questions."""

_PAGES: Final = 2_000
"""Pages of the file, 4 kB each, up to which all keys are read then; of a larger one that would take too long."""

UNREADABLE: Final = (ValueError, IndexError)
"""What reading damaged bitmaps and cards raises."""

_TABLES = """
CREATE TABLE ids (list INTEGER, key TEXT, chunk INTEGER, ids BLOB, PRIMARY KEY (list, key, chunk)) WITHOUT ROWID;
CREATE TABLE shown (
    list INTEGER, key TEXT, scope INTEGER, shown TEXT, PRIMARY KEY (list, key, scope)
) WITHOUT ROWID;
CREATE TABLE words (
    list INTEGER, length INTEGER, start TEXT, words TEXT, PRIMARY KEY (list, length, start)
) WITHOUT ROWID;
CREATE TABLE ordinary (
    word TEXT, scope INTEGER, lower INTEGER, capital INTEGER, PRIMARY KEY (word, scope)
) WITHOUT ROWID;
CREATE TABLE cards (chunk INTEGER PRIMARY KEY, cards BLOB);
CREATE TABLE documents (number INTEGER PRIMARY KEY);
CREATE TABLE state (generation INTEGER, stamp TEXT);
"""


class Lists:
    """An open file of lists. Safe to share between threads, and, through SQLite, between processes.

    ``damaged`` tells that it was found not to be what was written.
    """

    def __init__(self, path: Path | None) -> None:
        """Open a file, making it where there is none or one of another format; None for one in memory.

        Raises:
            OSError: it cannot be opened.
            sqlite3.Error: likewise, or it is damaged.
        """
        self.damaged = False
        self._missed = 0
        self._hashes: FrozenBitMap | None = None
        self._buckets: frozenset[tuple[int, int, str]] | None = None
        self._lock = threading.RLock()
        self._reads = _opened(path)
        try:
            self._writes = (
                _opened(path) if path else self._reads
            )  # who asks does not wait for what is being written
            self._prepare()
        except sqlite3.Error:
            self.close()
            raise

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        with self._lock:
            self._reads.close()
            self._writes.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a query.

        Raises:
            StoreError: the file cannot be read; see ``damaged``.
        """
        try:
            with self._lock:
                return self._reads.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self.damaged |= is_damage(error)
            raise StoreError(f"cannot read the names of the corpus: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes, one at a time: all of it, or nothing."""
        db = self._writes
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def ids(self, which: List, key: str) -> FrozenBitMap:
        """The entries under a key, of all scopes, those among them that have gone since."""
        if self._hashes is not None and _hashed(which, key) not in self._hashes:
            return _NONE
        rows = self.rows("SELECT ids FROM ids WHERE list = ? AND key = ?", (which, key))
        if not rows:
            self._missed += 1
            if self._missed == _MISSES:
                self._hashes = self._hashes_of_keys()
        return self._together([row[0] for row in rows])

    def between(self, which: List, first: str, last: str, most: int) -> list[tuple[str, FrozenBitMap]]:
        """Keys from ``first`` up to ``last``, which is left out, with their entries, in order, so many at most."""
        found: dict[str, list[bytes]] = {}
        for key, ids in self.rows(
            "SELECT key, ids FROM ids WHERE list = ?1 AND key >= ?2 AND key <= ("
            "SELECT max(key) FROM (SELECT DISTINCT key FROM ids WHERE list = ?1 AND key >= ?2 AND key < ?3"
            " ORDER BY key LIMIT ?4)) ORDER BY key, chunk",
            (which, first, last, most),
        ):
            found.setdefault(key, []).append(ids)
        return [(key, self._together(parts)) for key, parts in found.items()]

    def shown(self, which: List, key: str, scope: int | None) -> str | None:
        """How a key is written in what a scope sees."""
        rows = self.rows(
            "SELECT shown FROM shown WHERE list = ? AND key = ? AND scope IN (0, ?) ORDER BY scope",
            (which, key, scope or 0),
        )
        return str(rows[0][0]) if rows else None

    def words(self, which: List, length: int, start: str) -> list[str]:
        """Words to be spelt by, of a length and with one or two first letters."""
        if self._buckets is None:
            self._buckets = frozenset(
                (which, length, start[:letters])
                for which, length, start in self.rows("SELECT list, length, start FROM words")
                for letters in (1, 2)
            )
        if (which, length, start) not in self._buckets:
            return []
        rows = self.rows(
            "SELECT words FROM words WHERE list = ? AND length = ? AND start >= ? AND start < ?",
            (which, length, start, f"{start}\U0010ffff"),
        )
        return [word for row in rows for word in row[0].split("\n")]

    def ordinary(self, word: str, scope: int | None) -> tuple[int, int]:
        """How often a word is written in lower case, and with a capital, in what a scope sees."""
        rows = self.rows(
            "SELECT sum(lower), sum(capital) FROM ordinary WHERE word = ? AND scope IN (0, ?)", (word, scope or 0)
        )
        return rows[0][0] or 0, rows[0][1] or 0

    def write(self, db: sqlite3.Connection, gathered: Gathered, there: NDArray[np.uint32]) -> None:
        """Write what was gathered, within a transaction.

        Args:
            db: the transaction's.
            gathered: what is written.
            there: all entries that are still there: a capped list holds no others.
        """
        standing = lru_cache(1)(lambda: ids_of(there))
        db.create_function("united", 3, partial(self._united, standing), deterministic=True)
        db.executemany(
            "INSERT INTO ids VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT DO UPDATE SET ids = united(list, ids, excluded.ids)",
            sorted(_rows(gathered)),
        )
        db.executemany(
            "INSERT OR IGNORE INTO shown VALUES (?, ?, ?, ?)",
            sorted((which, key, scope, shown) for (which, key, scope), shown in gathered.shown.items()),
        )
        db.executemany(
            "INSERT INTO words VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET words = joined(words, excluded.words)",
            _spelt(gathered),
        )
        db.executemany(
            "INSERT INTO ordinary VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET lower = lower + excluded.lower, capital = capital + excluded.capital",
            sorted(
                (word, scope, gathered.lower[scope, word], gathered.capital[scope, word])
                for scope, word in {*gathered.lower, *gathered.capital}
            ),
        )

    def look_anew(self) -> None:
        """Forget what is remembered of the file, which has been written to."""
        self._missed, self._hashes, self._buckets = 0, None, None

    def _hashes_of_keys(self) -> FrozenBitMap | None:
        """Hashes of all keys, by which most words are known to be no name; None of a large file."""
        if self.rows("PRAGMA page_count")[0][0] > _PAGES:
            return None
        return FrozenBitMap(_hashed(*key) for key in self.rows("SELECT list, key FROM ids"))

    def _together(self, parts: Sequence[bytes]) -> FrozenBitMap:
        try:
            if len(parts) == 1:
                return FrozenBitMap.deserialize(parts[0])
            return FrozenBitMap.union(*map(FrozenBitMap.deserialize, parts)) if parts else _NONE
        except UNREADABLE as error:
            self.damaged = True
            raise StoreError(f"cannot read the names of the corpus: {error}") from error

    def _united(self, there: Callable[[], Ids], which: int, one: bytes, other: bytes) -> bytes:
        try:
            ids = BitMap.deserialize(one) | BitMap.deserialize(other)
        except UNREADABLE:
            self.damaged = True  # SQLite tells of the statement alone
            raise
        most = CAPPED.get(List(which))
        return (ids if most is None or len(ids) <= most else BitMap((ids & there())[:most])).serialize()

    def _prepare(self) -> None:
        if self._reads.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            with self.writing() as db:
                self.clear(db)

    def clear(self, db: sqlite3.Connection) -> None:
        """Make the tables anew, within a transaction."""
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            db.execute(f'DROP TABLE "{table}"')
        for statement in _TABLES.split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {FORMAT}")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is damaged: all else that can go wrong has a class of its own."""
    return type(error) is sqlite3.DatabaseError


def _opened(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", timeout=30.0, isolation_level=None, check_same_thread=False)
    db.create_function("joined", 2, _joined, deterministic=True)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")  # it can be made anew
    db.execute("PRAGMA secure_delete = ON")
    db.execute(f"PRAGMA cache_size = -{_CACHE}")
    return db


def _hashed(which: int, key: str) -> int:
    return hash((int(which), key)) & 0xFFFFFFFF


_NONE = FrozenBitMap()


def _joined(one: str, other: str) -> str:
    return "\n".join(sorted({*one.split("\n"), *other.split("\n")}))


def _rows(gathered: Gathered) -> Iterator[tuple[int, str, int, bytes]]:
    for (which, key), ids in gathered.ids.items():
        if not ids:
            continue
        first, last = ids.min() >> _CHUNK, ids.max() >> _CHUNK
        if first == last:
            yield which, key, first, ids.serialize()
            continue
        for chunk in range(first, last + 1):
            inside = ids & BitMap(range(chunk << _CHUNK, (chunk + 1) << _CHUNK))
            if inside:
                yield which, key, chunk, inside.serialize()


def _spelt(gathered: Gathered) -> list[tuple[int, int, str, str]]:
    buckets: dict[tuple[int, int, str], list[str]] = {}
    for which, words in gathered.words.items():
        for word in sorted(filter(None, words)):
            buckets.setdefault((which, len(word), word[:2]), []).append(word)
    return sorted((*bucket, "\n".join(words)) for bucket, words in buckets.items())
