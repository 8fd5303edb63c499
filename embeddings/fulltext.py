"""The lexical index: the passages' words in tantivy, ranked by BM25."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import tantivy

from corpus.english import share_of_passages
from corpus.errors import SearchIndexError
from corpus.text import compounds, tokens, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from corpus.text import Token
    from embeddings.filters import Members


_T = TypeVar("_T")

_ANALYZER = "words"
_HAS_FORMS = re.compile(r"\w[-‐‑–/]\w|[a-z][A-Z]|[^\W\d]\d|\d[^\W\d]")
"""What a text has some words of which are written joined by some and parted by others; most have none."""

_HEAP = 64_000_000
"""Bytes that the writer may hold before it writes a segment."""

_MAX_TERMS = 256
_REMEMBERED = 4096
"""Sentences and entries whose stems are remembered: the same few are quoted again and again."""

_QUESTIONS = 32
"""Questions whose terms are remembered: one answer asks for them twice."""

_EVERYDAY_PASSAGES = 1_000
"""Passages of everyday English that the corpus is thought to be joined by when a word's rarity is weighed.

In 200 passages "decides" is as rare as "bandit"; in these it is not. A large corpus speaks for itself: on scifact
and cranfield the ranking stays as it is.
"""

_BEST_TERM = 2.2
"""What BM25 multiplies a term's rarity with where a passage is full of the term: k1 + 1."""


_ASKED_FOR = 5_000
"""Passages that are asked for, at most, to find those among them that a filter lets through."""
_MORE = 4
"""How many times as many passages are asked for, where of those found too few are let through."""
_FEW = 500
"""Passages that are named one by one where a filter lets no more through."""
_MOST_HOLDING = 10_000
"""Passages that are named of those that have a word."""
_CHUNK = 2048
"""Passages that are removed or replaced in one operation."""


class Words(NamedTuple):
    """A passage's words: its id, its document's number, and what it says."""

    id: int
    document: int
    words: str


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
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())  # of words cut and folded before
    for step in (
        tantivy.Filter.remove_long(80),
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
        schema.add_unsigned_field("id", indexed=True, fast=True)
        schema.add_unsigned_field("document", indexed=True)
        schema.add_text_field("words", tokenizer_name=_ANALYZER, index_option="freq")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(schema.build(), path=str(folder))
        except (ValueError, OSError) as error:
            raise SearchIndexError(f"cannot use the lexical index in {folder}: {error}") from error
        self._analyzer = _analyzer()
        self._terms = lru_cache(_QUESTIONS)(self._weighed)
        self._index.register_tokenizer(_ANALYZER, self._analyzer)

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def update(self, removed: Sequence[int], added: Iterable[Words]) -> None:
        """Remove passages and add others in one commit; adding an id again replaces it.

        Raises:
            SearchIndexError: the files cannot be written.
        """
        try:
            self._update(removed, added)
        except (ValueError, OSError) as error:
            raise SearchIndexError(f"cannot write the lexical index: {error}") from error

    def _update(self, removed: Sequence[int], added: Iterable[Words]) -> None:
        writer = self._index.writer(_HEAP, 1)
        held = len(self)
        for chunk in chunks(removed) if held else ():
            writer.delete_documents_by_query(self._any("id", chunk))
        for passages in chunks(added):
            if held:
                writer.delete_documents_by_query(self._any("id", [each.id for each in passages]))
            for each in passages:
                document = tantivy.Document()
                document.add_unsigned("id", each.id)
                document.add_unsigned("document", each.document)
                document.add_text("words", _cut(each.words))
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()  # leaves the files at rest
        self._index.reload()
        self._terms.cache_clear()

    def _any(self, field: str, numbers: Iterable[int]) -> tantivy.Query:
        """Not a term: tantivy takes that for another type of number, and finds nothing."""
        return tantivy.Query.term_set_query(self._index.schema, field, list(map(int, numbers)))

    def terms(self, question: str) -> dict[str, Term]:
        """The stems of a question without stop words; rare ones, here and in everyday English, weigh more."""
        return dict(self._terms(question))

    def _weighed(self, question: str) -> dict[str, Term]:
        searcher = self._index.searcher()
        passages, everyday = int(searcher.num_docs), _EVERYDAY_PASSAGES
        said = tokens(question)[:_MAX_TERMS]
        terms = self._stems_at(said)
        forms = self._stems_at(compounds(question)[:_MAX_TERMS])
        holding = {stem: int(searcher.doc_freq("words", stem)) for stem in {**terms, **forms}}
        for stem, (places, share) in forms.items():  # another form counts where the corpus writes it so
            if holding[stem]:
                terms.setdefault(stem, (places, share))
        met = {place for stem in forms if holding[stem] for place in forms[stem][0]}
        found: dict[str, Term] = {}
        for stem, (places, share) in terms.items():
            if not holding[stem] and met.intersection(places):
                continue
            joined = _rarity(passages + everyday, holding[stem] + share * everyday)
            found[stem] = Term(tuple(places), joined, _rarity(passages, holding[stem]))
        return found

    @staticmethod
    def _stems_at(said: Sequence[Token]) -> dict[str, tuple[list[int], float]]:
        """Stems with the places where they stand, and the share of everyday passages that hold them."""
        found: dict[str, tuple[list[int], float]] = {}
        for token in said:
            share = share_of_passages(token.folded)
            for stem in _analyzed(token.folded):
                places, least = found.get(stem, ([], 1.0))
                found[stem] = [*places, token.start], min(share, least)
        return found

    def has(self, word: str, members: Members) -> bool:
        """Whether a word stands in a passage among the members; one that tells nothing stands anywhere."""
        return not self._weighed(word) or bool(self.search(word, 1, members)[0])

    def holding(self, word: str) -> list[int] | None:
        """The passages that have a word, some ``_MOST_HOLDING`` of them; None where it is a stop word."""
        said = [stem for each in words(word) for stem in _analyzed(each)]
        if not said:
            return None
        must, schema = tantivy.Occur.Must, self._index.schema
        each = [(must, tantivy.Query.term_query(schema, "words", stem)) for stem in said]
        return list(self._best(tantivy.Query.boolean_query(each), _MOST_HOLDING))

    def search(self, question: str, limit: int, members: Members | None = None) -> tuple[dict[int, float], float]:
        """Passages that share words with the question.

        A disjunction of the question's stems, each weighted by its rarity and by how often the question has it.

        Returns:
            BM25 scores by passage id, best first, and the score that a passage full of all the stems would have,
            those included that no passage has.
        """
        terms = self._terms(question)
        full = _BEST_TERM * sum(term.count * term.rarity for term in terms.values())
        limit = max(1, min(limit, len(self)))
        if not terms or (members is not None and not members.count):
            return {}, full
        query = self._query(terms)
        if members is None:
            return self._best(query, limit), full
        return self._best_of(members, query, limit), full

    def _query(self, terms: Mapping[str, Term]) -> tantivy.Query:
        schema, should = self._index.schema, tantivy.Occur.Should
        weights = {stem: term.count * term.rarity / term.own_rarity for stem, term in terms.items()}
        return tantivy.Query.boolean_query(
            [
                (should, tantivy.Query.boost_query(tantivy.Query.term_query(schema, "words", stem), weight))
                for stem, weight in weights.items()
            ]
        )

    def _best_of(self, members: Members, query: tantivy.Query, limit: int) -> dict[int, float]:
        """The best passages among the members: of all where these are many, of their documents where they are few.

        tantivy skips what cannot be among the best of a plain disjunction, but not where it is joined with a
        filter: to ask for more and leave out what is no member is faster than to filter, up to a share.
        """
        total, narrowed = len(self), False
        wanted = min(total, int(limit / max(members.share, 1e-9)) + limit)
        while True:
            if wanted > _ASKED_FOR and not narrowed:
                query, wanted, narrowed = self._narrowed(query, members), min(total, _MORE * limit), True
            scores = self._best(query, wanted)
            kept = members.holding(list(scores))[:limit]
            if len(kept) == limit or len(scores) < wanted or wanted == total:
                return {i: scores[i] for i in kept}
            wanted = min(total, _MORE * wanted)

    def _narrowed(self, query: tantivy.Query, members: Members) -> tantivy.Query:
        few = members.count <= _FEW
        chosen = (
            self._any("id", members.ids.tolist()) if few else self._any("document", members.documents.tolist())
        )
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, query), (must, tantivy.Query.const_score_query(chosen, 0.0))])

    def _best(self, query: tantivy.Query, limit: int) -> dict[int, float]:
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        ids: list[Any] = searcher.fast_field_values("id", [address for _, address in hits])
        return {i: float(score) for i, (score, _) in zip(ids, hits, strict=True)}


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Values, as many at a time as are handled together."""
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


@lru_cache(_REMEMBERED)
def _analyzed(word: str) -> tuple[str, ...]:
    """The stem of a folded word; none of a stop word: most words come again."""
    return tuple(_analyzer().analyze(word))


def _cut(text: str) -> str:
    """The words of a text, and the other forms of those that some write joined and others parted."""
    forms = compounds(text) if _HAS_FORMS.search(text) else ()
    return " ".join([*words(text), *(token.folded for token in forms)])


@lru_cache(_REMEMBERED)
def stems(text: str) -> frozenset[str]:
    """The stems of a text, without stop words."""
    return frozenset(_analyzer().analyze(_cut(text)))
