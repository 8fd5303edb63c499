"""Sources in, corpus and index up to date: what is new or changed is read and embedded, the rest left alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.ingest.reading import Outcome, Raw, path_of, read
from bot.ingest.sources import MAX_BYTES, Source, absolute, bundled, bytes_of, files_of, is_folder, is_gone
from corpus.errors import DigestbotError, EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embeddings.library import Library


_GATHERED = 500
"""Documents after which their names are gathered: those of very many at the end would take minutes in silence."""


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
    except DigestbotError as error:
        return Outcome(name, "failed", error=str(error))
    except OSError as error:
        return Outcome(name, "failed", error=f"cannot be read: {error.strerror or error}")


def _read(
    library: Library, source: Source, name: str, listener: Listener, *, private: bool, scope: int | None
) -> Outcome:
    if source.address:
        from bot.fetching.fetcher import fetch

        fetched = fetch(source.address, limit=MAX_BYTES, private=private)
        path = path_of(source.address, fetched.suffix)
        raw = Raw(source.name, path, fetched.data, address=fetched.address, scope=scope)
    else:
        data = bytes_of(source.path) if source.data is None else source.data
        raw = Raw(source.name, source.path, data, scope=scope, bundled=source.bundled)
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


class _Silence:
    """A listener that tells nobody."""

    def started(self, documents: int) -> None: ...

    def embedding(self, done: int, total: int) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...
