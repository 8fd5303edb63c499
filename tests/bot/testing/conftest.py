"""A loopback Discord with one guild, one channel and alice; and a plain HTTP client for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.testing import Channel, Guild, Loopback, User

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass
class Place:
    server: Loopback
    guild: Guild
    channel: Channel
    alice: User


class Http:
    """Calls the REST API as a bot would, without a library's own checks in between."""

    def __init__(self, server: Loopback, session: aiohttp.ClientSession) -> None:
        self.server, self._session = server, session

    async def __call__(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, form: Any = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {token or self.server.token}"}
        url = self.server.api_url + path
        async with self._session.request(method, url, json=body, data=form, headers=headers) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback(patience=5) as server:
        yield server


@pytest.fixture
async def place(server: Loopback) -> Place:
    guild = server.add_guild("Reading group")
    return Place(server, guild, guild.add_channel("papers"), guild.add_member(server.add_user("alice")))


@pytest.fixture
async def http(server: Loopback) -> AsyncIterator[Http]:
    async with aiohttp.ClientSession() as session:
        yield Http(server, session)
