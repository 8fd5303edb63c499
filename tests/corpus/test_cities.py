"""The table of cities: found by their names, kept in a file that is made anew where it is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from corpus import cities as table
from corpus.cities import cities, cities_also_called, large_cities, may_be_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place where the table is kept; nothing of it is remembered before or after."""
    monkeypatch.setattr(table, "user_cache_path", lambda *names, **options: tmp_path / "cache")
    remembered = (table._table, table.cities, table.cities_also_called)
    for each in remembered:
        each.cache_clear()
    yield tmp_path / "cache"
    for each in remembered:
        each.cache_clear()


def test_cities_of_a_name_come_the_most_populous_first():
    assert cities("paris")[0].country == "FR"
    assert {city.region for city in cities("portland") if city.country == "US"} >= {"OR", "ME"}
    assert cities("no such town") == ()


def test_a_large_city_is_known_by_its_other_names_too():
    assert cities_also_called("munchen")[0].name == "Munich"
    assert large_cities("bombay")[0].name == "Mumbai"
    assert large_cities("bellevue")[0].region == "WA"
    assert large_cities("lich") == ()


def test_every_name_may_be_a_city():
    assert all(map(may_be_city, ("boston", "munchen", "bombay", "new york city")))
    assert not any(map(may_be_city, ("no such town", "diffusion", "")))


def test_the_file_is_made_once(kept: Path, monkeypatch: pytest.MonkeyPatch):
    assert cities("boston")[0].region == "MA"
    (file,) = kept.iterdir()
    table._table.cache_clear()
    cities.cache_clear()
    monkeypatch.setattr(table, "_fill", lambda connection: pytest.fail("made again"))
    assert cities("boston")[0].region == "MA"
    assert list(kept.iterdir()) == [file]


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def _without(statement: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        partial(_without, "DELETE FROM known"),
        partial(_without, "UPDATE known SET large = NULL"),
        partial(_without, "UPDATE known SET hashes = x'0102'"),
    ],
)
def test_a_damaged_file_is_made_anew(kept: Path, damage: Callable[[Path], None]):
    cities("boston")
    (file,) = kept.iterdir()
    damage(file)
    table._table.cache_clear()
    cities.cache_clear()
    assert cities("boston")[0].region == "MA"
    assert may_be_city("boston")
    assert large_cities("bombay")[0].name == "Mumbai"
    assert file.stat().st_size > 1_000_000


def test_where_nothing_can_be_kept_the_table_is_held_in_memory(kept: Path):
    kept.write_text("a file where a folder should be")
    assert cities("boston")[0].region == "MA"
