"""What is gathered of names: the lists that they stand in, and what entries bring to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from pyroaring import BitMap

if TYPE_CHECKING:
    from collections.abc import Iterable


class List(IntEnum):
    """The lists. Each holds, by key, ids of entries; what the keys are is told where they are gathered.

    The numbers stand in files: a new list gets a new one, and ``lists.FORMAT`` is raised.
    """

    KIND = 1
    FAMILY_NAME = 10
    FAMILY_OF = 11
    GIVEN_NAME = 12
    GIVEN_OF = 13
    SPELLING = 14
    TITLE = 20
    TITLE_STEM = 21
    TITLE_SAID = 22
    SHORT_NAME = 23
    ODD_WORD = 24
    HEADING = 30
    TOPIC = 31
    TOPIC_STEM = 32
    TOPIC_SAID = 33
    TOPIC_INITIALS = 34
    CAPITALS = 35
    VENUE = 40
    YEAR = 41
    YEAR_SAID = 42
    COUNTRY = 50
    REGION = 51
    CITY = 52
    CITY_IN = 53
    CITY_NAME = 54
    PLACE_SAID = 55
    CITY_AT = 56
    TEAM = 60
    TEAM_STEM = 63
    TEAM_OF = 64
    TEAM_WHOLE = 65
    TEAM_ACRONYM = 66
    ROLE = 61
    ROLE_PHRASE = 62
    ROLE_WORD = 67
    DIGEST = 72
    DIGEST_WORD = 70
    DIGEST_FOREIGN = 71
    CATALOGUE = 80
    CATALOGUE_WORD = 81
    KIN_POST = 90
    KIN_SENTENCE = 91


CAPPED: Final = {List.TITLE_SAID: 8, List.KIN_SENTENCE: 8}
"""Lists that keep so many entries a key and stretch of ids at most: more only tell that there are many."""


WORDS: Final = 32
"""Words of a name that it is found by: of an overlong one the first, lest it take a list by itself."""


class Gathered:
    """What some entries bring to the lists.

    Attributes:
        scope: the server whose entries are gathered at the moment, 0 for what all see.
    """

    def __init__(self) -> None:
        self.ids: dict[tuple[int, str], BitMap] = defaultdict(BitMap)
        self.shown: dict[tuple[int, str, int], str] = {}
        self.scope = 0
        self.words: dict[int, set[str]] = defaultdict(set)
        self.lower: Counter[tuple[int, str]] = Counter()
        self.capital: Counter[tuple[int, str]] = Counter()

    def add(self, which: List, key: str, entry: int) -> None:
        """Put an entry under a key of a list."""
        held = self.ids[which, key]
        if which not in CAPPED or len(held) < CAPPED[which]:
            held.add(entry)

    def show(self, which: List, key: str, shown: str) -> None:
        """Note how a key is written where it is shown; the first to come stays, of each scope."""
        self.shown.setdefault((which, key, self.scope), shown)

    def spell(self, which: List, words: Iterable[str]) -> None:
        """Note words that a misspelt one may be meant to be, see ``Seen.near``."""
        self.words[which].update(words)
