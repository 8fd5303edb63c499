"""Starting, staying connected and stopping."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import TYPE_CHECKING

import pytest

from bot.discord.service import MOST_ATTEMPTS, serve
from bot.testing.kinds import NO_INTENT
from corpus.errors import DiscordSetupError
from tests.bot.discord.scripted import Scripted, state

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start


class Waits:
    """Takes the place of waiting, and notes how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def registrations(loopback: Loopback) -> int:
    return sum(request.method == "PUT" and request.path.endswith("/commands") for request in loopback.requests)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_commands_are_registered_at_the_first_start_and_left_alone_at_the_next(
    loopback: Loopback, start: Start, guild: Guild, alice: User
) -> None:
    async with start(Scripted()):
        assert registrations(loopback) == 1
    async with start(Scripted()):
        assert registrations(loopback) == 1
        assert (await loopback.slash(alice, "ask", question="who?")).embeds


async def test_the_bot_starts_where_commands_cannot_be_registered(
    loopback: Loopback, start: Start, alice: User, guild: Guild
) -> None:
    loopback.fail_next("PUT", "/applications/*/commands", status=403)
    async with start(Scripted()):
        assert (await loopback.direct_message(alice, "who?")).embeds


async def test_a_dropped_connection_is_resumed_and_what_happened_meanwhile_is_answered(
    loopback: Loopback, start: Start, alice: User, guild: Guild, channel: Channel
) -> None:
    async with start(Scripted()):
        await loopback.gateway.drop()
        reply = await loopback.mention(alice, channel, "who?")
        assert reply.embeds
        assert loopback.gateway.resumes == 1
        assert loopback.gateway.identifies == 1


async def test_a_request_to_reconnect_is_followed(
    loopback: Loopback, start: Start, alice: User, guild: Guild
) -> None:
    async with start(Scripted()):
        await loopback.gateway.request_reconnect()
        await loopback.until(lambda: loopback.gateway.resumes == 1, "the bot resumes")
        assert (await loopback.direct_message(alice, "who?")).embeds


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_resumed_or_made_anew(
    loopback: Loopback, start: Start, alice: User, guild: Guild, resumable: bool
) -> None:
    async with start(Scripted()):
        await loopback.gateway.invalidate(resumable=resumable)
        await loopback.until(
            lambda: (loopback.gateway.resumes if resumable else loopback.gateway.identifies - 1) == 1,
            "the bot is back",
        )
        assert (await loopback.direct_message(alice, "who?")).embeds


@pytest.mark.parametrize("event", ["INTERACTION_CREATE", "MESSAGE_CREATE"])
async def test_an_event_that_cannot_be_read_does_not_end_the_bot(
    loopback: Loopback, start: Start, alice: User, guild: Guild, event: str
) -> None:
    async with start(Scripted()):
        odd = {"id": "1", "type": 99, "token": "odd", "channel_id": None, "guild_id": str(guild.id)}
        loopback.gateway.dispatch(event, odd, None, NO_INTENT)
        assert (await loopback.direct_message(alice, "who?")).embeds
        assert loopback.gateway.connections == 1


async def test_a_refused_first_connection_is_tried_again(loopback: Loopback, alice: User) -> None:
    loopback.gateway.refuse_connections = 2
    waits = Waits()
    task = asyncio.create_task(
        serve(Scripted(), state=state(), token=loopback.token, api_url=loopback.api_url, pause=waits)
    )
    await loopback.wait_ready()
    assert (await loopback.direct_message(alice, "who?")).embeds
    assert waits.seconds == [1.0, 2.0]
    await stop(task)


async def test_a_discord_that_is_down_at_the_start_is_tried_again(loopback: Loopback, alice: User) -> None:
    loopback.fail_next("GET", "/gateway/bot", status=503, times=3)
    waits = Waits()
    task = asyncio.create_task(
        serve(Scripted(), state=state(), token=loopback.token, api_url=loopback.api_url, pause=waits)
    )
    await loopback.wait_ready()
    assert waits.seconds == [1.0, 2.0, 4.0]
    await stop(task)


async def test_an_address_where_nothing_answers_is_given_up_in_the_end() -> None:
    waits = Waits()
    with pytest.raises(DiscordSetupError, match=r"does not answer at http://127\.0\.0\.1:9/api"):
        await serve(Scripted(), state=state(), token="t", api_url="http://127.0.0.1:9/api", pause=waits)
    assert len(waits.seconds) == MOST_ATTEMPTS - 1
    assert waits.seconds == sorted(waits.seconds)
    assert max(waits.seconds) <= 60


async def test_a_refused_token_is_said_at_once(loopback: Loopback) -> None:
    waits = Waits()
    with pytest.raises(DiscordSetupError, match="refuses the token"):
        await serve(Scripted(), state=state(), token="wrong", api_url=loopback.api_url, pause=waits)
    assert waits.seconds == []


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
async def test_a_final_close_code_ends_the_bot_with_its_reason(
    loopback: Loopback, guild: Guild, code: int
) -> None:
    task = asyncio.create_task(
        serve(Scripted(), state=state(), token=loopback.token, api_url=loopback.api_url, pause=Waits())
    )
    await loopback.wait_ready()
    await loopback.gateway.drop(code)
    with pytest.raises(DiscordSetupError, match="token" if code == 4004 else str(code)):
        await task


@pytest.mark.parametrize("address", ["discord.com/api/v10", "ftp://discord.com"])
async def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(DiscordSetupError, match="DISCORD_API_URL"):
        await serve(Scripted(), state=state(), token="t", api_url=address, pause=Waits())


async def test_an_address_without_a_gateway_is_refused(loopback: Loopback) -> None:
    loopback.fail_next("GET", "/gateway/bot", status=404)
    with pytest.raises(DiscordSetupError, match="no gateway"):
        await serve(Scripted(), state=state(), token=loopback.token, api_url=loopback.api_url, pause=Waits())


async def test_an_error_of_the_bots_own_is_not_tried_again(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.discord.client.register", broken)
    with pytest.raises(ZeroDivisionError):
        await serve(Scripted(), state=state(), token=loopback.token, api_url=loopback.api_url, pause=Waits())


async def test_a_cancelled_bot_sends_the_reply_under_way_first(
    loopback: Loopback, start: Start, alice: User, guild: Guild
) -> None:
    assistant = Scripted()
    async with start(assistant) as task:
        assistant.gate.clear()
        asking = asyncio.create_task(loopback.slash(alice, "ask", question="who?"))
        await asyncio.to_thread(assistant.started.acquire)
        task.cancel()
        assistant.gate.set()
        assert (await asking).embeds
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_bot_in_good_order(
    loopback: Loopback, start: Start, guild: Guild, number: signal.Signals
) -> None:
    async with start(Scripted()) as task:
        os.kill(os.getpid(), number)
        await asyncio.wait_for(task, 30)
    assert loopback.gateway.connected() == []


async def test_a_login_that_fails_is_tried_again_and_leaves_nothing_open(
    loopback: Loopback, alice: User, recwarn: pytest.WarningsRecorder
) -> None:
    loopback.fail_next("GET", "/users/@me", status=503, times=2)
    waits = Waits()
    task = asyncio.create_task(
        serve(Scripted(), state=state(), token=loopback.token, api_url=loopback.api_url, pause=waits)
    )
    await loopback.wait_ready()
    assert waits.seconds == [1.0, 2.0]
    assert (await loopback.direct_message(alice, "who?")).embeds
    await stop(task)
    assert not [warning for warning in recwarn if "Unclosed" in str(warning.message)]
