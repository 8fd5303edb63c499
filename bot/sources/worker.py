"""Refresher in the background: sources are looked at as they fall due, beside whatever else the process does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.sources.ingest import is_fault
from bot.sources.items import Silence
from bot.sources.sources import RefreshRunningError, StopSignal
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from bot.sources.items import Refreshed, RefreshListener


log = structlog.get_logger(__name__)

SHORTEST, LONGEST = 5.0, 60.0
"""Seconds between two looks at what is due: another process may add sources, or refresh them."""


class Refreshable(Protocol):
    """What this room needs of the sources; the methods block and may be called from any thread."""

    def next_due(self) -> datetime | None:
        """When the next source is due; None where there is none."""
        ...

    def refresh(
        self, names: Sequence[str] = (), *, listener: RefreshListener | None = None, stop: StopSignal | None = None
    ) -> list[Refreshed]:
        """Look at the sources that are due; raises DigestbotError."""
        ...


@asynccontextmanager
async def refresh_in_background(
    sources: Refreshable | None,
    *,
    heard: Callable[[Refreshed], None] | None = None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[None]:
    """Refresh sources in a worker thread as they fall due, for as long as the block runs.

    Args:
        sources: what is refreshed; None for nothing.
        heard: is told of each source how it went, from that thread.
        pause: waits some seconds.
        clock: the time.
    """
    if sources is None:
        yield
        return
    task = asyncio.create_task(_keep_current(sources, _Reporter(heard), pause, clock), name="refreshing")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_current(
    sources: Refreshable,
    listener: _Reporter,
    pause: Callable[[float], Awaitable[None]],
    clock: Callable[[], datetime],
) -> None:
    wait = 0.0
    while True:
        await pause(wait)
        wait = LONGEST
        try:
            due = await asyncio.to_thread(sources.next_due)
            if due is not None and due <= clock():
                await _refresh(sources, listener)
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


async def _refresh(sources: Refreshable, listener: RefreshListener) -> None:
    """Refresh in a thread; when this is cancelled, the thread is stopped and waited for."""
    stop = StopSignal()
    work = asyncio.ensure_future(asyncio.to_thread(sources.refresh, listener=listener, stop=stop))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()
        with suppress(DigestbotError):
            await work
        raise


class _Reporter(Silence):
    """Writes to the log how each source went, and passes it on."""

    def __init__(self, heard: Callable[[Refreshed], None] | None) -> None:
        self._heard = heard

    def refreshed(self, report: Refreshed) -> None:
        """One source is done."""
        name, states = report.source.id, [outcome.state for outcome in report.outcomes]
        if report.error:
            log.warning("source failed", source=name, error=report.error)
        else:
            counts = {state: states.count(state) for state in dict.fromkeys(states)}
            tell = log.info if states else log.debug
            tell("source refreshed", source=name, unchanged=report.unchanged, **counts)
        if self._heard:
            self._heard(report)
