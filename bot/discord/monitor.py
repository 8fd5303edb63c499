"""Serves ``/metrics`` and ``/healthz`` on loopback, in a thread that still answers when the event loop hangs."""

from __future__ import annotations

import asyncio
import contextlib
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.discord.metrics import Metrics
from corpus.errors import DigestbotError, DiscordSetupError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from discord.gateway import DiscordWebSocket

    from bot.discord.bot_context import BotContext
    from bot.discord.client import DigestClient

log = structlog.get_logger(__name__)

HOST = "127.0.0.1"
BEAT = 0.02
"""Seconds between two beats of the loop."""
LOOP_PATIENCE = 10.0
"""Seconds without a beat after which the loop counts as hung."""
GATEWAY_PATIENCE = 120.0
"""Seconds without an acknowledged heartbeat (one is due every 41) after which the gateway counts as hung."""
SLOW_READER = 5.0


class Monitor:
    """Watches the loop and the gateway; ``clock`` is monotonic."""

    def __init__(self, context: BotContext, clock: Callable[[], float] = time.monotonic) -> None:
        self.metrics = Metrics()
        self._context = context
        self._clock = clock
        self._client: DigestClient | None = None
        self._beaten = clock()
        self._heard: dict[int, float] = {0: clock()}
        self.metrics.queue.set_function(lambda: context.workers.under_way)

    def watch(self, client: DigestClient) -> None:
        """Watch a client from now on."""
        self._client = client

    async def beat(self) -> None:
        """Measure the loop's lag and look at the gateway, until cancelled."""
        while True:
            due = self._clock() + BEAT
            await asyncio.sleep(BEAT)
            self.metrics.lag.observe(max(0.0, self._clock() - due))
            self.look()

    def look(self) -> None:
        """Note that the loop runs, and when each shard was last heard."""
        self._beaten = self._clock()
        for shard, socket in sockets_of(self._client):
            alive = socket is not None and socket.open
            self.metrics.connected.labels(str(shard)).set(alive)
            if socket is None or not alive:
                continue
            self.metrics.latency.labels(str(shard)).set(socket.latency)
            # discord.py has no public name for the time of the last acknowledgement.
            heartbeat = socket._keep_alive  # noqa: SLF001
            if heartbeat is not None:
                age = time.perf_counter() - heartbeat._last_ack  # noqa: SLF001
                self._heard[shard] = max(self._heard.get(shard, 0.0), self._clock() - age)

    def problems(self) -> list[str]:
        """Return what is wrong, one line each; safe in any thread."""
        now = self._clock()
        found = []
        if now - self._beaten > LOOP_PATIENCE:
            found.append(f"the event loop has not run for {now - self._beaten:.0f} s")
        found += [
            f"shard {shard} has not been heard for {now - heard:.0f} s"
            for shard, heard in sorted(dict(self._heard).items())
            if now - heard > GATEWAY_PATIENCE
        ]
        return found

    def scraped(self) -> bytes:
        """Return the current metrics; safe in any thread."""
        with contextlib.suppress(DigestbotError):
            self.metrics.writes.set(self._context.workers.assistant.matching.now().generation)
        return self.metrics.text()


def sockets_of(client: discord.Client | None) -> Iterator[tuple[int, DiscordWebSocket | None]]:
    """Yield the client's websockets by shard; None before the first connection."""
    if isinstance(client, discord.AutoShardedClient):
        for number, shard in client.shards.items():
            yield number, shard._parent.ws  # noqa: SLF001 - there is no other way to it
    else:
        yield 0, client.ws if client else None


@contextlib.asynccontextmanager
async def run_monitor(context: BotContext, port: int | None) -> AsyncIterator[Monitor | None]:
    """Measure and serve while the block runs; does nothing without a port. Raises as ``serving``."""
    if port is None:
        yield None
        return
    monitor = Monitor(context)
    with serving(monitor, port):
        context.metrics = monitor.metrics
        beating = asyncio.create_task(monitor.beat())
        try:
            yield monitor
        finally:
            beating.cancel()
            context.metrics = None


@contextlib.contextmanager
def serving(monitor: Monitor, port: int) -> Iterator[int]:
    """Answer ``/metrics`` and ``/healthz`` on loopback in threads, and yield the port; 0 takes a free one.

    Raises:
        DiscordSetupError: the port is taken.
    """

    class Handler(_Handler):
        watched = monitor

    try:
        server = ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        raise DiscordSetupError(
            f"DIGESTBOT_METRICS_PORT: port {port} cannot be used ({error.strerror}). Choose another."
        ) from error
    server.daemon_threads = True
    taken = int(server.server_address[1])
    Thread(target=server.serve_forever, name="monitor", daemon=True).start()
    log.info("metrics served", address=f"http://{HOST}:{taken}/metrics")
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    watched: Monitor
    timeout = SLOW_READER
    server_version = "digestbot"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._say(HTTPStatus.OK, self.watched.scraped(), "text/plain; version=0.0.4; charset=utf-8")
        elif self.path == "/healthz":
            problems = self.watched.problems()
            status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
            self._say(status, "".join(f"{line}\n" for line in problems or ["ok"]).encode())
        else:
            self._say(HTTPStatus.NOT_FOUND, b"/metrics and /healthz are here\n")

    def _say(self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Log nothing: scrapers come every few seconds."""
