"""The types, flags and intents of Discord that come up here."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class ChannelKind(IntEnum):
    """The types of channels that come up here."""

    TEXT = 0
    DIRECT = 1
    GROUP = 3
    THREAD = 11


class Intent(IntFlag):
    """The gateway intents that matter here; the last three are privileged."""

    GUILDS = 1 << 0
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    MESSAGE_CONTENT = 1 << 15

    @classmethod
    def privileged(cls) -> Intent:
        """The intents that Discord grants on request only."""
        return cls.GUILD_MEMBERS | cls.GUILD_PRESENCES | cls.MESSAGE_CONTENT


NO_INTENT = Intent(0)


class MessageKind(IntEnum):
    """The types of messages that come up here."""

    PLAIN = 0
    REPLY = 19
    SLASH_COMMAND = 20
    CONTEXT_MENU = 23


class Flag(IntFlag):
    """Message flags."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = Flag(0)
