"""The names of the corpus as each server sees them, brought forward when the corpus has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.store import Filter

if TYPE_CHECKING:
    from corpus.gazetteer import Gazetteer
    from embeddings.collection import Library


_SCOPES = 16
_CARDS = 4_000_000
"""Servers, and cards of entries, some 40 bytes each, whose names are kept in memory at a time."""

_PATIENCE = 1.0
"""Seconds that a question waits for the names of a changed corpus; then it is read by those of before.

A document's names take some hundredths of a second: only where very many have come in is anything ever behind.
"""


@dataclass(slots=True)
class _Gathering:
    """Names that are being gathered, or could not be."""

    generation: int
    done: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    error: Exception | None = None


class Names:
    """The gazetteers of one library. Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
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
        generation = self._library.store.generation
        while True:
            with self._lock:
                held = self._held.get(seen)
                if held and held[0] >= generation and not held[1].seen.damaged:
                    self._held.move_to_end(seen)
                    return held[1]
                gathering = self._gathering.get(seen)
                if gathering is None:
                    gathering = self._gathering[seen] = _Gathering(generation)
                    gathering.thread = threading.Thread(
                        target=self._gather, args=(seen, gathering), name="names", daemon=True
                    )
                    gathering.thread.start()
            if not gathering.done.wait(_PATIENCE if held and not as_they_are else None) and held:
                return held[1]
            if gathering.error:
                raise gathering.error

    def wait(self) -> None:
        """Wait for the threads that gather; they end soon where the library has been closed.

        One that is left to the end of the process may take the process down with it.
        """
        with self._lock:
            threads = [gathering.thread for gathering in self._gathering.values() if gathering.thread]
        for thread in threads:
            thread.join()

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
                while len(self._held) > _SCOPES or (len(self._held) > 1 and self._cards() > _CARDS):
                    self._held.popitem(last=False)
        gathering.done.set()

    def _cards(self) -> int:
        return sum(len(gazetteer.cards) for _, gazetteer in self._held.values())

    def _gathered(self, seen: Filter) -> Gazetteer:
        self._library.names.refresh()
        return self._library.names.gazetteer(seen.scope, gone=seen.gone)
