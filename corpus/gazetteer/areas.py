"""Areas by their names, as a question means them where the job posts lie where they do, and by misspelt ones."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer import geography
from corpus.gazetteer.geography import Area
from corpus.gazetteer.seen import alike, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.gazetteer.jobplaces import JobPlaces

_ALWAYS = frozenset({"US", "CA"})
"""Countries whose regions are meant though no post lies in them."""

_REMEMBERED = 4096
"""Misspelt names whose likes among the world's areas are remembered."""


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
