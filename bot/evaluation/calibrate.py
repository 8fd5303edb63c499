"""Fits the confidence of answers on questions made from the corpus, and records the fit's provenance.

``digestbot calibrate`` does it for a data folder. The shipped numbers come from questions that people ask: see
tests/benchmarks/confidence.py.
"""

from __future__ import annotations

import tempfile
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.answering.confidence import Signals
from bot.answering.pipeline import AnswerPipeline
from bot.evaluation.exam import one_of_each
from bot.evaluation.exam_questions import ExamQuestion, lists_of, questions_of
from bot.evaluation.fit import SHARES, Fit, fit
from bot.evaluation.unanswerable import absent_attributes, absent_names, far_questions, topics_of, words_of
from bot.process import version
from bot.query.parser import check
from corpus.errors import QuestionError
from corpus.model import Kind
from corpus.store import Filter
from corpus.text import folded
from embeddings.collection import Library
from embeddings.confidence import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.answer import Answer
    from corpus.store import Store, StoredEntry
    from embeddings.encoder import Encoder, Role

_TOP = 10
_PARTS = 4
"""Number of half corpora: the corpus is split at random twice, because one split is down to chance."""


class CachingEncoder:
    """Embeds each passage once, because the half corpora share most of their passages."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}
        self.fingerprint = encoder.fingerprint
        self.dimensions = encoder.dimensions
        self.window = encoder.window

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Embed texts; see ``Encoder``."""
        if role == "question":
            return self._encoder.encode(texts, role)
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._encoder.encode(new, role), strict=True))
        return np.stack([self._known[text] for text in texts])

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces; see ``Encoder``."""
        return self._encoder.count_pieces(texts)


def judged_questions(
    store: Store, encoder: Encoder, seed: int, progress: Callable[[int, int], None]
) -> list[tuple[ExamQuestion, Mapping[str, float]]]:
    """Ask each half of a corpus about itself, about the other half, and about what neither half has.

    Leaves out answerable questions whose evidence was not found: they say nothing about the confidence in what
    was found.

    Returns:
        Questions with the signals of their answers.
    """
    random = Random(seed)  # noqa: S311 - chance that can be repeated, not secrets
    caching = CachingEncoder(encoder)
    asked: list[tuple[ExamQuestion, Mapping[str, float]]] = []
    subjects = sorted({_subject(entry) for entry in store.entries(Filter())})
    for part in range(_PARTS):
        if part % 2 == 0:
            random.shuffle(subjects)
        left_out = frozenset(subjects[part % 2 :: 2])
        with _without(store, left_out, caching) as library:
            questions = _questions(store, library.store, left_out, random)
            responder = AnswerPipeline(library, lambda line: None)
            for number, question in enumerate(questions, 1):
                try:
                    words = check(question.question)
                except QuestionError:
                    continue
                answer = responder.answer(words, question.history, Filter(), _TOP)
                if not question.answerable or question.gold & _keys(library.store, answer):
                    asked.append((question, answer.signals))
                progress(part * len(questions) + number, _PARTS * len(questions))
    return asked


def _keys(store: Store, answer: Answer) -> set[str]:
    shown = [citation.entry_id for citation in answer.citations or answer.nearest]
    return {entry.key for entry in store.entries_by_id(shown).values()}


@contextmanager
def _without(store: Store, subjects: frozenset[str], encoder: Encoder) -> Iterator[Library]:
    """Open a library of the same pages without the entries about some subjects."""
    with tempfile.TemporaryDirectory(prefix="digestbot-calibrate-") as folder:
        library = Library(Path(folder), encoder)
        try:
            by_document: dict[str, list[StoredEntry]] = {}
            for entry in store.entries(Filter()):
                by_document.setdefault(entry.document, []).append(entry)
            for document, entries in by_document.items():
                identity, page = store.page(document)
                kept = tuple(each.entry for each in entries if _subject(each) not in subjects)
                library.add(identity, replace(page, entries=kept))
            library.refresh()
            yield library
        finally:
            library.close()


def _subject(entry: StoredEntry) -> str:
    """The subject of an entry: a job post is its own, all entries of one title share theirs."""
    return entry.key if entry.entry.kind is Kind.JOB else folded(entry.entry.title)


def _questions(whole: Store, half: Store, left_out: frozenset[str], random: Random) -> list[ExamQuestion]:
    everything = one_of_each(whole.entries(Filter()))
    kept = one_of_each(half.entries(Filter()))
    keys = {entry.key for entry in kept}

    def text_of(entry: StoredEntry) -> str:
        return whole.text(entry.document, entry.entry.span.start, entry.entry.span.end)

    own = [*questions_of(kept, text_of, random), *lists_of(kept, random)]
    words = words_of(kept, text_of)
    known = set(folded(words).split())
    hidden = [entry for entry in everything if _subject(entry) in left_out]
    others = [
        replace(question, gold=frozenset(), form="left out")
        for question in (*questions_of(hidden, text_of, random), *lists_of(hidden, random))
        if question.answerable and not question.gold & keys and _is_unknown(question, known)
    ]
    absent = [*absent_names(words, topics_of(kept), random), *absent_attributes(kept, text_of, random)]
    return [*own, *others, *absent, *far_questions()]


def _is_unknown(question: ExamQuestion, known: set[str]) -> bool:
    """Whether no kept entry has half of the question's words; otherwise the kept entries answer it as well."""
    said = folded(" ".join(question.said)).split()
    return bool(said) and not question.history and 2 * sum(word not in known for word in said) >= len(said)


_FORMS = {
    "lists": {"author", "topic", "place", "team", "two facts"},
    "by name": {"name", "who", "follow-up", "role and place", "title", "title with slips", "detail of a name"},
    "in own words": {"title in own words", "sentence in own words"},
}
"""The forms of each source of answerable questions; all other forms use the page's words."""


def calibrate(library: Library, seed: int, progress: Callable[[int, int], None]) -> tuple[Calibration, Fit]:
    """Fit the confidence of a library's answers on questions made from its common documents; only reads.

    Args:
        library: holds the corpus.
        seed: fixes the choice of questions.
        progress: receives the number of asked questions and their total.

    Raises:
        DigestbotError: the corpus is too small for answerable and unanswerable questions.
    """
    names = [signal.name for signal in fields(Signals)]
    asked = judged_questions(library.store, library.encoder, seed, progress)
    sources = [source_of(question) for question, _ in asked]
    rows = [[signals[name] for name in names] for _, signals in asked]
    found = fit(names, rows, sources, [_group(question) for question, _ in asked])
    return calibration_of(
        names, found, library.encoder.fingerprint, _provenance(library, seed, sources, found)
    ), found


def calibration_of(names: Sequence[str], found: Fit, model: str, provenance: Mapping[str, Any]) -> Calibration:
    """The numbers of a fit, with where they come from."""
    return Calibration(
        names=tuple(names),
        means=tuple(found.means.tolist()),
        scales=tuple(found.scales.tolist()),
        weights=tuple(found.weights.tolist()),
        intercept=found.intercept,
        threshold=found.threshold,
        unsure=found.unsure,
        model=model,
        provenance=provenance,
    )


def source_of(question: ExamQuestion) -> str:
    """Return the fit's source for a question."""
    if question.answerable:
        return next((source for source, forms in _FORMS.items() if question.form in forms), "in words of the page")
    return question.form if question.form in SHARES else "near"


def _group(question: ExamQuestion) -> int:
    """Return the same number for the same words, so that both halves' copies fall into one fold."""
    return zlib.crc32(" ".join((*question.history, question.question)).encode())


def _provenance(library: Library, seed: int, sources: list[str], found: Fit) -> dict[str, Any]:
    counts = library.store.distinct(Filter())
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "digestbot": version(),
        "seed": seed,
        "documents": len(library.store.documents(None)),
        "entries": {str(kind): counts[kind] for kind in sorted(counts)},
        "questions": dict(sorted(Counter(sources).items())),
        "penalty": found.penalty,
        "out_of_fold": out_of_fold(found),
    }


def out_of_fold(found: Fit) -> dict[str, Any]:
    """How a fit did on questions that it had not seen."""
    return {
        "auroc": round(found.auroc, 4),
        "expected_calibration_error": round(found.error, 4),
        "false_abstentions": round(found.false_abstentions, 4),
        "false_answers": {name: round(share, 4) for name, share in found.false_answers.items()},
        "reliability": [{name: round(value, 4) for name, value in asdict(each).items()} for each in found.bins],
    }
