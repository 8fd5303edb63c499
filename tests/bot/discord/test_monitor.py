"""What the bot tells of itself on loopback, and that a loop or a gateway that hangs is noticed."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import discord
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.discord.bot_context import BotContext
from bot.discord.conversations import Conversations
from bot.discord.monitor import GATEWAY_PATIENCE, LOOP_PATIENCE, Monitor, serving
from bot.discord.service import ServiceOptions, serve
from bot.discord.worker_pool import WorkerPool
from corpus.errors import DiscordSetupError, QuestionError
from tests.bot.discord.samples import answer
from tests.bot.discord.scripted import Scripted, state
from tests.bot.discord.subscribed import PATIENT
from tests.bot.discord.test_service import stop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.testing import Channel, Guild, Loopback, User


def get(port: int, path: str) -> tuple[int, str]:
    """Status and text; 0 where no handler yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except urllib.error.URLError:
        return 0, ""


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def samples(text: str) -> dict[tuple[str, str], float]:
    """Values by name and by what their labels say."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Hands:
    """A clock that is moved on by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def watched(loopback: Loopback, guild: Guild) -> AsyncIterator[tuple[Scripted, int]]:
    """A scripted assistant of a bot that tells how it is, and the port."""
    assistant, port = Scripted(), free_port()
    how = ServiceOptions(metrics_port=port)
    task = asyncio.create_task(
        serve(
            assistant, token=loopback.token, state=state(), cooldown=PATIENT, api_url=loopback.api_url, running=how
        )
    )
    await loopback.wait_ready()
    yield assistant, port
    await stop(task)


async def test_questions_are_counted_by_what_became_of_them_and_nothing_that_was_said_is_told(
    loopback: Loopback, watched: tuple[Scripted, int], alice: User, channel: Channel
) -> None:
    assistant, port = watched
    await loopback.slash(alice, "ask", channel=channel, question="who wrote RLSbench?")
    await loopback.mention(alice, channel, "who wrote RLSbench?")
    assistant.answer = answer(answered=False, summary="The digests hold 59 papers.")
    await loopback.direct_message(alice, "weather in Ulm?")
    for error in (QuestionError("ask in words"), TimeoutError(), RuntimeError("secret")):
        assistant.error = error
        await loopback.slash(alice, "ask", question="who wrote RLSbench?")
    status, text = await asyncio.to_thread(get, port, "/metrics")
    told = samples(text)
    assert status == 200
    assert {what: n for (name, what), n in told.items() if name == "digestbot_questions_total"} == {
        "answered": 2, "not answered": 1, "turned down": 1, "gave up": 1, "failed": 1,
    }  # fmt: skip
    assert told["digestbot_answer_seconds_count", ""] == 6
    assert told["digestbot_queue_length", ""] == 0
    assert not any(word in text for word in ("RLSbench", "Ulm", "alice", str(alice.id), str(channel.id), "secret"))


async def test_pages_that_are_added_are_counted(
    loopback: Loopback, watched: tuple[Scripted, int], alice: User, channel: Channel
) -> None:
    _, port = watched
    await loopback.slash(alice, "digest add", channel=channel, address="https://example.org/page")
    _, text = await asyncio.to_thread(get, port, "/metrics")
    assert samples(text)["digestbot_pages_total", "new"] == 1


async def test_a_bot_that_is_well_says_so_and_tells_of_its_gateway(
    loopback: Loopback, watched: tuple[Scripted, int]
) -> None:
    _, port = watched
    await loopback.until(
        lambda: samples(get_soon(port)).get(("digestbot_gateway_connected", "0")) == 1, "the connection is told"
    )
    assert await asyncio.to_thread(get, port, "/healthz") == (200, "ok\n")
    assert (await asyncio.to_thread(get, port, "/else"))[0] == 404


async def test_each_shard_is_told_of(loopback: Loopback, guild: Guild) -> None:
    port = free_port()
    how = ServiceOptions(shards=2, metrics_port=port)
    task = asyncio.create_task(
        serve(Scripted(), token=loopback.token, state=state(), api_url=loopback.api_url, running=how)
    )
    for shard in ("0", "1"):
        await loopback.until(
            lambda shard=shard: samples(get_soon(port)).get(("digestbot_gateway_connected", shard)) == 1,
            "each shard's connection is told",
        )
    assert await asyncio.to_thread(get, port, "/healthz") == (200, "ok\n")
    await stop(task)


def get_soon(port: int) -> str:
    return get(port, "/metrics")[1]


def test_a_loop_that_hangs_is_noticed_while_it_hangs() -> None:
    clock, gate, hangs, ready = Hands(), threading.Event(), threading.Event(), threading.Event()
    found: list[Monitor] = []
    ends: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def live() -> None:
        monitor = Monitor(BotContext(WorkerPool(Scripted()), Conversations(), state()), clock)
        found.append(monitor)
        over = asyncio.Event()
        ends.append((asyncio.get_running_loop(), over))
        beating = asyncio.create_task(monitor.beat())
        ready.set()
        await over.wait()
        beating.cancel()

    def hang() -> None:
        hangs.set()
        gate.wait(60)

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    assert ready.wait(30)
    (monitor,), ((loop, over),) = found, ends
    with serving(monitor, 0) as port:
        assert get(port, "/healthz") == (200, "ok\n")
        loop.call_soon_threadsafe(hang)
        assert hangs.wait(30)
        clock.now += LOOP_PATIENCE + 2
        status, said = get(port, "/healthz")
        assert (status, "the event loop has not run for 12 s" in said) == (503, True)
        gate.set()
        assert any(get(port, "/healthz")[0] == 200 for _ in range(10_000))
        loop.call_soon_threadsafe(over.set)
    thread.join(30)


async def test_a_gateway_that_is_silent_too_long_is_noticed() -> None:
    clock = Hands()
    monitor = Monitor(BotContext(WorkerPool(Scripted()), Conversations(), state()), clock)
    clock.now += GATEWAY_PATIENCE - 1
    monitor.look()
    assert monitor.problems() == []
    clock.now += 2
    monitor.look()
    assert monitor.problems() == ["shard 0 has not been heard for 121 s"]


async def test_a_port_that_is_taken_is_told_as_what_it_is(loopback: Loopback) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(DiscordSetupError, match=f"DIGESTBOT_METRICS_PORT: port {port}"):
            await serve(
                Scripted(),
                token=loopback.token,
                state=state(),
                api_url=loopback.api_url,
                running=ServiceOptions(metrics_port=port),
            )


async def test_the_links_to_invite_the_bot_are_announced_once(loopback: Loopback, guild: Guild) -> None:
    announced: list[str] = []
    loopback.gateway.refuse_connections = 1

    async def at_once(seconds: float) -> None:
        return None

    task = asyncio.create_task(
        serve(
            Scripted(),
            token=loopback.token,
            state=state(),
            api_url=loopback.api_url,
            pause=at_once,
            running=ServiceOptions(announce=announced.append),
        )
    )
    await loopback.wait_ready()
    await stop(task)
    (lines,) = announced
    server, user = lines.splitlines()
    assert f"client_id={loopback.bot.id}&scope=bot+applications.commands&permissions=" in server
    assert f"client_id={loopback.bot.id}&scope=applications.commands&integration_type=1" in user
    asked = discord.Permissions(int(server.partition("permissions=")[2].partition("&")[0]))
    assert asked.create_public_threads
    assert asked.send_messages_in_threads
    assert not asked.administrator


def test_without_the_setting_prometheus_is_not_loaded() -> None:
    code = "import sys, bot.discord.service; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=".", timeout=120).returncode == 0
