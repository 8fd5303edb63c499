"""Clauses: the condition that the names of a question make with "and", "or" and "not" between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.query.lexicon import JOBS, NOT, NOT_PHRASES, PAPERS, UNDO
from bot.query.plan import Clause, Option
from corpus.english import STOP, word_set
from corpus.gazetteer import Mention, What
from corpus.gazetteer.mentions import overlap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.gazetteer.tokens import Asked
    from corpus.model import Span


SURE = 0.8
"""Exactness from which a name selects entries; below it only moves them up."""

_SELECTING = frozenset(What) - {What.TITLE, What.WORDS}
_EVERY = frozenset({What.AUTHOR, What.SKILL})
"""Sorts of which an entry carries several: "by A and B" means both."""
_AND = word_set("and plus with together jointly")
_OR = word_set("or")
_BETWEEN = word_set("a an the in at by of from for to near on both either with under around that are is")
_REACH = 4
"""Words between "not" and what it denies."""
_CARRIED = word_set(
    "offer offers offering require requires requiring need needs have has having based located available in on by"
    " from the a an any at of for to with be is are do does about under near around provide provides ask asks"
    " mention mentions call called written being allow allows involve involves"
) | (JOBS | PAPERS)
"""Words that may stand between them."""


def clauses_of(asked: Asked, mentions: Sequence[Mention]) -> tuple[Clause, ...]:
    """The condition of a question.

    Names of one sort are one clause, joined by what stands between them: any of several places, all of several
    authors. What "not" and its like deny is a clause of its own.
    """
    options = _options(asked, selecting(mentions))
    clauses: list[Clause] = []
    previous: Option | None = None
    for option in options:
        negated = _negated(asked, option.span)
        joins = _joins(asked, previous, option) if previous else ""
        last = clauses[-1] if clauses else None
        same = next((at for at, c in enumerate(clauses) if c.what is option.what and c.negated == negated), None)
        if last and joins and (last.what is option.what or joins == "or"):
            negated = last.negated or negated
            every = last.every or (joins == "and" and option.what in _EVERY)
            if negated == last.negated:
                clauses[-1] = Clause((*last.options, option), every and not negated, negated)
                previous = option
                continue
        if same is not None and not negated:
            found = clauses[same]
            every = option.what in _EVERY
            clauses[same] = replace(found, options=(*found.options, option), every=found.every or every)
        else:
            clauses.append(Clause((option,), negated=negated))
        previous = option
    clauses += _denied_words(asked, mentions)
    return tuple(clauses)


def selecting(mentions: Iterable[Mention]) -> list[Mention]:
    """The names that may select entries; a topic's words within a longer title are that title's."""
    mentions = list(mentions)
    titles = [mention.span for mention in mentions if mention.what is What.TITLE]
    return [
        mention
        for mention in mentions
        if mention.what in _SELECTING
        and mention.exactness >= SURE
        and not (mention.what is What.TOPIC and any(_within(mention.span, title) for title in titles))
    ]


def _within(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start


def _options(asked: Asked, mentions: Sequence[Mention]) -> list[Option]:
    """Names of one sort and span as one, and a venue with the year right behind it."""
    by_span: dict[tuple[What, int, int], list[Mention]] = {}
    for mention in mentions:
        by_span.setdefault((mention.what, mention.span.start, mention.span.end), []).append(mention)
    options = [Option(tuple(names)) for names in by_span.values()]
    options.sort(key=lambda option: (option.span.start, option.span.end))
    paired: list[Option] = []
    for option in options:
        before = paired[-1] if paired else None
        if (
            before
            and before.what is What.VENUE
            and option.what is What.YEAR
            and not asked.text[before.span.end : option.span.start].strip(" '’`‘")
        ):
            paired[-1] = Option((*before.names, *option.names))
        else:
            paired.append(option)
    return paired


def _joins(asked: Asked, one: Option, other: Option) -> str:
    """How two options that stand behind each other are joined: "and", "or", "" for not at all."""
    between = [t.folded for t in asked.tokens if one.span.end <= t.start and t.end <= other.span.start]
    gap = asked.text[one.span.end : other.span.start]
    said = [word for word in between if word not in _BETWEEN]
    if any(word not in _AND | _OR for word in said):
        return ""
    if any(word in _OR for word in said) or "/" in gap:
        return "or"
    return "and" if said or "," in gap or "&" in gap or "+" in gap else ""


def _negated(asked: Asked, span: Span) -> bool:
    """Whether what stands at a span is denied: "not in Spain", "without sponsorship", "except Porto"."""
    before = [token for token in asked.tokens if token.end <= span.start]
    if asked.text[max(0, span.start - 4) : span.start].lower().endswith("non-"):
        return True
    for back in range(1, min(_REACH, len(before)) + 1):
        token, word = before[-back], before[-back].folded
        phrase = " ".join(each.folded for each in before[-back : len(before) - back + 2])
        if word in NOT or phrase in NOT_PHRASES:
            return asked.text[token.end : token.end + 1] not in {",", ".", "!", ";"}  # "no, the other one"
        if word in UNDO and back < len(before) and before[-back - 1].folded[-1:] in "nt":
            return True
        if word not in _CARRIED:
            return False
    return False


def _denied_words(asked: Asked, mentions: Sequence[Mention]) -> list[Clause]:
    """Words that are no names, right behind "not about" and its like: no entry that says them is wanted."""
    found: list[Clause] = []
    for at, word in enumerate(asked.folded):
        if word not in NOT or not {*asked.folded[:at]} & (JOBS | PAPERS):
            continue
        stop = at + 1
        while stop < len(asked.tokens) and asked.folded[stop] in _CARRIED | {"about", "on"}:
            stop += 1
        begin = stop
        while stop < len(asked.tokens) and asked.folded[stop] not in STOP and asked.joined(begin, stop + 1):
            stop += 1
        about = any(each in {"about", "on", "mentioning", "mention"} for each in asked.folded[at + 1 : begin])
        if begin == stop or not (about or word in {"without", "except", "excluding", "besides"}):
            continue
        span = asked.span(begin, stop)
        if not any(overlap(span, mention.span) for mention in mentions):
            found.append(Clause((), negated=True, words=tuple(asked.folded[begin:stop])))
    return found
