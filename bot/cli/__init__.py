"""The command line: one module a room, each with its commands."""

from bot.cli.app import main

__all__ = ["main"]
