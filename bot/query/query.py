"""The reading: a question with what was recognised in it, and what it wants."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.query import intent as cues
from bot.query.attributes import Attribute, asked_attributes
from bot.query.periods import Sort, period_of, timed
from corpus.errors import QuestionError
from corpus.gazetteer import Gazetteer, Mention, What
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.query.periods import Period
    from corpus.model import Span


_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")

_OF_PAPERS = frozenset({What.AUTHOR, What.TITLE, What.TOPIC, What.VENUE})
_OF_JOBS = frozenset({What.PLACE, What.TEAM, What.ROLE})
_SELECTING = frozenset(
    {
        What.AUTHOR,
        What.TOPIC,
        What.VENUE,
        What.YEAR,
        What.PLACE,
        What.TEAM,
        What.ROLE,
        What.DIGEST,
        What.PERIOD,
    }
)
_MOST_BESIDES = 5
"""Words beside the names up to which a question asks for a list: who tells a story looks for one thing."""

_SURE = 0.8
"""Exactness from which a name selects entries; below it only moves them up."""


class Intent(StrEnum):
    """What a question wants."""

    FIND = "find"
    LIST = "list"
    COUNT = "count"
    COMPARE = "compare"
    WHO = "who"


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is understood.

    ``kind`` is asked for in so many words, else None. ``rest`` are the folded words that are neither names nor
    words of asking: what is asked about beyond the facts. ``period`` is the time that it names, if any.
    """

    question: str
    intent: Intent
    kind: Kind | None
    mentions: tuple[Mention, ...]
    attributes: tuple[Attribute, ...]
    rest: tuple[str, ...]
    period: Period | None = None

    def named(self, *what: What) -> list[Mention]:
        """The mentions of these sorts."""
        return [mention for mention in self.mentions if mention.what in what]

    @property
    def selecting(self) -> list[Mention]:
        """The mentions by which entries are selected for a list."""
        return _selecting(self.mentions)

    @property
    def asks_for_all(self) -> bool:
        """Whether all papers or all job posts are asked for, or their number: "how many papers are there?"."""
        return self.is_list and self.kind is not None and not self.mentions and not self.rest

    @property
    def is_chat(self) -> bool:
        """Whether somebody says hello or thanks, or asks about the bot itself."""
        return not self.mentions and cues.is_small_talk(self.question)

    @property
    def is_list(self) -> bool:
        """Whether several entries are wanted, all of those that the facts select."""
        return self.intent in (Intent.LIST, Intent.COUNT, Intent.COMPARE)


def read(question: str, gazetteer: Gazetteer, today: date) -> Reading:
    """Read a question against the names of the corpus, on a day."""
    mentions, period = _with_period(question, gazetteer, today)
    kind = cues.wanted_kind(question)
    rest = _rest(question, mentions)
    attributes = asked_attributes(_without(question, period))
    mentions = _fitting(mentions, kind, question)
    whats = {mention.what for mention in mentions}
    if kind is None and not cues.FIGURE.search(question):
        of_jobs = period is not None and period.sort in (Sort.OPEN, Sort.CLOSES)
        if of_jobs or (whats & _OF_JOBS and not whats & _OF_PAPERS):
            kind = Kind.JOB
        elif What.AUTHOR in whats and not whats & _OF_JOBS:
            kind = Kind.PAPER
    intent = _intent(question, mentions, rest, attributes)
    return Reading(question, intent, kind, mentions, attributes, rest, period)


def _with_period(question: str, gazetteer: Gazetteer, today: date) -> tuple[tuple[Mention, ...], Period | None]:
    """The names of a question and its period, which is one of them where it selects something."""
    mentions = gazetteer.read(question)
    period = period_of(question, today)
    with_it = timed(mentions, period, gazetteer, today) if period else None
    if period is None or with_it is None:
        return mentions, None
    if period.sort is Sort.LATEST and _rest(question, with_it):
        return mentions, None  # of what is ranked by its meaning the latest are not the first
    return with_it, period


def _without(question: str, period: Period | None) -> str:
    """The question with its period blotted out: "closing this month" asks for no deadline."""
    for span in period.spans if period else ():
        question = question[: span.start] + " " * (span.end - span.start) + question[span.end :]
    return question


def _selecting(mentions: Sequence[Mention], least: float = _SURE) -> list[Mention]:
    """The names that select entries; a topic's words within a longer title are that title's."""
    titles = [mention.span for mention in mentions if mention.what is What.TITLE]
    return [
        mention
        for mention in mentions
        if mention.what in _SELECTING
        and mention.exactness >= least
        and not (mention.what is What.TOPIC and any(_within(mention.span, title) for title in titles))
    ]


def _within(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start


def _fitting(mentions: Sequence[Mention], kind: Kind | None, question: str) -> tuple[Mention, ...]:
    """Without the names of what is not asked for: a paper has no team, a job no topic."""
    if kind is None and not cues.JOB.search(question):
        papers = any(m.what in _OF_PAPERS and m.exactness >= _SURE for m in mentions)
        return tuple(m for m in mentions if not (papers and m.what in (What.TEAM, What.ROLE)))
    other = _OF_JOBS if kind is Kind.PAPER else _OF_PAPERS - {What.TITLE} if kind is Kind.JOB else frozenset()
    return tuple(mention for mention in mentions if mention.what not in other)


def _intent(
    question: str, mentions: Sequence[Mention], rest: Sequence[str], attributes: Sequence[Attribute]
) -> Intent:
    selecting = _selecting(mentions, least=0.0)
    titled = any(mention.what is What.TITLE and mention.exactness >= _SURE for mention in mentions)
    if cues.asks_how_many(question):
        return Intent.COMPARE if compared_sort(mentions) else Intent.COUNT
    if cues.asks_who(question) and not any(m.what is What.AUTHOR for m in selecting):
        return Intent.WHO
    of_a_kind = not mentions and not rest and cues.wanted_kind(question) and cues.wants_several(question)
    if titled or attributes or not (selecting or of_a_kind) or cues.asks_detail(question):
        return Intent.FIND
    if compared_sort(mentions) and cues.compares(question):
        return Intent.COMPARE
    several = cues.wants_several(question) or any(mention.what is What.PERIOD for mention in mentions)
    if not rest or (several and len(rest) <= _MOST_BESIDES):
        return Intent.LIST
    return Intent.FIND


def compared_sort(mentions: Sequence[Mention]) -> What | None:
    """The sort of which the question names two that stand at different places in it."""
    for what in (What.PLACE, What.YEAR, What.TOPIC, What.VENUE, What.AUTHOR, What.TEAM, What.ROLE):
        if len({mention.span.start for mention in mentions if mention.what is what}) > 1:
            return what
    return None


def _rest(question: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The words outside all names that say something, folded, in order."""
    taken = [mention.span for mention in mentions]
    found: list[str] = []
    for word in _WORD.finditer(question):
        inside = any(span.start < word.end() and word.start() < span.end for span in taken)
        plain = folded(word[0].removesuffix("'s").removesuffix("’s"))
        if not inside and plain and not cues.is_common(plain.replace(" ", "")):
            found.append(plain)
    return tuple(found)


MAX_CHARACTERS = 1_000

_QUESTION_WORD = re.compile(r"[^\W_]{2,}|\d")
_MENTION = re.compile(r"<(?:[@#][!&]?\d+|a?:\w+:\d+|/[^:>]+:\d+|t:\d+(?::\w)?)>")


def check(question: str) -> str:
    """Clean a question of invisible characters, Discord's marks and needless white space.

    Raises:
        QuestionError: no word is left, or it is longer than ``MAX_CHARACTERS``.
    """
    bare = _MENTION.sub(" ", question)
    visible = bare
    if not (bare.isascii() and bare.isprintable()):  # as most are: nothing in them is invisible
        visible = "".join(
            c if unicodedata.category(c)[0] != "C" else " " for c in bare if c not in "\u200b\u200d\u2060"
        )
    asked = " ".join(visible.split())
    if not _QUESTION_WORD.search(asked):
        raise QuestionError("ask in words, for example: who wrote a paper, what is open in a city")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionError(f"the question has {len(asked)} characters; up to {MAX_CHARACTERS} are read")
    return asked
