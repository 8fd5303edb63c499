"""Values: what entries carry of a sort, counted: companies of job posts, topics and authors of papers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.facts import places_of
from corpus.gazetteer import Ids, What
from corpus.gazetteer.topics import read_heading
from corpus.places import full_name
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answering.entry_set import Selection
    from corpus.gazetteer import Gazetteer
    from corpus.model import Place
    from corpus.store import StoredEntry


_MOST = 20_000
"""Entries whose values are counted: more are not read for one question."""


class Value(NamedTuple):
    """A value: folded, as it is shown, and the entries that carry it, one of each family."""

    key: str
    name: str
    entries: Ids


def values_of_all(names: Gazetteer, entries: Ids, what: What) -> tuple[Value, ...]:
    """The values that entries carry, the most frequent first; none of very many entries."""
    carriers: dict[str, set[int]] = defaultdict(set)
    shown: dict[str, str] = {}
    if len(entries) <= _MOST:
        for entry, stored in sorted(names.seen.stored(list(names.cards.distinct(entries))).items()):
            for name in _values(stored, what):
                key = folded(name) or name
                shown.setdefault(key, name)
                carriers[key].add(entry)
    found = (Value(key, shown[key], Ids(ids)) for key, ids in carriers.items())
    return tuple(sorted(found, key=lambda value: (-len(value.entries), value.entries.min(), value.key)))


def most_comparable(entries: Selection) -> Selection:
    """Of job posts those that pay in the same currency for the same time, as most of them do."""
    rows = entries.rows
    known = rows[~np.isnan(rows["high"]) | ~np.isnan(rows["low"])]
    if not len(known):
        return entries[:0]
    kinds, counts = np.unique(known[["currency", "per"]], return_counts=True)
    common = kinds[int(np.argmax(counts))]
    chosen = known[(known["currency"] == common["currency"]) & (known["per"] == common["per"])]
    return entries.within(Ids(chosen["id"].tolist()))


def _values(stored: StoredEntry, what: What) -> Iterator[str]:
    entry, job = stored.entry, stored.entry.job
    if what is What.AUTHOR:
        yield from dict.fromkeys(entry.authors)
    elif what in (What.PLACE, What.CITIZENSHIP):
        yield from dict.fromkeys(filter(None, (_of_place(place, what) for place in places_of(stored))))
    elif what is What.SKILL:
        yield from dict.fromkeys(job.skills if job else ())
    else:
        venue = " ".join(str(part) for part in (stored.venue, stored.year) if part)
        value = {
            What.COMPANY: job.company if job else None,
            What.LEVEL: job.level if job else None,
            What.TEAM: entry.team,
            What.TOPIC: read_heading(entry.section)[0] if entry.section else None,
            What.VENUE: venue if stored.venue else None,
            What.YEAR: str(stored.year) if stored.year else None,
            What.TRACK: entry.track,
            What.DIGEST: stored.digest,
        }.get(what)
        if value:
            yield value


def _of_place(place: Place, what: What) -> str | None:
    country = full_name(replace(place, city=None, region=None)) if place.country else None
    return country if what is What.CITIZENSHIP else place.city or country
