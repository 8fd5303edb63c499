"""Kills: whenever an ingest is killed, starting it again ends in the state of an undisturbed one."""

from __future__ import annotations

import multiprocessing
import random
import time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from bot.assistant import Assistant
from corpus.readers import reader_for
from corpus.store import Filter
from embeddings.collection import Library
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from pathlib import Path, PurePath

    from corpus.model import Page

KILLS = 60


class Reading:
    """Reads where it is asked to: what is killed here is writing, and a process for readers takes a second."""

    def read(self, path: PurePath, data: bytes, *, output: int | None = None) -> Page:
        return reader_for(path).read(data, name=path.stem)


def ingest(data: Path, pages: Path) -> None:
    with (
        patch("bot.sources.ingest.shared_pool", Reading),
        Assistant(Library(data, HashEncoder()), lambda line: None) as assistant,
    ):
        assistant.ingest([pages], prune=True)


def state(data: Path) -> dict[str, Any]:
    """All that a data folder holds but the time, and what its index finds."""
    with Assistant(Library(data, HashEncoder()), lambda line: None) as assistant:
        store = assistant._library.store
        assert assistant.status(verify=True).problems == ()
        db = store._connection
        tables = {
            "documents": "SELECT id, source, sha256, title, text, model FROM documents"
            " JOIN texts ON document = number ORDER BY id",
            "entries": "SELECT documents.id, ordinal, key, kind, entries.title, start, end FROM entries"
            " JOIN documents ON documents.number = entries.document ORDER BY 1, 2",
            "passages": "SELECT documents.id, ordinal, passages.start, passages.end, hash FROM passages"
            " JOIN vectors ON vectors.id = passages.vector JOIN entries ON entries.id = passages.entry"
            " JOIN documents ON documents.number = entries.document"
            " ORDER BY 1, 2, 3",
            "vectors": "SELECT hash, model, vector FROM vectors ORDER BY hash",
        }
        held: dict[str, Any] = {name: db.execute(query).fetchall() for name, query in tables.items()}
        hits = assistant._library.search("graphs and arms in section 7", Filter(), 10)
        held["hits"] = [(hit.passage.document, hit.passage.span, round(hit.score, 5)) for hit in hits]
        return held


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for n in range(12):
        sections = "\n\n".join(
            f"Part {m}\n\nGraphs of part {m} of page {n} hold nodes and arms." for m in range(30)
        )
        (folder / f"page-{n}.txt").write_text(f"Guide number {n}\n\nA deck.\n\n{sections}\n")
    return folder


@pytest.mark.slow
def test_an_ingest_killed_at_any_point_is_made_good_by_the_next(tmp_path: Path, pages: Path):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.test_kill"])
    old = tmp_path / "old"  # what stood before: to be changed, pruned or left
    ingest(old, pages)

    def disturbed(data: Path, after: float | None) -> float:
        process = context.Process(target=ingest, args=(data, pages))
        process.start()
        begun = time.monotonic()
        process.join(after)
        process.kill()
        process.join()
        return time.monotonic() - begun

    disturbed(tmp_path / "warm", None)
    whole = disturbed(tmp_path / "undisturbed", None)
    expected = state(tmp_path / "undisturbed")
    dice = random.Random(20)
    killed = 0
    for trial in range(KILLS):
        data = tmp_path / f"trial-{trial}"
        for _ in range(1 + trial % 3):  # some are killed several times over
            disturbed(data, whole * dice.random())
            killed += 1
        ingest(data, pages)
        assert state(data) == expected, f"trial {trial}"
    assert killed >= 50
