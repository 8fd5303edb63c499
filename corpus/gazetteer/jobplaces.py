"""Where the job posts are: by country, region and city, by distance, and by what their prose names."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from corpus.gazetteer import geography
from corpus.gazetteer.cities import cities, plain
from corpus.gazetteer.geography import Area
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus.gazetteer.cities import City, Point
    from corpus.store import StoredEntry

_CAPITALISED = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,7}")
_GRAM = 4


class JobPlaces:
    """The places of the corpus's job posts."""

    def __init__(self, entries: Iterable[StoredEntry], texts: Mapping[int, str]) -> None:
        self._countries: dict[str, set[int]] = defaultdict(set)
        self._regions: dict[str, set[int]] = defaultdict(set)
        self._cities: dict[str, set[int]] = defaultdict(set)
        self._known: dict[str, dict[tuple[str | None, str | None], City]] = defaultdict(dict)
        self._shown: dict[str, str] = {}
        self._said: dict[str, set[int]] = defaultdict(set)
        for stored in entries:
            if stored.entry.kind is Kind.JOB:
                self._place(stored)
                for name in _names(texts[stored.id]):
                    self._said[name].add(stored.id)
        self.countries = frozenset(self._countries)
        self.cities = self._city_names()
        self._named_countries = self._countries_named()

    def within(self, area: Area) -> frozenset[int]:
        """The job posts whose place lies in an area."""
        found: set[int] = set()
        for code in area.countries:
            found |= self._countries.get(code, set())
        for code in area.regions:
            found |= self._regions.get(code, set())
        if area.centre:
            for city, known in self._known.items():
                if any(geography.distance(area.centre, each.point) <= area.radius for each in known.values()):
                    found |= self._cities[city]
        return frozenset(found)

    def in_city(self, city: str) -> frozenset[int]:
        """The job posts of a city, given by the plain form of its name."""
        return frozenset(self._cities.get(city, ()))

    def shown(self, city: str) -> str:
        """A city's name as the posts have it."""
        return self._shown[city]

    def points(self, city: str) -> tuple[Point, ...]:
        """Where the cities of a name lie."""
        return tuple(each.point for each in self._known.get(city, {}).values())

    def region_area(self, country: str, code: str) -> Area | None:
        """The region of a code, None where the country has none."""
        return _by_code().get(f"{country}-{code}")

    def named(self, name: str, area: Area | None, city: str | None) -> frozenset[int]:
        """The job posts whose prose names a place, or a country in it."""
        found = set(self._said.get(plain(name), ()))
        if city:
            found |= self._said.get(city, set())
        for code in area.countries if area else ():
            found |= self._named_countries.get(code, set())
        return frozenset(found)

    def _place(self, stored: StoredEntry) -> None:
        place = stored.entry.place
        if place is None:
            return
        if place.country:
            self._countries[place.country].add(stored.id)
            code: str | None = f"{place.country}-{place.region}" if place.region else None
            while code:
                self._regions[code].add(stored.id)
                code = geography.parents().get(code)
        if place.city and (city := plain(place.city)):
            self._cities[city].add(stored.id)
            self._shown.setdefault(city, place.city)
            lies_in = (place.country, place.region)
            if lies_in not in self._known[city]:
                known = geography.city_of(place.city, *lies_in)
                if known:
                    self._known[city][lies_in] = known

    def _city_names(self) -> dict[str, str]:
        """By each name of a city, its page's and those that the tables know, the plain form of its page's."""
        names = {city: city for city in self._cities}
        for city, known in self._known.items():
            for each in known.values():
                own = plain(each.name)
                if not city.endswith(f" {own}"):  # "North X" goes by X's coordinates, not by its names
                    for name in (own, *map(plain, each.also)):
                        if name == own or not cities(name):
                            names.setdefault(name, city)
        return names

    def _countries_named(self) -> dict[str, set[int]]:
        """By country the job posts whose prose names it."""
        found: dict[str, set[int]] = defaultdict(set)
        for name, (code, _) in geography.countries().items():
            found[code] |= self._said.get(name, set())
        return found


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
def _by_code() -> dict[str, Area]:
    return {
        code: Area(shown, regions=frozenset({code}))
        for codes in geography.regions().values()
        for code, shown in codes
    }
