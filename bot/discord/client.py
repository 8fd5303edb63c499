"""The client: discord.py's, with the least that it needs to know of Discord."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.discord.admission import GuardedTree
from bot.discord.browsing import browsing_commands
from bot.discord.buttons import PREFIX
from bot.discord.commands import ask_command, tell_if_unheard
from bot.discord.context import ContextView
from bot.discord.housekeeping import Housekeeping
from bot.discord.invitation import invitation
from bot.discord.keeping import digest_group
from bot.discord.messages import answer_message, question_in, take_back
from bot.discord.preferences import PreferencesView, settings_command
from bot.discord.pressing import PressedButton, Presses
from bot.discord.privacy import privacy_commands
from bot.discord.registration import register
from bot.discord.subscribing import SubscriptionButton, subscribing_commands

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

    def __init__(self, answering: Answering, **options: Any) -> None:
        """Take what discord.py takes beside the options that are set here."""
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        # All but the first, for without it there is nothing to go on with.
        parsers = self._connection.parsers
        parsers.update({name: tolerant(name, parse) for name, parse in parsers.items() if name != "READY"})
        self.answering = answering
        self.presses = Presses(answering)
        self.connected = False
        self.announce: Callable[[str], object] = lambda line: None
        self.housekeeping = Housekeeping(answering)
        self.tree = GuardedTree(self, answering)
        for command in (
            ask_command(answering),
            *browsing_commands(answering),
            digest_group(answering),
            settings_command(answering),
            *privacy_commands(answering),
        ):
            self.tree.add_command(command)
        for subscribing in subscribing_commands(answering):
            self.tree.add_command(subscribing)

    async def setup_hook(self) -> None:
        """Register the commands; where Discord refuses, those registered before go on working."""
        self.add_view(ContextView(self.answering))
        self.add_dynamic_items(PressedButton, SubscriptionButton)
        self.add_view(PreferencesView(self.answering))
        self.housekeeping.start(self)
        if self.application_id:
            self.announce(invitation(self.application_id))
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
        replies = self.answering.replies
        if self.user is not None and (question := question_in(message, self.user, replies)) is not None:
            await answer_message(message, question, self.answering)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Read a form that was sent, also one from before a restart, and see to what nothing else listens to."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            if (custom_id := str(data["custom_id"])).startswith(f"{PREFIX}:"):
                await self.presses.handle(interaction, custom_id)
                return
        await tell_if_unheard(interaction)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Take the answer back with its question."""
        await take_back(self, [gone.message_id], self.answering)

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the answers back with their questions."""
        await take_back(self, gone.message_ids, self.answering)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot has left a server, which is not the same as one that cannot be reached just now."""
        await self.answering.left(guild.id)

    async def close(self) -> None:
        """Leave Discord."""
        self.housekeeping.stop()
        await super().close()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what an event's handling raised."""
        log.error("event failed", event_name=event_method, exc_info=sys.exc_info())


class ShardedClient(DigestClient, discord.AutoShardedClient):
    """The same over several connections, each for a share of the servers."""


def client_of(answering: Answering, shards: int) -> DigestClient:
    """The client over so many connections."""
    return ShardedClient(answering, shard_count=shards) if shards > 1 else DigestClient(answering)
