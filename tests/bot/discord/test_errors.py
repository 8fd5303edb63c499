"""What a user is told about each kind of error."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.discord.bot_context import BotContext
from bot.discord.commands import ask_command
from bot.discord.conversations import Conversations
from bot.discord.errors import explain, request_id
from bot.discord.worker_pool import BusyError, WorkerPool
from corpus.errors import NotFoundError, StoreError
from tests.bot.discord.reading import visible
from tests.bot.discord.scripted import Scripted, state


def told(error: BaseException) -> str | None:
    reply = explain(error, "0000002a")
    return reply.content if reply else None


def http(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    return kind(response, {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NotFoundError("no digest of that name"), "No digest of that name."),
        (BusyError("Please ask again."), "Please ask again."),
        (TimeoutError(), "took too long"),
        (app_commands.CommandNotFound("old", []), "has changed"),
        (ValueError("secret"), "request 0000002a"),
        (http(discord.HTTPException, 500, 0), "request 0000002a"),
        (http(discord.DiscordServerError, 503, 0), "request 0000002a"),
        (aiohttp.ClientConnectionError("secret host"), "request 0000002a"),
        (StoreError("cannot read /srv/secret/state.sqlite"), "request 0000002a"),
    ],
)
def test_every_error_has_a_line_of_its_own(error: Exception, says: str) -> None:
    line = told(error) or ""
    assert says in visible(line)
    assert "secret" not in line


def test_an_error_within_a_command_is_told_as_itself() -> None:
    command = ask_command(BotContext(WorkerPool(Scripted()), Conversations(), state()))
    assert told(app_commands.CommandInvokeError(command, NotFoundError("gone."))) == "Gone."


@pytest.mark.parametrize(
    "error",
    [
        http(discord.NotFound, 404, 10062),
        http(discord.HTTPException, 401, 50027),
        http(discord.NotFound, 404, 10008),
        http(discord.Forbidden, 403, 50007),
        http(discord.Forbidden, 403, 50013),
    ],
    ids=["interaction expired", "token expired", "message deleted", "messages closed", "not permitted"],
)
def test_where_nobody_can_be_told_nothing_is_said(error: discord.HTTPException) -> None:
    assert told(error) is None


def test_a_request_id_is_short() -> None:
    assert request_id(1_445_000_000_000_000_042) == f"{1_445_000_000_000_000_042 % 2**32:08x}"
    assert len(request_id(1)) == 8
