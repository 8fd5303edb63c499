"""Who and what there is: users, guilds and channels, and the world that numbers and keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from itertools import count
from typing import TYPE_CHECKING, Any

from .errors import ApiError
from .files import Files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .clock import Clock
    from .message import Message

DISCORD_EPOCH_MS = 1_420_070_400_000
EVERYTHING = str((1 << 50) - 1)
"""Permissions with every bit set, which is what members and the bot have here."""


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


@dataclass(eq=False)
class User:
    """Somebody. ``dms_open`` False closes direct messages; ``installed_app`` True carries the app along."""

    id: int
    name: str
    bot: bool = False
    dms_open: bool = True
    installed_app: bool = False

    @property
    def mention(self) -> str:
        """What a text says to name the user."""
        return f"<@{self.id}>"

    def json(self) -> dict[str, Any]:
        """The user on the wire."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False, repr=False)
class Channel:
    """A place for messages; a thread has a parent.

    ``bot_may_send`` False takes the bot's permission to write there, ``bot_may_open_threads`` that to open
    threads.
    """

    id: int
    kind: ChannelKind
    name: str | None
    guild: Guild | None
    recipients: list[User]
    messages: dict[int, Message] = field(default_factory=dict)
    bot_may_send: bool = True
    bot_may_open_threads: bool = True
    parent: Channel | None = None

    def __repr__(self) -> str:
        return f"<Channel {self.id} {self.name or [user.name for user in self.recipients]}>"

    def visible(self) -> list[Message]:
        """The messages that everybody here can see, oldest first."""
        return [m for m in self.messages.values() if not (m.deleted or m.ephemeral)]

    def json(self) -> dict[str, Any]:
        """The channel on the wire."""
        body: dict[str, Any] = {"id": str(self.id), "type": int(self.kind), "flags": 0, "last_message_id": None}
        if self.guild is None:
            return body | {"recipients": [u.json() for u in self.recipients if not u.bot], "name": self.name}
        if self.parent is not None:
            return body | self._thread_json(self.guild, self.parent)
        return body | {
            "name": self.name,
            "guild_id": str(self.guild.id),
            "position": 0,
            "permission_overwrites": [],
            "nsfw": False,
            "parent_id": None,
            "topic": None,
            "rate_limit_per_user": 0,
        }

    def _thread_json(self, guild: Guild, parent: Channel) -> dict[str, Any]:
        since = guild.world.clock.wall().isoformat()
        return {
            "name": self.name,
            "guild_id": str(guild.id),
            "parent_id": str(parent.id),
            "owner_id": str(guild.world.bot.id),
            "rate_limit_per_user": 0,
            "message_count": len(self.messages),
            "member_count": 1,
            "total_message_sent": len(self.messages),
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": since,
                "create_timestamp": since,
                "locked": False,
            },
        }


@dataclass(eq=False, repr=False)
class Guild:
    """A server. ``with_bot`` False: the bot is no member, and only people who installed the app reach it."""

    id: int
    name: str
    world: World
    with_bot: bool
    members: dict[int, User] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    permissions: dict[int, int] = field(default_factory=dict)
    """What members may do, by their ids; those not named may do everything."""

    def __repr__(self) -> str:
        return f"<Guild {self.id} {self.name}>"

    def add_channel(self, name: str, *, number: int | None = None) -> Channel:
        """Make a text channel, and tell the bot of it; ``number`` is its id, if it is to have a certain one."""
        channel = Channel(number or self.world.next_id(), ChannelKind.TEXT, name, self, [])
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        self.world.announce("CHANNEL_CREATE", channel.json(), self)
        return channel

    def add_thread(self, parent: Channel, name: str, *, number: int | None = None) -> Channel:
        """Open a thread in a channel; on a message where ``number`` is that message's id."""
        thread = Channel(number or self.world.next_id(), ChannelKind.THREAD, name, self, [], parent=parent)
        self.threads.append(thread)
        self.world.channels[thread.id] = thread
        self.world.announce("THREAD_CREATE", thread.json() | {"newly_created": True}, self)
        return thread

    def add_member(self, user: User) -> User:
        """Let a user in."""
        self.members[user.id] = user
        return user

    def member_json(self, user: User) -> dict[str, Any]:
        """A member on the wire."""
        return {
            "user": user.json(),
            "nick": None,
            "avatar": None,
            "roles": [],
            "flags": 0,
            "joined_at": self.world.clock.wall().isoformat(),
            "deaf": False,
            "mute": False,
            "pending": False,
            "permissions": str(self.permissions.get(user.id, EVERYTHING)),
        }

    def json(self) -> dict[str, Any]:
        """The guild on the wire."""
        everyone = {
            "id": str(self.id),
            "name": "@everyone",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "permissions": EVERYTHING,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.world.owner.id),
            "roles": [everyone],
            "emojis": [],
            "stickers": [],
            "features": [],
            "preferred_locale": "en-US",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "afk_timeout": 300,
        }

    def create_event(self) -> dict[str, Any]:
        """What the gateway tells of a guild: the guild with its channels and the bot's own membership."""
        return self.json() | {
            "unavailable": False,
            "large": False,
            "member_count": len(self.members),
            "joined_at": self.world.clock.wall().isoformat(),
            "members": [self.member_json(self.world.bot)],
            "channels": [c.json() for c in self.channels],
            "threads": [thread.json() for thread in self.threads],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


class World:
    """Everything there is, by id. ``listener`` is told of guilds and channels that the bot gets to see.

    Each of the ``watchers`` is told what changes on a user's screen: a message that came, changed or went, or a
    channel that the bot is seen typing in.
    """

    def __init__(self, clock: Clock, bot_name: str) -> None:
        self.clock = clock
        self._count = count(1)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.bot = self.add_user(bot_name, bot=True)
        self.owner = self.add_user("owner")
        self.files = Files(self.next_id)
        self.watchers: list[Callable[[Message | Channel], None]] = []
        self.listener: Callable[[str, dict[str, Any], Guild], None] | None = None

    def next_id(self) -> int:
        """A snowflake: milliseconds on the clock above, a count below."""
        milliseconds = int(self.clock.wall().timestamp() * 1000) - DISCORD_EPOCH_MS
        return (milliseconds << 22) | (next(self._count) & 0x3FFFFF)

    def announce(self, event: str, data: dict[str, Any], guild: Guild) -> None:
        """Tell the listener what happened in a guild, where the bot is a member."""
        if self.listener is not None and guild.with_bot:
            self.listener(event, data, guild)

    def show(self, changed: Message | Channel) -> None:
        """Tell the watchers that a message is another now, or that the bot types in a channel."""
        for watcher in self.watchers:
            watcher(changed)

    def add_user(self, name: str, *, bot: bool = False, number: int | None = None) -> User:
        """Make a user; ``number`` is the id, if it is to be a certain one."""
        user = User(number or self.next_id(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, with_bot: bool = True, number: int | None = None) -> Guild:
        """Make a guild, and tell the bot of it; ``number`` is its id, if it is to have a certain one."""
        guild = Guild(number or self.next_id(), name, self, with_bot)
        self.guilds[guild.id] = guild
        if with_bot:
            guild.add_member(self.bot)
        self.announce("GUILD_CREATE", guild.create_event(), guild)
        return guild

    def private_channel(self, *users: User, number: int | None = None) -> Channel:
        """The private channel of exactly these users, made where there is none yet, with ``number`` as its id."""
        for channel in self.channels.values():
            if channel.guild is None and set(channel.recipients) == set(users):
                return channel
        kind = ChannelKind.DIRECT if len(users) == 2 else ChannelKind.GROUP
        channel = Channel(number or self.next_id(), kind, None, None, list(users))
        self.channels[channel.id] = channel
        return channel

    def messages(self) -> Iterator[Message]:
        """Every message that was ever posted, ephemeral and deleted ones too, channel by channel."""
        for channel in self.channels.values():
            yield from channel.messages.values()

    def channel(self, channel_id: str | int) -> Channel:
        """A channel that the bot can reach."""
        channel = self.channels.get(int(channel_id))
        if channel is None:
            raise ApiError(10003)
        if not self.bot_sees(channel):
            raise ApiError(50001)
        return channel

    def bot_sees(self, channel: Channel) -> bool:
        """The bot can reach this channel."""
        return channel.guild.with_bot if channel.guild else self.bot in channel.recipients

    def guild(self, guild_id: str | int) -> Guild:
        """A guild that the bot is in."""
        guild = self.guilds.get(int(guild_id))
        if guild is None or not guild.with_bot:
            raise ApiError(10004)
        return guild

    def message(self, channel_id: str | int, message_id: str | int) -> Message:
        """A message that the bot can reach through its channel."""
        message = self.channel(channel_id).messages.get(int(message_id))
        if message is None or message.deleted or message.ephemeral:
            raise ApiError(10008)
        return message
