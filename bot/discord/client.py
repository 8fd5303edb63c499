"""The client: discord.py's, with the least that it needs to know of Discord."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.discord.browsing import browsing_commands
from bot.discord.buttons import PREFIX
from bot.discord.commands import Tree, ask_command
from bot.discord.context import ContextView
from bot.discord.keeping import digest_group
from bot.discord.messages import answer_message, question_in
from bot.discord.pressing import PressedButton, Presses
from bot.discord.registration import register

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.discord.answering import Answering

log = structlog.get_logger(__name__)

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def tolerant(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """An event's parser that logs what it cannot read: discord.py lets one odd event end the whole client."""

    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception:  # whatever is odd about this event, the others are still to be heard
            log.error("event not understood", event_name=name, exc_info=True)

    return parse_or_log


class DigestClient(discord.Client):
    """Answers commands, direct messages and mentions; keeps no members, no messages, no voice.

    ``connected`` is true once the gateway has let it in.
    """

    def __init__(self, answering: Answering) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        # All but the first, for without it there is nothing to go on with.
        parsers = self._connection.parsers
        parsers.update({name: tolerant(name, parse) for name, parse in parsers.items() if name != "READY"})
        self.answering = answering
        self.presses = Presses(answering)
        self.connected = False
        self.tree = Tree(self)
        for command in (ask_command(answering), *browsing_commands(answering), digest_group(answering)):
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Register the commands; where Discord refuses, those registered before go on working."""
        self.add_view(ContextView(self.answering))
        self.add_dynamic_items(PressedButton)
        try:
            await register(self, self.tree)
        except discord.HTTPException as error:
            log.error("commands not registered", status=error.status, code=error.code, reason=error.text)

    async def on_connect(self) -> None:
        """The gateway has let the bot in."""
        self.connected = True
        log.info("connected", user=str(self.user))

    async def on_resumed(self) -> None:
        """The connection was lost, and goes on where it was."""
        log.info("resumed")

    async def on_message(self, message: discord.Message) -> None:
        """Answer what is put to the bot."""
        if self.user is not None and (question := question_in(message, self.user)) is not None:
            await answer_message(message, question, self.answering)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Read a form that was sent, also one that was opened before a restart, which discord.py does not know."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            if (custom_id := str(data["custom_id"])).startswith(f"{PREFIX}:"):
                await self.presses.handle(interaction, custom_id)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what an event's handling raised."""
        log.error("event failed", event_name=event_method, exc_info=sys.exc_info())
