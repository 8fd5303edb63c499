"""Calibrating: questions made and asked, a model fitted on their signals, and where it comes from.

The shipped ``embeddings/calibration.json`` was made by this over the bundled digests, with the shipped model:
``digestbot calibrate --data-dir DIR`` in an empty folder, and its ``calibration.json`` copied.
"""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from bot.calibration.fitting import SHARES, Fit, fit
from bot.calibration.halves import judged_questions
from bot.signals import Signals
from corpus.store import Filter
from embeddings.calibration import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.exam.making import ExamQuestion
    from embeddings.library import Library


_FORMS = {
    "lists": {"author", "topic", "place", "team", "two facts"},
    "by name": {"name", "who", "follow-up", "role and place", "title", "title with slips", "detail of a name"},
    "in own words": {"title in own words", "sentence in own words"},
}
"""The answerable questions of each source; those of other forms use words of the page."""


def calibrate(library: Library, seed: int, progress: Callable[[int, int], None]) -> tuple[Calibration, Fit]:
    """Fit the confidence of a library's answers on questions made from its corpus; the library is only read.

    Args:
        library: the common documents of its store are asked about.
        seed: the same questions for the same seed.
        progress: is told how many questions have been asked, and of how many.

    Raises:
        DigestbotError: the corpus is too small to make questions of both sorts.
    """
    names = [signal.name for signal in fields(Signals)]
    asked = judged_questions(library.store, library.encoder, seed, progress)
    sources = [source_of(question) for question, _ in asked]
    rows = [[signals[name] for name in names] for _, signals in asked]
    found = fit(names, rows, sources, [_group(question) for question, _ in asked])
    calibration = Calibration(
        names=tuple(names),
        means=tuple(found.means.tolist()),
        scales=tuple(found.scales.tolist()),
        weights=tuple(found.weights.tolist()),
        intercept=found.intercept,
        threshold=found.threshold,
        model=library.encoder.fingerprint,
        provenance=_provenance(library, seed, sources, found),
    )
    return calibration, found


def source_of(question: ExamQuestion) -> str:
    """Which of the fit's sources a question is of."""
    if question.answerable:
        return next((source for source, forms in _FORMS.items() if question.form in forms), "in words of the page")
    return question.form if question.form in SHARES else "near"


def _group(question: ExamQuestion) -> int:
    """The same for questions in the same words, in whichever half they were asked."""
    return zlib.crc32(" ".join((*question.history, question.question)).encode())


def _provenance(library: Library, seed: int, sources: list[str], found: Fit) -> dict[str, Any]:
    counts = library.store.distinct(Filter())
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "digestbot": _version(),
        "seed": seed,
        "documents": len(library.store.documents(None)),
        "entries": {str(kind): counts[kind] for kind in sorted(counts)},
        "questions": dict(sorted(Counter(sources).items())),
        "penalty": found.penalty,
        "out_of_fold": {
            "auroc": round(found.auroc, 4),
            "expected_calibration_error": round(found.error, 4),
            "false_abstentions": round(found.false_abstentions, 4),
            "false_answers": {name: round(share, 4) for name, share in found.false_answers.items()},
            "reliability": [
                {name: round(value, 4) for name, value in asdict(each).items()} for each in found.bins
            ],
        },
    }


def _version() -> str:
    try:
        return version("digestbot")
    except PackageNotFoundError:  # run from its folder, and not installed
        return "not installed"
