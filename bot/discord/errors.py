"""Errors: what a user is told when something fails, and what the log is told.

One cascade for commands, messages, menus, buttons and forms, from what is meant for users to what nobody expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.discord.render import Reply, line
from corpus.errors import DigestbotError, EncoderError, SearchIndexError, StoreError

if TYPE_CHECKING:
    from typing import Any


log = structlog.get_logger(__name__)

CHANGED = "This command has changed. Reload Discord (Ctrl+R, or restart the app) and try again."
SLOW = (
    "That took too long, and I gave up. Please try again in a minute, or ask something shorter; if it goes on, "
    "tell the people who run me: request {}."
)
RESTARTED = "I am being restarted. Please ask again in a minute."
FAILED = (
    "Something went wrong on my side. Please try again; if it goes on, tell the people who run me: request {}."
)


EXPIRED = {10015, 10062, 50027}
"""Discord's codes for an interaction that nobody can answer any more: it took longer than its 15 minutes."""

OURS = (StoreError, SearchIndexError, EncoderError)
"""What only who runs the bot can mend; their messages name files, which are nobody else's business."""

UNREACHABLE = (discord.NotFound, discord.Forbidden)
"""What Discord says where a message, channel or user has gone, or may not be written to."""

UNANSWERED = (discord.DiscordServerError, aiohttp.ClientError, OSError)
"""Discord or the network does not answer: where in the code that happened tells nothing."""


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
        case DigestbotError() if not isinstance(error, OURS):
            log.info("turned down", request=request, error=kind, **where)
            return line(_sentence(str(error)))
        case TimeoutError():
            log.error("gave up", request=request, **where)
            return line(SLOW.format(request))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            log.warning("command out of date", request=request, error=kind, **where)
            return line(CHANGED)
        case discord.HTTPException() if isinstance(error, UNREACHABLE) or error.code in EXPIRED:
            log.warning("cannot reply", request=request, status=error.status, code=error.code, **where)
            return None
        case _:
            cause = None if isinstance(error, UNANSWERED) else error
            log.error("failed", request=request, error=kind, exc_info=cause, **where)
            return line(FAILED.format(request))


def _sentence(message: str) -> str:
    """A message of the command line as Discord's users read it."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
