"""The filters of ``list``: what is asked for, compared without regard to case, accents and punctuation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.model import Place
    from corpus.store.records import StoredEntry


@dataclass(frozen=True, slots=True)
class Found:
    """An entry, once, with the ids of all documents that carry it."""

    stored: StoredEntry
    documents: tuple[str, ...]


def merge_repeats(entries: Iterable[StoredEntry]) -> list[Found]:
    """Make one of the entries with the same key, in the order of their first appearance."""
    groups: dict[str, list[StoredEntry]] = {}
    for stored in entries:
        groups.setdefault(stored.key, []).append(stored)
    return [Found(same[0], tuple(dict.fromkeys(each.document for each in same))) for same in groups.values()]


def names(wanted: str | None, *texts: str | None) -> bool:
    """Whether one of the texts contains what is wanted; None is contained in everything."""
    return wanted is None or any(_inside(folded(wanted), folded(text)) for text in texts if text)


def names_place(wanted: str | None, place: Place | None) -> bool:
    """Whether every part of what is wanted ("Boston, US") is the place's country, region or city.

    Codes are compared whole ("IN" is India, not Turin), words in part.
    """
    if wanted is None:
        return True
    if place is None:
        return False
    words = [folded(text) for text in (place.text, place.city, *_spelt_out(place)) if text]
    codes = {folded(code) for code in (place.country, place.region) if code}
    codes.update(word for text in words for word in text.split())
    parts = [folded(part) for part in wanted.split(",") if part.strip()]
    return bool(parts) and all(
        part in codes or (len(part) > 2 and any(part in text for text in words)) for part in parts
    )


def _inside(part: str, text: str) -> bool:
    return bool(part) and part in text


def _spelt_out(place: Place) -> list[str]:
    if not place.country:
        return []
    import pycountry  # its tables are read from disk: only for those who ask for a place

    country = pycountry.countries.get(alpha_2=place.country)
    code = f"{place.country}-{place.region}"
    region = pycountry.subdivisions.get(code=code) if place.region else None  # type: ignore[no-untyped-call]
    shown = [country.alpha_3, country.name, getattr(country, "common_name", "")] if country else []
    return [*shown, region.name] if region else shown
