"""Stores votes on answers with their question and citations; voters only as salted hashes."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from contextlib import closing
from dataclasses import asdict, dataclass
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
    """One vote on one answer, ``up`` or down; ``kind`` and ``digest`` are the question's restrictions."""

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
        """Return the vote as ``digestbot feedback --json`` prints it."""
        facts = asdict(self)
        head = {"answer": facts.pop("answer"), "vote": "up" if facts.pop("up") else "down"}
        changed = {
            "history": list(self.history),
            "citations": list(facts.pop("cited")),
            "confidence": round(self.confidence, 4),
            "at": self.at.isoformat(timespec="seconds"),
        }
        return {**head, **facts, **changed}


class Feedback:
    """Stores all votes. Safe to share between threads; all methods raise StoreError.

    ``clock`` gives seconds since 1970.
    """

    def __init__(self, state: StateFile, *, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._clock = clock
        state.prepare("feedback", _TABLES)
        with state.transaction() as db:
            db.execute("INSERT OR IGNORE INTO feedback_salt VALUES (1, ?)", (secrets.token_bytes(32),))
            self._salt: bytes = db.execute("SELECT salt FROM feedback_salt").fetchone()[0]

    def vote(self, answer: StoredAnswer, user: int, *, up: bool, reason: str | None = None) -> None:
        """Store a user's vote on an answer, in place of an earlier one."""
        cited = json.dumps([asdict(each) for each in answer.cited], ensure_ascii=False)
        row = (
            *(answer.id, up, reason, answer.question, json.dumps(answer.history, ensure_ascii=False)),
            *(answer.kind, answer.digest, cited, answer.answered, answer.confidence, answer.version, answer.model),
            *(answer.scope, self._clock(), self._hashed(user), self._hashed(answer.user)),
        )
        marks = ", ".join("?" for _ in row)
        with self._state.transaction() as db:
            db.execute(f"INSERT OR REPLACE INTO feedback ({_COLUMNS}, voter, asker) VALUES ({marks})", row)  # noqa: S608

    def undo(self, answer: str, user: int) -> bool:
        """Remove a user's vote on an answer; return whether there was one."""
        with self._state.transaction() as db:
            statement = "DELETE FROM feedback WHERE answer = ? AND voter = ?"
            return db.execute(statement, (answer, self._hashed(user))).rowcount > 0

    def votes(self, *, up: bool | None = None) -> list[Vote]:
        """Return the votes, newest first; all, or only those up or down."""
        with self._state.reading() as db:
            found = db.execute(
                f"SELECT {_COLUMNS} FROM feedback WHERE ? IS NULL OR up = ? ORDER BY at DESC, number DESC",  # noqa: S608
                (up, up),
            )
            rows = found.fetchall()
        names = [column[0] for column in found.description]
        return [_vote(dict(zip(names, row, strict=True))) for row in rows]

    def forget(self, user: int) -> int:
        """Remove a user's votes and the votes on the user's questions; return their number."""
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
    """Return the votes in a data folder, newest first, without making a file. Raises StoreError."""
    if not (folder / StateFile.NAME).is_file():
        return []  # the bot has never run here
    with closing(StateFile(folder)) as state:
        return Feedback(state).votes(up=up)
