"""What the bot keeps of servers and people, apart from the corpus: each thing in a module of its own."""

from __future__ import annotations

from bot.state.database import StateFile

__all__ = ["StateFile"]
