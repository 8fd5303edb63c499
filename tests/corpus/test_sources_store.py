"""Sources and gone documents in the store: kept, changed and forgotten, and shared between processes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.errors import NotFoundError
from corpus.model import Entry, Kind, Page, SourceKind, Span
from corpus.store import Filter, Identity, Store, StoredAddress, StoredSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEED = StoredSource(
    number=0,
    id="Kites & strings",
    kind=SourceKind.FEED,
    address="https://kites.example/feed",
    pattern=None,
    scope=None,
    every=timedelta(hours=6),
    items=50,
    added_at=NOW,
    refreshed_at=None,
    due_at=NOW,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


def put(store: Store, name: str) -> str:
    page = Page("Kites fly.", name, (Entry(Kind.ARTICLE, name, Span(0, 10)),))
    return store.put(Identity(name, f"https://kites.example/{name}", "html/1", name), page, [[]], [[]], {}, "m")


def test_a_source_is_kept_as_it_is_in_every_process(store: Store, tmp_path: Path):
    kept = store.watched.add(FEED)
    assert kept == replace(FEED, number=kept.number, id="kites-strings")
    assert store.watched.add(replace(FEED, scope=7)).id == "kites-strings-2"
    other = Store(tmp_path)
    assert other.watched.all()[0] == kept
    assert other.watched.named("kites-strings") == kept
    with pytest.raises(NotFoundError):
        other.watched.named(FEED.address)  # two have it
    other.watched.remove(kept)
    assert [source.id for source in store.watched.all()] == ["kites-strings-2"]
    assert store.watched.named(FEED.address).scope == 7
    other.close()


def test_how_its_addresses_answered_is_kept_with_what_became_of_them(store: Store):
    source = store.watched.add(FEED)
    document = put(store, "low")
    low = StoredAddress(
        "https://kites.example/low", False, FEED.address, True, "s", date(2026, 3, 1), document,
        "https://kites.example/low.html", '"e"', "Mon", NOW, None, 0, None,
    )  # fmt: skip
    bad = StoredAddress("https://kites.example/bad", error="it is no page", failures=2, due_at=NOW, asked_at=NOW)
    listing = StoredAddress(FEED.address, listing=True, etag='"l"')
    store.watched.note(source, [low, bad, listing])
    assert store.watched.addresses(source) == {
        (False, low.address): replace(low, reader="html/1"),
        (False, bad.address): bad,
        (True, FEED.address): listing,
    }
    (seen,) = store.watched.all()
    assert (seen.documents, seen.gone, seen.unread) == (1, 0, 1)
    assert seen.complaint == "https://kites.example/bad: it is no page"
    assert store.watched.own_documents(source) == ["low"]
    store.remove("low")
    assert store.watched.addresses(source)[False, low.address].reader is None
    store.watched.remove(source)
    store.watched.note(source, [low])
    assert store.watched.addresses(source) == {}, "what was removed meanwhile is not brought back"


def test_failures_add_up_until_it_is_read_again(store: Store):
    source = store.watched.add(FEED)
    for failures in (1, 2):
        store.watched.failed(source, "no answer", NOW + timedelta(hours=failures))
        assert store.watched.named(source.id).failures == failures
    assert store.watched.named(source.id).error == "no answer"
    store.watched.refreshed(source, NOW, NOW + timedelta(hours=6))
    again = store.watched.named(source.id)
    assert (again.failures, again.error, again.refreshed_at) == (0, None, NOW)


def test_a_document_is_gone_from_the_first_moment_and_back_when_it_is_there_again(store: Store):
    document = put(store, "low")
    before = store.generation
    assert store.mark_gone(document, NOW)
    assert store.generation == before + 1, "what was remembered of it no longer holds"
    assert not store.mark_gone(document, NOW + timedelta(days=1))
    assert store.documents(gone=True)[0].gone == NOW
    assert store.text(document) == "Kites fly."
    assert store.mark_gone(document, None)
    assert not store.mark_gone(document, None)
    assert store.documents(gone=True)[0].gone is None
    assert store.mark_gone(document, NOW)
    put(store, "low")
    assert store.documents(gone=True)[0].gone is None, "what is read anew is there"
    assert store.entries(Filter())
    with pytest.raises(NotFoundError):
        store.mark_gone("high", NOW)
