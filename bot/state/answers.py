"""Answers given: for a while, what the buttons under a reply need to know of its question."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.answer import Citation
    from bot.state.database import StateFile


LIFETIME = 30 * 86_400.0
"""Seconds that an answer is kept."""

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
    """What is kept of a citation: its document, its entry's offsets there in characters, kind and title."""

    document: str
    start: int
    end: int
    kind: str
    title: str

    @classmethod
    def of(cls, citation: Citation) -> Cited:
        """The kept part of a citation."""
        place = (citation.document, citation.entry_start, citation.entry_end)
        return cls(*place, str(citation.kind), citation.title)

    def to_json(self) -> dict[str, Any]:
        """The citation as it is stored and listed."""
        return {
            "document": self.document,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "title": self.title,
        }


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that was given: what was asked, by whom and where, and what was shown.

    ``facts`` are those of a browsed list, else None; ``page`` is its page. ``shown`` are the ids of all entries
    that this reply and those that it continues have shown; ``cited`` are this reply's own citations.
    ``continued`` tells that its next citations have been shown to everyone.
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
        """The answer with what a reply shows of it, beside what was shown before."""
        entries = dict.fromkeys([*self.shown, *(citation.entry_id for citation in citations)])
        return replace(self, shown=tuple(entries), cited=tuple(map(Cited.of, citations)))


class AnswerStore:
    """The answers of the last 30 days, in the state's file. Safe to share between threads.

    Args:
        state: the file.
        clock: seconds since 1970.
    """

    def __init__(self, state: StateFile, *, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._clock = clock
        self._purged = 0.0
        state.prepare("answers", _TABLES)
        self.purge()

    def add(self, answer: StoredAnswer) -> str:
        """Keep an answer; returns its id, which nobody can guess.

        Raises:
            StoreError: the file cannot be written.
        """
        name, now = secrets.token_urlsafe(12), self._clock()
        if now - self._purged > _PURGE_EVERY:
            self.purge()
        cited = json.dumps([each.to_json() for each in answer.cited], ensure_ascii=False)
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
        """An answer by its id; None where there is none, or none any more."""
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
        """Claim the right to show an answer's next citations to everyone; True for the first who claims it."""
        with self._state.transaction() as db:
            statement = "UPDATE answers SET continued = 1 WHERE id = ? AND NOT continued"
            return db.execute(statement, (name,)).rowcount == 1

    def remove(self, name: str) -> None:
        """Forget an answer."""
        with self._state.transaction() as db:
            db.execute("DELETE FROM answers WHERE id = ?", (name,))

    def take_back(self, user: int, channel: int, question: str) -> None:
        """Forget what a user asked in a channel in these words, and how it went on."""
        with self._state.transaction() as db:
            where = "user = ? AND channel = ? AND question = ?"
            db.execute(f"DELETE FROM answers WHERE {where}", (user, channel, question))  # noqa: S608

    def forget(self, user: int) -> int:
        """Forget all that a user asked; returns how many answers that were."""
        with self._state.transaction() as db:
            return db.execute("DELETE FROM answers WHERE user = ?", (user,)).rowcount

    def purge(self) -> None:
        """Forget what is too old."""
        self._purged = self._clock()
        with self._state.transaction() as db:
            db.execute("DELETE FROM answers WHERE created <= ?", (self._purged - LIFETIME,))


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A message that answers a question.

    Attributes:
        reply: the message's id.
        channel: the channel that it stands in.
        message: the message with the question; None for a command.
        user: who asked.
        questions: those of the conversation, oldest first; the last is the one that is answered.
        at: seconds since 1970.
    """

    reply: int
    channel: int
    message: int | None
    user: int
    questions: tuple[str, ...]
    at: float


class ReplyStore:
    """The replies in the state's file; every method blocks."""

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
        """Write replies, and take others out by their ids, at once.

        Raises:
            StoreError: the file cannot be written.
        """
        rows = [
            (each.reply, each.channel, each.message, each.user, json.dumps(each.questions), each.at)
            for each in replies
        ]
        with self._file.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)", rows)
            db.executemany("DELETE FROM replies WHERE reply = ?", [(reply,) for reply in dropped])

    def latest(self, most: int, since: float) -> list[StoredReply]:
        """The latest replies since a moment, oldest first.

        Raises:
            StoreError: the file cannot be read.
        """
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
        """Take out the replies from before a moment."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM replies WHERE at < ?", (moment,))

    def forget(self, user: int) -> int:
        """Take out the replies to a user; return how many there were."""
        with self._file.transaction() as db:
            return db.execute("DELETE FROM replies WHERE user = ?", (user,)).rowcount
