"""Groups: entries that share a number, such as that of their key or their family."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pyroaring import FrozenBitMap

from corpus.gazetteer.model import ids_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.gazetteer.model import Ids

_FEW = 256
"""Numbers that are looked up one by one; more are compared all at once."""


class Groups:
    """Entries by a number that some of them share. Safe to share between threads: it does not change.

    Args:
        ids: of all entries, in order.
        numbers: theirs.
    """

    def __init__(self, ids: NDArray[np.uint32], numbers: NDArray[np.uint32]) -> None:
        self._all = ids, numbers

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The entries that share their number with another one, by number and id; their ids and their numbers."""
        ids, numbers = self._all
        order = np.argsort(numbers, kind="stable")
        ids, numbers = ids[order], numbers[order]
        same = numbers[1:] == numbers[:-1]
        shared = np.r_[False, same] | np.r_[same, False] if len(ids) else np.zeros(0, bool)
        return ids[shared], numbers[shared]

    @cached_property
    def shared(self) -> Ids:
        """The entries whose number others have, too."""
        return ids_of(self._sorted[0])

    def sharing(self, numbers: NDArray[np.uint32]) -> Ids:
        """The entries of some numbers, those left out that are alone with theirs."""
        ids, known = self._sorted
        wanted = np.unique(numbers)
        if len(wanted) > _FEW:
            return ids_of(ids[np.isin(known, wanted)])
        begins, ends = np.searchsorted(known, wanted), np.searchsorted(known, wanted, side="right")
        return FrozenBitMap(i for begin, end in zip(begins, ends, strict=True) for i in ids[begin:end].tolist())
