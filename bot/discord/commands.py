"""The commands, and the error handler that all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.discord.answering import Asked
from bot.discord.buttons import controls_of
from bot.discord.digests import choices
from bot.discord.errors import explain, request_id
from bot.discord.transport import again_if_lost
from bot.understanding import MAX_CHARACTERS  # noqa: TC001 - discord.py looks the annotation up

if TYPE_CHECKING:
    from bot.discord.answering import Answering
    from bot.discord.render import Reply

log = structlog.get_logger(__name__)

Interaction: TypeAlias = discord.Interaction[discord.Client]
RESPONDED_ALREADY = 40060
ONLY_ME = "Show the answer to you alone"
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
        told = explain(error, request_id(interaction.id), command=name)
        if told is None or interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            await tell(interaction, told)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
            log.warning("cannot tell the user", request=request_id(interaction.id), error=str(failure))


async def acknowledge(interaction: Interaction, *, privately: bool = False) -> None:
    """Show that an answer is on its way, to the user alone where it is a private one."""
    try:
        await again_if_lost(lambda: interaction.response.defer(thinking=True, ephemeral=privately))
    except discord.HTTPException as error:
        if error.code != RESPONDED_ALREADY:  # which it is where only Discord's answer was lost
            raise


async def fill_in(interaction: Interaction, reply: Reply) -> None:
    """Put the reply where an acknowledged command waits for it."""
    controls = controls_of(reply)
    await again_if_lost(
        lambda: interaction.edit_original_response(content=reply.content, embeds=reply.embeds, view=controls)
    )


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
    await interaction.edit_original_response(content=told.content, embeds=[])


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
        await acknowledge(interaction, privately=only_me)
        where = (interaction.channel_id or 0, interaction.user.id, scope_of(interaction))
        asked = Asked(question, *where, kind, digest, only_me)
        reply = await answering.reply(asked, request_id(interaction.id))
        await fill_in(interaction, reply)

    @ask.autocomplete("digest")
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await answering.desk.digests(scope_of(interaction)), typed)

    return ask
