"""Sources in, corpus and index up to date: what is new or changed is read and embedded, the rest left alone."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from corpus.errors import DigestbotError, EncoderError, ReadError
from corpus.readers import SUFFIXES, reader_for
from corpus.store import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.model import Kind
    from embeddings.library import Library

MAX_BYTES = 16_000_000
"""Size of a file beyond which it is no page."""

State = Literal["new", "changed", "unchanged", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source. ``embedded`` counts the passages whose vectors had to be computed."""

    source: str
    state: State
    document: str | None = None
    counts: Mapping[Kind, int] = field(default_factory=dict)
    passages: int = 0
    embedded: int = 0
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
    sources: Sequence[Path | str],
    *,
    prune: bool = False,
    listener: Listener | None = None,
) -> list[Outcome]:
    """Bring files and folders into the library; without sources, the bundled digests.

    A source that fails is reported and does not stop the others. A document is stored in one transaction as
    soon as it is embedded: whatever stops the ingest, what was reported stays done.

    Returns:
        What became of each document.
    """
    heard = listener or _Silence()
    found = list(_files(sources) if sources else _bundled())
    heard.started(len(found))
    outcomes: list[Outcome] = []
    for source in found:
        outcome = _one(library, source, heard)
        outcomes.append(outcome)
        heard.finished(outcome)
    if prune:
        for outcome in _prune(library, sources, {str(source.path) for source in found}):
            outcomes.append(outcome)
            heard.finished(outcome)
    library.index.refresh()
    return outcomes


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, or the reason why it cannot be."""

    path: Path
    bundled: bool = False
    error: str | None = None


def _files(sources: Sequence[Path | str]) -> Iterator[_Source]:
    for source in sources:
        if re.match(r"[a-z][a-z0-9+.-]*://", str(source), re.IGNORECASE):
            yield _Source(Path(source), error="web addresses cannot be read yet; save the page and name the file")
            continue
        path = Path(source).expanduser().absolute()
        if path.is_dir():
            yield from _folder(path)
        else:
            yield _Source(path)


def _folder(folder: Path) -> Iterator[_Source]:
    """The files below a folder that a reader is there for, in order; hidden ones are left out."""
    refused: list[OSError] = []
    empty = True
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                empty = False
                yield _Source(Path(parent, name))
    for error in refused:
        yield _Source(Path(error.filename), error=f"cannot be read: {error.strerror}")
    if empty and not refused:
        yield _Source(folder, error=f"no file in it ends in {', '.join(SUFFIXES)}")


def _bundled() -> Iterator[_Source]:
    folder = Path(str(files("corpus"))) / "digests"
    yield from (_Source(path, bundled=True) for path in sorted(folder.glob("*.md")))


def _one(library: Library, source: _Source, listener: Listener) -> Outcome:
    name = source.path.name if source.bundled else str(source.path)
    if source.error:
        return Outcome(name, "failed", error=source.error)
    try:
        return _read(library, source, name, listener)
    except EncoderError:
        raise  # no document can be embedded without the model
    except DigestbotError as error:
        return Outcome(name, "failed", error=str(error))
    except OSError as error:
        return Outcome(name, "failed", error=f"cannot be read: {error.strerror or error}")


def _read(library: Library, source: _Source, name: str, listener: Listener) -> Outcome:
    reader = reader_for(source.path)
    size = source.path.stat().st_size
    if size > MAX_BYTES:
        raise ReadError(f"{size / 1e6:.0f} MB are more than the {MAX_BYTES / 1e6:.0f} MB that a document may have")
    data = source.path.read_bytes()
    identity = Identity(
        name=source.path.stem,
        source=f"bundled:{source.path.name}" if source.bundled else str(source.path),
        reader=f"{reader.name}/{reader.version}",
        sha256=hashlib.sha256(data).hexdigest(),
        bundled=source.bundled,
    )
    known = library.store.known(identity)
    if known and (known.sha256, known.reader, known.model) == (
        identity.sha256,
        identity.reader,
        library.encoder.fingerprint,
    ):
        return Outcome(name, "unchanged", known.id)
    page = reader.read(data, name=source.path.stem)
    added = library.add(identity, page, listener.embedding)
    counts = Counter(entry.kind for entry in page.entries)
    state: State = "changed" if known else "new"
    return Outcome(name, state, added.document, counts, added.passages, added.embedded, page.notes)


def _prune(library: Library, sources: Sequence[Path | str], seen: set[str]) -> Iterator[Outcome]:
    """Remove the documents that came from the folders and whose files are no longer there."""
    folders = [path for path in (Path(s).expanduser().absolute() for s in sources) if path.is_dir()]
    for source, document in library.store.sources().items():
        path = Path(source)
        gone = source not in seen and not path.exists()
        if gone and any(path.is_relative_to(folder) for folder in folders):
            library.store.remove(document)
            yield Outcome(source, "removed", document)


class _Silence:
    """A listener that tells nobody."""

    def started(self, documents: int) -> None: ...

    def embedding(self, done: int, total: int) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...
