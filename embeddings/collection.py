"""The corpus with its vectors and index: pages go in, hits come out."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from corpus.errors import SearchIndexError
from corpus.store import Remembered, Store
from embeddings.manifest import Manifest

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from corpus.gazetteer import NamesFile
    from corpus.model import Kind, Page, Span
    from corpus.store import Filter, Identity, StoredEntry
    from embeddings.encoder import Encoder
    from embeddings.fulltext import Term
    from embeddings.index import SearchIndex
    from embeddings.ranking import Boosts, Hit, Sources


Progress = Callable[[int, int], None]
"""Is told how many of the texts that need it have been embedded, and how many there are."""

_BATCH = 256
"""Texts embedded between two reports of progress."""

_REMEMBERED = 512
"""Entries whose sentences' vectors are kept in memory, some 10 kB each."""

_TRIES = 2
"""Searches for a question: what another process replaces between index and store is missing from the first."""


_NONE: Mapping[Any, float] = MappingProxyType({})


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
        self.folder = folder
        self.store = Store(folder)
        self.encoder = encoder
        self._model = model
        self._sentences: Remembered[int, tuple[list[Span | None], NDArray[np.float32]]] = Remembered(_REMEMBERED)

    @cached_property
    def index(self) -> SearchIndex:
        """Vectors and words, brought forward where it is asked to be."""
        from embeddings.index import SearchIndex

        return SearchIndex(self.folder / "index", self.store, self._model)

    @cached_property
    def names(self) -> NamesFile:
        """The names of the corpus, brought forward where they are asked to be."""
        from corpus.gazetteer import NamesFile

        return NamesFile(self.folder / "names.sqlite", self.store)

    @property
    def manifest(self) -> Manifest | None:
        """What the index's files were made from; None where there are none that can be used."""
        return Manifest.read(self.folder / "index")

    def close(self) -> None:
        """Close the store."""
        if "names" in self.__dict__:  # else they were never asked for
            self.names.close()
        self.store.close()

    def add(self, identity: Identity, page: Page, progress: Progress = _silent, *, again: bool = False) -> Added:
        """Store a page as a document in place of what stood under its source, embedding only what is new.

        ``again``: the page is the stored one, see ``Store.put``.
        """
        from corpus.passages import passage_hash, sentences_of, split

        encoder = self.encoder
        passages = split(page.text, page.entries, page.title, window=encoder.window, count=encoder.count_pieces)
        sentences = [sentences_of(page.text, entry) for entry in page.entries]
        whole = [passage.embedded_text(page.text) for cut in passages for passage in cut]
        vectors = self._missing_vectors(
            [*whole, *(each.embedded for said in sentences for each in said)], progress
        )
        document = self.store.put(identity, page, passages, sentences, vectors, encoder.fingerprint, again=again)
        return Added(document, len(whole), sum(passage_hash(text) in vectors for text in dict.fromkeys(whole)))

    def refresh(self) -> None:
        """Bring forward what is made from the store: the index and the names."""
        self.index.refresh()
        self.names.refresh()

    def warm_up(self) -> None:
        """Load the encoder and the index."""
        self.encoder.encode(["warm up"], "question")
        self.index.refresh()

    def embed_again(self, document: str, progress: Progress = _silent) -> Added:
        """Cut and embed a stored document anew, after the model has changed."""
        identity, page = self.store.page(document)
        return self.add(identity, page, progress, again=True)

    def search(
        self,
        question: str,
        allowed: Filter,
        limit: int,
        weights: Mapping[Kind, float] = _NONE,
        boosts: Boosts | None = None,
        behind: Container[int] = frozenset(),
    ) -> list[Hit]:
        """The entries that best fit a question, best first, from an index that is up to date."""
        from embeddings.ranking import search

        sources = self._sources()
        hits: list[Hit] = []
        for _ in range(_TRIES):
            generation = self.store.generation
            self.index.refresh(generation)
            hits = search(question, allowed, limit, sources, weights=weights, boosts=boosts, behind=behind)
            if self.store.generation == generation:
                break
        return hits

    def like(
        self, entry: StoredEntry, allowed: Filter, limit: int, weights: Mapping[Kind, float] = _NONE
    ) -> list[Hit]:
        """The entries most like another one, best first, from an index that is up to date."""
        from embeddings.ranking import like

        self.index.refresh()
        return like(entry, allowed, limit, self._sources(), weights)

    def spelt(self, question: str, allowed: Filter) -> str:
        """The question with its misspelt words as what a filter lets through spells them."""
        self.index.refresh()
        with self.index.view() as view:
            if view is None:
                return question
            members = view.members(self.store, allowed)
            if members is None:
                return view.vocabulary.spelt(question)
            return view.vocabulary.spelt(question, lambda word: view.lexical.has(word, members))

    def compared(self, questions: Sequence[str], hits: Sequence[Hit]) -> list[Hit]:
        """The hits with their sentences' cosines, and the best of these as their own, to some questions' mean."""
        vector = self.encoder.encode(questions, "question").sum(axis=0)
        vector /= (vector @ vector) ** 0.5
        sentences = self.sentences([hit.passage.entry for hit in hits])
        found: list[Hit] = []
        for hit in hits:
            spans, rows = sentences.get(hit.passage.entry, ((), None))
            if rows is None or not spans:
                found.append(hit)
                continue
            cosines = (rows @ vector).tolist()
            found.append(replace(hit, cosine=max(cosines), sentences=tuple(zip(spans, cosines, strict=True))))
        return found

    def terms(self, question: str) -> dict[str, Term]:
        """The question's stems, where they stand in it, and how rare they are."""
        with self.index.view() as view:
            return view.lexical.terms(question) if view else {}

    def saying(self, words: Sequence[str], allowed: Filter) -> frozenset[int]:
        """The entries that say all of some words, stop words aside, in their text, title or headings."""
        self.index.refresh()
        with self.index.view() as view:
            if view is None:
                return frozenset()
            members = view.members(self.store, allowed)
            found: frozenset[int] | None = None
            for word in words:
                passages = view.lexical.holding(word)
                if passages is None:
                    continue
                kept = passages if members is None else members.holding(passages)
                at = view.dense.standing(kept)
                entries = frozenset(view.dense.columns.at(at).entries.tolist())
                found = entries if found is None else found & entries
            return found or frozenset()

    @staticmethod
    def stems(words: str) -> frozenset[str]:
        """The stems of some words, without stop words."""
        from embeddings.fulltext import stems

        return stems(words)

    def sentences(self, entries: Sequence[int]) -> dict[int, tuple[list[Span | None], NDArray[np.float32]]]:
        """For each of the entries the spans of its title (None) and sentences, and their vectors.

        The vectors of n sentences have the shape (n, dimensions), and nearly unit length: they are stored in half
        precision.
        """
        return self._sentences.get(self.store.generation, entries, self._read_sentences)

    def _read_sentences(self, entries: Sequence[int]) -> dict[int, tuple[list[Span | None], NDArray[np.float32]]]:
        import numpy as np

        from embeddings.index import DAMAGED

        found = self.store.sentences(entries, self.encoder.fingerprint)
        if len({len(sentence.vector) for rows in found.values() for sentence in rows}) > 1:
            raise SearchIndexError(DAMAGED)
        return {
            entry: (
                [sentence.span for sentence in rows],
                np.frombuffer(b"".join(sentence.vector for sentence in rows), dtype=np.float16)
                .astype(np.float32)
                .reshape(len(rows), -1),
            )
            for entry, rows in found.items()
        }

    def _sources(self) -> Sources:
        from embeddings.ranking import Sources

        return Sources(self.store, self.index, self.encoder, self.sentences)

    def _missing_vectors(self, embedded: Iterable[str], progress: Progress) -> dict[str, bytes]:
        import numpy as np

        from corpus.passages import passage_hash

        texts = {passage_hash(text): text for text in embedded}
        missing = self.store.missing_vectors(texts, self.encoder.fingerprint)
        wanted = sorted(missing, key=lambda name: len(texts[name]))  # like lengths together: little padding
        vectors: dict[str, bytes] = {}
        if wanted:
            progress(0, len(wanted))
        for at in range(0, len(wanted), _BATCH):
            names = wanted[at : at + _BATCH]
            rows = self.encoder.encode([texts[name] for name in names], "passage").astype(np.float16)
            vectors.update((name, row.tobytes()) for name, row in zip(names, rows, strict=True))
            progress(len(vectors), len(wanted))
        return {name: vectors[name] for name in texts if name in vectors}  # an entry's lie together in the store
