"""The names of the corpus as each server sees them, gathered anew when the corpus has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.errors import NotFoundError
from corpus.gazetteer import Gazetteer
from corpus.store import Filter

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
        self._held: OrderedDict[int | None, tuple[int, Gazetteer]] = OrderedDict()
        self._gathering: dict[int | None, _Gathering] = {}

    def of(self, scope: int | None) -> Gazetteer:
        """The names that a scope sees: as they are now, or in a large corpus as they were a moment ago.

        Raises:
            DigestbotError: the store cannot be read.
        """
        generation = self._store.generation
        while True:
            with self._lock:
                held = self._held.get(scope)
                if held and held[0] >= generation:
                    self._held.move_to_end(scope)
                    return held[1]
                gathering = self._gathering.get(scope)
                if gathering is None:
                    gathering = self._gathering[scope] = _Gathering(generation)
                    threading.Thread(
                        target=self._gather, args=(scope, gathering), name="names", daemon=True
                    ).start()
            if not gathering.done.wait(_PATIENCE if held else None) and held:
                return held[1]
            if gathering.error:
                raise gathering.error

    def _gather(self, scope: int | None, gathering: _Gathering) -> None:
        try:
            found = self._gathered(scope)
        except Exception as error:  # noqa: BLE001 - who waits is told, a thread has nobody to tell
            gathering.error = error
        with self._lock:
            del self._gathering[scope]
            if gathering.error is None:
                self._held[scope] = (gathering.generation, found)
                self._held.move_to_end(scope)
                while len(self._held) > _SCOPES:
                    self._held.popitem(last=False)
        gathering.done.set()

    def _gathered(self, scope: int | None) -> Gazetteer:
        """Read document by document, so that nobody who asks in the meantime waits for more than one."""
        entries: list[StoredEntry] = []
        texts: dict[int, str] = {}
        for document in self._store.documents(scope):
            try:
                whole = self._store.text(document.id)
            except NotFoundError:  # removed a moment ago
                continue
            for each in self._store.entries(Filter(scope, documents=frozenset({document.id}))):
                entries.append(each)
                texts[each.id] = whole[each.entry.span.start : each.entry.span.end]
        return Gazetteer.build(entries, lambda entry: texts[entry.id])
