"""``/subscribe``, ``/subscriptions`` and ``/unsubscribe``: queries that stand, and the buttons that end them."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Literal, Self

import discord
from discord import app_commands

from bot.discord.commands import acknowledge, admitted, fill_in, scope_of
from bot.discord.interactions import acknowledge_change, failures_told
from bot.discord.markdown import inert, label
from bot.discord.render import citation_embeds, line
from bot.discord.transport import again_if_lost
from bot.query.parser import check
from bot.state.subscriptions import Pause, Subscription
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Citation
    from bot.discord.bot_context import Answering
    from bot.discord.commands import Interaction
    from bot.state.deliveries import Parcel
    from bot.state.subscriptions import Subscriptions


MOST_SHOWN = 5
"""Entries that are quoted in one message; the others are counted."""
PREFIX = "digestbot-subscription"
"""Unlike that of the buttons under replies, which would be taken for one of them."""
BUTTON = re.compile(rf"{PREFIX}:(?P<act>end|take|resume):(?P<id>\d{{1,18}})(?::(?P<name>[0-9a-f]{{16}}))?")
QUERY = 300


def message_of(
    subscription: Subscription, parcel: Parcel, cited: Sequence[Citation], standing: int
) -> dict[str, Any]:
    """What is sent: a line, the entries as an answer would show them, how many there are besides, and the button.

    Args:
        subscription: whose news it is.
        parcel: what is told.
        cited: the first of it.
        standing: how many of its entries stand in the corpus.
    """
    embeds = citation_embeds(cited)
    more = standing - len(embeds)
    lines = [f"New in the digests for “{inert(label(subscription.query, QUERY))}”:"]
    if more > 0:
        lines.append(f"-# and {more} more: ask me for them with `/ask`.")
    view = discord.ui.View(timeout=None)
    view.add_item(button("Unsubscribe", "end", subscription.id, parcel.name))
    view.stop()  # discord.py need not keep it: the buttons say themselves what they are for
    return {"content": "\n".join(lines), "embeds": embeds, "view": view}


def button(text: str, act: str, subscription: int, name: str | None = None) -> discord.ui.Button[discord.ui.View]:
    """A button that does something to a subscription, also after a restart."""
    custom_id = f"{PREFIX}:{act}:{subscription}" + (f":{name}" if name else "")
    return discord.ui.Button(label=label(text, 80), style=discord.ButtonStyle.secondary, custom_id=custom_id)


def carries(message: discord.Message, parcel: Parcel) -> bool:
    """Whether a message is the one that a parcel was sent as."""
    return f":{parcel.name}" in "".join(
        part.custom_id or ""
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for part in row.children
        if isinstance(part, discord.Button)
    )


MOST_OFFERED = 25
LENGTH = 100
NONE_YET = "You have no subscriptions. `/subscribe` lets me tell you when something new comes in."
WHY = {
    Pause.CLOSED: "paused: you take no direct messages from me. Allow them, then press Resume",
    Pause.GONE: "paused: its channel is gone",
    Pause.BARRED: "paused: I may not write in its channel. Allow it, then press Resume",
    Pause.REFUSED: "paused: Discord did not take the message. Press Resume to try again",
}


def subscribing_commands(answering: Answering) -> list[app_commands.Command[Any, ..., None]]:
    """``/subscribe``, ``/subscriptions`` and ``/unsubscribe``."""
    return [subscribe_command(answering), subscriptions_command(answering), unsubscribe_command(answering)]


def subscribe_command(answering: Answering) -> app_commands.Command[Any, ..., None]:
    """``/subscribe``: a query that stands, told in direct messages or, by who may tidy it up, in this channel."""

    @app_commands.command(name="subscribe", description="Be told when something new comes into the digests.")
    @app_commands.describe(
        query="What about? For example: papers on bandits, openings in Spain",
        where="In your direct messages, or here in this channel for everybody",
    )
    async def subscribe(
        interaction: Interaction,
        query: app_commands.Range[str, 1, QUERY],
        where: Literal["dm", "here"] = "dm",
    ) -> None:
        await acknowledge(interaction, privately=True)
        asked = check(query)
        server, channel = _channel_of(interaction) if where == "here" else (None, None)
        moment = await asyncio.to_thread(answering.desk.assistant.matching.now)
        made = await asyncio.to_thread(
            answering.subscriptions.add, interaction.user.id, server, channel, asked, moment.entry
        )
        told = "here" if made.channel else "in your direct messages"
        own = made.channel is None and interaction.guild_id is not None
        note = " Pages that this server added itself stay in it: for those choose “here”." * own
        await fill_in(
            interaction, line(f"When something new on “{made.query}” comes in, I will say so {told}.{note}")
        )

    return subscribe


def subscriptions_command(answering: Answering) -> app_commands.Command[Any, ..., None]:
    """``/subscriptions``: the user's own, told to them alone, each with a button that takes it out."""

    @app_commands.command(name="subscriptions", description="What I tell you of when it comes in.")
    async def subscriptions(interaction: Interaction) -> None:
        await acknowledge(interaction, privately=True)
        own = await asyncio.to_thread(answering.subscriptions.of_user, interaction.user.id)
        await again_if_lost(lambda: interaction.edit_original_response(content=listed(own), view=buttons_of(own)))

    return subscriptions


def unsubscribe_command(answering: Answering) -> app_commands.Command[Any, ..., None]:
    """``/unsubscribe``: takes out one of the user's own or, for who may tidy it up, one of this channel's."""

    @app_commands.command(name="unsubscribe", description="Be told no more of something.")
    @app_commands.describe(subscription="Which one")
    async def unsubscribe(interaction: Interaction, subscription: app_commands.Range[str, 1, LENGTH]) -> None:
        await acknowledge(interaction, privately=True)
        offered = {str(each.id): each for each in await _removable(interaction, answering)}
        if subscription not in offered:
            raise NotFoundError("You have no such subscription. Pick one from the list as you type.")
        await asyncio.to_thread(answering.subscriptions.remove, offered[subscription].id)
        await fill_in(interaction, line(f"I will say no more of “{offered[subscription].query}”."))

    @unsubscribe.autocomplete("subscription")
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        fitting = [e for e in await _removable(interaction, answering) if typed.casefold() in e.query.casefold()]
        return [
            app_commands.Choice(
                name=label(f"{each.query} ({_place(each)})", LENGTH),
                value=str(each.id),
            )
            for each in fitting[:MOST_OFFERED]
        ]

    return unsubscribe


class SubscriptionButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=BUTTON):
    """A button under news ("end") or under the list ("take", "resume"), of before a restart too."""

    def __init__(self, act: str, subscription: int, name: str | None) -> None:
        super().__init__(button("-", act, subscription, name))
        self.act, self.subscription = act, subscription

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(match["act"], int(match["id"]), match["name"])

    async def callback(self, interaction: Interaction) -> None:
        """Do it, where the one who pressed may."""
        async with failures_told(interaction, "subscription", changes=self.act != "end"):
            if not await admitted(interaction, _answering(interaction)):
                return
            await (self._end(interaction) if self.act == "end" else self._change(interaction))

    async def _end(self, interaction: Interaction) -> None:
        kept = _kept(interaction)
        await acknowledge(interaction, privately=True)
        found = await asyncio.to_thread(kept.get, self.subscription)
        if not _may_remove(interaction, found):
            raise DigestbotError("Only who made this subscription, or who may manage messages here, can end it.")
        await asyncio.to_thread(kept.remove, found.id)
        await fill_in(interaction, line(f"I will say no more of “{found.query}”."))

    async def _change(self, interaction: Interaction) -> None:
        kept = _kept(interaction)
        await acknowledge_change(interaction)
        own = await asyncio.to_thread(kept.of_user, interaction.user.id)
        if any(each.id == self.subscription for each in own):
            await asyncio.to_thread(kept.remove if self.act == "take" else kept.resume, self.subscription)
            own = await asyncio.to_thread(kept.of_user, interaction.user.id)
        await again_if_lost(lambda: interaction.edit_original_response(content=listed(own), view=buttons_of(own)))


def _answering(interaction: Interaction) -> Answering:
    answering: Answering = interaction.client.answering  # type: ignore[attr-defined]
    return answering


def _kept(interaction: Interaction) -> Subscriptions:
    return _answering(interaction).subscriptions


def listed(own: list[Subscription]) -> str:
    """Subscriptions, numbered, with where they are told and why not."""
    lines = []
    for number, each in enumerate(own, 1):
        why = f"\n-# {WHY[each.paused]}" if each.paused else ""
        lines.append(f"**{number}.** {inert(label(each.query, 100))} · {_where(each)}{why}")
    return "\n".join(lines) or NONE_YET


def buttons_of(own: list[Subscription]) -> discord.ui.View | None:
    """For each subscription a button that takes it out, and one that resumes it where it is paused."""
    if not own:
        return None
    view = discord.ui.View(timeout=None)
    for number, each in enumerate(own, 1):
        view.add_item(button(f"Remove {number}", "take", each.id))
        if each.paused:
            view.add_item(button(f"Resume {number}", "resume", each.id))
    view.stop()
    return view


def _where(subscription: Subscription) -> str:
    return f"in <#{subscription.channel}>" if subscription.channel else "in direct messages"


def _place(subscription: Subscription) -> str:
    """The same where Discord shows no names of channels."""
    return "in a channel" if subscription.channel else "in direct messages"


def _channel_of(interaction: Interaction) -> tuple[int | None, int | None]:
    """The server and the channel for "here"; neither in direct messages with the bot, which are "here" there.

    Who may manage messages may let the bot post: who can tidy a channel up can also answer for what is told there.

    Raises:
        DigestbotError: the user may not, or the bot is not there or may not write.
    """
    if interaction.guild_id is None and interaction.context.dm_channel:
        return None, None
    server = scope_of(interaction)
    if server is None:
        raise DigestbotError("I can only tell you here where I am a member. Choose where: dm instead.")
    if not interaction.permissions.manage_messages:
        raise DigestbotError("Only who may manage messages here can let me post here. Choose where: dm instead.")
    allowed = interaction.app_permissions
    may_write = allowed.send_messages_in_threads if _in_thread(interaction) else allowed.send_messages
    if not (may_write and allowed.view_channel and allowed.embed_links):
        raise DigestbotError(
            "I may not write or embed links in this channel. Ask who manages the server to allow it."
        )
    return server, interaction.channel_id


def _in_thread(interaction: Interaction) -> bool:
    return isinstance(interaction.channel, discord.Thread)


def _may_remove(interaction: Interaction, subscription: Subscription) -> bool:
    tidies = subscription.channel == interaction.channel_id and interaction.permissions.manage_messages
    return subscription.user == interaction.user.id or (subscription.server is not None and tidies)


async def _removable(interaction: Interaction, answering: Answering) -> list[Subscription]:
    kept = answering.subscriptions
    found = await asyncio.to_thread(kept.of_user, interaction.user.id)
    here = await asyncio.to_thread(kept.in_channel, interaction.channel_id) if interaction.channel_id else []
    known = {each.id for each in found}
    return found + [each for each in here if each.id not in known and _may_remove(interaction, each)]
