"""Remembers conversations in memory and replies in the state database, so that follow-ups are understood."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

import structlog

from bot.state.answers import StoredReply
from corpus.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.state.answers import ReplyStore

Key = tuple[int, int]
MOST_QUESTIONS = 5
MOST_CONVERSATIONS = 10_000
LIFETIME = 900.0


class Conversations:
    """Remembers the last questions by (channel, user) for 15 minutes, of at most ``most`` conversations."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = MOST_CONVERSATIONS) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[Key, tuple[float, deque[str]]] = OrderedDict()

    def next(self, channel: int, user: int, question: str, *, after: Sequence[str] | None = None) -> list[str]:
        """Add a question; return those before it, oldest first, or ``after`` if given."""
        now = self._clock()
        last, questions = self._kept.pop((channel, user), (now, deque(maxlen=MOST_QUESTIONS)))
        if now - last > LIFETIME:
            questions.clear()
        if after is not None:
            questions = deque(after, maxlen=MOST_QUESTIONS)
        before = list(questions)
        questions.append(question)
        self._kept[channel, user] = (now, questions)
        while self._kept and (len(self._kept) > self._most or self._oldest() < now - LIFETIME):
            self._kept.popitem(last=False)
        return before

    def forget(self, user: int) -> int:
        """Forget a user's questions; return their number."""
        theirs = [key for key in self._kept if key[1] == user]
        return sum(len(self._kept.pop(key)[1]) for key in theirs)

    def __len__(self) -> int:
        return len(self._kept)

    def _oldest(self) -> float:
        return next(iter(self._kept.values()))[0]


log = structlog.get_logger(__name__)

REPLY_LIFETIME = 24 * 3600.0
MOST_REPLIES = 20_000


class Replies:
    """Remembers at most ``most`` replies for a day, also after a restart. ``clock`` gives seconds since 1970."""

    def __init__(
        self, file: ReplyStore, *, clock: Callable[[], float] = time.time, most: int = MOST_REPLIES
    ) -> None:
        self._file = file
        self._clock = clock
        self._most = most
        self._by_reply: OrderedDict[int, StoredReply] = OrderedDict()
        self._by_message: dict[int, int] = {}
        self._under_way: set[int] = set()
        self._deleted: set[int] = set()
        self._to_keep: list[StoredReply] = []
        self._to_drop: list[int] = []
        self._writing: asyncio.Task[None] | None = None
        for kept in file.latest(most, clock() - REPLY_LIFETIME):
            self._hold(kept)

    def keep(self, reply: int, channel: int, message: int | None, user: int, questions: tuple[str, ...]) -> None:
        """Add a reply that was sent."""
        kept = StoredReply(reply, channel, message, user, questions, self._clock())
        self._hold(kept)
        self._to_keep.append(kept)
        self._write()

    def of(self, reply: int, channel: int) -> StoredReply | None:
        """Return a reply of the last day by its id and channel."""
        kept = self._by_reply.get(reply)
        return kept if kept and kept.channel == channel and kept.at >= self._clock() - REPLY_LIFETIME else None

    @contextlib.contextmanager
    def under_way(self, message: int) -> Iterator[Callable[[], bool]]:
        """Mark a message as being answered; yields a function that tells if it was deleted meanwhile."""
        self._under_way.add(message)
        try:
            yield lambda: message in self._deleted
        finally:
            self._under_way.discard(message)
            self._deleted.discard(message)

    def deleted(self, message: int) -> StoredReply | None:
        """Handle a deleted message: forget its reply, and return that if it is still there."""
        if message in self._under_way:
            self._deleted.add(message)
        self._drop(message)  # it may be a reply itself
        reply = self._by_message.get(message)
        return self._drop(reply) if reply is not None else None

    async def forget(self, user: int) -> int:
        """Forget the replies to a user; return their number. Raises StoreError."""
        for kept in [kept for kept in self._by_reply.values() if kept.user == user]:
            self._release(kept)
        await self.written()
        return await asyncio.to_thread(self._file.forget, user)

    async def tidy(self) -> None:
        """Forget replies older than a day. Raises StoreError."""
        since = self._clock() - REPLY_LIFETIME
        while self._by_reply and (kept := next(iter(self._by_reply.values()))).at < since:
            self._release(kept)
        await asyncio.to_thread(self._file.remove_before, since)

    async def written(self) -> None:
        """Wait until all changes so far are written, or have failed."""
        while self._writing is not None and not self._writing.done():
            await asyncio.shield(self._writing)

    @property
    def held(self) -> int:
        """The number of replies in memory."""
        return len(self._by_reply)

    def _hold(self, kept: StoredReply) -> None:
        self._by_reply[kept.reply] = kept
        if kept.message is not None:
            self._by_message[kept.message] = kept.reply
        while len(self._by_reply) > self._most:
            self._release(next(iter(self._by_reply.values())))

    def _drop(self, reply: int) -> StoredReply | None:
        kept = self._by_reply.get(reply)
        if kept is not None:
            self._release(kept)
            self._to_drop.append(reply)
            self._write()
        return kept

    def _release(self, kept: StoredReply) -> None:
        self._by_reply.pop(kept.reply, None)
        if kept.message is not None:
            self._by_message.pop(kept.message, None)

    def _write(self) -> None:
        """Write in batches, so that a hundred replies wait for the disk only a few times."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._to_keep or self._to_drop:
            keep, drop, self._to_keep, self._to_drop = self._to_keep, self._to_drop, [], []
            try:
                await asyncio.to_thread(self._file.keep, keep, drop)
            except StoreError as error:
                log.error("replies not stored", replies=len(keep), error=str(error))
