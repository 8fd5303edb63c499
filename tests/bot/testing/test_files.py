"""Files that users hand over with a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.testing import NotPossibleError, Upload
from bot.testing import exchange as files

if TYPE_CHECKING:
    from bot.testing import Channel, Loopback, User
    from bot.testing.fixtures import RunCommands


@app_commands.command(description="Count a file.")
async def count(interaction: discord.Interaction, file: discord.Attachment) -> None:
    await interaction.response.send_message(f"{file.filename}: {len(await file.read())} of {file.size} bytes")


async def test_a_file_is_handed_over_and_fetched(
    loopback: Loopback, alice: User, channel: Channel, run_commands: RunCommands
) -> None:
    async with run_commands(count):
        reply = await loopback.slash(alice, "count", channel=channel, file=Upload("a b?.md", b"\x00" * 5000))
        assert reply.content == "a b?.md: 5000 of 5000 bytes"
        with pytest.raises(NotPossibleError, match="'file' takes a file"):
            await loopback.slash(alice, "count", channel=channel, file="a.md")


async def test_the_oldest_files_make_room(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "KEPT_BYTES", 10)
    kept = [loopback.world.files.keep(Upload(f"{number}", b"12345")) for number in range(3)]
    async with aiohttp.ClientSession() as session:
        answers = [(await session.get(each["url"])).status for each in kept]
    assert answers == [404, 200, 200]
