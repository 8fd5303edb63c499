"""What all commands and messages share: the way from a question to a reply, and the parts of the bot."""

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
    """Record the outcome and duration of each question a method answers, if metrics are on."""

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

CANCEL_SECONDS = 3.0
"""Time for a cancelled reply to say that the bot is restarting."""
HELP = "Ask me about the digests, for example: which papers are about differential privacy?"


@dataclass(frozen=True, slots=True)
class UserQuestion:
    """A question from Discord.

    ``scope`` is its server, or None. ``private`` hides the answer from others. ``after`` holds the earlier
    questions if it replies to an answer; None stands for the user's last ones in the channel.
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
    """Answers questions in worker threads, each with its conversation.

    Each of ``forgetters`` removes what it stores about a user, given their id, and returns the number of things;
    it is called in a thread.
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
        """Answer a question, or explain what to ask if it has no words.

        Raises:
            DigestbotError: the assistant refuses the question, or too many are waiting.
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
        """List entries by facts; raises as ``reply``."""
        self.note_work()
        return await self.workers.run(lambda: self.answers.browse(browsed, private=private))

    async def settings(self, guild: int | None) -> GuildSettings:
        """Return a server's settings; the defaults outside of one. Raises StoreError."""
        return await self.guilds.settings(guild)

    async def left(self, server: int) -> None:
        """Remove the settings and subscriptions of a server that the bot has left. Raises StoreError."""
        await self.guilds.left(server)
        await asyncio.to_thread(self.subscriptions.forget_server, server)

    async def take_back(self, user: int, channel: int, question: str) -> None:
        """Remove the stored answers to a question that its user has deleted."""
        try:
            await asyncio.to_thread(self.answers.stored.take_back, user, channel, question)
        except StoreError as error:
            log.warning("answer not removed", error=str(error))

    async def forget(self, user: int) -> int:
        """Remove everything stored about a user; return the number of things. Raises StoreError."""
        count = self.conversations.forget(user) + await self.replies.forget(user)
        for forgetter in self.forgetters:
            count += await asyncio.to_thread(forgetter, user)
        await asyncio.to_thread(self.state.scrub)
        return count

    def note_work(self) -> None:
        """Let the bot wait for the current task before it stops."""
        if (task := asyncio.current_task()) is not None:
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def finish(self, grace: float) -> None:
        """Wait at most ``grace`` seconds for pending replies; then cancel them while they can still say so."""
        if self._at_work:
            _, left = await asyncio.wait(self._at_work, timeout=grace)
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=CANCEL_SECONDS)
        await self.replies.written()

    def _ask(self, asked: UserQuestion, question: str, history: list[str]) -> Reply:
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
