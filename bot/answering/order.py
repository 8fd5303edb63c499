"""The order of hits: what introduces them, gives what is asked for, or tells most of it moves them up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.query.attributes import gives
from bot.query.plan import Operation
from corpus.english import word_set
from corpus.model import Kind
from corpus.text import folded, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answering.citations import Citer
    from bot.query.plan import Plan
    from corpus.store import StoredEntry
    from embeddings.ranking import Hit


RESCORED = 30
"""Hits whose texts are read for an attribute."""

_GIVES = 0.08
"""What a hit gains whose text gives the attribute that is asked for."""

_INTRODUCTIONS, _LENT = 5, 0.7
"""First hits among which sections' introductions are looked for, and the share of their lead that they lend."""

_TELLING = word_set("what whats how why when where")
"""How a question begins that asks for what a text tells, and not for an entry."""

_LEAST = 1e-6
"""By which one score lies behind another one."""


class Found(Protocol):
    """What was found for a question: see ``bot.answering.pipeline.Run``."""

    @property
    def reading(self) -> Plan:
        """The question's plan."""

    @property
    def entries(self) -> Mapping[int, StoredEntry]:
        """The entries of the hits, by id."""

    @property
    def citer(self) -> Citer:
        """What reads them."""

    def worth_of(self, hit: Hit) -> float:
        """How much the excerpt of a hit says."""


def lent(run: Found, hits: list[Hit]) -> list[Hit]:
    """Lend what a section's introduction scores to the papers and posts under it, and let it give way to them."""
    if run.reading.is_list:
        return hits
    scores = {hit.passage.entry: hit.score for hit in hits}
    first = tokens(run.reading.question)[:1]
    gives_way = run.reading.kind is not None or not (first and first[0].folded in _TELLING)
    for hit in hits[:_INTRODUCTIONS]:
        article = run.entries[hit.passage.entry]
        under = [i for i, entry in run.entries.items() if _introduces(article, entry) and scores[i] < hit.score]
        for i in under:
            scores[i] += _LENT * (hit.score - scores[i])
        if under and gives_way:
            scores[article.id] = min(hit.score, max(scores[i] for i in under) - _LEAST)
    return sorted((replace(hit, score=scores[hit.passage.entry]) for hit in hits), key=lambda hit: -hit.score)


def _introduces(article: StoredEntry, other: StoredEntry) -> bool:
    """Whether an article stands before a paper or a post under the same heading."""
    inside, headings = article.entry, article.entry.headings
    return (
        inside.kind is Kind.ARTICLE
        and other.entry.kind in (Kind.PAPER, Kind.JOB)
        and article.document == other.document
        and article.id < other.id
        and bool(headings)
        and other.entry.headings in (headings, (*headings[:-1], inside.title))
    )


def with_attributes(run: Found, hits: list[Hit]) -> list[Hit]:
    """Move up what gives what is asked for."""
    wanted = [attribute for attribute in run.reading.attributes if attribute.needed]
    if not wanted:
        return hits
    gains = {
        hit.passage.id: _GIVES
        for hit in hits[:RESCORED]
        if any(gives(run.citer.read(hit, run.entries[hit.passage.entry])[1], attribute) for attribute in wanted)
    }
    return sorted(hits, key=lambda hit: -(hit.score + gains.get(hit.passage.id, 0.0)))


def told_first(run: Found, hits: list[Hit]) -> list[Hit]:
    """Of the entries that tell of one paper, put first the one whose excerpt says most of what is asked.

    A page tells of a paper in several stretches, with pictures between them.
    """
    if run.reading.is_list or run.reading.operation is Operation.WHO:
        return hits
    of_title: dict[str, list[int]] = {}
    for at, hit in enumerate(hits):
        if hit.passage.kind is not Kind.JOB:
            of_title.setdefault(folded(run.entries[hit.passage.entry].entry.title), []).append(at)
    shown = list(hits)
    for places in of_title.values():
        if len(places) > 1:
            worth = {at: run.worth_of(hits[at]) for at in places}
            for at, best in zip(places, sorted(places, key=lambda at: -worth[at]), strict=True):
                shown[at] = hits[best]
    return shown
