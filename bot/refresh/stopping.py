"""Stopping a refresh that runs in another thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Stop:
    """Stops what runs under it: requests at once, a document that is being stored as soon as that is done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None
        self.is_set = False

    def set(self) -> None:
        """Stop; from any thread, any number of times."""
        with self._lock:
            self.is_set = True
            if self._running:
                loop, task = self._running
                with contextlib.suppress(RuntimeError):  # it has ended by itself
                    loop.call_soon_threadsafe(task.cancel)

    def run(self, work: Coroutine[Any, Any, None]) -> bool:
        """Run in a loop of this thread's own; returns whether it came to its end."""

        async def stoppable() -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - within a coroutine there is one
            with self._lock:
                self._running = asyncio.get_running_loop(), task
                if self.is_set:
                    task.cancel()
            try:
                await work
            finally:
                with self._lock:
                    self._running = None

        try:
            asyncio.run(stoppable())
        except asyncio.CancelledError:
            if not self.is_set:
                raise
            return False
        finally:
            work.close()
        return True
