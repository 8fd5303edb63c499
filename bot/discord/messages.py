"""Messages: which of them are questions to the bot, and how they are answered."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.discord.bot_context import UserQuestion
from bot.discord.errors import RESTARTED, explain, request_id
from bot.discord.markdown import label
from bot.discord.render import controls_of, line
from bot.discord.transport import UNSENT, again_if_lost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from bot.discord.bot_context import BotContext
    from bot.discord.conversations import Replies
    from bot.discord.render import Reply
    from bot.state.answers import StoredReply
    from bot.state.guilds import GuildSettings


NAME = 90
QUIET_MINUTES: Final = 1440
"""After which Discord puts a thread away."""


def is_channel_enabled(message: discord.Message, settings: GuildSettings) -> bool:
    """Whether a server wants a message to be answered in the channel that it stands in, or its thread's."""
    parent = getattr(message.channel, "parent_id", None)
    return not settings.channels or not settings.channels.isdisjoint({message.channel.id, parent})


async def reply_channel(
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


log = structlog.get_logger(__name__)

SAID_BY_USERS = {discord.MessageType.default, discord.MessageType.reply}
TYPING_AGAIN = 8.0
"""Seconds; Discord shows it for ten."""
CLOSED = (
    "I may not write where you asked me, so my answer could not be posted. Ask me here, or ask an admin of the "
    "server to let me send messages there."
)


def question_in(message: discord.Message, me: discord.ClientUser, replies: Replies) -> str | None:
    """The question that a message puts to the bot, without its mention; None where it puts none.

    Direct messages are questions, and messages that mention the bot itself, by a reply that rings it, too; and
    replies to an answer where Discord tells what they say. Other bots, webhooks, Discord's own notices and calls
    to everyone are not.
    """
    if message.author.bot or message.webhook_id or message.type not in SAID_BY_USERS:
        return None
    if server_of(message) is not None:
        goes_on = message.content and answer_of(message, replies) is not None
        if message.mention_everyone or not (goes_on or me in message.mentions):
            return None
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()


def server_of(message: discord.Message) -> int | None:
    """The server that a message stands in, even one that the gateway has not told of; None in direct messages."""
    if isinstance(message.channel, discord.PartialMessageable):
        return message.channel.guild_id
    return message.guild.id if message.guild else None


def answer_of(message: discord.Message, replies: Replies) -> StoredReply | None:
    """The answer that a message replies to, where it is one of the last day."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None
    return replies.of(reference.message_id, message.channel.id)


async def answer_message(message: discord.Message, question: str, context: BotContext) -> None:
    """Answer a message, with a reference to it; the bot is seen typing until then."""
    request = request_id(message.id)
    try:
        with context.replies.under_way(message.id) as is_gone:
            await _answer(message, question, context, request, is_gone)
    except asyncio.CancelledError:
        with contextlib.suppress(*UNSENT):
            await post(message, line(RESTARTED), context)
        raise
    except Exception as error:  # noqa: BLE001 - the one place where a message's errors end
        told = explain(error, request, via="message")
        try:
            if told is not None:
                await post(message, told, context)
            elif isinstance(error, discord.Forbidden) and server_of(message) is not None:
                await message.author.send(CLOSED)
        except UNSENT as failure:
            log.warning("cannot tell the user", request=request, error=str(failure))


async def _answer(
    message: discord.Message, question: str, context: BotContext, request: str, is_gone: Callable[[], bool]
) -> None:
    scope, user = server_of(message), message.author.id
    settings = await context.settings(scope)
    if not is_channel_enabled(message, settings):
        return
    wait = context.cooldown.ask(user, scope, settings.quota)
    if wait is not None:
        if context.cooldown.is_news(wait):  # said once: nobody makes the bot post more by asking more
            await post(message, line(wait.line), context)
        return
    replied = answer_of(message, context.replies)
    place = await reply_channel(message, question, settings)
    asked = UserQuestion(question, place.id, user, scope, after=replied.questions or None if replied else None)
    async with typing(place):
        reply = await context.reply(asked, request)
    if is_gone():
        await context.take_back(user, place.id, question)
        return
    posted = await post(message, reply, context, place)
    if is_gone():
        context.replies.deleted(message.id)
        await posted.delete()
        await context.take_back(user, place.id, question)


async def post(
    message: discord.Message,
    reply: Reply,
    context: BotContext,
    place: discord.abc.MessageableChannel | None = None,
) -> discord.Message:
    """Post a reply, which goes when the message goes.

    The nonce keeps Discord from posting it twice when a request has to be repeated.
    """
    controls, here = controls_of(reply), place is None or place.id == message.channel.id
    channel = place or message.channel
    posted = await again_if_lost(
        lambda: channel.send(
            reply.content,
            embeds=reply.embeds,
            view=controls,  # type: ignore[arg-type]
            reference=message.to_reference(fail_if_not_exists=False) if here else None,  # type: ignore[arg-type]
            mention_author=False,
            nonce=message.id,
        )
    )
    context.replies.keep(posted.id, channel.id, message.id, message.author.id, reply.questions)
    return posted


async def take_back(client: discord.Client, messages: Iterable[int], context: BotContext) -> None:
    """Delete the answers to messages that were deleted, and what is kept of them."""
    for message in messages:
        kept = context.replies.deleted(message)
        if kept is None:
            continue
        answer = client.get_partial_messageable(kept.channel).get_partial_message(kept.reply)
        try:
            await again_if_lost(answer.delete)
            log.info("answer taken back", reply=kept.reply)
        except UNSENT as error:
            log.warning("answer not taken back", reply=kept.reply, error=str(error))
        if kept.questions:
            await context.take_back(kept.user, kept.channel, kept.questions[-1])


@contextlib.asynccontextmanager
async def typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Be seen typing; at its side, for it may wait for Discord's rate limit, or not be allowed."""

    async def once() -> bool:
        with contextlib.suppress(*UNSENT):
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
