"""Errors: what a user is told when something fails, and what the log is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import structlog
from discord import app_commands

from bot.discord.render import Reply, line
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from typing import Any

log = structlog.get_logger(__name__)

CHANGED = "This command has changed. Reload Discord (Ctrl+R, or restart the app) and try again."
SLOW = "That took too long, and I gave up. Please try again in a minute, or ask something shorter."
FAILED = (
    "Something went wrong on my side. Please try again; if it goes on, tell the people who run me: request {}."
)


def request_id(snowflake: int) -> str:
    """A short name for what is being handled, the same in the reply and in the log."""
    return f"{snowflake & 0xFFFFFFFF:08x}"


def explain(error: BaseException, request: str, **where: Any) -> Reply | None:
    """Log an error and find the line for the user; None where Discord lets nobody be told.

    Args:
        error: what a command or a message's handling raised.
        request: the request's id.
        where: facts for the log; no words of users or documents.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    kind = type(error).__name__
    match error:
        case DigestbotError():
            log.info("turned down", request=request, error=kind, **where)
            return line(_sentence(str(error)))
        case TimeoutError():
            log.error("gave up", request=request, **where)
            return line(SLOW)
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            log.warning("command out of date", request=request, error=kind, **where)
            return line(CHANGED)
        case discord.NotFound() | discord.Forbidden():
            log.warning("cannot reply", request=request, status=error.status, code=error.code, **where)
            return None
        case _:
            log.error("failed", request=request, error=kind, exc_info=error, **where)
            return line(FAILED.format(request))


def _sentence(message: str) -> str:
    """A message of the command line as Discord's users read it."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
