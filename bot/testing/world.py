"""Users, guilds, channels and messages, and the world that numbers and keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.testing.errors import ApiError
from bot.testing.exchange import Files
from bot.testing.kinds import NO_FLAGS, ChannelKind, Flag, MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.testing.errors import Clock
    from bot.testing.exchange import Exchange

DISCORD_EPOCH_MS = 1_420_070_400_000
MENTION = re.compile(r"@everyone|@here|<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>")
TEXT_DISPLAY = 10
EVERYTHING = str((1 << 50) - 1)
"""Permissions with every bit set, which is what members and the bot have here."""


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


@dataclass(eq=False, repr=False)
class Message:
    """One message as it stands now; ``edits`` holds the body of every edit, ``pings`` all that ever rang."""

    id: int
    channel: Channel
    author: User
    created_at: datetime
    posted_at: float
    """``created_at`` in seconds on the clock."""
    kind: MessageKind = MessageKind.PLAIN
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    flags: Flag = NO_FLAGS
    reference: Message | None = None
    nonce: str | None = None
    ringing: list[User] = field(default_factory=list)
    """Users whom the sender's client rings besides those named in the content: the author replied to."""
    interaction: dict[str, Any] | None = None
    audience: User | None = None
    """The only one who sees it, when it is ephemeral."""
    edited_at: datetime | None = None
    deleted: bool = False
    edits: list[dict[str, Any]] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    cause: str | None = None
    """What its user did to get it, where it answers an interaction: "/ask question: who?"."""
    requests: list[Exchange] = field(default_factory=list)
    """The requests of the bot that made it what it is, oldest first."""

    def __repr__(self) -> str:
        return f"<Message {self.id} by {self.author.name}: {self.content!r}, {len(self.embeds)} embeds>"

    @property
    def ephemeral(self) -> bool:
        """Only its audience sees it."""
        return Flag.EPHEMERAL in self.flags

    @property
    def loading(self) -> bool:
        """Still what a deferral showed: the bot is thinking."""
        return Flag.LOADING in self.flags

    @property
    def mentions(self) -> list[User]:
        """The users whom the message names or rings."""
        users = self.channel_users()
        named = [users[int(m["user"])] for m in MENTION.finditer(self.content) if int(m["user"] or 0) in users]
        return list(dict.fromkeys([*named, *self.ringing]))

    def channel_users(self) -> dict[int, User]:
        """Who can be mentioned here, by id."""
        if self.channel.guild:
            return self.channel.guild.members
        return {u.id: u for u in self.channel.recipients}

    def write(self, body: dict[str, Any], attachments: list[dict[str, Any]]) -> None:
        """Take over what a create or edit body sets; what it leaves out stays as it is."""
        if "content" in body:
            self.content = body["content"] or ""
        if "embeds" in body:
            self.embeds = [{"type": "rich"} | embed for embed in body["embeds"] or []]
        if "components" in body:
            self.components = body["components"] or []
        if "attachments" in body:
            kept = {str(a.get("id")) for a in body["attachments"] or []}
            self.attachments = [a for a in self.attachments if a["id"] in kept]
        self.attachments = self.attachments + attachments
        wanted = Flag(body.get("flags") or 0)
        self.flags = (self.flags & ~Flag.SUPPRESS_EMBEDS) | wanted if "flags" in body else self.flags
        self.pings += self.rung_by(body)

    def rung_by(self, body: dict[str, Any]) -> list[str]:
        """The mentions in a body's texts that its ``allowed_mentions`` let ring."""
        allowed = body.get("allowed_mentions")
        every = allowed is None
        allowed = allowed or {}
        parse = allowed.get("parse") or []
        texts = [body.get("content") or "", *texts_shown(body.get("components") or [])]
        rung = []
        for found in MENTION.finditer("\n".join(texts)):
            if user := found["user"]:
                rings = "users" in parse or user in map(str, allowed.get("users") or [])
            elif role := found["role"]:
                rings = "roles" in parse or role in map(str, allowed.get("roles") or [])
            else:
                rings = "everyone" in parse
            if every or rings:
                rung.append(found[0])
        if body.get("message_reference") and self.reference and (every or allowed.get("replied_user")):
            rung.append(self.reference.author.mention)
        return rung

    def json(self, *, whole: bool = True) -> dict[str, Any]:
        """The message on the wire; not ``whole``: what a bot may not read is left empty."""
        body: dict[str, Any] = {
            "id": str(self.id),
            "type": int(self.kind),
            "channel_id": str(self.channel.id),
            "author": self.author.json(),
            "content": self.content,
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "tts": False,
            "mention_everyone": any(p in {"@everyone", "@here"} for p in self.pings),
            "mentions": [u.json() for u in self.mentions],
            "mention_roles": [],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "flags": int(self.flags),
        }
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.reference is not None:
            body["message_reference"] = {
                "type": 0,
                "message_id": str(self.reference.id),
                "channel_id": str(self.channel.id),
            }
            gone = self.reference.deleted
            body["referenced_message"] = None if gone else replace(self.reference, reference=None).json()
        if self.interaction is not None:
            body |= {"interaction_metadata": self.interaction, "application_id": str(self.author.id)}
        if not whole:
            body |= {"content": "", "embeds": [], "attachments": [], "components": []}
        return body

    def event(self, *, whole: bool) -> dict[str, Any]:
        """The message as the gateway tells of it."""
        body = self.json(whole=whole)
        guild = self.channel.guild
        if guild:
            body["guild_id"] = str(guild.id)
            body["member"] = guild.member_json(self.author)
            del body["member"]["user"], body["member"]["permissions"]
        return body


def texts_shown(components: list[dict[str, Any]]) -> list[str]:
    """The texts of the text displays among components, nested ones too."""
    texts = []
    for component in components:
        if component.get("type") == TEXT_DISPLAY:
            texts.append(str(component.get("content", "")))
        texts += texts_shown(component.get("components") or [])
    return texts


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
