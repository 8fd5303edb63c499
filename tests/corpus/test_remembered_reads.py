"""What a store keeps in memory: never older than what another process has written, and of one server alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corpus.errors import NotFoundError
from corpus.store import Filter, Store
from tests.corpus.test_store import PAGE, PAPER, TEXT, identity, put

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def other(store: Store) -> Store:
    """The same file, as another process has it open."""
    return Store(store.path.parent)


def key(store: Store) -> str:
    return store.entries(Filter(None))[0].key


def test_a_text_is_read_anew_when_another_process_has_replaced_it(store: Store, other: Store):
    put(store, identity())
    assert store.text("guide", 9, 18) == "Cold Brew"
    put(other, identity(sha256="1" * 64), replace(PAGE, text=TEXT.replace("Ada Moss", "Eve Lake")))
    assert store.text("guide", 9, 18) == "Cold Brew"
    assert store.text("guide", 19, 27) == "Eve Lake"
    other.remove("guide")
    with pytest.raises(NotFoundError):
        store.text("guide", 9, 18)


def test_pages_are_counted_anew_when_another_process_has_replaced_them(store: Store, other: Store):
    put(store, identity(), replace(PAGE, page_starts=(0, 38)))
    assert [store.page_at("guide", at) for at in (0, 37, 38, 90)] == [1, 1, 2, 2]
    put(other, identity(sha256="1" * 64), replace(PAGE, page_starts=(0, 9, 38)))
    assert [store.page_at("guide", at) for at in (0, 37, 38)] == [1, 2, 3]
    put(other, identity(sha256="2" * 64))
    assert store.page_at("guide", 37) is None


def test_who_carries_a_key_is_told_for_each_server_alone(store: Store, other: Store):
    put(store, identity())
    put(store, identity("own", "/own/own.txt", scope=1))

    def carriers(scope: int | None, *, gone: bool = False) -> list[str]:
        found = store.entries_by_key([key(store)], Filter(scope, gone=gone))
        return [entry.document for entry in found.get(key(store), [])]

    for _ in range(2):  # the second time from memory
        assert (carriers(None), carriers(1), carriers(2)) == (["guide"], ["guide", "own"], ["guide"])
    put(other, identity("more", "/own/more.txt", scope=2))
    assert (carriers(None), carriers(1), carriers(2)) == (["guide"], ["guide", "own"], ["guide", "more"])
    other.remove("own")
    assert carriers(1) == ["guide"]
    assert store.entries_by_key(["nobody's"], Filter(1)) == {}


def test_a_snapshot_stays_as_it_was_whatever_is_read_in_it_for_the_first_time(store: Store, other: Store):
    put(store, identity())
    with store.snapshot():
        before = store.generation
        put(other, identity(sha256="1" * 64), replace(PAGE, text=TEXT.replace("Ada Moss", "Eve Lake")))
        assert store.generation == before
        assert store.text("guide", 19, 27) == "Ada Moss"
    assert store.generation > before
    assert store.text("guide", 19, 27) == "Eve Lake"
    assert store.entries(Filter())[0].entry.title == PAPER.title
