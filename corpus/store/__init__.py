"""The store: one SQLite file that holds everything; indexes are made from it."""

from __future__ import annotations

from corpus.store.records import (
    Filter,
    Identity,
    IndexedPassage,
    Known,
    StandingDocument,
    StoredDocument,
    StoredEntry,
    StoredPassage,
    StoredSentence,
)
from corpus.store.sources import StoredAddress, StoredSource
from corpus.store.store import Remembered, Store

__all__ = [
    "Filter",
    "Identity",
    "IndexedPassage",
    "Known",
    "Remembered",
    "StandingDocument",
    "Store",
    "StoredAddress",
    "StoredDocument",
    "StoredEntry",
    "StoredPassage",
    "StoredSentence",
    "StoredSource",
]
