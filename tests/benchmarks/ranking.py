"""What each mechanism of the ranking brings: a table of scores with one of them switched off at a time.

Run:

    python tests/benchmarks/ranking.py --beir ../shared/ir/scifact --beir ../shared/ir/cranfield
    python tests/benchmarks/ranking.py --questions ../shared/eval/dev.jsonl ../shared/digests/0*.txt

Indexing a collection takes minutes; ``--keep DIR`` keeps the data folders for the next run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bot.answering.boosts import Boosts
from bot.assistant import Assistant
from bot.evaluation.beir import index_collection, judgements_of, queries_of, ranking
from bot.evaluation.metrics import score_rankings, score_set
from bot.evaluation.questions import read_questions
from bot.evaluation.run import ask_one
from corpus.store import Filter
from embeddings.collection import Library
from embeddings.torch_encoder import SentenceEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ROUNDS = 3
"""Times that each variant is timed, in turns with the others."""


def _over_best(view: Any, question: str, depth: int, members: Any) -> dict[int, float]:
    """The lexical share as plain fusion has it: over the question's best score."""
    scores, _ = view.lexical.search(question, depth, members)
    best = max(scores.values(), default=0.0)
    return {i: score / best for i, score in scores.items()} if best > 0 else {}


SEARCH: dict[str, Sequence[tuple[str, Any]]] = {
    "all of it": (),
    "without sentences": (("embeddings.ranking.SENTENCE_WEIGHT", 0.0),),
    "without feedback": (("embeddings.ranking.FEEDBACK", 0.0),),
    "without everyday English": (("embeddings.fulltext._EVERYDAY_PASSAGES", 0),),
    "words over the best alone": (("embeddings.ranking._shares", _over_best),),
    "plain hybrid": (
        ("embeddings.ranking.SENTENCE_WEIGHT", 0.0),
        ("embeddings.ranking.FEEDBACK", 0.0),
        ("embeddings.fulltext._EVERYDAY_PASSAGES", 0),
        ("embeddings.ranking._shares", _over_best),
        ("embeddings.ranking._LOOKED_INTO", 0),
    ),
    "vectors alone": (
        ("embeddings.ranking.SENTENCE_WEIGHT", 0.0),
        ("embeddings.ranking.FEEDBACK", 0.0),
        ("embeddings.ranking.DENSE_WEIGHT", 1.0),
    ),
}

ANSWERING: dict[str, Sequence[tuple[str, Any]]] = {
    **SEARCH,
    "without spelling": (("embeddings.spelling.Vocabulary.spelt", lambda self, question: question),),
    "without boosts by facts": (("bot.answering.pipeline.boosts_of", lambda *_: Boosts()),),
    "without lists by facts": (("bot.answering.pipeline.ordered", lambda reading, facts, hits: hits),),
    "without kinds": (("bot.answering.pipeline.weights", lambda reading: {}),),
    "without attributes": (("bot.query.parser.asked_attributes", lambda question: ()),),
    "without parts of one paper weighed": (("bot.answering.pipeline.told_first", lambda run, hits: hits),),
    "without what introduces a section": (("bot.answering.pipeline.lent", lambda run, hits: hits),),
    "without other forms of words": (("embeddings.fulltext.compounds", lambda text: []),),
    "without a second stretch": (("bot.answering.citations._APART", 0),),
}


@contextmanager
def _patched(changes: Sequence[tuple[str, Any]]) -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in changes:
            stack.enter_context(patch(name, value))
        yield


def _milliseconds(variants: dict[str, Sequence[tuple[str, Any]]], call: Callable[[str], object], asked: list[str]):
    """The median over the questions of the best of some rounds, the variants in turns."""
    taken: dict[str, list[list[float]]] = {name: [[] for _ in asked] for name in variants}
    for _ in range(_ROUNDS):
        for name, changes in variants.items():
            with _patched(changes):
                for times, question in zip(taken[name], asked, strict=True):
                    begun = time.perf_counter()
                    call(question)
                    times.append((time.perf_counter() - begun) * 1000)
    return {name: median(min(times) for times in rows) for name, rows in taken.items()}


def of_collection(folder: Path, data: Path) -> None:
    """Print the table of one test collection."""
    library = Library(data, SentenceEncoder())
    if library.store.is_empty():
        index_collection(library, folder / "corpus.jsonl", lambda done, total: None)
    judgements, queries = judgements_of(folder), queries_of(folder)
    asked = [queries[query] for query in judgements if query in queries]
    times = _milliseconds(SEARCH, lambda question: library.search(question, Filter(), 10), asked[:50])
    print(f"\n{folder.name}: nDCG@10, recall@100, milliseconds a query")
    for name, changes in SEARCH.items():
        with _patched(changes):
            found = {query: ranking(library, queries[query]) for query in judgements if query in queries}
        scores = score_rankings(found, judgements)
        print(f"  {name:36s} {scores['nDCG@10']:.4f}  {scores['recall@100']:.4f}  {times[name]:6.1f}")
    library.close()


def of_questions(path: Path, pages: Sequence[Path], data: Path) -> None:
    """Print the table of a question set over some pages."""
    questions = read_questions(path)
    with Assistant.open(data) as assistant:
        assistant.ingest(pages)
        assistant.warm_up()
        asked = [question.question for question in questions if question.answerable]
        times = _milliseconds(ANSWERING, assistant.ask, asked)
        print(f"\n{path.name}: success@1 and MRR@10 (any), coverage@5, coverage@10 (all), excerpt, milliseconds")
        for name, changes in ANSWERING.items():
            with _patched(changes):
                results = [
                    ask_one(assistant.ask, assistant.text, question)
                    for question in questions
                    if question.answerable
                ]
            scores = score_set(results)
            length = fmean(len(excerpt.text) for result in results for excerpt in result.excerpts)
            print(
                f"  {name:36s} {scores['any']['success@1']:.3f} {scores['any']['MRR@10']:.3f} "
                f"{scores['overall']['coverage@5']:.3f} {scores['all'].get('coverage@10', 0):.3f} "
                f"{length:5.0f} {times[name]:6.1f}"
            )


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beir", action="append", type=Path, default=[], metavar="DIR")
    parser.add_argument("--questions", type=Path, metavar="FILE")
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("pages", nargs="*", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        kept = given.keep or Path(temporary)
        for folder in given.beir:
            of_collection(folder, kept / folder.name)
        if given.questions:
            of_questions(given.questions, given.pages, kept / given.questions.stem)


if __name__ == "__main__":
    main()
