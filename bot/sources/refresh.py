"""Refreshes one source: ingests what is new or changed, marks what is gone, and leaves the rest alone."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.sources.feeds import page_of
from bot.sources.fetcher import PageGoneError, Validators
from bot.sources.head import canonical
from bot.sources.ingest import (
    MAX_BYTES,
    Outcome,
    RawDocument,
    bytes_of,
    is_fault,
    path_of,
    read,
    reader_of,
    readers,
    why,
)
from bot.sources.items import Refreshed
from bot.sources.listing import known_by_guid, listing_of
from bot.sources.loss import SHARE, LossError
from bot.sources.politeness import SiteBusyError
from bot.sources.schedule import due, item_wait_after, wait_after
from bot.sources.urls import is_address
from corpus.errors import DigestbotError, EncoderError, NotFoundError, ReadError, StoreError
from corpus.model import SourceKind
from corpus.store import StoredAddress
from corpus.text import slug

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime
    from random import Random

    from bot.sources.fetcher import Fetched, Fetcher
    from bot.sources.ingest import State
    from bot.sources.items import Item, Listing, RefreshListener
    from corpus.store import StoredSource
    from embeddings.collection import Library

T = TypeVar("T")


async def each(things: Iterable[T], work: Callable[[T], Awaitable[object]], *, at_once: int) -> None:
    """Do the work on all things, some at once; the first failure cancels the rest."""
    waiting = iter(things)

    async def worker() -> None:
        for thing in waiting:
            await work(thing)

    workers = [asyncio.ensure_future(worker()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for one in workers:
            one.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


log = structlog.get_logger(__name__)

_AT_ONCE = 4
_KEPT_TOGETHER = 100
"""Rows that are written to the store together."""
_LONGEST = 1800.0
"""Seconds after which the refresh of one source pauses; the next refresh continues it."""
_EMPTY = "the list is empty now; items already ingested are kept"


class Refresher:
    """Refreshes sources of a library over one fetcher.

    ``force`` also retries what waits after a failure; ``accept`` also takes versions that have lost nearly all.
    """

    def __init__(
        self,
        library: Library,
        fetcher: Fetcher,
        listener: RefreshListener,
        *,
        clock: Callable[[], datetime],
        random: Random,
        force: bool,
        accept: bool = False,
    ) -> None:
        self.library, self.fetcher, self.listener = library, fetcher, listener
        self.clock, self.random, self.force, self.accept = clock, random, force, accept
        self.writing = asyncio.Lock()
        self.readers = readers()

    async def refresh(self, source: StoredSource) -> Refreshed:
        """Refresh one source; the report tells what is wrong with it. Raises StoreError and EncoderError only."""
        run = _Run(self, source)
        silence = None
        try:
            await run.read()
        except (EncoderError, StoreError):
            raise
        except SiteBusyError as error:
            run.report.error, silence = str(error), error.seconds
        except (DigestbotError, OSError) as error:
            run.report.error = why(error)
        except BaseException as error:  # a list that breaks its parser harms no other source
            if not is_fault(error):
                raise
            log.exception("source cannot be refreshed", source=source.id)
            run.report.error = why(error)
        self._settle(run, silence)
        self.listener.refreshed(run.report)
        return run.report

    def _settle(self, run: _Run, silence: float | None) -> None:
        report, source, watched = run.report, run.source, self.library.store.watched
        if report.error:
            report.due_at = self.clock() + wait_after(source.failures + 1, source.every, self.random, silence)
            watched.failed(source, report.error, report.due_at)
        else:
            report.due_at = run.now + source.every  # from when it began: what takes long does not drift
            watched.refreshed(source, run.now, report.due_at)


class _DeferredError(ReadError):
    """A page calls another one of its list canonical, which is read first."""


class _Run:
    """One refresh of one source."""

    def __init__(self, within: Refresher, source: StoredSource) -> None:
        self.within, self.source = within, source
        self.store = within.library.store
        self.now = within.clock()
        self.report = Refreshed(source)
        self.rows = self.store.watched.addresses(source)
        self.after = {row.address: row for row in self.rows.values() if not row.listing}
        self.listing: Listing
        self.unwritten: list[StoredAddress] = []
        self.busy: SiteBusyError | None = None
        self.left = 0
        self.deferred: dict[str, Item] = {}

    async def read(self) -> None:
        """Read the source's list, and ingest what is new or changed."""
        within, fetcher = self.within, self.within.fetcher
        outdated = {row.reader for row in self.rows.values() if row.reader} - within.readers
        before = {} if outdated else self.rows  # a new reader version reads everything again, lists too
        self.listing = await listing_of(self.source, before, fetcher, self.now)
        if self.source.kind is SourceKind.FEED:
            known_by_guid(self.listing, self.rows)
        self.report.notes += self.listing.notes
        if self.source.kind is SourceKind.FEED and not self.listing.items:
            self.report.notes.append("the feed lists nothing now; items already ingested are kept")
        self._check_list()
        chosen = due(self.source, self.listing, self.rows, self.now, within.readers, force=within.force)
        self.report.listed = len(self.listing.items)
        taken = {*self.after, *(item.address for item in chosen)}
        self.report.left_out = sum(address not in taken for address in self.listing.items)
        within.listener.started(len(chosen))
        try:
            await each(chosen, self._item, at_once=_AT_ONCE)
            await each(list(self.deferred.values()), self._item, at_once=_AT_ONCE)
        finally:
            self._write()
        self._unlisted()
        self._write()
        told = {outcome.source for outcome in self.report.outcomes}
        there = (row.address for row in self.after.values() if row.reader and not row.gone)
        self.report.unchanged = sum(address not in told for address in there)
        if self.left == 0 and self._settles():  # else the next refresh has to see all of the lists again
            self.store.watched.note(self.source, self.listing.seen)
        for seen in self.listing.seen:
            if seen.error:
                self._tell(Outcome(seen.address, "failed", error=seen.error))
        self._judge()

    def _check_list(self) -> None:
        """Raise ReadError if a complete list has lost nearly all of its items."""
        had = sum(bool(row.reader and row.listed) for row in self.rows.values())
        has = len(self.listing.items)
        if not self.listing.complete or self.within.accept or has * SHARE > had:
            return
        if not has and any(row.reader for row in self.rows.values()):
            raise ReadError(_EMPTY)
        if has:
            raise ReadError(f"the list has {has:,} of its {had:,} items left; {self._kept()}")

    def _kept(self) -> str:
        advice = f"`digestbot refresh {self.source.id} --accept` takes what is there now"
        return f"what was read before is kept ({advice})"

    def _judge(self) -> None:
        """Raise ReadError if the source as a whole has failed: its site is busy, or nothing of it can be read."""
        if self.busy:
            raise self.busy
        unread = [row for row in self.after.values() if row.listed and row.error]
        if unread and self.source.kind is SourceKind.PAGE:
            raise ReadError(unread[0].error or "")
        if unread and not any(row.reader for row in self.after.values()):
            such = f"{unread[0].address}: {unread[0].error}"
            raise ReadError(f"none of what it lists could be read, such as {such}")

    async def _item(self, item: Item) -> None:
        if (self.within.clock() - self.now).total_seconds() > _LONGEST:
            self.left += 1
            return
        before = self.rows.get((False, item.address)) or StoredAddress(item.address)
        row = replace(
            before,
            via=self.listing.via.get(item.address, before.via),
            listed=item.address in self.listing.items,
            published=item.published,
            asked_at=self.now,
        )
        try:
            row, outcome = await self._answer(item, row)
        except EncoderError:
            raise
        except PageGoneError as error:
            row, outcome = self._failed(row, error)
            if before.gone or self._mark_gone(row):
                state: State = "unchanged" if before.gone else "gone"
                row, outcome = replace(row, gone=True, error=None), Outcome(item.address, state, row.document)
        except SiteBusyError as error:
            self.busy = error
            self.left += 1
            return
        except _DeferredError:
            self.deferred[item.address] = item
            return
        except (DigestbotError, OSError) as error:
            row, outcome = self._failed(row, error)
        except BaseException as error:  # a page that breaks its reader harms no other
            if not is_fault(error):
                raise
            log.exception("page cannot be read", source=self.source.id, page=item.address)
            row, outcome = self._failed(row, error)
        self._keep(row)
        self._tell(outcome)

    async def _answer(self, item: Item, row: StoredAddress) -> tuple[StoredAddress, Outcome]:
        """Ingest an item: its file, its page, or the feed's own content."""
        if self.source.kind is SourceKind.FOLDER:
            path = Path(item.address)
            raw = RawDocument(item.address, path, await asyncio.to_thread(bytes_of, path), scope=self.source.scope)
            return await self._stored(item, row, raw)
        if item.content and (item.whole or not item.linked):
            return await self._stored(item, row, self._own(item))
        try:
            known, link = self._validators(row), item.link or item.address
            fetched = await self.within.fetcher.fetch(link, limit=MAX_BYTES, known=known)
            if fetched is None:
                return self._as_it_was(item, row)
            called = path_of(item.address, fetched.suffix)
            raw = RawDocument(
                item.address, called, fetched.data, fetched.address, item.published, self.source.scope
            )
            return await self._stored(item, row, self._of_document(raw, row), fetched)
        except (EncoderError, StoreError, _DeferredError):
            raise
        except ReadError as error:
            of_its_own = row.reader is not None and row.answered is None  # made from the feed's own content
            if not of_its_own and (row.reader or item.content is None):
                raise
            if isinstance(error, SiteBusyError):
                self.busy = error
            if item.content is None:
                row, outcome = self._as_it_was(item, row)
            else:
                row, outcome = await self._stored(item, row, self._own(item))
            tried = row.failures + 1
            later = self.now + item_wait_after(tried, self.within.random)
            return replace(row, failures=tried, due_at=later), outcome

    def _of_document(self, raw: RawDocument, row: StoredAddress) -> RawDocument:
        """Name the document that a page belongs to: its own, or that of the address that it calls canonical."""
        called = canonical(raw.data, raw.address or raw.source) if raw.path.suffix == ".html" else None
        if not (row.document and row.reader):
            main = self.after.get(called or "")
            if called in self.listing.items and not (main and main.document) and raw.source not in self.deferred:
                raise _DeferredError
            return replace(raw, canonical=called)
        with suppress(NotFoundError):
            called = self.store.page(row.document)[0].source
        if called is None or called == raw.source or not is_address(called):
            return raw
        same = (each.address for each in self.after.values() if each.document == row.document and each.listed)
        if next(same, raw.source) == raw.source:
            return replace(raw, source=called)
        return replace(raw, canonical=called, shared=True)

    def _own(self, item: Item) -> RawDocument:
        """Return an item's content from the feed itself."""
        called = path_of(item.address, ".html") if item.linked else Path(f"{slug(item.title or 'item')}.html")
        leads_from = (item.link or item.address) if item.linked else item.address.partition("#")[0]
        return RawDocument(item.address, called, page_of(item), leads_from, item.published, self.source.scope)

    async def _stored(
        self, item: Item, row: StoredAddress, raw: RawDocument, fetched: Fetched | None = None
    ) -> tuple[StoredAddress, Outcome]:
        raw = replace(raw, followed=self.source.kind is not SourceKind.FOLDER and not self.within.accept)
        async with self.within.writing:
            library, listener = self.within.library, self.within.listener
            outcome = await asyncio.to_thread(read, library, raw, listener.embedding)
        answered, etag, modified = (fetched.address, fetched.etag, fetched.modified) if fetched else (None,) * 3
        outcome = replace(outcome, source=item.address)
        row = replace(
            row,
            stamp=item.stamp,
            document=outcome.document,
            reader=reader_of(raw.path),
            gone=False,
            answered=answered,
            etag=etag,
            modified=modified,
            due_at=None,
            failures=0,
            error=None,
        )
        return row, outcome

    def _as_it_was(self, item: Item, row: StoredAddress) -> tuple[StoredAddress, Outcome]:
        back = row.gone and self._mark(row, None)
        row = replace(row, stamp=item.stamp, due_at=None, failures=0, error=None)
        return row, Outcome(item.address, "back" if back else "unchanged", row.document)

    def _validators(self, row: StoredAddress) -> Validators | None:
        if row.answered is None or row.reader not in self.within.readers:
            return None
        return Validators(row.answered, row.etag, row.modified)

    def _failed(self, row: StoredAddress, error: BaseException) -> tuple[StoredAddress, Outcome]:
        failures, reason = row.failures + 1, why(error)
        later: datetime | None = self.now + item_wait_after(failures, self.within.random)
        if isinstance(error, LossError):
            reason, later = f"{reason}; {self._kept()}", None  # it is looked at as often as before
        row = replace(row, failures=failures, error=reason, due_at=later)
        return row, Outcome(row.address, "failed", row.document, error=reason)

    def _unlisted(self) -> None:
        """Mark items that the source no longer lists; they are gone only if the list is complete."""
        if not self._settles():
            return
        for row in list(self.after.values()):
            if not row.listed or row.address in self.listing.items:
                continue
            gone = self.listing.complete and self._mark_gone(row)
            self._keep(replace(row, listed=False, gone=row.gone or gone))
            if gone:
                self._tell(Outcome(row.address, "gone", row.document))

    def _settles(self) -> bool:
        """Whether missing items are really unlisted: a part of the list may not have been read."""
        return self.listing.complete or self.source.kind is SourceKind.FEED

    def _mark_gone(self, row: StoredAddress) -> bool:
        """Mark a document as gone unless another listed item leads to it; return whether it was marked."""
        if not row.reader or row.gone or not self._alone(row):
            return False
        return self._mark(row, self.now)

    def _mark(self, row: StoredAddress, when: datetime | None) -> bool:
        with suppress(NotFoundError):  # somebody removed it meanwhile
            return self.store.mark_gone(row.document or "", when)
        return False

    def _alone(self, row: StoredAddress) -> bool:
        document = row.document or ""
        here = (each for each in self.after.values() if each.document == document and each.address != row.address)
        listed = any(each.address in self.listing.items and not (each.error or each.gone) for each in here)
        return not listed and not self.store.watched.listed_elsewhere(document, self.source)

    def _keep(self, row: StoredAddress) -> None:
        before = self.after.get(row.address)
        self.after[row.address] = row
        self.unwritten.append(row)
        if len(self.unwritten) >= _KEPT_TOGETHER or before is None or before.document != row.document:
            self._write()

    def _write(self) -> None:
        if self.unwritten:
            self.store.watched.note(self.source, self.unwritten)
            self.unwritten.clear()

    def _tell(self, outcome: Outcome) -> None:
        if outcome.state == "failed" and self.source.kind is SourceKind.PAGE:
            return  # the page is the source, whose failure is told
        if outcome.state != "unchanged":
            self.report.outcomes.append(outcome)
        self.within.listener.finished(outcome)
