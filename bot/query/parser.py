"""The parser: from a question to its plan."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.query.attributes import Attribute, asked_attributes
from bot.query.clauses import clauses_of
from bot.query.fact_words import facts_said
from bot.query.lexicon import (
    CURRENCIES,
    FIGURES,
    GROUPS,
    JOBS,
    NOT,
    OF_JOBS,
    OF_PAPERS,
    OPERATION_WORDS,
    PAPERS,
    PAY_WORDS,
    PER,
)
from bot.query.operations import operation_of
from bot.query.periods import Sort, period_of, timed
from bot.query.plan import Plan, Use, Word
from corpus.english import NUMBERS, ORDINALS, STOP, is_everyday
from corpus.errors import QuestionError
from corpus.gazetteer import Gazetteer, Mention, What
from corpus.gazetteer.mentions import overlap
from corpus.gazetteer.postings import WORDS, List
from corpus.gazetteer.tokens import Asked
from corpus.model import Kind, Span
from corpus.text import words as names_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.query.periods import Period


MAX_CHARACTERS = 1_000

_QUESTION_WORD = re.compile(r"[^\W_]{2,}|\d")
_MENTION = re.compile(r"<(?:[@#][!&]?\d+|a?:\w+:\d+|/[^:>]+:\d+|t:\d+(?::\w)?)>")
_SURE = 0.8
_FEWEST, _CAPITALS = 3, 0.8
"""Words of four letters from which their case can be judged, and the share in capitals that tells nothing."""

_PLACES = {"first": 1, "lead": 1, "last": -1, "senior": -1}
_APOSTROPHES = ("'", "’", "`")
_SHORTENED = ("t", "re", "ve", "ll", "d", "m")

PAPER_FACTS = frozenset(
    {What.AUTHOR, What.TITLE, What.TOPIC, What.VENUE, What.AUTHORS, What.CODE, What.AWARD, What.TRACK}
)
JOB_FACTS = frozenset(
    {
        What.PLACE, What.TEAM, What.ROLE, What.COMPANY, What.SKILL, What.TERM, What.WORKPLACE, What.EMPLOYMENT,
        What.LEVEL, What.DEGREE, What.PAY, What.SPONSORSHIP, What.CITIZENSHIP, What.STATUS,
    }
)  # fmt: skip
_BY_WORD = frozenset(
    {What.WORKPLACE, What.EMPLOYMENT, What.LEVEL, What.DEGREE, What.SPONSORSHIP, What.CITIZENSHIP, What.STATUS}
)
_STRONGER = frozenset(
    {What.ROLE, What.TITLE, What.TEAM, What.TOPIC, What.COMPANY, What.SKILL, What.PLACE, What.DIGEST}
)
"""Names within which a common word is no fact of its own: the "remote" of "remote sensing"."""


def check(question: str) -> str:
    """Clean a question of invisible characters, Discord's marks and needless white space.

    Raises:
        QuestionError: no word is left, or it is longer than ``MAX_CHARACTERS``.
    """
    bare = _MENTION.sub(" ", question)
    visible = bare
    if not (bare.isascii() and bare.isprintable()):  # as most are: nothing in them is invisible
        visible = "".join(
            c if unicodedata.category(c)[0] != "C" else " " for c in bare if c not in "\u200b\u200d\u2060\u00ad"
        )
    asked = " ".join(visible.split())
    if not _QUESTION_WORD.search(asked):
        raise QuestionError("ask in words, for example: who wrote a paper, what is open in a city")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionError(f"the question has {len(asked)} characters; up to {MAX_CHARACTERS} are read")
    return asked


def evened(question: str) -> str:
    """A question of the same length whose case tells something: one in capitals throughout is put in small ones.

    In Title Case the words of everyday English are: names keep their capitals.
    """
    words = re.findall(r"[^\W\d_]{4,}", question)
    if len(words) < _FEWEST:
        return question
    if sum(word.isupper() for word in words) >= _CAPITALS * len(words):
        lower = question.lower()
        return lower if len(lower) == len(question) else question
    if all(word[0].isupper() for word in words):
        return re.sub(r"[^\W\d_]+", lambda word: _small(word[0]), question)
    return question


def _small(word: str) -> str:
    return word.lower() if word.istitle() and is_everyday(word.lower()) else word


def wanted_kind(question: str) -> Kind | None:
    """The kind of entry that a question asks for in so many words."""
    return _kind_of(set(Asked(question, ()).folded))


def _kind_of(said: set[str]) -> Kind | None:
    if said & FIGURES:
        return None  # a figure and what it illustrates are both good
    paper, job = bool(said & OF_PAPERS), bool(said & JOBS)
    if paper and job and bool(said & PAPERS) is False:
        return Kind.JOB  # "posts by the authors of"
    if paper == job:
        return None
    return Kind.PAPER if paper else Kind.JOB


def parse(question: str, names: Gazetteer, today: date) -> Plan:
    """Read a question as a plan.

    Args:
        question: checked.
        names: of the corpus, as the asker sees it.
        today: the day on which it is asked.
    """
    asked = Asked(evened(question), names.seen.ordinary)
    mentions, period = _names(asked, names, today)
    said = set(asked.folded)
    kind = _kind_of(said)
    mentions = tuple(_placed(asked, names, mention) for mention in _fitting(mentions, kind, said))
    mentions = tuple(mention for mention in mentions if _is_told(names, mention, kind))
    whats = {mention.what for mention in mentions if mention.exactness >= _SURE}
    if kind is None and not said & FIGURES:
        of_jobs = period is not None and period.sort in (Sort.OPEN, Sort.CLOSES)
        if of_jobs or (whats & JOB_FACTS and not whats & PAPER_FACTS):
            kind = Kind.JOB
        elif What.AUTHOR in whats and not whats & JOB_FACTS:
            kind = Kind.PAPER
    condition = clauses_of(asked, mentions)
    attributes = _attributes(asked, mentions, period)
    words = _words(asked, question, mentions, attributes, [w for c in condition for w in c.words])
    chosen = operation_of(asked, kind, mentions, condition, words, attributes)
    return Plan(
        question, chosen.operation, chosen.kind, mentions, chosen.condition, chosen.words, attributes, period,
        chosen.group, chosen.both, chosen.order, chosen.limit, chosen.nth,
    )  # fmt: skip


def _names(asked: Asked, names: Gazetteer, today: date) -> tuple[tuple[Mention, ...], Period | None]:
    """The names and facts of a question, and its period, which is one of them where it selects something."""
    facts = facts_said(asked, names, today)
    mentions = _parted(_without_level(asked, names, facts), facts)
    period = period_of(asked.text, today)
    with_it = timed(mentions, period, names, today) if period else None
    if period is None or with_it is None:
        return mentions, None
    if period.sort is Sort.LATEST and any(
        use is Use.TEXT for use in (word.use for word in _words(asked, asked.text, with_it, (), ()))
    ):
        return mentions, None  # of what is ranked by its meaning the latest are not the first
    return with_it, period


def _is_told(names: Gazetteer, mention: Mention, kind: Kind | None) -> bool:
    """Whether the corpus tells such facts at all: where no paper has a year, none can be denied by it."""
    if mention.entries or mention.named_in_text:
        return True
    rows = names.cards.rows
    if mention.what is What.YEAR:
        return bool((rows["year"] != 0).any()) or kind is Kind.JOB
    if mention.what is What.VENUE:
        return bool(names.seen.keys_from(List.VENUE, "", 1))
    return mention.what is not What.PLACE or bool(rows["placed"].any())


def _placed(asked: Asked, names: Gazetteer, mention: Mention) -> Mention:
    """An author, held to the papers of which they are the first or last one where that is asked for."""
    if mention.what is not What.AUTHOR:
        return mention
    for word, noun in pairwise(asked.folded):
        place = _PLACES.get(word)
        if place and noun in {"author", "authors", "authored"} and not {"who", "whos"} & {*asked.folded}:
            key = f"{place}\t{' '.join(names_words(mention.name)[:WORDS])}"
            told = f"{mention.name} as {'first' if place == 1 else 'last'} author"
            return replace(mention, name=told, entries=names.seen.ids(List.AUTHOR_AT, key) & mention.entries)
    return mention


def _without_level(asked: Asked, names: Gazetteer, facts: Sequence[Mention]) -> list[Mention]:
    """The names of a question, a level before a role parted from it: "senior engineer" is any senior one."""
    levels = {fact.span.start: fact.span.end for fact in facts if fact.what is What.LEVEL}
    found: list[Mention] = []
    for name in names.read(asked.text):
        end = levels.get(name.span.start)
        if name.what is What.ROLE and end is not None and end < name.span.end:
            rest = [token for token in asked.tokens if end <= token.start and token.end <= name.span.end]
            phrase = " ".join(token.folded.removesuffix("s") for token in rest)
            if entries := names.seen.ids(List.ROLE_PHRASE, phrase):
                span = Span(rest[0].start, rest[-1].end)
                name = replace(name, name=phrase.title(), span=span, entries=entries)  # noqa: PLW2901 - the same one
        found.append(name)
    return found


def _parted(names: Sequence[Mention], facts: Sequence[Mention]) -> tuple[Mention, ...]:
    """Names and facts, without what stands within a longer one or is said by a surer one."""
    longer = [n for n in names if n.what in _STRONGER and n.exactness >= _SURE]
    kept = [
        fact
        for fact in facts
        if not any(
            overlap(fact.span, name.span) and name.span.end - name.span.start > fact.span.end - fact.span.start
            for name in longer
        )
    ]
    left = [
        name
        for name in names
        if not any(
            overlap(fact.span, name.span)
            and ((name.what is What.ROLE and fact.span == name.span) or _covers(fact, name, exact=False))
            for fact in kept
        )
    ]
    left = [name for name in left if not any(_yields(name, other) for other in left)]
    return tuple(sorted([*left, *kept], key=lambda m: (m.span.start, m.span.end, m.what, m.name)))


def _yields(name: Mention, other: Mention) -> bool:
    """Whether of two names that share words the other one is meant: the city and no tag, the firm and no person.

    A name that the corpus lacks is none beside a longer one that it has.
    """
    if name is other or not overlap(name.span, other.span) or other.exactness < _SURE:
        return False
    longer = other.span.start <= name.span.start and name.span.end <= other.span.end
    if longer and not name.entries and not name.named_in_text and other.entries and name.what is not other.what:
        return True
    if other.what is What.COMPANY:
        return name.what in (What.AUTHOR, What.PLACE, What.TEAM, What.DIGEST, What.ROLE)
    return other.what is What.PLACE and bool(other.entries) and name.what in (What.SKILL, What.TERM)


def _covers(fact: Mention, name: Mention, *, exact: bool) -> bool:
    """Whether a name is but a part of a fact's words, or is guessed where the fact is said."""
    inside = fact.span.start <= name.span.start and name.span.end <= fact.span.end
    return inside and (exact or name.what is not What.TITLE)


def _fitting(mentions: Sequence[Mention], kind: Kind | None, said: set[str]) -> tuple[Mention, ...]:
    """Without the names of what is not asked for: a paper has no team, a job no topic."""
    if kind is None and not said & OF_JOBS:
        papers = any(m.what in PAPER_FACTS and m.exactness >= _SURE for m in mentions)
        weak = (What.TEAM, What.ROLE, What.SKILL, What.TERM)
        return tuple(m for m in mentions if not (papers and m.what in weak))
    other = JOB_FACTS if kind is Kind.PAPER else PAPER_FACTS - {What.TITLE} if kind is Kind.JOB else frozenset()
    return tuple(mention for mention in mentions if mention.what not in other)


def _attributes(asked: Asked, mentions: Sequence[Mention], period: Period | None) -> tuple[Attribute, ...]:
    """What is asked for of an entry, without what a fact of the condition carries out: "over 60 an hour"."""
    text = asked.text
    spans = [
        *(period.spans if period else ()),
        *(m.span for m in mentions if m.what in _BY_WORD or m.what is What.PAY),
    ]
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    found = asked_attributes(text)
    if any(mention.what is What.PAY for mention in mentions):
        return tuple(attribute for attribute in found if attribute.name not in ("pay", "number"))
    return found


def _words(
    asked: Asked,
    question: str,
    mentions: Iterable[Mention],
    attributes: Sequence[Attribute],
    denied: Iterable[str],
) -> tuple[Word, ...]:
    """The words of a question with what accounts for each."""
    mentions = list(mentions)
    spans = [m.span for m in mentions if m.exactness >= _SURE or m.what is What.TITLE]
    told = [Span(*found.span()) for each in attributes for found in each.asked.finditer(asked.text)]
    of_pay = any(mention.what is What.PAY for mention in mentions)
    taken = {*denied, *(noun for noun, what in GROUPS.items() if any(m.what is what for m in mentions))}
    found: list[Word] = []
    for at, token in enumerate(asked.tokens):
        if any(span.start < token.end and token.start < span.end for span in spans) or token.folded in taken:
            use = Use.FACT
        elif any(span.start < token.end and token.start < span.end for span in told):
            use = Use.ATTRIBUTE if token.folded not in STOP else Use.ASKING
        elif _asks(asked, at, token.folded, of_pay=of_pay):
            use = Use.ASKING
        else:
            use = Use.TEXT
        found.append(Word(question[token.start : token.end], token.folded, Span(token.start, token.end), use))
    return tuple(found)


def _is_shortened(asked: Asked, at: int) -> bool:
    """Whether a word is a part of one like "don't" or "they're"."""
    behind = at + 1 < len(asked.tokens) and asked.gap(at) in _APOSTROPHES and asked.folded[at + 1] in _SHORTENED
    before = at > 0 and asked.gap(at - 1) in _APOSTROPHES and asked.folded[at] in _SHORTENED
    return bool(behind or before)


def _asks(asked: Asked, at: int, word: str, *, of_pay: bool) -> bool:
    """Whether a word only asks, or is carried out by an operation."""
    if word in STOP or word in OPERATION_WORDS or word in NOT or word in OF_PAPERS or word in JOBS:
        return True
    if (len(word) == 1 and not word.isdigit()) or _is_shortened(asked, at):
        return True
    if word in ORDINALS and word != "second" and at + 1 < len(asked.tokens):
        return asked.folded[at + 1] in OF_PAPERS | JOBS | {"one", "name"}
    if word in NUMBERS and word != "hundred":
        return True
    return of_pay and (word in PAY_WORDS or word in PER or word in CURRENCIES)
