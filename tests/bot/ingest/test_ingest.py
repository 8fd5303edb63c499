"""Ingest: only what is new or changed is embedded, and bad input loses nothing."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.assistant import Assistant
from bot.sources import ingest as sources
from bot.sources.ingest import MAX_BYTES, Source
from corpus.model import Kind
from tests.bot.conftest import assistant_over
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sources.ingest import Outcome
    from embeddings.loader import ServingEncoder

PAGE = """A small guide

What is told here.

Graphs

Graphs hold nodes and edges, and networks learn from both.

Bandits

An agent pulls arms and learns which of them pays.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "one.txt").write_text(PAGE)
    (pages / "two.md").write_text("# Another guide\n\nTransformers attend to tokens.\n")
    return pages


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {Path(outcome.source).name: outcome.state for outcome in outcomes}


def test_a_second_ingest_of_the_same_folder_embeds_nothing(empty: Assistant, folder: Path):
    first = empty.ingest([folder])
    assert states(first) == {"one.txt": "new", "two.md": "new"}
    assert sum(o.embedded for o in first) == sum(o.passages for o in first) > 2
    second = empty.ingest([folder])
    assert states(second) == {"one.txt": "unchanged", "two.md": "unchanged"}
    assert sum(o.embedded for o in second) == 0


def test_a_changed_paragraph_embeds_its_passages_alone(empty: Assistant, folder: Path):
    empty.ingest([folder])
    (folder / "one.txt").write_text(PAGE.replace("which of them pays", "which one pays most"))
    (changed,) = [o for o in empty.ingest([folder]) if o.state == "changed"]
    assert (changed.document, changed.embedded) == ("one", 1)
    assert changed.passages > 2
    assert "pays most" in empty.ask("which arm pays?").citations[0].excerpt


def test_an_ingest_of_ones_own_pages_leaves_the_bundled_ones_out_and_in_place(empty: Assistant, folder: Path):
    empty.ingest([folder])
    assert [d.bundled for d in empty.digests()] == [False, False]
    empty.ingest()
    empty.ingest([folder])
    assert sum(d.bundled for d in empty.digests()) == 5
    assert len(empty.remove_bundled()) == 5
    assert {d.id for d in empty.digests()} == {"one", "two"}


def test_what_has_gone_from_a_folder_is_removed_only_when_asked_for(
    empty: Assistant, folder: Path, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("A page from elsewhere.")
    empty.ingest([folder, elsewhere])
    (folder / "two.md").unlink()
    elsewhere.unlink()
    assert states(empty.ingest([folder])) == {"one.txt": "unchanged"}
    assert states(empty.ingest([folder], prune=True)) == {"one.txt": "unchanged", "two.md": "removed"}
    assert {d.id for d in empty.digests()} == {"one", "elsewhere"}


def test_one_bad_file_is_named_and_does_not_stop_the_others(empty: Assistant, folder: Path):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "latin.txt").write_bytes("Une page \xe9crite en fran\xe7ais, voil\xe0.".encode("latin-1"))
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    outcomes = {
        Path(o.source).name: o for o in empty.ingest([folder, folder / "picture.png", folder / "none.txt"])
    }
    assert {name for name, o in outcomes.items() if o.state == "failed"} == {
        "empty.txt",
        "binary.txt",
        "huge.txt",
        "picture.png",
        "none.txt",
    }
    assert all(o.error and "\n" not in o.error for o in outcomes.values() if o.state == "failed")
    assert outcomes["latin.txt"].state == "new"
    assert outcomes["latin.txt"].notes
    assert empty.ask("une page en français").citations[0].excerpt.endswith("voilà.")
    assert len(empty.digests()) == 3


def test_exports_are_read_and_what_carries_no_entries_is_named(empty: Assistant, tmp_path: Path):
    (tmp_path / "jobs.csv").write_text('Job title,Location,Deadline\nKite Engineer,"Berlin, Germany",2026-04-01\n')
    (tmp_path / "kites.bib").write_text("@article{a, title={Low kites}, author={Moss, Ada}, year=2023}")
    (tmp_path / "package.json").write_text('{"name": "kites", "version": "1.0", "author": "Ada Moss"}')
    outcomes = {Path(o.source).name: o for o in empty.ingest([tmp_path])}
    assert {name: o.state for name, o in outcomes.items() if o.state == "failed"} == {"package.json": "failed"}
    assert "no paper and no job post" in (outcomes["package.json"].error or "")
    (job,) = empty.entries(kind=Kind.JOB)
    assert (job.entry.title, job.entry.closes) == ("Kite Engineer", date(2026, 4, 1))
    cited = empty.ask("Who wrote Low kites?").citations[0]
    assert (cited.title, cited.authors, cited.excerpt) == (
        "Low kites", ("Ada Moss",), empty.text("kites", cited.start, cited.end),
    )  # fmt: skip


def test_a_long_line_is_read_in_passages(tmp_path: Path):
    assistant = Assistant(library_without_model(tmp_path), lambda line: None)
    path = tmp_path / "line.txt"
    path.write_text("Graphs hold nodes. " * 60_000 + "The needle is here.")
    (outcome,) = assistant.ingest([path])
    assert outcome.state == "new"
    answer = assistant.ask("needle")
    assert "needle" in (answer.citations or answer.nearest)[0].excerpt


def library_without_model(folder: Path):
    from embeddings.collection import Library

    return Library(folder / "data", HashEncoder())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_named(empty: Assistant, quiet_folder: Path):
    quiet_folder.chmod(0o000)
    (outcome,) = empty.ingest([quiet_folder])
    assert (outcome.state, "cannot be read" in (outcome.error or "")) == ("failed", True)


def test_a_folder_that_the_system_refuses_is_named(
    empty: Assistant, quiet_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)
    (outcome,) = empty.ingest([quiet_folder])
    assert (outcome.state, outcome.error) == ("failed", "cannot be read: Permission denied")


def test_a_folder_without_pages_and_an_odd_address_are_told(empty: Assistant, tmp_path: Path):
    first, second = empty.ingest([tmp_path, "ftp://example.org/page.html"])
    assert "no file in it ends in" in (first.error or "")
    assert second.error == "ftp addresses cannot be read; those of http and https can"


def test_another_model_embeds_the_stored_documents_again(tmp_path: Path, folder: Path):
    from embeddings.collection import Library

    told: list[str] = []
    with Assistant(Library(tmp_path / "data", HashEncoder("old")), told.append) as before:
        before.ingest([folder])
        entries = before.entries()
    with Assistant(Library(tmp_path / "data", HashEncoder("new", 32)), told.append) as after:
        assert after.ask("graphs").citations
        assert [e.entry for e in after.entries()] == [e.entry for e in entries]
        assert after.status(verify=True).problems == ()
    assert told == ["the model has changed: embedding 2 documents again, once"]


def test_the_bundled_digests_hold_all_facts_of_their_pages(bundled: Assistant):
    papers = {e.key for e in bundled.entries(kind=Kind.PAPER)}
    jobs = {e.key for e in bundled.entries(kind=Kind.JOB)}
    assert (len(papers), len(jobs)) == (59, 36)


def test_the_five_pages_are_embedded_once(encoder: ServingEncoder, pages: list[Path], tmp_path: Path):
    with assistant_over(tmp_path / "data", encoder) as assistant:
        assert {outcome.state for outcome in assistant.ingest(pages)} == {"new"}
        again = assistant.ingest(pages)
        assert {outcome.state for outcome in again} == {"unchanged"}
        assert sum(outcome.embedded for outcome in again) == 0
        assert assistant.status(verify=True).problems == ()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over a new data folder, without the model."""
    with Assistant(library_without_model(tmp_path), lambda line: None) as assistant:
        yield assistant


def test_a_file_is_one_source_by_whatever_way_it_is_named(
    plain: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (folder / "two.md").unlink()
    one = folder / "one.txt"
    monkeypatch.chdir(folder)
    assert len(plain.ingest([folder, folder, one, "one.txt", "../pages/./one.txt"])) == 1
    one.write_text(PAGE + "\nMore.\n")
    (outcome,) = plain.ingest(["../pages/one.txt"])
    assert (outcome.state, outcome.document) == ("changed", "one")


def test_a_file_that_moved_is_not_pruned(plain: Assistant, folder: Path):
    plain.ingest([folder])
    (folder / "sub").mkdir()
    (folder / "one.txt").rename(folder / "sub" / "one.txt")
    assert states(plain.ingest([folder], prune=True)) == {"one.txt": "changed", "two.md": "unchanged"}
    assert states(plain.ingest([folder], prune=True)) == {"one.txt": "unchanged", "two.md": "unchanged"}
    assert {d.id for d in plain.digests()} == {"one", "two"}
    (folder / "sub" / "one.txt").unlink()
    assert states(plain.ingest([folder], prune=True)) == {"one.txt": "removed", "two.md": "unchanged"}


def test_what_cannot_be_looked_at_is_not_pruned(plain: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch):
    plain.ingest([folder])
    (folder / "one.txt").rename(folder / ".one.txt")
    look = Path.stat

    def refuse(path: Path, **how: bool) -> os.stat_result:
        if path.name == "one.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **how)

    monkeypatch.setattr(Path, "stat", refuse)
    assert states(plain.ingest([folder], prune=True)) == {"two.md": "unchanged"}


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="its file names are text")
def test_a_name_that_is_no_text_is_told_and_does_not_stop_the_others(plain: Assistant, folder: Path):
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text(PAGE)
    bad, *others = plain.ingest([folder])
    assert (bad.state, bad.error) == ("failed", "its name is not UTF-8 text: rename it")
    assert [o.state for o in others] == ["new", "new"]


@pytest.mark.parametrize("name", ["x" * 300 + ".txt", "~nobody-of-that-name/page.txt"])
def test_a_name_that_can_be_no_files_does_not_stop_the_others(plain: Assistant, folder: Path, name: str):
    bad, *others = plain.ingest([name, folder])
    assert bad.state == "failed"
    assert "cannot be read" in (bad.error or "")
    assert [o.state for o in others] == ["new", "new"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting_for_it(plain: Assistant, folder: Path):
    os.mkfifo(folder / "pipe.txt")
    (bad,) = [o for o in plain.ingest([folder]) if o.state == "failed"]
    assert (Path(bad.source).name, bad.error) == ("pipe.txt", "it is no file")


def test_half_a_character_in_a_title_does_not_stop_anything(plain: Assistant, folder: Path):
    (folder / "bad.md").write_text('---\ntitle: "A \\ud800 page"\n---\n\nSome words.\n')
    assert states(plain.ingest([folder])) == {"bad.md": "new", "one.txt": "new", "two.md": "new"}
    (title,) = [document.title for document in plain.digests(None) if document.id == "bad"]
    assert title.split() == ["A", "page"]


def test_pruning_a_folder_that_has_become_empty_is_no_failure(empty: Assistant, folder: Path):
    empty.ingest([folder])
    for path in folder.iterdir():
        path.unlink()
    assert set(states(empty.ingest([folder], prune=True)).values()) == {"removed"}
    assert empty.digests() == []
    assert empty.ingest([folder], prune=True) == []


def test_what_is_uploaded_to_a_server_is_seen_there_alone(empty: Assistant):
    page = b"# Notes\n\n## Low kites in high winds\n\n- Authors: Ada Moss\n\nKites fly low.\n"
    (outcome,) = empty.ingest([Source(Path("notes.md"), data=page)], scope=7)
    assert (outcome.source, outcome.state, outcome.document) == ("upload:notes.md", "new", "notes")
    (again,) = empty.ingest([Source(Path("notes.md"), data=page)], scope=7)
    assert again.state == "unchanged"
    assert empty.ask("papers by Ada Moss", scope=7).answered
    assert empty.names("author", "ada", scope=7) == ["Ada Moss"]
    for elsewhere in (None, 8):
        assert "notes" not in [digest.id for digest in empty.digests(elsewhere)]
        assert empty.names("author", "ada", scope=elsewhere) == []
        answer = empty.ask("papers by Ada Moss", scope=elsewhere)
        assert not [c for c in (*answer.citations, *answer.nearest) if c.document == "notes"]


class PanicException(BaseException):
    """Named and derived as what native libraries raise when they panic."""


@pytest.mark.parametrize(
    "fault", [ValueError("no such level"), RecursionError("too deep"), PanicException("index 3")]
)
def test_a_document_that_breaks_its_reader_is_named_and_does_not_stop_the_others(
    plain: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
):
    real = sources.reader_for

    def breaking(path):
        if Path(path).stem == "one":
            raise fault
        return real(path)

    monkeypatch.setattr(sources, "reader_for", breaking)
    outcomes = plain.ingest([folder])
    assert states(outcomes) == {"one.txt": "failed", "two.md": "new"}
    assert outcomes[0].error == f"unexpected {type(fault).__name__}: {fault}"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_request_to_stop_ends_the_ingest(
    plain: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
):
    def stopping(path):
        raise stop

    monkeypatch.setattr(sources, "reader_for", stopping)
    with pytest.raises(stop):
        plain.ingest([folder])


def test_what_an_earlier_digestbot_read_is_read_anew_once(empty: Assistant, folder: Path):
    empty.ingest([folder])
    with empty._library.store._transaction() as db:
        db.execute("UPDATE documents SET reader = 'text/0' WHERE id = 'one'")
    (folder / "one.txt").write_text(PAGE.replace("pays", "wins"))
    assert not empty.is_ready
    empty.ensure_corpus()
    assert empty.is_ready
    assert "wins" in empty.text("one")
