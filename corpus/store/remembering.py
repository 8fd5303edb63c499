"""Remembering: rows that are read again and again, for as long as nothing is written."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

Key = TypeVar("Key", bound="Hashable")
Row = TypeVar("Row")


class Remembered(Generic[Key, Row]):
    """The rows of one generation by their keys, of late and so many at most. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: OrderedDict[Key, Row] = OrderedDict()
        self._generation = -1
        self._lock = threading.Lock()

    def get(
        self, generation: int, ids: Sequence[Key], read: Callable[[list[Key]], Mapping[Key, Row]]
    ) -> dict[Key, Row]:
        """The rows of these ids, read where they are not known; those that are not there are left out.

        Args:
            generation: of the store as it is now; rows of an earlier one are forgotten.
            ids: in any order.
            read: reads rows by their ids.
        """
        with self._lock:
            if generation > self._generation:
                self._rows.clear()
                self._generation = generation
            rows = self._rows
            found = {i: rows[i] for i in ids if i in rows} if generation == self._generation else {}
            if len(rows) > self._most // 2:  # before that nothing will be dropped soon
                for i in found:
                    rows.move_to_end(i)
        missing = [i for i in dict.fromkeys(ids) if i not in found]
        if missing:
            new = read(missing)
            found.update(new)
            with self._lock:
                if generation == self._generation:
                    self._rows.update(new)
                    while len(self._rows) > self._most:
                        self._rows.popitem(last=False)
        return found
