"""The file of names: brought forward as the store changes, for each server its own, never trusted blindly."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from corpus.errors import StoreError
from corpus.gazetteer import NamesFile, What
from corpus.gazetteer import builder as keeping
from corpus.gazetteer.postings import Lists
from corpus.model import Entry, Kind, Page, Span
from corpus.passages import sentences_of
from corpus.store import Identity, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def names(tmp_path: Path, store: Store) -> Iterator[NamesFile]:
    names = NamesFile(tmp_path / "names.sqlite", store)
    yield names
    names.close()


def put(store: Store, name: str, *authors: str, scope: int | None = None) -> str:
    """Store a page with a paper of some authors, without passages or vectors."""
    text = f"The {name} kite\n\nBy {', '.join(authors)}. It turns in the wind."
    entry = Entry(Kind.PAPER, f"The {name} kite", Span(0, len(text)), authors=authors)
    identity = Identity(name, f"/pages/{name}.md", "markdown/1", name, scope)
    sentences = [[] for _ in sentences_of(text, entry)][:1]
    return store.put(identity, Page(text, name, (entry,)), [[]], sentences, {}, "none")


def authors(names: NamesFile, question: str, scope: int | None = None) -> list[str]:
    names.refresh()
    return [m.name for m in names.gazetteer(scope).read(question) if m.what is What.AUTHOR]


def test_names_come_and_go_with_their_pages(store: Store, names: NamesFile):
    assert authors(names, "papers by Otter") == []
    put(store, "red", "Mira Otter")
    assert authors(names, "papers by Otter") == ["Mira Otter"]
    put(store, "red", "Jon Heron")
    assert authors(names, "papers by Otter or Heron") == ["Jon Heron"]
    store.remove("red")
    assert authors(names, "papers by Heron") == []


def test_no_name_of_what_was_removed_stays_on_the_disk(store: Store, names: NamesFile, tmp_path: Path):
    put(store, "red", "Mira Otterbein")
    put(store, "blue", "Jon Heron")
    assert authors(names, "papers by Otterbein") == ["Mira Otterbein"]
    store.remove("red")
    assert authors(names, "papers by Otterbein") == []
    names.close()
    assert not [path for path in tmp_path.glob("names*") if b"otterbein" in path.read_bytes().lower()]


def test_of_a_large_corpus_what_has_gone_is_left_until_there_is_much_of_it(
    store: Store, names: NamesFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "_ANEW_BELOW", 0)
    for colour in ("red", "blue", "green", "grey", "black"):
        put(store, colour, f"Mira {colour.title()}wood")
    assert authors(names, "papers by Redwood") == ["Mira Redwood"]
    store.remove("red")
    assert authors(names, "papers by Redwood or Bluewood") == ["Mira Bluewood"]
    assert documents_in(tmp_path) == 5
    store.remove("blue")
    assert authors(names, "papers by Bluewood or Greenwood") == ["Mira Greenwood"]
    assert documents_in(tmp_path) == 3


def documents_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "names.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])


def test_each_server_sees_the_common_names_and_its_own(store: Store, names: NamesFile):
    put(store, "red", "Mira Otter")
    put(store, "blue", "Jon Heron", scope=7)
    question = "papers by Otter, Heron or Herron"
    assert authors(names, question) == ["Mira Otter"]
    assert authors(names, question, 7) == ["Mira Otter", "Jon Heron", "Jon Heron"]
    assert authors(names, question, 8) == ["Mira Otter"]


def test_a_name_spelt_in_two_ways_is_shown_as_mostly(store: Store, names: NamesFile):
    put(store, "red", "Zoë Otter")
    put(store, "blue", "Zoe Otter")
    put(store, "green", "Zoe Otter")
    assert authors(names, "papers by zoe otter") == ["Zoe Otter"]


def test_what_was_gathered_is_there_for_the_next_process(
    store: Store, names: NamesFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put(store, "red", "Mira Otter")
    authors(names, "papers by Otter")
    names.close()
    monkeypatch.setattr(keeping, "_gather_entry", lambda *_: pytest.fail("gathered again"))
    later = NamesFile(tmp_path / "names.sqlite", store)
    assert authors(later, "papers by Otter") == ["Mira Otter"]
    later.close()


def test_names_are_written_in_stretches_and_a_broken_one_is_taken_up_again(
    store: Store, names: NamesFile, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "_AT_ONCE", 1)
    for colour in ("red", "blue", "green"):
        put(store, colour, f"Mira {colour.title()}wood")
    gather, left = keeping._gather_entry, [1]

    def break_off(*args: object) -> None:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        gather(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_gather_entry", break_off)
        with pytest.raises(KeyboardInterrupt):
            names.refresh()
    assert authors(names, "Redwood, Bluewood, Greenwood") == ["Mira Redwood", "Mira Bluewood", "Mira Greenwood"]


@pytest.mark.parametrize("damage", [b"", b"not a database", b"\0" * 8192])
def test_a_damaged_file_is_made_anew(store: Store, names: NamesFile, tmp_path: Path, damage: bytes):
    put(store, "red", "Mira Otter")
    authors(names, "papers by Otter")
    names.close()
    (tmp_path / "names.sqlite").write_bytes(damage)
    assert authors(names, "papers by Otter") == ["Mira Otter"]


def test_damage_under_way_is_told_once_and_mended(store: Store, names: NamesFile, tmp_path: Path):
    for number in range(40):
        put(store, f"red {number}", f"Mira Otter{'abcdefghij'[number % 10] * 3}")
    names.refresh()
    names.close()  # what was written lies in the file itself then
    names.refresh()
    gazetteer = names.gazetteer(None)
    with (tmp_path / "names.sqlite").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreError, match="cannot read the names"):
        gazetteer.read("papers by Otterbbb, Otterccc or Otterddd")
    assert names.damaged
    assert authors(names, "papers by Otteraaa") == ["Mira Otteraaa"]


def test_a_file_of_another_store_is_made_anew(store: Store, names: NamesFile, tmp_path: Path):
    put(store, "red", "Mira Otter")
    authors(names, "papers by Otter")
    names.close()
    other = Store(tmp_path / "other")
    put(other, "blue", "Jon Heron")
    (tmp_path / "names.sqlite").rename(tmp_path / "other" / "names.sqlite")
    moved = NamesFile(tmp_path / "other" / "names.sqlite", other)
    assert authors(moved, "papers by Otter or Heron") == ["Jon Heron"]
    moved.close()
    other.close()


def test_two_processes_may_bring_it_forward_at_once(store: Store, tmp_path: Path):
    for number in range(20):
        put(store, f"red {number}", f"Mira Otter{'abcdefghij'[number % 10] * 3}")
    files = [NamesFile(tmp_path / "names.sqlite", store) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(NamesFile.refresh, files))
    assert {tuple(authors(each, "papers by Otterccc")) for each in files} == {("Mira Otterccc",)}
    assert {len(each.gazetteer(None).cards) for each in files} == {20}
    for each in files:
        each.close()


def test_processes_that_take_turns_each_see_what_the_other_wrote(store: Store, tmp_path: Path):
    files = [NamesFile(tmp_path / "names.sqlite", store) for _ in range(2)]
    for number, colour in enumerate(("red", "blue", "green", "grey")):
        put(store, colour, f"Mira {colour.title()}wood")
        assert authors(files[number % 2], f"{colour}wood") == [f"Mira {colour.title()}wood"]
    store.remove("red")
    for each in files:
        assert authors(each, "Redwood, Bluewood, Greenwood, Greywood")[1:] == ["Mira Greenwood", "Mira Greywood"]
        assert len(each.gazetteer(None).cards) == 3
        each.close()


def test_a_folder_that_cannot_be_written_is_told(store: Store, tmp_path: Path):
    put(store, "red", "Mira Otter")
    names = NamesFile(tmp_path / "nowhere" / "names.sqlite", store)
    with pytest.raises(StoreError, match="cannot keep names"):
        names.refresh()


def test_names_that_a_server_does_not_see_take_no_place_of_those_that_it_sees(store: Store, names: NamesFile):
    for number in range(210):
        put(store, f"red {number}", f"A{number} Otter", scope=7)
    put(store, "blue", "Zoe Otter")
    assert authors(names, "papers by Otter") == ["Zoe Otter"]


def test_each_server_reads_a_venue_as_it_or_all_write_it(store: Store, names: NamesFile):
    for name, venue, scope in (
        ("red", "kites ‼ EVER", 7),
        ("blue", "Kites Ever", None),
        ("grey", "KITES ever", 8),
    ):
        entry = Entry(Kind.PAPER, f"The {name} kite", Span(0, 8))
        identity = Identity(name, f"/pages/{name}.md", "markdown/1", name, scope)
        store.put(identity, Page("The kite", name, (entry,), venue=venue), [[]], [[]], {}, "none")
    names.refresh()
    found = {scope: names.gazetteer(scope).read("papers of Kites Ever") for scope in (None, 7, 8)}
    assert {scope: [m.name for m in each if m.what is What.VENUE] for scope, each in found.items()} == {
        None: ["Kites Ever"],
        7: ["Kites Ever"],
        8: ["Kites Ever"],
    }
    store.remove("blue")
    names.refresh()
    assert [m.name for m in names.gazetteer(8).read("papers of Kites Ever")] == ["KITES ever"]


def test_an_author_of_a_thousand_words_takes_no_more_room_than_a_page(
    store: Store, names: NamesFile, tmp_path: Path
):
    put(store, "red", " ".join(f"Otter{number}" for number in range(1000)))
    put(store, "blue", "Jon Heron")
    assert authors(names, "papers by Heron") == ["Jon Heron"]
    names.close()
    assert (tmp_path / "names.sqlite").stat().st_size < 1_000_000


def test_what_is_behind_does_not_make_anew_what_another_process_brought_farther(
    store: Store, names: NamesFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put(store, "red", "Mira Otter")
    names.refresh()
    other, writing = NamesFile(tmp_path / "names.sqlite", store), Lists.writing

    def waiting(lists: Lists) -> AbstractContextManager[sqlite3.Connection]:
        monkeypatch.setattr(Lists, "writing", writing)
        put(store, "green", "Ann Egret")
        assert authors(other, "papers by Egret") == ["Ann Egret"]
        monkeypatch.setattr(Lists, "clear", lambda *_: pytest.fail("made anew"))
        return writing(lists)

    put(store, "blue", "Jon Heron")
    monkeypatch.setattr(Lists, "writing", waiting)
    assert authors(names, "papers by Otter, Heron or Egret") == ["Mira Otter", "Jon Heron", "Ann Egret"]
    other.close()


@pytest.mark.parametrize("column", ["ids SET ids", "cards SET cards"])
def test_names_that_cannot_be_read_are_told_once_and_made_anew(
    store: Store, names: NamesFile, tmp_path: Path, column: str
):
    put(store, "red", "Mira Otter")
    names.refresh()
    names.close()
    with closing(sqlite3.connect(tmp_path / "names.sqlite")) as db:
        db.execute(f"UPDATE {column} = x'0102030405'")
        db.commit()
    with contextlib.suppress(StoreError):
        authors(names, "papers by Otter")
    assert authors(names, "papers by Otter") == ["Mira Otter"]
    with closing(sqlite3.connect(tmp_path / "names.sqlite")) as db:
        db.execute(f"UPDATE {column} = x'0102030405'")
        db.commit()
    put(store, "blue", "Mira Otter")
    with contextlib.suppress(StoreError):
        names.refresh()
    assert authors(names, "papers by Otter") == ["Mira Otter"]


def test_kin_is_known_however_often_a_page_was_read_anew(
    store: Store, names: NamesFile, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "_ANEW_BELOW", 0)
    monkeypatch.setattr(keeping, "_DEAD", 2.0)
    said = [f"The kite of number {each} turns in the wind above the shore." for each in range(8)]

    def written(name: str, more: str) -> None:
        text = " ".join([*said, more])
        entry = Entry(Kind.ARTICLE, f"The {name} kite", Span(0, len(text)))
        store.put(
            Identity(name, f"/{name}", "markdown/1", more), Page(text, name, (entry,)), [[]], [[]], {}, "none"
        )

    for number in range(12):
        written("red", f"Read {number}.")
        names.refresh()
    written("blue", "Told.")
    names.refresh()
    gazetteer = names.gazetteer(None)
    first, second = gazetteer.cards.ids
    assert list(gazetteer.kin(second)) == [first]
