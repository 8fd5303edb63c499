"""The lexical index: the passages' words in tantivy, ranked by BM25."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import tantivy

from corpus.errors import SearchIndexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_ANALYZER = "words"
_HEAP = 64_000_000
"""Bytes that the writer may hold before it writes a segment."""

_MAX_TERMS = 256


def _weight(passages: int, holding: int) -> float:
    """BM25's inverse document frequency: rare words weigh more, unknown ones most."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


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
        for passage in removed:
            writer.delete_documents_by_term("id", passage)
        for passage, words in added:
            writer.delete_documents_by_term("id", passage)
            document = tantivy.Document()
            document.add_unsigned("id", passage)
            document.add_text("words", words)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()  # leaves the files at rest
        self._index.reload()

    def search(self, question: str, limit: int, allowed: Sequence[int] | None = None) -> dict[int, float]:
        """Passages that share words with the question, their BM25 scores by id, best first.

        A disjunction of the question's stems, each weighted by how often the question has it.
        """
        terms = Counter(self._analyzer.analyze(question)).most_common(_MAX_TERMS)
        if not terms or (allowed is not None and not len(allowed)):
            return {}
        schema, should = self._index.schema, tantivy.Occur.Should
        query = tantivy.Query.boolean_query(
            [
                (should, tantivy.Query.boost_query(tantivy.Query.term_query(schema, "words", term), float(count)))
                for term, count in terms
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
        return {int(searcher.doc(address)["id"][0]): float(score) for score, address in hits}

    def coverage(self, question: str, words: str) -> float:
        """The share of the question's stems, weighted by their rarity, that occur among the words, 0 to 1.

        A question about one rare name is covered wholly by a passage that has it; a word that no passage has
        weighs most of all.
        """
        searcher = self._index.searcher()
        held = set(self._analyzer.analyze(words))
        passages = int(searcher.num_docs)
        weights = {
            term: _weight(passages, searcher.doc_freq("words", term)) for term in self._analyzer.analyze(question)
        }
        total = sum(weights.values())
        return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0
