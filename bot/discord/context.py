"""Quotes in their place: what is shown to who chooses one in the menu under a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord.admission import admitted
from bot.discord.buttons import similar
from bot.discord.commands import acknowledge, fill_in, scope_of
from bot.discord.menu import CONTEXT_ID, place_in
from bot.discord.render import Reply, surroundings_embed
from bot.discord.telling import failures_told

if TYPE_CHECKING:
    from bot.discord.answering import Answering
    from bot.discord.commands import Interaction


class ContextView(discord.ui.View):
    """Listens to the menus under all replies, those from before a restart among them."""

    def __init__(self, answering: Answering) -> None:
        super().__init__(timeout=None)
        self._answering = answering
        self.add_item(_Menu(answering))

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether the user has opened few enough quotes."""
        return await admitted(interaction, self._answering)


class _Menu(discord.ui.Select[ContextView]):
    def __init__(self, answering: Answering) -> None:
        super().__init__(custom_id=CONTEXT_ID, options=[discord.SelectOption(label="-")])
        self._answering = answering

    async def callback(self, interaction: Interaction) -> Any:
        """Show the chosen quote to the one who chose it."""
        async with failures_told(interaction, "context"):
            await acknowledge(interaction, privately=True)
            desk, scope = self._answering.desk, scope_of(interaction)
            entry, start, end = place_in(self.values[0])
            found = await desk.run(lambda: desk.assistant.surroundings(entry, start, end, scope=scope))
            await fill_in(interaction, Reply(None, [surroundings_embed(found)], buttons=(similar(entry),)))
