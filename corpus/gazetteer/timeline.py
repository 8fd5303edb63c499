"""The timeline: the days of all entries as columns, see ``Dates`` for one entry's."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEW_YEARS = np.array([0, *(date(year, 1, 1).toordinal() for year in range(1, 10_000))], dtype=np.int32)


class Timeline:
    """The days of entries, arrays of the shape (entries,), in the order of the cards.

    Days are counted from the first of January of the year 1.
    """

    def __init__(self, rows: NDArray[np.void]) -> None:
        """Of cards, see ``cards.DTYPE``."""
        self._rows = rows

    @cached_property
    def own(self) -> NDArray[np.int32]:
        """The day that the page gives for an entry, else the one on which it was first seen."""
        rows = self._rows
        page = np.where(rows["from_the_first"], rows["published"], 0)
        days: NDArray[np.int32] = np.where(rows["posted"] > 0, rows["posted"], page)
        return np.where(days > 0, days, rows["seen"])

    @cached_property
    def by_sight(self) -> NDArray[np.bool_]:
        """Whether that is the day on which it was first seen."""
        rows = self._rows
        by_page: NDArray[np.bool_] = (rows["posted"] > 0) | ((rows["published"] > 0) & rows["from_the_first"])
        return ~by_page

    @cached_property
    def recent(self) -> NDArray[np.int32]:
        """What the latest is told by, before the first sight: the page's day, or its venue's year."""
        rows = self._rows
        of_venue = self.by_sight & (rows["year"] != 0) & rows["from_the_first"]
        return np.where(of_venue, _NEW_YEARS[np.clip(rows["year"], 1, 9999)], self.own)

    @cached_property
    def of_documents(self) -> NDArray[np.int32]:
        """The day of an entry's document: its own, or its venue's year, or its first sight."""
        rows = self._rows
        year = np.where(rows["year"] != 0, _NEW_YEARS[np.clip(rows["year"], 1, 9999)], rows["seen"])
        return np.where(rows["published"] > 0, rows["published"], year)

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """For each entry the place of the first of those that share its key, by their own days."""
        keys = self._rows["key"]
        order = np.lexsort((self.own, keys))
        begins = np.flatnonzero(np.r_[True, np.diff(keys[order].astype(np.int64)) != 0]) if len(order) else order
        runs = np.diff(np.r_[begins, len(order)])
        found = np.empty(len(order), np.int64)
        found[order] = np.repeat(order[begins], runs)
        return found
