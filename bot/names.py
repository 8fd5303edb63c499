"""The names of the corpus as each server sees them, gathered anew when the corpus has changed."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corpus.errors import NotFoundError
from corpus.gazetteer import Gazetteer
from corpus.store import Filter
from corpus.versions import Versions

if TYPE_CHECKING:
    from corpus.store import Store, StoredEntry

_SCOPES = 16
"""Servers whose names are kept in memory at a time."""

_PATIENCE = 1.0
"""Seconds that a question waits for the names of a changed corpus; then it is read by those of before.

Gathering takes a third of a millisecond for each entry: only with some thousand of them is anything ever behind,
and then for as many seconds.
"""


@dataclass(slots=True)
class _Gathering:
    """Names that are being gathered, or could not be."""

    generation: int
    done: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None


class Names:
    """The gazetteers of one store. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._held: OrderedDict[Filter, tuple[int, Gazetteer]] = OrderedDict()
        self._gathering: dict[Filter, _Gathering] = {}

    def of(self, scope: int | None, *, gone: bool = False, as_they_are: bool = False) -> Gazetteer:
        """The names that a scope sees: as they are now, or in a large corpus as they were a moment ago.

        Args:
            scope: the server that asks.
            gone: also those that only stand in documents that their source no longer has.
            as_they_are: wait for those of now, however large the corpus is.

        Raises:
            DigestbotError: the store cannot be read.
        """
        seen = Filter(scope, gone=gone)
        generation = self._store.generation
        while True:
            with self._lock:
                held = self._held.get(seen)
                if held and held[0] >= generation:
                    self._held.move_to_end(seen)
                    return held[1]
                gathering = self._gathering.get(seen)
                if gathering is None:
                    gathering = self._gathering[seen] = _Gathering(generation)
                    threading.Thread(
                        target=self._gather, args=(seen, gathering), name="names", daemon=True
                    ).start()
            if not gathering.done.wait(_PATIENCE if held and not as_they_are else None) and held:
                return held[1]
            if gathering.error:
                raise gathering.error

    def _gather(self, seen: Filter, gathering: _Gathering) -> None:
        try:
            found = self._gathered(seen)
        except Exception as error:  # noqa: BLE001 - who waits is told, a thread has nobody to tell
            gathering.error = error
        with self._lock:
            del self._gathering[seen]
            if gathering.error is None:
                self._held[seen] = (gathering.generation, found)
                self._held.move_to_end(seen)
                while len(self._held) > _SCOPES:
                    self._held.popitem(last=False)
        _settle()
        gathering.done.set()

    def _gathered(self, seen: Filter) -> Gazetteer:
        """Read document by document, so that nobody who asks in the meantime waits for more than one."""
        entries: list[StoredEntry] = []
        texts: dict[int, str] = {}
        documents = self._store.documents(seen.scope, gone=seen.gone)
        for document in documents:
            try:
                whole = self._store.text(document.id)
            except NotFoundError:  # removed a moment ago
                continue
            for each in self._store.entries(replace(seen, documents=frozenset({document.id}))):
                entries.append(each)
                texts[each.id] = whole[each.entry.span.start : each.entry.span.end]
        return Gazetteer.build(entries, lambda entry: texts[entry.id], Versions.of(documents, entries))


def _settle() -> None:
    """Keep Python's garbage collector from looking through all names again and again, in the middle of questions.

    With thousands of entries that takes a tenth of a second each time. What was set aside before is looked through
    once more here, so that nothing is kept for good.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
