"""The buttons under a reply: what each is called, and what it has to know, which stands in its custom_id.

Nothing listens to a single message: one item for all buttons does (``bot.discord.pressing``), so that they outlive
a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.discord.menu import menu_of

if TYPE_CHECKING:
    from bot.discord.render import Reply

PREFIX = "digestbot"
MORE, SIMILAR, UP, DOWN, UNDO, DELETE, WHY = "more", "similar", "up", "down", "undo", "delete", "why"
"""What a press does; the last is the form that asks for a reason."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what a press does, to what, and how it looks."""

    act: str
    about: str
    label: str | None = None
    emoji: str | None = None

    @property
    def custom_id(self) -> str:
        """What Discord gives back when it is pressed; at most 100 characters."""
        return f"{PREFIX}:{self.act}:{self.about}"


def more(answer: str) -> Button:
    """Show the next citations of an answer."""
    return Button(MORE, answer, "More")


def similar(entry: int, offset: int = 0) -> Button:
    """Show the entries most like one of them; from an offset on, the next of them."""
    return Button(SIMILAR, f"{entry}:{offset}", "More" if offset else "Similar")


def votes(answer: str) -> tuple[Button, Button]:
    """Say whether an answer was good."""
    return Button(UP, answer, emoji="👍"), Button(DOWN, answer, emoji="👎")


def undo(answer: str) -> Button:
    """Take a vote back."""
    return Button(UNDO, answer, "Undo")


def delete(asker: int, answer: str) -> Button:
    """Delete the reply; the asker may, whose id therefore stands in it."""
    return Button(DELETE, f"{asker}:{answer}", emoji="🗑️")


def controls_of(reply: Reply) -> discord.ui.View | None:
    """The menu and the buttons of a reply, a row each; None where it has neither."""
    if not reply.shown and not reply.buttons:
        return None
    view = discord.ui.View(timeout=None)
    if reply.shown:
        view.add_item(menu_of(reply.shown))
    for button in reply.buttons:
        view.add_item(discord.ui.Button(label=button.label, emoji=button.emoji, custom_id=button.custom_id, row=1))
    view.stop()  # else discord.py would keep it in memory for as long as the bot runs
    return view
