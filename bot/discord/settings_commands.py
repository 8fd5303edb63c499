"""``/settings`` shows a server's settings with a control for each; ``/privacy`` and ``/forget`` serve users."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord.commands import acknowledge, admitted, fill_in, report
from bot.discord.digest_commands import managed_guild
from bot.discord.render import line
from bot.state.guilds import DEFAULTS
from corpus.english import NOUNS, counted
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.discord.bot_context import BotContext
    from bot.discord.commands import Interaction
    from bot.state.guilds import GuildSettings

    Change = Callable[[GuildSettings], GuildSettings]
    Setter = Callable[[Interaction, Change], Awaitable[None]]

PREFIX = "settings:"
QUOTAS = (1, 2, 3, 5, 10, 20)
NO_QUOTA = "0"
MOST_CHANNELS = 25
COLOUR = 0x5865F2
CHANNELS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]
SWITCHES = {"private": "Private answers", "threads": "A thread for each question", "feedback": "Ratings"}


def settings_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/settings``, for members who can manage the server."""

    @app_commands.command(name="settings", description="How I behave in this server.")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def settings(interaction: Interaction) -> None:
        chosen = await context.settings(managed_guild(interaction))
        panel = SettingsView(context, chosen, interaction.guild)
        panel.stop()  # one view listens to all panels, see ``DigestClient``
        await interaction.response.send_message(embed=shown(chosen, context), view=panel, ephemeral=True)

    return settings


def shown(settings: GuildSettings, context: BotContext) -> discord.Embed:
    """Render a server's settings."""
    most = context.cooldown.user
    channels = " ".join(f"<#{channel}>" for channel in sorted(settings.channels)) or "every channel"
    kinds = ", ".join(f"{NOUNS[kind]}s" for kind in Kind if kind in (settings.kinds or Kind))
    quota = f"{min(settings.quota or most.per_minute, most.per_minute):g} a minute for each user"
    lines = [
        f"**Mentions** are answered in {channels}",
        f"**Answers to commands** are visible to {'the asker alone' if settings.private else 'everybody'}",
        f"**A mention** is answered {'in a thread of its own' if settings.threads else 'in place'}",
        f"**Shown** are {kinds}",
        f"**Questions**: {quota}",
        f"**Ratings** under answers are {'on' if settings.feedback else 'off'}",
    ]
    return discord.Embed(title="Settings of this server", description="\n".join(lines), colour=COLOUR)


class SettingsView(discord.ui.View):
    """The controls of a settings panel; without settings it listens to all panels, also after a restart."""

    def __init__(
        self, context: BotContext, settings: GuildSettings | None = None, guild: discord.Guild | None = None
    ) -> None:
        super().__init__(timeout=None)
        self._context = context
        chosen = settings or DEFAULTS
        self.add_item(_Channels(chosen, self.change, guild))
        self.add_item(_Kinds(chosen, self.change))
        self.add_item(_Quota(chosen, self.change, context.cooldown.user.per_minute))
        for name in SWITCHES:
            now = getattr(chosen, name)
            # Each button carries the value it sets, so that an old panel sets what it shows.
            for on in (True, False) if settings is None else (not now,):
                self.add_item(_Switch(name, self.change, on=on))

    async def change(self, interaction: Interaction, change: Change) -> None:
        """Change the settings if the user may, and show them."""
        chosen = await self._context.guilds.change(managed_guild(interaction), change)
        panel = SettingsView(self._context, chosen, interaction.guild)
        panel.stop()
        await interaction.response.edit_message(embed=shown(chosen, self._context), view=panel)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Check the user's limits."""
        return await admitted(interaction, self._context)

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any], /) -> None:
        """Report an error to the user."""
        await report(interaction, error, via="settings")


class _Channels(discord.ui.ChannelSelect[SettingsView]):
    def __init__(self, settings: GuildSettings, set_: Setter, guild: discord.Guild | None) -> None:
        self._set = set_
        there = [number for number in sorted(settings.channels) if guild and guild.get_channel(number)]
        super().__init__(
            custom_id=f"{PREFIX}channels",
            placeholder="Mentions are answered in every channel",
            channel_types=CHANNELS,
            min_values=0,
            max_values=MOST_CHANNELS,
            default_values=[discord.Object(number) for number in there],
        )

    async def callback(self, interaction: Interaction) -> Any:
        channels = frozenset(channel.id for channel in self.values)
        await self._set(interaction, lambda settings: replace(settings, channels=channels))


class _Kinds(discord.ui.Select[SettingsView]):
    def __init__(self, settings: GuildSettings, set_: Setter) -> None:
        self._set = set_
        options = [
            discord.SelectOption(
                label=f"{NOUNS[kind]}s".capitalize(), value=kind, default=kind in (settings.kinds or Kind)
            )
            for kind in Kind
        ]
        super().__init__(custom_id=f"{PREFIX}kinds", options=options, min_values=1, max_values=len(options))

    async def callback(self, interaction: Interaction) -> Any:
        chosen = frozenset(kind for kind in Kind if kind in self.values)
        kinds = chosen if len(chosen) < len(Kind) else DEFAULTS.kinds
        await self._set(interaction, lambda settings: replace(settings, kinds=kinds))


class _Quota(discord.ui.Select[SettingsView]):
    def __init__(self, settings: GuildSettings, set_: Setter, most: float) -> None:
        self._set = set_
        options = [discord.SelectOption(label="No limit of our own", value=NO_QUOTA, default=not settings.quota)]
        for number in (each for each in QUOTAS if each < most):
            text = f"{counted(number, 'question')} a minute for each user"
            options.append(discord.SelectOption(label=text, value=str(number), default=settings.quota == number))
        super().__init__(custom_id=f"{PREFIX}quota", options=options)

    async def callback(self, interaction: Interaction) -> Any:
        value = self.values[0]
        quota = int(value) if value in map(str, QUOTAS) else None
        await self._set(interaction, lambda settings: replace(settings, quota=quota))


class _Switch(discord.ui.Button[SettingsView]):
    def __init__(self, name: str, set_: Setter, *, on: bool) -> None:
        self._set = set_
        super().__init__(
            custom_id=f"{PREFIX}{name}:{'on' if on else 'off'}",
            label=f"{SWITCHES[name]}: turn {'on' if on else 'off'}",
            style=discord.ButtonStyle.success if on else discord.ButtonStyle.secondary,
        )
        self._change: dict[str, Any] = {name: on}

    async def callback(self, interaction: Interaction) -> Any:
        await self._set(interaction, lambda settings: replace(settings, **self._change))


PRIVACY = """
**What I read**: the messages that are sent to me, mention me or reply to me, and nothing else.

**What I keep about you**
- Your last five questions in a channel: for 15 minutes, in memory, so that follow-ups are understood.
- Your questions with what I answered them with: for 30 days, so that the buttons under a reply work.
- Which of my messages answers which of your questions: for 24 hours, so that my answer goes when you delete your \
question, and replies to an answer are understood.
- How many questions you asked in the last minutes: a number, in memory.
- Your 👍 and 👎, with the question, the answer, and what you wrote, but without your name: until you \
undo them.
- Your subscriptions, and the news that waits for them: until you remove them.

**What I keep about a server**: its settings, its subscriptions, and the pages that its admins added. When I \
leave, the pages go after 30 days, and everything else at once.

My log has no words of your questions. I pass nothing on.

**How to remove it**: `/forget me` removes everything that I keep about you, at once. My answers stay in Discord; \
🗑️ under one removes it, and so does deleting your question, but not after `/forget me`.
""".strip()


def privacy_commands(context: BotContext) -> list[app_commands.Command[Any, ..., None] | app_commands.Group]:
    """``/privacy`` and ``/forget``, answered privately."""

    @app_commands.command(name="privacy", description="What I keep, for how long, and how to remove it.")
    async def privacy(interaction: Interaction) -> None:
        await interaction.response.send_message(PRIVACY, ephemeral=True)

    forget = app_commands.Group(name="forget", description="Remove your data.")

    @forget.command(
        name="me", description="Remove everything I keep about you: conversations, feedback, subscriptions."
    )
    async def me(interaction: Interaction) -> None:
        await acknowledge(interaction, privately=True)
        count = await context.forget(interaction.user.id)
        removed = f"Done: I have removed {counted(count, 'thing')} that I kept about you."
        await fill_in(interaction, line(removed if count else "I keep nothing about you."))

    return [privacy, forget]
