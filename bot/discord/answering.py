"""Answering: from a user's words to a reply, the same for commands and messages."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.discord.giving import Giver
from bot.discord.render import Reply, line
from bot.state.answers import GivenAnswer

if TYPE_CHECKING:
    from bot.discord.conversation import Conversations
    from bot.discord.desk import Desk
    from bot.state import StateFile

log = structlog.get_logger(__name__)

HELP = "Ask me about the digests, for example: which papers are about differential privacy?"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came from Discord; ``scope`` is the server that it was asked in, None outside of one.

    ``private`` tells that the answer is for the asker alone.
    """

    text: str
    channel: int
    user: int
    scope: int | None
    kind: str | None = None
    digest: str | None = None
    private: bool = False


class Answering:
    """Answers questions at the desk, each with the conversation that it stands in."""

    def __init__(self, desk: Desk, conversations: Conversations, state: StateFile) -> None:
        self.desk = desk
        self.state = state
        self.conversations = conversations
        self.giver = Giver(desk.assistant, state)
        self._at_work: set[asyncio.Task[object]] = set()

    async def reply(self, asked: Asked, request: str) -> Reply:
        """Answer a question; one without words gets a line of help.

        Raises:
            DigestbotError: what the assistant raises (no words, too long), an unknown digest, too many questions.
            TimeoutError: the assistant takes too long.
        """
        self.note_work()
        question = asked.text.strip()
        if not question:
            return line(HELP)
        history = self.conversations.next(asked.channel, asked.user, question)
        started = time.monotonic()
        reply = await self.desk.run(lambda: self._ask(asked, question, history))
        took = round(1000 * (time.monotonic() - started))
        log.info(
            "answered", request=request, embeds=len(reply.embeds), in_server=asked.scope is not None, took_ms=took
        )
        return reply

    async def browse(self, browsed: GivenAnswer, *, private: bool) -> Reply:
        """List entries by facts.

        Raises:
            DigestbotError: what the assistant raises, too many questions.
            TimeoutError: the assistant takes too long.
        """
        self.note_work()
        return await self.desk.run(lambda: self.giver.browse(browsed, private=private))

    def note_work(self) -> None:
        """Have the current task finished before the bot stops."""
        if (task := asyncio.current_task()) is not None:
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def finish(self, grace: float) -> None:
        """Wait until the replies under way are sent, at most ``grace`` seconds."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=grace)

    def _ask(self, asked: Asked, question: str, history: list[str]) -> Reply:
        """Ask the assistant and make a reply of what it says; blocks."""
        given = GivenAnswer(
            question=question,
            scope=asked.scope,
            user=asked.user,
            channel=asked.channel,
            history=tuple(history),
            kind=asked.kind,
            digest=asked.digest or None,
        )
        return self.giver.ask(given, private=asked.private)
