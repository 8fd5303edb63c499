"""Names of places: which country, region or city a name stands for, alone or beside others."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from math import log10
from typing import TYPE_CHECKING

from corpus import countries
from corpus.cities import cities, cities_also_called, plain
from corpus.countries import AREA_OF, CITY_OF, GROUP_OF, country_of, region_of, regions_named
from corpus.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.cities import City

_DOMINANT = 2.5
"""A bare name is the city that has this many times the people of any other of its name."""
_LARGE = 100_000
_TWO_SENSES = frozenset({"washington", "georgia", "victoria", "punjab"})
"""Bare names of a region and of something else as likely."""
_SURE_CODES = frozenset({"US", "UK"})
_TOLD_APART = frozenset({"US", "CA", "AU", "IN", "DE"})
"""Countries whose regions stand beside cities without a comma."""
_STATES = ("US", "CA", "AU")
"""Countries whose states are known the world over by name and code; the first to have one wins."""
_SURROUNDING = frozenset({"greater", "metropolitan", "metro", "area", "region"})
_OWN_TERRITORIES = frozenset({"HK", "MO", "TW", "PR"})
_SHORT = {
    "n": "North", "s": "South", "e": "East", "w": "West", "st": "Saint", "ft": "Fort", "mt": "Mount",
}  # fmt: skip
_SHORTENED = re.compile(rf"\b({'|'.join(_SHORT)})\.\s*(?=\w)", re.IGNORECASE)
_SMALL = re.compile(
    r"(?:am?|an|auf|d[aeiou]|del|der|des|dos|el|en|la|las|les?|los|of|on|the|upon|van)", re.IGNORECASE
)
NAME = re.compile(r"[^\W_][\w.'’ -]{0,39}")


@lru_cache(4096)
def is_known(name: str) -> bool:
    """Whether a name is a country's, a region's, an area's or a city's."""
    low = name.lower()
    if low in AREA_OF or low in CITY_OF or low in GROUP_OF or country_of(name) or regions_named(name):
        return True
    return _is_state(name) or bool(cities_called(name)) or _as_surroundings(name) is not None


def _is_state(name: str) -> bool:
    return len(name) in {2, 3} and name.isupper() and any(region_of(of, name) for of in _STATES)


def unjoined(name: str) -> list[str]:
    """The fields of words that no comma parts: "US CA San Mateo", "Boston MA", "United States-Virginia-Dulles"."""
    parts = [part.strip() for part in name.split("-") if part.strip()]
    if len(parts) > 1 and any(_is_state(part) or _contains(part, "") for part in (parts[0], parts[-1])):
        return [each for part in parts for each in ([part] if is_known(part) else unjoined(part))]
    if len(han := HAN.findall(name)) > 1:
        return [part for part in han if is_known(part)] or [name]
    words = name.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        for first, rest, turned in ((words[-count:], words[:-count], False), (words[:count], words[count:], True)):
            container = " ".join(first).strip(".")
            inner = " ".join(rest)
            if _contains(container, inner):
                fields = [inner] if is_known(inner) else unjoined(inner)
                if turned and not is_known(fields[-1]):
                    continue  # "Georgia Tech"
                return [container, *fields] if turned else [*fields, container]
    return [name]


HAN = re.compile(r"[\u4e00-\u9fff]{2,8}?[省市区县州]|[\u4e00-\u9fff]{2,8}$")


def _contains(name: str, inner: str) -> bool:
    """Whether a name without a comma beside it is a country's or region's; two letters need a known city."""
    if len(name) == 2 and name not in _SURE_CODES:
        return name.isupper() and (country_of(name) is not None or _is_state(name)) and is_known(inner)
    if country_of(name) or _is_state(name):
        return True
    return len(name) > 3 and any(country in _TOLD_APART for country, _ in regions_named(name))


def grouped(fields: Sequence[str]) -> Iterator[Place]:
    """Fields as places: the longest runs of them that are one place, from the left."""
    at = 0
    while at < len(fields):
        for size in range(min(4, len(fields) - at), 0, -1):
            group = fields[at : at + size]
            place = _single(group[0]) if size == 1 else _nested(group)
            if place or size == 1:
                yield place or Place(group[0][:200])
                at += size
                break


def _nested(fields: Sequence[str]) -> Place | None:
    """Several fields that are one place, inside out or outside in; None if they are not."""
    best: tuple[float, Place] | None = None
    orders = [list(fields), list(reversed(fields))]
    if len(fields) > 2 and country_of(fields[0]):  # "USA - Hazelwood, MO"
        orders.append([*fields[1:], fields[0]])
    for order in orders:
        for country, region, rest in _containers(order):
            found = _inside(rest, country, region)
            if found and (best is None or found[0] > best[0]):
                best = found[0], Place(", ".join(fields), country, *found[1:])
    return best[1] if best else None


def _containers(fields: Sequence[str]) -> Iterator[tuple[str, str | None, Sequence[str]]]:
    """What the last field, or the last two, can be, the likeliest first; and the fields within."""
    last, rest = fields[-1], fields[:-1]
    for country in _STATES:
        if region := region_of(country, last):
            yield country, region, rest
    if named := country_of(last):
        if len(rest) > 1 and (region := _region(named, rest[-1])):
            yield named, region, rest[:-1]
        yield named, None, rest
    for of, region in regions_named(last):
        if of not in _STATES and country_of(last) != of:
            yield of, region, rest
    if area := AREA_OF.get(last.lower()):
        within, _, part = area.partition("-")
        yield within, part or None, rest


def _region(country: str, name: str) -> str | None:
    return region_of(country, name) or (region_of(country, name.upper()) if len(name) == 2 else None)


Fit = tuple[float, str | None, str | None]
"""How well fields fit into a country or region, and the region and the city that they are."""


def _inside(rest: Sequence[str], country: str, region: str | None) -> Fit | None:
    """How one or two fields fit into a country or region; None if they do not."""
    if not 1 <= len(rest) <= 2 or any(_is_elsewhere(each, country) for each in rest):
        return None
    if len(rest) == 2:
        return _inside_two(rest, country, region)
    senses = (_alias_in, _region_in, _city_known_in, _city_unknown_in)
    return next(filter(None, (sense(rest[0], country, region) for sense in senses)), None)


def _alias_in(name: str, country: str, region: str | None) -> Fit | None:
    code, city = CITY_OF.get(name.lower(), ("", ""))
    fits = code.startswith(country) and (region is None or code == f"{country}-{region}")
    return (7.0, code[3:] or None, city) if code and fits else None


def _region_in(name: str, country: str, region: str | None) -> Fit | None:
    known = _city_in(name, country, region)
    inner = None if region else _region(country, name)
    least = _LARGE if country in {"US", "CA"} else 1
    if inner and not (known and known.population >= least):
        return 6.0, inner, None
    same = region is not None and region == region_of(country, name)
    return (4.0, region, None) if same and not (known and known.population >= _LARGE) else None


def _city_known_in(name: str, country: str, region: str | None) -> Fit | None:
    known = _city_in(name, country, region)
    if known is None:
        return None
    own = _state(name, known) if not region and name.lower() not in _TWO_SENSES else None
    return 4 + log10(known.population + 1) / 2, region or own, _shown(name, known)


def _city_unknown_in(name: str, country: str, region: str | None) -> Fit | None:
    """A town that the tables lack; none if it is a large city elsewhere: "Denmark, London"; "Boston, New York"."""
    if not NAME.fullmatch(name) or name.rsplit(maxsplit=1)[-1].islower() or is_code(name) or len(name.split()) > 4:
        return None
    elsewhere = _dominant(name)
    large = elsewhere is not None and elsewhere.population >= _LARGE
    if large and (region is None or _is_large_in(_city_name(country, region), country)):
        return None
    return (0.5 if elsewhere else 1.0), region, spelt_out(name)


def _is_elsewhere(name: str, country: str) -> bool:
    """Whether a name is another country's, and no city's of this one."""
    of = country_of(name)
    return (
        of not in {None, country} and (len(name) > 3 or name in _SURE_CODES) and not _city_in(name, country, None)
    )


def _inside_two(rest: Sequence[str], country: str, region: str | None) -> Fit | None:
    """Two fields in a country or region: a city and its district, house or county."""
    outer, inner = _city_in(rest[1], country, region), _city_in(rest[0], country, region)
    if codes := [each for each in rest if is_code(each)]:
        unknown = (
            region is None and len(codes) == 1 and not _is_state(codes[0]) and codes[0].lower() not in CITY_OF
        )
        return _inside([each for each in rest if each not in codes], country, None) if unknown else None
    if outer and inner and min(outer.population, inner.population) >= _LARGE and outer is not inner:
        return None
    for name, known, other in ((rest[0], inner, rest[1]), (rest[1], outer, rest[0])):
        elsewhere = _dominant(other)
        if (
            known
            and not other.islower()
            and (known is elsewhere or not elsewhere or elsewhere.population < _LARGE or outer is inner)
        ):
            return 3 + log10(known.population + 1) / 2, region, _shown(name, known)
    return None


def _city_name(country: str, region: str | None) -> str:
    return countries.regions().get(f"{country}-{region}", "") if region else ""


def is_code(name: str) -> bool:
    """Whether a name looks like a code."""
    return len(name) <= 3 and name.isupper()


def _single(name: str) -> Place | None:
    """A place that one name alone surely is; None if it is none's, or several's."""
    low, code = name.lower(), country_of(name)
    alias, city = CITY_OF.get(low, ("", ""))
    if alias and low != "ny":
        return Place(name, alias[:2], alias[3:] or None, city)
    if low in _TWO_SENSES or (code and code not in _OWN_TERRITORIES and _state_of_code(name)):
        return Place(name, "US") if low == "washington" else None
    senses = (_as_area, _as_country, _as_surroundings, _as_state, _as_city, _as_region, _as_one_of_several)
    return next(filter(None, (sense(name) for sense in senses)), None)


def _as_area(name: str) -> Place | None:
    code = AREA_OF.get(name.lower())
    return Place(name, code[:2], code[3:] or None) if code else None


def _as_country(name: str) -> Place | None:
    code = country_of(name)
    nation = next((region for of, region in regions_named(name) if of == code == "GB"), None)
    return Place(name, code, nation) if code else None


def _state_of_code(name: str) -> str | None:
    """The country one of whose states a code names."""
    return next((of for of in _STATES if is_code(name) and region_of(of, name)), None)


def _as_state(name: str) -> Place | None:
    if country := _state_of_code(name):
        return Place(name, country, name)
    told = [(of, code) for of, code in regions_named(name) if of in _STATES]
    return Place(name, *told[0]) if len(told) == 1 and not _is_large_in(name, told[0][0]) else None


def _as_city(name: str) -> Place | None:
    city = _dominant(name)
    if city is None or (regions_named(name) and city.population < _LARGE):
        return None
    return Place(name, city.country, _state(name, city), _shown(name, city))


def _as_region(name: str) -> Place | None:
    named = regions_named(name)
    return Place(name, *named[0]) if named and len({of for of, _ in named}) == 1 else None


def _as_surroundings(name: str) -> Place | None:
    """What lies around a city: "Greater Lisbon", "Denver Metropolitan Area"."""
    words = name.split()
    inner = [word for word in words if word.lower() not in _SURROUNDING]
    city = _dominant(" ".join(inner)) if len(inner) < len(words) else None
    return Place(name, city.country, _state(city.name, city)) if city else None


def _as_one_of_several(name: str) -> Place | None:
    found = {each.country for each in cities_called(name)}
    return Place(name, found.pop(), None, spelt_out(name)) if len(found) == 1 else None


def _is_large_in(name: str, country: str) -> bool:
    city = _city_in(name, country, None)
    return city is not None and city.population >= _LARGE


def _state(name: str, city: City) -> str | None:
    """The state of a city of the US, if no other city of that name there is nearly as large."""
    same = [each for each in cities_called(name) if each.country == "US" and each is not city]
    second = max((each.population for each in same), default=0)
    return city.region if city.country == "US" and city.population >= _DOMINANT * second else None


def agreed(places: Sequence[Place]) -> Iterator[Place]:
    """The places; a name or code that alone could be several's lies in the country of those beside it."""
    known = list(dict.fromkeys(place.country for place in places if place.country))
    for place in places:
        if place.country or not known:
            yield place
            continue
        for country in known:
            if region := _region(country, place.text):
                yield replace(place, country=country, region=region)
                break
            if city := _city_in(place.text, country, None):
                yield Place(place.text, country, _state(place.text, city), _shown(place.text, city))
                break
        else:
            yield place


def cities_called(name: str) -> tuple[City, ...]:
    """The cities of a name, or of another name of theirs."""
    known = plain(name)
    if (
        len(known) <= 3 and known.isascii()
    ):  # three letters are an airport's code more often than a city's other name
        return () if len(known) < 2 or name.isupper() else cities(known)
    return (
        cities(known)
        or cities_also_called(known)
        or (cities_also_called(known[:-1]) if known[-1:] == "市" else ())
    )


def _city_in(name: str, country: str, region: str | None) -> City | None:
    known = plain(name)
    for found in (cities(known), cities_also_called(known)):
        here = [
            city
            for city in found
            if city.country == country and (country != "US" or region in {None, city.region})
        ]
        if here:
            return here[0]
    compass, _, rest = known.partition(" ")
    return _city_in(rest, country, region) if rest and compass in {"north", "south", "east", "west"} else None


def _dominant(name: str) -> City | None:
    """The city that a bare name is: by far the most populous, or one of several in the same country."""
    found = cities_called(name)
    if not found:
        return None
    others = [city.population for city in found if city.country != found[0].country]
    return found[0] if found[0].population >= _DOMINANT * max(others, default=0) else None


def _shown(name: str, city: City) -> str:
    """A city's name as the page has it, if that is one in Latin letters; else as the tables have it."""
    alias = CITY_OF.get(name.lower())
    if alias:
        return alias[1]
    return spelt_out(name) if any("a" <= c <= "z" for c in plain(name)) else city.name


def spelt_out(city: str) -> str:
    """A city's name written in full: "N.reading" is "North Reading", "SEATTLE" is "Seattle"."""
    city = _SHORTENED.sub(lambda short: _SHORT[short[1].lower()] + " ", city)
    return " ".join(_capital(word, first=at == 0) for at, word in enumerate(city.split()))


def _capital(word: str, *, first: bool) -> str:
    if _SMALL.fullmatch(word) and not first:
        return word.lower()
    if "." in word:
        return word
    return word.capitalize() if word.isupper() and len(word) > 3 else word[0].upper() + word[1:]
