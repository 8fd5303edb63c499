"""The page's Discord (one server, one channel, one person), its live events, and its views."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.testing import Channel, Message
from bot.testing.commands import why_hidden

if TYPE_CHECKING:
    from bot.testing import Guild, Loopback, User


YOU, SERVER, CHANNEL, DIRECT = 1, 2, 3, 4
"""Ids that stay the same from start to start, so that the state finds the server and the person again."""

NEVER_TIRED = 1000.0
"""Seconds that the person waits for a reply, more than Discord gives the bot."""


@dataclass(frozen=True)
class Place:
    """Who talks to the bot, and where."""

    discord: Loopback
    you: User
    guild: Guild

    @classmethod
    def furnish(cls, discord: Loopback) -> Place:
        """Make the server and the person, who owns it, on an empty loopback Discord."""
        you = discord.world.owner = discord.world.add_user("you", number=YOU)
        guild = discord.world.add_guild("Reading group", number=SERVER)
        guild.add_member(you)
        guild.add_channel("papers", number=CHANNEL)
        discord.world.private_channel(discord.bot, you, number=DIRECT)
        return cls(discord, you, guild)

    @property
    def channels(self) -> list[Channel]:
        """Where the person can write: the server's channels and threads, then the bot's direct messages."""
        return [*self.guild.channels, *self.guild.threads, self.discord.direct_channel(self.you)]

    def channel(self, number: str) -> Channel | None:
        """The channel of this id."""
        return next((each for each in self.channels if str(each.id) == number), None)

    def message(self, number: str) -> Message | None:
        """The message of this id, wherever it stands."""
        found = [m for channel in self.channels for m in channel.messages.values() if str(m.id) == number]
        return found[0] if found and not found[0].deleted else None

    def commands(self, channel: Channel) -> list[dict[str, Any]]:
        """The commands that the person finds in a channel, as the bot has registered them."""
        scopes = [None] if channel.guild is None else [channel.guild.id, None]
        offered = [command for scope in scopes for command in self.discord.commands.all(scope)]
        return [command for command in offered if not why_hidden(command, self.you, channel)]

    def json(self) -> dict[str, Any]:
        """Who and where, for the page."""
        return {
            "you": self.you.json(),
            "bot": self.discord.bot.json(),
            "server": self.guild.name,
            "channels": [
                {"id": str(each.id), "name": each.name, "direct": not each.guild} for each in self.channels
            ],
        }


def shown(message: Message) -> dict[str, Any]:
    """A message for the page: as it is on Discord's wire, with what its author's client knows besides."""
    return message.json() | {
        "deleted": message.deleted,
        "cause": message.cause,
        "requests": len(message.requests),
    }


ALIVE_SECONDS = 15.0
MOST_WAITING = 1000
"""The most events that wait for one page; a page that stops reading is dropped, and reloads when it is back."""


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


PLACE: web.AppKey[Place] = web.AppKey("place", Place)
LIVE: web.AppKey[Live] = web.AppKey("live", Live)

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class View:
    """A view, which every page's header links to."""

    path: str
    title: str
    file: str


VIEWS = [View("/", "Conversation", "conversation.html"), View("/corpus", "Corpus", "corpus.html")]


def mount(app: web.Application) -> None:
    """Add the views and their files to an application."""
    for view in VIEWS:
        app.router.add_get(view.path, partial(_page, view))
    app.router.add_static("/static", STATIC)


async def _page(view: View, request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / view.file)
