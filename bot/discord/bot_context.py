"""BotContext: from a user's words to a reply, the same for commands and messages."""

from __future__ import annotations

import asyncio
import functools
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from bot.discord.answers import AnswerService
from bot.discord.conversations import Replies
from bot.discord.guilds import Guilds
from bot.discord.rate_limit import Cooldown
from bot.discord.render import Reply, line
from bot.state.answers import ReplyStore, StoredAnswer
from bot.state.guilds import GuildStore
from bot.state.subscriptions import Subscriptions
from corpus.errors import DigestbotError, StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.discord.conversations import Conversations
    from bot.discord.metrics import Metrics
    from bot.discord.worker_pool import WorkerPool
    from bot.state import StateFile
    from bot.state.guilds import GuildSettings


def record_metrics(
    reply: Callable[[BotContext, UserQuestion, str], Awaitable[Reply]],
) -> Callable[[BotContext, UserQuestion, str], Awaitable[Reply]]:
    """Count the questions that a method answers, and how long each takes, where anybody wants to know."""

    @functools.wraps(reply)
    async def measuring(self: BotContext, asked: UserQuestion, request: str) -> Reply:
        if self.metrics is None:
            return await reply(self, asked, request)
        started, outcome = time.monotonic(), "failed"
        try:
            found = await reply(self, asked, request)
            outcome = "answered" if found.shown else "not answered"
        except DigestbotError:
            outcome = "turned down"
            raise
        except TimeoutError:
            outcome = "gave up"
            raise
        finally:
            self.metrics.questions.labels(outcome).inc()
            self.metrics.seconds.observe(time.monotonic() - started)
        return found

    return measuring


log = structlog.get_logger(__name__)

LAST_WORDS = 3.0
"""Seconds."""
HELP = "Ask me about the digests, for example: which papers are about differential privacy?"


@dataclass(frozen=True, slots=True)
class UserQuestion:
    """A question as it came from Discord.

    ``scope`` is the server that it was asked in, None outside of one. ``private`` tells that the answer is for the
    asker alone. ``after`` are the questions that it goes on from, where it replies to an answer; None for the last
    ones of the user in the channel.
    """

    text: str
    channel: int
    user: int
    scope: int | None
    kind: str | None = None
    digest: str | None = None
    private: bool = False
    after: tuple[str, ...] | None = None


class BotContext:
    """Answers questions at the workers, each with the conversation that it stands in.

    ``forgetters`` are called, in a thread, with the id of a user who wants to be forgotten; each removes what it
    keeps of them and returns how many things that were.
    """

    def __init__(
        self, workers: WorkerPool, conversations: Conversations, state: StateFile, cooldown: Cooldown | None = None
    ) -> None:
        self.workers = workers
        self.state = state
        self.subscriptions = Subscriptions(state)
        self.metrics: Metrics | None = None
        self.conversations = conversations
        self.cooldown = cooldown or Cooldown()
        self.guilds = Guilds(GuildStore(state))
        self.replies = Replies(ReplyStore(state))
        self.answers = AnswerService(workers.assistant, state, self.guilds.settings_now)
        self.forgetters: list[Callable[[int], int]] = [
            self.answers.stored.forget,
            self.answers.feedback.forget,
            self.subscriptions.forget,
        ]
        self._at_work: set[asyncio.Task[object]] = set()

    @record_metrics
    async def reply(self, asked: UserQuestion, request: str) -> Reply:
        """Answer a question; one without words gets a line of help.

        Raises:
            DigestbotError: what the assistant raises (no words, too long), an unknown digest, too many questions.
            TimeoutError: the assistant takes too long.
        """
        self.note_work()
        question = asked.text.strip()
        if not question:
            return line(HELP)
        history = self.conversations.next(asked.channel, asked.user, question, after=asked.after)
        started = time.monotonic()
        reply = await self.workers.run(lambda: self._ask(asked, question, history))
        reply = replace(reply, questions=(*history, question))
        took = round(1000 * (time.monotonic() - started))
        log.info(
            "answered", request=request, embeds=len(reply.embeds), in_server=asked.scope is not None, took_ms=took
        )
        return reply

    async def browse(self, browsed: StoredAnswer, *, private: bool) -> Reply:
        """List entries by facts.

        Raises:
            DigestbotError: what the assistant raises, too many questions.
            TimeoutError: the assistant takes too long.
        """
        self.note_work()
        return await self.workers.run(lambda: self.answers.browse(browsed, private=private))

    async def settings(self, guild: int | None) -> GuildSettings:
        """What a server has chosen, from memory where it was asked for before; the defaults outside of one.

        Raises:
            StoreError: it cannot be read.
        """
        return await self.guilds.settings(guild)

    async def left(self, server: int) -> None:
        """The bot has left a server: its settings, and the subscriptions that are told in it, go at once.

        Raises:
            StoreError: they cannot be removed.
        """
        await self.guilds.left(server)
        await asyncio.to_thread(self.subscriptions.forget_server, server)

    async def take_back(self, user: int, channel: int, question: str) -> None:
        """A question was deleted: what its replies' buttons need to know of it goes, too."""
        try:
            await asyncio.to_thread(self.answers.stored.take_back, user, channel, question)
        except StoreError as error:
            log.warning("answer not forgotten", error=str(error))

    async def forget(self, user: int) -> int:
        """Remove all that is kept of a user; return how many things there were.

        Raises:
            StoreError: some of it could not be removed.
        """
        count = self.conversations.forget(user) + await self.replies.forget(user)
        for forgetter in self.forgetters:
            count += await asyncio.to_thread(forgetter, user)
        await asyncio.to_thread(self.state.scrub)
        return count

    def note_work(self) -> None:
        """Have the current task finished before the bot stops."""
        if (task := asyncio.current_task()) is not None:
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def finish(self, grace: float) -> None:
        """Wait until the replies under way are sent, at most ``grace`` seconds; then cancel what is left.

        What is cancelled can still say so: the client is open yet.
        """
        if self._at_work:
            _, left = await asyncio.wait(self._at_work, timeout=grace)
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=LAST_WORDS)
        await self.replies.written()

    def _ask(self, asked: UserQuestion, question: str, history: list[str]) -> Reply:
        """Ask the assistant and make a reply of what it says; blocks."""
        given = StoredAnswer(
            question=question,
            scope=asked.scope,
            user=asked.user,
            channel=asked.channel,
            history=tuple(history),
            kind=asked.kind,
            digest=asked.digest or None,
        )
        return self.answers.ask(given, private=asked.private)
