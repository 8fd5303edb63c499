"""Sources in, corpus and index up to date: what is new or changed is read and embedded, the rest left alone."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from bot.sources.head import canonical, is_same_text
from bot.sources.loss import LossError, loss
from bot.sources.urls import error_text, is_address, normal
from corpus.errors import DigestbotError, EncoderError, ReadError
from corpus.reader_process import shared_pool
from corpus.readers import SUFFIXES, reader_for
from corpus.store import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from corpus.model import Kind, Page
    from corpus.store import Known
    from embeddings.collection import Library

MAX_BYTES = 16_000_000
"""Size of a file beyond which it is no page."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, a page to fetch, or bytes that were uploaded as a file; or the reason why it cannot be."""

    path: Path
    bundled: bool = False
    error: str | None = None
    address: str | None = None
    data: bytes | None = None

    @property
    def name(self) -> str:
        """What it is called in what is told of it, and known by in the store."""
        return self.address or (str(self.path) if self.data is None else f"upload:{self.path.name}")


def files_of(sources: Sequence[Path | str | Source], *, may_be_empty: bool) -> Iterator[Source]:
    """The files that paths stand for, folders with all that is below them, and addresses as they are.

    Args:
        sources: paths of files and folders, addresses, uploads.
        may_be_empty: whether a folder without a page is in order, or a source that cannot be read.
    """
    for source in sources:
        if isinstance(source, Source):
            yield source
            continue
        if is_address(source):
            yield _on_the_web(str(source))
            continue
        if scheme := re.match(r"([a-z][a-z0-9+.-]*)://", str(source), re.IGNORECASE):
            yield Source(Path(source), error=f"{scheme[1]} addresses cannot be read; those of http and https can")
            continue
        path = absolute(source)
        if is_folder(path):
            yield from _folder(path, may_be_empty=may_be_empty)
        else:
            yield Source(path)


def _on_the_web(address: str) -> Source:
    try:
        return Source(Path(), address=normal(address))
    except ReadError as error:
        return Source(Path(address), error=str(error))


def absolute(source: Path | str) -> Path:
    """The path from the root without dots in it: by whatever way a file is named, it is one source."""
    path = Path(source)
    with suppress(RuntimeError):  # "~somebody" who is not here is a name like any other
        path = path.expanduser()
    return Path(os.path.normpath(path.absolute()))


def is_folder(path: Path) -> bool:
    """Whether a path is a folder that can be looked at."""
    with suppress(OSError):  # whoever reads it will be told why
        return path.is_dir()
    return False


def is_gone(path: Path) -> bool:
    """Whether there is nothing; what cannot be looked at may still be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _folder(folder: Path, *, may_be_empty: bool) -> Iterator[Source]:
    """The files below a folder that a reader is there for, in order; hidden ones are left out."""
    refused: list[OSError] = []
    empty = True
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                empty = False
                yield Source(Path(parent, name))
    for error in refused:
        yield Source(Path(error.filename), error=f"cannot be read: {error.strerror}")
    if empty and not refused and not may_be_empty:
        yield Source(folder, error=f"no file in it ends in {', '.join(SUFFIXES)}")


def bundled() -> Iterator[Source]:
    """The digests that come with digestbot."""
    folder = Path(str(files("corpus"))) / "digests"
    yield from (Source(path, bundled=True) for path in sorted(folder.glob("*.md")))


def outdated(library: Library) -> list[Source]:
    """The files of documents that a digestbot of before read, as far as they are still there."""
    found = []
    for source in library.store.outdated().values():
        bundle, _, name = source.partition(":")
        if bundle == "bundled":
            found += [each for each in bundled() if each.path.name == name]
        elif not is_address(source) and Path(source).is_absolute() and Path(source).is_file():
            found.append(Source(Path(source)))
    return found


def bytes_of(path: Path) -> bytes:
    """What is in a file.

    Raises:
        ReadError: it is no plain file, is too large, or has a name that cannot be stored.
        OSError: it cannot be read.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ReadError("its name is not UTF-8 text: rename it") from None
    if not stat.S_ISREG(path.stat().st_mode):
        raise ReadError("it is no file")  # of a pipe or a device there may be no end
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(f"it has more than the {MAX_BYTES / 1e6:.0f} MB that a document may have")
    return data


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
class RawDocument:
    """A document before it is read.

    ``source`` is what it is known by in the store, ``path`` names it and its format, ``address`` is where its
    links lead on from. ``published`` is the day that its source gives for it. ``followed`` means that a version
    that has lost nearly everything does not replace the one before. ``canonical`` is the address that the page
    calls its own; ``shared`` means that the address led to that one's document so far, as another does.
    """

    source: str
    path: Path
    data: bytes
    address: str | None = None
    published: date | None = None
    scope: int | None = None
    bundled: bool = False
    followed: bool = False
    canonical: str | None = None
    shared: bool = False


def read(
    library: Library, raw: RawDocument, progress: Callable[[int, int], None], *, name: str | None = None
) -> Outcome:
    """Read a document and store it, where it is not stored already.

    Args:
        library: what it is brought into.
        raw: the document.
        progress: is told how many of its passages have been embedded.
        name: what the outcome calls it; by default its source.

    Raises:
        LossError: it is followed, and has lost nearly all of what is stored.
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
    known, alias = library.store.known(identity), None
    if known is None and raw.canonical:
        main = replace(identity, source=raw.canonical)
        alias = library.store.known(main)
        if alias is None or alias.sha256 == identity.sha256:
            identity, known, alias = main, alias, None
    if known and _is_current(known, identity, library.encoder.fingerprint):
        back = library.store.mark_gone(known.id, None)
        return Outcome(called, "back" if back else "unchanged", known.id)
    page = _page(library, raw, identity, known)
    if alias and _is_version(library, raw, page, alias):
        if raw.followed:  # the document follows its first address
            return Outcome(called, "unchanged", alias.id)
        identity, known = main, alias
    added = library.add(identity, page, progress)
    counts = Counter(entry.kind for entry in page.entries)
    state: State = "changed" if known else "new"
    unplaced = len(page.unplaced)
    return Outcome(called, state, added.document, counts, added.passages, added.embedded, unplaced, page.notes)


def _page(library: Library, raw: RawDocument, identity: Identity, known: Known | None) -> Page:
    """Read a document's page; of a followed one that is known, refuse a version that has lost nearly all."""
    before = library.store.page(known.id)[1] if raw.followed and known else None
    try:
        if raw.bundled:
            page = reader_for(raw.path).read(raw.data, name=raw.path.stem)
        else:  # strangers' pages are read where they can do no harm
            page = shared_pool().read(raw.path, raw.data)
    except ReadError as error:
        if before and (lost := loss(before, None)):
            raise ReadError(f"{lost}: {error}") from error
        raise
    if before and known and known.sha256 != identity.sha256 and (lost := loss(before, page)):
        raise LossError(lost)
    if raw.address:
        page = _placed(page, raw.address)
    return replace(page, published=page.published or raw.published)


def _is_version(library: Library, raw: RawDocument, page: Page, main: Known) -> bool:
    """Whether a page is the document of its canonical address. Raises LossError if it was so and has lost that."""
    if is_same_text(page.text, library.store.text(main.id)):
        return True
    if raw.shared and (lost := loss(library.store.page(main.id)[1], page)):
        raise LossError(lost)
    return False


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


_GATHERED = 500
"""Documents after which their names are gathered: those of very many at the end would take minutes in silence."""


class Listener(Protocol):
    """Receives the progress of an ingest, in the thread that it runs in."""

    def started(self, documents: int) -> None:
        """Take the number of documents to look at; a refresh gives one for each source."""

    def embedding(self, done: int, total: int) -> None:
        """Take the number of embedded passages of the current document, and of those to embed."""

    def finished(self, outcome: Outcome) -> None:
        """Take the outcome of one document."""


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
    heard = listener or Silence()
    found = list(dict.fromkeys(files_of(sources, may_be_empty=prune) if sources else bundled()))
    heard.started(len(found))
    outcomes: list[Outcome] = []
    for number, source in enumerate(found, 1):
        outcome = _one(library, source, heard, private=private, scope=scope)
        outcomes.append(outcome)
        heard.finished(outcome)
        if number % _GATHERED == 0:
            library.names.refresh()
    if prune:
        for outcome in _prune(library, sources, {source.name for source in found}):
            outcomes.append(outcome)
            heard.finished(outcome)
    library.refresh()
    return outcomes


def _one(library: Library, source: Source, listener: Listener, *, private: bool, scope: int | None) -> Outcome:
    name = source.path.name if source.bundled else source.name
    if source.error:
        return Outcome(name, "failed", error=source.error)
    try:
        return _read(library, source, name, listener, private=private, scope=scope)
    except EncoderError:
        raise  # no document can be embedded without the model
    except BaseException as error:
        if not is_fault(error):
            raise
        return Outcome(name, "failed", error=why(error))  # one document never ends the ingest of the others


def is_fault(error: BaseException) -> bool:
    """Return whether an error is a fault of the code, not a request to stop; native libraries panic beside it."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def why(error: BaseException) -> str:
    """What went wrong, in one line."""
    if isinstance(error, DigestbotError):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return f"unexpected {type(error).__name__}: {error_text(error)}"


def _read(
    library: Library, source: Source, name: str, listener: Listener, *, private: bool, scope: int | None
) -> Outcome:
    if source.address:
        from bot.sources.fetcher import fetch

        fetched = fetch(source.address, limit=MAX_BYTES, private=private)
        path = path_of(source.address, fetched.suffix)
        raw = RawDocument(source.name, path, fetched.data, fetched.address, scope=scope)
        raw = replace(raw, canonical=canonical(fetched.data, fetched.address))
    else:
        data = bytes_of(source.path) if source.data is None else source.data
        raw = RawDocument(source.name, source.path, data, scope=scope, bundled=source.bundled)
    return read(library, raw, listener.embedding, name=name)


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


class Silence:
    """A listener that does nothing."""

    def started(self, documents: int) -> None:
        """Ignore it."""

    def embedding(self, done: int, total: int) -> None:
        """Ignore it."""

    def finished(self, outcome: Outcome) -> None:
        """Ignore it."""
