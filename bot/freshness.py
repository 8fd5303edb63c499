"""Freshness: what is told of the days of a citation in small print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import shown
from corpus.model import Kind

if TYPE_CHECKING:
    from bot.answer import Citation


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
