"""The command line: one module a room, each with its commands."""

from __future__ import annotations

from bot.cli.app import main

__all__ = ["main"]
