"""Judges whether a new version of a page has lost what made it worth following."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.english import count_kinds
from corpus.errors import ReadError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.model import Entry, Page

SHARE = 10
"""A version with a tenth or less of the earlier records or characters is a loss."""
_RECORDS = (Kind.PAPER, Kind.JOB)


class LossError(ReadError):
    """A new version of a page lacks nearly all of the earlier one, so the earlier one is kept."""


def loss(before: Page, after: Page | None) -> str | None:
    """Say what a version has lost: its records, or nine tenths of its text; None if it is in order.

    A login, a consent wall, a challenge, the shell of a script and a soft 404 all look so, in any language.
    ``after`` None stands for a version in which there is nothing to read.
    """
    had, has = _records(before.entries), _records(after.entries) if after else 0
    if had and has * SHARE <= had:
        counts = {kind: sum(entry.kind is kind for entry in before.entries) for kind in _RECORDS}
        left = f", but for {has:,}" if has else ""
        return f"the page has lost its {count_kinds(counts)}{left}"
    written, left_over = _characters(before.text), _characters(after.text) if after else 0
    if left_over * SHARE <= written:
        return f"the page has lost its text: {left_over:,} of {written:,} characters are left"
    return None


def _records(entries: Iterable[Entry]) -> int:
    return sum(entry.kind in _RECORDS for entry in entries)


def _characters(text: str) -> int:
    return sum(map(len, text.split()))
