"""Starts the client, restarts it after failures, and stops it gracefully."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.discord.bot_context import BotContext
from bot.discord.client import client_of
from bot.discord.conversations import Conversations
from bot.discord.monitor import run_monitor
from bot.discord.notifier import run_notifier
from bot.discord.transport import REFUSED, connect_to, take_events_in_turn
from bot.discord.worker_pool import WorkerPool
from bot.sources.worker import refresh_in_background
from corpus.errors import DiscordSetupError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.assistant import Assistant
    from bot.discord.client import DigestClient
    from bot.discord.monitor import Monitor
    from bot.discord.rate_limit import Cooldown
    from bot.sources.sources import Sources
    from bot.state import StateFile


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """How the bot runs.

    ``shards`` is the number of connections (None: as many as Discord wants), ``metrics_port`` a loopback port for
    ``/metrics`` and ``/healthz``. ``announce`` receives the invitation links once. ``rounds`` waits some seconds
    between two rounds of notifications.
    """

    shards: int | None = None
    metrics_port: int | None = None
    announce: Callable[[str], object] = str
    rounds: Callable[[float], Awaitable[object]] = asyncio.sleep


DEFAULT_OPTIONS = ServiceOptions()

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8
LONGEST_WAIT = 60.0
GRACE = 10.0
TRANSIENT = (
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    OSError,
)
FINAL_CODES = {
    4004: REFUSED,
    4010: "Discord refuses the connection: it names a shard that does not exist (4010).",
    4011: "The bot is in too many servers for so few connections (4011). Raise DIGESTBOT_SHARDS, or leave it out.",
    4012: "Discord no longer speaks this version of the gateway (4012). Update discord.py.",
    4013: "Discord does not know an intent that was asked for (4013). Update discord.py.",
    4014: "Discord refuses an intent that the bot is not allowed (4014). See Bot in the developer portal.",
}


async def serve(
    assistant: Assistant,
    *,
    token: str,
    state: StateFile,
    cooldown: Cooldown | None = None,
    sources: Sources | None = None,
    api_url: str | None = None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    running: ServiceOptions = DEFAULT_OPTIONS,
) -> None:
    """Answer questions in Discord until SIGTERM, SIGINT or a cancellation, then finish pending replies.

    Args:
        assistant: answers the questions.
        token: of the bot.
        state: the database of servers and users; stays open.
        cooldown: limits users and servers.
        sources: are refreshed in the background when due.
        api_url: base of the REST calls; None for Discord's own.
        pause: waits some seconds between two attempts to connect.
        running: further options.

    Raises:
        DiscordSetupError: Discord refuses the token or the bot, or fails to answer eight times in a row.
    """
    take_events_in_turn()
    workers = WorkerPool(assistant)
    context = BotContext(workers, Conversations(), state, cooldown)
    try:
        with stop_on_signals() as stopped:
            try:
                async with refresh_in_background(sources), run_monitor(context, running.metrics_port) as monitor:
                    await keep_connected(context, token, api_url, pause, running, monitor)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not stopped.is_set() or task is None or task.uncancel() > 0:
                    raise
        log.info("stopped")
    finally:
        workers.close()


async def keep_connected(
    context: BotContext,
    token: str,
    api_url: str | None,
    pause: Callable[[float], Awaitable[None]],
    running: ServiceOptions,
    monitor: Monitor | None = None,
) -> None:
    """Run one client after another, with growing waits between them; discord.py itself resumes sessions.

    Raises:
        DiscordSetupError: as in ``serve``.
    """
    failures = 0
    announce = cache(running.announce)  # the links are announced once, however often it reconnects
    while True:
        client: DigestClient | None = None
        try:
            wanted = await connect_to(api_url, token)
            client = client_of(context, running.shards or wanted)
            client.announce = announce
            if monitor:
                monitor.watch(client)
            await run_once(client, token, running)
        except discord.LoginFailure as error:
            raise DiscordSetupError(REFUSED) from error
        except discord.PrivilegedIntentsRequired as error:
            raise DiscordSetupError(FINAL_CODES[4014]) from error
        except (*TRANSIENT, AttributeError) as error:
            if not is_transient(error):
                raise
            if isinstance(error, discord.ConnectionClosed) and error.code in FINAL_CODES:
                raise DiscordSetupError(FINAL_CODES[error.code]) from error
            failures = 1 if client and client.connected else failures + 1
            if failures >= MOST_ATTEMPTS:
                raise DiscordSetupError(
                    f"Discord does not answer at {api_url or 'discord.com'} ({type(error).__name__}). "
                    "Check the network, and DISCORD_API_URL if it is set."
                ) from error
            wait = min(2.0 ** (failures - 1), LONGEST_WAIT)
            log.warning("not connected", attempt=failures, again_in=wait, error=type(error).__name__)
            await pause(wait)
        else:
            return


def is_transient(error: Exception) -> bool:
    """Whether a connection may succeed later.

    discord.py raises an AttributeError if its first connection to the gateway fails, because there is no websocket
    yet whose sequence it could read.
    """
    if isinstance(error, AttributeError):
        return error.obj is None and error.name == "sequence"
    return True


async def run_once(client: DigestClient, token: str, running: ServiceOptions) -> None:
    """Run a client until it ends, and send pending replies before it closes."""
    async with client, run_notifier(client, running.rounds):
        try:
            await client.start(token)
        finally:
            await client.context.finish(GRACE)


@contextlib.contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """Cancel the current task and set the event on SIGTERM or SIGINT; does nothing outside the main thread."""
    stopped = asyncio.Event()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        if task is not None and not stopped.is_set():
            stopped.set()
            task.cancel()

    caught: list[signal.Signals] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop)
            caught.append(number)
    try:
        yield stopped
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
