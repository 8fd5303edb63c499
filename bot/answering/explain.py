"""Explaining: why an answer is what it is, step by step, as data that a face lays open."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answer import Answer
    from bot.answering.boosts import Boosts
    from bot.query.plan import Plan
    from corpus.store import StoredEntry
    from embeddings.confidence import Calibration
    from embeddings.ranking import Hit


@dataclass(frozen=True, slots=True)
class Recognised:
    """A name that the question carries: what it is, as it stands there, and how many entries carry it."""

    what: str
    name: str
    words: str
    exactness: float
    entries: int


@dataclass(frozen=True, slots=True)
class Scored:
    """An entry found, with what its score is made of.

    ``passage`` and ``sentence`` are cosines to the question, of its best passage and its nearest sentence;
    ``words`` is the BM25 score as a share of what the question could have; ``facts`` is what the names of the
    question add. ``score`` puts them together, after the question has been moved towards the best passages.
    """

    rank: int
    entry: int
    kind: str
    title: str
    document: str
    passage: float
    sentence: float
    words: float
    facts: float
    score: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A signal of the confidence: its value, and what it adds to the log-odds."""

    name: str
    value: float
    adds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer and how it came about.

    ``searched`` is the question as it was searched for: spelt as the corpus does, a follow-up made whole.
    ``weighed`` are the signals, the weightiest first. An answer is given from a confidence of ``threshold`` on,
    unless ``refusal`` says what is missing.
    """

    answer: Answer
    searched: str
    intent: str
    kind: str | None
    recognised: tuple[Recognised, ...]
    found: tuple[Scored, ...]
    weighed: tuple[Weighed, ...]
    threshold: float
    refusal: str | None

    def to_json(self) -> dict[str, Any]:
        """The explanation as a page is sent it; the answer as ``ask --json`` prints it."""
        return {
            "answer": self.answer.to_json(),
            "searched": self.searched,
            "intent": self.intent,
            "kind": self.kind,
            "recognised": [asdict(each) for each in self.recognised],
            "found": [asdict(each) for each in self.found],
            "weighed": [asdict(each) for each in self.weighed],
            "threshold": self.threshold,
            "refusal": self.refusal,
        }


def recognised_in(reading: Plan) -> tuple[Recognised, ...]:
    """The names of a question."""
    return tuple(
        Recognised(
            str(mention.what),
            mention.name,
            reading.question[mention.span.start : mention.span.end],
            mention.exactness,
            len(mention.entries | mention.named_in_text),
        )
        for mention in reading.mentions
    )


def scored(hits: Sequence[Hit], entries: Mapping[int, StoredEntry], boosts: Boosts) -> tuple[Scored, ...]:
    """The hits with what their scores are made of."""
    return tuple(
        Scored(
            rank,
            hit.passage.entry,
            str(hit.passage.kind),
            entries[hit.passage.entry].entry.title,
            hit.passage.document,
            round(hit.cosine, 4),
            round(hit.sentence, 4),
            round(hit.lexical, 4),
            round(boosts.get(hit.passage.entry), 4),
            round(hit.score, 4),
        )
        for rank, hit in enumerate(hits, 1)
    )


def weighed(signals: Mapping[str, float], calibration: Calibration) -> tuple[Weighed, ...]:
    """The signals by how much they add to the log-odds, or take from them."""
    added = calibration.contributions(signals)
    found = (Weighed(name, round(signals[name], 4), round(adds, 4)) for name, adds in added.items())
    return tuple(sorted(found, key=lambda each: -abs(each.adds)))
