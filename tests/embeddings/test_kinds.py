"""Kinds of index: they change with the corpus's size, and what is found stays what it was."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.model import Kind
from corpus.store import Filter
from embeddings.collection import Library
from embeddings.dense import FLAT, LISTS
from tests.doubles import HashEncoder
from tests.embeddings.conftest import identity, page

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("graph", "node", "edge", "bandit", "arm", "tree", "leaf", "robot", "noise", "privacy", "law", "wave")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes at which a few hundred passages go through all kinds."""
    monkeypatch.setattr("embeddings.index._REBUILD_BELOW", 0)
    monkeypatch.setattr("embeddings.dense.FLAT_UP_TO", 80)
    monkeypatch.setattr("embeddings.index._BEHIND_SHARE", 0.2)


def add(library: Library, name: str, entries: int = 20, **facts: object) -> str:
    chance = random.Random(name)
    texts = [
        f"{name}-{number} {' '.join(chance.choices(WORDS, k=8))} {name} {number}" for number in range(entries)
    ]
    kind = Kind.JOB if chance.random() < 0.4 else Kind.PAPER
    return library.add(identity(name, **facts), page(*texts, kind=kind)).document


def kind(library: Library) -> str:
    library.index.refresh()
    assert library.manifest is not None
    return library.manifest.kind


def again(library: Library) -> Library:
    return Library(library.folder, HashEncoder())


def allowed_ids(library: Library, allowed: Filter) -> set[int]:
    return set(library.store.passages_of([entry.id for entry in library.store.entries(allowed)]))


def nearest(library: Library, question: str, allowed: Filter) -> list[float]:
    """The ten best cosines by the index."""
    library.index.refresh()
    vector = library.encoder.encode([question], "question")[0]
    with library.index.view() as view:
        assert view is not None
        found = view.dense.search(vector, 100, view.members(library.store, allowed))
    assert set(found) <= allowed_ids(library, allowed)
    return list(found.values())[:10]


def exactly(library: Library, question: str, allowed: Filter) -> list[float]:
    """The ten best cosines of all that the filter lets through, by the store's own vectors."""
    vector = library.encoder.encode([question], "question")[0]
    ids = allowed_ids(library, allowed)
    passages = library.store.indexing.passages_since(0, library.encoder.fingerprint)
    rows = [np.frombuffer(p.vector, np.float16) for p in passages if p.id in ids]
    return sorted((float(row.astype(np.float32) @ vector) for row in rows), reverse=True)[:10]


def assert_finds_all(library: Library, documents: list[str]) -> None:
    some = frozenset(documents[::3])
    filters = (
        Filter(),
        Filter(kinds=frozenset({Kind.JOB})),
        Filter(kinds=frozenset({Kind.JOB, Kind.PAPER}), documents=some),
        Filter(scope=7, documents=some),
        Filter(entries=frozenset(range(1, 400, 7))),
        Filter(documents=frozenset({documents[0]})),
    )
    found = all_of_them = 0
    for allowed in filters:
        for question in ("graph node", "robot privacy law", "wave tree bandit arm"):
            wanted, had = exactly(library, question, allowed), nearest(library, question, allowed)
            assert len(had) == len(wanted)
            all_of_them += len(wanted)
            found += sum(cosine >= wanted[-1] - 0.001 for cosine in had)
    assert found >= (1 if kind(library) == FLAT else 0.97) * all_of_them
    assert library.index.problems() == []


def test_a_corpus_that_grows_and_shrinks_goes_through_all_kinds_and_back(light: Library):
    documents: list[str] = []
    kinds: list[str] = []
    for number in range(14):
        documents.append(add(light, f"d{number}", scope=None if number % 4 else 7))
        kinds.append(kind(light))
        if number % 3 == 2:
            assert_finds_all(light, documents)
    while len(documents) > 1:
        light.store.remove(documents.pop(0))
        kinds.append(kind(light))
        if len(documents) % 3 == 2:
            assert_finds_all(again(light), documents)
    changes = [each for each, before in zip(kinds, ["", *kinds], strict=False) if each != before]
    assert changes == [FLAT, LISTS, FLAT]


@pytest.mark.parametrize("documents", [1, 4, 10])
def test_hidden_documents_never_come_out_of_any_kind(light: Library, documents: int):
    for number in range(documents):
        add(light, f"seen{number}")
        add(light, f"hidden{number}", scope=7)
    add(light, "gone", 5)
    light.index.refresh()
    for question in ("graph node edge", "hidden0 7", "gone 3"):
        found = light.search(question, Filter(), 500)
        assert {hit.passage.document.rstrip("0123456789") for hit in found} == {"seen", "gone"}
    light.store.mark_gone("gone", light.store.documents()[0].ingested_at)
    found = light.search("gone 3", Filter(), 500)
    assert {hit.passage.document.rstrip("0123456789") for hit in found} == {"seen"}
    assert "gone" in {hit.passage.document for hit in light.search("gone 3", Filter(gone=True), 500)}
    of_its_own = {hit.passage.document.rstrip("0123456789") for hit in light.search("hidden0", Filter(7), 500)}
    assert of_its_own == {"seen", "hidden"}
    nobody = Filter(documents=frozenset({"hidden0"}))
    assert light.search("hidden0", nobody, 10) == []


def test_vectors_are_shared_between_states_until_much_has_changed(light: Library):
    for number in range(10):
        add(light, f"d{number}")
    assert kind(light) == LISTS
    (before,) = (light.folder / "index").glob("generation-*")
    held = {name: (before / name).stat().st_ino for name in ("vectors.faiss", "passages.npz")}
    add(light, "one", 3)
    light.store.remove("d3")
    light.index.refresh()
    (after,) = (light.folder / "index").glob("generation-*")
    assert after != before
    assert {name: (after / name).stat().st_ino for name in held} == held
    assert light.search("one 2", Filter(), 1)[0].passage.document == "one"
    fresh = again(light)
    assert {hit.passage.document for hit in fresh.search("one d3 2", Filter(), 500)} == {
        "one",
        *(f"d{number}" for number in range(10) if number != 3),
    }
    assert fresh.index.problems() == []
    add(fresh, "two")
    fresh.index.refresh()
    (last,) = (light.folder / "index").glob("generation-*")
    assert all((last / name).stat().st_ino != node for name, node in held.items())
    assert again(light).search("two 2", Filter(), 1)[0].passage.document == "two"


def test_vectors_that_are_behind_a_store_that_has_gone_on_are_brought_forward(light: Library):
    for number in range(10):
        add(light, f"d{number}")
    light.index.refresh()
    add(light, "one", 3)
    light.index.refresh()
    other = again(light)
    light.store.remove("one")
    add(light, "two", 3)
    found = other.search("one two 2", Filter(), 500)
    assert {hit.passage.document for hit in found} == {"two", *(f"d{number}" for number in range(10))}
    assert other.index.problems() == []


def test_where_files_cannot_be_shared_they_are_copied(light: Library, monkeypatch: pytest.MonkeyPatch):
    def refuse(source: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    for number in range(10):
        add(light, f"d{number}")
    light.index.refresh()
    add(light, "one", 3)
    assert light.search("one 2", Filter(), 1)[0].passage.document == "one"
    assert again(light).index.problems() == []


@pytest.mark.parametrize("name", ["vectors.faiss", "passages.npz", "vocabulary.txt"])
@pytest.mark.parametrize("damage", ["torn", "other bytes", "gone"])
def test_damage_of_any_file_is_noticed_and_mended(light: Library, name: str, damage: str):
    for number in range(10):
        add(light, f"d{number}")
    light.index.refresh()
    add(light, "one", 3)
    light.store.remove("d3")
    light.index.refresh()
    (path,) = (light.folder / "index").glob(f"generation-*/{name}")
    content = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(content[: len(content) // 2] if damage == "torn" else b"x" + content[1:])
    fresh = again(light)
    assert fresh.index.problems() == ["the index's files are not those that were written"]
    assert fresh.search("one 2", Filter(), 1)[0].passage.document == "one"
    assert fresh.index.problems() == []


def test_damage_in_the_midst_of_a_large_file_is_found_when_it_is_read_whole(
    light: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("embeddings.manifest._SMALL", 64)
    monkeypatch.setattr("embeddings.manifest._SAMPLE", 16)
    for number in range(10):
        add(light, f"d{number}")
    light.index.refresh()
    (path,) = (light.folder / "index").glob("generation-*/vectors.faiss")
    content = bytearray(path.read_bytes())
    content[len(content) // 30] ^= 1  # between two samples
    path.write_bytes(content)
    assert again(light).index.problems() == ["the index's files are not those that were written"]


def test_an_index_of_the_format_before_is_made_anew(light: Library):
    add(light, "one")
    light.index.refresh()
    manifest = light.folder / "index" / "manifest.json"
    manifest.write_text('{"format": 4, "kind": "flat", "generation": 1, "checksum": "00"}')
    assert again(light).search("one 2", Filter(), 1)[0].passage.document == "one"


@pytest.mark.parametrize(
    "at", ["embeddings.index.link", "embeddings.index.sealed", "embeddings.manifest.write_whole"]
)
def test_a_build_that_is_broken_off_leaves_the_state_before_as_it_was(
    light: Library, monkeypatch: pytest.MonkeyPatch, at: str
):
    def break_off(*arguments: object) -> None:
        raise KeyboardInterrupt

    for number in range(10):
        add(light, f"d{number}")
    assert kind(light) == LISTS
    for name in ("a few", "many more"):
        before = light.manifest
        add(light, name, 3 if name == "a few" else 60)
        with monkeypatch.context() as patched:
            patched.setattr(at, break_off)
            with pytest.raises(KeyboardInterrupt):
                light.index.refresh()
        assert light.manifest == before
        fresh = again(light)
        assert fresh.index.problems() == []
        assert fresh.search(f"{name} 2", Filter(), 1)[0].passage.document == name.replace(" ", "-")
        assert fresh.index.problems() == []
        assert len(list((light.folder / "index").glob("generation-*"))) == 1
        light.index.refresh()
