"""When two descriptions of commands are the same."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.discord.bot_context import BotContext
from bot.discord.client import comparable
from bot.discord.commands import Tree, ask_command
from bot.discord.conversations import Conversations
from bot.discord.worker_pool import WorkerPool
from tests.bot.discord.scripted import Scripted, state


@pytest.fixture
async def ours() -> dict[str, Any]:
    client = discord.Client(intents=discord.Intents.none())
    command = ask_command(BotContext(WorkerPool(Scripted()), Conversations(), state()))
    return command.to_dict(Tree(client))


def as_registered(command: dict[str, Any]) -> dict[str, Any]:
    """The command as Discord gives it back: with its own fields, defaults filled in or left out."""
    options = [
        {key: value for key, value in option.items() if value is not False} | {"name_localizations": None}
        for option in command["options"]
    ]
    given = {"id": "1", "application_id": "2", "version": "3", "name_localizations": None, "handler": None}
    given |= {"name_localized": command["name"], "not_there_yet": 1}
    return {**command, **given, "options": options, "integration_types": [1, 0], "contexts": [2, 0, 1]}


async def test_a_command_as_discord_gives_it_back_is_the_same(ours: dict[str, Any]) -> None:
    assert comparable([as_registered(ours)]) == comparable([ours])


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Another"},
        {"options": []},
        {"contexts": [0]},
        {"integration_types": [0]},
        {"name": "tell"},
        {"default_member_permissions": 0},
        {"nsfw": True},
        {"name_localizations": {"de": "frag"}},
    ],
)
async def test_a_command_that_differs_is_not_the_same(ours: dict[str, Any], change: dict[str, Any]) -> None:
    assert comparable([as_registered(ours) | change]) != comparable([ours])


async def test_an_option_that_became_required_is_a_difference(ours: dict[str, Any]) -> None:
    changed = as_registered(ours)
    changed["options"][1]["required"] = True
    assert comparable([changed]) != comparable([ours])


async def test_a_command_too_many_is_a_difference(ours: dict[str, Any]) -> None:
    assert comparable([ours, {"name": "old", "description": "Old"}]) != comparable([ours])


async def test_the_command_can_be_used_everywhere(ours: dict[str, Any]) -> None:
    assert ours["contexts"] == [0, 1, 2]
    assert ours["integration_types"] == [0, 1]
    assert [choice["value"] for choice in ours["options"][1]["choices"]] == ["paper", "job", "article", "figure"]
    assert ours["options"][0]["max_length"] == 1000
    assert ours["options"][2]["autocomplete"] is True
