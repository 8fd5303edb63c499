"""Notifies subscribers of new entries, in the background."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.alerts import AlertScanner
from bot.discord.subscriptions import MOST_SHOWN, delivery_message, is_delivery
from bot.discord.transport import again_if_lost
from bot.state.deliveries import Outbox
from bot.state.subscriptions import Pause
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.discord.client import DigestClient
    from bot.state.deliveries import Delivery
    from bot.state.subscriptions import Subscription

log = structlog.get_logger(__name__)

EVERY = 30.0
"""Seconds between two rounds; a round without changes is one small read."""
GRACE = 5.0
SLACK = timedelta(minutes=5)
"""The most that this machine's clock and Discord's may differ."""
LOOKED_BACK = 200
"""Messages to search for a delivery that may have arrived."""
MOST_FAILURES = 3
"""Failures that end a round: then Discord is down, and each try takes time."""
DIRECT_MESSAGES_CLOSED = {50007, 50278}
"""By the user's settings, or because they no longer share a server with the bot."""
BARRED = {50001, 50013}
REFUSED_BODY = {50006, 50035}


class Notifier:
    """Notifies the subscribers of one client."""

    def __init__(self, client: DigestClient) -> None:
        self._client = client
        self._subscriptions = client.context.subscriptions
        self._matching = client.context.workers.assistant.matching
        self._outbox = Outbox(client.context.state)
        self._failed: set[int] = set()
        self._scanner = AlertScanner(self._matching, self._subscriptions, self._outbox)

    async def run(self, pause: Callable[[float], Awaitable[object]], done: asyncio.Event) -> None:
        """Run rounds until ``done`` is set."""
        while not done.is_set():
            await self.round()
            waits = [asyncio.ensure_future(pause(EVERY)), asyncio.ensure_future(done.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()

    async def round(self) -> None:
        """Scan for new entries and deliver them; logs failures, and the next round tries again.

        Scans before the client is connected, too: the very first scan decides what is not new.
        """
        try:
            await asyncio.to_thread(self._scanner.scan)
            due = await asyncio.to_thread(self._outbox.due)
        except Exception as error:  # the bot goes on, and the next round tries again
            log.error("scan failed", error=type(error).__name__, exc_info=not _expected(error))
            return
        if not self._client.connected:
            return
        left = MOST_FAILURES
        for number in sorted(due, key=lambda each: each in self._failed):  # stable: longest waiting first
            try:
                await self._deliver(number)
                self._failed.discard(number)
            except Exception as error:  # as above; and one subscription must not delay the others
                unexpected = not _expected(error)
                log.warning("not delivered", subscription=number, error=type(error).__name__, exc_info=unexpected)
                self._failed.add(number)
                left -= 1
                if not left:
                    return

    async def _deliver(self, number: int) -> None:
        """Deliver what waits for one subscription.

        Raises:
            discord.HTTPException, aiohttp.ClientError, OSError: Discord cannot be reached now.
            DigestbotError: the corpus or the state cannot be used.
        """
        try:
            subscription = await asyncio.to_thread(self._subscriptions.get, number)
        except NotFoundError:
            return  # removed a moment ago
        delivery = await asyncio.to_thread(self._outbox.delivery, number)
        if delivery is None:
            return
        query, server = subscription.query, subscription.server
        kinds = (await self._client.context.settings(server)).kinds or None
        cited, standing = await asyncio.to_thread(
            self._matching.citations, query, server, delivery.keys, MOST_SHOWN, kinds
        )
        if cited:  # else the entries have left the corpus, or the server hides their kinds
            try:
                await self._send(subscription, delivery, delivery_message(subscription, delivery, cited, standing))
            except discord.HTTPException as error:
                if (why := pause_reason(error)) is None:
                    raise
                self._count(f"paused: {why}")
                log.warning("subscription paused", subscription=number, why=why, code=error.code)
                await asyncio.to_thread(self._subscriptions.pause, number, why)
                return
            self._count("delivered")
            log.info("delivered", subscription=number, entries=len(delivery.keys), in_server=server is not None)
        await asyncio.to_thread(self._outbox.delivered, delivery)

    async def _send(self, subscription: Subscription, delivery: Delivery, message: dict[str, object]) -> None:
        """Send a delivery exactly once: for minutes the nonce ensures it, later the channel's history."""
        place = await self._place(subscription)
        if delivery.tried_at and await self._arrived(place, delivery):
            return
        await asyncio.to_thread(self._outbox.mark_tried, delivery)
        await again_if_lost(lambda: place.send(**message, nonce=delivery.name))  # type: ignore[call-overload]

    async def _place(self, subscription: Subscription) -> discord.abc.Messageable:
        if subscription.channel is not None:
            return self._client.get_partial_messageable(subscription.channel, guild_id=subscription.server)
        user = discord.Object(subscription.user)
        return await again_if_lost(lambda: self._client.create_dm(user))

    async def _arrived(self, place: discord.abc.Messageable, delivery: Delivery) -> bool:
        """Return whether a delivery that was sent before is in its channel."""
        if delivery.tried_at is None or self._client.user is None:
            return False
        with contextlib.suppress(discord.Forbidden):  # without the history the nonce must do
            async for message in place.history(limit=LOOKED_BACK, after=delivery.tried_at - SLACK):
                if message.author.id == self._client.user.id and is_delivery(message, delivery):
                    return True
        return False

    def _count(self, outcome: str) -> None:
        if metrics := self._client.context.metrics:
            metrics.news.labels(outcome).inc()


def pause_reason(error: discord.HTTPException) -> Pause | None:
    """Return a lasting reason in Discord's answer; None if it may pass, like a limit or an outage."""
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
async def run_notifier(
    client: DigestClient, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Run a notifier during the block; a message under way at its end may still arrive."""
    done = asyncio.Event()
    task = asyncio.create_task(Notifier(client).run(pause, done))
    try:
        yield
    finally:
        done.set()
        _, late = await asyncio.wait({task}, timeout=GRACE)
        for each in late:
            each.cancel()
