"""The state database: what the bot stores about servers and users, apart from the corpus."""

from __future__ import annotations

from bot.state.database import StateFile

__all__ = ["StateFile"]
