"""The discord.py client: events, command registration, invitations and housekeeping."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord.ext import tasks

from bot.discord.browse import browsing_commands
from bot.discord.commands import GuardedTree, answer_unhandled, ask_command
from bot.discord.digest_commands import digest_group
from bot.discord.interactions import ButtonHandler, ContextView, ReplyButton
from bot.discord.messages import answer_message, question_in, take_back
from bot.discord.render import PREFIX
from bot.discord.settings_commands import SettingsView, privacy_commands, settings_command
from bot.discord.subscriptions import SubscriptionButton, subscribing_commands
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping

    from discord import app_commands

    from bot.discord.bot_context import BotContext

COMMAND_KEYS = {
    *("type", "name", "description", "options", "choices", "value", "required", "autocomplete", "channel_types"),
    *("min_length", "max_length", "min_value", "max_value", "name_localizations", "description_localizations"),
    *("default_member_permissions", "contexts", "integration_types", "nsfw", "handler"),
}
"""The keys that a bot sets in commands, options and choices; Discord returns more. ``dm_permission`` is left out,
because it repeats ``contexts``.
"""


async def register(client: discord.Client, tree: app_commands.CommandTree[Any]) -> bool:
    """Register the commands if they differ; return whether they did.

    Raises:
        discord.HTTPException: Discord refuses, or cannot be reached.
    """
    if client.application_id is None:
        raise RuntimeError("commands are registered after the login")
    registered = await client.http.get_global_commands(client.application_id)
    ours = [command.to_dict(tree) for command in tree.get_commands()]
    if comparable(registered) == comparable(ours):
        return False
    await tree.sync()
    log.info("commands registered", commands=len(ours))
    return True


def comparable(commands: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], Any]:
    """Return commands by type and name, without Discord's own keys and defaults."""
    return {(command.get("type", 1), command["name"]): _plain(command) for command in commands}


def _normalised(key: str, value: Any) -> Any:
    if key == "default_member_permissions":
        return None if value is None else str(value)  # a number in discord.py, a string at Discord
    return value if key.endswith("_localizations") else _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        known = {key: _normalised(key, kept) for key, kept in value.items() if key in COMMAND_KEYS}
        return {key: kept for key, kept in known.items() if kept not in (None, "", [], {}) and kept is not False}
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return sorted(items) if all(isinstance(item, int) for item in items) else items
    return value


PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)
"""What the bot needs in a server: to read questions, reply in place or in a thread, and quote in embeds."""

_SERVER, _USER = 0, 1


def invitations(application: int) -> tuple[str, str]:
    """Return the links that install the bot in a server and for a user."""
    server = discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))
    user = discord.utils.oauth_url(application, scopes=("applications.commands",))
    return f"{server}&integration_type={_SERVER}", f"{user}&integration_type={_USER}"


def invitation(application: int) -> str:
    """Both install links, one per line."""
    server, user = invitations(application)
    return f"Add me to a server: {server}\nInstall me for yourself: {user}"


GRACE = 30 * 24 * 3600.0
"""Seconds that a server's pages stay after the bot has left, in case it was removed by mistake."""


class Housekeeping:
    """Removes old replies, and the pages of servers that the bot has left. ``clock`` gives seconds since 1970."""

    def __init__(self, context: BotContext, *, clock: Callable[[], float] = time.time) -> None:
        self._context = context
        self._clock = clock
        self._loop: tasks.Loop[Callable[[], Coroutine[object, object, None]]] | None = None

    def start(self, client: discord.Client) -> None:
        """Run every hour, once the client knows its servers."""

        async def hourly() -> None:
            await client.wait_until_ready()
            try:
                await self.once([guild.id for guild in client.guilds])
            except DigestbotError as error:
                log.error("housekeeping failed", error=type(error).__name__, reason=str(error))

        self._loop = tasks.loop(hours=1)(hourly)
        self._loop.start()

    def stop(self) -> None:
        """Stop the hourly runs."""
        if self._loop is not None:
            self._loop.cancel()

    async def once(self, present: Collection[int]) -> None:
        """Remove what is due; ``present`` are the bot's servers. Raises DigestbotError."""
        await self._context.replies.tidy()
        now, guilds = self._clock(), self._context.guilds.file
        await asyncio.to_thread(guilds.seen, present, now)
        for guild in await asyncio.to_thread(guilds.unseen_since, now - GRACE):
            await asyncio.to_thread(self._remove_pages, guild)
            await self._context.left(guild)  # nobody told the bot while it did not run
            await asyncio.to_thread(guilds.forget, guild)

    def _remove_pages(self, guild: int) -> None:
        assistant = self._context.workers.assistant
        own = [document.id for document in assistant.digests(guild, gone=True) if document.scope == guild]
        for document in own:
            assistant.remove(document)
        log.info("pages of a former server removed", guild=guild, pages=len(own))


log = structlog.get_logger(__name__)

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def tolerant(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """Wrap an event parser to log its errors: in discord.py one odd event ends the whole client."""

    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception:  # the next events are still to be handled
            log.error("event not understood", event_name=name, exc_info=True)

    return parse_or_log


class DigestClient(discord.Client):
    """Answers commands, direct messages and mentions; caches no members and no messages.

    ``connected`` is true once the gateway has accepted it.
    """

    def __init__(self, context: BotContext, **options: Any) -> None:
        """Make the client; ``options`` are those of discord.py that are not set here."""
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        # All but READY: without that the client cannot go on.
        parsers = self._connection.parsers
        parsers.update({name: tolerant(name, parse) for name, parse in parsers.items() if name != "READY"})
        self.context = context
        self.buttons = ButtonHandler(context)
        self.connected = False
        self.announce: Callable[[str], object] = lambda line: None
        self.housekeeping = Housekeeping(context)
        self.tree = GuardedTree(self, context)
        for command in (
            ask_command(context),
            *browsing_commands(context),
            digest_group(context),
            settings_command(context),
            *privacy_commands(context),
            *subscribing_commands(context),
        ):
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Register the commands; if Discord refuses, the earlier ones keep working."""
        self.add_view(ContextView(self.context))
        self.add_dynamic_items(ReplyButton, SubscriptionButton)
        self.add_view(SettingsView(self.context))
        self.housekeeping.start(self)
        if self.application_id:
            self.announce(invitation(self.application_id))
        try:
            await register(self, self.tree)
        except discord.HTTPException as error:
            log.error("commands not registered", status=error.status, code=error.code, reason=error.text)

    async def on_connect(self) -> None:
        """Note that the gateway has accepted the bot."""
        self.connected = True
        log.info("connected", user=str(self.user))

    async def on_resumed(self) -> None:
        """Log that a lost connection has resumed."""
        log.info("resumed")

    async def on_message(self, message: discord.Message) -> None:
        """Answer a question to the bot."""
        replies = self.context.replies
        if self.user is not None and (question := question_in(message, self.user, replies)) is not None:
            await answer_message(message, question, self.context)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Handle forms, also those from before a restart, and controls without a handler."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            if (custom_id := str(data["custom_id"])).startswith(f"{PREFIX}:"):
                await self.buttons.handle(interaction, custom_id)
                return
        await answer_unhandled(interaction)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a deleted question."""
        await take_back(self, [gone.message_id], self.context)

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to deleted questions."""
        await take_back(self, gone.message_ids, self.context)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot has left; one that is only unavailable does not come here."""
        await self.context.left(guild.id)

    async def close(self) -> None:
        """Disconnect."""
        self.housekeeping.stop()
        await super().close()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log the error of an event handler."""
        log.error("event failed", event_name=event_method, exc_info=sys.exc_info())


class ShardedClient(DigestClient, discord.AutoShardedClient):
    """The client over several connections, each for a share of the servers."""


def client_of(context: BotContext, shards: int) -> DigestClient:
    """Make a client with so many connections."""
    return ShardedClient(context, shard_count=shards) if shards > 1 else DigestClient(context)
