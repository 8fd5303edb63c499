"""What a new source is: checked, and its kind found out from what the address answers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.fetching.addresses import is_address, normal
from bot.fetching.fetcher import LISTS, Fetcher
from bot.ingest.reading import path_of
from bot.ingest.sources import MAX_BYTES, absolute, is_folder
from bot.refresh.links import feed_named
from bot.refresh.listing import kind_of
from bot.refresh.timing import usual
from corpus.errors import DigestbotError, ReadError
from corpus.model import SourceKind
from corpus.store import StoredSource

if TYPE_CHECKING:
    from datetime import datetime, timedelta

ITEMS, MOST_ITEMS = 200, 5000
"""How many of what a source lists are read where nobody says otherwise, and at most."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source as somebody asks for it.

    ``kind`` None is found out from what is there; ``links`` makes a page a list, it is the pattern of the
    addresses that it links to; ``every`` None is what is usual for the kind; ``items`` is how many of what it
    lists are read at most; ``name`` None is made of the address. ``scope`` is the one server that sees its
    documents, None for everyone's.
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
        """The address as sources are told apart.

        Raises:
            ReadError: it is none.
        """
        return normal(self.address) if is_address(self.address) else str(absolute(self.address))

    def check(self) -> None:
        """Refuse what does not fit together.

        Raises:
            DigestbotError: the message says what to do.
        """
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
        if self.scope is not None:  # a server's admin sees no files of this machine
            raise ReadError("an address begins with http:// or https://")
        if self.links is not None or self.kind not in (None, SourceKind.FOLDER):
            raise ReadError("only a folder is on this machine; an address on the web begins with https://")
        if not is_folder(Path(self.at)):
            raise ReadError(f"{self.at}: there is no such folder, and it is no address on the web")

    async def found_out(self, *, private: bool) -> tuple[SourceKind, str | None]:
        """The kind, by what the address answers where nobody says it, and of a page the feed that it names.

        Raises:
            ReadError: it cannot be had, or is nothing that can be a source.
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
        """The source as it is kept, due now."""
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
    """The host and the last part of an address, or the name of a folder."""
    if not is_address(address):
        return Path(address).name or "folder"
    host = urlsplit(address).hostname or "page"
    last = path_of(address, "").name
    return " ".join(dict.fromkeys((host.removeprefix("www."), last.removeprefix("www."))))
