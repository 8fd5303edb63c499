"""The state's file: tables that come forward step by step, writes whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.state import StateFile
from corpus.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "CREATE TABLE votes (who INTEGER PRIMARY KEY, what TEXT NOT NULL)"
SECOND = "ALTER TABLE votes ADD COLUMN why TEXT; CREATE INDEX votes_by_what ON votes (what);"


def test_each_step_is_taken_once_and_keeps_what_was_written(tmp_path: Path):
    file = StateFile(tmp_path / "new")
    file.prepare("votes", FIRST)
    with file.transaction() as db:
        db.execute("INSERT INTO votes VALUES (1, 'up')")
    file.close()
    later = StateFile(tmp_path / "new")
    later.prepare("votes", FIRST, SECOND)
    later.prepare("votes", FIRST, SECOND)
    with later.reading() as db:
        assert db.execute("SELECT * FROM votes").fetchall() == [(1, "up", None)]
    with pytest.raises(StoreError, match="newer digestbot"):
        later.prepare("votes", FIRST)


def test_a_write_that_fails_is_undone_and_told(tmp_path: Path):
    file = StateFile(tmp_path)
    file.prepare("votes", FIRST)

    def write_twice() -> None:
        with file.transaction() as db:
            db.execute("INSERT INTO votes VALUES (1, 'up')")
            db.execute("INSERT INTO votes VALUES (1, 'down')")

    with pytest.raises(StoreError, match="cannot write"):
        write_twice()
    with file.reading() as db:
        assert db.execute("SELECT count(*) FROM votes").fetchone() == (0,)


def test_a_file_that_is_none_is_told_in_one_line(tmp_path: Path):
    (tmp_path / StateFile.NAME).write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"state\.sqlite"):
        StateFile(tmp_path)
