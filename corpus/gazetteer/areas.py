"""The tables of the world: countries, regions, and the areas that people speak of."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from math import asin, cos, floor, radians, sin, sqrt
from typing import TYPE_CHECKING

from corpus.cities import cities, cities_also_called, continents, plain
from corpus.countries import subdivisions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.cities import City, Point


_EARTH_KM = 6371.0
_DEGREE_KM = _EARTH_KM * radians(1)
_BRACKETED = re.compile(r"\[([^\]]*)\]|\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Area:
    """Countries, regions of countries (ISO 3166-2) or a circle (km) that a name stands for."""

    name: str
    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    centre: Point | None = None
    radius: float = 0.0


def distance(one: Point, other: Point) -> float:
    """Kilometres between two points given as latitude and longitude, by the haversine formula."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


def square(point: Point) -> str:
    """The square of a degree that a point lies in."""
    return f"{floor(point[0])},{floor(point[1])}"


def squares(centre: Point, radius: float) -> Iterator[str]:
    """All squares that a circle (km) touches, and some beside it."""
    high = radius / _DEGREE_KM
    wide = high / max(high / 180, cos(radians(min(90.0, abs(centre[0]) + high))))
    for latitude in range(floor(centre[0] - high), floor(centre[0] + high) + 1):
        longitudes = range(floor(centre[1] - wide), floor(centre[1] + wide) + 1)
        for longitude in {(each + 180) % 360 - 180 for each in longitudes}:
            yield f"{latitude},{longitude}"


def city_of(name: str, country: str | None, region: str | None) -> City | None:
    """The city of a place line, found by its name or another name of it; "North X" by X where need be."""
    known = plain(name)
    here = [city for city in cities(known) if country in {None, city.country}]
    if country == "US" and region:
        here = [city for city in here if city.region == region]
    if not here:
        here = [city for city in cities_also_called(known) if country in {None, city.country}]
        here = [city for city in here if country != "US" or region in {None, city.region}]
    compass, _, rest = known.partition(" ")
    if not here and rest and compass in {"north", "south", "east", "west"}:
        return city_of(rest, country, region)
    return here[0] if here else None


@cache
def countries() -> dict[str, tuple[str, str]]:
    """By the plain form of a country's name its alpha-2 code and the name to be shown."""
    import pycountry

    found: dict[str, tuple[str, str]] = {}
    shown_names: dict[str, str] = {}
    for country in pycountry.countries:
        shown = getattr(country, "common_name", country.name).partition(",")[0]
        shown_names[country.alpha_2] = shown
        for name in (country.name, shown, getattr(country, "official_name", shown)):
            found[plain(name)] = (country.alpha_2, shown)
    for code, names in _COUNTRY_NAMES.items():
        shown = shown_names[code]
        found.update((name, (code, shown)) for name in names)
    return found


@cache
def regions() -> dict[str, tuple[tuple[str, str], ...]]:
    """By the plain form of a region's name its ISO 3166-2 codes, each with the name to be shown."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for region in subdivisions():
        inner = [part for both in _BRACKETED.findall(region["name"]) for part in both if part]
        shown = _BRACKETED.sub("", region["name"]).strip()
        for name in {plain(part) for part in (shown, *inner)}:
            found[name].append((region["code"], shown))
    for name, (code, shown) in _REGION_NAMES.items():
        found[name].append((code, shown))
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def parents() -> dict[str, str]:
    """By ISO 3166-2 code the code of the larger region that a region lies in."""
    found = {}
    for region in subdivisions():
        if parent := region.get("parent"):
            country = region["code"].partition("-")[0]
            found[region["code"]] = parent if "-" in parent else f"{country}-{parent}"
    return found


@cache
def areas() -> dict[str, Area]:
    """By the plain form of their names: continents, groups of countries or states, metropolitan areas."""
    continent = continents()
    middle_east = set(_GROUPS["Middle East"][1].split())
    whole = {
        "Europe": continent["EU"], "Asia": continent["AS"], "Africa": continent["AF"],
        "Oceania": continent["OC"], "North America": continent["NA"], "South America": continent["SA"],
        "EMEA": continent["EU"] | continent["AF"] | middle_east,
        "APAC": (continent["AS"] | continent["OC"]) - middle_east,
        "Latin America": continent["SA"] | (continent["NA"] - {"US", "CA", "GL", "BM", "PM"}),
    }  # fmt: skip
    found = {plain(name): Area(name, frozenset(codes)) for name, codes in whole.items()}
    found |= {"asia pacific": found["apac"], "latam": found["latin america"]}
    for name, (names, codes) in _GROUPS.items():
        area = Area(name, frozenset(codes.split()))
        found.update((known, area) for known in names.split("|"))
    for name, (names, codes) in _STATES.items():
        area = Area(name, regions=frozenset(f"US-{code}" for code in codes.split()))
        found.update((known, area) for known in names.split("|"))
    for name, (names, point, radius) in _AROUND.items():
        area = Area(name, centre=point, radius=radius)
        found.update((known, area) for known in names.split("|"))
    return found


_COUNTRY_NAMES = {
    "US": ("us", "usa", "u s", "u s a", "united states", "america", "the states", "united states of america"),
    "GB": ("uk", "u k", "britain", "great britain", "england", "scotland", "wales", "northern ireland"),
    "AE": ("uae", "emirates"), "NL": ("holland", "the netherlands"), "CZ": ("czech republic",),
    "KR": ("south korea", "korea"), "TR": ("turkey",), "RU": ("russia",), "VN": ("vietnam",),
    "CI": ("ivory coast",),
    "DE": ("deutschland",), "ES": ("espana",), "IT": ("italia",), "BR": ("brasil",), "MK": ("macedonia",),
}  # fmt: skip
_REGION_NAMES = {
    "catalonia": ("ES-CT", "Catalonia"), "basque country": ("ES-PV", "Basque Country"),
    "andalusia": ("ES-AN", "Andalusia"), "bavaria": ("DE-BY", "Bavaria"), "saxony": ("DE-SN", "Saxony"),
    "hesse": ("DE-HE", "Hesse"), "lombardy": ("IT-25", "Lombardy"), "piedmont": ("IT-21", "Piedmont"),
    "tuscany": ("IT-52", "Tuscany"), "sicily": ("IT-82", "Sicily"), "brittany": ("FR-BRE", "Brittany"),
    "quebec": ("CA-QC", "Quebec"), "washington state": ("US-WA", "Washington"),
    "new york state": ("US-NY", "New York"), "cali": ("US-CA", "California"), "mass": ("US-MA", "Massachusetts"),
}  # fmt: skip
"""English and everyday names that ISO 3166-2 lacks."""
_GROUPS = {
    "European Union": (
        "eu|european union",
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE",
    ),
    "Middle East": ("middle east|mena", "AE BH CY EG IL IQ IR JO KW LB OM PS QA SA SY TR YE"),
    "Nordics": ("nordics|nordic countries|the nordics", "DK FI IS NO SE"),
    "Scandinavia": ("scandinavia", "DK NO SE"),
    "Benelux": ("benelux", "BE NL LU"),
    "DACH": ("dach", "DE AT CH"),
    "Baltics": ("baltics|baltic states|baltic countries", "EE LV LT"),
    "Balkans": ("balkans", "AL BA BG GR HR ME MK RO RS SI XK"),
    "Iberia": ("iberia|iberian peninsula", "ES PT"),
    "British Isles": ("british isles", "GB IE IM"),
    "Southeast Asia": ("southeast asia|south east asia", "BN KH ID LA MM MY PH SG TH TL VN"),
    "South Asia": ("south asia", "AF BD BT IN LK MV NP PK"),
    "East Asia": ("east asia", "CN HK JP KP KR MN MO TW"),
}
_STATES = {
    "New England": ("new england", "CT ME MA NH RI VT"),
    "West Coast": ("west coast", "CA OR WA"),
    "East Coast": ("east coast", "CT DE FL GA ME MD MA NH NJ NY NC PA RI SC VT VA DC"),
    "Midwest": ("midwest|mid west", "IL IN IA KS MI MN MO NE ND OH SD WI"),
    "Pacific Northwest": ("pacific northwest|pnw", "OR WA"),
}
_AROUND = {
    "San Francisco Bay Area": (
        "bay area|sf bay area|san francisco bay area|silicon valley|sf bay|south bay|east bay",
        (37.60, -122.20),
        75.0,
    ),
    "Southern California": ("southern california|socal", (33.75, -117.80), 180.0),
    "Puget Sound": ("puget sound|greater seattle", (47.60, -122.25), 60.0),
    "Greater Boston": ("greater boston", (42.36, -71.06), 60.0),
    "Washington DC": ("washington dc|washington d c|dc area|dc metro|dmv", (38.90, -77.04), 60.0),
    "New York metropolitan area": ("tri state area|tristate area|greater new york", (40.71, -74.01), 80.0),
    "Research Triangle": ("research triangle", (35.90, -78.86), 50.0),
}
