"""Answers and citations as the assistant gives them, for tests."""

from __future__ import annotations

from typing import Any

from bot.answer import Answer, Citation
from corpus.model import Kind, Span

PAPER: dict[str, Any] = {
    "rank": 1,
    "kind": Kind.PAPER,
    "title": "RLSbench: Domain adaptation under relaxed label shift",
    "authors": ("Saurabh Garg", "Nick Erickson", "James Sharpnack"),
    "section": "Distribution shift",
    "location": None,
    "team": None,
    "document": "000_icml-2023",
    "digest": "A quick guide to Amazon’s papers at ICML 2023",
    "venue": "ICML",
    "year": 2023,
    "url": None,
    "excerpt": "A benchmark for label shift.\nIt can be relaxed.",
    "start": 10,
    "end": 57,
    "best": Span(0, 28),
    "entry_id": 7,
    "entry_start": 10,
    "entry_end": 57,
    "also_in": (),
    "score": 0.8,
}


def citation(**facts: Any) -> Citation:
    return Citation(**{**PAPER, **facts})


def answer(*citations: Citation, **facts: Any) -> Answer:
    given: dict[str, Any] = {
        "question": "who wrote RLSbench?",
        "answered": True,
        "confidence": 0.9,
        "summary": None,
        "citations": citations,
    }
    return Answer(**{**given, **facts})
