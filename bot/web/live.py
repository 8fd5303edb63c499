"""What happens, told to every open page as it happens: server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.testing import Channel, Message
from bot.web.place import shown

if TYPE_CHECKING:
    from bot.testing import Loopback

ALIVE_SECONDS = 15.0
MOST_WAITING = 1000
"""Events that may wait for one page; one that reads no more is let go, and asks for everything when it is back."""


class Live:
    """The pages that listen."""

    def __init__(self, discord: Loopback) -> None:
        self._listening: set[asyncio.Queue[str | None]] = set()
        discord.world.watchers.append(self.tell)

    def tell(self, changed: Message | Channel) -> None:
        """Tell every page of a message as it stands now, or that the bot types in a channel."""
        text = json.dumps(_event(changed))
        for queue in list(self._listening):
            if queue.qsize() < MOST_WAITING:
                queue.put_nowait(text)
            else:
                self._listening.discard(queue)
                queue.put_nowait(None)

    def close(self) -> None:
        """Let every page go."""
        for queue in self._listening:
            queue.put_nowait(None)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it goes or is let go."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listening.add(queue)
        try:
            with contextlib.suppress(ConnectionError):
                await response.write(b": hello\n\n")
                while (text := await _next(queue)) is not None:
                    await response.write(f"{text}\n\n".encode())
        finally:
            self._listening.discard(queue)
        return response


def _event(changed: Message | Channel) -> dict[str, Any]:
    return {"message": shown(changed)} if isinstance(changed, Message) else {"typing": str(changed.id)}


async def _next(queue: asyncio.Queue[str | None]) -> str | None:
    """The next event's lines, or after a while of silence a comment, by which a page that has gone is noticed."""
    try:
        text = await asyncio.wait_for(queue.get(), ALIVE_SECONDS)
    except TimeoutError:
        return ": alive"
    return None if text is None else f"data: {text}"
