"""Finds what is new, changed or gone since a day, document by document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from corpus.model import Kind
from corpus.store import Filter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from corpus.store import Store, StoredDocument, StoredEntry

Change = Literal["new", "changed", "gone"]

_TOLD = frozenset({Kind.PAPER, Kind.JOB})


@dataclass(frozen=True, slots=True)
class News:
    """A document that is new, changed or gone since a day, and its entries that are new to the corpus.

    Entries that another document had before, and entries of gone documents, are not new.
    """

    change: Change
    when: datetime
    document: StoredDocument
    entries: tuple[StoredEntry, ...]


def news(store: Store, since: date, kind: Kind | None, scope: int | None) -> list[News]:
    """Return what changed since a day (inclusive), latest first; ``kind`` None stands for papers and job posts."""
    kinds = frozenset({kind}) if kind else _TOLD
    with store.snapshot():
        entries = store.entries(Filter(scope, kinds, gone=True))
        found = [_of_document(each, since) for each in store.documents(scope, gone=True)]
    fresh: dict[str, list[StoredEntry]] = {}
    for entry in _first_of_each(entries):
        if entry.first_seen.date() >= since:
            fresh.setdefault(entry.document, []).append(entry)
    told = [
        News(change, when, document, () if change == "gone" else tuple(fresh.get(document.id, ())))
        for change, when, document in (each for each in found if each)
    ]
    return sorted(told, key=lambda each: (each.when, each.document.id), reverse=True)


def _of_document(document: StoredDocument, since: date) -> tuple[Change, datetime, StoredDocument] | None:
    if document.gone:
        return ("gone", document.gone, document) if document.gone.date() >= since else None
    if document.first_seen.date() >= since:
        return "new", document.first_seen, document
    return ("changed", document.ingested_at, document) if document.ingested_at.date() >= since else None


def _first_of_each(entries: Iterable[StoredEntry]) -> list[StoredEntry]:
    """Return the entry of each key that was seen first, in page order."""
    first: dict[str, StoredEntry] = {}
    for entry in entries:
        if entry.key not in first or entry.first_seen < first[entry.key].first_seen:
            first[entry.key] = entry
    return sorted(first.values(), key=lambda each: each.id)
