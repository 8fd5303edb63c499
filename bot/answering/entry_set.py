"""A selection: entries that facts have chosen, one of each family, in an order; read where they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self, overload

import numpy as np

from corpus.gazetteer import Ids
from corpus.gazetteer.cards import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corpus.gazetteer import Card, Cards
    from corpus.model import Kind


class Selection(Sequence["Card"]):
    """Entries as their cards, which are read where they are looked at.

    Attributes:
        cards: of all entries that the asker sees.
        ids: the entries.
    """

    def __init__(self, cards: Cards, ordered: NDArray[np.uint32]) -> None:
        """Hold entries, by their ids, in an order; ``of`` and ``by`` make selections."""
        self.cards = cards
        self._ordered = ordered

    @classmethod
    def of(cls, cards: Cards, entries: Ids) -> Self:
        """The first entries of each family, in the order of the pages."""
        return cls(cards, np.array(cards.distinct(entries).to_array(), dtype=np.uint32))

    def by(self, *columns: NDArray[np.int32] | NDArray[np.float64]) -> Self:
        """The same entries by columns over all cards, the first one first, the least first, else as they were."""
        places = self.cards.places(self._ordered)
        order = np.lexsort([column[places] for column in reversed(columns)])
        return type(self)(self.cards, self._ordered[order])

    def without_families_of(self, others: Selection) -> Self:
        """Those whose family the others do not have."""
        left = self.ids - self.cards.families(others.ids)
        return type(self)(self.cards, self._ordered[np.isin(self._ordered, left.to_array())])

    def within(self, entries: Ids) -> Self:
        """Those that are among some entries, or of whose key one is."""
        inside = self.cards.twins(entries & self.cards.ids)
        return type(self)(self.cards, self._ordered[np.isin(self._ordered, inside.to_array())])

    def followed_by(self, others: Selection) -> Self:
        """These, then the others."""
        return type(self)(self.cards, np.concatenate([self._ordered, others._ordered]))

    @cached_property
    def ids(self) -> Ids:
        """The entries."""
        return Ids(np.sort(self._ordered))

    @cached_property
    def rows(self) -> NDArray[np.void]:
        """Their cards as they lie in the file, in the selection's order."""
        rows: NDArray[np.void] = self.cards.rows[self.cards.places(self._ordered)]
        return rows

    @property
    def by_sight(self) -> NDArray[np.bool_]:
        """Whether what is known of an entry's day is when it was first seen, in the selection's order."""
        return self.cards.timeline.by_sight[self.cards.places(self._ordered)]

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many there are of each kind."""
        numbers = ((kind, self.ids.intersection_cardinality(self.cards.of_kind(kind))) for kind in KINDS)
        return {kind: number for kind, number in numbers if number}

    def places_of(self, entries: Iterable[int]) -> dict[int, int]:
        """For those of the entries whose key one of these has, that one's place in the order."""
        firsts: dict[int, int] = {}
        for entry in entries:
            if entry not in self.cards.repeated:
                if entry in self.ids:
                    firsts[entry] = entry
            elif twins := self.cards.twins(Ids([entry])) & self.ids:
                firsts[entry] = twins.min()
        sorter = np.argsort(self._ordered)
        places = (
            sorter[np.searchsorted(self._ordered, list(firsts.values()), sorter=sorter)] if firsts else sorter[:0]
        )
        return dict(zip(firsts, places.tolist(), strict=True))

    def __len__(self) -> int:
        return len(self._ordered)

    @overload
    def __getitem__(self, at: int) -> Card: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Card | Self:
        if isinstance(at, slice):
            return type(self)(self.cards, self._ordered[at])
        card = self.cards.get(int(self._ordered[at]))
        if card is None:
            raise AssertionError("a selection is of its cards")
        return card
