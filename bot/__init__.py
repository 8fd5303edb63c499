"""Whom we tell: the assistant, and its faces: command line and Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.assistant import Assistant


__all__ = ["Assistant"]


def __getattr__(name: str) -> Any:
    """Import the assistant when it is first asked for: the package itself loads nothing heavy."""
    if name == "Assistant":
        from bot.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
