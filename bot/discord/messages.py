"""Finds the questions among messages, and answers them with a reply or in a thread."""

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
"""Minutes of silence after which Discord archives a thread."""


def is_channel_enabled(message: discord.Message, settings: GuildSettings) -> bool:
    """Whether the server's settings allow answers in the message's channel, or in its thread's parent."""
    parent = getattr(message.channel, "parent_id", None)
    return not settings.channels or not settings.channels.isdisjoint({message.channel.id, parent})


async def reply_channel(
    message: discord.Message, question: str, settings: GuildSettings
) -> discord.abc.MessageableChannel:
    """Return the channel for the answer: a new thread if the server wants one and the bot may open it.

    Replies, and messages in threads, are answered in place.
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
"""Seconds; Discord shows typing for ten."""
CLOSED = "I am not allowed to post where you asked me. Ask me here, or ask a server admin to let me write there."


def question_in(message: discord.Message, me: discord.ClientUser, replies: Replies) -> str | None:
    """Return the question in a message, without the mention; None if it asks the bot nothing.

    Questions are direct messages, messages that mention the bot (also by a reply that pings it), and replies to an
    answer if Discord gives their text. Messages of bots and webhooks, system messages and @everyone are not.
    """
    if message.author.bot or message.webhook_id or message.type not in SAID_BY_USERS:
        return None
    if server_of(message) is not None:
        goes_on = message.content and answer_of(message, replies) is not None
        if message.mention_everyone or not (goes_on or me in message.mentions):
            return None
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()


def server_of(message: discord.Message) -> int | None:
    """Return the message's server, even if the gateway has not announced it; None in direct messages."""
    if isinstance(message.channel, discord.PartialMessageable):
        return message.channel.guild_id
    return message.guild.id if message.guild else None


def answer_of(message: discord.Message, replies: Replies) -> StoredReply | None:
    """Return the answer of the last day that a message replies to."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None
    return replies.of(reference.message_id, message.channel.id)


async def answer_message(message: discord.Message, question: str, context: BotContext) -> None:
    """Answer a message with a reference to it; the bot shows as typing until then."""
    request = request_id(message.id)
    try:
        with context.replies.under_way(message.id) as is_gone:
            await _answer(message, question, context, request, is_gone)
    except asyncio.CancelledError:
        with contextlib.suppress(*UNSENT):
            await post(message, line(RESTARTED), context)
        raise
    except Exception as error:  # noqa: BLE001 - the one place where a message's errors end
        reply = explain(error, request, via="message")
        try:
            if reply is not None:
                await post(message, reply, context)
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
        if context.cooldown.should_announce(wait):  # once: asking more must not make the bot post more
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
    """Post a reply, which is deleted with the message; the nonce keeps a repeated request from posting twice."""
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
    """Delete the answers to deleted messages, and what is stored about them."""
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
    """Show as typing, in a task of its own: the request may wait for a rate limit, or be forbidden."""

    async def once() -> bool:
        with contextlib.suppress(*UNSENT):
            await channel.typing()
            return True
        return False

    async def keep_on() -> None:
        # Shielded: if a request is cancelled while it waits for the global rate limit, discord.py keeps that limit
        # for ever and sends no more messages.
        seen = await asyncio.shield(once())
        while seen:
            await asyncio.sleep(TYPING_AGAIN)
            seen = await asyncio.shield(once())

    task = asyncio.create_task(keep_on())
    try:
        yield
    finally:
        task.cancel()
