"""The index: made from the store, brought forward, loaded when it holds, made anew when it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus.store import Filter
from embeddings.index import SearchIndex
from embeddings.library import Library
from tests.doubles import HashEncoder
from tests.embeddings.conftest import identity, page

if TYPE_CHECKING:
    from pathlib import Path


def found(library: Library, question: str) -> list[str]:
    return [hit.passage.document for hit in library.search(question, Filter(), 5)]


def files(library: Library) -> dict[str, bytes]:
    folder = library.store.path.parent / "index"
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "lock"
    }


def again(library: Library) -> Library:
    return Library(library.store.path.parent, HashEncoder())


def test_an_empty_corpus_has_no_index_and_finds_nothing(light: Library):
    assert found(light, "graphs") == []
    assert light.index.generation is None
    assert light.index.problems() == []


def test_what_is_added_is_found_and_what_is_removed_is_not(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    assert found(light, "graphs") == ["one"]
    light.add(identity("two"), page("graphs hold edges"))
    assert found(light, "graphs edges") == ["two", "one"]
    light.store.remove("two")
    assert found(light, "graphs edges") == ["one"]
    assert light.index.problems() == []


def test_a_second_process_loads_the_files_as_they_are(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    found(light, "graphs")
    before = files(light)
    assert found(again(light), "graphs") == ["one"]
    assert files(light) == before


def test_a_process_that_is_behind_sees_what_another_one_wrote(light: Library):
    other = again(light)
    light.add(identity("one"), page("graphs hold nodes"))
    assert found(light, "graphs") == ["one"]
    assert found(other, "graphs") == ["one"]
    other.add(identity("two"), page("bandits pull arms"))
    assert found(light, "bandits") == ["two", "one"]
    light.store.remove("one")
    light.index.refresh()
    assert found(other, "graphs") == ["two"]


@pytest.mark.parametrize("name", ["dense.faiss", "words/meta.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["torn", "other bytes", "gone"])
def test_damaged_files_are_noticed_and_made_anew(light: Library, name: str, damage: str):
    light.add(identity("one"), page("graphs hold nodes", "bandits pull arms"))
    found(light, "graphs")
    folder = light.store.path.parent / "index"
    path = folder / name if name == "manifest.json" else next(folder.glob(f"generation-*/{name}"))
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "torn" else b"x" + content[1:])
    fresh = again(light)
    assert fresh.index.problems() or name == "manifest.json"
    assert found(fresh, "bandits")[0] == "one"
    assert fresh.index.problems() == []


def test_half_written_states_of_a_killed_process_are_cleared_away(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    folder = light.store.path.parent / "index"
    (folder / "generation-1").mkdir(parents=True)
    (folder / "generation-1" / "dense.faiss").write_bytes(b"half")
    (folder / "manifest.json.new").write_bytes(b"{")
    assert found(light, "graphs") == ["one"]
    light.add(identity("two"), page("bandits pull arms"))
    found(light, "graphs")
    assert [p.name for p in folder.glob("generation-*")] == ["generation-2"]


def test_an_index_of_a_later_store_or_another_model_is_not_used(light: Library, tmp_path: Path):
    light.add(identity("one"), page("graphs hold nodes"))
    found(light, "graphs")
    other = SearchIndex(tmp_path / "index", light.store, "other@64")
    other.refresh()
    assert other.lexical("graphs", 5, None) == {}
    manifest = tmp_path / "index" / "manifest.json"
    assert not manifest.exists()
    assert found(again(light), "graphs") == ["one"]
    manifest.write_text(manifest.read_text().replace('"generation": 1', '"generation": 9'))
    assert found(again(light), "graphs") == ["one"]


def test_no_word_of_what_was_removed_stays_on_the_disk(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    light.add(identity("two"), page("zyxwvut is secret"))
    found(light, "graphs")
    light.store.remove("two")
    light.index.refresh()
    (meta,) = (light.store.path.parent / "index").glob("generation-*/words/meta.json")
    segments = json.loads(meta.read_text())["segments"]
    assert [(segment["max_doc"], segment["deletes"]) for segment in segments] == [(1, None)]


def test_repeated_words_of_a_question_weigh_more(light: Library):
    light.add(identity("one"), page("graphs graphs and bandits", "bandits bandits and graphs"))
    light.index.refresh()
    scores = light.index.lexical("graphs graphs bandits", 5, None)
    assert list(scores) == [1, 2]
    assert list(light.index.lexical("graphs bandits bandits", 5, None)) == [2, 1]


@pytest.mark.parametrize(
    "question", ["", "the of and", "(", 'NEAR/3 "* AND (NOT ^ col:', "🔥", "\x00", "a" * 9000]
)
def test_no_question_breaks_the_word_search(light: Library, question: str):
    light.add(identity("one"), page("graphs hold nodes"))
    light.index.refresh()
    assert light.index.lexical(question, 5, None) == {}
