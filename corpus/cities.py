"""The cities of the world: GeoNames' table, from the package geotext, in a small SQLite file made once.

It is kept in the user's cache folder. As Python objects it would take half a second and 30 MB at each start.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from binascii import crc32
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path
from pyroaring import FrozenBitMap

from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_FORMAT = 4
_LARGE, _HUGE = 100_000, 1_000_000
_SHORTEST = 5
"""Letters of another name by which a city is known without its country being named."""

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_DAMAGED = (AttributeError, TypeError, ValueError, IndexError)
"""What reading a damaged file raises, beside SQLite's own errors."""
_LATIN = re.compile(r"[A-Z][A-Za-z.'’ -]{3,30}|[A-Z]{2,4}")

_SCHEMA = """
CREATE TABLE city(
    id INTEGER PRIMARY KEY, name TEXT, country TEXT, region TEXT, latitude REAL, longitude REAL, population INT,
    also TEXT
);
CREATE TABLE named(plain TEXT, own INT, city INT, PRIMARY KEY(plain, own, city)) WITHOUT ROWID;
CREATE TABLE known(large TEXT, hashes BLOB);
"""
_KNOWN_LARGE = """
SELECT group_concat(DISTINCT plain) FROM named JOIN city ON city.id = named.city
WHERE population >= ? AND (own OR (population >= ? AND length(plain) >= ?))
"""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class City:
    """A city of more than 15,000 people; ``region`` is the letter code of a US state, else GeoNames' own.

    ``also`` are the other names of a city of 100,000.
    """

    name: str
    country: str
    region: str
    point: Point
    population: int
    also: tuple[str, ...]


def plain(name: str) -> str:
    """A place's name as names are compared: folded words, one space between."""
    if name.isascii() and "'" not in name:  # the fast way for the many
        return " ".join(_WORD.findall(name.lower()))
    return folded(_POSSESSIVE.sub("", name.lower()))


@lru_cache(4096)
def cities(name: str) -> tuple[City, ...]:
    """The cities of a name, given in its plain form, the most populous first."""
    return _table().find(name, own=True) if may_be_city(name) else ()


@lru_cache(4096)
def cities_also_called(name: str) -> tuple[City, ...]:
    """The cities of 100,000 people that a plain name is another name of, the most populous first."""
    return _table().find(name, own=False) if may_be_city(name) else ()


def large_cities(name: str) -> tuple[City, ...]:
    """Cities that are known the world over by a plain name: of 100,000; of a million by their other names too."""
    if name not in _table().large:
        return ()
    large = tuple(city for city in cities(name) if city.population >= _LARGE)
    return large or cities_also_called(name)[:1]


def may_be_city(name: str) -> bool:
    """Whether a plain name is a city's, or, of some other names, looks as if: a fast look before the table's."""
    return _hashed(name) in _table().names


def _hashed(name: str) -> int:
    return crc32(name.encode()) & 0xFFFFFF  # so many bits that a hundred thousand names take little room


class _Table:
    """The open file. Safe to share between threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        try:
            large, hashes = connection.execute("SELECT large, hashes FROM known").fetchone()
            self.large = frozenset(large.split(","))
            self.names = FrozenBitMap.deserialize(hashes)
        except _DAMAGED as error:
            raise sqlite3.DatabaseError("the table of cities is damaged") from error

    def find(self, plain_name: str, *, own: bool) -> tuple[City, ...]:
        with self._lock:
            rows = self._connection.execute(
                "SELECT name, country, region, latitude, longitude, population, also FROM named"
                " JOIN city ON city.id = named.city WHERE plain = ? AND own = ? ORDER BY population DESC, city.id",
                (plain_name, own),
            ).fetchall()
        return tuple(
            City(name, country, region, (latitude, longitude), population, tuple(filter(None, also.split("|"))))
            for name, country, region, latitude, longitude, population, also in rows
        )


@cache
def _table() -> _Table:
    name = f"cities-{_FORMAT}-{version('geotext')}.sqlite"
    path = user_cache_path("digestbot", appauthor=False) / name
    try:
        return _Table(_opened(path))
    except (OSError, sqlite3.Error):  # not there, damaged, or nothing can be kept there
        try:
            _make(path)
            return _Table(_opened(path))
        except (OSError, sqlite3.Error):
            connection = sqlite3.connect(":memory:", check_same_thread=False)
            _fill(connection)
            return _Table(connection)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _make(path: Path) -> None:
    """Write the file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as unfinished:
        pass
    try:
        with closing(sqlite3.connect(unfinished.name)) as connection:
            _fill(connection)
        Path(unfinished.name).replace(path)
    finally:
        Path(unfinished.name).unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection) -> None:
    lines = (files("geotext") / "data" / "cities15000.txt").read_text("utf-8").splitlines()
    rows = [_row(line.split("\t")) for line in lines]
    connection.executescript(_SCHEMA)
    with connection:
        connection.executemany(
            "INSERT INTO city VALUES(?, ?, ?, ?, ?, ?, ?, ?)", ((i, *row[:-1]) for i, row in enumerate(rows))
        )
        connection.executemany("INSERT OR IGNORE INTO named VALUES(?, ?, ?)", _names(rows))
        hashes = FrozenBitMap(_hashed(name) for (name,) in connection.execute("SELECT plain FROM named"))
        (large,) = connection.execute(_KNOWN_LARGE, (_LARGE, _HUGE, _SHORTEST)).fetchone()
        connection.execute("INSERT INTO known VALUES(?, ?)", (large, hashes.serialize()))


_RENAMED = {
    "Gurgaon": "Gurugram", "Allahābād": "Prayagraj", "Mysore": "Mysuru", "Mangalore": "Mangaluru",
    "Belgaum": "Belagavi", "Dnipropetrovsk": "Dnipro", "Kirovohrad": "Kropyvnytskyi", "Port Elizabeth": "Gqeberha",
    "Astana": "Nur-Sultan", "Ahmadnagar": "Ahilyanagar", "Aurangabad": "Chhatrapati Sambhajinagar",
}  # fmt: skip
"""Names that cities have got since the table was made."""


def _row(fields: Sequence[str]) -> tuple[Any, ...]:
    """A line of the table as a row of ours; last come names in other scripts, which are only looked up."""
    _, name, _, names, latitude, longitude, _, _, country, _, region, _, _, _, population, *_ = fields
    other = [*names.split(","), _RENAMED.get(name, "")] if int(population) >= _LARGE else []
    also = [each for each in other if _LATIN.fullmatch(each)]
    foreign = [each for each in other if not each.isascii() and each not in also]
    point, people = (float(latitude), float(longitude)), int(population)
    return name, country, region, *point, people, "|".join(also), "|".join(foreign)


def _names(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, bool, int]]:
    for i, row in enumerate(rows):
        yield plain(row[0]), True, i
        for name in filter(None, map(plain, f"{row[6]}|{row[7]}".split("|"))):
            yield name, False, i


@cache
def continents() -> dict[str, frozenset[str]]:
    """The countries (ISO 3166-1 alpha-2) of the continents, by GeoNames' codes ("EU", "NA")."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (files("geotext") / "data" / "countryInfo.txt").read_text("utf-8").splitlines():
        if not line.startswith("#") and len(fields := line.split("\t")) > 8:
            found[fields[8]].add(fields[0])
    return {continent: frozenset(countries) for continent, countries in found.items()}
