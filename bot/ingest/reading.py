"""Reading one document into the library: bytes to a page, and only what is new or changed to vectors."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urljoin, urlsplit

from bot.fetching.addresses import is_address
from bot.ingest.sources import is_gone
from corpus.readers import SUFFIXES, reader_for
from corpus.store import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from corpus.model import Kind, Page
    from corpus.store import Known
    from embeddings.library import Library

State = Literal["new", "changed", "unchanged", "back", "gone", "removed", "failed"]
"""What became of a document: "gone" is no longer where it came from, but kept; "back" is there again as it was."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source.

    ``embedded`` counts the passages whose vectors had to be computed, ``unplaced`` the stretches that look like
    papers or posts but were only kept as prose.
    """

    source: str
    state: State
    document: str | None = None
    counts: Mapping[Kind, int] = field(default_factory=dict)
    passages: int = 0
    embedded: int = 0
    unplaced: int = 0
    notes: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A document before it is read.

    ``source`` is what it is known by in the store, ``path`` names it and its format, ``address`` is where its
    links lead on from. ``published`` is the day that its source gives for it.
    """

    source: str
    path: Path
    data: bytes
    address: str | None = None
    published: date | None = None
    scope: int | None = None
    bundled: bool = False


def read(library: Library, raw: Raw, progress: Callable[[int, int], None], *, name: str | None = None) -> Outcome:
    """Read a document and store it, where it is not stored already.

    Args:
        library: what it is brought into.
        raw: the document.
        progress: is told how many of its passages have been embedded.
        name: what the outcome calls it; by default its source.

    Raises:
        DigestbotError: it cannot be read or stored.
    """
    identity = Identity(
        name=raw.path.stem,
        source=f"bundled:{raw.path.name}" if raw.bundled else raw.source,
        reader=reader_of(raw.path),
        sha256=hashlib.sha256(raw.data).hexdigest(),
        bundled=raw.bundled,
        scope=raw.scope,
    )
    called = name or raw.source
    known = library.store.known(identity)
    if known and _is_current(known, identity, library.encoder.fingerprint):
        back = library.store.mark_gone(known.id, None)
        return Outcome(called, "back" if back else "unchanged", known.id)
    page = reader_for(raw.path).read(raw.data, name=raw.path.stem)
    if raw.address:
        page = _placed(page, raw.address)
    page = replace(page, published=page.published or raw.published)
    added = library.add(identity, page, progress)
    counts = Counter(entry.kind for entry in page.entries)
    state: State = "changed" if known else "new"
    unplaced = len(page.unplaced)
    return Outcome(called, state, added.document, counts, added.passages, added.embedded, unplaced, page.notes)


def path_of(address: str, suffix: str) -> Path:
    """The name of a page on the web: the last part of its address, or its host; with the ending of its format."""
    parts = urlsplit(address)
    last = PurePosixPath(unquote(parts.path)).stem.replace("/", "-").replace("\x00", "")
    return Path(f"{last if last and last != 'index' else parts.hostname or 'page'}{suffix}")


def reader_of(path: Path | str) -> str:
    """The reader of a file and its version, as a document names the one that read it.

    Raises:
        ReadError: there is none for its ending.
    """
    reader = reader_for(path)
    return f"{reader.name}/{reader.version}"


def readers() -> frozenset[str]:
    """The readers of this version, as documents name them."""
    return frozenset(reader_of(f"page{suffix}") for suffix in SUFFIXES)


def _placed(page: Page, address: str) -> Page:
    """A page with the address that it was fetched from; what leads on from it leads from there."""
    entries = (replace(e, url=_led_to(address, e.url)) if e.url else e for e in page.entries)
    return replace(page, url=address, entries=tuple(entries))


def _led_to(address: str, link: str) -> str | None:
    """Where a link of a page leads to; None where that is not on the web."""
    try:
        found = urljoin(address, link)
    except ValueError:
        return None
    return found if is_address(found) else None


def _is_current(known: Known, identity: Identity, model: str) -> bool:
    """Whether a stored document needs nothing; one that has moved is stored anew, under where it now is."""
    same = (known.sha256, known.reader, known.model) == (identity.sha256, identity.reader, model)
    moved = known.source != identity.source and not is_address(known.source) and is_gone(Path(known.source))
    return same and not moved
