"""Refreshes due sources in the background."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.sources.ingest import is_fault
from bot.sources.items import RefreshSilence
from bot.sources.sources import RefreshRunningError, StopSignal
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.sources.items import Refreshed
    from bot.sources.sources import Sources

log = structlog.get_logger(__name__)

SHORTEST, LONGEST = 5.0, 60.0
"""Seconds between two checks: another process may add or refresh sources."""
_TOLD = 5
"""Failed pages of one refresh that the log names."""


@asynccontextmanager
async def refresh_in_background(
    sources: Sources | None,
    *,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[None]:
    """Refresh due sources in a worker thread while the block runs; ``pause`` waits some seconds."""
    if sources is None:
        yield
        return
    task = asyncio.create_task(_keep_current(sources, pause, clock), name="refresh")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_current(
    sources: Sources, pause: Callable[[float], Awaitable[None]], clock: Callable[[], datetime]
) -> None:
    wait = 0.0
    while True:
        await pause(wait)
        wait = LONGEST
        try:
            due = await asyncio.to_thread(sources.next_due)
            if due is not None and due <= clock():
                await _refresh(sources)
                due = await asyncio.to_thread(sources.next_due)
            if due is not None:
                wait = min(max((due - clock()).total_seconds(), SHORTEST), LONGEST)
        except RefreshRunningError:
            log.info("another process is refreshing")
        except DigestbotError as error:
            log.warning("cannot refresh", error=str(error))
        except BaseException as error:  # the bot goes on answering, whatever a refresh runs into
            if not is_fault(error):
                raise
            log.exception("refreshing failed")


async def _refresh(sources: Sources) -> None:
    """Refresh in a thread; a cancellation stops the thread and waits for it."""
    stop = StopSignal()
    work = asyncio.ensure_future(asyncio.to_thread(sources.refresh, listener=_Log(), stop=stop))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()
        with suppress(DigestbotError):
            await work
        raise


class _Log(RefreshSilence):
    """Logs the refresh of each source."""

    def refreshed(self, report: Refreshed) -> None:
        name, states = report.source.id, [outcome.state for outcome in report.outcomes]
        if report.error:
            log.warning("source failed", source=name, error=report.error)
        else:
            counts = {state: states.count(state) for state in dict.fromkeys(states)}
            tell = log.info if states else log.debug
            tell("source refreshed", source=name, unchanged=report.unchanged, **counts)
        for note in report.notes:
            log.info("source has a note", source=name, note=note)
        for outcome in [each for each in report.outcomes if each.state == "failed"][:_TOLD]:
            log.warning("page failed", source=name, page=outcome.source, error=outcome.error)
