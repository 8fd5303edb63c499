"""What tests of subscriptions share: small pages, and rounds that are made when the test says so."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from bot.discord.rate_limit import Cooldown, Rate
from bot.discord.service import ServiceOptions, serve
from bot.sources.ingest import Source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.assistant import Assistant
    from bot.state import StateFile
    from bot.testing import Channel, Loopback, Message

PATIENT = Cooldown(Rate(10_000, 10_000), Rate(10_000, 10_000))
"""Lets everybody do as much as they like: how much that is, is not what these tests are about."""
BANDITS = "Delayed feedback in linear bandits"
PRIVACY = "Private sums at small cost"
SPAIN = "Applied Scientist"


class Rounds:
    """Takes the place of waiting between two rounds: the next one is made when ``next`` is called."""

    def __init__(self) -> None:
        self._go = asyncio.Event()
        self._waits = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self._waits.set()
        await self._go.wait()
        self._go.clear()

    async def done(self) -> None:
        """Wait until the round that runs is over."""
        await asyncio.wait_for(self._waits.wait(), 60)

    async def next(self) -> None:
        """Make a round, and wait until it is over."""
        await self.done()
        self._waits.clear()
        self._go.set()
        await self.done()


@contextlib.asynccontextmanager
async def subscribed(
    loopback: Loopback, assistant: Assistant, state: StateFile, *, settled: bool = True
) -> AsyncIterator[Rounds]:
    """The bot over a real corpus; it is stopped after the block.

    ``settled``: it has made a round since it is connected; else only the one that it begins with.
    """
    rounds = Rounds()
    task = asyncio.create_task(
        serve(
            assistant,
            token=loopback.token,
            state=state,
            cooldown=PATIENT,
            api_url=loopback.api_url,
            running=ServiceOptions(rounds=rounds),
        )
    )
    try:
        await loopback.wait_ready()
        await (rounds.next() if settled else rounds.done())
        yield rounds
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def paper(title: str, topic: str, authors: str = "Ana Ruiz, Ben Okafor") -> str:
    return (
        f"## {topic}\n\n### {title}\n\n- Authors: {authors}\n\nThe paper shows how {title.lower()} can be had.\n\n"
    )


def job(title: str, place: str) -> str:
    return f"### {title}\n\n- Place: {place}\n- Team: Search\n\nYou build what ranks documents for shoppers.\n\n"


def page(name: str, *parts: str) -> Source:
    """A digest of papers and jobs as an upload."""
    papers = [part for part in parts if part.startswith("## ")]
    jobs = [part for part in parts if not part.startswith("## ")]
    text = f"---\ntitle: Guide {name}\nvenue: ICML\nyear: 2025\n---\n\n# Guide {name}\n\n" + "".join(papers)
    if jobs:
        text += "## Related jobs\n\n" + "".join(jobs)
    return Source(Path(f"{name}.md"), data=text.encode())


FIRST = page("first", paper("Robust graph matching", "Graphs"))


def told(loopback: Loopback, channel: Channel) -> list[Message]:
    """What the bot said in a channel by itself."""
    return [m for m in channel.visible() if m.author is loopback.bot and m.interaction is None]


def buttons(message: Message) -> dict[str, str]:
    """The custom_ids of a message's buttons by their labels."""
    return {part["label"]: part["custom_id"] for row in message.components for part in row["components"]}
