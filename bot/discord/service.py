"""The service: starts the client, starts it again when it fails, and stops it in good order."""

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
from bot.discord.monitor import monitored
from bot.discord.notifier import notifications
from bot.discord.transport import REFUSED, connect_to, take_events_in_turn
from bot.discord.worker_pool import WorkerPool
from bot.sources.worker import refresh_in_background
from corpus.errors import DiscordSetupError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.discord.client import DigestClient
    from bot.discord.monitor import Monitor
    from bot.discord.rate_limit import Cooldown
    from bot.discord.worker_pool import Answers
    from bot.sources.worker import Refreshable
    from bot.state import StateFile


def _to_nobody(line: str) -> None:
    """Announce nothing."""


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """How the bot runs.

    ``shards`` are its connections, each for a share of the servers; None: as many as Discord wants. On
    ``metrics_port`` of loopback it tells how it is, if there is one. ``announce`` is given the links by which it
    is invited, once. ``rounds`` waits some seconds between two looks for news to subscriptions.
    """

    shards: int | None = None
    metrics_port: int | None = None
    announce: Callable[[str], object] = _to_nobody
    rounds: Callable[[float], Awaitable[object]] = asyncio.sleep


PLAIN = ServiceOptions()


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
    assistant: Answers,
    *,
    token: str,
    state: StateFile,
    cooldown: Cooldown | None = None,
    sources: Refreshable | None = None,
    api_url: str | None = None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    running: ServiceOptions = PLAIN,
) -> None:
    """Answer questions in Discord until SIGTERM, SIGINT or a cancellation; replies under way are finished first.

    Args:
        assistant: answers the questions.
        token: the bot's token.
        state: what is kept of servers and people; not closed.
        cooldown: how much users and servers may ask; by default what it does by default.
        sources: are refreshed in the background as they fall due; None for none.
        api_url: base of the REST calls, or None for Discord's own.
        pause: waits some seconds between two attempts to connect.
        running: what can be chosen of how it runs.

    Raises:
        DiscordSetupError: the token or the bot is refused, or Discord does not answer eight times in a row.
    """
    take_events_in_turn()
    workers = WorkerPool(assistant)
    context = BotContext(workers, Conversations(), state, cooldown)
    try:
        with stop_on_signals() as stopped:
            try:
                async with refresh_in_background(sources), monitored(context, running.metrics_port) as monitor:
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
    """Run one client after the other, with growing waits between them; discord.py itself resumes sessions.

    Raises:
        DiscordSetupError: as in ``serve``.
    """
    failures = 0
    announce = cache(running.announce)  # whatever comes between, the links are told once
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
                    "Check the network, and DISCORD_API_URL where it is set."
                ) from error
            wait = min(2.0 ** (failures - 1), LONGEST_WAIT)
            log.warning("not connected", attempt=failures, again_in=wait, error=type(error).__name__)
            await pause(wait)
        else:
            return


def is_transient(error: Exception) -> bool:
    """Whether a failure of a connection may pass.

    discord.py dies of an AttributeError when its very first connection to the gateway fails: there is no
    websocket yet whose session it could note.
    """
    if isinstance(error, AttributeError):
        return error.obj is None and error.name == "sequence"
    return True


async def run_once(client: DigestClient, token: str, running: ServiceOptions) -> None:
    """Run a client until it ends; then let the replies under way be sent before it closes."""
    async with client, notifications(client, running.rounds):
        try:
            await client.start(token)
        finally:
            await client.context.finish(GRACE)


@contextlib.contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """Cancel the current task at SIGTERM or SIGINT, and set the event; outside of a main thread do nothing."""
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
