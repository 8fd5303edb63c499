"""Messages: which of them are questions to the bot, and how they are answered."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.discord.answering import Asked
from bot.discord.buttons import controls_of
from bot.discord.errors import explain, request_id
from bot.discord.transport import again_if_lost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.discord.answering import Answering
    from bot.discord.render import Reply

log = structlog.get_logger(__name__)

SAID_BY_USERS = {discord.MessageType.default, discord.MessageType.reply}
TYPING_AGAIN = 8.0
"""Seconds; Discord shows it for ten."""
UNREACHABLE = (discord.HTTPException, aiohttp.ClientError, OSError)


def question_in(message: discord.Message, me: discord.ClientUser) -> str | None:
    """The question that a message puts to the bot, without its mention; None where it puts none.

    Direct messages are questions, and messages that mention the bot itself. Other bots, webhooks, Discord's own
    notices and calls to everyone are not.
    """
    if message.author.bot or message.webhook_id or message.type not in SAID_BY_USERS:
        return None
    if server_of(message) is not None and (message.mention_everyone or me not in message.mentions):
        return None
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()


def server_of(message: discord.Message) -> int | None:
    """The server that a message stands in, even one that the gateway has not told of; None in direct messages."""
    if isinstance(message.channel, discord.PartialMessageable):
        return message.channel.guild_id
    return message.guild.id if message.guild else None


async def answer_message(message: discord.Message, question: str, answering: Answering) -> None:
    """Answer a message in its channel, with a reference to it; the bot is seen typing until then."""
    request = request_id(message.id)
    asked = Asked(question, message.channel.id, message.author.id, server_of(message))
    reply: Reply | None
    try:
        async with typing(message.channel):
            reply = await answering.reply(asked, request)
        await send(message, reply)
    except Exception as error:  # noqa: BLE001 - the one place where a message's errors end
        if (reply := explain(error, request, via="message")) is not None:
            with contextlib.suppress(*UNREACHABLE):
                await send(message, reply)


async def send(message: discord.Message, reply: Reply) -> None:
    """Post a reply; the nonce keeps Discord from posting it twice when a request has to be repeated."""
    controls = controls_of(reply)
    await again_if_lost(
        lambda: message.channel.send(
            reply.content,
            embeds=reply.embeds,
            view=controls,  # type: ignore[arg-type]
            reference=message.to_reference(fail_if_not_exists=False),
            mention_author=False,
            nonce=message.id,
        )
    )


@contextlib.asynccontextmanager
async def typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Be seen typing; at its side, for it may wait for Discord's rate limit, or not be allowed."""

    async def once() -> bool:
        with contextlib.suppress(*UNREACHABLE):
            await channel.typing()
            return True
        return False

    async def keep_on() -> None:
        # Shielded: cancelled in a wait for the limit on the whole bot, a request leaves discord.py believing in
        # that limit for ever, and no message is sent any more.
        seen = await asyncio.shield(once())
        while seen:
            await asyncio.sleep(TYPING_AGAIN)
            seen = await asyncio.shield(once())

    task = asyncio.create_task(keep_on())
    try:
        yield
    finally:
        task.cancel()
