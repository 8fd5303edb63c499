"""Replies: which message answers which question, for a day, so that a reply goes when its question goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.state.file import StateFile


@dataclass(frozen=True, slots=True)
class KeptReply:
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


class ReplyFile:
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

    def keep(self, replies: Iterable[KeptReply], dropped: Iterable[int]) -> None:
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

    def latest(self, most: int, since: float) -> list[KeptReply]:
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
            KeptReply(reply, channel, message, user, tuple(json.loads(questions)), at)
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
