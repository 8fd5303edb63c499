"""Counts what a data folder holds, and verifies that its parts agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from corpus.model import Kind
    from corpus.store import StoredSource
    from embeddings.collection import Library


@dataclass(frozen=True, slots=True)
class Status:
    """The facts of ``digestbot status``.

    Only a verification fills ``problems``; ``mend`` says what to do about them.
    """

    data_dir: Path
    model: str
    index_kind: str
    generation: int
    index_generation: int | None
    documents: int
    entries: Mapping[Kind, int]
    passages: int
    vectors: int
    store_bytes: int
    last_ingest: datetime | None
    problems: tuple[str, ...]
    verified: bool
    mend: str | None
    sources: tuple[StoredSource, ...] = ()


def status_of(library: Library, *, verify: bool) -> Status:
    """Return the status; ``verify`` checks text, vectors and index against each other."""
    store, manifest = library.store, library.manifest
    documents = store.documents(every_scope=True, gone=True)
    entries: Counter[Kind] = Counter()
    for document in documents:
        entries.update(document.counts)
    counts = store.counts()
    broken = [*store.problems(), *library.index.vector_problems()] if verify else []
    behind = library.index.problems() if verify and not broken else []
    mend = None
    if broken:
        mend = "move the data folder away and ingest again"
    elif behind:
        mend = "delete the index folder; the next question makes it anew"
    return Status(
        data_dir=store.path.parent,
        model=library.encoder.fingerprint,
        index_kind=manifest.kind if manifest else "none",
        generation=store.generation,
        index_generation=manifest.generation if manifest else None,
        documents=counts["documents"],
        entries=entries,
        passages=counts["passages"],
        vectors=counts["vectors"],
        store_bytes=store.path.stat().st_size,
        last_ingest=max((d.ingested_at for d in documents), default=None),
        problems=(*broken, *behind),
        verified=verify,
        mend=mend,
        sources=tuple(store.watched.all()),
    )
