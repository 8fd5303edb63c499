"""Starts and stops the loopback Discord, the bot that runs against it, and the page."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from typing import TYPE_CHECKING

from aiohttp import web

from bot.discord.service import serve
from bot.testing import Loopback
from bot.web import conversation, corpus
from bot.web import place as pages
from bot.web.place import LIVE, NEVER_TIRED, PLACE, Live, Place
from bot.web.security import Guard, is_loopback
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.assistant import Assistant
    from bot.state import StateFile


async def serve_page(
    assistant: Assistant, *, state: StateFile, listener: socket.socket, announce: Callable[[str], None]
) -> None:
    """Serve the page until SIGTERM, SIGINT or a cancellation, then finish pending replies.

    Args:
        assistant: answers the questions; the page shows its corpus.
        state: the bot's database; stays open.
        listener: the socket from ``listen``; closed at the end.
        announce: receives the page's address once it is open.

    Raises:
        DiscordSetupError: the bot does not start.
    """
    with listener:
        async with Loopback(patience=NEVER_TIRED) as discord:
            place = Place.furnish(discord)
            bot = asyncio.create_task(
                serve(assistant, token=discord.token, state=state, api_url=discord.api_url), name="bot"
            )
            connected = asyncio.create_task(discord.wait_ready())
            try:
                await asyncio.wait({bot, connected}, return_when=asyncio.FIRST_COMPLETED)
                if not bot.done():
                    async with served(assistant, place, listener) as address:
                        announce(address)
                        await asyncio.wait({bot})
                await bot
            finally:
                connected.cancel()
                bot.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await bot


@contextlib.asynccontextmanager
async def served(assistant: Assistant, place: Place, listener: socket.socket) -> AsyncIterator[str]:
    """Serve the page over a loopback Discord that is there; the block gets its address, with the token if any."""
    host, port = listener.getsockname()[:2]
    token = None if is_loopback(host) else secrets.token_urlsafe(24)
    app = web.Application(client_max_size=conversation.LONGEST_BODY)
    app[PLACE], app[LIVE] = place, Live(place.discord)
    Guard(port, token).mount(app)
    conversation.mount(app)
    corpus.mount(app, assistant)
    pages.mount(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield address_of(host, port, token)
    finally:
        app[LIVE].close()
        await runner.cleanup()


def listen(host: str, port: int) -> socket.socket:
    """Take an address and port to serve the page at; port 0 takes any that is free.

    Raises:
        DigestbotError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family)
    except (OSError, OverflowError) as error:
        raise DigestbotError(
            f"the page cannot be served at {host}, port {port} ({getattr(error, 'strerror', None) or error}): "
            "choose another with --port"
        ) from None


def address_of(host: str, port: int, token: str | None) -> str:
    """The address to open; where the page listens on all of the machine's addresses, by the machine's name."""
    name = socket.gethostname() if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")
