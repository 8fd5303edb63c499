"""A reply as a user sees it, live: what the bot changes later shows here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import NotPossibleError
from .rules_components import Kind, flattened

if TYPE_CHECKING:
    from .interactions import Interaction
    from .message import Message
    from .state import User


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
        return [c for c in flattened(self.components) if c.get("type") == Kind.BUTTON]

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
