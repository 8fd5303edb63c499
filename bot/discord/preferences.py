"""``/settings``: what a server has chosen, in one private message with a control for each choice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord.admission import admitted
from bot.discord.commands import report
from bot.discord.keeping import managed
from bot.discord.servers import NAMES
from bot.state.guilds import DEFAULTS
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.discord.answering import Answering
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


def settings_command(answering: Answering) -> app_commands.Command[Any, ..., None]:
    """``/settings``, for who may manage the server."""

    @app_commands.command(name="settings", description="How I behave in this server.")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def settings(interaction: Interaction) -> None:
        chosen = await answering.settings(managed(interaction))
        panel = PreferencesView(answering, chosen, interaction.guild)
        panel.stop()  # one view listens to all panels, see ``DigestClient``
        await interaction.response.send_message(embed=shown(chosen, answering), view=panel, ephemeral=True)

    return settings


def shown(settings: GuildSettings, answering: Answering) -> discord.Embed:
    """What a server has chosen, in words."""
    most = answering.cooldown.user
    channels = " ".join(f"<#{channel}>" for channel in sorted(settings.channels)) or "every channel"
    kinds = ", ".join(NAMES[kind] for kind in Kind if kind in (settings.kinds or Kind))
    quota = f"{min(settings.quota or most.per_minute, most.per_minute):g} a minute for each user"
    lines = [
        f"**Mentions** are answered in {channels}",
        f"**Answers to commands** are seen by {'the asker alone' if settings.private else 'everybody'}",
        f"**A mention** is answered {'in a thread of its own' if settings.threads else 'where it stands'}",
        f"**Shown** are {kinds}",
        f"**Questions**: {quota}",
        f"**Ratings** under answers are {'on' if settings.feedback else 'off'}",
    ]
    return discord.Embed(title="Settings of this server", description="\n".join(lines), colour=COLOUR)


class PreferencesView(discord.ui.View):
    """The controls of a panel; without settings, it listens to all panels, also those from before a restart."""

    def __init__(
        self, answering: Answering, settings: GuildSettings | None = None, guild: discord.Guild | None = None
    ) -> None:
        super().__init__(timeout=None)
        self._answering = answering
        chosen = settings or DEFAULTS
        self.add_item(_Channels(chosen, self.change, guild))
        self.add_item(_Kinds(chosen, self.change))
        self.add_item(_Quota(chosen, self.change, answering.cooldown.user.per_minute))
        for name in SWITCHES:
            now = getattr(chosen, name)
            # Each button says what it sets, so that an old panel sets what it shows.
            for on in (True, False) if settings is None else (not now,):
                self.add_item(_Switch(name, self.change, on=on))

    async def change(self, interaction: Interaction, change: Change) -> None:
        """Make a change for who may, and show what is chosen now."""
        chosen = await self._answering.servers.change(managed(interaction), change)
        panel = PreferencesView(self._answering, chosen, interaction.guild)
        panel.stop()
        await interaction.response.edit_message(embed=shown(chosen, self._answering), view=panel)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether the user has pressed few enough buttons."""
        return await admitted(interaction, self._answering)

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any], /) -> None:
        """Tell the user what went wrong."""
        await report(interaction, error, via="settings")


class _Channels(discord.ui.ChannelSelect[PreferencesView]):
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


class _Kinds(discord.ui.Select[PreferencesView]):
    def __init__(self, settings: GuildSettings, set_: Setter) -> None:
        self._set = set_
        options = [
            discord.SelectOption(
                label=NAMES[kind].capitalize(), value=kind, default=kind in (settings.kinds or Kind)
            )
            for kind in Kind
        ]
        super().__init__(custom_id=f"{PREFIX}kinds", options=options, min_values=1, max_values=len(options))

    async def callback(self, interaction: Interaction) -> Any:
        chosen = frozenset(kind for kind in Kind if kind in self.values)
        kinds = chosen if len(chosen) < len(Kind) else DEFAULTS.kinds
        await self._set(interaction, lambda settings: replace(settings, kinds=kinds))


class _Quota(discord.ui.Select[PreferencesView]):
    def __init__(self, settings: GuildSettings, set_: Setter, most: float) -> None:
        self._set = set_
        options = [discord.SelectOption(label="No limit of our own", value=NO_QUOTA, default=not settings.quota)]
        for number in (each for each in QUOTAS if each < most):
            text = f"{number} question{'s' * (number != 1)} a minute for each user"
            options.append(discord.SelectOption(label=text, value=str(number), default=settings.quota == number))
        super().__init__(custom_id=f"{PREFIX}quota", options=options)

    async def callback(self, interaction: Interaction) -> Any:
        value = self.values[0]
        quota = int(value) if value in map(str, QUOTAS) else None
        await self._set(interaction, lambda settings: replace(settings, quota=quota))


class _Switch(discord.ui.Button[PreferencesView]):
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
