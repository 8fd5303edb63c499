"""``/subscribe``, ``/subscriptions`` and ``/unsubscribe``, their messages and their buttons."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Literal, Self

import discord
from discord import app_commands

from bot.discord.commands import acknowledge, admitted, fill_in, scope_of
from bot.discord.interactions import acknowledge_change, report_failures
from bot.discord.markdown import inert, label
from bot.discord.render import citation_embeds, line
from bot.discord.transport import again_if_lost
from bot.query.parser import check
from bot.state.subscriptions import Pause, Subscription
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Citation
    from bot.discord.bot_context import BotContext
    from bot.discord.commands import Interaction
    from bot.state.deliveries import Delivery
    from bot.state.subscriptions import Subscriptions

MOST_SHOWN = 5
"""The most entries that a message quotes; it counts the others."""
PREFIX = "digestbot-subscription"
"""Differs from that of the buttons under replies, which ``ReplyButton`` takes."""
BUTTON = re.compile(rf"{PREFIX}:(?P<act>end|take|resume):(?P<id>\d{{1,18}})(?::(?P<name>[0-9a-f]{{16}}))?")
QUERY = 300


def delivery_message(
    subscription: Subscription, delivery: Delivery, cited: Sequence[Citation], standing: int
) -> dict[str, Any]:
    """Return a delivery's message: a line, the first entries as embeds, the number of others, and a button.

    ``standing`` counts the delivery's entries that the corpus still has.
    """
    embeds = citation_embeds(cited)
    more = standing - len(embeds)
    lines = [f"New in the digests for “{inert(label(subscription.query, QUERY))}”:"]
    if more > 0:
        lines.append(f"-# and {more} more: ask me for them with `/ask`.")
    view = discord.ui.View(timeout=None)
    view.add_item(button("Unsubscribe", "end", subscription.id, delivery.name))
    view.stop()  # discord.py need not keep it: the button's custom_id says what it does
    return {"content": "\n".join(lines), "embeds": embeds, "view": view}


def button(text: str, act: str, subscription: int, name: str | None = None) -> discord.ui.Button[discord.ui.View]:
    """Make a button that acts on a subscription, also after a restart."""
    custom_id = f"{PREFIX}:{act}:{subscription}" + (f":{name}" if name else "")
    return discord.ui.Button(label=label(text, 80), style=discord.ButtonStyle.secondary, custom_id=custom_id)


def is_delivery(message: discord.Message, delivery: Delivery) -> bool:
    """Return whether a message is the one that a delivery was sent as."""
    return f":{delivery.name}" in "".join(
        part.custom_id or ""
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for part in row.children
        if isinstance(part, discord.Button)
    )


MOST_OFFERED = 25
LENGTH = 100
NONE_YET = "You have no subscriptions. Use `/subscribe` to hear when something new comes in."
WHY = {
    Pause.CLOSED: "paused: your direct messages are closed to me. Open them, then press Resume",
    Pause.GONE: "paused: its channel is gone",
    Pause.BARRED: "paused: I am not allowed to post in its channel. Allow it, then press Resume",
    Pause.REFUSED: "paused: Discord refused the message. Press Resume to try again",
}


def subscribing_commands(context: BotContext) -> list[app_commands.Command[Any, ..., None]]:
    """``/subscribe``, ``/subscriptions`` and ``/unsubscribe``."""
    return [subscribe_command(context), subscriptions_command(context), unsubscribe_command(context)]


def subscribe_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/subscribe``: notifies in direct messages or, for members who can manage messages, in this channel."""

    @app_commands.command(name="subscribe", description="Hear when something new comes into the digests.")
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
        moment = await asyncio.to_thread(context.workers.assistant.matching.now)
        made = await asyncio.to_thread(
            context.subscriptions.add, interaction.user.id, server, channel, asked, moment.entry
        )
        place = "here" if made.channel else "in your direct messages"
        own = made.channel is None and interaction.guild_id is not None
        note = " This server's own pages stay in it: choose “here” to hear about those." * own
        await fill_in(
            interaction, line(f"When something new on “{made.query}” comes in, I will tell you {place}.{note}")
        )

    return subscribe


def subscriptions_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/subscriptions``: lists the user's own privately, each with a button that removes it."""

    @app_commands.command(name="subscriptions", description="Your subscriptions.")
    async def subscriptions(interaction: Interaction) -> None:
        await acknowledge(interaction, privately=True)
        own = await asyncio.to_thread(context.subscriptions.of_user, interaction.user.id)
        await again_if_lost(lambda: interaction.edit_original_response(content=listed(own), view=buttons_of(own)))

    return subscriptions


def unsubscribe_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/unsubscribe``: removes one of the user's own or, for moderators, one of this channel's."""

    @app_commands.command(name="unsubscribe", description="End a subscription.")
    @app_commands.describe(subscription="Which one")
    async def unsubscribe(interaction: Interaction, subscription: app_commands.Range[str, 1, LENGTH]) -> None:
        await acknowledge(interaction, privately=True)
        offered = {str(each.id): each for each in await _removable(interaction, context)}
        if subscription not in offered:
            raise NotFoundError("You have no such subscription. Pick one from the list as you type.")
        await asyncio.to_thread(context.subscriptions.remove, offered[subscription].id)
        await fill_in(interaction, line(f"Unsubscribed from “{offered[subscription].query}”."))

    @unsubscribe.autocomplete("subscription")
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        fitting = [e for e in await _removable(interaction, context) if typed.casefold() in e.query.casefold()]
        return [
            app_commands.Choice(
                name=label(f"{each.query} ({_place(each)})", LENGTH),
                value=str(each.id),
            )
            for each in fitting[:MOST_OFFERED]
        ]

    return unsubscribe


class SubscriptionButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=BUTTON):
    """A button under news ("end") or under the list ("take", "resume"), also from before a restart."""

    def __init__(self, act: str, subscription: int, name: str | None) -> None:
        super().__init__(button("-", act, subscription, name))
        self.act, self.subscription = act, subscription

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """Make the button that was pressed."""
        return cls(match["act"], int(match["id"]), match["name"])

    async def callback(self, interaction: Interaction) -> None:
        """Run the action, if the user may."""
        async with report_failures(interaction, "subscription", changes=self.act != "end"):
            if not await admitted(interaction, _context(interaction)):
                return
            await (self._end(interaction) if self.act == "end" else self._change(interaction))

    async def _end(self, interaction: Interaction) -> None:
        kept = _kept(interaction)
        await acknowledge(interaction, privately=True)
        found = await asyncio.to_thread(kept.get, self.subscription)
        if not _may_remove(interaction, found):
            raise DigestbotError(
                "Only the person who subscribed, or someone who can manage messages here, can end this."
            )
        await asyncio.to_thread(kept.remove, found.id)
        await fill_in(interaction, line(f"Unsubscribed from “{found.query}”."))

    async def _change(self, interaction: Interaction) -> None:
        kept = _kept(interaction)
        await acknowledge_change(interaction)
        own = await asyncio.to_thread(kept.of_user, interaction.user.id)
        if any(each.id == self.subscription for each in own):
            await asyncio.to_thread(kept.remove if self.act == "take" else kept.resume, self.subscription)
            own = await asyncio.to_thread(kept.of_user, interaction.user.id)
        await again_if_lost(lambda: interaction.edit_original_response(content=listed(own), view=buttons_of(own)))


def _context(interaction: Interaction) -> BotContext:
    context: BotContext = interaction.client.context  # type: ignore[attr-defined]
    return context


def _kept(interaction: Interaction) -> Subscriptions:
    return _context(interaction).subscriptions


def listed(own: list[Subscription]) -> str:
    """List subscriptions with their channel, and why they are paused."""
    lines = []
    for number, each in enumerate(own, 1):
        why = f"\n-# {WHY[each.paused]}" if each.paused else ""
        lines.append(f"**{number}.** {inert(label(each.query, 100))} · {_where(each)}{why}")
    return "\n".join(lines) or NONE_YET


def buttons_of(own: list[Subscription]) -> discord.ui.View | None:
    """Make a button per subscription that removes it, and one that resumes a paused one."""
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
    """The same, for autocompletion, where Discord shows no channel names."""
    return "in a channel" if subscription.channel else "in direct messages"


def _channel_of(interaction: Interaction) -> tuple[int | None, int | None]:
    """Return the server and channel for "here"; None for both in direct messages with the bot.

    Members who can manage messages may let the bot post in a channel.

    Raises:
        DigestbotError: the user lacks that permission, or the bot is no member or may not write.
    """
    if interaction.guild_id is None and interaction.context.dm_channel:
        return None, None
    server = scope_of(interaction)
    if server is None:
        raise DigestbotError("I am not a member of this server. Choose where: dm instead.")
    if not interaction.permissions.manage_messages:
        raise DigestbotError(
            "Only members who can manage messages here can let me post here. Choose where: dm instead."
        )
    allowed = interaction.app_permissions
    may_write = allowed.send_messages_in_threads if _in_thread(interaction) else allowed.send_messages
    if not (may_write and allowed.view_channel and allowed.embed_links):
        raise DigestbotError(
            "I am not allowed to post or embed links in this channel. Ask a server admin to allow it."
        )
    return server, interaction.channel_id


def _in_thread(interaction: Interaction) -> bool:
    return isinstance(interaction.channel, discord.Thread)


def _may_remove(interaction: Interaction, subscription: Subscription) -> bool:
    tidies = subscription.channel == interaction.channel_id and interaction.permissions.manage_messages
    return subscription.user == interaction.user.id or (subscription.server is not None and tidies)


async def _removable(interaction: Interaction, context: BotContext) -> list[Subscription]:
    kept = context.subscriptions
    found = await asyncio.to_thread(kept.of_user, interaction.user.id)
    here = await asyncio.to_thread(kept.in_channel, interaction.channel_id) if interaction.channel_id else []
    known = {each.id for each in found}
    return found + [each for each in here if each.id not in known and _may_remove(interaction, each)]
