"""Countries and their regions by names and codes: ISO 3166-1 and 3166-2, and what people call them."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_ALSO = {
    "US": "us|u.s.|usa|u.s.a.|america|the us|the usa|the united states|united states of america|the states|u.s"
    "|u.s.a|米国|美国",
    "GB": "uk|u.k.|u.k|great britain|britain|the uk|the united kingdom|united kingdom",
    "KR": "south korea|republic of korea|korea|korea, republic of|한국|대한민국|韩国",
    "RU": "russia|russian federation", "TR": "turkey|turkiye", "AE": "uae|u.a.e.|emirates",
    "CZ": "czech republic|czechia", "NL": "the netherlands|holland|netherlands", "VN": "vietnam|viet nam",
    "TW": "taiwan|taiwan, roc|taiwan (roc)|台湾", "HK": "hong kong|hong kong sar|hongkong|香港",
    "MO": "macau|macao",
    "CI": "ivory coast", "BO": "bolivia", "IR": "iran", "SY": "syria", "LA": "laos", "MD": "moldova",
    "TZ": "tanzania",
    "VE": "venezuela", "MK": "macedonia|north macedonia", "PS": "palestine", "XK": "kosovo", "CV": "cape verde",
    "CD": "dr congo|congo-kinshasa", "BN": "brunei", "SZ": "swaziland", "MM": "burma", "BR": "brasil",
    "MX": "méxico",
    "DE": "deutschland|德国|ドイツ", "CN": "china|prc|people's republic of china|mainland china|中国",
    "JP": "japan|日本",
    "IN": "india|bharat|印度", "SG": "singapore|新加坡", "FR": "france|法国", "CA": "canada|加拿大",
    "IE": "republic of ireland",
    "BA": "bosnia|bosnia & herzegovina", "TT": "trinidad", "SK": "slovak republic",
}  # fmt: skip
_ALSO_REGIONS = {
    "ES-CT": "catalonia", "ES-PV": "basque country", "ES-AN": "andalusia", "DE-BY": "bavaria", "DE-SN": "saxony",
    "DE-HE": "hesse", "DE-NW": "north rhine-westphalia|nrw", "DE-NI": "lower saxony",
    "DE-RP": "rhineland-palatinate",
    "DE-TH": "thuringia", "DE-ST": "saxony-anhalt", "DE-BW": "baden-wurttemberg|baden-wuerttemberg",
    "IT-25": "lombardy", "IT-21": "piedmont", "IT-52": "tuscany", "IT-82": "sicily", "IT-62": "lazio",
    "FR-BRE": "brittany",
    "FR-IDF": "ile-de-france|île-de-france", "FR-NOR": "normandy", "CA-QC": "quebec|québec|qc|pq",
    "US-DC": "d.c.|washington d.c.|washington dc",
    "US-WA": "washington state", "US-NY": "new york state", "US-CA": "calif.|cali", "US-MA": "mass.",
    "US-PA": "penn.",
    "BE-VLG": "flanders", "BE-WAL": "wallonia", "BE-BRU": "brussels", "NL-NH": "north holland",
    "NL-ZH": "south holland",
    "NL-NB": "north brabant", "CH-ZH": "zurich", "CH-GE": "geneva", "CH-VD": "vaud", "IN-OR": "odisha",
    "IN-TG": "telangana|ts",
    "IN-CT": "chhattisgarh", "IN-UT": "uttarakhand", "AU-NSW": "nsw", "AU-VIC": "vic",
    "PL-14": "mazovia|masovia|mazovian",
    "PL-12": "lesser poland", "PL-22": "pomerania", "PL-02": "lower silesia", "PT-11": "lisbon district",
    "ES-MD": "community of madrid",
    "BR-SP": "são paulo state", "KR-41": "gyeonggi", "AT-9": "vienna",
}  # fmt: skip
_LANGUAGES = ("de", "es", "fr", "it", "pt", "nl", "pl", "sv", "tr", "ru", "ja", "zh_CN")
"""Languages besides English in which countries are known by name."""
_NO_CODES = frozenset({"AND", "PER", "ARE", "MAC", "GIN", "CUB", "MAR"})
"""Codes of three letters that are words or shortened words first."""
_AREAS = {
    "US-CA": "bay area|sf bay area|san francisco bay area|silicon valley|sf bay|south bay|east bay|socal|norcal"
    "|southern california"
    "|northern california|orange county",
    "US-NC": "research triangle|research triangle park|rtp",
    "US-TX": "dfw|dallas-fort worth|dallas fort worth|dallas-fort worth metroplex",
    "US-MN": "twin cities", "CA-ON": "gta|greater toronto area", "IN-DL": "delhi ncr|ncr|delhi-ncr",
    "US": "new england|dmv|tri-state area|tri-state|midwest|west coast|east coast|pacific northwest|pnw"
    "|contiguous us|us nationwide|nationwide",
    "NL": "randstad", "US-MA": "greater boston",
}  # fmt: skip
AREA_OF = {name: code for code, names in _AREAS.items() for name in names.split("|")}
"""By the names of areas the country, and the region if it has but one, that they lie in ("US-CA")."""
_GROUPS = {
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE": "eu|european union",
    "DK FI IS NO SE": "nordics|nordic countries", "DK NO SE": "scandinavia", "BE NL LU": "benelux",
    "DE AT CH": "dach",
    "EE LV LT": "baltics|baltic states", "GB IE": "uk&i", "AU NZ": "anz",
    "": "europe|emea|apac|latam|latin america|north america|south america|americas|amer|asia|africa"
    "|asia pacific|apj|oceania|middle east|mena"
    "|eea|cee|central europe|eastern europe|western europe|southeast asia|global|international|earth|est|cet"
    "|utc|gmt|pst|cst",
}  # fmt: skip
GROUP_OF = {name: tuple(codes.split()) for codes, names in _GROUPS.items() for name in names.split("|")}
"""By the names of groups of countries their members; none for those whose members nobody lists."""
_CITIES = {
    "US-NY": {"nyc": "New York", "new york city": "New York", "new york": "New York", "ny city": "New York",
    "ny": "New York"},
    "US-CA": {"sf": "San Francisco", "san fran": "San Francisco", "la": "Los Angeles"},
    "US-DC": {"dc": "Washington", "d.c.": "Washington", "washington dc": "Washington",
    "washington d.c.": "Washington"},
    "US-PA": {"philly": "Philadelphia"}, "US-NV": {"vegas": "Las Vegas"}, "US-UT": {"slc": "Salt Lake City"},
    "US-LA": {"nola": "New Orleans"}, "IN": {"blr": "Bengaluru", "b'lore": "Bengaluru"},
    "MX": {"cdmx": "Mexico City"},
    "GB": {"ldn": "London"}, "ES": {"bcn": "Barcelona"}, "HK": {"hong kong": "Hong Kong",
    "hong kong sar": "Hong Kong"},
    "SG": {"singapore": "Singapore"}, "MC": {"monaco": "Monaco"}, "VA": {"vatican city": "Vatican City"},
}  # fmt: skip
CITY_OF = {name: (code, city) for code, names in _CITIES.items() for name, city in names.items()}
"""By everyday names of cities their country, with the region in the US, and their name."""
_INNER = re.compile(r"\[([^\]]{1,60})\]|\(([^)]{1,60})\)")


def plain(name: str) -> str:
    """A name as names are compared: without accents, case and blanks at its ends."""
    if name.isascii():
        return name.lower().strip()
    whole = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in whole if not unicodedata.combining(c)).strip()


@cache
def codes() -> frozenset[str]:
    """The alpha-2 codes of all countries."""
    import pycountry  # its tables are read from disk: only for those who have a place to read

    return frozenset({country.alpha_2 for country in pycountry.countries} | {"XK"})


@lru_cache(4096)
def country_of(name: str) -> str | None:
    """The alpha-2 code of a country given by its code in capitals, or its name in any of some languages."""
    name = name.strip()
    if len(name) == 2 and name.isupper() and (name in codes() or name == "UK"):
        return "GB" if name == "UK" else name
    if len(name) == 3 and name in _NO_CODES:
        return None
    return _names().get(plain(name))


@cache
def _names() -> dict[str, str]:
    import gettext

    import pycountry

    names = {plain(name): code for code, said in _ALSO.items() for name in said.split("|")}
    folder = pycountry.LOCALES_DIR
    translated = [
        gettext.translation("iso3166-1", folder, languages=[language], fallback=True).gettext
        for language in _LANGUAGES
    ]
    for country in pycountry.countries:
        shown = getattr(country, "common_name", country.name)
        for name in (country.name, shown, getattr(country, "official_name", shown)):
            names.setdefault(plain(name), country.alpha_2)
            names.setdefault(
                plain(name.partition(",")[0]) if "Korea" not in name else plain(name), country.alpha_2
            )
    for country in pycountry.countries:
        names.setdefault(country.alpha_3.lower(), country.alpha_2)
        for translate in translated:
            names.setdefault(plain(translate(country.name)), country.alpha_2)
            names.setdefault(plain(translate(getattr(country, "common_name", country.name))), country.alpha_2)
    return names


def subdivisions() -> list[dict[str, str]]:
    """ISO 3166-2 as pycountry has it, without the objects and indices that it would keep of it."""
    import pycountry

    table = json.loads((Path(pycountry.DATABASE_DIR) / "iso3166-2.json").read_bytes())
    found: list[dict[str, str]] = table["3166-2"]
    return found


@cache
def regions() -> dict[str, str]:
    """The names of regions by their full codes ("US-MA")."""
    return {region["code"]: region["name"] for region in subdivisions()}


@lru_cache(4096)
def region_of(country: str, name: str) -> str | None:
    """The code, without the country, of a region of a country given by code in capitals or name, else None."""
    if f"{country}-{name}" in regions():
        return name
    return next((code for of, code in regions_named(name) if of == country), None)


def regions_named(name: str) -> tuple[tuple[str, str], ...]:
    """Country and code of the regions that bear a name."""
    return _region_names().get(plain(name), ())


@cache
def _region_names() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for code, name in regions().items():
        country, _, own = code.partition("-")
        inner = [part for both in _INNER.findall(name) for part in both if part]
        for each in (_INNER.sub("", name), name, *inner):
            found.setdefault(plain(each), {})[country, own] = None
    for code, name in regions().items():
        if code.startswith("CN-"):
            found.setdefault(_chinese(name), {})["CN", code[3:]] = None
    for code, names in _ALSO_REGIONS.items():
        country, _, own = code.partition("-")
        for each in names.split("|"):
            found.setdefault(plain(each), {})[country, own] = None
    return {name: tuple(codes) for name, codes in found.items()}


def names_of_country(code: str | None) -> tuple[str, ...]:
    """The names that a country is known by in English, its code of three letters first; () for none."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code) if code else None
    if country is None:
        return ()
    return (country.alpha_3, country.name, getattr(country, "common_name", country.name))


def _chinese(region: str) -> str:
    """A Chinese region's name in its own writing, without the word for province or city."""
    import gettext

    import pycountry

    own = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, languages=["zh_CN"], fallback=True).gettext(
        region
    )
    return own.rstrip("省市")
