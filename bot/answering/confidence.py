"""Signals: what an answer's confidence is judged by, each a number about question, names and what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from typing import TYPE_CHECKING

from bot.query.attributes import gives
from bot.query.plan import Operation
from corpus.english import is_everyday
from corpus.gazetteer import NO_IDS, Ids, What
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answering.facts import Facts
    from bot.query.plan import Plan
    from corpus.gazetteer import Mention
    from corpus.store import StoredEntry
    from embeddings.fulltext import Term
    from embeddings.ranking import Hit


_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")

LOOKED_AT = 3
"""Hits in which the question's words and attributes are looked for."""

_REMEMBERED = 256
"""Entries whose words are remembered: the same few are quoted again and again."""

_TELLING = (
    What.TITLE, What.AUTHOR, What.TEAM, What.PLACE, What.ROLE, What.TOPIC, What.PERIOD, What.COMPANY,
    What.EMPLOYMENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about an answer before it is given.

    Attributes:
        cosine: of the best passage or sentence of the best hits.
        first: the same of the first hit alone.
        margin: by how much the first hit's is above the mean of the others.
        covered: the share of the question's words, weighted by rarity, in the best of the first hits.
        together: the same in the first hits together.
        rest: the same for the words that are no names; 1 where there are none.
        unknown: rarity of the rarest word that none of them has, as a share of the rarest possible.
        strangers: words that look like names and stand in none of the first hits, two at most.
        unheard: words that everyday English does not have and none of the first hits, two at most.
        named: exactness of the best name of the question that a first hit carries; topics, which are words like
            others, do not count.
        heading: the share of the words that are no names in the title and headings of a first hit.
        selected: 1 where the facts select a list, by a person or place or with nothing else asked for.
        missing: 1 where it names what the corpus does not have; in a list, together with the other names.
        elsewhere: where papers are asked for by no name, the share of the question's words that no first hit has:
            a topic that the corpus does not have is asked for like this.
        given: 1 where it asks for an attribute and a first hit gives it.
        withheld: 1 where it asks for an attribute and none gives it.
        agreement: 1 where words and vectors prefer the same hit.
        length: logarithm of the number of its telling words.
    """

    cosine: float
    first: float
    margin: float
    covered: float
    together: float
    rest: float
    unknown: float
    strangers: float
    unheard: float
    named: float
    heading: float
    selected: float
    missing: float
    elsewhere: float
    given: float
    withheld: float
    agreement: float
    length: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A first hit with what it says, title, names and places included, the stems of that and of its headings."""

    hit: Hit
    entry: StoredEntry
    text: str
    stems: frozenset[str]
    heading: frozenset[str]


def carriers(reading: Plan, hits: Sequence[Hit]) -> list[Hit]:
    """The first hits that carry most of the names in a question: what others say answers nothing about these."""
    sorts: dict[What, Ids] = {}
    for mention in reading.mentions:
        if mention.what in _TELLING:
            sorts[mention.what] = sorts.get(mention.what, NO_IDS) | (mention.entries or mention.named_in_text)
    carried = [sum(hit.passage.entry in entries for entries in sorts.values()) for hit in hits]
    most = max(carried, default=0)
    return [hit for hit, count in zip(hits, carried, strict=True) if count == most][:LOOKED_AT]


def signals_of(
    reading: Plan, facts: Facts, evidence: Sequence[Evidence], hits: Sequence[Hit], terms: Mapping[str, Term]
) -> Signals:
    """Measure an answer.

    Args:
        reading: the question.
        facts: what its names select.
        evidence: the first hits with their texts, best first, ``LOOKED_AT`` at most.
        hits: all hits, best first.
        terms: the question's stems with their rarity.
    """
    strangers = _strangers(reading, evidence)
    sentences = [hit.sentence for hit in hits[:5]]
    near = [max(hit.cosine, sentence) for hit, sentence in zip(hits, sentences, strict=False)] or [0.0]
    named = _named_stems(reading, terms)
    held = [_held(named, terms, each) for each in evidence]
    together = set().union(*held) if held else set()
    total = sum(term.rarity for term in terms.values())
    shares = [_weight(terms, stems) / total if total else 0.0 for stems in held]
    # Who asks for all of a person or a place may say more about it ("the one with the hat"): no page has to.
    rest = set() if _selected(reading, facts) else set(terms).difference(*(stems for _, stems in named))
    rest_total = _weight(terms, rest)
    rest_held = max((_weight(terms, rest & stems) for stems in held), default=0.0)
    left = [term.rarity for stem, term in terms.items() if stem not in together]
    rarest = max((term.rarity for term in terms.values()), default=1.0)
    wanted = [attribute for attribute in reading.attributes if attribute.needed]
    given = bool(wanted) and any(gives(each.text, attribute) for attribute in wanted for each in evidence)
    words = max(hits[:5], key=lambda hit: hit.lexical) if hits else None
    meaning = hits[sentences.index(max(sentences))] if hits else None
    return Signals(
        cosine=max(near[:LOOKED_AT]),
        first=near[0],
        margin=near[0] - sum(near[1:]) / len(near[1:]) if len(near) > 1 else 0.0,
        covered=max(shares, default=0.0),
        together=_weight(terms, together) / total if total else 0.0,
        rest=rest_held / rest_total if rest_total else 1.0,
        unknown=max(left, default=0.0) / max(rarest, 8.0),
        strangers=float(min(2, sum(shaped for shaped in strangers))),
        unheard=float(min(2, sum(not shaped for shaped in strangers))),
        named=_named(reading, evidence),
        heading=max((_weight(terms, rest & each.heading) / rest_total for each in evidence), default=0.0)
        if rest_total
        else 1.0,
        selected=float(_selected(reading, facts)),
        missing=float(_missing(reading, facts)),
        elsewhere=(rest_total - rest_held) / total if total and _by_topic(reading) else 0.0,
        given=float(given),
        withheld=float((bool(wanted) and not given) or _authorless(reading, evidence)),
        agreement=float(words is not None and words is meaning and words.lexical > 0),
        length=log1p(len(terms)),
    )


def _selected(reading: Plan, facts: Facts) -> bool:
    if not reading.is_list or not facts.all or facts.missing:
        return False
    return not reading.rest or bool(reading.named(What.AUTHOR, What.PLACE))


def _by_topic(reading: Plan) -> bool:
    return reading.kind is Kind.PAPER and not reading.named(What.TITLE, What.AUTHOR, What.TEAM, What.PLACE)


def _missing(reading: Plan, facts: Facts) -> bool:
    absent = any(not mention.entries and not mention.named_in_text for mention in reading.selecting)
    return absent or (reading.is_list and bool(facts.missing))


def _named_stems(reading: Plan, terms: Mapping[str, Term]) -> list[tuple[Mention, set[str]]]:
    """The names of a question, each with the stems that stand in it."""
    return [
        (m, {stem for stem, term in terms.items() if term.within(m.span.start, m.span.end)})
        for m in reading.mentions
    ]


def _held(named: Sequence[tuple[Mention, set[str]]], terms: Mapping[str, Term], each: Evidence) -> set[str]:
    """The question's stems that an entry has, as words or as names that it carries."""
    held = {stem for stem in terms if stem in each.stems}
    for mention, stems in named:
        if each.entry.id in mention.entries or each.entry.id in mention.named_in_text:
            held |= stems
    return held


def _weight(terms: Mapping[str, Term], stems: set[str]) -> float:
    return sum(terms[stem].rarity for stem in stems)


def _strangers(reading: Plan, evidence: Sequence[Evidence]) -> list[bool]:
    """For each word that no first hit says and that is no everyday one: whether it is written like a name."""
    known = [_words(each.text) for each in evidence]
    names = [m.span for m in reading.mentions if m.entries or m.named_in_text]
    found: list[bool] = []
    for word in _WORD.finditer(reading.question):
        parts = folded(word[0]).split()
        covered = any(span.start <= word.start() < span.end for span in names)
        if (
            covered
            or not parts
            or all(part.isdigit() for part in parts)
            or not all(said.isdisjoint(parts) for said in known)
        ):
            continue
        shaped = any(c.isupper() for c in word[0][1:]) or (word[0][0].isupper() and word.start() > 0)
        if shaped or not all(map(is_everyday, parts)):
            found.append(shaped)
    return found


@lru_cache(_REMEMBERED)
def _words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def _named(reading: Plan, evidence: Sequence[Evidence]) -> float:
    ids = [each.entry.id for each in evidence]
    return max(
        (
            m.exactness
            for m in reading.mentions
            if m.what in _TELLING
            and m.what is not What.TOPIC
            and any(i in m.entries or i in m.named_in_text for i in ids)
        ),
        default=0.0,
    )


def _authorless(reading: Plan, evidence: Sequence[Evidence]) -> bool:
    """Whether the authors of a paper are asked for whose page does not name them."""
    titled = any(mention.what is What.TITLE for mention in reading.mentions)
    first = next(iter(evidence), None)
    return reading.operation is Operation.WHO and titled and not (first and first.entry.entry.authors)
