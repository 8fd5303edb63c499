"""The place: the loopback Discord that the page looks at, with one server, one channel and one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.testing.commands import why_hidden

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, Message, User

YOU, SERVER, CHANNEL, DIRECT = 1, 2, 3, 4
"""Ids that stay from start to start: what is kept of a server and a person is found again by them."""

NEVER_TIRED = 1000.0
"""Seconds that the person waits for a reply: longer than Discord lets the bot take."""


@dataclass(frozen=True)
class Place:
    """Who talks to the bot, and where."""

    discord: Loopback
    you: User
    guild: Guild

    @classmethod
    def furnish(cls, discord: Loopback) -> Place:
        """Make the server and the person, who owns it, on an empty loopback Discord."""
        you = discord.world.owner = discord.world.add_user("you", number=YOU)
        guild = discord.world.add_guild("Reading group", number=SERVER)
        guild.add_member(you)
        guild.add_channel("papers", number=CHANNEL)
        discord.world.private_channel(discord.bot, you, number=DIRECT)
        return cls(discord, you, guild)

    @property
    def channels(self) -> list[Channel]:
        """Where the person can write: the server's channels and threads, then the bot's direct messages."""
        return [*self.guild.channels, *self.guild.threads, self.discord.direct_channel(self.you)]

    def channel(self, number: str) -> Channel | None:
        """The channel of this id."""
        return next((each for each in self.channels if str(each.id) == number), None)

    def message(self, number: str) -> Message | None:
        """The message of this id, wherever it stands."""
        found = [m for channel in self.channels for m in channel.messages.values() if str(m.id) == number]
        return found[0] if found and not found[0].deleted else None

    def commands(self, channel: Channel) -> list[dict[str, Any]]:
        """The commands that the person finds in a channel, as the bot has registered them."""
        scopes = [None] if channel.guild is None else [channel.guild.id, None]
        offered = [command for scope in scopes for command in self.discord.commands.all(scope)]
        return [command for command in offered if not why_hidden(command, self.you, channel)]

    def json(self) -> dict[str, Any]:
        """Who and where, for the page."""
        return {
            "you": self.you.json(),
            "bot": self.discord.bot.json(),
            "server": self.guild.name,
            "channels": [
                {"id": str(each.id), "name": each.name, "direct": not each.guild} for each in self.channels
            ],
        }


def shown(message: Message) -> dict[str, Any]:
    """A message for the page: as it is on Discord's wire, with what its author's client knows besides."""
    return message.json() | {
        "deleted": message.deleted,
        "cause": message.cause,
        "requests": len(message.requests),
    }
