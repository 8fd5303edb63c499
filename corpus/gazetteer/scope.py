"""What is seen of the lists: by one scope, at one generation, with the entries that carry the names."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol

from pyroaring import FrozenBitMap

from corpus.english import is_everyday
from corpus.gazetteer.fuzzy import nearest
from corpus.gazetteer.mentions import NO_IDS
from corpus.gazetteer.postings import CAPPED, List
from corpus.gazetteer.tokens import ALSO_NAMES, STOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.postings import Lists
    from corpus.store import StoredEntry


_REMEMBERED = 8192
"""Keys whose entries are remembered, among them those of words that name nothing."""

_REMEMBERED_LISTS = 512
"""Beginnings of keys whose keys are remembered, with their entries: some hold thousands."""

_MOST = 20_000
"""Keys that are read at a time at most."""


class Entries(Protocol):
    """Where the entries lie: the store."""

    def entries_by_id(self, ids: Sequence[int]) -> Mapping[int, StoredEntry]:
        """Entries by their ids; those that are gone are left out."""
        ...

    def titles(self, ids: Sequence[int]) -> Mapping[int, str]:
        """Titles of entries by their ids; those that are gone are left out."""
        ...

    def ids_by_key(self, keys: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """For each key the ids of the entries that carry it, in order."""
        ...


def _itself(word: str) -> str:
    return word


class Ordinary(Container[str]):
    """Which words are ordinary ones: what the corpus writes in lower case mostly, and some that everybody does."""

    def __init__(self, lists: Lists, scope: int | None) -> None:
        self._lists = lists
        self._scope = scope
        self._known = lru_cache(_REMEMBERED)(self._is_ordinary)

    def __contains__(self, word: object) -> bool:
        return word in STOP or word in ALSO_NAMES or self._known(str(word))

    def _is_ordinary(self, word: str) -> bool:
        lower, capital = self._lists.ordinary(word, self._scope)
        return lower > 0 and 5 * lower >= capital


class Seen:
    """The lists as one scope sees them. Safe to share between threads.

    Args:
        lists: on the disk.
        entries: where the entries lie.
        visible: ids of the entries that are there, and seen.
        scope: the server that asks.
    """

    def __init__(self, lists: Lists, entries: Entries, visible: Ids, scope: int | None = None) -> None:
        self.visible = visible
        self._lists = lists
        self._entries = entries
        self._scope = scope
        self.ids = lru_cache(_REMEMBERED)(self._ids)
        self.keys_from = lru_cache(_REMEMBERED_LISTS)(self._keys_from)
        self.ordinary = Ordinary(lists, scope)
        self.near = lru_cache(_REMEMBERED)(self._near)
        self._words = lru_cache(_REMEMBERED)(lists.words)

    @property
    def damaged(self) -> bool:
        """Whether the lists were found to be damaged, or have been made anew since."""
        return self._lists.damaged

    def _ids(self, which: List, key: str) -> Ids:
        """The entries under a key of a list."""
        return self._lists.ids(which, key) & self.visible

    def _keys_from(self, which: List, start: str, most: int = _MOST) -> Sequence[tuple[str, Ids]]:
        """The keys that begin with ``start``, in order, without what they begin with, and their entries.

        So many at most of those that are seen.
        """
        found: list[tuple[str, Ids]] = []
        first = start
        for _ in range(0, max(_MOST, most), most):
            read = self._lists.between(which, first, f"{start}\U0010ffff", most)
            found += [(key[len(start) :], ids) for key, each in read if (ids := each & self.visible)]
            if len(read) < most or len(found) >= most:
                break
            first = f"{read[-1][0]}\0"  # the next key: names that are not seen take no seen one's place
        return tuple(found[:most])

    def many(self, which: List, key: str) -> bool:
        """Whether a capped list holds as much as it can under a key."""
        return len(self.ids(which, key)) >= CAPPED[which]

    def carriers(self, which: List, keys: Iterable[str]) -> Ids:
        """The entries under any of some keys."""
        return NO_IDS.union(*(self.ids(which, key) for key in keys))

    def shown(self, which: List, key: str) -> str:
        """How a key is written where it is shown."""
        return self._lists.shown(which, key, self._scope) or key

    def stored(self, ids: Sequence[int]) -> Mapping[int, StoredEntry]:
        """Entries by their ids; those that are gone are left out."""
        return self._entries.entries_by_id(ids)

    def titles(self, ids: Sequence[int]) -> Mapping[int, str]:
        """Titles of entries by their ids; those that are gone are left out."""
        return self._entries.titles(ids)

    def twins(self, ids: Sequence[int]) -> Ids:
        """Entries with those that have the same keys; few at a time."""
        same = self._entries.ids_by_key([stored.key for stored in self.stored(ids).values()])
        return NO_IDS.union(*map(FrozenBitMap, same.values())) & self.visible

    def _near(self, which: List, word: str, key_of: Callable[[str], str] = _itself) -> Sequence[tuple[str, float]]:
        """The known words of a list that are nearest to a misspelt one, see ``nearest``.

        Args:
            which: the list.
            word: folded, and not known.
            key_of: the key that a word stands under; a word under which no entry is seen is not known.
        """
        if is_everyday(word):  # it is spelt as it is meant
            return ()
        return nearest(word, partial(self._words, which), lambda hit: bool(self.ids(which, key_of(hit))))
