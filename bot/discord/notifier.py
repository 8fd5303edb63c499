"""Notifier: what is news to the subscriptions is looked for and told, beside everything else."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.alerts import AlertScanner
from bot.discord.subscriptions import MOST_SHOWN, carries, message_of
from bot.discord.transport import again_if_lost
from bot.state.deliveries import News
from bot.state.subscriptions import Pause
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.discord.client import DigestClient
    from bot.state.deliveries import Delivery
    from bot.state.subscriptions import Subscription


log = structlog.get_logger(__name__)

EVERY = 30.0
"""Seconds between two looks at the corpus; one that finds no change is one small read."""
GRACE = 5.0
SLACK = timedelta(minutes=5)
"""How far this machine's clock and Discord's may lie apart."""
LOOKED_BACK = 200
"""Messages among which a parcel is looked for that may have arrived."""
MOST_FAILURES = 3
"""Failures after which a round is broken off: what fails so often is Discord, and each try takes its time."""
DIRECT_MESSAGES_CLOSED = {50007, 50278}
"""By the user's settings, or because they share no server with the bot any more."""
BARRED = {50001, 50013}
REFUSED_BODY = {50006, 50035}


class Notifier:
    """Tells the subscriptions of one client their news."""

    def __init__(self, client: DigestClient) -> None:
        self._client = client
        self._subscriptions = client.context.subscriptions
        self._matching = client.context.workers.assistant.matching
        self._news = News(client.context.state)
        self._failed: set[int] = set()
        self._scanner = AlertScanner(self._matching, self._subscriptions, self._news)

    async def run(self, pause: Callable[[float], Awaitable[object]], done: asyncio.Event) -> None:
        """Look and tell, again and again until it is done."""
        while not done.is_set():
            await self.round()
            waits = [asyncio.ensure_future(pause(EVERY)), asyncio.ensure_future(done.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()

    async def round(self) -> None:
        """Look for news and tell it; what fails is logged, and tried again in the next round.

        It looks before the client is connected, too: the first look of all decides what is no news.
        """
        try:
            await asyncio.to_thread(self._scanner.look)
            due = await asyncio.to_thread(self._news.due)
        except Exception as error:  # whatever it is, the bot goes on, and the next round tries again
            log.error("news not looked for", error=type(error).__name__, exc_info=not _expected(error))
            return
        if not self._client.connected:
            return
        left = MOST_FAILURES
        for number in sorted(due, key=lambda each: each in self._failed):  # a stable sort: else who waits longest
            try:
                await self._deliver(number)
                self._failed.discard(number)
            except Exception as error:  # as above; and one subscription shall not keep the others waiting
                log.warning(
                    "news not told yet",
                    subscription=number,
                    error=type(error).__name__,
                    exc_info=not _expected(error),
                )
                self._failed.add(number)
                left -= 1
                if not left:
                    return

    async def _deliver(self, number: int) -> None:
        """Tell one subscription what waits for it.

        Raises:
            discord.HTTPException, aiohttp.ClientError, OSError: Discord cannot be reached now.
            DigestbotError: the corpus or the state cannot be used.
        """
        try:
            subscription = await asyncio.to_thread(self._subscriptions.get, number)
        except NotFoundError:
            return  # taken out a moment ago
        parcel = await asyncio.to_thread(self._news.parcel, number)
        if parcel is None:
            return
        query, server = subscription.query, subscription.server
        kinds = (await self._client.context.settings(server)).kinds or None
        cited, standing = await asyncio.to_thread(
            self._matching.citations, query, server, parcel.keys, MOST_SHOWN, kinds
        )
        if cited:  # else all of it has left the corpus again, or is of kinds that the server does not show
            try:
                await self._send(subscription, parcel, message_of(subscription, parcel, cited, standing))
            except discord.HTTPException as error:
                if (why := pause_reason(error)) is None:
                    raise
                self._count(f"paused: {why}")
                log.warning("subscription paused", subscription=number, why=why, code=error.code)
                await asyncio.to_thread(self._subscriptions.pause, number, why)
                return
            self._count("told")
            log.info("news told", subscription=number, entries=len(parcel.keys), in_server=server is not None)
        await asyncio.to_thread(self._news.told, parcel)

    async def _send(self, subscription: Subscription, parcel: Delivery, message: dict[str, object]) -> None:
        """Send a parcel once: the nonce holds Discord to that for minutes, the channel's history after that."""
        place = await self._place(subscription)
        if parcel.tried_at and await self._arrived(place, parcel):
            return
        await asyncio.to_thread(self._news.trying, parcel)
        await again_if_lost(lambda: place.send(**message, nonce=parcel.name))  # type: ignore[call-overload]

    async def _place(self, subscription: Subscription) -> discord.abc.Messageable:
        if subscription.channel is not None:
            return self._client.get_partial_messageable(subscription.channel, guild_id=subscription.server)
        user = discord.Object(subscription.user)
        return await again_if_lost(lambda: self._client.create_dm(user))

    async def _arrived(self, place: discord.abc.Messageable, parcel: Delivery) -> bool:
        """Whether a parcel that was sent before stands in its channel."""
        if parcel.tried_at is None or self._client.user is None:
            return False
        with contextlib.suppress(discord.Forbidden):  # no history to be read: the nonce has to do
            async for message in place.history(limit=LOOKED_BACK, after=parcel.tried_at - SLACK):
                if message.author.id == self._client.user.id and carries(message, parcel):
                    return True
        return False

    def _count(self, outcome: str) -> None:
        if metrics := self._client.context.metrics:
            metrics.news.labels(outcome).inc()


def pause_reason(error: discord.HTTPException) -> Pause | None:
    """What in Discord's answer does not pass by itself; None where it may, as a limit or an outage does."""
    if error.code in DIRECT_MESSAGES_CLOSED:
        return Pause.CLOSED
    if error.status == 404:
        return Pause.GONE
    if error.code in BARRED:
        return Pause.BARRED
    return Pause.REFUSED if error.code in REFUSED_BODY else None


def _expected(error: Exception) -> bool:
    return isinstance(error, (discord.HTTPException, aiohttp.ClientError, OSError, DigestbotError))


@contextlib.asynccontextmanager
async def notifications(
    client: DigestClient, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Deliver while the block runs; what is being sent at its end may still arrive."""
    done = asyncio.Event()
    task = asyncio.create_task(Notifier(client).run(pause, done))
    try:
        yield
    finally:
        done.set()
        _, late = await asyncio.wait({task}, timeout=GRACE)
        for each in late:
            each.cancel()
