"""Points discord.py at Discord's address, and repeats lost requests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from corpus.errors import DiscordSetupError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")
OWN_BASE = Route.BASE
OWN_GATEWAY = DiscordWebSocket.DEFAULT_GATEWAY
_poll_event = DiscordWebSocket.poll_event
REFUSED = (
    "Discord refuses the token. Copy it again from the developer portal (Bot, Reset Token) into DISCORD_TOKEN."
)
BUSY = 503
UNSENT = (discord.HTTPException, aiohttp.ClientError, OSError)
"""The errors of sending."""
PATIENCE = aiohttp.ClientTimeout(total=30)


async def connect_to(api_url: str | None, token: str) -> int:
    """Point discord.py at an API and its gateway, for the whole process.

    Args:
        api_url: base of the REST calls, such as ``https://discord.com/api/v10``; None for Discord's own.
        token: of the bot; authorises the request for the gateway's address.

    Returns:
        The number of shards that Discord recommends.

    Raises:
        DiscordSetupError: the address is malformed, is not Discord's API, or refuses the token.
        aiohttp.ClientError, TimeoutError: it does not answer now.
    """
    base = (api_url or OWN_BASE).rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise DiscordSetupError(f"DISCORD_API_URL is no web address: {api_url!r}. It begins with https://.")
    gateway, shards = await _gateway_of(base, token)
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    return shards


def connect_to_own() -> None:
    """Point discord.py at Discord's own API again."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = OWN_BASE, OWN_GATEWAY


def take_events_in_turn() -> None:
    """Let other tasks run between two events: discord.py holds the loop for a whole burst, heartbeats included."""
    DiscordWebSocket.poll_event = _poll_in_turn  # type: ignore[method-assign]


async def _poll_in_turn(self: DiscordWebSocket) -> None:
    await asyncio.sleep(0)
    await _poll_event(self)


async def again_if_lost(send: Callable[[], Awaitable[T]]) -> T:
    """Send a request, and repeat it once if the connection is lost or Discord is busy.

    Only for requests that may arrive twice: edits, acknowledgements, messages with a nonce. discord.py itself
    repeats after Discord's other failures.
    """
    try:
        return await send()
    except (aiohttp.ClientConnectionError, ConnectionError):
        return await send()
    except discord.DiscordServerError as error:
        if error.status != BUSY:
            raise
        return await send()


async def _gateway_of(base: str, token: str) -> tuple[yarl.URL, int]:
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession(timeout=PATIENCE, headers=headers) as session,
        session.get(f"{base}/gateway/bot") as response,
    ):
        if response.status == 401:
            raise DiscordSetupError(REFUSED)
        if response.status == 404:
            raise DiscordSetupError(f"{base} is not Discord's API: it has no gateway. Check DISCORD_API_URL.")
        response.raise_for_status()
        try:
            told = await response.json()
            return yarl.URL(told["url"]), max(1, int(told.get("shards", 1)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DiscordSetupError(f"{base} does not answer as Discord does. Check DISCORD_API_URL.") from error
