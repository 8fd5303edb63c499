"""Facts that a question names by common words and numbers: "remote", "senior", "over $150k", "five authors"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.query.lexicon import (
    BEFORE_WORK,
    BEHIND,
    CURRENCIES,
    DOUBTFUL,
    FACTS,
    JOBS,
    MORE,
    OF_JOBS,
    PAPERS,
    PAY_WORDS,
    PER,
)
from corpus.english import NUMBERS
from corpus.gazetteer import NO_IDS, Ids, Mention, What
from corpus.gazetteer.cards import VALUES
from corpus.gazetteer.postings import List
from corpus.model import Kind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from numpy.typing import NDArray

    from corpus.gazetteer import Gazetteer
    from corpus.gazetteer.tokens import Asked


_LONGEST = max(len(phrase.split()) for phrase in FACTS)
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[$€£])?\s?(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,2})?)\s?(?P<k>[kK]\b)?(?P<plus>\+)?"
)
_YEARLY = 10_000
"""A sum from which nobody means an hour's or a month's pay."""
_SAID_IN_ROLE = {"internship": "intern", "senior": "senior", "entry": "junior", "phd": "phd", "staff": "staff"}
"""How roles say a value, which then holds whatever the facts do not tell."""
_NAMES = {
    "yes": {
        What.SPONSORSHIP: "that sponsor a visa", What.CITIZENSHIP: "that ask for a citizenship",
        What.CODE: "with code", What.AWARD: "with an award",
    },
}  # fmt: skip
_WHOLE = {">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most", "=": ""}
_SUMS = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "", "..": ""}


_AS_NUMBER = {"single": 1, "sole": 1, "solo": 1, "no": 0, "without": 0}


class _Compared(NamedTuple):
    """A number with how it compares, and the words of both; ``most`` is the upper one of two."""

    sign: str
    least: float
    span: Span
    most: float | None = None


def facts_said(asked: Asked, names: Gazetteer, today: date) -> list[Mention]:
    """The facts that a question names by common words or by numbers.

    A fact that no entry tells is left out: its words then stand for themselves.

    Args:
        asked: the question.
        names: of the corpus.
        today: the day on which it is asked.
    """
    found = [*_by_word(asked, names, today), *_number_of_authors(asked, names), *_pay(asked, names)]
    return [mention for mention in found if mention.entries or mention.unknown != _all(names, mention.what)]


def _all(names: Gazetteer, what: What) -> Ids:
    kind = Kind.PAPER if what in (What.AUTHORS, What.CODE, What.AWARD) else Kind.JOB
    return names.cards.of_kind(kind)


def _by_word(asked: Asked, names: Gazetteer, today: date) -> Iterator[Mention]:
    of_work = asked.has(OF_JOBS)
    at = 0
    while at < len(asked.tokens):
        step = 1
        for stop in range(min(len(asked.tokens), at + _LONGEST), at, -1):
            phrase = " ".join(asked.folded[at:stop])
            if phrase in FACTS and asked.joined(at, stop) and _meant(asked, phrase, at, stop, of_work=of_work):
                what, value = FACTS[phrase]
                mention = _of_value(names, what, value, asked.span(at, stop), today)
                in_role = names.seen.ids(List.ROLE_PHRASE, value) if what is What.DEGREE else NO_IDS
                if in_role and stop < len(asked.tokens) and asked.folded[stop] in JOBS:  # "PhD positions"
                    mention = replace(mention, entries=in_role)
                yield mention
                step = stop - at
                break
        at += step


def _meant(asked: Asked, phrase: str, at: int, stop: int, *, of_work: bool) -> bool:
    """Whether words that may mean something else are the fact here."""
    if FACTS[phrase][0] in (What.CODE, What.AWARD):
        return True
    if phrase not in DOUBTFUL:
        return of_work or not asked.has(PAPERS)
    if phrase in {"visa", "sponsor", "citizen"}:
        return of_work and not (asked.capital(at) and at > 0)
    return not BEFORE_WORK.isdisjoint(asked.folded[stop : stop + 2])


def _of_value(names: Gazetteer, what: What, value: str, span: Span, today: date) -> Mention:
    """The mention of a fact that is told by one of a few words, or is there or not."""
    rows, jobs = names.cards.rows, names.cards.of_kind(Kind.JOB)
    papers = names.cards.of_kind(Kind.PAPER)
    if what in (What.CODE, What.AWARD):
        entries = names.cards.where(rows[str(what)]) & papers
        return Mention(what, _NAMES["yes"][what], span, entries, 1.0, unknown=papers - entries)
    if what is What.SPONSORSHIP:
        chosen, known = rows["sponsorship"] > 0, rows["sponsorship"] != 0
    elif what is What.CITIZENSHIP:
        chosen = known = rows["citizenship"] != b""
    elif what is What.STATUS:
        past = (rows["closes"] > 0) & (rows["closes"] < today.toordinal())
        chosen, known = (rows["closed"] > 0) | (past & (rows["closed"] == 0)), rows["closed"] != 0
    else:
        number = VALUES[str(what)].index(value) + 1
        chosen, known = rows[str(what)] == number, rows[str(what)] > 0
        if value == "internship":
            chosen = chosen | (rows["level"] == 1)
    entries = names.cards.where(chosen) & jobs
    if value in _SAID_IN_ROLE:
        entries |= names.seen.ids(List.ROLE_PHRASE, _SAID_IN_ROLE[value]) & jobs
    unknown = jobs - names.cards.where(known) - entries
    return Mention(what, _NAMES.get(value, {}).get(what, value), span, entries, 1.0, unknown=unknown)


def _number_of_authors(asked: Asked, names: Gazetteer) -> Iterator[Mention]:
    """Papers by how many people wrote them."""
    papers = names.cards.of_kind(Kind.PAPER)
    authors = names.cards.rows["authors"]
    for at, word in enumerate(asked.folded):
        if word not in {"author", "authors", "coauthors", "people", "authored"} or not at:
            continue
        compared = _before_noun(asked, at)
        if compared is None:
            continue
        chosen = _holds(compared.sign, authors, authors, compared.least, compared.most)
        known = authors > 0
        number = int(compared.least)
        if not number:
            known = chosen | True
        entries = names.cards.where(chosen & known) & papers
        name = f"{_WHOLE[compared.sign]} {number}".strip()
        told = f"by {name} {'author' if number == 1 and compared.sign == '=' else 'authors'}"
        told = told if number else "naming no authors"
        yield Mention(What.AUTHORS, told, compared.span, entries, 1.0, unknown=papers - names.cards.where(known))


def _before_noun(asked: Asked, at: int) -> _Compared | None:
    """The number before "authors" with what compares it: "more than five", "5 or more", "a single"."""
    behind = BEHIND.get(" ".join(asked.folded[max(0, at - 2) : at]))
    place = at - 3 if behind else at - 1
    said = asked.folded[place] if place >= 0 else ""
    if said in _AS_NUMBER:
        return _Compared("=", _AS_NUMBER[said], asked.span(place, at + 1))
    number = NUMBERS.get(said) if not said.isdigit() else int(said) if len(said) < 4 else None
    if number is None:
        return None
    for length in (3, 2, 1):
        start = place - length
        if start >= 0 and (sign := MORE.get(" ".join(asked.folded[start:place]))):
            return _Compared(sign, number, asked.span(start, at + 1))
    if behind:
        return _Compared(behind, number, asked.span(place, at + 1))
    if asked.before(place, "with", "by", "has", "have", "having"):
        return _Compared("=", number, asked.span(place - 1, at + 1))
    return None


def _pay(asked: Asked, names: Gazetteer) -> Iterator[Mention]:
    """Jobs by what they pay: a range that reaches over a sum may pay more than it."""
    per = next((PER[word] for word in asked.folded if word in PER), None)
    numbers = list(_NUMBER.finditer(asked.text))
    of_pay = asked.has(PAY_WORDS)
    if not any(of_pay or found["sign"] or found["k"] for found in numbers):
        return
    rows, jobs = names.cards.rows, names.cards.of_kind(Kind.JOB)
    low = np.where(np.isnan(rows["low"]), rows["high"], rows["low"])
    high = np.where(np.isnan(rows["high"]), rows["low"], rows["high"])
    known = ~np.isnan(high)
    for compared in _sums(asked, numbers):
        chosen = known & _holds(compared.sign, low, high, compared.least, compared.most)
        if per:
            chosen &= rows["per"] == VALUES["per"].index(per) + 1
        elif compared.least >= _YEARLY:
            chosen &= (rows["per"] == 0) | (rows["per"] == VALUES["per"].index("year") + 1)
        currency = next((CURRENCIES[c] for c in (*asked.text, *asked.folded) if c in CURRENCIES), None)
        if currency:
            chosen &= (rows["currency"] == currency.encode()) | (rows["currency"] == b"")
        to = f" to {compared.most:,.0f}" if compared.most is not None else ""
        told = f"{_SUMS[compared.sign]} {compared.least:,.0f}{to}".strip()
        name = " ".join(filter(None, (told, currency, f"per {per}" if per else "")))
        entries = names.cards.where(chosen) & jobs
        unknown = jobs - names.cards.where(known)
        yield Mention(What.PAY, f"that may pay {name}", compared.span, entries, 1.0, unknown=unknown)


def _sums(asked: Asked, numbers: list[re.Match[str]]) -> Iterator[_Compared]:
    """The numbers of a question that something compares: "over $150k", "100k+", "between 60 and 80 thousand"."""
    skipped = -1
    for place, found in enumerate(numbers):
        if place == skipped:
            continue
        before = [token for token in asked.tokens if token.end <= found.start()][-3:]
        value = _value(found)
        behind = numbers[place + 1] if place + 1 < len(numbers) else None
        if before and before[-1].folded in {"between", "from"} and behind:
            between = asked.text[found.end() : behind.start()].strip(" -–")
            if between in {"and", "to", ""}:
                skipped = place + 1
                most = _value(behind)
                least = value * 1000 if behind["k"] and not found["k"] else value
                yield _Compared("..", least, Span(before[-1].start, behind.end()), most)
                continue
        after = " ".join(asked.text[found.end() :].split()[:2]).strip("?!.,").lower()
        for length in (3, 2, 1):
            words = before[-length:]
            if len(words) == length and (sign := MORE.get(" ".join(word.folded for word in words))):
                yield _Compared(sign, value, Span(words[0].start, found.end()))
                break
        else:
            if found["plus"] or after in BEHIND:
                end = found.end() + (len(after) + 1 if after in BEHIND else 0)
                yield _Compared(BEHIND.get(after, ">="), value, Span(found.start(), min(end, len(asked.text))))


def _value(found: re.Match[str]) -> float:
    return float(found["digits"].replace(",", "")) * (1000 if found["k"] else 1)


def _holds(
    sign: str, low: NDArray[np.float32], high: NDArray[np.float32], least: float, most: float | None
) -> NDArray[np.bool_]:
    """Whether ranges reach what is asked for; nothing that is not a number does."""
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = {
            ">": lambda: high > least,
            ">=": lambda: high >= least,
            "<": lambda: low < least,
            "<=": lambda: low <= least,
            "=": lambda: (low <= least) & (high >= least),
            "..": lambda: (high >= least) & (low <= (least if most is None else most)),
        }[sign]()
    return found
