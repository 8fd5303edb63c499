"""Where the job posts are: by country, region and city, by distance, and by what their prose names."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from corpus.cities import cities, cities_also_called, may_be_city, plain
from corpus.gazetteer import areas as geography
from corpus.gazetteer.areas import Area
from corpus.gazetteer.fuzzy import alike, chosen
from corpus.gazetteer.mentions import NO_IDS
from corpus.gazetteer.postings import List
from corpus.gazetteer.tokens import STOP
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.cities import City, Point
    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.model import Place
    from corpus.store import StoredEntry


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


_LONG = 7
"""Letters from which a city's further names may be misspelt too; short ones are near too many words."""

_REMEMBERED = 4096


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather where a job post is, and which places its prose names.

    A city stands under its plain name, and one of several words under the first and a space, too; with its point
    behind it; under what the tables of the world call it; and under the degree that it lies in. A post that names
    but a country or a region may be anywhere in it.
    """
    if stored.entry.kind is not Kind.JOB:
        return
    job, place = stored.entry.job, stored.entry.place
    for each in (job.places if job else ()) or ((place,) if place else ()):
        _gather_place(each, stored.id, into)
    for code in job.remote_in if job else ():
        into.add(List.COUNTRY, code, stored.id)
    for name in places_said(text):
        into.add(List.PLACE_SAID, name, stored.id)


def _gather_place(place: Place, entry: int, into: Gathered) -> None:
    if place.country:
        into.add(List.COUNTRY, place.country, entry)
        code: str | None = f"{place.country}-{place.region}" if place.region else None
        while code:
            into.add(List.REGION, code, entry)
            code = geography.parents().get(code)
        if not place.city:
            whole = f"{place.country}-{place.region}" if place.region else place.country
            into.add(List.WHOLE_AREA, whole, entry)
    if not place.city or not (city := plain(place.city)):
        return
    into.add(List.CITY, city, entry)
    into.show(List.CITY, city, place.city)
    first, several, _ = city.partition(" ")
    if several:
        into.add(List.CITY, f"{first} ", entry)
    known, names = _city(place.city, place.country, place.region)
    into.spell(List.CITY, [city, *names])
    if known:
        (latitude, longitude), square = known.point, geography.square(known.point)
        into.add(List.CITY_IN, f"{city}\t{latitude}\t{longitude}", entry)
        into.add(List.CITY_AT, f"{square}\t{latitude}\t{longitude}", entry)
        if not _is_beside(city, known):
            into.add(List.CITY_NAME, f"{_own_key(known)}{city}", entry)


@lru_cache(_REMEMBERED)
def _city(name: str, country: str | None, region: str | None) -> tuple[City | None, tuple[str, ...]]:
    """A city of a page, as far as it is known, and its long names."""
    known = geography.city_of(name, country, region)
    if known is None or _is_beside(plain(name), known):
        return known, ()
    own = plain(known.name)
    also = (each for each in map(plain, known.also) if not cities(each))
    return known, tuple(each for each in (own, *also) if len(each) >= _LONG)


def _is_beside(city: str, known: City) -> bool:
    """Whether a city, "North X", goes by X's coordinates, and so not by its names."""
    return city.endswith(f" {plain(known.name)}")


def _own_key(city: City) -> str:
    return f"{plain(city.name)}\t{city.country}\t{city.region}\t"


class JobPlaces:
    """The places of the corpus's job posts."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self.within = lru_cache(_REMEMBERED)(self._within)
        self.city = lru_cache(_REMEMBERED)(self._city)

    def in_country(self, code: str) -> Ids:
        """The job posts of a country."""
        return self._seen.ids(List.COUNTRY, code)

    def in_city(self, city: str) -> Ids:
        """The job posts of a city, given by the plain form of its name."""
        return self._seen.ids(List.CITY, city)

    def shown(self, city: str) -> str:
        """A city's name as the posts have it."""
        return self._seen.shown(List.CITY, city)

    def points(self, city: str) -> tuple[Point, ...]:
        """Where the cities of a name lie."""
        return tuple(_point(key) for key, _ in self._seen.keys_from(List.CITY_IN, f"{city}\t"))

    def near(self, name: str) -> Sequence[tuple[str, float]]:
        """The names of cities nearest to a misspelt one, with their exactness."""
        return self._seen.near(List.CITY, name, self._key)

    def named(self, name: str, area: Area | None, city: str | None) -> Ids:
        """The job posts whose prose names a place, or a country in it."""
        keys = [plain(name), *([city] if city else ()), *(area.countries if area else ())]
        said = self._seen.carriers(List.PLACE_SAID, keys)
        return said if city else said - self.in_city(plain(name))  # "Washington, DC" is not the state

    def in_any(self, name: str) -> Ids:
        """The job posts of a city by any of its names: "Munich" is "München", too."""
        return self._seen.carriers(List.CITY, self._keys_of(name))

    def anywhere_in(self, found: Ids, area: Area | None) -> Ids:
        """The job posts that name but a country or region around a place, and so may be in it.

        Args:
            found: posts that are in the place.
            area: the place, where it is no city.
        """
        if area and area.countries:
            return NO_IDS
        codes: set[str] = set(area.regions) if area else set()
        countries = {code[:2] for code in codes}
        if not area:
            wholes = self._seen.keys_from(List.WHOLE_AREA, "")
            around = (
                (code, self.in_country(code) if len(code) == 2 else self._seen.ids(List.REGION, code))
                for code, _ in wholes
            )
            countries = {code for code, ids in around if ids.intersect(found)}
        return self._seen.carriers(List.WHOLE_AREA, countries) - found

    def _within(self, area: Area) -> Ids:
        """The job posts whose place lies in an area."""
        found = [self._seen.carriers(List.COUNTRY, area.countries), self._seen.carriers(List.REGION, area.regions)]
        if area.centre:
            for square in geography.squares(area.centre, area.radius):
                for key, ids in self._seen.keys_from(List.CITY_AT, f"{square}\t"):
                    if geography.distance(area.centre, _point(key)) <= area.radius:
                        found.append(ids)
        return NO_IDS.union(*found)

    def _city(self, name: str) -> str | None:
        """The plain form of the city that a plain name stands for, one that its page or the tables call it."""
        first, several, _ = name.partition(" ")
        if (not several or self._seen.ids(List.CITY, f"{first} ")) and self._seen.ids(List.CITY, name):
            return name
        if name in STOP or not may_be_city(name):  # "THE" is an airport's code, and so Teresina's name
            return None
        found = self._named_otherwise(name)
        return min(found, key=lambda pair: pair[1].min())[0] if found else None

    def _named_otherwise(self, name: str) -> list[tuple[str, Ids]]:
        """The names by which pages call the cities of a plain name, with their posts."""
        known = {_own_key(city) for city in cities(name) or cities_also_called(name)}
        return [pair for key in sorted(known) for pair in self._seen.keys_from(List.CITY_NAME, key)]

    def _keys_of(self, name: str) -> set[str]:
        return {name, *(key for key, _ in self._named_otherwise(name))} if may_be_city(name) else {name}

    def _key(self, name: str) -> str:
        return self.city(name) or ""


def _point(key: str) -> Point:
    latitude, _, longitude = key.partition("\t")
    return float(latitude), float(longitude)


def region_area(country: str, code: str) -> Area | None:
    """The region of a code, None where the country has none."""
    return _by_code().get(f"{country}-{code}")


@cache
def _by_code() -> dict[str, Area]:
    return {
        code: Area(shown, regions=frozenset({code}))
        for codes in geography.regions().values()
        for code, shown in codes
    }


_ALWAYS = frozenset({"US", "CA"})
"""Countries whose regions are meant though no post lies in them."""


class Areas:
    """The world's countries, regions and further areas, beside the corpus's job posts."""

    def __init__(self, jobs: JobPlaces) -> None:
        self._jobs = jobs

    def of(self, name: str) -> list[Area]:
        """The areas of a plain name; of regions only those of countries that have posts."""
        return [area for area in _named(name) if not area.regions or self._nearby(area)]

    def near(self, name: str) -> Sequence[tuple[str, float]]:
        """The names nearest to a misspelt one, of areas that have posts, with their exactness."""
        return chosen(name, _alike(name), self._has_posts)

    def _nearby(self, area: Area) -> bool:
        countries = {code[:2] for code in area.regions}
        return not countries.isdisjoint(_ALWAYS) or any(self._jobs.in_country(code) for code in countries)

    def _has_posts(self, name: str) -> bool:
        return any(self._jobs.within(area) for area in self.of(name))


def _named(name: str) -> Iterator[Area]:
    """The areas of a name; those of the world's five thousand regions are made where they are asked for."""
    yield from _by_name().get(name, ())
    for code, shown in geography.regions().get(name, ()):
        yield Area(shown, regions=frozenset({code}))


@cache
def _by_name() -> Mapping[str, Sequence[Area]]:
    found: dict[str, list[Area]] = defaultdict(list)
    for name, area in geography.areas().items():
        found[name].append(area)
    for name, (code, shown) in geography.countries().items():
        found[name].append(Area(shown, frozenset({code})))
    return dict(found)


@lru_cache(_REMEMBERED)
def _alike(name: str) -> Sequence[tuple[str, int]]:
    return alike(name, lambda length, start: _spelt().get((length, start), ()))


@cache
def _spelt() -> Mapping[tuple[int, str], Sequence[str]]:
    """The names by their length and their first letter, and by their length and the first two."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in filter(None, dict.fromkeys((*_by_name(), *geography.regions()))):
        for start in {name[:1], name[:2]}:
            found[len(name), start].append(name)
    return dict(found)
