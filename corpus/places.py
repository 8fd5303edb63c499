"""Places of job posts: a line such as "US, MA, Boston" to country, region and city."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.model import Place, Workplace

_LONGEST = 80
_FIELD = re.compile(r"[^\W_][\w.'’ -]{0,39}")
_CODE = re.compile(r"[A-Z0-9]{1,3}")
_REMOTE = re.compile(r"(?:fully )?(?:remote|virtual)\b[\s,:()-]*([^()]*?)\)?", re.IGNORECASE)
_REMOTE_CITY = re.compile(r"(?:fully )?(?:remote|virtual)\b", re.IGNORECASE)
_SHORT = {
    "n": "North", "s": "South", "e": "East", "w": "West", "st": "Saint", "ft": "Fort", "mt": "Mount",
}  # fmt: skip
_SHORTENED = re.compile(rf"\b({'|'.join(_SHORT)})\.\s*(?=\w)", re.IGNORECASE)
_SMALL = re.compile(
    r"(?:am?|an|auf|d[aeiou]|del|der|des|dos|el|en|la|las|les?|los|of|on|the|upon|van)", re.IGNORECASE
)
_ALSO = {
    "uk": "GB", "u.k.": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB",
    "u.s.": "US", "u.s.a.": "US", "south korea": "KR", "russia": "RU", "turkey": "TR", "uae": "AE",
    "czech republic": "CZ", "republic of korea": "KR", "korea": "KR", "the netherlands": "NL",
}  # fmt: skip


_LANGUAGES = ("de", "es")
"""Languages besides English in which countries are known by name."""


def parse_place(text: str) -> Place | None:
    """Read a line that names one place and nothing else.

    Understood: country code first ("US, MA, Boston"; "LU, Luxembourg"), city first ("Boston, MA, US";
    "Berlin, Germany"), and "Remote" with or without a country. A region is set only where ISO 3166-2 has it, by
    code or name, and no city where the line says "Remote" or "Virtual" in its stead.

    Returns:
        The place with ``text`` as it stands, stripped; None where the line is not a place.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if remote := _REMOTE.fullmatch(text):
        country = _country(remote[1])
        return Place(text, country) if country or not remote[1] else None
    return country_first(text) or _city_first(text, _fields(text))


def country_first(text: str) -> Place | None:
    """Read a line of the form "US, MA, Boston" or "LU, Luxembourg"; None where it is not one."""
    text = text.strip()
    fields = _fields(text)
    if not fields:
        return None
    country = "GB" if fields[0] == "UK" else fields[0]
    if country not in _country_codes():
        return None
    code, city = (fields[1], fields[2]) if len(fields) == 3 else (None, fields[1])
    if code is None and f"{country}-{city}" in _regions():
        return Place(text, country, city)
    region = _region(country, code) if code else None
    if region is None:
        # Job boards also write regions by codes of their own; a city's name behind such a code is still one.
        code_like = code is None or _CODE.fullmatch(code)
        if not code_like or len(city) < 3 or city.islower():
            return None
    return Place(text, country, region, None if _REMOTE_CITY.match(city) else spelt_out(city))


def place_of(city: str, region: str, country: str) -> Place | None:
    """The place that a city, a region and a country are, each as it stands or empty; None without any."""
    text = ", ".join(filter(None, (city, region, country)))
    code = _country(country.upper() if len(country) == 2 else country) if country else None
    if code is None:
        return parse_place(text) or (Place(text[:200]) if text else None)
    known = _region(code, region.strip()) if region else None
    return Place(text, code, known, spelt_out(city) if city and not _REMOTE_CITY.match(city) else None)


def _fields(text: str) -> list[str]:
    """The two or three fields of a line that may be a place, accents composed; [] where it has others."""
    if len(text) > _LONGEST:
        return []
    fields = [field.strip() for field in unicodedata.normalize("NFC", text).split(",")]
    return fields if 2 <= len(fields) <= 3 and all(map(_FIELD.fullmatch, fields)) else []


def spelt_out(city: str) -> str:
    """A city's name written in full: "N.reading" is "North Reading", "SEATTLE" is "Seattle"."""
    city = _SHORTENED.sub(lambda short: _SHORT[short[1].lower()] + " ", city)
    words = [_capital(word, first=at == 0) for at, word in enumerate(city.split())]
    return " ".join(words)


def _capital(word: str, *, first: bool) -> str:
    if _SMALL.fullmatch(word) and not first:
        return word.lower()
    if "." in word:
        return word
    if word.isupper() and len(word) > 3:
        return word.capitalize()
    return word[0].upper() + word[1:]


def _city_first(text: str, fields: list[str]) -> Place | None:
    if not fields:
        return None
    city, last = fields[0], fields[-1]
    if city.islower() or len(city.split()) > 4 or _country(city):
        return None
    if len(fields) == 3:
        country = _country(last)
        region = _region(country, fields[1]) if country else None
        # A country's name is sure enough without a known region, its two letters are not ("Vision, NLP, AI").
        return Place(text, country, region, spelt_out(city)) if region or (country and len(last) > 2) else None
    # "Portland, OR": a bare code behind a city is a state of the US or a province of Canada first.
    for country in ("US", "CA"):
        if region := _region(country, last):
            return Place(text, country, region, spelt_out(city))
    if country := _country(last):
        return Place(text, country, None, spelt_out(city))
    return None


def _country(name: str) -> str | None:
    """The alpha-2 code of a country given by code or name, else None."""
    name = name.strip()
    if name.upper() in _country_codes() and name.isupper():
        return name
    return _country_names().get(name.lower())


def _region(country: str, name: str) -> str | None:
    """The code, without the country, of a region given by code or name, else None."""
    if f"{country}-{name}" in _regions():
        return name
    return _region_names(country).get(_plain(name))


@cache
def _country_codes() -> frozenset[str]:
    import pycountry  # the tables are read from disk: only for those who have a place to read

    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def _country_names() -> dict[str, str]:
    import gettext

    import pycountry

    names = dict(_ALSO)
    folder = pycountry.LOCALES_DIR
    translated = [
        gettext.translation("iso3166-1", folder, languages=[language], fallback=True).gettext
        for language in _LANGUAGES
    ]
    for country in pycountry.countries:
        known = (country.name, country.alpha_3, getattr(country, "common_name", country.name))
        names.update((name.lower(), country.alpha_2) for name in known)
        for translate in translated:
            names.setdefault(translate(country.name).lower(), country.alpha_2)
    return names


@cache
def _regions() -> dict[str, str]:
    """The names of regions by their full codes ("US-MA")."""
    return {region["code"]: region["name"] for region in subdivisions()}


def subdivisions() -> list[dict[str, str]]:
    """ISO 3166-2 as pycountry has it, without the objects and indices that it would keep of it."""
    import pycountry

    table = json.loads((Path(pycountry.DATABASE_DIR) / "iso3166-2.json").read_bytes())
    found: list[dict[str, str]] = table["3166-2"]
    return found


@cache
def _region_names(country: str) -> dict[str, str]:
    own = (code.partition("-") for code in _regions())
    return {_plain(_regions()[f"{of}-{code}"]): code for of, _, code in own if of == country}


def _plain(name: str) -> str:
    """A name without accents and case, as people type it."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


def full_name(place: Place) -> str:
    """The names behind the codes, to read and to search by: "North Reading, Massachusetts, United States"."""
    import pycountry

    country = pycountry.countries.get(alpha_2=place.country) if place.country else None
    region = _regions().get(f"{place.country}-{place.region}")
    names = (place.city, region, country.name if country else None)
    return ", ".join(dict.fromkeys(name for name in names if name)) or place.text


@dataclass(frozen=True, slots=True)
class Where:
    """What words say of where a job is: its places, how it is done, and from where it can be done remotely."""

    places: tuple[Place, ...] = ()
    workplace: Workplace | None = None
    remote_in: tuple[str, ...] = ()


def read_places(text: str) -> Where:
    """Read the words of a place column, in any form."""
    parts = [part.strip() for part in re.split(r"[;\n|]", text[:2_000]) if part.strip()]
    return Where(tuple(parse_place(part) or Place(part[:200]) for part in parts))


def is_place(text: str) -> bool:
    """Whether a text is nothing but places."""
    return parse_place(text) is not None
