"""A Discord on loopback, and the bot that runs against it in the test's own loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.testing.fixtures import RunBot
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.testing import Guild

Start = RunBot


@pytest.fixture
def start(run_bot: RunBot) -> Start:
    """Start the bot with an assistant; it is ready in the block, and stopped after it."""
    return run_bot


@pytest.fixture
async def assistant(start: Start, guild: Guild) -> AsyncIterator[Scripted]:
    """The scripted assistant of a bot that runs."""
    scripted = Scripted()
    async with start(scripted):
        yield scripted
