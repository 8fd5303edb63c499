"""Turns errors into a message for the user and a line in the log, for commands, messages and controls alike."""

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
    "That took too long, and I gave up. Please try again in a minute, or ask something shorter; if it happens "
    "again, tell the people who run me: request {}."
)
RESTARTED = "I am restarting. Please ask again in a minute."
FAILED = (
    "Something went wrong on my side. Please try again; if it happens again, tell the people who run me: request "
    "{}."
)

EXPIRED = {10015, 10062, 50027}
"""Discord's codes for an interaction older than 15 minutes."""

INTERNAL = (StoreError, SearchIndexError, EncoderError)
"""Errors for the people who run the bot; their messages name files, so users do not see them."""

UNREACHABLE = (discord.NotFound, discord.Forbidden)
"""Errors about a message, channel or user that is gone or closed to the bot."""

UNANSWERED = (discord.DiscordServerError, aiohttp.ClientError, OSError)
"""Errors of Discord or the network; their traceback tells nothing."""


def request_id(snowflake: int) -> str:
    """Return a request's short id, the same in the reply and the log."""
    return f"{snowflake & 0xFFFFFFFF:08x}"


def explain(error: BaseException, request: str, **where: Any) -> Reply | None:
    """Log an error and return the message for the user; None if Discord allows no message.

    ``where`` holds facts for the log, but no words of users or documents.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    kind = type(error).__name__
    match error:
        case DigestbotError() if not isinstance(error, INTERNAL):
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
    """Turn a message of the command line into a sentence."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
