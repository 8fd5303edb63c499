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

from bot.discord.interactions import REASONS
from bot.sources.ingest import Source
from bot.state import StateFile
from bot.state.feedback import Feedback
from bot.testing import Loopback
from tests.bot.discord.reading import unquoted
from tests.bot.discord.subscribed import BANDITS, PRIVACY, page, paper
from tests.bot.discord.test_buttons import of
from tests.doubles import stored_quote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.assistant import Assistant
    from bot.testing import Guild, Message, User
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
async def process(
    loopback: Loopback, data_dir: Path, token: str, *command: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m bot run``, or another command, against a Discord; killed at the block's end if it still runs."""
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
        *(command or ("-m", "bot", "run")),
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
async def test_buttons_work_after_the_process_was_started_again(data_dir: Path) -> None:
    async with Loopback(patience=PATIENCE) as loopback:
        guild = loopback.add_guild("Reading group")
        channel = guild.add_channel("papers")
        alice = guild.add_member(loopback.add_user("alice"))
        async with process(loopback, data_dir, loopback.token) as bot:
            await loopback.wait_ready()
            reply = await loopback.slash(alice, "ask", channel=channel, question="large language model papers")
            form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
            bot.send_signal(signal.SIGTERM)
            await asyncio.wait_for(bot.communicate(), PATIENCE)
        await loopback.gateway.drop()
        async with process(loopback, data_dir, loopback.token) as bot:
            await loopback.wait_ready()
            second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
            likest = await loopback.click(alice, reply, custom_id=of(reply, "similar"))
            thanks = await loopback.submit_modal(alice, form, choice="missing")
            deleted = await loopback.click(alice, second, custom_id=of(second, "delete"))
            await loopback.settle()
            bot.send_signal(signal.SIGTERM)
            _, errors = await asyncio.wait_for(bot.communicate(), PATIENCE)
        assert bot.returncode == 0
        assert second.embeds
        assert not {e["title"][4:] for e in second.embeds} & {e["title"][4:] for e in reply.embeds}
        assert likest.embeds
        assert likest.ephemeral
        assert thanks.content.startswith("Thank you!")
        assert deleted.deleted
        assert b"language" not in errors
        assert loopback.refused == []
        assert loopback.unknown_requests == []
        assert loopback.pings == []
    with contextlib.closing(StateFile(data_dir)) as state:
        (vote,) = Feedback(state).votes()
    assert (vote.question, vote.up, vote.reason) == ("large language model papers", False, REASONS["missing"])


async def test_buttons_go_on_from_what_is_there_when_a_page_has_been_taken_out(
    loopback: Loopback, start: Start, empty: Assistant, alice: User
) -> None:
    for name in ("kites", "balloons"):
        entries = "".join(f"## {name} in winds of {n}\n\n- Authors: Ada Moss\n\nThey fly.\n\n" for n in range(8))
        empty.ingest([Source(Path(f"{name}.md"), data=f"# Notes on {name}\n\n{entries}".encode())])
    async with start(empty):
        reply = await loopback.slash(alice, "papers", author="Ada Moss")
        gone, left = sorted({c.document for c in empty.browse("paper", {"author": "Ada Moss"}, top=16).citations})
        if gone not in reply.embeds[0]["footer"]["text"].lower():
            gone, left = left, gone
        empty.remove(gone)
        told = await loopback.click(alice, reply, custom_id=of(reply, "similar"))
        assert told.content == "That page has since been updated or removed. Please ask again."
        second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
        assert second.embeds
        assert all(left in embed["footer"]["text"].lower() for embed in second.embeds)


@pytest.mark.slow
async def test_a_wrong_token_is_one_clear_line(data_dir: Path) -> None:
    async with Loopback(patience=PATIENCE) as loopback:
        async with process(loopback, data_dir, "wrong") as bot:
            _, errors = await asyncio.wait_for(bot.communicate(), PATIENCE)
        assert bot.returncode == 1
        last = errors.decode().strip().splitlines()[-1]
        assert "Discord refuses the token" in last
        assert b"Traceback" not in errors


OFTEN = "import bot.discord.notifier as d, bot.cli; d.EVERY = 0.2; raise SystemExit(bot.cli.main(['run']))"
"""The bot, which looks for news more often than every half minute."""


@pytest.mark.slow
async def test_news_is_told_once_though_the_process_is_killed_before_it_knows_that_it_arrived(
    data_dir: Path, tmp_path: Path
) -> None:
    async def ingest(name: str, *papers: str) -> None:
        source = page(name, *papers)
        path = tmp_path / source.path
        path.write_bytes(source.data or b"")
        async with process(loopback, data_dir, "", "-m", "bot", "ingest", str(path)) as ingesting:
            await asyncio.wait_for(ingesting.communicate(), PATIENCE)

    def news() -> list[Message]:
        said = loopback.direct_channel(alice).visible()
        return [message for message in said if message.author is loopback.bot and message.interaction is None]

    async with Loopback(patience=PATIENCE) as loopback:
        alice = loopback.add_user("alice")
        async with process(loopback, data_dir, loopback.token, "-c", OFTEN) as bot:
            await loopback.wait_ready()
            await loopback.slash(alice, "subscribe", query="papers by Ana Ruiz")
            for method in ("POST", "GET"):  # it arrives, and the bot is kept from knowing it
                loopback.drop_next(method, "/channels/*/messages", takes_effect=True, times=10_000)
            await ingest("one", paper(BANDITS, "Bandit problems"))
            await loopback.until(lambda: len(news()) == 1, "the news arrives")
            bot.kill()
            await bot.communicate()
        loopback._api.faults.pending.clear()
        loopback.clock.advance(3600)
        async with process(loopback, data_dir, loopback.token, "-c", OFTEN):
            await loopback.wait_ready()
            await ingest("two", paper(PRIVACY, "Privacy"))
            await loopback.until(lambda: len(news()) == 2, "the later news arrives")
            assert [message.embeds[0]["title"] for message in news()] == [f"[1] {BANDITS}", f"[1] {PRIVACY}"]


async def test_the_real_assistant_answers_and_its_quotes_are_what_is_stored(
    loopback: Loopback, start: Start, bundled: Assistant, alice: User, guild: Guild
) -> None:
    async with start(bundled):
        reply = await loopback.slash(alice, "ask", question="papers on differential privacy", kind="paper")
    said = bundled.ask("papers on differential privacy", kind="paper")
    assert reply.embeds
    for embed, citation in zip(reply.embeds, said.citations, strict=False):
        stored = stored_quote(bundled, citation)
        assert unquoted(embed["description"]).split() == stored.split()
