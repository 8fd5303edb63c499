"""Similar entries: what else the corpus has that is like one entry, cited as any answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Answer
from bot.answering.citations import Citer, Wanted, entry_seen
from corpus.model import Kind
from corpus.store import Filter
from corpus.text import folded

if TYPE_CHECKING:
    from datetime import date

    from corpus.store import StoredEntry
    from embeddings.collection import Library
    from embeddings.ranking import Hit


_SPARE = 10
"""Entries looked for beyond those wanted: some tell of the same thing under the same title."""

_JOBS, _READING = frozenset({Kind.JOB}), frozenset({Kind.PAPER, Kind.ARTICLE})
"""What may be like an entry: who reads a job post looks for another. Captions only repeat what they illustrate."""

_WEIGHTS = {Kind.ARTICLE: 0.95}
"""As in answers: papers go before the prose around them."""


def similar(library: Library, entry_id: int, scope: int | None, top: int, offset: int, today: date) -> Answer:
    """See ``Assistant.similar``; ``today`` is the day on which the entries are cited."""
    store = library.store
    with store.snapshot():
        entry = entry_seen(store, entry_id, scope)
    allowed = Filter(scope, _JOBS if entry.entry.kind is Kind.JOB else _READING)
    hits = library.like(entry, allowed, offset + top + _SPARE, _WEIGHTS)
    with store.snapshot():
        entries = store.entries_by_id([hit.passage.entry for hit in hits])
        chosen = _distinct(entry, hits, entries)[offset : offset + top]
        twins = store.entries_by_key([hit.passage.key for hit in chosen], Filter(scope))
        citer = Citer(store, None, today)
        citations = tuple(
            citer.cite(rank, hit, entries[hit.passage.entry], twins.get(hit.passage.key, ()), Wanted())
            for rank, hit in enumerate(chosen, offset + 1)
        )
    title = entry.entry.title
    summary = f"Most like “{title}”" if citations else f"Nothing more is like “{title}”."
    return Answer(title, bool(citations), float(bool(citations)), summary, citations)


def _distinct(entry: StoredEntry, hits: list[Hit], entries: dict[int, StoredEntry]) -> list[Hit]:
    """One hit for each title but of job posts, and none of the entry's own: pages tell of a thing in stretches."""
    seen = {folded(entry.entry.title)} if entry.entry.kind is not Kind.JOB else set()
    chosen: list[Hit] = []
    for hit in hits:
        found = entries.get(hit.passage.entry)
        if found is None:
            continue
        title = folded(found.entry.title)
        if found.entry.kind is not Kind.JOB and title:
            if title in seen:
                continue
            seen.add(title)
        chosen.append(hit)
    return chosen
