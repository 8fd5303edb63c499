"""Interactions: what a user sets off, the one response to it, and what its token allows and for how long."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.testing.errors import ApiError, NotPossibleError, Problems
from bot.testing.kinds import Flag, MessageKind
from bot.testing.rules import ComponentKind, flattened

if TYPE_CHECKING:
    from bot.testing.exchange import Upload
    from bot.testing.posts import Posts
    from bot.testing.world import Channel, Message, User, World

RESPONSE_SECONDS = 3.0
TOKEN_SECONDS = 900.0


class Kind(IntEnum):
    """What set an interaction off."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Response(IntEnum):
    """The ways to respond to one."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(eq=False)
class Interaction:
    """One interaction. ``source`` is the message whose component was used, if there is one."""

    id: int
    kind: Kind
    user: User
    channel: Channel
    born: float
    message_kind: MessageKind
    source: Message | None = None
    completes: int | None = None
    """The type of the option that an autocompletion is for."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    response: Response | None = None
    acknowledged_at: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    what: str = ""
    """What the user did, as the user would say it: "/ask question: who?"."""
    updated: bool = False
    """The bot changed the source message with this interaction's token."""

    @property
    def answered(self) -> bool:
        """The user has got what the interaction leads to: a deferral alone is no answer."""
        if self.response is Response.DEFERRED_MESSAGE:
            return self.original is None or self.original.deleted or not self.original.loading
        if self.response is Response.DEFERRED_UPDATE:
            return self.updated or bool(self.followups)
        return self.response is not None

    def awaited(self, now: float) -> bool:
        """Somebody is still waiting for the bot: for its first response, or for what a deferral promised."""
        if self.response is None:
            return now - self.born <= RESPONSE_SECONDS
        promised = self.response is Response.DEFERRED_MESSAGE
        return promised and not self.answered and now - self.born <= TOKEN_SECONDS

    @property
    def acknowledged_after(self) -> float | None:
        """Seconds on the clock from the user's act to the first response."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.born

    def responses_allowed(self) -> set[Response]:
        """The ways in which this interaction may be responded to."""
        if self.kind is Kind.AUTOCOMPLETE:
            return {Response.CHOICES}
        allowed = {Response.MESSAGE, Response.DEFERRED_MESSAGE}
        if self.source is not None:
            allowed |= {Response.DEFERRED_UPDATE, Response.UPDATE}
        return allowed if self.kind is Kind.MODAL else allowed | {Response.MODAL}

    def metadata(self) -> dict[str, Any]:
        """What a message tells of the interaction that it came from."""
        return {
            "id": str(self.id),
            "type": int(self.kind),
            "user": self.user.json(),
            "authorizing_integration_owners": {},
        }


class Interactions:
    """Every interaction by its token, and the rules of the protocol."""

    def __init__(self, world: World, posts: Posts) -> None:
        self._world, self._posts = world, posts
        self.by_token: dict[str, Interaction] = {}

    def open(
        self,
        kind: Kind,
        user: User,
        channel: Channel,
        *,
        source: Message | None = None,
        message_kind: MessageKind = MessageKind.PLAIN,
        completes: int | None = None,
    ) -> Interaction:
        """Begin an interaction; its clock runs from now."""
        born = self._world.clock.now()
        interaction = Interaction(
            self._world.next_id(), kind, user, channel, born, message_kind, source, completes
        )
        self.by_token[interaction.token] = interaction
        return interaction

    def waiting(self, interaction_id: str, token: str) -> Interaction:
        """The interaction that a first response is for."""
        interaction = self.by_token.get(token)
        if interaction is None or str(interaction.id) != interaction_id:
            raise ApiError(10062)
        if interaction.response is not None:
            raise ApiError(40060)
        if self._world.clock.now() - interaction.born > RESPONSE_SECONDS:
            raise ApiError(10062)
        return interaction

    def acknowledged(self, application_id: str, token: str) -> Interaction:
        """The interaction that a follow-up or an edit is for."""
        interaction = self.by_token.get(token)
        if interaction is None or application_id != str(self._world.bot.id) or interaction.response is None:
            raise ApiError(10015)
        if self._world.clock.now() - interaction.born > TOKEN_SECONDS:
            raise ApiError(50027)
        return interaction

    def respond(self, interaction: Interaction, body: dict[str, Any], uploads: list[Upload]) -> None:
        """Take the first response; its body has passed the rules."""
        response, data = Response(body["type"]), body.get("data") or {}
        if response in {Response.MESSAGE, Response.DEFERRED_MESSAGE}:
            interaction.original = self._posts.by_interaction(
                interaction.channel,
                data,
                uploads,
                kind=interaction.message_kind,
                origin=interaction.metadata(),
                audience=interaction.user,
                loading=response is Response.DEFERRED_MESSAGE,
                cause=interaction.what,
            )
        elif response is Response.UPDATE and interaction.source is not None:
            self._posts.edit(interaction.source, data, uploads)
            interaction.updated = True
        elif response is Response.CHOICES:
            interaction.choices = data.get("choices") or []
        elif response is Response.MODAL:
            interaction.modal = data
        interaction.response = response
        interaction.acknowledged_at = self._world.clock.now()

    def follow_up(self, interaction: Interaction, body: dict[str, Any], uploads: list[Upload]) -> Message:
        """Send one more message; the first one after a deferral fills that in and stays as visible as it was."""
        original = interaction.original
        if original is not None and original.loading and not original.deleted:
            flags = (body.get("flags") or 0) & ~int(Flag.EPHEMERAL)
            return self._posts.edit(
                original, body | {"flags": flags | int(original.flags & Flag.EPHEMERAL)}, uploads
            )
        message = self._posts.by_interaction(
            interaction.channel,
            body,
            uploads,
            kind=MessageKind.PLAIN,
            origin=interaction.metadata(),
            audience=interaction.user,
            cause=interaction.what,
        )
        interaction.followups.append(message)
        return message

    def message(self, interaction: Interaction, message_id: str) -> Message:
        """A message that the token may read and change: ``@original`` or a follow-up."""
        original = interaction.original
        if original is None and interaction.response in {Response.UPDATE, Response.DEFERRED_UPDATE}:
            original = interaction.source
        for message in filter(None, [original, *interaction.followups]):
            if (message is original and message_id == "@original") or str(message.id) == message_id:
                if message.deleted:
                    break
                return message
        raise ApiError(10008)

    def edit(
        self, interaction: Interaction, message: Message, body: dict[str, Any], uploads: list[Upload]
    ) -> Message:
        """Change a message that the token may change."""
        interaction.updated = interaction.updated or message is interaction.source
        return self._posts.edit(message, body, uploads)

    def delete(self, interaction: Interaction, message: Message) -> None:
        """Delete a message that the token may delete."""
        interaction.updated = interaction.updated or message is interaction.source
        self._posts.delete(message)


def check_response_kind(interaction: Interaction, body: dict[str, Any]) -> Response:
    """The kind of a response body, if this interaction can be responded to that way."""
    kind: Any = body.get("type")
    if kind not in interaction.responses_allowed():
        problems = Problems()
        allowed = sorted(map(int, interaction.responses_allowed()))
        problems.at("type").add("BASE_TYPE_CHOICES", f"Value must be one of {allowed} for this interaction.")
        problems.raise_if_any()
    return Response(kind)


class Reply:
    """What somebody got for a command, a click or a message."""

    def __init__(
        self,
        user: User,
        *,
        interaction: Interaction | None = None,
        message: Message | None = None,
        acknowledged_after: float | None = None,
    ) -> None:
        self.user = user
        self.interaction = interaction
        self._message = message
        self._acknowledged_after = acknowledged_after

    def __repr__(self) -> str:
        return f"<Reply to {self.user.name}: {self.content!r}, {len(self.embeds)} embeds, modal {self.modal}>"

    @property
    def acknowledged_after(self) -> float | None:
        """Seconds on the clock from the user's act to the first sign of the bot."""
        return self.interaction.acknowledged_after if self.interaction else self._acknowledged_after

    @property
    def seen(self) -> Message | None:
        """The message that answers: the response, or the changed message, or the first follow-up."""
        if self._message is not None:
            return self._message
        if self.interaction is None:
            return None
        if self.interaction.original is not None:
            return self.interaction.original
        if self.interaction.source is not None and (self.interaction.updated or not self.interaction.followups):
            return self.interaction.source
        return self.interaction.followups[0] if self.interaction.followups else None

    @property
    def message(self) -> Message:
        """The message that answers; NotPossibleError where the answer is no message."""
        message = self.seen
        if message is None:
            raise NotPossibleError(f"{self.user.name} got no message")
        return message

    @property
    def followups(self) -> list[Message]:
        """The further messages that the interaction sent, oldest first, without deleted ones."""
        return [m for m in self.interaction.followups if not m.deleted] if self.interaction else []

    @property
    def modal(self) -> dict[str, Any] | None:
        """The form that opened: custom_id, title, components."""
        return self.interaction.modal if self.interaction else None

    @property
    def content(self) -> str:
        """The text above the embeds."""
        return self.seen.content if self.seen else ""

    @property
    def embeds(self) -> list[dict[str, Any]]:
        """The embeds as they were sent."""
        return self.seen.embeds if self.seen else []

    @property
    def components(self) -> list[dict[str, Any]]:
        """The rows of components as they were sent."""
        return self.seen.components if self.seen else []

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons, in reading order, out of their rows."""
        return [c for c in flattened(self.components) if c.get("type") == ComponentKind.BUTTON]

    @property
    def edits(self) -> list[dict[str, Any]]:
        """The body of every edit, oldest first; the one that fills a deferral in is the first."""
        return self.seen.edits if self.seen else []

    @property
    def pings(self) -> list[str]:
        """The mentions in it that rang."""
        return self.seen.pings if self.seen else []

    @property
    def ephemeral(self) -> bool:
        """Only the user sees it."""
        return bool(self.seen and self.seen.ephemeral)

    @property
    def deleted(self) -> bool:
        """It was there and is gone."""
        return bool(self.seen and self.seen.deleted)
