"""Sources in, corpus and index up to date: what is new or changed is read and embedded, the rest left alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from bot.fetching import fetch, is_address
from bot.sources import MAX_BYTES, Source, absolute, bundled, bytes_of, files_of, is_folder, is_gone
from corpus.errors import DigestbotError, EncoderError
from corpus.readers import reader_for
from corpus.store import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.model import Kind, Page
    from corpus.store import Known
    from embeddings.library import Library

State = Literal["new", "changed", "unchanged", "removed", "failed"]


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


class Listener(Protocol):
    """Is told how an ingest goes on, from the thread that ingests."""

    def started(self, documents: int) -> None:
        """So many documents will be looked at."""

    def embedding(self, done: int, total: int) -> None:
        """Of the current document's passages, so many of those that need it have been embedded."""

    def finished(self, outcome: Outcome) -> None:
        """One document is done."""


def ingest(
    library: Library,
    sources: Sequence[Path | str | Source],
    *,
    prune: bool = False,
    listener: Listener | None = None,
    private: bool = False,
    scope: int | None = None,
) -> list[Outcome]:
    """Bring files, folders and web pages into the library; without sources, the bundled digests.

    A source that fails is reported and does not stop the others. A document is stored in one transaction as
    soon as it is embedded: whatever stops the ingest, what was reported stays done.

    Args:
        library: what they are brought into.
        sources: paths, addresses and uploads.
        prune: whether documents are removed whose file has gone from one of the folders.
        listener: is told how it goes on.
        private: whether addresses that are not public may be fetched.
        scope: the one server that sees the documents; None for everyone's.

    Returns:
        What became of each document.
    """
    heard = listener or _Silence()
    found = list(dict.fromkeys(files_of(sources, may_be_empty=prune) if sources else bundled()))
    heard.started(len(found))
    outcomes: list[Outcome] = []
    for source in found:
        outcome = _one(library, source, heard, private=private, scope=scope)
        outcomes.append(outcome)
        heard.finished(outcome)
    if prune:
        for outcome in _prune(library, sources, {source.name for source in found}):
            outcomes.append(outcome)
            heard.finished(outcome)
    library.index.refresh()
    return outcomes


def _one(library: Library, source: Source, listener: Listener, *, private: bool, scope: int | None) -> Outcome:
    name = source.path.name if source.bundled else source.name
    if source.error:
        return Outcome(name, "failed", error=source.error)
    try:
        return _read(library, source, name, listener, private=private, scope=scope)
    except EncoderError:
        raise  # no document can be embedded without the model
    except DigestbotError as error:
        return Outcome(name, "failed", error=str(error))
    except OSError as error:
        return Outcome(name, "failed", error=f"cannot be read: {error.strerror or error}")


def _read(
    library: Library, source: Source, name: str, listener: Listener, *, private: bool, scope: int | None
) -> Outcome:
    if source.address:
        fetched = fetch(source.address, limit=MAX_BYTES, private=private)
        reader, data, stem = reader_for(f"page{fetched.suffix}"), fetched.data, _stem(source.address)
    else:
        fetched = None
        data = bytes_of(source.path) if source.data is None else source.data
        reader, stem = reader_for(source.path), source.path.stem
    identity = Identity(
        name=stem,
        source=f"bundled:{source.path.name}" if source.bundled else source.name,
        reader=f"{reader.name}/{reader.version}",
        sha256=hashlib.sha256(data).hexdigest(),
        bundled=source.bundled,
        scope=scope,
    )
    known = library.store.known(identity)
    if known and _is_current(known, identity, library.encoder.fingerprint):
        return Outcome(name, "unchanged", known.id)
    page = reader.read(data, name=stem)
    if fetched:
        page = _placed(page, fetched.address)
    added = library.add(identity, page, listener.embedding)
    counts = Counter(entry.kind for entry in page.entries)
    state: State = "changed" if known else "new"
    unplaced = len(page.unplaced)
    return Outcome(name, state, added.document, counts, added.passages, added.embedded, unplaced, page.notes)


def _stem(address: str) -> str:
    """What a page on the web is called: the last part of its address, or its host."""
    parts = urlsplit(address)
    last = PurePosixPath(unquote(parts.path)).stem
    return last if last and last != "index" else parts.hostname or "page"


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


def _prune(library: Library, sources: Sequence[Path | str | Source], seen: set[str]) -> Iterator[Outcome]:
    """Remove the documents that came from the folders and whose files are no longer there."""
    folders = [absolute(each) for each in sources if not isinstance(each, Source)]
    folders = [path for path in folders if is_folder(path)]
    for source, document in library.store.sources().items():
        path = Path(source)
        gone = source not in seen and is_gone(path)
        if gone and any(path.is_relative_to(folder) for folder in folders):
            library.store.remove(document)
            yield Outcome(source, "removed", document)


class _Silence:
    """A listener that tells nobody."""

    def started(self, documents: int) -> None: ...

    def embedding(self, done: int, total: int) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...
