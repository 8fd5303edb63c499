"""The lexical index: the passages' words in tantivy, ranked by BM25."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import tantivy

from corpus.errors import SearchIndexError
from embeddings.background import share_of_passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_ANALYZER = "words"
_HEAP = 64_000_000
"""Bytes that the writer may hold before it writes a segment."""

_MAX_TERMS = 256
_REMEMBERED = 4096
"""Sentences and entries whose stems are remembered: the same few are quoted again and again."""

_WORD = re.compile(r"\w+")

_EVERYDAY_PASSAGES = 1_000
"""Passages of everyday English that the corpus is thought to be joined by when a word's rarity is weighed.

In 200 passages "decides" is as rare as "bandit"; in these it is not. A large corpus speaks for itself: on scifact
and cranfield the ranking stays as it is.
"""

_BEST_TERM = 2.2
"""What BM25 multiplies a term's rarity with where a passage is full of the term: k1 + 1."""


@dataclass(frozen=True, slots=True)
class Term:
    """A stem of a question: where it stands in it, its rarity, and how the index alone would weigh it."""

    at: tuple[int, ...]
    rarity: float
    own_rarity: float

    @property
    def count(self) -> int:
        """How often the question has it."""
        return len(self.at)

    def within(self, start: int, end: int) -> bool:
        """Whether it stands in a stretch of the question."""
        return any(start <= place < end for place in self.at)


def _rarity(passages: float, holding: float) -> float:
    """BM25's inverse document frequency: rare words weigh more, unknown ones most."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(80),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


class LexicalIndex:
    """Words by passage id, in a folder of their own. Safe to search from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder, or make it where the folder is empty.

        Raises:
            SearchIndexError: what lies there is not an index.
        """
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("id", stored=True, indexed=True, fast=True)
        schema.add_text_field("words", tokenizer_name=_ANALYZER, index_option="freq")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(schema.build(), path=str(folder))
        except (ValueError, OSError) as error:
            raise SearchIndexError(f"cannot use the lexical index in {folder}: {error}") from error
        self._analyzer = _analyzer()
        self._index.register_tokenizer(_ANALYZER, self._analyzer)

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def update(self, removed: Sequence[int], added: Iterable[tuple[int, str]]) -> None:
        """Remove passages and add others (id, words) in one commit; adding an id again replaces it.

        Raises:
            SearchIndexError: the files cannot be written.
        """
        try:
            self._update(removed, added)
        except (ValueError, OSError) as error:
            raise SearchIndexError(f"cannot write the lexical index: {error}") from error

    def _update(self, removed: Sequence[int], added: Iterable[tuple[int, str]]) -> None:
        writer = self._index.writer(_HEAP, 1)
        added = list(added)
        gone = [*map(int, removed), *(passage for passage, _ in added)]
        if gone and len(self):
            # Not by a term of the id: tantivy takes that for another type of number, and deletes nothing.
            writer.delete_documents_by_query(tantivy.Query.term_set_query(self._index.schema, "id", gone))
        for passage, words in added:
            document = tantivy.Document()
            document.add_unsigned("id", passage)
            document.add_text("words", words)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()  # leaves the files at rest
        self._index.reload()

    def terms(self, question: str) -> dict[str, Term]:
        """The stems of a question without stop words; rare ones, here and in everyday English, weigh more."""
        places: dict[str, list[int]] = {}
        shares: dict[str, float] = {}
        for word in _WORD.finditer(question):
            for stem in self._analyzer.analyze(word[0]):
                places.setdefault(stem, []).append(word.start())
                shares[stem] = min(shares.get(stem, 1.0), share_of_passages(word[0]))
        searcher = self._index.searcher()
        passages, everyday = int(searcher.num_docs), _EVERYDAY_PASSAGES
        terms: dict[str, Term] = {}
        for stem in sorted(places, key=lambda stem: -len(places[stem]))[:_MAX_TERMS]:
            holding = searcher.doc_freq("words", stem)
            joined = _rarity(passages + everyday, holding + shares[stem] * everyday)
            terms[stem] = Term(tuple(places[stem]), joined, _rarity(passages, holding))
        return terms

    def search(
        self, question: str, limit: int, allowed: Sequence[int] | None = None
    ) -> tuple[dict[int, float], float]:
        """Passages that share words with the question.

        A disjunction of the question's stems, each weighted by its rarity and by how often the question has it.

        Returns:
            BM25 scores by passage id, best first, and the score that a passage full of all the stems would have,
            those included that no passage has.
        """
        terms = self.terms(question)
        full = _BEST_TERM * sum(term.count * term.rarity for term in terms.values())
        if not terms or (allowed is not None and not len(allowed)):
            return {}, full
        schema, should = self._index.schema, tantivy.Occur.Should
        query = tantivy.Query.boolean_query(
            [
                (
                    should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(schema, "words", stem), term.count * term.rarity / term.own_rarity
                    ),
                )
                for stem, term in terms.items()
            ]
        )
        if allowed is not None:
            members = tantivy.Query.term_set_query(schema, "id", [int(i) for i in allowed])
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query(
                [(must, query), (must, tantivy.Query.const_score_query(members, 0.0))]
            )
        searcher = self._index.searcher()
        hits = searcher.search(query, max(1, min(limit, len(self))), count=False).hits
        return {int(searcher.doc(address)["id"][0]): float(score) for score, address in hits}, full


@lru_cache(_REMEMBERED)
def stems(words: str) -> frozenset[str]:
    """The stems of some words, without stop words."""
    return frozenset(_analyzer().analyze(words))
