"""Citing: hits into citations with verbatim excerpts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answer import Citation, Occurrence
from bot.excerpt import LATER_CHARACTERS, MAX_CHARACTERS, excerpt_of
from corpus.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.excerpt import Wanted
    from corpus.store import StoredEntry
    from embeddings.search import Hit


_FIRST = 3
"""Citations that may be long: those behind them only show that there is more."""


def citation_of(
    rank: int,
    hit: Hit,
    found: StoredEntry,
    twins: Iterable[StoredEntry],
    stretch: Span,
    text: str,
    wanted: Wanted,
    page_at: Callable[[str, int], int | None],
) -> Citation:
    """Cite an entry.

    Args:
        rank: from 1.
        hit: how the entry was found.
        found: the entry.
        twins: the entries of the same key, itself among them.
        stretch: what of the entry is looked at.
        text: the stretch's.
        wanted: what to choose the excerpt by.
        page_at: the page that an offset of a document stands on.
    """
    entry = found.entry
    excerpt = excerpt_of(text, stretch, wanted, MAX_CHARACTERS if rank <= _FIRST else LATER_CHARACTERS)
    begin = stretch.start
    return Citation(
        rank=rank,
        kind=entry.kind,
        title=entry.title,
        authors=entry.authors,
        section=entry.section,
        location=entry.place.text if entry.place else None,
        team=entry.team,
        document=found.document,
        digest=found.digest,
        venue=found.venue,
        year=found.year,
        url=found.url,
        excerpt=text[excerpt.span.start - begin : excerpt.span.end - begin],
        start=excerpt.span.start,
        end=excerpt.span.end,
        best=Span(excerpt.best.start - excerpt.span.start, excerpt.best.end - excerpt.span.start),
        entry_id=found.id,
        entry_start=entry.span.start,
        entry_end=entry.span.end,
        also_in=tuple(_occurrence(twin) for twin in twins if twin.id != found.id),
        score=hit.score,
        page=page_at(found.document, excerpt.span.start),
    )


def with_kin(citation: Citation, kin: Iterable[StoredEntry]) -> Citation:
    """A citation with the places of the entries that say the same as it, and where those stand."""
    others = sorted(kin, key=lambda each: each.id)
    places = [each.entry.place.text for each in others if each.entry.place]
    return replace(
        citation,
        locations=tuple(dict.fromkeys([citation.location, *places])) if citation.location and places else (),
        also_in=(*citation.also_in, *(_occurrence(each) for each in others)),
    )


def _occurrence(stored: StoredEntry) -> Occurrence:
    return Occurrence(stored.document, stored.entry.span.start, stored.entry.span.end)
