"""A Discord on loopback, and the bot that runs against it in the test's own loop."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from bot.state import StateFile
from bot.testing.fixtures import RunBot
from tests.bot.discord.pressed import Ranking
from tests.bot.discord.scripted import Scripted
from tests.bot.discord.subscribed import FIRST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.assistant import Assistant
    from bot.testing import Guild

Start = RunBot


@pytest.fixture
def start(run_bot: RunBot) -> Start:
    """Start the bot with an assistant; it is ready in the block, and stopped after it."""
    return run_bot


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[StateFile]:
    """The state of every bot that a test starts, one after the other."""
    with contextlib.closing(StateFile(tmp_path / "bot-state")) as state:
        yield state


@pytest.fixture
async def assistant(start: Start, guild: Guild) -> AsyncIterator[Scripted]:
    """The scripted assistant of a bot that runs."""
    scripted = Scripted()
    async with start(scripted):
        yield scripted


@pytest.fixture
async def ranking(start: Start, guild: Guild) -> AsyncIterator[Ranking]:
    """The assistant, with many entries, of a bot that runs."""
    scripted = Ranking()
    async with start(scripted):
        yield scripted


@pytest.fixture
def corpus(empty: Assistant) -> Assistant:
    """An assistant over one small page."""
    empty.ingest([FIRST])
    return empty
