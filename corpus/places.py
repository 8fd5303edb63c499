"""Places of job posts: what words such as "US, MA, Boston", "Remote (EU)" or "London; Paris" say, in any form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus import countries
from corpus.countries import GROUP_OF, country_of
from corpus.model import Place, Workplace
from corpus.place_names import HAN, agreed, cities_called, grouped, is_code, is_known, spelt_out, unjoined

if TYPE_CHECKING:
    from collections.abc import Sequence


_LONGEST, _MOST = 4_000, 100
"""Characters of a field that are read, and places that are kept."""
_SURE = frozenset({"US", "USA", "UK", "UAE"})
"""Codes that nobody takes for something else."""
_APART = re.compile(r"[;\n|•‖]|/(?![^(]{0,60}\))")
_IN_BRACKETS = re.compile(r"[;/|+]")
_MORE = re.compile(
    r"\(?\+\s?\d{1,3}(?:\s(?:more|others?|locations?|offices?))?\)?|(?:\band\s)?\b\d{1,3}\+?\s(?:more|other"
    r"|others)\b(?:\s(?:locations?|offices?))?"
    r"|\b\d{1,3}\+?\slocations?\b:?|\b(?:locations?|office|standorte?|ort)\s?:",
    re.IGNORECASE,
)
_OR = re.compile(r"\s(?:or|and|und|oder|o|ou|&)\s|\s?&\s?", re.IGNORECASE)
_FIELDS = re.compile(r"[,()\[\]:@，、·]|\s[-–—]{1,2}\s|–|—|\s\|\s")
_FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")
_WORKPLACE = re.compile(
    r"(?<!\w)(?:(?P<hybrid>hybrid(?:e|o)?|híbrido)"
    r"|(?P<remote>(?:(?:fully|100%|full|partially|partly)[ -])?remote(?:ly)?|telecommut(?:e|ing)"
    r"|telework(?:ing)?|virtual|work from (?:home|anywhere)"
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
    "unknown n/a na none null tbd tba various multiple several flexible unspecified other - -1 -- – —".split()
) | {"not specified", "not listed", "multiple locations", "various locations", "multiple cities"}


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
            remote_in += [*(code for group in part.groups for code in GROUP_OF[group]), *named]
    kept: dict[tuple[str | None, ...], Place] = {}
    for place in agreed(places):
        facts = place.country, place.region, place.city
        kept.setdefault(facts if any(facts) else (place.text,), place)
    way = next((way for way in (Workplace.HYBRID, Workplace.REMOTE, Workplace.ONSITE) if way in ways), None)
    if Workplace.REMOTE in ways and not remote_in:
        remote_in = [place.country for place in kept.values() if place.country and not place.city]
    return Where(tuple(kept.values())[:_MOST], way, tuple(dict.fromkeys(remote_in)), sure and bool(kept))


def is_place(text: str) -> bool:
    """Whether a text is nothing but places, in any form, all of which are known."""
    where = read_places(text) if len(text) <= 300 else Where()
    if not where.sure or all(is_code(place.text) and place.text not in _SURE for place in where.places):
        return False  # a list of short words in capitals is one of anything
    towns = [place for place in where.places if place.city and not cities_called(place.city)]
    return all(place.region and "," in place.text for place in towns)


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
        if not is_known(name) and len(pieces := _OR.split(field)) > 1:
            self._add(pieces[0])
            for piece in pieces[1:]:
                self._runs.append([])
                self._add(piece)
            return
        self.ways += [Workplace(str(found.lastgroup)) for found in _WORKPLACE.finditer(field)]
        if not name or name.lower() in _SAYS_NOTHING:
            return
        if name.lower() in GROUP_OF:
            self.groups.append(name.lower())
        else:
            self._runs[-1] += [name] if is_known(name) else unjoined(name)

    def places(self) -> list[Place]:
        """The places, in order; those that are not understood only if none is."""
        found = [place for run in self._runs if run for place in grouped(run)]
        known = [place for place in found if place.country]
        cities = {place.city for place in known}
        unread = [
            name
            for run in self._runs
            for name in run
            if not is_known(name) and not is_code(name) and spelt_out(name) not in cities
        ]
        self.sure = bool(known) >= bool(found) and all(HAN.match(name) for name in unread)
        return known if known and self._is_ordered(found) else found

    @staticmethod
    def _is_ordered(found: Sequence[Place]) -> bool:
        """Whether what is not understood are districts and houses, and not further cities."""
        unread = [place.text for place in found if place.country is None]
        return not any(cities_called(name) or is_code(name) for name in unread)


def _spelt_flag(flag: re.Match[str]) -> str:
    code = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag.groups())
    return f", {code}, " if country_of(code) else " "


def _stripped(name: str) -> str:
    """A field without words and numbers that are no name's: "MA 02139", "within Canada", "Berlin office"."""
    if is_known(name):
        return name
    words = [word for word in name.strip(".").split() if not _DIGITS.fullmatch(word)]
    for kept in (_KEPT_GLUE, frozenset[str]()):
        while words and words[0].lower() in _GLUE - kept:
            words.pop(0)
        while words and words[-1].lower().strip(".") in _GLUE - kept:
            words.pop()
        if is_known(" ".join(words)):
            break
    return " ".join(words)


def full_name(place: Place) -> str:
    """The names behind the codes, to read and to search by: "North Reading, Massachusetts, United States"."""
    import pycountry

    country = pycountry.countries.get(alpha_2=place.country) if place.country else None
    region = countries.regions().get(f"{place.country}-{place.region}")
    names = (place.city, region, country.name if country else None)
    return ", ".join(dict.fromkeys(name for name in names if name)) or place.text
