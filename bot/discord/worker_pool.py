"""The workers: questions wait here for a worker thread, so that the event loop never does."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.alerts import Matches
    from bot.answer import Answer, Surroundings
    from bot.sources.ingest import Listener, Outcome, Source
    from corpus.model import Kind
    from corpus.store.records import StoredDocument


T = TypeVar("T")
READERS = 2
"""Pages that are read at the same time; those of other servers wait."""

SHELF_LIFE = 30.0
MOST_SCOPES = 1000


class Answers(Protocol):
    """What this face needs of the assistant; its methods block and may be called from any thread."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        kind: str | frozenset[Kind] | None = None,
        digest: str | None = None,
        scope: int | None = None,
        top: int = 5,
    ) -> Answer:
        """Answer a question; raises DigestbotError."""
        ...

    def browse(
        self, kind: str, facts: Mapping[str, str], *, scope: int | None = None, page: int = 1, top: int = 5
    ) -> Answer:
        """List entries by their facts; raises DigestbotError."""
        ...

    def surroundings(self, entry_id: int, start: int, end: int, *, scope: int | None = None) -> Surroundings:
        """A quote in its place; raises NotFoundError."""
        ...

    def similar(self, entry_id: int, *, scope: int | None = None, top: int = 5, offset: int = 0) -> Answer:
        """The entries most like one of them; raises NotFoundError."""
        ...

    @property
    def model(self) -> str:
        """The model that answers are found with; quick."""
        ...

    def names(self, what: str, typed: str = "", *, scope: int | None = None, most: int = 25) -> list[str]:
        """Names to choose from; quick."""
        ...

    def ingest(
        self, sources: Sequence[Source], *, listener: Listener | None = None, scope: int | None = None
    ) -> list[Outcome]:
        """Read pages into a scope; takes its time."""
        ...

    def remove(self, document_id: str) -> None:
        """Take a document out; raises NotFoundError."""
        ...

    def digests(self, scope: int | None = None, *, gone: bool = False) -> list[StoredDocument]:
        """The documents that a scope sees, or also those that their source no longer has; quick."""
        ...

    @property
    def matching(self) -> Matches:
        """What tells which new entries a standing query matches."""
        ...


class BusyError(DigestbotError):
    """More questions are waiting than can be answered in good time."""


class WorkerPool:
    """Runs the assistant in worker threads, a bounded number of calls at a time.

    Args:
        assistant: answers the questions.
        workers: calls that run at the same time.
        waiting: calls that may wait beyond them before new ones are turned away.
        patience: seconds until a call is given up.
    """

    def __init__(self, assistant: Answers, *, workers: int = 4, waiting: int = 500, patience: float = 120) -> None:
        self.assistant = assistant
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="workers")
        self._free = self._places = workers + waiting
        self._patience = patience
        self._shelf: dict[int | None, tuple[float, list[StoredDocument]]] = {}
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._reading: set[int] = set()

    @property
    def under_way(self) -> int:
        """How many calls run or wait."""
        return self._places - self._free

    async def run(self, call: Callable[[], T]) -> T:
        """Run a blocking call in a worker thread.

        Raises:
            BusyError: too many are waiting.
            TimeoutError: it took too long; the thread goes on, and its place stays taken until it ends.
        """
        if self._free <= 0:
            raise BusyError("I have more questions than I can answer just now. Please ask again in a minute.")
        self._free -= 1
        work = asyncio.get_running_loop().run_in_executor(self._threads, call)
        work.add_done_callback(self._leave)
        return await asyncio.wait_for(asyncio.shield(work), self._patience)

    async def digests(self, scope: int | None) -> list[StoredDocument]:
        """The digests that a scope's questions are answered from."""
        return [document for document in await self._all_digests(scope) if document.gone is None]

    async def own_digests(self, scope: int | None) -> list[StoredDocument]:
        """The digests that a server added, those that are gone from their address among them: it has them yet."""
        return [document for document in await self._all_digests(scope) if document.scope == scope]

    async def _all_digests(self, scope: int | None) -> list[StoredDocument]:
        """All that a scope holds, from memory where it was asked for a moment ago."""
        until, documents = self._shelf.get(scope, (0.0, []))
        if time.monotonic() >= until:
            # Not through the queue of questions: who is typing a command cannot wait for them.
            documents = await asyncio.to_thread(lambda: self.assistant.digests(scope, gone=True))
            if len(self._shelf) >= MOST_SCOPES:
                self._shelf.clear()
            self._shelf[scope] = (time.monotonic() + SHELF_LIFE, documents)
        return documents

    async def read(self, sources: Sequence[Source], scope: int, listener: Listener | None = None) -> list[Outcome]:
        """Read pages into a server's scope, beside the questions: it may take far longer than any of them.

        Args:
            sources: the pages.
            scope: the server.
            listener: is told how it goes on, from another thread.

        Raises:
            BusyError: the server has a page that is still being read.
            DigestbotError: what the assistant raises.
        """
        if scope in self._reading:
            raise BusyError("I am still reading the last page of this server. Please try again when it is done.")
        self._reading.add(scope)
        try:
            work = lambda: self.assistant.ingest(sources, listener=listener, scope=scope)  # noqa: E731
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)
        finally:
            self._reading.discard(scope)
            self.forget_digests(scope)

    def forget_digests(self, scope: int | None) -> None:
        """Ask anew for the digests of a scope: they have changed."""
        self._shelf.pop(scope, None)

    async def names(self, what: str, typed: str, scope: int | None) -> list[str]:
        """Names to choose from, past the queue of questions, too."""
        return await asyncio.to_thread(lambda: self.assistant.names(what, typed, scope=scope))

    def close(self) -> None:
        """Take no more calls and drop those that wait; those that run end in their own time."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _leave(self, work: asyncio.Future[T]) -> None:
        self._free += 1
        if not work.cancelled():
            work.exception()  # seen, so that asyncio does not report it when nobody waits any more
