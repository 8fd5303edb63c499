"""What a Discord that fails does to a question: answered once all the same, or given up, and the bot goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.scripted import Scripted

CALLBACK = ("POST", "/interactions/*/callback")
FILL_IN = ("PATCH", "/webhooks/*")
POST = ("POST", "/channels/*/messages")


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py's waits between two tries take no time."""
    sleep = asyncio.sleep

    async def at_once(seconds: float, result: Any = None) -> Any:
        return await sleep(0, result)

    monkeypatch.setattr("discord.http.asyncio.sleep", at_once)


async def asked_and_answered_once(
    loopback: Loopback, user: User, channel: Channel, route: tuple[str, str]
) -> None:
    if route == POST:
        await loopback.mention(user, channel, "who?")
    else:
        assert (await loopback.slash(user, "ask", channel=channel, question="who?")).embeds
    await loopback.settle()
    said = [message for message in channel.visible() if message.author is loopback.bot]
    assert len(said) == 1
    assert said[0].embeds


@pytest.mark.parametrize("route", [CALLBACK, FILL_IN, POST])
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_discord_that_fails_once_gets_the_answer_once(
    loopback: Loopback,
    assistant: Scripted,
    alice: User,
    channel: Channel,
    route: tuple[str, str],
    status: int,
) -> None:
    loopback.fail_next(*route, status=status)
    await asked_and_answered_once(loopback, alice, channel, route)


@pytest.mark.parametrize("route", [CALLBACK, FILL_IN, POST])
@pytest.mark.parametrize("everywhere", [True, False])
async def test_a_limit_is_waited_for(
    loopback: Loopback,
    assistant: Scripted,
    alice: User,
    channel: Channel,
    route: tuple[str, str],
    everywhere: bool,
) -> None:
    loopback.rate_limit_next(*route, retry_after=0.05, everywhere=everywhere)
    await asked_and_answered_once(loopback, alice, channel, route)


@pytest.mark.parametrize("route", [CALLBACK, FILL_IN, POST])
@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_lost_connection_loses_no_answer_and_gives_none_twice(
    loopback: Loopback,
    assistant: Scripted,
    alice: User,
    channel: Channel,
    route: tuple[str, str],
    takes_effect: bool,
) -> None:
    loopback.drop_next(*route, takes_effect=takes_effect)
    await asked_and_answered_once(loopback, alice, channel, route)


async def test_a_token_that_has_expired_is_given_up_and_the_bot_goes_on(
    loopback: Loopback,
    assistant: Scripted,
    alice: User,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assistant.gate.clear()
    asking = asyncio.create_task(loopback.slash(alice, "ask", channel=channel, question="who?"))
    await asyncio.to_thread(assistant.started.acquire)
    loopback.clock.advance(1000)
    assistant.gate.set()
    await loopback.until(lambda: any(r.status == 401 for r in loopback.requests), "the bot tries to fill it in")
    asking.cancel()
    assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds
    assert len([r for r in loopback.requests if r.status == 401]) == 1


async def test_a_channel_that_is_deleted_while_it_is_answered_is_given_up(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant.gate.clear()
    await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
    await asyncio.to_thread(assistant.started.acquire)
    del loopback.world.channels[channel.id]
    assistant.gate.set()
    await loopback.until(
        lambda: any(r.status == 404 and r.path.endswith("/messages") for r in loopback.requests),
        "the bot tries to answer",
    )
    other = guild.add_channel("other")
    assert (await loopback.mention(alice, other, "who?")).embeds


async def test_direct_messages_that_close_while_they_are_answered_are_given_up(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.gate.clear()
    await loopback.say(alice, loopback.direct_channel(alice), "who?")
    await asyncio.to_thread(assistant.started.acquire)
    alice.dms_open = False
    assistant.gate.set()
    await loopback.until(lambda: any(r.status == 403 for r in loopback.requests), "the bot tries to answer")
    assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds
    assert len([r for r in loopback.requests if r.status == 403]) == 1
