"""The catalogue: the facts of the corpus by their names as the pages write them, to choose and to browse by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.gazetteer.model import What
from corpus.model import Kind
from corpus.naming import folded
from corpus.places import full_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.store import StoredEntry


class Catalogue:
    """Names with the entries that carry them. Safe to share between threads: it does not change."""

    def __init__(self, entries: Iterable[StoredEntry]) -> None:
        self._found: dict[What, dict[str, tuple[str, set[int]]]] = {}
        for entry in entries:
            for what, name in _facts(entry):
                shown = " ".join(name.split())
                if key := folded(shown):
                    self._found.setdefault(what, {}).setdefault(key, (shown, set()))[1].add(entry.id)

    def names(self, what: What, typed: str, most: int) -> list[str]:
        """Names in which each typed word begins a word: those that begin with it first, then the most frequent."""
        start, parts = folded(typed), folded(typed).split()
        fitting = [
            (not key.startswith(start), -len(ids), shown)
            for key, (shown, ids) in self._found.get(what, {}).items()
            if all(any(word.startswith(part) for word in key.split()) for part in parts)
        ]
        return [shown for _, _, shown in sorted(fitting)[:most]]

    def entries(self, what: What, name: str) -> frozenset[int]:
        """The entries that carry a name, case and accents aside; none where there is no such name."""
        return frozenset(self._found.get(what, {}).get(folded(name), ("", ()))[1])


def _facts(entry: StoredEntry) -> Iterator[tuple[What, str]]:
    inside = entry.entry
    if inside.kind is Kind.PAPER:
        yield from ((What.AUTHOR, author) for author in inside.authors)
        if inside.section:
            yield What.TOPIC, inside.section
        if entry.venue:
            yield What.VENUE, entry.venue
            if entry.year:
                yield What.VENUE, f"{entry.venue} {entry.year}"
    if inside.kind is Kind.JOB:
        if inside.team:
            yield What.TEAM, inside.team
        if inside.place:
            whole = full_name(inside.place)
            yield What.PLACE, whole
            yield from ((What.PLACE, part) for part in (inside.place.city, whole.rpartition(", ")[2]) if part)
