"""Signals: what an answer's confidence is judged by, each a number about question, names and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

from bot.query.attributes import gives
from bot.query.plan import Operation
from corpus.gazetteer import NO_IDS, Ids, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answering.facts import Facts
    from bot.query.plan import Plan
    from corpus.store import StoredEntry
    from embeddings.fulltext import Term
    from embeddings.ranking import Hit


LOOKED_AT = 3
"""Hits in which the question's words and attributes are looked for."""

_LONG = 8
_RAREST = 8.0
"""Rarity of a word that is rare in any corpus: what is missing of a plain question weighs less."""

_TELLING = (
    What.TITLE, What.AUTHOR, What.TEAM, What.PLACE, What.ROLE, What.TOPIC, What.PERIOD, What.COMPANY,
    What.EMPLOYMENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about an answer before it is given; ten more were tried and told nothing beside these.

    Attributes:
        nearness: the cosine of the best passage or sentence of the best hits, times the logarithm of the number of
            the question's telling words, eight at most: who tells more is seldom as near by chance.
        shaped: 1 where a number, a day, a person, a place or a reason is asked for and the first quote has one.
        named: 1 where the question has names and the plan carries out all of its words.
        unknown: rarity of the rarest word that no first hit has, as a share of the rarest possible.
        missing: 1 where it names what the corpus does not have; in a list, together with the other names.
        elsewhere: where papers are asked for by no name, the share of the question's words that no first hit has:
            a topic that the corpus does not have is asked for like this.
        withheld: 1 where it asks for an attribute and no first hit gives it.
        leaning: 1 where the conversation brings in what it is about: its own words tell less.
    """

    nearness: float
    shaped: float
    named: float
    unknown: float
    missing: float
    elsewhere: float
    withheld: float
    leaning: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A first hit with what it says, its title, names and places included, and the stems of that."""

    hit: Hit
    entry: StoredEntry
    text: str
    stems: frozenset[str]


def carriers(plan: Plan, hits: Sequence[Hit]) -> list[Hit]:
    """The first hits that carry most of the names in a question: what others say answers nothing about these."""
    sorts: dict[What, Ids] = {}
    for mention in plan.mentions:
        if mention.what in _TELLING:
            sorts[mention.what] = sorts.get(mention.what, NO_IDS) | (mention.entries or mention.named_in_text)
    carried = [sum(hit.passage.entry in entries for entries in sorts.values()) for hit in hits]
    most = max(carried, default=0)
    return [hit for hit, count in zip(hits, carried, strict=True) if count == most][:LOOKED_AT]


def signals_of(
    plan: Plan,
    facts: Facts,
    evidence: Sequence[Evidence],
    hits: Sequence[Hit],
    terms: Mapping[str, Term],
    *,
    shaped: bool,
    leaning: bool,
) -> Signals:
    """Measure an answer.

    Args:
        plan: of the question.
        facts: what its condition selects.
        evidence: the first hits with their texts, best first, ``LOOKED_AT`` at most.
        hits: all hits, best first.
        terms: the question's stems with their rarity.
        shaped: whether the first quote has what the question's shape asks for.
        leaning: whether the conversation brings in what it is about.
    """
    stems = [_held(plan, terms, each) for each in evidence]
    left = [term.rarity for stem, term in terms.items() if not any(stem in held for held in stems)]
    rarest = max((term.rarity for term in terms.values()), default=1.0)
    needed = [attribute for attribute in plan.attributes if attribute.needed]
    given = any(gives(each.text, attribute) for attribute in needed for each in evidence)
    cosine = max((max(hit.cosine, hit.sentence) for hit in hits[:LOOKED_AT]), default=0.0)
    return Signals(
        nearness=cosine * log1p(min(len(terms), _LONG)),
        shaped=float(shaped),
        named=float(bool(plan.mentions) and not plan.left),
        unknown=max(left, default=0.0) / max(rarest, _RAREST),
        missing=float(_missing(plan, facts)),
        elsewhere=_elsewhere(plan, facts, terms, stems),
        withheld=float((bool(needed) and not given) or _authorless(plan, evidence)),
        leaning=float(leaning),
    )


def _held(plan: Plan, terms: Mapping[str, Term], each: Evidence) -> set[str]:
    """The question's stems that an entry has, as words or as names that it carries."""
    spans = [m.span for m in plan.mentions if each.entry.id in m.entries or each.entry.id in m.named_in_text]
    return {
        stem
        for stem, term in terms.items()
        if stem in each.stems or any(term.within(span.start, span.end) for span in spans)
    }


def _elsewhere(plan: Plan, facts: Facts, terms: Mapping[str, Term], held: Sequence[set[str]]) -> float:
    if plan.kind is not Kind.PAPER or plan.named(What.TITLE, What.AUTHOR, What.TEAM, What.PLACE):
        return 0.0
    if plan.is_list and facts.all and not facts.missing and not plan.rest:
        return 0.0
    spans = [mention.span for mention in plan.mentions]
    rest = {s for s, term in terms.items() if not any(term.within(span.start, span.end) for span in spans)}
    total = sum(term.rarity for term in terms.values())
    most = max((sum(terms[stem].rarity for stem in rest & stems) for stems in held), default=0.0)
    return (sum(terms[stem].rarity for stem in rest) - most) / total if total else 0.0


def _missing(plan: Plan, facts: Facts) -> bool:
    absent = any(not mention.entries and not mention.named_in_text for mention in plan.selecting)
    return absent or (plan.is_list and bool(facts.missing))


def _authorless(plan: Plan, evidence: Sequence[Evidence]) -> bool:
    """Whether the authors of a paper are asked for whose page does not name them."""
    titled = any(mention.what is What.TITLE for mention in plan.mentions)
    first = next(iter(evidence), None)
    return plan.operation is Operation.WHO and titled and not (first and first.entry.entry.authors)
