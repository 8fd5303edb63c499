"""The names of the corpus: as they are now, or as they were a moment ago where gathering takes long."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.answering import names as naming
from bot.answering.names import Names
from bot.answering.summary import Coverage
from bot.query.parser import parse as read
from corpus.errors import StoreError
from corpus.store import Filter
from embeddings.collection import Library
from tests.doubles import HashEncoder
from tests.embeddings.conftest import identity, page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path, HashEncoder())
    library.add(identity("one"), page("kites fly"))
    yield library
    library.close()


def test_names_are_gathered_once_for_each_state(library: Library, monkeypatch: pytest.MonkeyPatch):
    names = Names(library)
    first = names.of(None)
    assert names.of(None) is first
    library.add(identity("two"), page("lanterns fly"))
    second = names.of(None)
    assert second is not first
    assert len(second.cards) == 2 * len(first.cards)


def test_who_asks_together_waits_for_one_gathering(library: Library, monkeypatch: pytest.MonkeyPatch):
    names, gathered = Names(library), []
    gather = Names._gathered
    monkeypatch.setattr(Names, "_gathered", lambda self, seen: gathered.append(seen) or gather(self, seen))
    with ThreadPoolExecutor(8) as pool:
        found = set(map(id, pool.map(lambda _: names.of(None), range(8))))
    assert (len(found), gathered) == (1, [Filter()])


def test_the_names_of_before_serve_while_new_ones_are_gathered(library: Library, monkeypatch: pytest.MonkeyPatch):
    names, go = Names(library), threading.Event()
    before = names.of(None)
    gather = Names._gathered
    monkeypatch.setattr(naming, "_PATIENCE", 0.05)
    monkeypatch.setattr(Names, "_gathered", lambda self, scope: go.wait(10) and gather(self, scope))
    library.add(identity("two"), page("lanterns fly"))
    assert names.of(None) is before
    go.set()
    monkeypatch.setattr(naming, "_PATIENCE", 10)
    assert len(names.of(None).cards) == 2 * len(before.cards)


def test_a_store_that_cannot_be_read_is_told_to_who_asks(library: Library, monkeypatch: pytest.MonkeyPatch):
    names = Names(library)

    def fail(self: Names, scope: int | None) -> None:
        raise StoreError("cannot read the disk")

    with monkeypatch.context() as patch:
        patch.setattr(Names, "_gathered", fail)
        with pytest.raises(StoreError, match="cannot read the disk"):
            names.of(None)
    assert names.of(None).cards


def test_each_server_has_names_of_its_own_and_the_least_recent_are_let_go(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(naming, "_SCOPES", 2)
    names = Names(library)
    found = [names.of(scope) for scope in (1, 2, 3)]
    assert names.of(3) is found[2]
    assert names.of(1) is not found[0]


def test_names_that_were_damaged_are_read_anew_for_every_server(library: Library, tmp_path: Path):
    for number in range(40):
        library.add(identity(f"kite {number}"), page(f"kites {number} fly over the reef"))
    library.names.refresh()
    library.names.close()  # what was written lies in the file itself then
    library.names.refresh()
    names = Names(library)
    common, own = names.of(None), names.of(7)
    with (tmp_path / "names.sqlite").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreError, match="cannot read the names"):
        common.read("what is said of kites over the reef")
    for scope, before in ((None, common), (7, own)):
        anew = names.of(scope)
        assert anew is not before
        assert anew.read("what is said of kites over the reef") is not None
        assert len(anew.cards) == len(before.cards)


def test_what_the_corpus_holds_is_counted_anew_when_names_that_were_behind_have_come(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    names, go = Names(library), threading.Event()
    coverage, asked = Coverage(library, names), read("who sells shoes?", names.of(None), date(2026, 1, 1))
    assert "It holds 1 article from 1 page" in coverage.told(None, asked)
    gather = Names._gathered
    monkeypatch.setattr(naming, "_PATIENCE", 0.05)
    monkeypatch.setattr(Names, "_gathered", lambda self, scope: go.wait(10) and gather(self, scope))
    library.add(identity("two"), page("lanterns fly"))
    assert "It holds 1 article from 1 page" in coverage.told(None, asked)
    go.set()
    monkeypatch.setattr(naming, "_PATIENCE", 10)
    assert "It holds 2 articles" in coverage.told(None, asked)
