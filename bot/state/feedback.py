"""Feedback: votes on answers, with what was asked and cited; of who voted no more than a salted hash."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.state.answers import Cited
from bot.state.database import StateFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.state.answers import StoredAnswer


_TABLES = """
CREATE TABLE feedback_salt (one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL);
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    answer TEXT NOT NULL,
    voter TEXT NOT NULL,
    asker TEXT NOT NULL,
    up INTEGER NOT NULL,
    reason TEXT,
    question TEXT NOT NULL,
    history TEXT NOT NULL,
    kind TEXT,
    digest TEXT,
    cited TEXT NOT NULL,
    answered INTEGER NOT NULL,
    confidence REAL NOT NULL,
    version TEXT NOT NULL,
    model TEXT NOT NULL,
    guild INTEGER,
    at REAL NOT NULL,
    UNIQUE (answer, voter)
)
"""
_COLUMNS = (
    "answer, up, reason, question, history, kind, digest, cited, answered, confidence, version, model, guild, at"
)


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote on one answer: ``up`` or down, and why where that was said.

    ``kind`` and ``digest`` are what the question was restricted to.
    """

    answer: str
    up: bool
    reason: str | None
    question: str
    history: tuple[str, ...]
    kind: str | None
    digest: str | None
    cited: tuple[Cited, ...]
    answered: bool
    confidence: float
    version: str
    model: str
    guild: int | None
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """The vote as the command line's ``--json`` prints it."""
        return {
            "answer": self.answer,
            "vote": "up" if self.up else "down",
            "reason": self.reason,
            "question": self.question,
            "history": list(self.history),
            "kind": self.kind,
            "digest": self.digest,
            "citations": [each.to_json() for each in self.cited],
            "answered": self.answered,
            "confidence": round(self.confidence, 4),
            "version": self.version,
            "model": self.model,
            "guild": self.guild,
            "at": self.at.isoformat(timespec="seconds"),
        }


class Feedback:
    """All votes, in the state's file. Safe to share between threads.

    Args:
        state: the file.
        clock: seconds since 1970.
    """

    def __init__(self, state: StateFile, *, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._clock = clock
        state.prepare("feedback", _TABLES)
        with state.transaction() as db:
            db.execute("INSERT OR IGNORE INTO feedback_salt VALUES (1, ?)", (secrets.token_bytes(32),))
            self._salt: bytes = db.execute("SELECT salt FROM feedback_salt").fetchone()[0]

    def vote(self, answer: StoredAnswer, user: int, *, up: bool, reason: str | None = None) -> None:
        """Note a user's vote on an answer, in place of an earlier one.

        Raises:
            StoreError: the file cannot be written.
        """
        cited = json.dumps([each.to_json() for each in answer.cited], ensure_ascii=False)
        row = (
            *(answer.id, up, reason, answer.question, json.dumps(answer.history, ensure_ascii=False)),
            *(
                answer.kind,
                answer.digest,
                cited,
                answer.answered,
                answer.confidence,
                answer.version,
                answer.model,
                answer.scope,
                self._clock(),
            ),
            *(self._hashed(user), self._hashed(answer.user)),
        )
        marks = ", ".join("?" for _ in row)
        with self._state.transaction() as db:
            db.execute(f"INSERT OR REPLACE INTO feedback ({_COLUMNS}, voter, asker) VALUES ({marks})", row)  # noqa: S608

    def undo(self, answer: str, user: int) -> bool:
        """Take a user's vote on an answer back; True where there was one."""
        with self._state.transaction() as db:
            statement = "DELETE FROM feedback WHERE answer = ? AND voter = ?"
            return db.execute(statement, (answer, self._hashed(user))).rowcount > 0

    def votes(self, *, up: bool | None = None) -> list[Vote]:
        """The votes, newest first; only those up or down where that is said."""
        with self._state.reading() as db:
            found = db.execute(
                f"SELECT {_COLUMNS} FROM feedback WHERE ? IS NULL OR up = ? ORDER BY at DESC, number DESC",  # noqa: S608
                (up, up),
            )
            rows = found.fetchall()
        names = [column[0] for column in found.description]
        return [_vote(dict(zip(names, row, strict=True))) for row in rows]

    def forget(self, user: int) -> int:
        """Forget a user's votes, and the votes of others on what the user asked; returns how many."""
        name = self._hashed(user)
        with self._state.transaction() as db:
            return db.execute("DELETE FROM feedback WHERE voter = ? OR asker = ?", (name, name)).rowcount

    def _hashed(self, user: int) -> str:
        return hashlib.blake2b(str(user).encode(), key=self._salt, digest_size=16).hexdigest()


def _vote(row: dict[str, Any]) -> Vote:
    row["history"] = tuple(json.loads(row["history"]))
    row["cited"] = tuple(Cited(**each) for each in json.loads(row["cited"]))
    row["at"] = datetime.fromtimestamp(row["at"], UTC)
    return Vote(**row | {name: bool(row[name]) for name in ("up", "answered")})


def votes_in(folder: Path, *, up: bool | None = None) -> list[Vote]:
    """The votes that were given to the bot of a data folder, newest first; looking makes no file.

    Raises:
        StoreError: the file cannot be read.
    """
    if not (folder / StateFile.NAME).is_file():
        return []  # nobody has run the bot here
    with closing(StateFile(folder)) as state:
        return Feedback(state).votes(up=up)
