"""How somebody who extends the bot tests a new command, and what the fixtures then see to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import discord
import pytest
from discord import app_commands

from bot.testing import NotPossibleError
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from bot.testing import Channel, Loopback, User
    from bot.testing.fixtures import RunCommands

ROOT = Path(__file__).resolve().parents[3]


@app_commands.command(description="Say hello.")
async def greet(interaction: discord.Interaction, name: app_commands.Range[str, 1, 20]) -> None:
    if name == "nobody":
        raise DigestbotError("there is nobody to greet")
    await interaction.response.send_message(f"Hello, {name}.")


async def test_greet(loopback: Loopback, alice: User, channel: Channel, run_commands: RunCommands) -> None:
    async with run_commands(greet):
        reply = await loopback.slash(alice, "greet", channel=channel, name="Bo")
    assert reply.content == "Hello, Bo."


async def test_an_error_is_told_as_the_bot_tells_it(
    loopback: Loopback, alice: User, run_commands: RunCommands
) -> None:
    async with run_commands(greet):
        reply = await loopback.slash(alice, "greet", name="nobody")
    assert reply.content == "There is nobody to greet."
    assert reply.ephemeral


async def test_what_nobody_could_do_in_discord_fails_with_the_reason(
    loopback: Loopback, alice: User, run_commands: RunCommands
) -> None:
    async with run_commands(greet):
        with pytest.raises(NotPossibleError, match="'name' takes 1 to 20 characters, not 30"):
            await loopback.slash(alice, "greet", name="x" * 30)
        with pytest.raises(NotPossibleError, match=r"no command 'great' here; it has \['greet'\]"):
            await loopback.slash(alice, "great")


RINGING = """
import discord
from discord import app_commands

pytest_plugins = ["bot.testing.fixtures"]


@app_commands.command(description="Ring.")
async def ring(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("@everyone", allowed_mentions=discord.AllowedMentions.all())


async def test_ring(loopback, alice, channel, run_commands):
    async with run_commands(ring):
        await loopback.slash(alice, "ring", channel=channel)
"""


def test_a_command_that_rings_somebody_fails_its_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(RINGING)
    pytester.makeini(f"[pytest]\npythonpath = {ROOT}\nasyncio_mode = auto\n")
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(["*mentions that rang: *@everyone*"])
