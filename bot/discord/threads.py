"""Threads and channels: where a server wants mentions to be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.discord.inert import label
from bot.discord.transport import UNSENT

if TYPE_CHECKING:
    from bot.state.guilds import GuildSettings

log = structlog.get_logger(__name__)

NAME = 90
QUIET_MINUTES: Final = 1440
"""After which Discord puts a thread away."""


def is_heard(message: discord.Message, settings: GuildSettings) -> bool:
    """Whether a server wants a message to be answered in the channel that it stands in, or its thread's."""
    parent = getattr(message.channel, "parent_id", None)
    return not settings.channels or not settings.channels.isdisjoint({message.channel.id, parent})


async def place_for(
    message: discord.Message, question: str, settings: GuildSettings
) -> discord.abc.MessageableChannel:
    """Where a message is answered: in a new thread where the server wants that and the bot may, or else in place.

    What stands in a thread, and what replies to a message, is answered where it is.
    """
    wanted = settings.threads and question and message.type is not discord.MessageType.reply
    if not wanted or not isinstance(message.channel, discord.TextChannel) or message.guild is None:
        return message.channel
    if not message.channel.permissions_for(message.guild.me).create_public_threads:
        return message.channel
    try:
        name = label(question, NAME) or "Question"
        return await message.create_thread(name=name, auto_archive_duration=QUIET_MINUTES)
    except UNSENT as error:
        log.info("no thread opened", error=type(error).__name__, code=getattr(error, "code", None))
        return message.channel
