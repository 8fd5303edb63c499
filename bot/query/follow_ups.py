"""Follow-ups: the few ways in which a question of a conversation can be meant, each to be tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.query.parser import MAX_CHARACTERS
from bot.query.periods import period_of
from corpus.english import ORDINALS, STOP, word_set
from corpus.gazetteer import What
from corpus.text import folded, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from bot.query.plan import Plan
    from corpus.gazetteer import Gazetteer, Mention
    from corpus.store import StoredEntry
    from corpus.text import Token


DEEPEST = 3
"""Questions of a conversation that are gone back to."""

_ONE = word_set("it its he him his she her this that the same")
_SEVERAL = word_set("they them their theirs these those one ones which two three both")
_OTHERS = word_set("other others another else more similar")
_TURNS = word_set("and or but so also then no ok okay just only now please btw well")
"""Words that point at what was said before, at one thing or several, or turn from it; a language has no more."""

_BEFORE, _AFTER = word_set("before previous earlier last"), word_set("after next following later")
_UNITS = word_set("year years edition")
_SLOTS = (What.PLACE, What.YEAR, What.VENUE, What.TOPIC, What.AUTHOR, What.ROLE, What.TEAM, What.TITLE)
_SURE = 0.8
_NEAR = word_set("near nearby around outside")
_LIFT, _SHARED_LIFT = 0.20, 0.15
_SHORT = 2
"""Telling words up to which a question may lean on the one before it though nothing in it says so."""


class Way(StrEnum):
    """How a question of a conversation is meant."""

    ALONE = "alone"
    FOCUS = "focus"
    """About the entry that was answered with."""
    NTH = "nth"
    """About the one of that number among those that were shown."""
    WITHIN = "within"
    """About one of those that were answered with."""
    SLOT = "slot"
    """The question before with one of its facts exchanged, or with another one."""
    SUBJECT = "subject"
    """About what the question before was about."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question that stands on its own, one of the ways in which it can be meant.

    ``asked`` is read for what is wanted, ``searched`` is what is searched for. ``lifts`` are what the entries of
    the conversation gain, by entry id; ``within`` are those that alone may answer; ``about`` says in few words
    what it was taken to be about, None where the question stands on its own. ``ease`` is how easily it is meant
    so, in log-odds, beside what its answer says.
    """

    asked: str
    searched: str
    way: Way = Way.ALONE
    about: str | None = None
    lifts: Mapping[int, float] = field(default_factory=dict)
    within: frozenset[int] | None = None
    ease: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question before: as it was resolved and read, what answered it, and all that its facts selected."""

    resolved: Resolved
    reading: Plan
    cited: Sequence[StoredEntry]
    selected: frozenset[int]


def ways_of(question: str, before: Turn | None, names: Gazetteer, today: date) -> list[Resolved]:
    """The ways in which a question can be meant after another one; alone comes first.

    Args:
        question: what is asked now.
        before: the question before it; None for the first one.
        names: of the corpus, as the asker sees it.
        today: the day on which it is asked.
    """
    alone = Resolved(question, question)
    if before is None:
        return [alone]
    said = tokens(question)
    own = names.read(question)
    lean = _Leaning.of(said, own)
    found = [
        Resolved(question, question, ease=lean.alone),
        *_slot(question, said, own, before, names, lean, today),
        *_about(question, said, before, lean),
    ]
    return [each for each in found if each.way is Way.ALONE or len(each.searched) <= MAX_CHARACTERS]


@dataclass(frozen=True, slots=True)
class _Leaning:
    """By what a question leans on the one before it."""

    one: bool
    several: bool
    others: bool
    turn: bool
    telling: int
    named: bool

    @classmethod
    def of(cls, said: Sequence[Token], own: Sequence[Mention]) -> _Leaning:
        words = [token.folded for token in said]
        spans = [m.span for m in own]
        telling = [t for t in said if t.folded not in STOP and not any(s.start <= t.start < s.end for s in spans)]
        return cls(
            one=not _ONE.isdisjoint(words),
            several=not _SEVERAL.isdisjoint(words[1:]) or words[:1] == ["they"],
            others=not _OTHERS.isdisjoint(words),
            turn=_behind_turn(said) > 0,
            telling=len(telling),
            named=any(m.what in (What.TITLE, What.AUTHOR) and m.entries and m.exactness >= _SURE for m in own),
        )

    @property
    def alone(self) -> float:
        """How easily the question stands alone, in log-odds."""
        points = self.one or self.several or self.others
        return -3.0 * points - 1.5 * self.turn - 1.5 * (self.telling <= _SHORT) + 4.0 * self.named


def _behind_turn(said: Sequence[Token]) -> int:
    """How many words at a question's beginning only turn from the one before it: "and", "ok so what about"."""
    at = next((at for at, token in enumerate(said) if token.folded not in _TURNS), len(said))
    about = [token.folded for token in said[at : at + 2]]
    return at + 2 if about in (["what", "about"], ["how", "about"]) else at


def _slot(
    question: str,
    said: Sequence[Token],
    own: Sequence[Mention],
    before: Turn,
    names: Gazetteer,
    lean: _Leaning,
    today: date,
) -> Iterator[Resolved]:
    """The question before with one of its facts exchanged: "what about Boston?", "no, the 2019 one"."""
    text = before.resolved.asked
    slots = [m for m in own if m.what in _SLOTS and m.exactness >= _SURE]
    year = _at_another_year(said, text, names.read(text))
    timed = _at_another_time(question, said, text, today)
    if timed or year:
        whole = timed or year or ""
        yield Resolved(whole, whole, Way.SLOT, whole, ease=2.0)
        return
    if not slots or lean.telling > 1:
        return
    for what in dict.fromkeys(mention.what for mention in slots):
        new = next(mention for mention in slots if mention.what is what)
        words = question[new.span.start : new.span.end]
        old = [m for m in names.read(text) if m.what is what]
        if old:
            near = folded(text[old[0].span.start :].split()[0]) in _NEAR and folded(words.split()[0]) not in _NEAR
            text = text[: old[0].span.start] + ("in " if near else "") + words + text[old[0].span.end :]
        else:
            text = f"{text.rstrip(' ?!.')} {'in ' if what in (What.PLACE, What.YEAR) else ''}{words}"
    yield Resolved(text, text, Way.SLOT, text, ease=1.5 if lean.turn or lean.several or lean.others else 0.0)


def _at_another_year(said: Sequence[Token], before: str, earlier: Sequence[Mention]) -> str | None:
    """The question before for the year before or after its own: "and the year before?"."""
    words = {token.folded for token in said}
    step = bool(words & _AFTER) - bool(words & _BEFORE)
    year = next((m for m in earlier if m.what is What.YEAR and m.name.isdigit()), None)
    if not step or year is None or words.isdisjoint(_UNITS):
        return None
    return f"{before[: year.span.start]}{int(year.name) + step}{before[year.span.end :]}"


def _at_another_time(question: str, said: Sequence[Token], before: str, today: date) -> str | None:
    """The question before with the time that is said now ("and since October?"), where nothing else is said."""
    rest = said[_behind_turn(said) :]
    if not rest:
        return None
    words = question[rest[0].start :].strip(" ?!.")
    earlier = period_of(before, today)
    if earlier:
        before = before[: earlier.spans[-1].start] + before[earlier.spans[-1].end :]
    joined = f"{' '.join(before.split()).rstrip(' ?!.,')} {words}"
    period = period_of(joined, today)
    begin = len(joined) - len(words)
    if period is None or not any(span.start <= begin and span.end == len(joined) for span in period.spans):
        return None
    return joined


def _about(question: str, said: Sequence[Token], before: Turn, lean: _Leaning) -> Iterator[Resolved]:
    """The question about what was answered with, or about what was asked about."""
    cited = before.cited
    subject = " ".join(telling_words(before.resolved.searched))
    points = lean.one or lean.several or lean.others
    ease = 0.0 if points or lean.turn else -1.0
    if cited and not lean.others:
        focus = cited[0]
        lifts = {entry.id: _LIFT for entry in cited if entry.entry.title == focus.entry.title}
        short = short_title(focus)
        yield Resolved(
            question,
            f"{question} {short}",
            Way.FOCUS,
            short,
            lifts,
            ease=ease + 0.5 * lean.one - 1.0 * lean.several,
        )
    nth = next((ORDINALS[token.folded] for token in said if token.folded in ORDINALS), None)
    if nth and cited and -len(cited) <= nth <= len(cited) and lean.telling <= _SHORT:
        chosen = cited[nth - 1 if nth > 0 else nth]
        short = short_title(chosen)
        yield Resolved(
            question, f"{question} {short}", Way.NTH, short, within=frozenset({chosen.id}), ease=ease + 2.0
        )
    if len(cited) > 1 and (lean.several or lean.others):
        ids = before.selected | {entry.id for entry in cited}
        if lean.others:
            ids -= {cited[0].id}
        yield Resolved(question, question, Way.WITHIN, subject or None, within=frozenset(ids), ease=ease + 0.5)
    if subject:
        lifts = {entry.id: _SHARED_LIFT for entry in cited}
        if lean.others and cited:
            lifts = {cited[0].id: -1.0}
        yield Resolved(question, f"{question} {subject}", Way.SUBJECT, subject, lifts, ease=ease - 0.5)


def short_title(entry: StoredEntry) -> str:
    """A title as people say it: what stands before its colon; a post by its role, team and place."""
    inside = entry.entry
    if inside.place:
        return " ".join(
            part for part in (inside.role, inside.team, inside.place.city or inside.place.text) if part
        )
    head = inside.title.partition(":")[0].strip()
    return head or inside.title


def telling_words(question: str) -> list[str]:
    """The words of a question that tell what it is about."""
    return [token.text for token in tokens(question) if token.folded not in STOP]
