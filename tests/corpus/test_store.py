"""The store: what is put in comes out, each write whole, nothing left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import NotFoundError, StoreError
from corpus.model import Entry, Kind, Page, Part, Place, Span
from corpus.passages import passage_hash, sentences_of, split
from corpus.store import Filter, Identity, Store
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "A guide\n\nCold Brew\nAda Moss, Ben Ray\n\nUS, MA, Boston\nBuild robots. About the team We are small.\n"
PAPER = Entry(
    Kind.PAPER,
    "Cold Brew",
    Span(9, 36),
    section="Graphs",
    headings=("Graphs",),
    authors=("Ada Moss", "Ben Ray"),
    venue="ICLR",
)
JOB = Entry(
    Kind.JOB,
    "Engineer",
    Span(38, 95),
    place=Place("US, MA, Boston", "US", "MA", "Boston"),
    role="Engineer",
    team="Robots",
    parts=(Part("About the team", Span(81, 94)),),
)
PAGE = Page(TEXT, "A guide", (PAPER, JOB), deck="What is new", venue="ICML", year=2024)
MODEL = "hash@64"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def identity(
    name: str = "guide", source: str = "/pages/guide.txt", sha256: str = "0" * 64, **facts: object
) -> Identity:
    return Identity(name, source, "text/1", sha256, **facts)  # type: ignore[arg-type]


def put(store: Store, who: Identity, page: Page = PAGE) -> str:
    encoder = HashEncoder()
    passages = split(page.text, page.entries, page.title, window=256, count=encoder.count_pieces)
    sentences = [sentences_of(page.text, entry) for entry in page.entries]
    embedded = [p.embedded_text(page.text) for cut in passages for p in cut]
    embedded += [each.embedded for said in sentences for each in said]
    texts = {passage_hash(text): text for text in embedded}
    rows = encoder.encode(list(texts.values()), "passage").astype(np.float16)
    vectors = {name: row.tobytes() for name, row in zip(texts, rows, strict=True)}
    missing = store.missing_vectors(texts, MODEL)
    new = {name: vector for name, vector in vectors.items() if name in missing}
    return store.put(who, page, passages, sentences, new, MODEL)


def test_what_is_put_comes_out_the_same(store: Store):
    assert put(store, identity()) == "guide"
    assert store.page("guide") == (identity(), PAGE)
    (document,) = store.documents()
    assert (document.title, document.deck, document.venue, document.year) == (
        "A guide",
        "What is new",
        "ICML",
        2024,
    )
    assert (document.characters, document.counts) == (len(TEXT), {Kind.PAPER: 1, Kind.JOB: 1})
    assert store.text("guide", 9, 18) == "Cold Brew"


def test_an_entrys_own_venue_goes_before_its_documents_and_a_job_has_none(store: Store):
    put(store, identity())
    paper, job = store.entries(Filter())
    assert (paper.venue, paper.year) == ("ICLR", 2024)
    assert (job.venue, job.year) == (None, None)


def test_every_write_raises_the_generation(store: Store):
    put(store, identity())
    put(store, identity("other", "/pages/other.txt"))
    store.remove("guide")
    assert store.generation == 3


def test_a_source_keeps_its_id_and_another_of_the_same_name_gets_a_number(store: Store):
    first = put(store, identity())
    assert put(store, identity(), Page(TEXT, "A new guide", (PAPER,))) == first
    other = Identity("guide", "/elsewhere/guide.txt", "text/1", "1" * 64)
    assert put(store, other) == "guide-2"
    assert [d.title for d in store.documents()] == ["A new guide", "A guide"]


def test_a_file_that_only_moved_is_the_same_document(store: Store):
    put(store, identity())
    moved = identity(source="/moved/guide.txt")
    known = store.known(moved)
    assert known is not None
    assert known.id == "guide"


def test_removal_leaves_nothing_behind(store: Store, tmp_path: Path):
    put(store, identity())
    store.remove("guide")
    assert store.counts() == {"documents": 0, "passages": 0, "vectors": 0}
    assert store.entries(Filter()) == []
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Cold Brew" not in held
    assert b"Ada Moss" not in held


def test_a_vector_that_two_documents_share_outlives_one_of_them(store: Store):
    put(store, identity())
    put(store, identity("copy", "/pages/copy.txt"))
    shared = store.counts()["vectors"]
    store.remove("guide")
    assert store.counts()["vectors"] == shared == 6


def test_what_is_removed_and_added_since_a_generation_is_told(store: Store):
    put(store, identity())
    before = {p.id for p in store.indexing.passages_since(0, MODEL)}
    put(store, identity("other", "/pages/other.txt"))
    store.remove("guide")
    assert set(store.indexing.removed_since(1)) == before
    assert {p.id for p in store.indexing.passages_since(1, MODEL)} == {
        p.id for p in store.indexing.passages_since(0, MODEL)
    }
    assert "Build robots." in list(store.indexing.passages_since(1, MODEL))[1].words


def test_a_scope_sees_the_common_documents_and_its_own(store: Store):
    put(store, identity())
    put(store, identity("mine", "/a/mine.txt", scope=7))
    put(store, identity("yours", "/b/yours.txt", scope=8))
    assert [d.id for d in store.documents()] == ["guide"]
    assert [d.id for d in store.documents(7)] == ["guide", "mine"]
    assert {e.document for e in store.entries(Filter(scope=8))} == {"guide", "yours"}
    assert store.indexing.hidden_documents(7, gone=False) == store.indexing.document_numbers(["yours"])
    assert sorted(store.indexing.hidden_documents(None, gone=True)) == sorted(
        store.indexing.document_numbers(["mine", "yours"])
    )


def test_without_anything_held_back_no_document_is_hidden(store: Store):
    put(store, identity())
    assert store.indexing.hidden_documents(None, gone=False) == []
    assert len(store.entries(Filter(kinds=frozenset({Kind.JOB})))) == 1
    assert store.indexing.document_numbers(["nothing"]) == []
    (first, *_) = store.entries(Filter())
    assert store.entries(Filter(entries=frozenset({first.id}))) == [first]
    assert store.entries_after(first.id - 1, 1) == [(first.id, first.key, None, identity().sha256)]
    assert store.entries_after(store.last_entry(), 9) == []


def test_vectors_that_went_missing_in_the_meantime_are_noticed_and_nothing_is_written(store: Store):
    passages = split(TEXT, PAGE.entries, "A guide", window=256, count=HashEncoder().count_pieces)
    with pytest.raises(StoreError, match="run it again"):
        store.put(identity(), PAGE, passages, [[], []], {}, MODEL)
    assert store.counts()["documents"] == store.generation == 0


def test_an_unknown_document_is_named(store: Store):
    for call in (store.remove, store.page, store.text):
        with pytest.raises(NotFoundError, match="'nothing'"):
            call("nothing")


def test_a_sound_store_has_no_problems_and_a_damaged_one_tells(store: Store, tmp_path: Path):
    put(store, identity())
    assert store.problems() == []
    store._connection.execute("PRAGMA foreign_keys = OFF")
    store._connection.execute("DELETE FROM vectors")
    assert store.problems() == [
        "the database: 2 rows of passages point nowhere",
        "the database: 4 rows of sentences point nowhere",
        "2 passages have no vector",
        "4 sentences have no vector",
    ]


def test_a_file_that_is_no_database_is_refused_with_a_clear_line(tmp_path: Path):
    (tmp_path / Store.FILE_NAME).write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreError, match="move it away"):
        Store(tmp_path)


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path):
    store = Store(tmp_path)
    store._connection.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(StoreError, match="format 99"):
        Store(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="data folder"):
        Store(tmp_path / "file" / "data")


def test_text_that_is_not_what_was_embedded_is_told(store: Store):
    put(store, identity())
    store._connection.execute("UPDATE texts SET text = replace(text, 'robots', 'rovers')")
    assert store.problems() == ["1 passages or sentences do not say what was embedded"]


def test_two_stores_stamp_the_same_generation_differently(store: Store, tmp_path: Path):
    other = Store(tmp_path / "other")
    assert put(store, identity()) == put(other, identity())
    assert store.stamp(1) == Store(tmp_path).stamp(1) != other.stamp(1)
    assert store.stamp(2) is None


def test_a_snapshot_sees_nothing_of_what_another_process_writes(store: Store, tmp_path: Path):
    put(store, identity())
    other = Store(tmp_path)
    with store.snapshot():
        assert store.text("guide", 9, 18) == "Cold Brew"
        other.remove("guide")
        assert store.text("guide", 9, 18) == "Cold Brew"
    assert store.is_empty()


def test_what_cannot_be_stored_is_refused_and_nothing_is_written(store: Store):
    with pytest.raises(StoreError, match="surrogates"):
        put(store, identity(), Page(TEXT, "A \ud800 guide", (PAPER,)))
    with pytest.raises(StoreError, match="too large"):
        put(store, identity(), Page(TEXT, "A guide", (PAPER,), year=2**64))
    assert store.is_empty()
    assert put(store, identity()) == "guide"


def test_a_full_disk_undoes_a_write_and_a_later_one_goes_through(store: Store):
    put(store, identity())
    full = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {full}")
    with pytest.raises(StoreError, match="full"):
        put(store, identity("long", "/pages/long.txt"), Page(TEXT + "x" * 500_000, "A guide", (PAPER,)))
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert put(store, identity("other", "/pages/other.txt")) == "other"
    assert [d.id for d in store.documents()] == ["guide", "other"]


def test_files_of_one_name_and_content_but_two_formats_are_two_documents(store: Store):
    put(store, identity())
    assert store.known(Identity("guide", "/pages/guide.md", "markdown/1", "0" * 64)) is None


def test_a_damaged_file_is_told_with_what_to_do_and_a_folder_without_permission_without(
    store: Store, tmp_path: Path
):
    put(store, identity())
    store.close()
    path = tmp_path / Store.FILE_NAME
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="malformed; move it away"):
        Store(tmp_path).documents()
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match=r"unable to open database file$"):
        Store(tmp_path)


def test_sentences_come_with_their_vectors_and_go_with_their_document(store: Store):
    put(store, identity())
    paper, job = store.entries(Filter())
    found = store.sentences([paper.id, job.id], MODEL)
    assert [TEXT[s.span.start : s.span.end] if s.span else None for s in found[paper.id]] == [
        None,
        "Ada Moss, Ben Ray",
    ]
    assert found[job.id][0].span is None
    assert all(len(sentence.vector) == 128 for rows in found.values() for sentence in rows)
    assert store.sentences([paper.id], "another model") == {}
    store.remove("guide")
    assert store.sentences([paper.id, job.id], MODEL) == {}
    assert store.counts()["vectors"] == 0


def test_days_are_kept_and_what_was_seen_before_stays_seen_then(store: Store):
    paper = replace(PAPER, posted=date(2026, 3, 1))
    job = replace(JOB, closes=date(2026, 4, 30))
    page = Page(TEXT, "A guide", (paper,), published=date(2026, 2, 1), unplaced=(Span(0, 4),))
    put(store, identity(), page)
    then = "2020-01-01T00:00:00+00:00"
    store._connection.execute("UPDATE documents SET first_seen = ?", (then,))
    store._connection.execute("UPDATE entries SET first_seen = ?", (then,))
    put(store, identity(sha256="1" * 64), replace(page, entries=(paper, job)))
    (document,) = store.documents()
    assert (document.published, document.unplaced, document.gone) == (date(2026, 2, 1), (Span(0, 4),), None)
    assert document.first_seen.year == 2020 < document.ingested_at.year
    old, new = store.entries(Filter())
    assert (old.entry.posted, old.first_seen.year) == (date(2026, 3, 1), 2020)
    assert new.entry.closes == date(2026, 4, 30)
    assert new.first_seen.year > 2020
    assert store.page("guide")[1] == replace(page, entries=(paper, job))
