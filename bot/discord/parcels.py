"""Parcels: the message that tells a subscription its news, and its button. Pure functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.inert import inert, label
from bot.discord.render import citation_embeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Citation
    from bot.state.news import Parcel
    from bot.state.subscriptions import Subscription

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
