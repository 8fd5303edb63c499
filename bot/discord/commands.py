"""The commands, and the error handler that all of them share."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import structlog
from discord import app_commands

from bot.discord.bot_context import Asked
from bot.discord.errors import EXPIRED, RESTARTED, explain, request_id
from bot.discord.guilds import choices
from bot.discord.render import controls_of, line
from bot.discord.transport import UNSENT, again_if_lost
from bot.query.parser import MAX_CHARACTERS  # noqa: TC001 - discord.py looks the annotation up

if TYPE_CHECKING:
    from bot.discord.bot_context import Answering
    from bot.discord.render import Reply


log = structlog.get_logger(__name__)

Interaction: TypeAlias = discord.Interaction[discord.Client]
RESPONDED_ALREADY = 40060
ONLY_ME = "Show the answer to you alone"
PRIVATE = "private"
UNHEARD = 2.0
"""Seconds; Discord waits three."""
OUTDATED = "That is from an earlier version of me, and does nothing any more. Please ask again."
KINDS = [
    app_commands.Choice(name=name, value=value)
    for name, value in (("Papers", "paper"), ("Jobs", "job"), ("Articles", "article"), ("Figures", "figure"))
]


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands, usable in servers, direct messages and private channels, of servers' and users' installs."""

    def __init__(self, client: discord.Client) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tell the user what went wrong, in the reply that waits or else in a private one."""
        name = interaction.command.qualified_name if interaction.command else None
        await report(interaction, error, command=name)


async def report(interaction: Interaction, error: BaseException, **where: Any) -> None:
    """Log an error, and tell the user in the reply that waits or else in a private one.

    Args:
        interaction: what was being answered.
        error: what that raised.
        where: facts for the log; no words of users or documents.
    """
    told = explain(error, request_id(interaction.id), **where)
    if told is None or interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        await tell(interaction, told)
    except UNSENT as failure:
        log.warning("cannot tell the user", request=request_id(interaction.id), error=str(failure))


async def begin(interaction: Interaction, answering: Answering, *, privately: bool = False) -> int | None:
    """Acknowledge a command as its server wants it; return the scope that it is answered from."""
    scope = scope_of(interaction)
    settings = await answering.settings(scope)
    await acknowledge(interaction, privately=privately or settings.private)
    return scope


async def acknowledge(interaction: Interaction, *, privately: bool = False) -> None:
    """Show that an answer is on its way, to the user alone where it is a private one."""
    interaction.extras[PRIVATE] = privately
    try:
        await again_if_lost(lambda: interaction.response.defer(thinking=True, ephemeral=privately))
    except discord.HTTPException as error:
        if error.code != RESPONDED_ALREADY:  # which it is where only Discord's answer was lost
            raise


async def fill_in(interaction: Interaction, reply: Reply) -> discord.Message:
    """Put the reply where an acknowledged command waits for it; past Discord's quarter of an hour, post it."""
    controls = controls_of(reply)
    try:
        return await again_if_lost(
            lambda: interaction.edit_original_response(content=reply.content, embeds=reply.embeds, view=controls)
        )
    except discord.HTTPException as error:
        if error.code not in EXPIRED:
            raise
    return await post_late(interaction, reply)


async def answer_command(interaction: Interaction, asked: Asked, answering: Answering) -> None:
    """Answer an acknowledged command's question; who replies to the answer goes on from it."""
    try:
        reply = await answering.reply(asked, request_id(interaction.id))
    except asyncio.CancelledError:
        await fill_in(interaction, line(RESTARTED))
        raise
    message = await fill_in(interaction, reply)
    is_met = asked.scope is not None or interaction.guild_id is None  # else its replies are never heard of
    if reply.questions and is_met and not interaction.extras[PRIVATE]:
        answering.replies.keep(message.id, message.channel.id, None, asked.user, reply.questions)


async def tell(interaction: Interaction, told: Reply) -> None:
    """Show a line in the reply that waits, or in a private one where none does."""
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(told.content, ephemeral=True)
        except discord.HTTPException as error:
            if error.code != RESPONDED_ALREADY:
                raise
        else:
            return
    await fill_in(interaction, told)


async def post_late(interaction: Interaction, reply: Reply) -> discord.Message:
    """Post a reply for which the command waits no longer: where it was used, or else to the user alone."""
    if not interaction.extras.get(PRIVATE) and interaction.channel_id is not None:
        channel = interaction.client.get_partial_messageable(interaction.channel_id, guild_id=interaction.guild_id)
        with contextlib.suppress(*UNSENT):
            return await channel.send(reply.content, embeds=reply.embeds, nonce=interaction.id)
    return await interaction.user.send(reply.content, embeds=reply.embeds, nonce=interaction.id)


async def tell_if_unheard(interaction: Interaction) -> None:
    """Tell who uses a button, a menu or a form that nothing listens to any more: what does acknowledges sooner."""
    if interaction.type not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
        return
    await asyncio.sleep(UNHEARD)
    if not interaction.response.is_done():
        log.info("nothing listens", request=request_id(interaction.id))
        with contextlib.suppress(*UNSENT, discord.InteractionResponded):
            await interaction.response.send_message(OUTDATED, ephemeral=True)


def scope_of(interaction: Interaction) -> int | None:
    """The server whose digests a question may see: one that has the bot, not one where only the user has it."""
    if interaction.guild_id is None:
        return None
    present = interaction.is_guild_integration() or interaction.client.get_guild(interaction.guild_id) is not None
    return interaction.guild_id if present else None


def ask_command(answering: Answering) -> app_commands.Command[Any, ..., None]:
    """``/ask``: acknowledged before anything else, then the reply is edited in."""

    @app_commands.command(name="ask", description="Ask the digests; the answer quotes them.")
    @app_commands.describe(
        question="What do you want to know?",
        kind="Look at entries of this kind only",
        digest="Look into this digest only",
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
        scope = await begin(interaction, answering, privately=only_me)
        where = (interaction.channel_id or 0, interaction.user.id, scope)
        asked = Asked(question, *where, kind, digest, interaction.extras[PRIVATE])
        await answer_command(interaction, asked, answering)

    @ask.autocomplete("digest")
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await answering.desk.digests(scope_of(interaction)), typed)

    return ask


ASK_NOTHING = {
    *("help", "privacy", "forget me", "settings", "digests", "digest list", "digest remove"),
    *("subscribe", "subscriptions", "unsubscribe"),
}
"""Commands that cost little; all others count as questions."""
TOO_MUCH = "One moment, please: that was a lot at once."


class GuardedTree(Tree):
    """The commands, each let through only where its user and server have asked little enough."""

    def __init__(self, client: discord.Client, answering: Answering) -> None:
        super().__init__(client)
        self._answering = answering

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let a command through, or tell the user alone how long it has to wait."""
        try:
            return await admitted(interaction, self._answering)
        except Exception as error:  # noqa: BLE001 - discord.py hands only its own errors on from here
            await report(interaction, error, via="admission")
            return False


async def admitted(interaction: Interaction, answering: Answering) -> bool:
    """Whether an interaction is let through; where it is not, it has been answered."""
    if not _asks(interaction):
        if answering.cooldown.touch(interaction.user.id):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await interaction.response.send_message(TOO_MUCH, ephemeral=True)
        return False
    scope = scope_of(interaction)
    settings = await answering.settings(scope)
    wait = answering.cooldown.ask(interaction.user.id, scope, settings.quota)
    if wait is not None:
        await interaction.response.send_message(wait.line, ephemeral=True)
    return wait is None


def _asks(interaction: Interaction) -> bool:
    if interaction.type is not discord.InteractionType.application_command:
        return False
    return interaction.command is None or interaction.command.qualified_name not in ASK_NOTHING
