"""Posting: messages come to be, change and go, and the gateway tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.testing.errors import ApiError, Problems
from bot.testing.exchange import served
from bot.testing.kinds import ChannelKind, Flag, Intent, MessageKind
from bot.testing.world import Channel, Message, User, World

if TYPE_CHECKING:
    from bot.testing.exchange import Upload
    from bot.testing.gateway import Gateway, Session

NONCE_SECONDS = 300.0
"""How long an enforced nonce is remembered."""


class Posts:
    """Writes messages into channels. Bodies have passed the rules before they come here."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world, self._gateway = world, gateway

    def by_bot(self, channel: Channel, body: dict[str, Any], uploads: list[Upload]) -> Message:
        """Post what the bot sends to a channel itself."""
        if not channel.bot_may_send:
            raise ApiError(50013)
        if channel.guild is None and not all(u.dms_open for u in channel.recipients):
            raise ApiError(50007)
        if (earlier := self._same_nonce(channel, body)) is not None:
            return earlier
        reference = self._referenced(channel, body)
        message = self._new(channel, self._world.bot)
        message.reference = reference
        message.kind = MessageKind.REPLY if reference else MessageKind.PLAIN
        message.nonce = None if body.get("nonce") is None else str(body["nonce"])
        return self._publish(message, body, uploads)

    def by_user(
        self, author: User, channel: Channel, content: str, reply_to: Message | None, *, ring: bool = True
    ) -> Message:
        """Post what a user writes; a reply rings the author of what it replies to unless told not to."""
        message = self._new(channel, author)
        message.reference = reply_to
        message.kind = MessageKind.REPLY if reply_to else MessageKind.PLAIN
        message.ringing = [reply_to.author] if reply_to and ring else []
        return self._publish(message, {"content": content}, [])

    def by_interaction(
        self,
        channel: Channel,
        body: dict[str, Any],
        uploads: list[Upload],
        *,
        kind: MessageKind,
        origin: dict[str, Any],
        audience: User,
        loading: bool = False,
        cause: str | None = None,
    ) -> Message:
        """Post the response or a follow-up of an interaction; only an ephemeral one goes to nobody else."""
        message = self._new(channel, self._world.bot)
        message.kind, message.interaction, message.cause = kind, origin, cause
        message.flags = Flag.LOADING if loading else Flag(0)
        body = body | {"flags": (body.get("flags") or 0) | int(message.flags)}
        if Flag.EPHEMERAL in Flag(body["flags"]):
            message.audience = audience
        return self._publish(message, body, uploads)

    def edit(self, message: Message, body: dict[str, Any], uploads: list[Upload]) -> Message:
        """Change a message; the first edit of a deferred response fills it in."""
        message.flags &= ~Flag.LOADING
        message.write(body, self._stored(uploads))
        message.edits.append(body)
        message.edited_at = self._world.clock.wall()
        self._note(message)
        self._tell("MESSAGE_UPDATE", message)
        return message

    def start_thread(self, message: Message, name: str) -> Channel:
        """Open a thread on a message; it has the message's id."""
        channel = message.channel
        if not channel.bot_may_open_threads or channel.guild is None or channel.kind is not ChannelKind.TEXT:
            raise ApiError(50013 if channel.kind is ChannelKind.TEXT else 50024)
        if message.id in self._world.channels:
            raise ApiError(160004)
        return channel.guild.add_thread(channel, name, number=message.id)

    def delete_many(self, messages: list[Message]) -> None:
        """Delete messages of one channel at once; the gateway tells of them together."""
        for message in messages:
            message.deleted = True
            self._note(message)
        place = {"ids": [str(message.id) for message in messages], "channel_id": str(messages[0].channel.id)}
        guild = messages[0].channel.guild
        self._tell("MESSAGE_DELETE_BULK", messages[0], place | ({"guild_id": str(guild.id)} if guild else {}))

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        self._note(message)
        place = {"id": str(message.id), "channel_id": str(message.channel.id)}
        guild = message.channel.guild
        self._tell("MESSAGE_DELETE", message, place | ({"guild_id": str(guild.id)} if guild else {}))

    def readable(self, message: Message) -> dict[str, Any]:
        """A message as the bot may read it over HTTP."""
        return message.json(whole=self._whole(message, self._gateway.privileged))

    def _new(self, channel: Channel, author: User) -> Message:
        clock = self._world.clock
        message = Message(self._world.next_id(), channel, author, clock.wall(), clock.now())
        channel.messages[message.id] = message
        return message

    def _publish(self, message: Message, body: dict[str, Any], uploads: list[Upload]) -> Message:
        message.write({k: v for k, v in body.items() if k != "attachments"}, self._stored(uploads))
        self._note(message)
        self._tell("MESSAGE_CREATE", message)
        return message

    def _note(self, message: Message) -> None:
        if message.author is self._world.bot and (exchange := served.get()) is not None:
            message.requests.append(exchange)
        self._world.show(message)

    def _same_nonce(self, channel: Channel, body: dict[str, Any]) -> Message | None:
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        since = self._world.clock.now() - NONCE_SECONDS
        for message in channel.messages.values():
            recent = message.author is self._world.bot and message.posted_at >= since
            if recent and message.nonce == str(body["nonce"]):
                return message
        return None

    def _referenced(self, channel: Channel, body: dict[str, Any]) -> Message | None:
        reference = body.get("message_reference")
        if not reference:
            return None
        message = channel.messages.get(int(reference["message_id"]))
        if message is not None and not message.deleted:
            return message
        if reference.get("fail_if_not_exists", True):
            problems = Problems()
            problems.at("message_reference").add("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            problems.raise_if_any()
        return None

    def _stored(self, uploads: list[Upload]) -> list[dict[str, Any]]:
        return [self._world.files.keep(upload) for upload in uploads]

    def _tell(self, event: str, message: Message, data: dict[str, Any] | None = None) -> None:
        channel = message.channel
        if message.ephemeral or not self._world.bot_sees(channel):
            return
        needs = Intent.GUILD_MESSAGES if channel.guild else Intent.DIRECT_MESSAGES

        def told(session: Session) -> dict[str, Any]:
            return data if data is not None else message.event(whole=self._whole(message, session.intents))

        self._gateway.dispatch(event, told, channel.guild, needs)

    def _whole(self, message: Message, intents: Intent) -> bool:
        bot = self._world.bot
        open_to_all = message.channel.guild is None or Intent.MESSAGE_CONTENT in intents
        return open_to_all or message.author is bot or bot in message.mentions
