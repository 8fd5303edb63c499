"""Progress: how the reading of a page goes on, shown in a message now and then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

import structlog

from bot.discord.transport import UNSENT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from bot.ingest.reading import Outcome

log = structlog.get_logger(__name__)

BETWEEN = 2.0
"""Seconds between two edits: Discord limits them, and nobody reads faster."""


class Progress:
    """Listens to an ingest, from whatever thread that runs in, and shows how it goes on while the block runs.

    Args:
        show: shows a text.
        pause: waits some seconds.
    """

    def __init__(
        self,
        show: Callable[[str], Awaitable[object]],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._show = show
        self._pause = pause
        self._now: tuple[int, int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._edit: asyncio.Future[object] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._edit is not None:  # which must not come after what is shown at the end
            await asyncio.gather(self._edit, return_exceptions=True)

    def started(self, documents: int) -> None:
        """So many documents will be looked at."""

    def embedding(self, done: int, total: int) -> None:
        """Of the document's passages, so many of those that need it have been embedded."""
        self._now = done, total

    def finished(self, outcome: Outcome) -> None:
        """One document is done."""

    async def _keep_on(self) -> None:
        shown: tuple[int, int] | None = None
        while True:
            await self._pause(BETWEEN)
            if self._now is None or self._now == shown:
                continue
            shown = self._now
            try:
                # Shielded: a request that waits for Discord's limits must not be cancelled, see messages.typing.
                self._edit = asyncio.ensure_future(self._show(f"Reading… {shown[0]} of {shown[1]} passages"))
                await asyncio.shield(self._edit)
            except UNSENT as error:
                log.info("progress not shown", error=type(error).__name__)
                return  # what became of it is told all the same
