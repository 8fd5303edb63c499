"""Follow-ups: a question that leans on those before it, made whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.query.intent import is_common, wanted_kind
from bot.query.periods import period_of
from bot.query.query import MAX_CHARACTERS, Reading, read
from corpus.gazetteer import Gazetteer, Mention, What
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from corpus.store import StoredEntry


_I = re.IGNORECASE
_POINTS = re.compile(
    r"\b(?:it|its|it's|they|them|their|theirs|those|these|he|she|his|her|him)\b"
    r"|\bones?\b(?! of (?:the|my|our|your)\b)"
    r"|\b(?:that|this)(?: (?:one|paper|job|post|role|team|work|position))?\W*$"
    r"|^(?:is|was|does|did|has|are|were) (?:that|this)\b"
    r"|\b(?:the (?:first|second|third|last|other|latter|former)|like (?:that|this|it))\b",
    _I,
)
"""Words that point at what was said before; "that" within a sentence mostly does not."""

_TURNS = re.compile(
    r"^(?:and|or|but|so|ok|okay|also|then|what about|how about|any others?|anything else|tell me more|others?)\b",
    _I,
)
"""How a question begins that goes on from the one before it."""

_FILLERS = frozenset(
    re.findall(r"\w+", "in at on for near around from of by with within about the a an only just please now")
)

_EXPLETIVE = re.compile(
    r"\bis it (?:true|possible|ok|okay|worth|better|hard|easy)\b|\bdoes it (?:mean|take) to\b"
    r"|\bwhat time is it\b|\bhow's it going\b|\bby itself\b",
    _I,
)
_SINGULAR = re.compile(
    r"\b(?:it's|its|it|(?:this|that) (?:one|paper|job|post|role|position|work|team)|this|that(?=\W*$))(?!\w)", _I
)
_PLURAL = re.compile(r"\b(?:theirs?|they|them|those|these)(?: (?:ones|papers|jobs|posts|roles))?\b", _I)
_OTHERS = re.compile(r"\b(?:others?|else|similar|like (?:that|this|it)|more)\b", _I)
_TURN = re.compile(r"^\W*(?:and|or|but|so|ok|okay|also|then|what about|how about)\b\W*", _I)
_NEAR = re.compile(r"(?:near|nearby|around|close to|outside)\b", _I)
_SLOTS = (What.PLACE, What.YEAR, What.VENUE, What.TOPIC, What.AUTHOR, What.ROLE, What.TEAM)
_DEEPEST = 4
_LIFT, _SHARED_LIFT = 0.20, 0.15


@dataclass(frozen=True, slots=True)
class Whole:
    """A question that stands on its own.

    ``asked`` is read for what is wanted, ``searched`` is what is searched for. ``lifts`` are what the entries of
    the conversation gain, by entry id; ``about`` says in few words what it was taken to be about, None where the
    question stood on its own.
    """

    asked: str
    searched: str
    about: str | None = None
    lifts: dict[int, float] = field(default_factory=dict)


def leans(question: str) -> bool:
    """Whether a question means something that was said before it."""
    return bool(_TURNS.search(question) or _POINTS.search(question)) and not _EXPLETIVE.search(question)


def whole(
    question: str,
    history: Sequence[str],
    gazetteer: Gazetteer,
    cited: Callable[[Whole], Sequence[StoredEntry]],
    *,
    today: date,
    depth: int = 0,
) -> Whole:
    """Make a question whole from the conversation.

    Args:
        question: what is asked now.
        history: the questions before it, oldest first.
        gazetteer: the names of the corpus.
        cited: answers a question before, for what it cited.
        today: the day on which it is asked.
        depth: how many questions lie after this one.
    """
    past = [" ".join(each.split()) for each in history if re.search(r"\w", each)]
    own = gazetteer.read(question)
    if not past or depth >= _DEEPEST:
        return Whole(question, question)
    timed = _at_another_time(question, past[-1], today)
    if not (timed or leans(question) or _bare_turn(question, own)):
        return Whole(question, question)
    before = whole(past[-1], past[:-1], gazetteer, cited, today=today, depth=depth + 1)
    if not timed and _asks_anew(question, own, before):
        return Whole(question, question)
    if timed:
        timed = _at_another_time(question, before.asked, today)
    turned = timed or _turned(question, own, before, gazetteer)
    if turned:
        return Whole(turned, turned, turned)
    if any(mention.what is What.TITLE and mention.exactness >= 0.8 for mention in own):
        return Whole(question, question)
    return _about(question, before, read(before.searched, gazetteer, today), cited(before))


def _bare_turn(question: str, own: Sequence[Mention]) -> bool:
    """Whether it names facts and says nothing else: "in Spain?", "ICML 2024?"; "jobs in Spain" asks by itself."""
    said = [word for word, start in _words(question) if not any(m.span.start <= start < m.span.end for m in own)]
    return any(mention.what in _SLOTS for mention in own) and all(folded(word) in _FILLERS for word in said)


def _asks_anew(question: str, own: Sequence[Mention], before: Whole) -> bool:
    """Whether a question that begins like a follow-up names things of another kind: "and openings in Spain?"."""
    kind = wanted_kind(question)
    named = any(mention.what in _SLOTS for mention in own)
    return bool(kind and named and kind is not wanted_kind(before.asked)) and not _POINTS.search(question)


def _at_another_time(question: str, before: str, today: date) -> str | None:
    """The question before with the time that is said now ("and since October?"), where nothing else is said."""
    said = _TURN.sub("", question).strip(" ?!.")
    earlier = period_of(before, today)
    if earlier:
        before = before[: earlier.spans[-1].start] + before[earlier.spans[-1].end :]
    joined = f"{' '.join(before.split()).rstrip(' ?!.,')} {said}"
    period = period_of(joined, today)
    begin = len(joined) - len(said)
    if (
        not said
        or period is None
        or not any(span.start <= begin and span.end == len(joined) for span in period.spans)
    ):
        return None
    return joined


def _turned(question: str, own: Sequence[Mention], before: Whole, gazetteer: Gazetteer) -> str | None:
    """The question before with one of its facts exchanged ("what about Boston?"), or with another one added."""
    slots = [mention for mention in own if mention.what in _SLOTS and mention.exactness >= 0.8]
    if not slots or len(_content(question, own)) > 1 or _SINGULAR.search(_TURN.sub("", question)):
        return None
    text = before.asked
    earlier = gazetteer.read(text)
    for what in dict.fromkeys(mention.what for mention in slots):
        new = next(mention for mention in slots if mention.what is what)
        said = question[new.span.start : new.span.end]
        old = [mention for mention in earlier if mention.what is what]
        if old:
            preposition = "in " if _NEAR.match(text, old[0].span.start) and not _NEAR.match(said) else ""
            text = text[: old[0].span.start] + preposition + said + text[old[0].span.end :]
            earlier = gazetteer.read(text)
        else:
            text = f"{text.rstrip(' ?!.')} {'in ' if what in (What.PLACE, What.YEAR) else ''}{said}"
    return text if len(text) <= MAX_CHARACTERS else None


def _about(question: str, before: Whole, reading: Reading, cited: Sequence[StoredEntry]) -> Whole:
    """The question with its pronouns read as what the question before was about."""
    several = bool(_PLURAL.search(question)) or (reading.is_list and not _SINGULAR.search(question))
    titled = [m for m in reading.mentions if m.what is What.TITLE]
    if titled and not (cited and any(cited[0].id in mention.entries for mention in titled)):
        subject = before.searched[titled[0].span.start : titled[0].span.end]
    elif several or not cited:
        subject = " ".join(_content_words(before.searched))
    else:
        subject = _short(cited[0])
    others = bool(_OTHERS.search(question)) and not _SINGULAR.search(_OTHERS.sub("", question))
    if others:
        subject = " ".join(_content_words(before.searched)) or subject
    searched = _filled(question, subject)[:MAX_CHARACTERS]
    lifts: dict[int, float] = {}
    if others:
        lifts = {cited[0].id: -1.0} if cited else {}
    elif several:
        lifts = {entry.id: _SHARED_LIFT for entry in cited}
    elif cited:
        lifts = {entry.id: _LIFT for entry in cited if entry.entry.title == cited[0].entry.title}
    return Whole(question if not others else searched, searched, subject or None, lifts)


def _filled(question: str, subject: str) -> str:
    for pronoun in (_PLURAL, _SINGULAR):
        if pronoun.search(question):
            return pronoun.sub(lambda _: subject, question, count=1)
    return f"{question} {subject}"


def _short(entry: StoredEntry) -> str:
    """A title as people say it: what stands before its colon; a post by its role, team and place."""
    inside = entry.entry
    if inside.place:
        return " ".join(
            part for part in (inside.role, inside.team, inside.place.city or inside.place.text) if part
        )
    head = inside.title.partition(":")[0].strip()
    return head or inside.title


def _content(question: str, mentions: Sequence[Mention]) -> list[str]:
    """The telling words outside all names."""
    return [
        word
        for word, start in _words(question)
        if not any(m.span.start <= start < m.span.end for m in mentions) and not is_common(folded(word))
    ]


def _content_words(question: str) -> list[str]:
    return [word for word, _ in _words(question) if not is_common(folded(word))]


def _words(question: str) -> list[tuple[str, int]]:
    return [(found[0], found.start()) for found in re.finditer(r"[^\W_]+(?:[-'’.][^\W_]+)*", question)]
