"""How the bot holds up: ``python tests/benchmarks/load.py`` prints a table in Markdown.

Two hundred questions at once, from a hundred users in a server and in direct messages, to the bot as a process of
its own over the bundled digests, against the Discord on loopback. What it costs to play Discord and its users is
in the times of the users, not in those that the bot tells of itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.testing import Loopback  # noqa: E402 - the folder is found only now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.testing import Channel, Reply, User

USERS = 100
QUESTIONS = (
    "who wrote RLSbench?",
    "openings in Spain",
    "papers about differential privacy",
    "what is gradient matching?",
    "making synthetic time series with a GAN",
    "how long do the internships last?",
    "papers by Kveton",
    "what does the weather look like?",
)
AT_ONCE = ("DIGESTBOT_USER_BURST", "DIGESTBOT_SERVER_BURST")
"""Settings by which nobody is told to wait."""
HEARTBEAT_MS = 1000
PATIENCE = 300.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))


async def measure(folder: Path) -> None:
    async with Loopback(patience=PATIENCE) as loopback:
        loopback.gateway.heartbeat_interval_ms = HEARTBEAT_MS
        guild = loopback.add_guild("Reading group")
        channel = guild.add_channel("papers")
        users = [guild.add_member(loopback.add_user(f"user{number}")) for number in range(USERS)]
        async with bot(loopback, folder) as port:
            await loopback.wait_ready()
            for question in QUESTIONS:  # the model is loaded, the names are gathered
                await loopback.slash(users[0], "ask", channel=channel, question=question)
            before, beats = await scraped(port), len(loopback.gateway.beats)
            begun = time.perf_counter()
            replies = await asyncio.gather(
                *(ask(loopback, user, channel, number) for number, user in enumerate([*users, *users]))
            )
            took = time.perf_counter() - begun
            await loopback.settle()
            report(loopback, replies, took, loopback.gateway.beats[beats:], before, await scraped(port))


async def ask(loopback: Loopback, user: User, channel: Channel, number: int) -> Reply:
    """One user's question: every other one a command in the server, the others messages to the bot."""
    question = QUESTIONS[number % len(QUESTIONS)]
    if number % 2 == 0:
        return await loopback.slash(user, "ask", channel=channel, question=question)
    return await loopback.direct_message(user, question)


@contextlib.asynccontextmanager
async def bot(loopback: Loopback, folder: Path) -> AsyncIterator[int]:
    """The bot as a process; gives the port on which it tells how it is."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
    settings = {
        "DISCORD_TOKEN": loopback.token,
        "DISCORD_API_URL": loopback.api_url,
        "DIGESTBOT_DATA_DIR": str(folder),
        "DIGESTBOT_METRICS_PORT": str(port),
        "DIGESTBOT_LOG_LEVEL": "warning",
        **dict.fromkeys(AT_ONCE, "1000"),
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env=os.environ | settings,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield port
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def scraped(port: int) -> dict[tuple[str, str], float]:
    """The bot's metrics, by name and label."""

    def read() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as reply:
            return str(reply.read().decode())

    families = text_string_to_metric_families(await asyncio.to_thread(read))
    return {(s.name, ",".join(s.labels.values())): s.value for family in families for s in family.samples}


def quantile(
    name: str, share: float, before: dict[tuple[str, str], float], now: dict[tuple[str, str], float]
) -> str:
    """The bucket of a histogram in which a quantile of what came in between falls, in milliseconds."""
    counts = {float(edge): now[n, edge] - before.get((n, edge), 0.0) for n, edge in now if n == f"{name}_bucket"}
    wanted = share * max(counts.values())
    edge = min(edge for edge, count in counts.items() if count >= wanted)
    return f"at most {1000 * edge:g} ms"


def report(
    loopback: Loopback,
    replies: Sequence[Reply],
    took: float,
    beats: Sequence[float],
    before: dict[tuple[str, str], float],
    now: dict[tuple[str, str], float],
) -> None:
    waits = sorted(reply.acknowledged_after or float("inf") for reply in replies)
    answered = sum(bool(reply.embeds or reply.content) for reply in replies)
    gaps = [later - sooner for sooner, later in pairwise(beats)]
    faults = len(loopback.refused) + len(loopback.unknown_requests) + len(loopback.pings)
    print("| 200 questions at once, from 100 users | |\n|---|---|")
    print(f"| answered | {answered} of {len(replies)} |")
    print(f"| acknowledged, median | {1000 * statistics.median(waits):.0f} ms |")
    late = 1000 * waits[int(0.95 * len(waits))]
    print(f"| acknowledged, p95 and last | {late:.0f} ms, {1000 * waits[-1]:.0f} ms |")
    print(f"| the last answer | {took:.1f} s |")
    print(f"| an answer, p50 | {quantile('digestbot_answer_seconds', 0.5, before, now)} |")
    print(f"| lag of the bot's event loop, p50 | {quantile('digestbot_loop_lag_seconds', 0.5, before, now)} |")
    print(f"| lag of the bot's event loop, p99 | {quantile('digestbot_loop_lag_seconds', 0.99, before, now)} |")
    print(
        f"| longest between two heartbeats, due every {HEARTBEAT_MS / 1000:g} s | {max(gaps, default=0):.2f} s |"
    )
    print(f"| requests that Discord would refuse, or that ring | {faults} |")
    print(f"| memory of the bot | {now['process_resident_memory_bytes', ''] / 2**20:.0f} MB |")


if __name__ == "__main__":
    main()
