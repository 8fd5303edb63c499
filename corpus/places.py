"""Places of job posts: what words such as "US, MA, Boston", "Remote (EU)" or "London; Paris" say, in any form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log10
from typing import TYPE_CHECKING

from corpus import countries
from corpus.cities import cities, cities_also_called, plain
from corpus.countries import country_of, region_of, regions_named
from corpus.model import Place, Workplace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.cities import City

_LONGEST, _LONGEST_LINE, _MOST = 4_000, 80, 100
"""Characters of a field and of a line that are read, and places that are kept."""
_DOMINANT = 2.5
"""A bare name is the city that has this many times the people of any other of its name."""
_LARGE = 100_000

_APART = re.compile(r"[;\n|•‖]|/(?![^(]{0,60}\))")
_IN_BRACKETS = re.compile(r"[;/|+]")
_MORE = re.compile(
    r"\(?\+\s?\d{1,3}(?:\s(?:more|others?|locations?|offices?))?\)?|(?:\band\s)?\b\d{1,3}\+?\s(?:more|other|others)\b(?:\s(?:locations?|offices?))?"
    r"|\b\d{1,3}\+?\slocations?\b:?|\b(?:locations?|office|standorte?|ort)\s?:",
    re.IGNORECASE,
)
_OR = re.compile(r"\s(?:or|and|und|oder|o|ou|&)\s|\s?&\s?", re.IGNORECASE)
_FIELDS = re.compile(r"[,()\[\]:@，、·]|\s[-–—]{1,2}\s|–|—|\s\|\s")
_FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")
_WORKPLACE = re.compile(
    r"(?<!\w)(?:(?P<hybrid>hybrid(?:e|o)?|híbrido)"
    r"|(?P<remote>(?:(?:fully|100%|full|partially|partly)[ -])?remote(?:ly)?|telecommut(?:e|ing)|telework(?:ing)?|virtual|work from (?:home|anywhere)"
    r"|wfh|home[ -]?based|home[ -]?office|anywhere|worldwide|distributed|remoto|télétravail|teletrabajo)"
    r"|(?P<onsite>on[ -]?site|in[ -](?:office|person)|office[ -]based|vor ort|presencial))(?!\w)",
    re.IGNORECASE,
)
_GLUE = frozenset(
    "in from within only first friendly ok possible optional option options available allowed eligible"
    " based the across or and work working position positions role roles job location locations flexible"
    " preferred required with for some of to at near office offices hq headquarters headquarter campus"
    " candidates residents employees anywhere any all parts days per week day work-from-home time zone"
    " zones timezone hours if local also including incl site sites onsite travel country countries"
    " cities city centre center downtown area metro metropolitan region greater state county select"
    " selected".split()
)
_KEPT_GLUE = frozenset(
    "city area metro metropolitan region greater state county centre center downtown the of".split()
)
"""Words that may be part of a name, so that they are taken off only if the name is not known with them."""
_DIGITS = re.compile(r"\S*\d\S*")
_SAYS_NOTHING = frozenset(
    "unknown n/a na none null tbd tba various multiple several flexible unspecified - -1 -- – — not specified|multiple locations|various locations"
    "|multiple cities|not listed|other".replace("|", " ").split()
)
_AREAS = {
    "US-CA": "bay area|sf bay area|san francisco bay area|silicon valley|sf bay|south bay|east bay|socal|norcal|southern california"
    "|northern california|orange county",
    "US-NC": "research triangle|research triangle park|rtp", "US-TX": "dfw|dallas-fort worth|dallas fort worth|dallas-fort worth metroplex",
    "US-MN": "twin cities", "CA-ON": "gta|greater toronto area", "IN-DL": "delhi ncr|ncr|delhi-ncr",
    "US": "new england|dmv|tri-state area|tri-state|midwest|west coast|east coast|pacific northwest|pnw|contiguous us|us nationwide|nationwide",
    "NL": "randstad", "US-MA": "greater boston",
}  # fmt: skip
_AREA_OF = {name: code for code, names in _AREAS.items() for name in names.split("|")}
_GROUPS = {
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE": "eu|european union",
    "DK FI IS NO SE": "nordics|nordic countries", "DK NO SE": "scandinavia", "BE NL LU": "benelux", "DE AT CH": "dach",
    "EE LV LT": "baltics|baltic states", "GB IE": "uk&i", "AU NZ": "anz",
    "": "europe|emea|apac|latam|latin america|north america|south america|americas|amer|asia|africa|asia pacific|apj|oceania|middle east|mena"
    "|eea|cee|central europe|eastern europe|western europe|southeast asia|global|international|earth|est|cet|utc|gmt|pst|cst",
}  # fmt: skip
_GROUP_OF = {name: tuple(codes.split()) for codes, names in _GROUPS.items() for name in names.split("|")}
_CITIES = {
    "US-NY": {"nyc": "New York", "new york city": "New York", "new york": "New York", "ny city": "New York", "ny": "New York"},
    "US-CA": {"sf": "San Francisco", "san fran": "San Francisco", "la": "Los Angeles"},
    "US-DC": {"dc": "Washington", "d.c.": "Washington", "washington dc": "Washington", "washington d.c.": "Washington"},
    "US-PA": {"philly": "Philadelphia"}, "US-NV": {"vegas": "Las Vegas"}, "US-UT": {"slc": "Salt Lake City"},
    "US-LA": {"nola": "New Orleans"}, "IN": {"blr": "Bengaluru", "b'lore": "Bengaluru"}, "MX": {"cdmx": "Mexico City"},
    "GB": {"ldn": "London"}, "ES": {"bcn": "Barcelona"}, "HK": {"hong kong": "Hong Kong", "hong kong sar": "Hong Kong"},
    "SG": {"singapore": "Singapore"}, "MC": {"monaco": "Monaco"}, "VA": {"vatican city": "Vatican City"},
}  # fmt: skip
_CITY_OF = {name: (code, city) for code, names in _CITIES.items() for name, city in names.items()}
_TWO_SENSES = frozenset({"washington", "georgia", "victoria", "punjab"})
"""Bare names of a region and of something else as likely."""
_SURE_CODES = frozenset({"US", "UK"})
_TOLD_APART = frozenset({"US", "CA", "AU", "IN", "DE"})
"""Countries whose regions stand beside cities without a comma."""
_OWN_TERRITORIES = frozenset({"HK", "MO", "TW", "PR"})
_SHORT = {
    "n": "North", "s": "South", "e": "East", "w": "West", "st": "Saint", "ft": "Fort", "mt": "Mount",
}  # fmt: skip
_SHORTENED = re.compile(rf"\b({'|'.join(_SHORT)})\.\s*(?=\w)", re.IGNORECASE)
_SMALL = re.compile(
    r"(?:am?|an|auf|d[aeiou]|del|der|des|dos|el|en|la|las|les?|los|of|on|the|upon|van)", re.IGNORECASE
)
_NAME = re.compile(r"[^\W_][\w.'’ -]{0,39}")


@dataclass(frozen=True, slots=True)
class Where:
    """What words say of where a job is.

    Attributes:
        places: in the words' order; one that is not understood has its text alone.
        workplace: how it is done.
        remote_in: the countries (ISO 3166-1 alpha-2) from which it can be done remotely.
        sure: whether all of the words were understood.
    """

    places: tuple[Place, ...] = ()
    workplace: Workplace | None = None
    remote_in: tuple[str, ...] = ()
    sure: bool = False


@lru_cache(4096)
def read_places(text: str) -> Where:
    """Read the words of a field of places, in any form.

    Understood: one place in either order ("US, MA, Boston"; "Boston MA"), several ("London; Paris", "Toronto +2"),
    areas ("SF Bay Area", "Greater Boston"), and remote, hybrid or on site with or without a place.
    """
    text = _MORE.sub(" ", unicodedata.normalize("NFC", text[:_LONGEST]).replace("**", " "))
    places: list[Place] = []
    ways: list[Workplace] = []
    remote_in: list[str] = []
    sure = True
    for words in map(str.strip, _APART.split(_FLAG.sub(_spelt_flag, text))):
        if not words or words.lower() in _SAYS_NOTHING:
            continue
        part = _Part(words)
        found = part.places()
        sure = (
            sure
            and part.sure
            and bool(found or part.ways or part.groups)
            and all(place.country for place in found)
        )
        places += [replace(found[0], text=words[:200])] if len(found) == 1 else found or [Place(words[:200])]
        ways += part.ways
        if Workplace.REMOTE in part.ways:
            named = (place.country for place in found if place.country and not place.city)
            remote_in += [*(code for group in part.groups for code in _GROUP_OF[group]), *named]
    kept: dict[tuple[str | None, ...], Place] = {}
    for place in _agreed(places):
        facts = place.country, place.region, place.city
        kept.setdefault(facts if any(facts) else (place.text,), place)
    way = next((way for way in (Workplace.HYBRID, Workplace.REMOTE, Workplace.ONSITE) if way in ways), None)
    if Workplace.REMOTE in ways and not remote_in:
        remote_in = [place.country for place in kept.values() if place.country and not place.city]
    return Where(tuple(kept.values())[:_MOST], way, tuple(dict.fromkeys(remote_in)), sure and bool(kept))


def is_place(text: str) -> bool:
    """Whether a text is nothing but places, in any form, all of which are known."""
    where = read_places(text) if len(text) <= 300 else Where()
    return where.sure and all(not place.city or _cities(place.city) or place.region for place in where.places)


def parse_place(text: str) -> Place | None:
    """Read a line that names one place and nothing else, at least by two fields or as "Remote".

    Returns:
        The place with ``text`` as it stands, stripped; None if the line is not surely a place.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST_LINE:
        return None
    fields = text.split(",")
    remote = _WORKPLACE.match(text)
    if remote is None and (
        not 2 <= len(fields) <= 4 or not all(_NAME.fullmatch(field.strip()) for field in fields)
    ):
        return None
    where = read_places(text)
    if len(where.places) != 1 or not where.sure:
        return None
    place = where.places[0]
    coded = any(
        len(field.strip()) == 2 and field.strip() not in {"US", "UK", "GB"} for field in (fields[0], fields[-1])
    )
    if place.city and coded and not place.region and not _cities(place.city):
        return None  # two letters make no place of a word that is none: "Vision, NLP, AI"
    return replace(place, text=text)


class _Part:
    """One of the places that words name, or a list of them parted by commas alone."""

    def __init__(self, words: str) -> None:
        self.ways: list[Workplace] = []
        self.groups: list[str] = []
        self.sure = False
        self._runs: list[list[str]] = [[]]
        """Fields of places that belong together; "and" parts runs."""
        for field in _FIELDS.split(_IN_BRACKETS.sub(" or ", words)):
            self._add(field)

    def _add(self, field: str) -> None:
        name = _stripped(" ".join(_WORKPLACE.sub(" ", field).split()).strip(" *'\"-+~"))
        if not _is_known(name) and len(pieces := _OR.split(field)) > 1:
            self._add(pieces[0])
            for piece in pieces[1:]:
                self._runs.append([])
                self._add(piece)
            return
        self.ways += [Workplace(str(found.lastgroup)) for found in _WORKPLACE.finditer(field)]
        if not name or name.lower() in _SAYS_NOTHING:
            return
        if name.lower() in _GROUP_OF:
            self.groups.append(name.lower())
        else:
            self._runs[-1] += [name] if _is_known(name) else _unjoined(name)

    def places(self) -> list[Place]:
        """The places, in order; those that are not understood only if none is."""
        found = [place for run in self._runs if run for place in _grouped(run)]
        known = [place for place in found if place.country]
        cities = {place.city for place in known}
        unread = [
            name
            for run in self._runs
            for name in run
            if not _is_known(name) and not _is_code(name) and spelt_out(name) not in cities
        ]
        self.sure = bool(known) >= bool(found) and all(_HAN.match(name) for name in unread)
        return known if known and self._is_ordered(found) else found

    @staticmethod
    def _is_ordered(found: Sequence[Place]) -> bool:
        """Whether what is not understood are districts and houses, and not further cities."""
        return not any(place.country is None and (_cities(place.text) or _is_code(place.text)) for place in found)


def _spelt_flag(flag: re.Match[str]) -> str:
    code = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag.groups())
    return f", {code}, " if country_of(code) else " "


def _stripped(name: str) -> str:
    """A field without words and numbers that are no name's: "MA 02139", "within Canada", "Berlin office"."""
    if _is_known(name):
        return name
    words = [word for word in name.strip(".").split() if not _DIGITS.fullmatch(word)]
    for kept in (_KEPT_GLUE, frozenset[str]()):
        while words and words[0].lower() in _GLUE - kept:
            words.pop(0)
        while words and words[-1].lower().strip(".") in _GLUE - kept:
            words.pop()
        if _is_known(" ".join(words)):
            break
    return " ".join(words)


def _is_known(name: str) -> bool:
    """Whether a name is a country's, a region's, an area's or a city's."""
    low = name.lower()
    if low in _AREA_OF or low in _CITY_OF or low in _GROUP_OF or country_of(name) or regions_named(name):
        return True
    return _is_state(name) or bool(_cities(name))


def _is_state(name: str) -> bool:
    return len(name) in {2, 3} and name.isupper() and any(region_of(of, name) for of in ("US", "CA", "AU"))


def _unjoined(name: str) -> list[str]:
    """The fields of words that no comma parts: "US CA San Mateo", "Boston MA", "United States-Virginia-Dulles"."""
    if "-" in name and len(parts := [part.strip() for part in name.split("-")]) > 1:
        if any(country_of(part) or _is_state(part) or _contains(part, "") for part in (parts[0], parts[-1])):
            return [each for part in parts if part for each in ([part] if _is_known(part) else _unjoined(part))]
    if len(han := _HAN.findall(name)) > 1:
        return [part for part in han if _is_known(part)] or [name]
    words = name.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        for first, rest, turned in ((words[-count:], words[:-count], False), (words[:count], words[count:], True)):
            container = " ".join(first).strip(".")
            inner = " ".join(rest)
            if _contains(container, inner):
                fields = [inner] if _is_known(inner) else _unjoined(inner)
                return [container, *fields] if turned else [*fields, container]
    return [name]


_HAN = re.compile(r"[\u4e00-\u9fff]{2,8}?[省市区县州]|[\u4e00-\u9fff]{2,8}$")


def _contains(name: str, inner: str) -> bool:
    """Whether a name beside others without a comma is one of a country or a region; two letters need a known city."""
    if len(name) == 2 and name not in _SURE_CODES:
        return name.isupper() and (country_of(name) is not None or _is_state(name)) and _is_known(inner)
    if country_of(name) or _is_state(name):
        return True
    return len(name) > 3 and any(country in _TOLD_APART for country, _ in regions_named(name))


def _grouped(fields: Sequence[str]) -> Iterator[Place]:
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
    for country in ("US", "CA", "AU"):
        if region := region_of(country, last):
            yield country, region, rest
    if named := country_of(last):
        if len(rest) > 1 and (region := _region(named, rest[-1])):
            yield named, region, rest[:-1]
        yield named, None, rest
    for of, region in regions_named(last):
        if of not in {"US", "CA", "AU"} and country_of(last) != of:
            yield of, region, rest
    if area := _AREA_OF.get(last.lower()):
        within, _, part = area.partition("-")
        yield within, part or None, rest


def _region(country: str, name: str) -> str | None:
    return region_of(country, name) or (region_of(country, name.upper()) if len(name) == 2 else None)


def _inside(rest: Sequence[str], country: str, region: str | None) -> tuple[float, str | None, str | None] | None:
    """How well fields fit into a country or region, with the region and the city that they are; None if not."""
    if not 1 <= len(rest) <= 2 or any(_is_elsewhere(each, country) for each in rest):
        return None
    if len(rest) == 2:
        return _inside_two(rest, country, region)
    (name,) = rest
    alias = _CITY_OF.get(name.lower())
    if alias and alias[0] == (f"{country}-{region}" if region else alias[0]) and alias[0].startswith(country):
        return 7.0, alias[0][3:] or None, alias[1]
    known = _city_in(name, country, region)
    inner = None if region else _region(country, name)
    least = _LARGE if country in {"US", "CA"} else 1
    if inner and not (known and known.population >= least):
        return 6.0, inner, None
    if region and region == region_of(country, name) and not (known and known.population >= _LARGE):
        return 4.0, region, None
    if known:
        own = _state(name, known) if not region and name.lower() not in _TWO_SENSES else None
        return 4 + log10(known.population + 1) / 2, region or own, _shown(name, known)
    if not _NAME.fullmatch(name) or name.islower() or _is_code(name) or len(name.split()) > 4:
        return None
    elsewhere = _dominant(name)
    large = elsewhere is not None and elsewhere.population >= _LARGE
    if large and (region is None or _is_large_in(_city_name(country, region), country)):
        return None  # two places: "Denmark, London"; "Boston, New York", where a city has its region's name
    return (0.5 if elsewhere else 1.0), region, spelt_out(name)


def _is_elsewhere(name: str, country: str) -> bool:
    """Whether a name is another country's, and no city's of this one."""
    of = country_of(name)
    return (
        of not in {None, country} and (len(name) > 3 or name in _SURE_CODES) and not _city_in(name, country, None)
    )


def _inside_two(
    rest: Sequence[str], country: str, region: str | None
) -> tuple[float, str | None, str | None] | None:
    """Two fields in a country or region: a city and its district, house or county."""
    outer, inner = _city_in(rest[1], country, region), _city_in(rest[0], country, region)
    if codes := [each for each in rest if _is_code(each)]:
        unknown = (
            region is None and len(codes) == 1 and not _is_state(codes[0]) and codes[0].lower() not in _CITY_OF
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


def _is_code(name: str) -> bool:
    return len(name) <= 3 and name.isupper()


def _single(name: str) -> Place | None:
    """A place that one name alone surely is; None if it is none's, or several's."""
    low = name.lower()
    if low in _CITY_OF and low != "ny":
        code, city_name = _CITY_OF[low]
        return Place(name, code[:2], code[3:] or None, city_name)
    if low in _AREA_OF:
        return Place(name, _AREA_OF[low][:2], _AREA_OF[low][3:] or None)
    country, named = country_of(name), regions_named(name)
    states = [of for of in ("US", "CA", "AU") if _is_code(name) and region_of(of, name)]
    if country and states and country not in _OWN_TERRITORIES:
        return None
    if low in _TWO_SENSES:
        return Place(name, "US") if low == "washington" else None
    if country:
        region = next((code for of, code in named if of == country == "GB"), None)
        return Place(name, country, region)
    if states:
        return Place(name, states[0], name)
    told = [(of, code) for of, code in named if of in {"US", "CA", "AU"}]
    if len(told) == 1 and not _CITY_OF.get(low) and not _is_large_in(name, told[0][0]):
        return Place(name, *told[0])
    city = _dominant(name)
    if city and not (named and city.population < _LARGE):
        return Place(name, city.country, _state(name, city), _shown(name, city))
    of = {of for of, _ in named}
    if len(of) == 1 or (named and named[0][0] in {"US", "CA"} and len(named) == 1):
        return Place(name, *named[0])
    greater = re.fullmatch(r"(?:greater )?(.{2,40}?)(?: (?:metropolitan|metro|area|region|bay))*", low)
    if greater and greater[1] != low and (city := _dominant(name[slice(*greater.span(1))])):
        return Place(name, city.country, _state(city.name, city))
    found = {each.country for each in _cities(name)}
    return Place(name, found.pop(), None, spelt_out(name)) if len(found) == 1 else None


def _is_large_in(name: str, country: str) -> bool:
    city = _city_in(name, country, None)
    return city is not None and city.population >= _LARGE


def _state(name: str, city: City) -> str | None:
    """The state of a city of the US, if no other city of that name there is nearly as large."""
    same = [each for each in _cities(name) if each.country == "US" and each is not city]
    second = max((each.population for each in same), default=0)
    return city.region if city.country == "US" and city.population >= _DOMINANT * second else None


def _agreed(places: Sequence[Place]) -> Iterator[Place]:
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


def _cities(name: str) -> tuple[City, ...]:
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
    found = _cities(name)
    if not found:
        return None
    others = [city.population for city in found if city.country != found[0].country]
    return found[0] if found[0].population >= _DOMINANT * max(others, default=0) else None


def _shown(name: str, city: City) -> str:
    """A city's name as the page has it, if that is one in Latin letters; else as the tables have it."""
    alias = _CITY_OF.get(name.lower())
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


def full_name(place: Place) -> str:
    """The names behind the codes, to read and to search by: "North Reading, Massachusetts, United States"."""
    import pycountry

    country = pycountry.countries.get(alpha_2=place.country) if place.country else None
    region = countries.regions().get(f"{place.country}-{place.region}")
    names = (place.city, region, country.name if country else None)
    return ", ".join(dict.fromkeys(name for name in names if name)) or place.text


# What readers of before ask for; it goes with them.


def country_first(text: str) -> Place | None:
    """Read a line of the form "US, MA, Boston" or "LU, Luxembourg"; None if it is not one."""
    first = text.split(",", maxsplit=1)[0].strip()
    return parse_place(text) if len(first) == 2 and country_of(first) else None


def place_of(city: str, region: str, country: str) -> Place | None:
    """The place that a city, a region and a country are, each as it stands or empty; None without any."""
    text = ", ".join(filter(None, (city, region, country)))
    return next(iter(read_places(text).places), None)


def subdivisions() -> list[dict[str, str]]:
    """The regions of ISO 3166-2."""
    return countries.subdivisions()
