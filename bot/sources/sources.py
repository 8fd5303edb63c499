"""The sources of a data folder: adds, lists and removes them, and refreshes them in one process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sources.fetcher import LISTS, Fetcher
from bot.sources.ingest import MAX_BYTES, absolute, is_folder, path_of
from bot.sources.items import Refreshed, RefreshSilence
from bot.sources.listing import feed_named, kind_of
from bot.sources.refresh import Refresher, each
from bot.sources.schedule import due_at, usual
from bot.sources.urls import is_address, normal
from corpus.errors import DigestbotError, ReadError
from corpus.model import SourceKind
from corpus.store import StoredSource

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from datetime import timedelta

    from bot.sources.items import RefreshListener
    from embeddings.collection import Library


class StopSignal:
    """Stops what runs under it: requests at once, ingests after the current document."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None
        self.is_set = False

    def set(self) -> None:
        """StopSignal; from any thread, any number of times."""
        with self._lock:
            self.is_set = True
            if self._running:
                loop, task = self._running
                with contextlib.suppress(RuntimeError):  # it has ended by itself
                    loop.call_soon_threadsafe(task.cancel)

    def run(self, work: Coroutine[Any, Any, None]) -> bool:
        """Run in this thread's own event loop; return whether the work finished."""

        async def stoppable() -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - coroutines have a task
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


_AT_ONCE = 4
"""Sources that are refreshed at the same time."""

_EARLY = 0.05
"""Share of its interval that a source may be early, so that an hourly cron job meets hourly sources."""


class RefreshRunningError(DigestbotError):
    """Another process or thread is refreshing the same data folder."""


class Sources:
    """The sources of one library. Safe to share between threads.

    ``private`` allows addresses that are not public; ``random`` spreads retries.
    """

    def __init__(
        self,
        library: Library,
        *,
        private: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Random | None = None,
    ) -> None:
        self._library, self._private = library, private
        self._clock, self._random = clock, random or Random()  # noqa: S311 - spreads load, guards nothing
        self._watched = library.store.watched

    def all(self) -> list[StoredSource]:
        """Every source, by id."""
        return self._watched.all()

    def next_due(self) -> datetime | None:
        """Return when the next source is due; None without sources."""
        now = self._clock()
        return min((due_at(source, now) for source in self.all()), default=None)

    def waiting(self, names: Sequence[str]) -> list[tuple[StoredSource, datetime]]:
        """Return those of the named sources that are not due, and when they are. Raises NotFoundError."""
        now = self._clock()
        named = [(source, due_at(source, now)) for source in map(self._watched.named, names)]
        return [(source, due) for source, due in named if due > now + source.every * _EARLY]

    def add(
        self, new: NewSource, *, listener: RefreshListener | None = None, stop: StopSignal | None = None
    ) -> Refreshed:
        """Add a source and refresh it for the first time; drops it if it cannot be read.

        Returns:
            The report; without a ``due_at`` if another process is refreshing this data folder and will read it.

        Raises:
            DigestbotError: the source cannot be read, or exists already.
        """
        new.check()
        for source in self.all():
            if (source.address, source.pattern, source.scope) == (new.at, new.links, new.scope):
                raise DigestbotError(f"that is a source already: {source.id}")
        kind, feed = asyncio.run(new.detect_kind(private=self._private))
        source = self._watched.add(new.stored(kind, self._clock()))
        try:
            reports = self._refresh([source], listener or RefreshSilence(), stop or StopSignal(), force=True)
        except RefreshRunningError:
            reports = []
        except Exception:
            self._drop_unread(source)
            raise
        report = reports[0] if reports else Refreshed(source)
        if report.error and self._drop_unread(source):
            raise ReadError(f"{source.address}: {report.error}")
        report.feed = feed
        return report

    def documents(self, name: str) -> list[str]:
        """Return the ids of documents that came only from this source (an id or address). Raises NotFoundError."""
        return self._watched.own_documents(self._watched.named(name))

    def remove(self, name: str, *, documents: bool) -> tuple[StoredSource, list[str]]:
        """Remove a source, given its id or address.

        Args:
            name: its id or address.
            documents: whether to remove the documents that came from no other source.

        Returns:
            The source, and the ids of the documents that came only from it, removed or kept.

        Raises:
            NotFoundError: there is no such source.
        """
        source = self._watched.named(name)
        own = self._watched.own_documents(source)
        self._watched.remove(source)
        if documents:
            for document in own:
                self._library.store.remove(document)
            self._library.refresh()
        return source, own

    def refresh(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        accept: bool = False,
        listener: RefreshListener | None = None,
        stop: StopSignal | None = None,
    ) -> list[Refreshed]:
        """Refresh due sources: ingest what is new or changed, and mark what is gone.

        Args:
            names: ids or addresses; empty: all sources.
            force: whether to include sources that are not due, and items that wait after a failure.
            accept: whether to take versions of pages and lists that have lost nearly all that they had.
            listener: receives the progress.
            stop: stops the refresh; what was reported stays done.

        Returns:
            A report for each source that was not stopped.

        Raises:
            NotFoundError: there is no source of that name.
            RefreshRunningError: another process is refreshing the same data folder.
            StoreError: the store cannot be written.
            EncoderError: the model cannot be used.
        """
        wanted = [self._watched.named(name) for name in names] if names else self.all()
        listener, stop = listener or RefreshSilence(), stop or StopSignal()
        return self._refresh(wanted, listener, stop, force=force or accept, accept=accept)

    def _refresh(
        self,
        sources: Sequence[StoredSource],
        listener: RefreshListener,
        stop: StopSignal,
        *,
        force: bool,
        accept: bool = False,
    ) -> list[Refreshed]:
        reports: list[Refreshed] = []
        with self._alone():
            # Another process may have refreshed until now.
            current = {source.number: source for source in self.all()}
            now = self._clock()
            chosen = [current[source.number] for source in sources if source.number in current]
            chosen = [source for source in chosen if force or due_at(source, now) <= now + source.every * _EARLY]
            generation = self._library.store.generation
            if chosen:
                stop.run(self._run(chosen, listener, reports, force=force, accept=accept))
            if self._library.store.generation != generation:
                self._library.refresh()
        return reports

    async def _run(
        self,
        sources: Sequence[StoredSource],
        listener: RefreshListener,
        reports: list[Refreshed],
        *,
        force: bool,
        accept: bool,
    ) -> None:
        async with Fetcher(private=self._private) as fetcher:
            refreshing = Refresher(
                self._library,
                fetcher,
                listener,
                clock=self._clock,
                random=self._random,
                force=force,
                accept=accept,
            )

            async def one(source: StoredSource) -> None:
                reports.append(await refreshing.refresh(source))

            await each(sources, one, at_once=_AT_ONCE)

    def _drop_unread(self, source: StoredSource) -> bool:
        """Remove a source without documents; return whether it had none."""
        if any(row.document for row in self._watched.addresses(source).values()):
            return False
        self._watched.remove(source)
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self._library.folder / "refresh.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RefreshRunningError(
                "another digestbot is refreshing this data folder just now: try again when it is done"
            ) from None
        try:
            yield
        finally:
            lock.release()


ITEMS, MOST_ITEMS = 200, 5000
"""The default and the greatest limit of items per source."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A request for a source.

    ``kind`` None is detected; ``links`` is a pattern of addresses that makes a page a list; ``every`` None is the
    kind's default; ``items`` is the limit; ``name`` None is made from the address. ``scope`` is the server that
    sees the documents, None for everyone.
    """

    address: str
    kind: SourceKind | None = None
    links: str | None = None
    every: timedelta | None = None
    items: int = ITEMS
    name: str | None = None
    scope: int | None = None

    @property
    def at(self) -> str:
        """The normalised address. Raises ReadError."""
        return normal(self.address) if is_address(self.address) else str(absolute(self.address))

    def check(self) -> None:
        """Raise DigestbotError, with advice, if the parts contradict each other."""
        if self.kind is SourceKind.LINKS and self.links is None:
            raise DigestbotError("a page with links needs the pattern of their addresses: --links '/blog/*'")
        if self.links is not None and self.kind not in (None, SourceKind.LINKS):
            raise DigestbotError(f"a {self.kind} takes no pattern of links")
        if is_address(self.address):
            if self.kind is SourceKind.FOLDER:
                raise DigestbotError("a folder is on this machine, not on the web")
            return
        if scheme := re.match(r"([a-z][a-z0-9+.-]*)://", self.address, re.IGNORECASE):
            raise ReadError(f"{scheme[1]} addresses cannot be read; those of http and https can")
        if self.scope is not None:  # server admins must not see this machine's files
            raise ReadError("an address begins with http:// or https://")
        if self.links is not None or self.kind not in (None, SourceKind.FOLDER):
            raise ReadError("only a folder is on this machine; an address on the web begins with https://")
        if not is_folder(Path(self.at)):
            raise ReadError(f"{self.at}: there is no such folder, and it is no address on the web")

    async def detect_kind(self, *, private: bool) -> tuple[SourceKind, str | None]:
        """Detect the kind from the address's answer, and the feed that a page names.

        Raises:
            ReadError: the address cannot be fetched, or cannot be a source.
        """
        if not is_address(self.address):
            return SourceKind.FOLDER, None
        if self.kind:
            return self.kind, None
        async with Fetcher(private=private) as fetcher:
            try:
                fetched = await fetcher.fetch(self.at, limit=MAX_BYTES, types=LISTS)
                if fetched is None:
                    raise ReadError("the site answers 304 to a request without a condition")
                kind = kind_of(fetched, self.links)
            except ReadError as error:
                raise ReadError(f"{self.at}: {error}") from error
        return kind, await asyncio.to_thread(feed_named, fetched) if kind is SourceKind.PAGE else None

    def stored(self, kind: SourceKind, now: datetime) -> StoredSource:
        """Return the source as the store keeps it, due now."""
        return StoredSource(
            number=0,
            id=self.name or _called(self.at),
            kind=kind,
            address=self.at,
            pattern=self.links,
            scope=self.scope,
            every=self.every or usual(kind),
            items=max(1, min(self.items, MOST_ITEMS)),
            added_at=now,
            refreshed_at=None,
            due_at=now,
        )


def _called(address: str) -> str:
    """Name a source after its host and the last part of its path, or its folder."""
    if not is_address(address):
        return Path(address).name or "folder"
    host = urlsplit(address).hostname or "page"
    last = path_of(address, "").name
    return " ".join(dict.fromkeys((host.removeprefix("www."), last.removeprefix("www."))))
