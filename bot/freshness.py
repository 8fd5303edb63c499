"""Freshness: the days of a citation, and what is told of them in small print."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.clock import shown
from bot.fragments import link_to
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.answer import Citation
    from corpus.store import StoredEntry


def with_days(
    citation: Citation, found: StoredEntry, today: date, text: Callable[[str, int, int], str]
) -> Citation:
    """A citation with the days of its entry, and the address that opens its quote.

    Args:
        citation: of the entry.
        found: the entry.
        today: the day on which it is cited.
        text: a stretch of a document's stored text.
    """
    entry = found.entry
    return replace(
        citation,
        published=found.published,
        first_seen=found.first_seen.date(),
        posted=entry.posted,
        closes=entry.closes,
        closed=entry.closes is not None and entry.closes < today,
        gone=found.gone.date() if found.gone else None,
        link=link_to(found.page, text(found.document, 0, citation.start), citation.excerpt)
        if found.page
        else None,
    )


def told(citation: Citation) -> list[str]:
    """What the days of a citation tell who reads it, few words each; nothing where they tell nothing new."""
    days: list[str] = []
    if citation.posted:
        days.append(f"posted {shown(citation.posted)}")
    elif citation.published and not citation.year and citation.kind is not Kind.JOB:
        days.append(f"published {shown(citation.published)}")
    if citation.closes:
        days.append(f"{'closed on' if citation.closed else 'apply by'} {shown(citation.closes)}")
    if citation.gone:
        days.append(f"gone since {shown(citation.gone)}")
    elif citation.last_seen:
        days.append(f"last seen {shown(citation.last_seen)}")
    return days
