"""The corpus with its vectors and index: pages go in, hits come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from corpus.passages import passage_hash, split
from corpus.store import Store
from embeddings.confidence import confidence
from embeddings.index import SearchIndex
from embeddings.search import NO_WEIGHTS, Hit, search

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.model import Kind, Page
    from corpus.passages import Passage
    from corpus.store import Filter, Identity
    from embeddings.encoder import Encoder

Progress = Callable[[int, int], None]
"""Is told how many of the passages that need it have been embedded, and how many there are."""

_BATCH = 64
"""Passages embedded between two reports of progress."""

_TRIES = 2
"""Searches for a question: what another process replaces between index and store is missing from the first."""


def _silent(done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was stored: its id, its passages, and how many of them had to be embedded."""

    document: str
    passages: int
    embedded: int


class Library:
    """Store, encoder and index of one data folder.

    The encoder is loaded at the first page or question. Safe to share between threads.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        model = encoder.fingerprint  # of a model that is not there no data folder is made
        self.store = Store(folder)
        self.encoder = encoder
        self.index = SearchIndex(folder / "index", self.store, model)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def add(self, identity: Identity, page: Page, progress: Progress = _silent) -> Added:
        """Store a page as a document in place of what stood under its source, embedding only what is new."""
        encoder = self.encoder
        passages = split(page.text, page.entries, page.title, window=encoder.window, count=encoder.count_pieces)
        vectors = self._missing_vectors(page, passages, progress)
        document = self.store.put(identity, page, passages, vectors, encoder.fingerprint)
        return Added(document, sum(map(len, passages)), len(vectors))

    def warm_up(self) -> None:
        """Load the encoder and the index."""
        self.encoder.encode(["warm up"], "question")
        self.index.refresh()

    def embed_again(self, document: str, progress: Progress = _silent) -> Added:
        """Cut and embed a stored document anew, after the model has changed."""
        identity, page = self.store.page(document)
        return self.add(identity, page, progress)

    def search(
        self, question: str, allowed: Filter, limit: int, weights: Mapping[Kind, float] = NO_WEIGHTS
    ) -> list[Hit]:
        """The entries that best fit a question, best first, from an index that is up to date."""
        hits: list[Hit] = []
        for _ in range(_TRIES):
            generation = self.store.generation
            self.index.refresh()
            hits = search(
                question,
                allowed,
                limit,
                store=self.store,
                index=self.index,
                encoder=self.encoder,
                weights=weights,
            )
            if self.store.generation == generation:
                break
        return hits

    def confidence(self, question: str, hits: Sequence[Hit]) -> float:
        """How far what was found has to do with the question, 0 to 1."""
        return confidence(question, hits, store=self.store, index=self.index)

    def _missing_vectors(self, page: Page, passages: list[list[Passage]], progress: Progress) -> dict[str, bytes]:
        texts: dict[str, str] = {}
        for passage in chain.from_iterable(passages):
            embedded = passage.embedded_text(page.text)
            texts.setdefault(passage_hash(embedded), embedded)
        missing = self.store.missing_vectors(texts, self.encoder.fingerprint)
        wanted = sorted(missing, key=lambda name: len(texts[name]))  # like lengths together: little padding
        vectors: dict[str, bytes] = {}
        for at in range(0, len(wanted), _BATCH):
            names = wanted[at : at + _BATCH]
            rows = self.encoder.encode([texts[name] for name in names], "passage").astype(np.float16)
            vectors.update((name, row.tobytes()) for name, row in zip(names, rows, strict=True))
            progress(len(vectors), len(wanted))
        return vectors
