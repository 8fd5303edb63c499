"""A message: what it holds, whom it pings, and its form on the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from .exchange import Exchange
    from .state import Channel, User

MENTION = re.compile(r"@everyone|@here|<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>")
TEXT_DISPLAY = 10


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
