"""The summary: one line composed from the facts, stating nothing that the citations do not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.recency import latest_told, time_told
from bot.understanding.periods import Sort
from bot.understanding.reading import Intent, Reading
from corpus.gazetteer import NO_IDS, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.facts import Facts
    from bot.selection import Selection
    from corpus.store import StoredEntry

_NOUNS = {
    Kind.PAPER: ("paper", "papers"),
    Kind.JOB: ("job post", "job posts"),
    Kind.ARTICLE: ("section", "sections"),
    Kind.FIGURE: ("figure", "figures"),
}
_NEAR = re.compile(r"\b(?:near|nearby|around|close to|outside)\b", re.IGNORECASE)


def summary_of(reading: Reading, facts: Facts, shown: Sequence[StoredEntry]) -> str | None:
    """Say what the facts answer, or None where the quotes speak for themselves.

    Args:
        reading: the question.
        facts: what its names select.
        shown: the entries that are cited, in order.
    """
    if reading.intent is Intent.WHO and shown and shown[0].entry.authors:
        first = shown[0].entry
        return f"{first.title}: {_joined(first.authors)}"
    if not reading.is_list:
        return None
    if facts.groups:
        kind = next((entry.kind for group in facts.groups for entry in group.entries), Kind.PAPER)
        counts = "; ".join(f"{group.name}: {_counted(len(group.entries), kind)}" for group in facts.groups)
        compared = NO_IDS.union(*(group.entries.ids for group in facts.groups))
        return counts + _cut(len(facts.entries.cards.distinct(compared)), facts.entries, shown)
    if not facts.all:
        return None
    kind = facts.all[0].kind
    said = f"{_counted_by_kind(facts.entries)}{_qualified(reading, facts)}" if facts.entries else ""
    if facts.in_text:
        places = _joined([m.name for m in reading.named(What.PLACE, What.YEAR)]) or "that"
        more = f"{len(facts.in_text)} more" if said else _counted(len(facts.in_text), kind)
        verb = "names" if len(facts.in_text) == 1 else "name"
        said += f"{'; ' if said else ''}{more} {verb} {places} in the text"
    if reading.period and reading.rest:  # they are ranked by what else is asked, and nobody has counted that
        return f"The nearest of {said}"
    return said + _cut(len(facts.all), facts.all, shown)


def missing_of(reading: Reading, facts: Facts) -> str | None:
    """Say which of the named things the corpus does not have; None where it has them all."""
    if not facts.missing:
        return None
    noun = "job posts" if reading.kind is Kind.JOB else "papers" if reading.kind is Kind.PAPER else "entries"
    if reading.kind is None and reading.period and all(m.what is What.PERIOD for m in reading.selecting):
        noun = "papers or job posts"
    said = f"The digest has no {noun}{_qualified(reading, facts)}."
    return f"{said} {latest_told(reading.period, facts.latest)}" if facts.latest else said


def browsed(total: int, kind: Kind, wanted: Mapping[What, str], page: int, pages: int) -> str:
    """Say how many entries there are of what was chosen, and which page of them is shown."""
    words = {What.AUTHOR: "by", What.TOPIC: "under", What.VENUE: "at", What.TEAM: "of the team", What.PLACE: "in"}
    said = " ".join([_counted(total, kind), *(f"{words[what]} {name}" for what, name in wanted.items())])
    return f"{said}; page {page} of {pages}" if pages > 1 else said


def no_authors_of(entry: StoredEntry) -> str:
    """Say that a page does not name the authors of a paper."""
    return f"The digest does not name the authors of {entry.entry.title}."


def _counted(number: int, kind: Kind) -> str:
    one, several = _NOUNS[kind]
    return f"{number or 'no'} {one if number == 1 else several}"


def _counted_by_kind(entries: Selection) -> str:
    return _joined([_counted(entries.counts[kind], kind) for kind in _NOUNS if kind in entries.counts])


def _qualified(reading: Reading, facts: Facts) -> str:
    """By whom, under what, at which venue, where, since when: the names that selected, behind a blank."""
    named: dict[What, list[str]] = {}
    for mention in reading.selecting:
        names = named.setdefault(mention.what, [])
        if mention.name not in names:
            names.append(mention.name)
    parts: list[str] = []
    latest = reading.period is not None and reading.period.sort is Sort.LATEST_DIGEST
    for what, preposition in (
        (What.ROLE, "for"),
        (What.AUTHOR, "by"),
        (What.TOPIC, "under headings like" if facts.wider else "under"),
        (What.VENUE, "at"),
        (What.YEAR, "of"),
        (What.TEAM, "of the team"),
        (What.PLACE, "around" if _around(reading) else "in"),
        (What.DIGEST, "in"),
    ):
        told = what is What.DIGEST and (latest or (len(named) > 1 and What.VENUE in named))
        if what not in named or told:
            continue
        if what is What.YEAR and What.VENUE in named and len(named[What.VENUE]) == 1:
            parts[-1] += f" {_joined(named[what])}"
        else:
            parts.append(f"{preposition} {_joined(named[what])}")
    return "".join(f" {part}" for part in parts) + time_told(reading.period, facts.entries)


def _around(reading: Reading) -> bool:
    """Whether a place is asked for with what lies near it."""
    return any(
        _NEAR.search(reading.question[max(0, mention.span.start - 12) : mention.span.end])
        for mention in reading.named(What.PLACE)
    )


def _cut(total: int, entries: Selection, shown: Sequence[StoredEntry]) -> str:
    seen = len(set(entries.places_of(entry.id for entry in shown).values()))
    first = "the first is" if seen == 1 else f"the first {seen} are"
    return f"; {first} shown" if 0 < seen < total else ""


def _joined(names: Sequence[str]) -> str:
    """Names as a reader lists them: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
