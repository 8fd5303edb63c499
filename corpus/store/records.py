"""What the store hands out: documents and entries as they stand in it, with their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from corpus.model import Entry, Kind, Span


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its text.

    ``scope`` is None for a document of everyone's, else the id of the one server that sees it. ``published`` is
    the page's own day; ``gone`` is when its source no longer had it. ``unplaced`` see ``corpus.model.Page``.
    """

    id: str
    title: str
    deck: str | None
    venue: str | None
    year: int | None
    publisher: str | None
    url: str | None
    source: str
    scope: int | None
    bundled: bool
    characters: int
    published: date | None
    ingested_at: datetime
    first_seen: datetime
    gone: datetime | None
    unplaced: tuple[Span, ...]
    counts: Mapping[Kind, int]


class StandingDocument(NamedTuple):
    """What tells documents apart; ``number`` is its own in the store, else see ``StoredDocument``."""

    number: int
    id: str
    scope: int | None
    gone: bool
    title: str
    publisher: str | None
    venue: str | None
    year: int | None
    published: date | None
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with its place in the store.

    ``key`` is the same for the same entry wherever it stands (a job post carried by several documents).
    ``venue`` and ``year`` are the entry's own or else its document's; ``digest`` is the document's title.
    ``first_seen`` is when the document was first read with it. ``page`` is the address of the document where it
    is a web page; ``published``, ``begun`` (when it was first read) and ``gone`` are the document's.
    """

    id: int
    key: str
    document: str
    digest: str
    venue: str | None
    year: int | None
    url: str | None
    first_seen: datetime
    entry: Entry
    page: str | None = None
    published: date | None = None
    begun: datetime | None = None
    gone: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries a search or a listing may see.

    ``scope``: entries of common documents, and of the documents of this server. ``kinds``, ``documents`` and
    ``entries`` (ids): None for all. ``gone``: whether documents are seen, too, that their source no longer has.
    """

    scope: int | None = None
    kinds: frozenset[Kind] | None = None
    documents: frozenset[str] | None = None
    gone: bool = False
    entries: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a document comes from and what it was read from: what tells new, changed and unchanged apart."""

    name: str
    source: str
    reader: str
    sha256: str
    scope: int | None = None
    bundled: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A document that stands in the store under an identity's source."""

    number: int
    id: str
    source: str
    reader: str
    sha256: str
    model: str


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as the index wants it: its id, the words to search, and its unit vector in half precision.

    ``document`` is the document's number, which no other one ever has; kind and key are its entry's.
    """

    id: int
    words: str
    vector: bytes
    entry: int
    kind: Kind
    key: str
    document: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a search's result."""

    id: int
    entry: int
    key: str
    kind: Kind
    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence of an entry with its unit vector in half precision; the entry's title where it has no span."""

    span: Span | None
    vector: bytes
