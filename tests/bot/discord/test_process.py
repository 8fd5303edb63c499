"""The bot as a process of its own, with the bundled digests and the real model."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.testing import Loopback
from tests.bot.discord.reading import unquoted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.assistant import Assistant
    from bot.testing import Guild, User
    from tests.bot.discord.conftest import Start

ROOT = Path(__file__).parents[3]
PATIENCE = 180.0
AUTHORS = (
    "Saurabh Garg",
    "Nick Erickson",
    "James Sharpnack",
    "Alex Smola",
    "Sivaraman Balakrishnan",
    "Zachary Lipton",
)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes of this module keep their corpus; the first of them makes it."""
    return tmp_path_factory.mktemp("data")


@contextlib.asynccontextmanager
async def process(loopback: Loopback, data_dir: Path, token: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m bot run`` against a Discord; killed at the end of the block if it still runs."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DIGESTBOT_", "DISCORD_"))
    }
    environment |= {
        "DISCORD_TOKEN": token,
        "DISCORD_API_URL": loopback.api_url,
        "DIGESTBOT_DATA_DIR": str(data_dir),
        "PYTHONPATH": str(ROOT),
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=data_dir,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.communicate()


@pytest.mark.slow
async def test_command_message_and_mention_are_answered_and_a_signal_ends_it(data_dir: Path) -> None:
    async with Loopback(patience=PATIENCE) as loopback:
        guild = loopback.add_guild("Reading group")
        channel = guild.add_channel("papers")
        alice = guild.add_member(loopback.add_user("alice"))
        loopback.gateway.refuse_connections = 1
        async with process(loopback, data_dir, loopback.token) as bot:
            await loopback.wait_ready()
            replies = [
                await loopback.slash(alice, "ask", channel=channel, question="who wrote RLSbench?"),
                await loopback.slash(alice, "ask", question="who wrote RLSbench?"),
                await loopback.direct_message(alice, "who wrote RLSbench?"),
                await loopback.mention(alice, channel, "who wrote RLSbench?"),
            ]
            offered = await loopback.autocomplete(alice, "ask", "digest", "2023", channel=channel, question="who?")
            too_long = await loopback.direct_message(alice, "word " * 390)
            await loopback.settle()
            bot.send_signal(signal.SIGTERM)
            _, errors = await asyncio.wait_for(bot.communicate(), PATIENCE)
        for reply in replies:
            assert any(all(name in embed["description"] for name in AUTHORS) for embed in reply.embeds)
            assert all(unquoted(embed["description"]) for embed in reply.embeds)
            assert reply.acknowledged_after is not None
            assert reply.acknowledged_after < 1
        assert offered
        assert too_long.embeds == []
        assert "1000" in too_long.content
        assert bot.returncode == 0
        assert b"RLSbench" not in errors
        assert loopback.refused == []
        assert loopback.unknown_requests == []
        assert loopback.pings == []


@pytest.mark.slow
async def test_a_wrong_token_is_one_clear_line(data_dir: Path) -> None:
    async with Loopback(patience=PATIENCE) as loopback:
        async with process(loopback, data_dir, "wrong") as bot:
            _, errors = await asyncio.wait_for(bot.communicate(), PATIENCE)
        assert bot.returncode == 1
        last = errors.decode().strip().splitlines()[-1]
        assert "Discord refuses the token" in last
        assert b"Traceback" not in errors


async def test_the_real_assistant_answers_and_its_quotes_are_what_is_stored(
    loopback: Loopback, start: Start, bundled: Assistant, alice: User, guild: Guild
) -> None:
    async with start(bundled):
        reply = await loopback.slash(alice, "ask", question="papers on differential privacy", kind="paper")
    said = bundled.ask("papers on differential privacy", kind="paper")
    assert reply.embeds
    for embed, citation in zip(reply.embeds, said.citations, strict=False):
        stored = bundled.text(citation.document, citation.start, citation.end)
        assert unquoted(embed["description"]).split() == stored.split()
