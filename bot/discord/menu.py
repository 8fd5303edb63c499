"""The menu under a reply: its quotes, each to be read in its place. What it needs to know stands in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord.inert import label
from corpus.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Citation

CONTEXT_ID = "digestbot:context"
PLACEHOLDER = "Read a quote in its place"
LENGTH = 100


def menu_of(citations: Sequence[Citation]) -> discord.ui.Select[discord.ui.View]:
    """The menu for some citations, at least one.

    It listens to nothing itself: one view for all menus does, which is there after a restart, too.
    """
    return discord.ui.Select(
        custom_id=CONTEXT_ID,
        placeholder=PLACEHOLDER,
        options=[
            discord.SelectOption(
                label=label(f"[{each.rank}] {each.title}", LENGTH),
                description=label(each.digest, LENGTH) or None,
                value=f"{each.entry_id}:{each.start}:{each.end}",
            )
            for each in citations
        ],
    )


def place_in(value: str) -> tuple[int, int, int]:
    """An entry's id and a quote's offsets, from what was chosen in a menu.

    Raises:
        NotFoundError: it is not of that form.
    """
    try:
        entry, start, end = map(int, value.split(":"))
    except ValueError:
        raise NotFoundError("That passage is no longer where it was. Please ask again.") from None
    return entry, start, end
