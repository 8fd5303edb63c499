"""Admission: who asks too much is told to wait, before anything else is done for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord.commands import Tree, report, scope_of

if TYPE_CHECKING:
    from bot.discord.answering import Answering
    from bot.discord.commands import Interaction

ASK_NOTHING = {
    *("help", "privacy", "forget me", "settings", "digests", "digest list", "digest remove"),
    *("subscribe", "subscriptions", "unsubscribe"),
}
"""Commands that cost little; all others count as questions."""
TOO_MUCH = "One moment, please: that was a lot at once."


class GuardedTree(Tree):
    """The commands, each let through only where its user and server have asked little enough."""

    def __init__(self, client: discord.Client, answering: Answering) -> None:
        super().__init__(client)
        self._answering = answering

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let a command through, or tell the user alone how long it has to wait."""
        try:
            return await admitted(interaction, self._answering)
        except Exception as error:  # noqa: BLE001 - discord.py hands only its own errors on from here
            await report(interaction, error, via="admission")
            return False


async def admitted(interaction: Interaction, answering: Answering) -> bool:
    """Whether an interaction is let through; where it is not, it has been answered."""
    if not _asks(interaction):
        if answering.cooldown.touch(interaction.user.id):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await interaction.response.send_message(TOO_MUCH, ephemeral=True)
        return False
    scope = scope_of(interaction)
    settings = await answering.settings(scope)
    wait = answering.cooldown.ask(interaction.user.id, scope, settings.quota)
    if wait is not None:
        await interaction.response.send_message(wait.line, ephemeral=True)
    return wait is None


def _asks(interaction: Interaction) -> bool:
    if interaction.type is not discord.InteractionType.application_command:
        return False
    return interaction.command is None or interaction.command.qualified_name not in ASK_NOTHING
