"""Stores recent answers for the buttons under them, and which message answers which."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.answer import Citation
    from bot.state.database import StateFile

LIFETIME = 30 * 86_400.0
"""Seconds that an answer is stored."""

_PURGE_EVERY = 86_400.0
_TABLES = """
CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    history TEXT NOT NULL,
    kind TEXT,
    digest TEXT,
    facts TEXT,
    page INTEGER NOT NULL,
    scope INTEGER,
    user INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    shown TEXT NOT NULL,
    cited TEXT NOT NULL,
    answered INTEGER NOT NULL,
    confidence REAL NOT NULL,
    version TEXT NOT NULL,
    model TEXT NOT NULL,
    continued INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL
);
CREATE INDEX answers_by_user ON answers (user);
CREATE INDEX answers_by_age ON answers (created)
"""


@dataclass(frozen=True, slots=True)
class Cited:
    """The stored part of a citation: its document, its entry's offsets there in characters, kind and title."""

    document: str
    start: int
    end: int
    kind: str
    title: str

    @classmethod
    def of(cls, citation: Citation) -> Cited:
        """Make the stored part of a citation."""
        place = (citation.document, citation.entry_start, citation.entry_end)
        return cls(*place, str(citation.kind), citation.title)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer: its question, asker and place, and what it showed.

    ``facts`` and ``page`` belong to a browsed list (else ``facts`` is None). ``shown`` holds the ids of all
    entries that this reply and those before it have shown, ``cited`` this reply's citations. ``continued`` says
    that its next citations were shown to everyone.
    """

    question: str
    scope: int | None
    user: int
    channel: int
    history: tuple[str, ...] = ()
    kind: str | None = None
    digest: str | None = None
    facts: Mapping[str, str] | None = None
    page: int = 1
    shown: tuple[int, ...] = ()
    cited: tuple[Cited, ...] = ()
    answered: bool = True
    confidence: float = 0.0
    version: str = ""
    model: str = ""
    id: str = ""
    continued: bool = False

    def with_shown(self, citations: Sequence[Citation]) -> StoredAnswer:
        """Return the answer with the citations of a reply added."""
        entries = dict.fromkeys([*self.shown, *(citation.entry_id for citation in citations)])
        return replace(self, shown=tuple(entries), cited=tuple(map(Cited.of, citations)))


class AnswerStore:
    """Stores the answers of the last 30 days. Safe to share between threads; all methods raise StoreError.

    ``clock`` gives seconds since 1970.
    """

    def __init__(self, state: StateFile, *, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._clock = clock
        self._purged = 0.0
        state.prepare("answers", _TABLES)
        self.purge()

    def add(self, answer: StoredAnswer) -> str:
        """Store an answer; return its unguessable id."""
        name, now = secrets.token_urlsafe(12), self._clock()
        if now - self._purged > _PURGE_EVERY:
            self.purge()
        cited = json.dumps([asdict(each) for each in answer.cited], ensure_ascii=False)
        facts = None if answer.facts is None else json.dumps(dict(answer.facts), ensure_ascii=False)
        row = (
            *(name, answer.question, json.dumps(answer.history, ensure_ascii=False), answer.kind, answer.digest),
            *(facts, answer.page, answer.scope, answer.user, answer.channel, json.dumps(answer.shown), cited),
            *(answer.answered, answer.confidence, answer.version, answer.model, answer.continued, now),
        )
        with self._state.transaction() as db:
            db.execute(f"INSERT INTO answers VALUES ({', '.join('?' for _ in row)})", row)  # noqa: S608
        return name

    def get(self, name: str) -> StoredAnswer | None:
        """Return an answer by its id; None if it is not stored, or too old."""
        with self._state.reading() as db:
            found = db.execute(
                "SELECT * FROM answers WHERE id = ? AND created > ?", (name, self._clock() - LIFETIME)
            )
            row = found.fetchone()
        if row is None:
            return None
        kept = dict(zip((column[0] for column in found.description), row, strict=True))
        del kept["created"]
        kept["history"] = tuple(json.loads(kept["history"]))
        kept["facts"] = None if kept["facts"] is None else json.loads(kept["facts"])
        kept["shown"] = tuple(json.loads(kept["shown"]))
        kept["cited"] = tuple(Cited(**each) for each in json.loads(kept["cited"]))
        return StoredAnswer(**kept | {name: bool(kept[name]) for name in ("answered", "continued")})

    def take_continuation(self, name: str) -> bool:
        """Claim the right to show an answer's next citations to everyone; True for the first claim only."""
        with self._state.transaction() as db:
            statement = "UPDATE answers SET continued = 1 WHERE id = ? AND NOT continued"
            return db.execute(statement, (name,)).rowcount == 1

    def remove(self, name: str) -> None:
        """Remove an answer."""
        with self._state.transaction() as db:
            db.execute("DELETE FROM answers WHERE id = ?", (name,))

    def take_back(self, user: int, channel: int, question: str) -> None:
        """Remove a user's answers to a question in a channel."""
        with self._state.transaction() as db:
            where = "user = ? AND channel = ? AND question = ?"
            db.execute(f"DELETE FROM answers WHERE {where}", (user, channel, question))  # noqa: S608

    def forget(self, user: int) -> int:
        """Remove all answers of a user; return their number."""
        with self._state.transaction() as db:
            return db.execute("DELETE FROM answers WHERE user = ?", (user,)).rowcount

    def purge(self) -> None:
        """Remove answers that are too old."""
        self._purged = self._clock()
        with self._state.transaction() as db:
            db.execute("DELETE FROM answers WHERE created <= ?", (self._purged - LIFETIME,))


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A message (``reply``) that answers a question.

    ``message`` is the question's message, or None for a command. ``questions`` holds the conversation, the
    answered question last. ``at`` is in seconds since 1970.
    """

    reply: int
    channel: int
    message: int | None
    user: int
    questions: tuple[str, ...]
    at: float


class ReplyStore:
    """Stores replies. All methods block and raise StoreError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        file.prepare(
            "replies",
            "CREATE TABLE replies (reply INTEGER PRIMARY KEY, channel INTEGER NOT NULL, message INTEGER,"
            " user INTEGER NOT NULL, questions TEXT NOT NULL, at REAL NOT NULL);"
            "CREATE INDEX replies_by_user ON replies (user);"
            "CREATE INDEX replies_by_time ON replies (at)",
        )

    def keep(self, replies: Iterable[StoredReply], dropped: Iterable[int]) -> None:
        """Store replies and remove others by id, in one transaction."""
        rows = [
            (each.reply, each.channel, each.message, each.user, json.dumps(each.questions), each.at)
            for each in replies
        ]
        with self._file.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)", rows)
            db.executemany("DELETE FROM replies WHERE reply = ?", [(reply,) for reply in dropped])

    def latest(self, most: int, since: float) -> list[StoredReply]:
        """Return at most so many of the latest replies since a time, oldest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT reply, channel, message, user, questions, at FROM replies WHERE at >= ?"
                " ORDER BY at DESC LIMIT ?",
                (since, most),
            ).fetchall()
        return [
            StoredReply(reply, channel, message, user, tuple(json.loads(questions)), at)
            for reply, channel, message, user, questions, at in reversed(rows)
        ]

    def remove_before(self, moment: float) -> None:
        """Remove replies from before a time."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM replies WHERE at < ?", (moment,))

    def forget(self, user: int) -> int:
        """Remove the replies to a user; return their number."""
        with self._file.transaction() as db:
            return db.execute("DELETE FROM replies WHERE user = ?", (user,)).rowcount
