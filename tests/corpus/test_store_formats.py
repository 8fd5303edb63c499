"""Stores of older formats are brought forward, and nothing that they hold is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.store import Filter, Store
from tests.corpus.test_store import MODEL, TEXT, identity, put

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


_SINCE_3 = {
    "documents": ("published", "unplaced", "page_starts", "first_seen", "gone"),
    "entries": ("posted", "closes", "first_seen"),
}


def as_format_5(store: Store) -> None:
    store._connection.execute("ALTER TABLE entries DROP COLUMN facts")
    store._connection.execute("PRAGMA user_version = 5")


def as_format_4(store: Store) -> None:
    as_format_5(store)
    for index in ("documents_by_model", "documents_hidden"):
        store._connection.execute(f"DROP INDEX {index}")
    store._connection.execute("ALTER TABLE documents DROP COLUMN characters")
    store._connection.execute("ALTER TABLE documents ADD COLUMN text TEXT NOT NULL DEFAULT ''")
    store._connection.execute("UPDATE documents SET text = (SELECT text FROM texts WHERE document = number)")
    store._connection.execute("DROP TABLE texts")
    for table in ("passages", "sentences"):
        store._connection.execute(f"DROP INDEX {table}_by_vector")
        store._connection.execute(f"ALTER TABLE {table} ADD COLUMN hash TEXT NOT NULL DEFAULT ''")
        store._connection.execute(
            f"UPDATE {table} SET hash = (SELECT hash FROM vectors WHERE vectors.id = {table}.vector)"
        )
        store._connection.execute(f"ALTER TABLE {table} DROP COLUMN vector")
        store._connection.execute(f"CREATE INDEX {table}_by_hash ON {table} (hash)")
    store._connection.execute("ALTER TABLE vectors RENAME TO new_vectors")
    store._connection.execute(
        "CREATE TABLE vectors (hash TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,"
        " PRIMARY KEY (hash, model)) WITHOUT ROWID"
    )
    store._connection.execute("INSERT INTO vectors SELECT hash, model, vector FROM new_vectors")
    store._connection.execute("DROP TABLE new_vectors")
    store._connection.execute("PRAGMA user_version = 4")


def as_format_3(store: Store) -> None:
    as_format_4(store)
    for table, columns in _SINCE_3.items():
        for column in columns:
            store._connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in ("addresses", "sources"):
        store._connection.execute(f"DROP TABLE {table}")
    store._connection.execute("PRAGMA user_version = 3")


def test_a_store_of_format_4_is_brought_forward(store: Store, tmp_path: Path):
    put(store, identity())
    entries, documents = store.entries(Filter()), store.documents()
    said = store.sentences([entry.id for entry in entries], MODEL)
    indexed = list(store.indexing.passages_since(0, MODEL))
    as_format_4(store)
    store.close()
    later = Store(tmp_path)
    assert (later.entries(Filter()), later.documents()) == (entries, documents)
    assert later.sentences([entry.id for entry in entries], MODEL) == said
    assert list(later.indexing.passages_since(0, MODEL)) == indexed
    assert later.text("guide") == TEXT
    assert later.problems() == []
    later.remove("guide")
    assert set(later.counts().values()) == {0}


def test_a_store_of_format_3_is_brought_forward(store: Store, tmp_path: Path):
    put(store, identity())
    entries, documents = store.entries(Filter()), store.documents()
    as_format_3(store)
    store.close()
    later = Store(tmp_path)
    assert later.entries(Filter()) == entries
    assert later.documents() == documents
    assert later.stale(MODEL) == []


def test_a_store_of_format_2_is_brought_forward(store: Store, tmp_path: Path):
    put(store, identity())
    before = store.entries(Filter())
    as_format_3(store)
    store._connection.execute("DROP TABLE sentences")  # the one table that format 2 does not have
    store._connection.execute("PRAGMA user_version = 2")
    store.close()
    later = Store(tmp_path)
    assert later.entries(Filter()) == before
    assert later.stale(MODEL) == ["guide"]
    assert later.problems() == []
    put(later, identity())
    assert later.stale(MODEL) == []
    assert later.sentences([entry.id for entry in later.entries(Filter())], MODEL)


def test_vectors_of_two_models_are_gone_with_a_document_that_waits_to_be_embedded_again(
    store: Store, tmp_path: Path
):
    put(store, identity())
    as_format_4(store)
    store._connection.execute("INSERT INTO vectors SELECT hash, 'another@64', vector FROM vectors")
    store._connection.execute("UPDATE documents SET model = ''")
    store.close()
    later = Store(tmp_path)
    assert later.problems() == []
    later.remove("guide")
    assert set(later.counts().values()) == {0}


def test_what_a_store_of_format_5_holds_is_to_be_read_anew_once(store: Store, tmp_path: Path):
    put(store, identity())
    assert store.outdated() == {}
    as_format_5(store)
    store.close()
    later = Store(tmp_path)
    assert list(later.outdated()) == ["guide"]
    later.leave_outdated()
    assert later.outdated() == {}
