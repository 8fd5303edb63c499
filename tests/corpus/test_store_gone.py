"""What a source no longer has is not handed out unless it is asked for, and days outlive a change of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.model import Kind
from corpus.passages import sentences_of, split
from corpus.store import Filter, Store
from tests.corpus.test_store import MODEL, PAGE, identity, put
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from pathlib import Path

GONE = "2026-05-03T00:00:00+00:00"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three documents with the same entries: a common one, one that has gone, and one of a server."""
    store = Store(tmp_path)
    put(store, identity("here", "/pages/here.txt"))
    put(store, identity("gone", "/pages/gone.txt"))
    put(store, identity("own", "/pages/own.txt", scope=7))
    store._connection.execute("UPDATE documents SET gone = ? WHERE id = 'gone'", (GONE,))
    return store


def documents_of(store: Store, allowed: Filter) -> set[str]:
    return {entry.document for entry in store.entries(allowed)}


def test_a_gone_document_is_listed_only_where_it_is_asked_for(store: Store):
    assert [each.id for each in store.documents()] == ["here"]
    shown = store.documents(gone=True)
    assert [(each.id, each.gone.isoformat() if each.gone else None) for each in shown] == [
        ("gone", GONE),
        ("here", None),
    ]


@pytest.mark.parametrize(
    ("allowed", "documents"),
    [
        (Filter(), {"here"}),
        (Filter(gone=True), {"here", "gone"}),
        (Filter(7), {"here", "own"}),
        (Filter(7, gone=True), {"here", "gone", "own"}),
        (Filter(8, frozenset({Kind.JOB})), {"here"}),
        (Filter(documents=frozenset({"gone"})), set()),
    ],
)
def test_the_filter_holds_back_what_is_gone_and_what_is_anothers(
    store: Store, allowed: Filter, documents: set[str]
):
    assert documents_of(store, allowed) == documents
    hidden = set(store.indexing.hidden_documents(allowed.scope, gone=allowed.gone))
    assert not hidden & set(store.indexing.document_numbers(documents))
    everything = {document.id for document in store.documents(every_scope=True, gone=True)}
    unseen = everything - documents_of(store, Filter(allowed.scope, gone=allowed.gone))
    assert hidden == set(store.indexing.document_numbers(unseen))


def test_nothing_is_held_back_where_all_is_asked_for(store: Store):
    assert store.indexing.hidden_documents(7, gone=True) == []
    assert store.indexing.hidden_documents(7, gone=False) == store.indexing.document_numbers(["gone"])


def test_an_entry_knows_that_its_document_has_gone(store: Store):
    (entry, *_) = store.entries(Filter(documents=frozenset({"gone"}), gone=True))
    assert entry.gone is not None
    assert entry.gone.isoformat() == GONE


def test_embedding_the_stored_page_again_keeps_its_days(store: Store):
    earlier = "2025-01-01T00:00:00+00:00"
    store._connection.execute("UPDATE documents SET ingested_at = ?, first_seen = ?", (earlier, earlier))
    passages = split(PAGE.text, PAGE.entries, PAGE.title, window=256, count=HashEncoder().count_pieces)
    sentences = [sentences_of(PAGE.text, entry) for entry in PAGE.entries]
    who, page = store.page("gone")
    store.put(who, page, passages, sentences, {}, MODEL, again=True)
    (gone,) = (each for each in store.documents(gone=True) if each.id == "gone")
    assert (gone.ingested_at.isoformat(), gone.first_seen.isoformat()) == (earlier, earlier)
    assert gone.gone is not None
    assert gone.gone.isoformat() == GONE


def test_reading_a_gone_page_again_brings_it_back(store: Store):
    earlier = "2025-01-01T00:00:00+00:00"
    store._connection.execute("UPDATE documents SET ingested_at = ?, first_seen = ?", (earlier, earlier))
    put(store, identity("gone", "/pages/gone.txt", sha256="1" * 64))
    (gone,) = (each for each in store.documents() if each.id == "gone")
    assert gone.ingested_at.isoformat() > earlier
    assert gone.first_seen.isoformat() == earlier
