"""Families: the numbers by which an entry's twins and kin are known, given out as entries come in."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import List
from corpus.kin import LEAST_SENTENCES, SHARED, post_print, sentence_prints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from corpus.gazetteer.gathered import Gathered
    from corpus.store import StoredEntry

    Carriers = Callable[[List, str], Iterable[int]]


class Families:
    """Gives out numbers.

    Args:
        rows: the cards that there are, of ``cards.DTYPE``, sorted by id.
        carriers: the entries on the disk under a key of a list.
    """

    def __init__(self, rows: NDArray[np.void], carriers: Carriers) -> None:
        self._rows = rows
        self._carriers = carriers
        self._new: dict[int, tuple[int, int, int]] = {}

    def numbers(
        self, stored: StoredEntry, text: str, same_key: Sequence[int], into: Gathered
    ) -> tuple[int, int, int]:
        """The numbers of an entry's key and family, and how many of its sentences are compared.

        Args:
            stored: the entry.
            text: what it says.
            same_key: entries that carry its key, it among them.
            into: what has been gathered and is not on the disk yet; the entry's prints are put there.
        """
        prints = sentence_prints(stored, text)
        twin = next((found for i in same_key if i != stored.id and (found := self._known(i))), None)
        if twin:
            key, family, _ = twin
        else:
            key = stored.id
            kin = self._kin(stored, text, prints, into)
            family = kin if kin is not None else stored.id
        if said := post_print(stored, text):
            into.add(List.KIN_POST, said, stored.id)
        for each in prints:
            into.add(List.KIN_SENTENCE, each, stored.id)
        self._new[stored.id] = (key, family, len(prints))
        return self._new[stored.id]

    def _kin(self, stored: StoredEntry, text: str, prints: Iterable[str], into: Gathered) -> int | None:
        if said := post_print(stored, text):
            for other in self._under(List.KIN_POST, said, into):
                if known := self._known(other):
                    return known[1]
        prints = list(prints)
        if len(prints) < LEAST_SENTENCES:
            return None
        shared = Counter(other for each in prints for other in self._under(List.KIN_SENTENCE, each, into))
        for other, number in sorted(shared.items()):
            known = self._known(other)
            if known and number >= max(LEAST_SENTENCES, SHARED * max(len(prints), known[2])):
                return known[1]
        return None

    def _under(self, which: List, key: str, into: Gathered) -> list[int]:
        return sorted({*self._carriers(which, key), *into.ids.get((which, key), ())})

    def _known(self, entry: int) -> tuple[int, int, int] | None:
        if found := self._new.get(entry):
            return found
        ids = self._rows["id"]
        place = bisect_left(ids, entry)  # numpy's would copy all of them into one place first
        if place == len(ids) or ids[place] != entry:
            return None
        row = self._rows[place]
        return int(row["key"]), int(row["family"]), int(row["sentences"])
