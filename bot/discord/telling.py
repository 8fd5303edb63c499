"""Telling: what the user of a menu, a button or a form sees at once, and when it fails."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord
import structlog

from bot.discord.commands import RESPONDED_ALREADY, fill_in
from bot.discord.errors import explain, request_id
from bot.discord.transport import UNSENT, again_if_lost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.discord.commands import Interaction
    from bot.discord.render import Reply

log = structlog.get_logger(__name__)


async def acknowledge_change(interaction: Interaction) -> None:
    """Show that the message with the button will change."""
    try:
        await again_if_lost(interaction.response.defer)
    except discord.HTTPException as error:
        if error.code != RESPONDED_ALREADY:  # which it is where only Discord's answer was lost
            raise


@asynccontextmanager
async def failures_told(interaction: Interaction, via: str, *, changes: bool = False) -> AsyncIterator[None]:
    """Tell the user, and the log, what goes wrong within; nothing is raised out of it.

    Args:
        interaction: what the user did.
        via: a word for the log.
        changes: it is about the message with the button itself, which is then not to be written over.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one place where the errors of menus, buttons and forms end
        told = explain(error, request_id(interaction.id), via=via)
        if told is not None:
            await _tell(interaction, told, changes=changes)


async def _tell(interaction: Interaction, told: Reply, *, changes: bool) -> None:
    """Show a line in the reply that waits, or in a private one; never in place of the reply with the button."""
    try:
        if not interaction.response.is_done():
            try:
                await interaction.response.send_message(told.content, ephemeral=True)
            except discord.HTTPException as error:
                if error.code != RESPONDED_ALREADY:  # which it is where only Discord's answer was lost
                    raise
            else:
                return
        if changes:
            await interaction.followup.send(told.content or "", ephemeral=True)
        else:
            await fill_in(interaction, told)
    except UNSENT as failure:
        log.warning("cannot tell the user", request=request_id(interaction.id), error=str(failure))
