"""Citing: hits into citations with verbatim excerpts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answer import Citation, Occurrence
from bot.excerpt import LATER_CHARACTERS, MAX_CHARACTERS, excerpt_of
from bot.fragments import link_to
from corpus.errors import NotFoundError
from corpus.model import Span
from corpus.store import Filter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.excerpt import Wanted
    from corpus.gazetteer import Gazetteer
    from corpus.store import Store, StoredEntry
    from embeddings.search import Hit

_FIRST = 3
"""Citations that may be long: those behind them only show that there is more."""

_LONG, _AROUND = 20_000, 3_000
"""Characters beyond which an entry is not looked at as a whole, and what is then looked at around its passage."""


def entry_seen(store: Store, entry_id: int, scope: int | None, *, gone: bool = False) -> StoredEntry:
    """An entry that was cited before, as it stands now.

    Args:
        store: to be read within a snapshot.
        entry_id: of the citation.
        scope: the server that asks.
        gone: whether its document may be one that its source no longer has.

    Raises:
        NotFoundError: it is no longer there, or is another server's.
    """
    entry = next(iter(store.entries(Filter(scope, gone=gone, entries=frozenset({entry_id})))), None)
    if entry is None:
        raise NotFoundError("That page has been read anew or taken out since. Please ask again.")
    return entry


def stretch_of(store: Store, hit: Hit, found: StoredEntry) -> tuple[Span, str]:
    """What is looked at of an entry, with its text: all of it, or of a long one what is around the hit."""
    span = found.entry.span
    if span.end - span.start > _LONG:
        near = hit.passage.span
        span = Span(max(span.start, near.start - _AROUND), min(span.end, near.end + _AROUND))
    return span, store.text(found.document, span.start, span.end)


def citation_of(
    rank: int,
    hit: Hit,
    found: StoredEntry,
    twins: Iterable[StoredEntry],
    read: tuple[Span, str],
    wanted: Wanted,
    store: Store,
    today: date,
) -> Citation:
    """Cite an entry.

    Args:
        rank: from 1.
        hit: how the entry was found.
        found: the entry.
        twins: the entries of the same key, itself among them.
        read: what of the entry is looked at, with its text, see ``stretch_of``.
        wanted: what to choose the excerpt by.
        store: to be read within the snapshot that the entry was read in.
        today: the day on which it is cited.
    """
    entry = found.entry
    stretch, text = read
    excerpt = excerpt_of(text, stretch, wanted, MAX_CHARACTERS if rank <= _FIRST else LATER_CHARACTERS)
    begin = stretch.start
    quoted = text[excerpt.span.start - begin : excerpt.span.end - begin]
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
        excerpt=quoted,
        start=excerpt.span.start,
        end=excerpt.span.end,
        best=Span(excerpt.best.start - excerpt.span.start, excerpt.best.end - excerpt.span.start),
        entry_id=found.id,
        entry_start=entry.span.start,
        entry_end=entry.span.end,
        also_in=tuple(_occurrence(twin) for twin in twins if twin.id != found.id),
        score=hit.score,
        page=store.page_at(found.document, excerpt.span.start),
        published=found.published,
        first_seen=found.first_seen.date(),
        posted=entry.posted,
        closes=entry.closes,
        closed=entry.closes is not None and entry.closes < today,
        gone=found.gone.date() if found.gone else None,
        link=link_to(found.page, store.text(found.document, 0, excerpt.span.start), quoted)
        if found.page
        else None,
    )


def completed(citation: Citation, found: StoredEntry, names: Gazetteer, store: Store) -> Citation:
    """A citation with the day it was last seen, and the places of the entries that say the same.

    Args:
        citation: of the entry.
        found: the entry.
        names: of the corpus, as the asker sees it.
        store: to be read within the snapshot that the entry was read in.
    """
    others = sorted(store.entries_by_id(names.kin(found.id)).values(), key=lambda each: each.id)
    last_seen = names.versions.last_seen.get(found.id)
    if not others and last_seen is None:
        return citation
    places = [each.entry.place.text for each in others if each.entry.place]
    return replace(
        citation,
        last_seen=last_seen,
        locations=tuple(dict.fromkeys([citation.location, *places])) if citation.location and places else (),
        also_in=(*citation.also_in, *(_occurrence(each) for each in others)),
    )


def _occurrence(stored: StoredEntry) -> Occurrence:
    return Occurrence(stored.document, stored.entry.span.start, stored.entry.span.end)
