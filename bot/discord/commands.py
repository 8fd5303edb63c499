"""The command tree, ``/ask``, and what all commands share: acknowledging, replying, limits and errors."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import structlog
from discord import app_commands

from bot.discord.bot_context import UserQuestion
from bot.discord.errors import EXPIRED, RESTARTED, explain, request_id
from bot.discord.guilds import choices
from bot.discord.render import controls_of, line
from bot.discord.transport import UNSENT, again_if_lost
from bot.query.parser import MAX_CHARACTERS  # noqa: TC001 - discord.py looks the annotation up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.discord.bot_context import BotContext
    from bot.discord.render import Reply

log = structlog.get_logger(__name__)

Interaction: TypeAlias = discord.Interaction[discord.Client]
RESPONDED_ALREADY = 40060
ONLY_ME = "Show the answer to you alone"
PRIVATE = "private"
UNHANDLED_SECONDS = 2.0
"""Discord waits three."""
OUTDATED = "This control is out of date. Please ask again."
KINDS = [
    app_commands.Choice(name=name, value=value)
    for name, value in (("Papers", "paper"), ("Jobs", "job"), ("Articles", "article"), ("Figures", "figure"))
]


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands, for servers, direct messages and private channels, installed by servers or users."""

    def __init__(self, client: discord.Client) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Report an error to the user and the log."""
        name = interaction.command.qualified_name if interaction.command else None
        await report(interaction, error, command=name)


async def report(interaction: Interaction, error: BaseException, *, beside: bool = False, **where: Any) -> None:
    """Log an error and tell the user; see ``tell`` for ``beside``.

    ``where`` holds facts for the log, but no words of users or documents.
    """
    reply = explain(error, request_id(interaction.id), **where)
    if reply is None or interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        await tell(interaction, reply, beside=beside)
    except UNSENT as failure:
        log.warning("cannot tell the user", request=request_id(interaction.id), error=str(failure))


async def begin(interaction: Interaction, context: BotContext, *, privately: bool = False) -> int | None:
    """Acknowledge a command, privately if its server wants that; return its scope."""
    scope = scope_of(interaction)
    settings = await context.settings(scope)
    await acknowledge(interaction, privately=privately or settings.private)
    return scope


async def acknowledge(interaction: Interaction, *, privately: bool = False) -> None:
    """Show that an answer is on its way, to the user alone if it is private."""
    interaction.extras[PRIVATE] = privately
    with acknowledged_once():
        await again_if_lost(lambda: interaction.response.defer(thinking=True, ephemeral=privately))


@contextlib.contextmanager
def acknowledged_once() -> Iterator[None]:
    """Ignore that an interaction was acknowledged before: a repeated request whose first answer was lost."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code != RESPONDED_ALREADY:
            raise


async def fill_in(interaction: Interaction, reply: Reply) -> discord.Message:
    """Fill in the reply of an acknowledged interaction; after Discord's 15 minutes post it instead."""
    controls = controls_of(reply)
    try:
        return await again_if_lost(
            lambda: interaction.edit_original_response(content=reply.content, embeds=reply.embeds, view=controls)
        )
    except discord.HTTPException as error:
        if error.code not in EXPIRED:
            raise
    return await post_late(interaction, reply)


async def answer_command(interaction: Interaction, asked: UserQuestion, context: BotContext) -> None:
    """Answer an acknowledged command's question, and remember the reply for follow-ups."""
    try:
        reply = await context.reply(asked, request_id(interaction.id))
    except asyncio.CancelledError:
        await fill_in(interaction, line(RESTARTED))
        raise
    message = await fill_in(interaction, reply)
    is_seen = asked.scope is not None or interaction.guild_id is None  # else the bot sees no replies to it
    if reply.questions and is_seen and not interaction.extras[PRIVATE]:
        context.replies.keep(message.id, message.channel.id, None, asked.user, reply.questions)


async def tell(interaction: Interaction, reply: Reply, *, beside: bool = False) -> None:
    """Show a line in the pending reply, or in a private one; ``beside`` keeps the pending reply as it is."""
    if not interaction.response.is_done():
        with acknowledged_once():
            await interaction.response.send_message(reply.content, ephemeral=True)
            return
    if beside:
        await interaction.followup.send(reply.content or "", ephemeral=True)
    else:
        await fill_in(interaction, reply)


async def post_late(interaction: Interaction, reply: Reply) -> discord.Message:
    """Post a reply to an expired command: in its channel, or else to the user."""
    if not interaction.extras.get(PRIVATE) and interaction.channel_id is not None:
        channel = interaction.client.get_partial_messageable(interaction.channel_id, guild_id=interaction.guild_id)
        with contextlib.suppress(*UNSENT):
            return await channel.send(reply.content, embeds=reply.embeds, nonce=interaction.id)
    return await interaction.user.send(reply.content, embeds=reply.embeds, nonce=interaction.id)


async def answer_unhandled(interaction: Interaction) -> None:
    """Answer a button, menu or form without a handler; handlers acknowledge sooner than this waits."""
    if interaction.type not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
        return
    await asyncio.sleep(UNHANDLED_SECONDS)
    if not interaction.response.is_done():
        log.info("no handler", request=request_id(interaction.id))
        with contextlib.suppress(*UNSENT, discord.InteractionResponded):
            await interaction.response.send_message(OUTDATED, ephemeral=True)


def scope_of(interaction: Interaction) -> int | None:
    """Return the server whose digests a question may see: only one that the bot is a member of."""
    if interaction.guild_id is None:
        return None
    present = interaction.is_guild_integration() or interaction.client.get_guild(interaction.guild_id) is not None
    return interaction.guild_id if present else None


def ask_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/ask``: acknowledges first, then edits the answer in."""

    @app_commands.command(name="ask", description="Ask the digests; the answer quotes them.")
    @app_commands.describe(
        question="What do you want to know?",
        kind="Only entries of this kind",
        digest="Only this digest",
        only_me=ONLY_ME,
    )
    @app_commands.choices(kind=KINDS)
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, MAX_CHARACTERS],
        kind: str | None = None,
        digest: str | None = None,
        only_me: bool = False,
    ) -> None:
        scope = await begin(interaction, context, privately=only_me)
        where = (interaction.channel_id or 0, interaction.user.id, scope)
        asked = UserQuestion(question, *where, kind, digest, interaction.extras[PRIVATE])
        await answer_command(interaction, asked, context)

    @ask.autocomplete("digest")
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await context.workers.digests(scope_of(interaction)), typed)

    return ask


ASK_NOTHING = {
    *("help", "privacy", "forget me", "settings", "digests", "digest list", "digest remove"),
    *("subscribe", "subscriptions", "unsubscribe"),
}
"""Commands that cost little; all others count as questions."""
TOO_MUCH = "One moment, please: that was a lot at once."


class GuardedTree(Tree):
    """Lets commands through only within the limits of their user and server."""

    def __init__(self, client: discord.Client, context: BotContext) -> None:
        super().__init__(client)
        self._context = context

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let a command through, or tell the user how long to wait."""
        try:
            return await admitted(interaction, self._context)
        except Exception as error:  # noqa: BLE001 - discord.py hands only its own errors on from here
            await report(interaction, error, via="admission")
            return False


async def admitted(interaction: Interaction, context: BotContext) -> bool:
    """Return whether an interaction is within the limits; if not, answer it."""
    if not _asks(interaction):
        if context.cooldown.touch(interaction.user.id):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await interaction.response.send_message(TOO_MUCH, ephemeral=True)
        return False
    scope = scope_of(interaction)
    settings = await context.settings(scope)
    wait = context.cooldown.ask(interaction.user.id, scope, settings.quota)
    if wait is not None:
        await interaction.response.send_message(wait.line, ephemeral=True)
    return wait is None


def _asks(interaction: Interaction) -> bool:
    if interaction.type is not discord.InteractionType.application_command:
        return False
    return interaction.command is None or interaction.command.qualified_name not in ASK_NOTHING
