"""Spells counts and lists in English: "1 paper", "1,200 job posts", "a, b and 3 more"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


NOUNS: Final = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "article", Kind.FIGURE: "figure"}


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Spell a count: "1 paper", "1,200 papers"; ``plural`` is for nouns that take more than an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def count_kinds(counts: Mapping[Kind, int]) -> str:
    """Spell counts of entries: "18 papers, 10 job posts"; empty if all are 0."""
    return ", ".join(counted(counts[kind], noun) for kind, noun in NOUNS.items() if counts.get(kind))


def shortened(names: Sequence[str], most: int) -> str:
    """List the first names and count the others: "a, b and 3 more"."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"
