"""Several connections, each for a share of the servers: the same bot to its users."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import discord.shard
import pytest

from bot.discord.service import DEFAULT_OPTIONS, ServiceOptions, serve
from corpus.errors import DiscordSetupError
from tests.bot.discord.scripted import Scripted, state
from tests.bot.discord.subscribed import PATIENT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.testing import Channel, Loopback, User


@contextlib.asynccontextmanager
async def running(
    loopback: Loopback, connections: int, how: ServiceOptions = DEFAULT_OPTIONS
) -> AsyncIterator[tuple[Scripted, asyncio.Task[None]]]:
    assistant = Scripted()
    task = asyncio.create_task(
        serve(
            assistant, token=loopback.token, state=state(), cooldown=PATIENT, api_url=loopback.api_url, running=how
        )
    )
    try:
        await loopback.until(
            lambda: task.done() or len(loopback.gateway.connected()) == connections, "every shard is connected"
        )
        if task.done():
            await task
        await loopback.wait_ready()
        yield assistant, task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, DiscordSetupError):
            await task


def places(loopback: Loopback, alice: User, servers: int) -> list[Channel]:
    """A channel in each of some servers, which fall to one shard after the other."""
    found = []
    for number in range(servers):
        guild = loopback.add_guild(f"Server {number}")
        guild.add_member(alice)
        found.append(guild.add_channel("papers"))
        loopback.clock.advance(0.001)
    return found


def shards(loopback: Loopback) -> list[tuple[int, int]]:
    return sorted(session.shard for session in loopback.gateway.connected())


@pytest.mark.parametrize(
    ("wanted", "how"), [(3, DEFAULT_OPTIONS), (1, ServiceOptions(shards=3)), (2, ServiceOptions(shards=3))]
)
async def test_every_server_is_answered_over_its_own_shard_and_direct_messages_over_the_first(
    loopback: Loopback, alice: User, wanted: int, how: ServiceOptions
) -> None:
    loopback.gateway.shards = wanted
    channels = places(loopback, alice, 6)
    async with running(loopback, 3, how) as (assistant, _):
        assert shards(loopback) == [(0, 3), (1, 3), (2, 3)]
        for channel in channels:
            assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds
            assert (await loopback.mention(alice, channel, "who?")).embeds
        assert (await loopback.direct_message(alice, "who?")).embeds
        heard = {s.shard[0]: [e for e, _ in s.events].count("GUILD_CREATE") for s in loopback.gateway.connected()}
        assert heard == {0: 2, 1: 2, 2: 2}
        assert len(assistant.asked) == 13


async def test_dropped_shards_resume_and_a_lost_session_is_begun_anew(loopback: Loopback, alice: User) -> None:
    loopback.gateway.shards = 2
    first, second = places(loopback, alice, 2)
    async with running(loopback, 2):
        await loopback.gateway.drop()
        assert (await loopback.mention(alice, first, "who?")).embeds
        assert (await loopback.mention(alice, second, "who?")).embeds
        assert (loopback.gateway.identifies, loopback.gateway.resumes) == (2, 2)
        await loopback.gateway.invalidate(resumable=False)
        await loopback.until(lambda: loopback.gateway.identifies == 4, "both shards identify anew")
        await loopback.until(lambda: len(loopback.gateway.connected()) == 2, "both shards are back")
        assert (await loopback.slash(alice, "ask", channel=second, question="who?")).embeds


async def test_a_refused_first_connection_of_a_shard_is_tried_again(
    loopback: Loopback, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(seconds: float) -> None:
        return None

    monkeypatch.setattr(discord.shard.asyncio, "sleep", at_once)
    loopback.gateway.shards = 2
    loopback.gateway.refuse_connections = 3
    (channel, _) = places(loopback, alice, 2)
    async with running(loopback, 2):
        assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds


async def test_too_few_shards_by_setting_are_told_as_what_they_are(loopback: Loopback) -> None:
    loopback.gateway.shards = 4
    with pytest.raises(DiscordSetupError, match="DIGESTBOT_SHARDS"):
        async with running(loopback, 2, ServiceOptions(shards=2)):
            pass
