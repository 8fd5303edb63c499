"""Presses: what the buttons under replies do, those of replies from before a restart among them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

import discord
import structlog

from bot.discord import buttons
from bot.discord.admission import admitted
from bot.discord.commands import acknowledge, fill_in, scope_of
from bot.discord.errors import request_id
from bot.discord.telling import acknowledge_change, failures_told
from bot.discord.transport import again_if_lost
from bot.discord.voting import Voting, given_to
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable

    from bot.discord.answering import Answering
    from bot.discord.commands import Interaction

log = structlog.get_logger(__name__)

NOT_YOURS = "Only who asked, and who may manage messages here, can delete this."
UNKNOWN = "This button is from another version of me. Please ask again."


class Presses:
    """Does what buttons and forms say, in one place, so that each failure is told in one way."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._giver = answering.giver
        voting = Voting(answering.giver)
        self._acts: dict[str, Callable[[Interaction, str], Awaitable[None]]] = {
            buttons.MORE: self._more,
            buttons.SIMILAR: self._similar,
            buttons.DELETE: self._delete,
            buttons.UP: voting.up,
            buttons.DOWN: voting.ask_why,
            buttons.UNDO: voting.undo,
            buttons.WHY: voting.down,
        }

    async def handle(self, interaction: Interaction, custom_id: str) -> None:
        """Do what a button or a form with such a custom_id says; the user is told what goes wrong."""
        act, _, about = custom_id.removeprefix(f"{buttons.PREFIX}:").partition(":")
        self._answering.note_work()
        async with failures_told(interaction, act, changes=act == buttons.DELETE):
            if act not in self._acts:
                raise NotFoundError(UNKNOWN)
            if not await admitted(interaction, self._answering):
                return
            await self._acts[act](interaction, about)

    async def _more(self, interaction: Interaction, about: str) -> None:
        """Show the next citations: to everyone where the asker wants them the first time, else to who pressed."""
        answers = self._giver.answers
        given = await given_to(self._giver, interaction, about)
        private = is_private(interaction) or interaction.user.id != given.user
        private = private or not await asyncio.to_thread(answers.take_continuation, about)
        await acknowledge(interaction, privately=private)
        desk = self._answering.desk
        await fill_in(interaction, await desk.run(lambda: self._giver.more(given, private=private)))

    async def _similar(self, interaction: Interaction, about: str) -> None:
        """Show what is like an entry, to who pressed alone: it leads away from what was asked."""
        await acknowledge(interaction, privately=True)
        entry, offset = map(_number, about.partition(":")[::2])
        scope, desk = scope_of(interaction), self._answering.desk
        await fill_in(interaction, await desk.run(lambda: self._giver.similar(entry, offset, scope)))

    async def _delete(self, interaction: Interaction, about: str) -> None:
        """Delete the reply, for the asker and for who may manage messages."""
        asker, _, answer = about.partition(":")
        if interaction.user.id != _number(asker) and not interaction.permissions.manage_messages:
            raise DigestbotError(NOT_YOURS)
        await acknowledge_change(interaction)
        await asyncio.to_thread(self._giver.answers.remove, answer)
        try:
            await again_if_lost(interaction.delete_original_response)
        except discord.NotFound:
            log.info("deleted already", request=request_id(interaction.id))


class PressedButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"{buttons.PREFIX}:[a-z]+:.*"):
    """Any button under a reply, made anew from its custom_id when it is pressed."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Wrap the button that was pressed."""
        del interaction, match
        if not isinstance(item, discord.ui.Button):
            raise TypeError("only buttons are called so")
        return cls(item)

    async def callback(self, interaction: Interaction) -> Any:
        """Do what it says."""
        presses: Presses = interaction.client.presses  # type: ignore[attr-defined]
        await presses.handle(interaction, self.custom_id)


def is_private(interaction: Interaction) -> bool:
    """Whether the message with the button is seen by one user alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _number(said: str) -> int:
    if not said.isdecimal():
        raise NotFoundError(UNKNOWN)
    return int(said)
