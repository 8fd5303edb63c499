"""The transport: where Discord is, which discord.py keeps once for the whole process, and lost requests."""

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
"""What sending raises where it cannot be done."""
PATIENCE = aiohttp.ClientTimeout(total=30)


async def connect_to(api_url: str | None, token: str) -> int:
    """Point discord.py at an API, and at the gateway that this names; at Discord's own without an address.

    Args:
        api_url: base of the REST calls, such as ``https://discord.com/api/v10``, or None.
        token: the bot's token, with which the gateway's address is asked.

    Returns:
        How many connections Discord wants of the bot, each for a share of its servers (shards).

    Raises:
        DiscordSetupError: the address is none, or what answers there is no Discord, or refuses the token.
        aiohttp.ClientError, TimeoutError: it does not answer now; it may later.
    """
    base = (api_url or OWN_BASE).rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise DiscordSetupError(f"DISCORD_API_URL is no web address: {api_url!r}. It begins with https://.")
    gateway, shards = await _gateway_of(base, token)
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    return shards


def connect_to_own() -> None:
    """Point discord.py at Discord's own API again, without asking it anything."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = OWN_BASE, OWN_GATEWAY


def take_events_in_turn() -> None:
    """Let whatever is ready have its turn between two events of a gateway.

    discord.py reads events that have come in already one after the other, and holds the loop until all of a burst
    are read; heartbeats and acknowledgements would wait for that.
    """
    DiscordWebSocket.poll_event = _poll_in_turn  # type: ignore[method-assign]


async def _poll_in_turn(self: DiscordWebSocket) -> None:
    await asyncio.sleep(0)
    await _poll_event(self)


async def again_if_lost(send: Callable[[], Awaitable[T]]) -> T:
    """Send a request, and once more where the connection is lost before the answer comes, or Discord is busy.

    Only for what may be sent twice: edits, acknowledgements, messages with a nonce. After Discord's other failures
    discord.py sends again by itself.
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
