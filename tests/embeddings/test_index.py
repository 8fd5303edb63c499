"""The index: made from the store, brought forward, loaded when it holds, made anew when it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus.errors import SearchIndexError
from corpus.store import Filter
from embeddings.collection import Library
from embeddings.fulltext import LexicalIndex, Words
from embeddings.index import SearchIndex
from tests.doubles import HashEncoder
from tests.embeddings.conftest import identity, page

if TYPE_CHECKING:
    from pathlib import Path


def found(library: Library, question: str) -> list[str]:
    return [hit.passage.document for hit in library.search(question, Filter(), 5)]


def words(index: SearchIndex, question: str) -> dict[int, float]:
    with index.view() as view:
        return view.lexical.search(question, 5)[0] if view else {}


def files(library: Library) -> dict[str, bytes]:
    folder = library.store.path.parent / "index"
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "lock"
    }


def again(library: Library) -> Library:
    return Library(library.store.path.parent, HashEncoder())


def test_an_empty_corpus_has_no_index_and_finds_nothing(light: Library):
    assert found(light, "graphs") == []
    assert light.manifest is None
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


@pytest.mark.parametrize(
    "name", ["vectors.faiss", "passages.npz", "words/meta.json", "vocabulary.txt", "manifest.json"]
)
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
    (folder / "generation-1" / "vectors.faiss").write_bytes(b"half")
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
    assert words(other, "graphs") == {}
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
    scores = words(light.index, "graphs graphs bandits")
    assert list(scores) == [1, 2]
    assert list(words(light.index, "graphs bandits bandits")) == [2, 1]


@pytest.mark.parametrize(
    "question", ["", "the of and", "(", 'NEAR/3 "* AND (NOT ^ col:', "🔥", "\x00", "a" * 9000]
)
def test_no_question_breaks_the_word_search(light: Library, question: str):
    light.add(identity("one"), page("graphs hold nodes"))
    light.index.refresh()
    assert words(light.index, question) == {}


def test_the_index_of_another_store_of_the_same_generation_is_not_used(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    found(light, "graphs")
    light.close()
    for file in light.store.path.parent.glob("digestbot.sqlite*"):
        file.unlink()
    anew = again(light)
    anew.add(identity("two"), page("bandits pull arms"))
    assert anew.index.problems() == []
    (hit,) = anew.search("bandits", Filter(), 5)
    assert hit.passage.document == "two"
    assert anew.index.problems() == []


def test_a_manifest_with_other_types_is_damaged_and_made_anew(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    found(light, "graphs")
    manifest = light.store.path.parent / "index" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"generation": 1', '"generation": "one"'))
    assert again(light).index.problems() == ["the index's manifest is damaged"]
    assert found(again(light), "graphs") == ["one"]


def test_vectors_that_changed_in_the_store_are_told(light: Library):
    light.add(identity("one"), page("graphs hold nodes", "bandits pull arms"))
    found(light, "graphs")
    rows = light.store._connection.execute(
        "SELECT vectors.id, vectors.vector FROM vectors JOIN passages ON passages.vector = vectors.id ORDER BY 1"
    )
    (one, _), (_, other) = rows.fetchall()
    light.store._connection.execute("UPDATE vectors SET vector = ? WHERE id = ?", (other, one))
    assert light.index.vector_problems() == []
    assert again(light).index.problems() == ["the index's vectors are not those of the store"]


@pytest.mark.parametrize("damaged", [b"", b"\0" * 3, b"\0" * 128, b"\xff" * 128])
@pytest.mark.parametrize("of", ["one", "all"])
def test_damaged_vectors_are_told_and_not_indexed(light: Library, damaged: bytes, of: str):
    light.add(identity("one"), page("graphs hold nodes", "bandits pull arms", "trees have leaves"))
    which = "id = (SELECT min(vector) FROM passages)" if of == "one" else "1"
    light.store._connection.execute(f"UPDATE vectors SET vector = ? WHERE {which}", (damaged,))
    assert len(light.index.vector_problems()) == 1
    with pytest.raises(SearchIndexError, match="ingest again"):
        light.index.refresh()


def test_any_number_of_results_may_be_asked_for(light: Library):
    light.add(identity("one"), page("graphs hold nodes", "graphs hold edges"))
    assert len(light.search("graphs", Filter(), 10**12)) == 2


def test_an_index_that_cannot_be_written_is_told(light: Library, monkeypatch: pytest.MonkeyPatch):
    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    light.add(identity("one"), page("graphs hold nodes"))
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(SearchIndexError, match="No space left"):
        light.index.refresh()


def test_a_refresh_in_the_midst_of_a_search_does_not_break_it(light: Library, monkeypatch: pytest.MonkeyPatch):
    light.add(identity("one"), page("graphs hold nodes"))
    light.add(identity("two"), page("graphs hold edges"))
    light.index.refresh()
    search = LexicalIndex.search

    def search_and_refresh(index: LexicalIndex, *arguments: object) -> tuple[dict[int, float], float]:
        scores = search(index, *arguments)
        if "one" in {document.id for document in light.store.documents()}:
            light.store.remove("one")
            light.index.refresh()
        return scores

    monkeypatch.setattr(LexicalIndex, "search", search_and_refresh)
    assert {hit.passage.document for hit in light.search("graphs", Filter(), 5)} <= {"one", "two"}
    monkeypatch.undo()
    assert found(light, "graphs") == ["two"]


def test_words_are_removed_and_replaced_in_place(tmp_path: Path):
    index = LexicalIndex(tmp_path)
    index.update([], [Words(1, 1, "kites"), Words(2, 1, "lanterns"), Words(3, 1, "strings")])
    index.update([2], [Words(3, 2, "ropes"), Words(4, 2, "lanterns again")])
    assert len(index) == 3
    assert set(index.search("lanterns", 5)[0]) == {4}
    assert index.search("strings", 5)[0] == {}


def test_a_large_index_is_brought_forward_in_place(light: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("embeddings.index._REBUILD_BELOW", 0)
    for name in ("one", "two"):
        light.add(identity(name), page(f"graphs of {name}"))
    assert found(light, "graphs of two")[0] == "two"
    light.store.remove("two")
    assert found(light, "graphs of two") == ["one"]
    assert words(light.index, "two") == {}
    before = files(light)
    assert found(again(light), "graphs") == ["one"]
    assert files(light) == before


def test_a_page_that_another_process_adds_while_the_index_is_built_is_taken_in_once(
    light: Library, monkeypatch: pytest.MonkeyPatch
):
    light.add(identity("one"), page("graphs hold nodes"))
    assert found(light, "graphs") == ["one"]
    light.add(identity("two"), page("bandits pull arms"))
    other, removed_since = again(light), light.store.indexing.removed_since

    def add_meanwhile(generation: int) -> list[int]:
        if not other.store.known(identity("three")):
            other.add(identity("three"), page("kites ride winds"))
        return removed_since(generation)

    monkeypatch.setattr(light.store.indexing, "removed_since", add_meanwhile)
    light.index.refresh()
    assert found(light, "kites ride winds")[:1] == ["three"]
    assert found(light, "bandits pull arms")[:1] == ["two"]
    assert light.index.problems() == []
