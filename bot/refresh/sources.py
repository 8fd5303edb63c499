"""The sources of a data folder: added, listed, removed, and refreshed by one process at a time."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from bot.fetching.fetcher import Fetcher
from bot.refresh.refreshing import Refreshing
from bot.refresh.report import Refreshed, Silence
from bot.refresh.running import each
from bot.refresh.stopping import Stop
from corpus.errors import DigestbotError, ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.refresh.adding import NewSource
    from bot.refresh.report import RefreshListener
    from corpus.store import StoredSource
    from embeddings.library import Library

_AT_ONCE = 4
"""Sources that are looked at at the same time: one that is slow does not hold up the others."""


_EARLY = 0.05
"""Share of its interval that a source may be early: cron, every hour, comes to what takes a second, too."""


class RefreshingElsewhereError(DigestbotError):
    """Another process, or another thread of this one, is refreshing the same data folder."""


class Sources:
    """The sources of one library. Safe to share between threads.

    Args:
        library: what they are read into.
        private: whether addresses that are not public may be fetched.
        clock: the time.
        random: spreads what is tried again.
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
        """When the next source is due; None where there is none."""
        return min((source.due_at for source in self.all()), default=None)

    def add(
        self, new: NewSource, *, listener: RefreshListener | None = None, stop: Stop | None = None
    ) -> Refreshed:
        """Add a source and read it for the first time; one that cannot be read is not kept.

        Args:
            new: what is asked for.
            listener: is told how the reading goes on.
            stop: stops it; the next refresh goes on.

        Returns:
            How the first reading went; without a ``due_at`` where another process is refreshing this data
            folder, and will come to it.

        Raises:
            DigestbotError: it cannot be read, or is a source already.
        """
        new.check()
        for source in self.all():
            if (source.address, source.pattern, source.scope) == (new.at, new.links, new.scope):
                raise DigestbotError(f"that is a source already: {source.id}")
        kind, feed = asyncio.run(new.found_out(private=self._private))
        source = self._watched.add(new.stored(kind, self._clock()))
        try:
            reports = self._refresh([source], listener or Silence(), stop or Stop(), force=True)
        except RefreshingElsewhereError:
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
        """Ids of the documents that came from a source, of its id or address, and from no other.

        Raises:
            NotFoundError: there is no such source.
        """
        return self._watched.own_documents(self._watched.named(name))

    def remove(self, name: str, *, documents: bool) -> tuple[StoredSource, list[str]]:
        """Forget a source.

        Args:
            name: its id or address.
            documents: whether the documents that came from it, and from no other source, are removed with it.

        Returns:
            The source, and the ids of the documents that came from it alone: removed or kept.

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
        listener: RefreshListener | None = None,
        stop: Stop | None = None,
    ) -> list[Refreshed]:
        """Look at sources anew; what is new or changed is read, what has gone is marked.

        Args:
            names: ids or addresses of the sources; none: all.
            force: also those that are not due, and what of them rests after a failure.
            listener: is told how it goes on.
            stop: stops it; what was reported until then stays done.

        Returns:
            How it went with each of them; those that were stopped are left out.

        Raises:
            NotFoundError: there is no source of a name.
            RefreshingElsewhereError: another process is refreshing the same data folder.
            StoreError: the store cannot be written.
            EncoderError: the model cannot be used.
        """
        wanted = [self._watched.named(name) for name in names] if names else self.all()
        return self._refresh(wanted, listener or Silence(), stop or Stop(), force=force)

    def _refresh(
        self, sources: Sequence[StoredSource], listener: RefreshListener, stop: Stop, *, force: bool
    ) -> list[Refreshed]:
        reports: list[Refreshed] = []
        with self._alone():
            # Another process may have been at it until now.
            current = {source.number: source for source in self.all()}
            now = self._clock()
            chosen = [current[source.number] for source in sources if source.number in current]
            chosen = [source for source in chosen if force or source.due_at <= now + source.every * _EARLY]
            generation = self._library.store.generation
            if chosen:
                stop.run(self._run(chosen, listener, reports, force=force))
            if self._library.store.generation != generation:
                self._library.refresh()
        return reports

    async def _run(
        self, sources: Sequence[StoredSource], listener: RefreshListener, reports: list[Refreshed], *, force: bool
    ) -> None:
        async with Fetcher(private=self._private) as fetcher:
            refreshing = Refreshing(
                self._library, fetcher, listener, clock=self._clock, random=self._random, force=force
            )

            async def one(source: StoredSource) -> None:
                reports.append(await refreshing.refresh(source))

            await each(sources, one, at_once=_AT_ONCE)

    def _drop_unread(self, source: StoredSource) -> bool:
        """Forget a source that nothing came from."""
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
            raise RefreshingElsewhereError(
                "another digestbot is refreshing this data folder just now: try again when it is done"
            ) from None
        try:
            yield
        finally:
            lock.release()
