"""Places: the countries, regions, cities and areas that a question names, and the job posts that lie in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.cities import large_cities
from corpus.gazetteer import areas as geography
from corpus.gazetteer.job_places import Areas, JobPlaces, region_area
from corpus.gazetteer.mentions import NO_IDS, Mention, What
from corpus.gazetteer.tokens import JOB_CUES, STOP, word_set

if TYPE_CHECKING:
    from corpus.cities import Point
    from corpus.gazetteer.areas import Area
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked


_LONGEST = 5
_NEAR_KM = 60.0
_NEAR = word_set("near around nearby outside surrounding greater metro commutable")
_NEAR_TO = {
    tuple(cue.split())
    for cue in (
        "close to", "next to", "vicinity of", "km of", "miles of", "distance of", "commute to", "commute from",
        "drive from", "distance from",
    )
}  # fmt: skip
_NEAR_BEHIND = word_set("area metro metropolitan region")
_IN = word_set("in at near around from outside within to or and for")
_SURELY_IN = word_set("in near around")
_ALSO_WORDS = word_set(
    "turkey jordan chad guinea jersey man georgia china hungary cuba mali togo cali mass dach central eu mena"
    " victoria georgetown iberia"
)
_CODES_ALSO_WORDS = word_set(
    "al as co de hi id in la ma me mo ms nd oh ok or pa pr ai ml it no us is be at by my to so"
)
_COUNTRIES_OF_CODES = ("US", "CA", "AU", "IN")
"""Countries whose regions are called by two letters, the first to have one wins."""

_REMEMBERED = 8192
"""Names whose places are remembered, most of which are no place's."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the question that names a place: words, name, the area or city, exactness."""

    start: int
    stop: int
    name: str
    area: geography.Area | None
    city: str | None = None
    points: tuple[Point, ...] = ()
    exactness: float = 1.0
    world: bool = False


class Locations:
    """The places of the corpus and of the world."""

    def __init__(self, seen: Seen) -> None:
        self._jobs = JobPlaces(seen)
        self._areas = Areas(self._jobs)
        self._places = lru_cache(_REMEMBERED)(self._places_of)

    def read(self, asked: Asked) -> list[Mention]:
        """The places that a question names."""
        found: list[Found] = []
        for length in range(_LONGEST, 0, -1):
            for start in range(len(asked.tokens) - length + 1):
                stop = start + length
                taken = found and any(f.start < stop and start < f.stop for f in found)
                if not taken and asked.joined(start, stop):
                    found += self._found(asked, start, stop)
        return [
            self._mention(asked, each) for each in self._qualified(asked, sorted(found, key=lambda f: f.start))
        ]

    def _found(self, asked: Asked, start: int, stop: int) -> list[Found]:
        name = " ".join(asked.folded[start:stop])
        if stop - start == 1 and len(name) == 2 and name not in {"uk", "eu", "us"}:
            return self._code(asked, start, name)
        if self._places(name):
            return [hit for hit in self._known(name, start, stop) if self._meant(asked, hit, name)]
        if (
            asked.plain(start, stop)
            or asked.folded[start] in STOP
            or asked.folded[stop - 1] in STOP
            or (stop - start > 1 and len(asked.folded[stop - 1]) == 2)  # a city and its state's code
            or len(name) < 5
        ):
            return []
        cue = asked.has(JOB_CUES) or asked.before(start, *_IN) or asked.alone(start, stop) or asked.capital(start)
        near = self._near(name) if cue else []
        hits = [replace(hit, exactness=exact) for known, exact in near for hit in self._known(known, start, stop)]
        return list({hit.name: hit for hit in hits}.values())

    def _near(self, name: str) -> list[tuple[str, float]]:
        """The names of the corpus's cities, and of areas that have posts, that are nearest to a misspelt one."""
        near = [*self._jobs.near(name), *self._areas.near(name)]
        most = max((exact for _, exact in near), default=0.0)
        return [(known, exact) for known, exact in near if exact == most]

    def _known(self, name: str, start: int, stop: int) -> list[Found]:
        """The places of this very name at a stretch of the question."""
        return [replace(place, start=start, stop=stop) for place in self._places(name)]

    def _places_of(self, name: str) -> list[Found]:
        """The places of a name: the corpus's city or area, else the world's; the stretch is any."""
        areas = self._areas.of(name)
        if city := self._jobs.city(name):
            area = next((a for a in areas if self._jobs.within(a) & self._jobs.in_city(city)), None)
            return [Found(0, 1, self._jobs.shown(city), area, city, self._jobs.points(city))]
        here = [area for area in areas if self._jobs.within(area)] or areas[:1]
        if here:
            return [Found(0, 1, area.name, area) for area in here]
        return self._in_world(name)

    def _in_world(self, name: str) -> list[Found]:
        cities = large_cities(name) if len(name) > 2 and name not in STOP else ()
        points = tuple(city.point for city in cities)
        return [Found(0, 1, cities[0].name, None, None, points, world=True)] if cities else []

    def _meant(self, asked: Asked, found: Found, name: str) -> bool:
        """Whether a name that may be a word, or a person's, is the place's here."""
        start, stop = found.start, found.stop
        cue = asked.has(JOB_CUES)
        capital = asked.capital(start) and (start > 0 or asked.alone(start, stop) or cue)
        if name == "us":
            return asked.caps(start) or asked.tokens[start].text == "US"
        if not cue and not asked.before(start, *_IN) and self._of_name(asked, start, stop):
            return False
        if name in _ALSO_WORDS or asked.plain(start, stop):
            several = found.city is not None and stop - start > 1
            inside = asked.before(start, *_SURELY_IN) and (cue or stop == len(asked.tokens))
            return capital or inside or several or stop - start == len(asked.tokens)
        foreign = found.area is not None and not found.area.countries and not self._jobs.within(found.area)
        if not found.city and (found.world or foreign):
            behind_city = start > 0 and self._is_city(asked.folded[start - 1])
            return capital or cue or asked.before(start, *_SURELY_IN) or asked.alone(start, stop) or behind_city
        return True

    def _of_name(self, asked: Asked, start: int, stop: int) -> bool:
        """Whether a capitalised word that is neither ordinary nor a place stands beside: "Michael Jordan"."""
        beside = [at for at in (start - 1, stop) if 0 <= at < len(asked.tokens)]
        return stop - start == 1 and any(
            asked.joined(min(at, start), max(at, start) + 1)
            and asked.tokens[at].text[0].isupper()
            and len(asked.folded[at]) > 2
            and asked.folded[at] not in asked.ordinary
            and not self._areas.of(asked.folded[at])
            and not self._jobs.city(asked.folded[at])
            for at in beside
        )

    def _is_city(self, name: str) -> bool:
        return bool(self._jobs.city(name) or large_cities(name))

    def _code(self, asked: Asked, at: int, name: str) -> list[Found]:
        """The place behind a code of two letters: in capitals, or in small ones where it is clear."""
        inside = at > 0 and (asked.before(at, "in", "near") or asked.gap(at - 1).strip() == ",")
        behind_city = at > 0 and self._jobs.city(asked.folded[at - 1]) is not None
        caps = asked.tokens[at].text.isupper()
        if (city := self._jobs.city(name)) and (caps or inside):
            return [Found(at, at + 1, self._jobs.shown(city), None, city, self._jobs.points(city))]
        areas = (region_area(country, name.upper()) for country in _COUNTRIES_OF_CODES)
        for area in filter(None, areas):
            carried = bool(self._jobs.within(area))
            doubtful = name in _CODES_ALSO_WORDS and not (caps and name == "ma")
            led_up_to = inside or behind_city
            if (caps and led_up_to) or (carried and not doubtful and (caps or led_up_to)):
                return [Found(at, at + 1, area.name, area)]
        return []

    def _qualified(self, asked: Asked, found: list[Found]) -> list[Found]:
        """A city and the region or country that follows it as one place: "Bellevue, Washington"."""
        merged: list[Found] = []
        for each in found:
            last = merged[-1] if merged else None
            if last and each.area and not each.city and self._follows(asked, last, each):
                merged[-1] = self._joined(last, each, each.area)
            else:
                merged.append(each)
        return merged

    def _follows(self, asked: Asked, city: Found, other: Found) -> bool:
        """Whether a place stands right behind a city, a comma between at most."""
        is_city = bool(city.city or city.world)
        return is_city and city.stop == other.start and asked.gap(city.stop - 1).strip() in {"", ","}

    def _joined(self, city: Found, other: Found, area: Area) -> Found:
        """A city in a region or country; of that name but elsewhere than the corpus's, it has no job posts."""
        if not city.city or self._jobs.in_city(city.city) & self._jobs.within(area):
            return replace(city, stop=other.stop, area=None)
        name = f"{city.name}, {other.name}"
        return replace(city, stop=other.stop, name=name, area=None, city=None, points=())

    def _mention(self, asked: Asked, found: Found) -> Mention:
        entries = self._jobs.within(found.area) if found.area else NO_IDS
        if found.city:
            entries |= self._jobs.in_any(found.city)
        start, stop = found.start, found.stop
        if found.points and (near := _near(asked, start, stop)):
            for point in found.points:
                entries |= self._jobs.within(geography.Area("", centre=point, radius=_NEAR_KM))
            start, stop = near
        named = self._jobs.named(found.name, found.area, found.city) - entries
        unknown = self._jobs.anywhere_in(entries, None if found.city else found.area)
        span, sure = asked.span(start, stop), round(found.exactness, 3)
        return Mention(What.PLACE, found.name, span, entries, sure, named, unknown=unknown)


def _near(asked: Asked, start: int, stop: int) -> tuple[int, int] | None:
    """The words from the cue that says "near" to the place; None where there is no such cue."""
    if start and asked.folded[start - 1] in _NEAR:
        return start - 1, stop
    if start > 1 and tuple(asked.folded[start - 2 : start]) in _NEAR_TO:
        return start - 2, stop
    behind = stop < len(asked.tokens) and asked.folded[stop] in _NEAR_BEHIND and asked.gap(stop - 1) == " "
    return (start, stop + 1) if behind else None
