"""Lists: questions for all that carries a fact, for facts that go together, and for facts that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.exam.making import ExamQuestion
from corpus.model import Kind
from corpus.places import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from corpus.store import StoredEntry

_PAIRS = 40
"""Questions for facts that go together, and as many for such as do not, at most."""

Keys = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The keys of the entries that carry an author, a topic, a topic at a conference, a place, a team."""

    authors: Keys
    topics: Keys
    events: Keys
    places: Keys
    teams: Keys


def lists_of(entries: Sequence[StoredEntry], random: Random) -> Iterator[ExamQuestion]:
    """Make questions for lists of entries; those about facts that do not go together cannot be answered."""
    facts = _facts_of(entries)
    papers, jobs = Kind.PAPER, Kind.JOB
    by = ("papers by {}", "what has {} written?", "{}?", "anything by {}")
    yield from _listed(facts.authors, by, "author", papers, random)
    yield from _listed(
        facts.events, ("{}", "how many {}", "list the {}", "are there {}?"), "topic", papers, random
    )
    at = ("openings in {}", "jobs in {}?", "anything open in {}", "{} jobs", "how many jobs in {}")
    yield from _listed(facts.places, at, "place", jobs, random)
    of = ("what is open in the {} team", "is {} hiring", "jobs at {}")
    yield from _listed(facts.teams, of, "team", jobs, random)
    yield from _paired(facts.authors, facts.topics, ("papers by {} on {}", "{} {} papers"), papers, random)
    yield from _paired(facts.teams, facts.places, ("{} jobs in {}", "is {} hiring in {}?"), jobs, random)


def _listed(
    named: Mapping[str, set[str]], templates: Sequence[str], form: str, kind: Kind, random: Random
) -> Iterator[ExamQuestion]:
    for name, keys in named.items():
        yield ExamQuestion(random.choice(templates).format(name), kind, form, frozenset(keys), (name,))


def _paired(
    one: Keys, other: Keys, templates: Sequence[str], kind: Kind, random: Random
) -> Iterator[ExamQuestion]:
    if not one or not other:
        return
    carried: Keys = {}
    for b, keys in other.items():
        for key in keys:
            carried.setdefault(key, set()).add(b)
    together = sorted({(a, b) for a, keys in one.items() for key in keys for b in carried.get(key, ())})
    names, others = list(one), list(other)
    drawn = dict.fromkeys((random.choice(names), random.choice(others)) for _ in range(4 * _PAIRS))
    apart = [(a, b) for a, b in drawn if not one[a] & other[b]]
    for form, pairs in (("two facts", together), ("absent combination", apart)):
        for a, b in random.sample(pairs, min(len(pairs), _PAIRS)):
            gold = frozenset(one[a] & other[b])
            yield ExamQuestion(random.choice(templates).format(a, b), kind, form, gold, (a, b))


def _facts_of(entries: Sequence[StoredEntry]) -> _Facts:
    facts = _Facts({}, {}, {}, {}, {})
    for entry in entries:
        inside = entry.entry
        for author in inside.authors:
            facts.authors.setdefault(author, set()).add(entry.key)
        if inside.kind is Kind.PAPER and inside.section:
            event = " ".join(str(part) for part in (entry.venue, entry.year) if part)
            facts.topics.setdefault(inside.section, set()).add(entry.key)
            asked = f"{inside.section} papers" + (f" at {event}" if event else "")
            facts.events.setdefault(asked, set()).add(entry.key)
        if inside.kind is Kind.JOB and inside.place:
            country = full_name(inside.place).rpartition(", ")[2]
            for name in sorted({inside.place.city, country} - {None, ""}, key=str):
                facts.places.setdefault(str(name), set()).add(entry.key)
        if inside.kind is Kind.JOB and inside.team:
            facts.teams.setdefault(inside.team, set()).add(entry.key)
    return facts
