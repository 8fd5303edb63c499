"""The places that a job post's prose names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from corpus.gazetteer import geography
from corpus.gazetteer.cities import cities, may_be_city, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPITALISED = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,7}")
_GRAM = 4


def places_said(text: str) -> Iterator[str]:
    """The plain names of the world's areas and cities that a text names, and the codes of countries.

    A city stands in it by its own name alone: it is that name that is looked for.
    """
    areas, countries = _areas(), geography.countries()
    for name in _names(text):
        if name in areas or (may_be_city(name) and cities(name)):
            yield name
        if name in countries:
            yield countries[name][0]


def _names(text: str) -> set[str]:
    """The plain forms of capitalised words, and of up to four in a row."""
    found = set()
    for run in _CAPITALISED.findall(text):
        said = run.split()
        for start in range(len(said)):
            for stop in range(start + 1, min(len(said), start + _GRAM) + 1):
                found.add(" ".join(said[start:stop]).rstrip(".").lower())
    return {name if name.isascii() and name.isalnum() else plain(name) for name in found}


@cache
def _areas() -> frozenset[str]:
    """The plain forms of the names that areas are shown by."""
    shown = {area.name for area in geography.areas().values()}
    shown.update(name for _, name in geography.countries().values())
    shown.update(name for codes in geography.regions().values() for _, name in codes)
    return frozenset(map(plain, shown))
