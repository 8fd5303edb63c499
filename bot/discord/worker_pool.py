"""Runs blocking assistant calls in a thread pool, so that the event loop never waits."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.assistant import Assistant
    from bot.sources.ingest import Listener, Outcome, Source
    from corpus.store.records import StoredDocument

T = TypeVar("T")
READERS = 2
"""Pages that are ingested at the same time; other servers wait."""

SHELF_LIFE = 30.0
MOST_SCOPES = 1000


class BusyError(DigestbotError):
    """Too many calls are waiting."""


class WorkerPool:
    """Runs a bounded number of assistant calls at a time.

    Args:
        assistant: answers the questions.
        threads: calls that run at the same time.
        waiting: calls that may wait for a thread before new ones are refused.
        patience: seconds after which a call is given up.
    """

    def __init__(
        self, assistant: Assistant, *, threads: int = 4, waiting: int = 500, patience: float = 120
    ) -> None:
        self.assistant = assistant
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="worker")
        self._free = self._places = threads + waiting
        self._patience = patience
        self._shelf: dict[int | None, tuple[float, list[StoredDocument]]] = {}
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._reading: set[int] = set()

    @property
    def under_way(self) -> int:
        """The number of calls that run or wait."""
        return self._places - self._free

    async def run(self, call: Callable[[], T]) -> T:
        """Run a blocking call in a worker thread.

        Raises:
            BusyError: too many calls are waiting.
            TimeoutError: the call took too long; it keeps its thread until it ends.
        """
        if self._free <= 0:
            raise BusyError("Too many people are asking at once. Please ask again in a minute.")
        self._free -= 1
        work = asyncio.get_running_loop().run_in_executor(self._threads, call)
        work.add_done_callback(self._leave)
        return await asyncio.wait_for(asyncio.shield(work), self._patience)

    async def digests(self, scope: int | None) -> list[StoredDocument]:
        """Return the digests that answer a scope's questions."""
        return [document for document in await self._all_digests(scope) if document.gone is None]

    async def own_digests(self, scope: int | None) -> list[StoredDocument]:
        """Return the digests that a server added, including those whose source is gone."""
        return [document for document in await self._all_digests(scope) if document.scope == scope]

    async def _all_digests(self, scope: int | None) -> list[StoredDocument]:
        """Return all digests of a scope, cached for ``SHELF_LIFE`` seconds."""
        until, documents = self._shelf.get(scope, (0.0, []))
        if time.monotonic() >= until:
            # Not through the queue: autocompletion cannot wait for questions.
            documents = await asyncio.to_thread(lambda: self.assistant.digests(scope, gone=True))
            if len(self._shelf) >= MOST_SCOPES:
                self._shelf.clear()
            self._shelf[scope] = (time.monotonic() + SHELF_LIFE, documents)
        return documents

    async def read(self, sources: Sequence[Source], scope: int, listener: Listener | None = None) -> list[Outcome]:
        """Ingest pages into a server's scope in threads of their own; ``listener`` is called from there.

        Raises:
            BusyError: another page of this server is being ingested.
            DigestbotError: as the assistant raises.
        """
        if scope in self._reading:
            raise BusyError("I am still reading this server's last page. Please try again when it is done.")
        self._reading.add(scope)
        try:
            work = lambda: self.assistant.ingest(sources, listener=listener, scope=scope)  # noqa: E731
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)
        finally:
            self._reading.discard(scope)
            self.forget_digests(scope)

    def forget_digests(self, scope: int | None) -> None:
        """Drop the cached digests of a scope after a change."""
        self._shelf.pop(scope, None)

    async def names(self, what: str, typed: str, scope: int | None) -> list[str]:
        """Return names for autocompletion, past the queue."""
        return await asyncio.to_thread(lambda: self.assistant.names(what, typed, scope=scope))

    def close(self) -> None:
        """Refuse new calls and drop waiting ones; running calls finish."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _leave(self, work: asyncio.Future[T]) -> None:
        self._free += 1
        if not work.cancelled():
            work.exception()  # retrieved, or asyncio reports it if nobody waits any more
