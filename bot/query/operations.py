"""Operations: what a question asks to be done, told by its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.query.clauses import SURE
from bot.query.lexicon import (
    GROUPS,
    JOBS,
    MOST,
    OLDEST,
    ORDINARY_CUES,
    PAPERS,
    PAY_WORDS,
    PLURALS,
    POLITE,
    SMALL_TALK,
)
from bot.query.plan import Clause, Operation, Option, Order, Use, Word
from corpus.english import NUMBERS, ORDINALS, STOP, word_set
from corpus.gazetteer import Mention, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.query.attributes import Attribute
    from corpus.gazetteer.tokens import Asked


_MOST_BESIDES = 5
"""Words beside the names up to which a question asks for a list: who tells a story looks for one thing."""
_COUNTED_WITHIN = 8
"""Words behind "how many" among which the noun stands that is counted."""

_HOW_MANY = (("how", "many"), ("number", "of"), ("count", "of"), ("count", "the"), ("total", "of"))
_THEM = word_set("each them those total there all")
_BY_PHRASE = ("authors of", "author of", "written by", "people behind", "names behind", "by whom")
_OF_PEOPLE = (" author ", " authors ", " researchers ", " names ", " name ", " which researchers ")
_SOON = 4
"""Words from either end of a question among which "who" stands where somebody is asked for."""
_WHO = word_set("who whos whose whom")
_WROTE = word_set(
    "wrote write writes writing written author authors authored behind by did made names paper work create"
    " created creates invent invented propose proposed proposes develop developed develops introduce introduced"
    " introduces publish published publishes publication came"
)
_PAUSES = frozenset(",.;!?")
_HOW = word_set("long much often far old big fast well")
_DETAIL = word_set("why when explain describe can could should would may must do does did will am has")
_BEGINS = word_set("so and ok okay hey hi hello please pls well but")
_YOU = word_set("you u anyone anybody")
_HAVE = word_set("have hire hires hiring got publish published offer offers present list appear")
_DEFINED = (
    ("what", "is"), ("what", "are"), ("what", "s"), ("whats",), ("what", "was"), ("define",), ("meaning", "of"),
    ("definition", "of"), ("tell", "me", "about"), ("describe",), ("explain",), ("what", "do", "you", "know"),
    ("what", "does"), ("what", "do"),
)  # fmt: skip
_PAGES = word_set("page digest guide newsletter document site issue edition corpus")
_ABOUT = word_set("about summary summarise summarize overview cover covers contain contains tldr sum")
_BOTH = word_set("both common")
_VENUES = (What.VENUE, What.YEAR, What.DIGEST)
_COMPARED = (
    What.PLACE, What.YEAR, What.TOPIC, What.VENUE, What.AUTHOR, What.TEAM, What.ROLE, What.COMPANY, What.SKILL,
    What.WORKPLACE, What.EMPLOYMENT, What.LEVEL, What.DEGREE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """An operation with what it works on, see ``Plan``."""

    operation: Operation
    kind: Kind | None
    condition: tuple[Clause, ...]
    words: tuple[Word, ...]
    group: What | None = None
    both: bool = False
    order: Order | None = None
    limit: int | None = None
    nth: int | None = None


def operation_of(
    asked: Asked,
    kind: Kind | None,
    mentions: Sequence[Mention],
    condition: tuple[Clause, ...],
    words: tuple[Word, ...],
    attributes: Sequence[Attribute],
) -> Chosen:
    """What a question asks to be done.

    Args:
        asked: the question.
        kind: of the entries that it asks for.
        mentions: its names.
        condition: what they select.
        words: its words, with what accounts for them.
        attributes: what it asks for of an entry.
    """
    if any(clause.what is What.DIGEST for clause in condition):
        words = _used(words, _PAGES)
    chosen = Chosen(Operation.FIND, kind, condition, words)
    if small_talk(asked) is not None and not mentions:
        return replace(chosen, operation=Operation.CHAT)
    found = _counted(asked, chosen, mentions) or _grouped(asked, chosen) or _extreme(asked, chosen)
    if found:
        return found
    titled = any(mention.what is What.TITLE and mention.exactness >= SURE for mention in mentions)
    by_author = any(mention.what is What.AUTHOR and mention.exactness >= SURE for mention in mentions)
    if _asks_who(asked) and not (by_author and not titled):
        return replace(chosen, operation=Operation.WHO, nth=_nth(asked))
    if _is_overview(asked, chosen):
        return replace(chosen, operation=Operation.OVERVIEW)
    if _is_definition(asked, chosen, titled=titled):
        return replace(chosen, operation=Operation.DEFINE)
    listing = _listing(asked, chosen, mentions, attributes, titled=titled)
    return replace(chosen, operation=listing, nth=_nth_entry(asked))


def small_talk(asked: Asked) -> int | None:
    """Which sort of small talk a question is that says nothing else, by its place in ``SMALL_TALK``."""
    said = list(asked.folded)
    text = f" {' '.join(said)} "
    for number, phrases in enumerate(SMALL_TALK):
        for phrase in sorted(phrases, key=len, reverse=True):
            if f" {phrase} " in text:
                rest = text
                for sort in SMALL_TALK:
                    for other in sorted(sort, key=len, reverse=True):
                        rest = rest.replace(f" {other} ", "  ")
                return number if all(word in POLITE for word in rest.split()) else None
    return None


def _counted(asked: Asked, chosen: Chosen, mentions: Sequence[Mention]) -> Chosen | None:
    """A number that is asked for, of entries or of what they carry."""
    said = asked.folded
    for at in range(len(said) - 1):
        if (said[at], said[at + 1]) not in _HOW_MANY:
            continue
        behind = said[at + 2 : at + 2 + _COUNTED_WITHIN]
        noun = next((word for word in behind if word in PAPERS | JOBS or _is_plural_group(word)), None)
        them = bool(behind) and (
            behind[0] in _THEM or behind[:2] in (["of", "them"], ["of", "those"], ["are", "there"])
        )
        if noun is None and not them:
            return None
        if noun and noun in GROUPS and noun not in PAPERS | JOBS:
            return _number_of_values(chosen, mentions, noun) if behind[0] == noun or them else None
        if group := _group_behind(said, at + 2):
            return replace(chosen, operation=Operation.GROUP, group=group, words=_used(chosen.words, GROUPS))
        compared = compared_sort(chosen.condition) is not None
        return replace(chosen, operation=Operation.COMPARE if compared else Operation.COUNT)
    return None


def _is_plural_group(word: str) -> bool:
    return word in GROUPS and (word.endswith("s") or word == "people")


def _number_of_values(chosen: Chosen, mentions: Sequence[Mention], noun: str) -> Chosen | None:
    """How many authors, companies or topics there are; of a paper that is named, how many authors it has."""
    group = GROUPS[noun]
    titles = tuple(m for m in mentions if m.what is What.TITLE and m.exactness >= SURE)
    if group is What.DIGEST or (titles and group is not What.AUTHOR):
        return None
    condition = (*chosen.condition, Clause((Option(titles),))) if titles else chosen.condition
    words = _used(chosen.words, GROUPS)
    return replace(chosen, operation=Operation.COUNT, group=group, condition=condition, words=words)


def _group_behind(said: Sequence[str], start: int) -> What | None:
    """By what entries are counted: "posts per company", "papers by topic", "in each section"."""
    for at in range(start, len(said) - 1):
        if said[at] in {"per", "by", "each"} and said[at + 1] in GROUPS and said[at + 1] not in JOBS:
            if at + 2 < len(said) and said[at] == "by" and said[at + 2] not in STOP:
                continue
            return GROUPS[said[at + 1]]
    return None


def _grouped(asked: Asked, chosen: Chosen) -> Chosen | None:
    """What there is of a sort: topics, companies, authors at both of two conferences."""
    said = asked.folded
    words = _used(chosen.words, GROUPS)
    nouns = [at for at, word in enumerate(said) if word in GROUPS and word not in JOBS | PAPERS]
    who = bool(said) and said[0] in {"who", "anyone", "which", "what", "authors", "people", "researchers", "list"}
    if set(said) & _BOTH and who and any(len(c.options) > 1 for c in chosen.condition if c.what in _VENUES):
        authors = any(GROUPS[said[at]] is What.AUTHOR for at in nouns) or said[0] in {"who", "anyone"}
        if authors and not any(c.what is What.AUTHOR for c in chosen.condition):
            return replace(
                chosen, operation=Operation.GROUP, group=What.AUTHOR, both=True, kind=Kind.PAPER, words=words
            )
    if _left(words):
        return None
    for at, word in enumerate(said):
        if word in PAPERS | JOBS and (group := _group_behind(said, at + 1)):
            return replace(chosen, operation=Operation.GROUP, group=group, words=words)
    for at in nouns:
        if any(word in MOST for word in said) and any(word in PAPERS | JOBS for word in said[at:]):
            order = Order("count", next(MOST[word] for word in said if word in MOST))
            return replace(
                chosen, operation=Operation.GROUP, group=GROUPS[said[at]], order=order, limit=1, words=words
            )
        led = said[:at]
        plural = said[at].endswith("s") or said[at] == "people"
        named = any(option.what is GROUPS[said[at]] for clause in chosen.condition for option in clause.options)
        asked_for = not led or (led[-1] in {"which", "what", "all", "list", "the"} and _is_head(said, at))
        asked_for = asked_for and not (
            GROUPS[said[at]] is What.AUTHOR and {"of", "wrote"} & {*said[at + 1 : at + 3]}
        )
        if plural and asked_for and not named:
            return replace(chosen, operation=Operation.GROUP, group=GROUPS[said[at]], words=words)
    return None


def _is_head(said: Sequence[str], at: int) -> bool:
    """Whether a noun is what the question asks for: it stands behind the words that begin a question."""
    if GROUPS[said[at]] is What.AUTHOR and any(word in {"of", "wrote"} for word in said[at + 1 : at + 3]):
        return False
    return all(
        word in {"which", "what", "list", "all", "the", "show", "me", "are", "name", "give", "please"}
        for word in said[:at]
    )


def _extreme(asked: Asked, chosen: Chosen) -> Chosen | None:
    """What has most or least of something: authors, pay; the oldest."""
    said = asked.folded
    kinds = [word for word in said if word in PAPERS | JOBS]
    for at, word in enumerate(said):
        behind = said[at + 1 : at + 4]
        if word in MOST and any(each in {"authors", "author", "coauthors"} for each in behind):
            limit = _limit(said, kinds)
            return replace(
                chosen,
                operation=Operation.EXTREME,
                kind=Kind.PAPER,
                order=Order("authors", MOST[word]),
                limit=limit,
            )
        paid = any(each in PAY_WORDS for each in behind)
        if word in MOST and paid and (kinds or chosen.kind is Kind.JOB):
            words = _used(chosen.words, PAY_WORDS)
            order = Order("high" if MOST[word] < 0 else "low", MOST[word])
            return replace(
                chosen,
                operation=Operation.EXTREME,
                kind=Kind.JOB,
                order=order,
                limit=_limit(said, kinds),
                words=words,
            )
        if word in OLDEST and any(each in PAPERS | JOBS for each in behind):
            return replace(
                chosen, operation=Operation.EXTREME, order=Order("recent", 1), limit=_limit(said, kinds)
            )
    return None


def _limit(said: Sequence[str], kinds: Sequence[str]) -> int | None:
    """How many are asked for: one where the noun is singular, or the number before it."""
    for number, noun in pairwise(said):
        if noun in PAPERS | JOBS and (number in NUMBERS or (number.isdigit() and len(number) < 3)):
            return NUMBERS.get(number) or int(number)
    return 5 if kinds and kinds[0].endswith("s") else 1


def _asks_who(asked: Asked) -> bool:
    """Whether the people behind something are asked for."""
    said = asked.folded
    if {"cares", "knows"} & set(said):
        return False
    for at, word in enumerate(said):
        near = said[max(0, at - 1) : at] + said[at + 1 : at + 5]
        led = at < _SOON or at > len(said) - _SOON
        if word in _WHO and led and any(each in _WROTE for each in (near if at else said)):
            return "write" not in near or "to" not in near
    if {"papers", "publications", "articles", "many"} & set(said):
        return False
    text = f" {' '.join(said)} "
    asks = any(f" {phrase} " in text for phrase in _BY_PHRASE) or text.startswith(_OF_PEOPLE)
    return (asks or text.endswith((" author ", " authors "))) and any(word in _WROTE for word in said)


def _nth(asked: Asked) -> int | None:
    """The place of the author that is asked for: "first author", "who is the last author"."""
    for at, word in enumerate(asked.folded[:-1]):
        if word in ORDINALS and asked.folded[at + 1] in {"author", "authors", "name"}:
            return ORDINALS[word]
    return None


def _nth_entry(asked: Asked) -> int | None:
    """The place of an entry that is asked for: "the second paper under Kites"."""
    for word, noun in pairwise(asked.folded):
        if word in ORDINALS and noun in {"paper", "job", "post", "opening", "position", "one", "publication"}:
            return ORDINALS[word]
    return None


def _is_overview(asked: Asked, chosen: Chosen) -> bool:
    """Whether it is asked what a page is about, or what there is at all."""
    said = asked.folded
    page = any(word in _PAGES for word in said) or any(c.what is What.DIGEST for c in chosen.condition)
    here = f" {' '.join(said)} " in (
        " what is in here ",
        " what is this about ",
        " what s in here ",
        " whats in here ",
    )
    selected = any(c.what not in _VENUES for c in chosen.condition)
    return here or (page and bool(_ABOUT & set(said)) and not _left(chosen.words) and not selected)


def _is_definition(asked: Asked, chosen: Chosen, *, titled: bool) -> bool:
    """Whether a thing is asked about by its name alone: "what is a kernel?", "tell me about RoPE"."""
    said = tuple(asked.folded)
    begin = next((len(cue) for cue in _DEFINED if said[: len(cue)] == cue), 0)
    if said[:2] in (("what", "does"), ("what", "do")) and not {"mean", "stand"} & set(said):
        begin = 0
    if not begin or any(word in PAPERS | JOBS or word in GROUPS for word in said[begin:]):
        return False
    if any(c.what not in (What.TOPIC, What.DIGEST, What.SKILL, What.TEAM) for c in chosen.condition):
        return False
    left = [word for word in chosen.words if word.use is Use.TEXT]
    if any(word.use is Use.ATTRIBUTE for word in chosen.words):
        return False
    return bool(left or titled or chosen.condition) and len(left) <= _MOST_BESIDES


def _listing(
    asked: Asked,
    chosen: Chosen,
    mentions: Sequence[Mention],
    attributes: Sequence[Attribute],
    *,
    titled: bool,
) -> Operation:
    """Whether a list is asked for, a comparison, or one thing that has to be found."""
    left = _left(chosen.words)
    several = any(word in PLURALS or word in {"written", "wrote", "published"} for word in asked.folded)
    of_a_kind = not mentions and not left and chosen.kind is not None and several
    detail = asks_detail(asked)
    if titled or attributes or not (chosen.condition or of_a_kind) or detail:
        return Operation.FIND
    if compared_sort(chosen.condition) and any(word in ORDINARY_CUES or word == "or" for word in asked.folded):
        joined_by_or = "or" in asked.folded and not {*asked.folded} & (ORDINARY_CUES - {"either", "which", "each"})
        both = {"both", "either"} & set(asked.folded)
        return Operation.LIST if (joined_by_or or both) else Operation.COMPARE
    timed = any(clause.what is What.PERIOD for clause in chosen.condition)
    if not left or ((several or timed) and len(left) <= _MOST_BESIDES):
        return Operation.LIST
    return Operation.FIND


def asks_detail(asked: Asked) -> bool:
    """Whether something about entries is asked for (how, why, whether), not the entries."""
    begins = [0, *(at + 1 for at in range(len(asked.tokens) - 1) if not _PAUSES.isdisjoint(asked.gap(at)))]
    text = f" {' '.join(asked.folded)} "
    return (
        any(_begins_detail(asked.folded[at:]) for at in begins)
        or any(word == "how" and behind in _HOW for word, behind in pairwise(asked.folded))
        or any(f" {phrase} " in text for phrase in ("what do i", "what would i", "what happens"))
    )


def _begins_detail(said: Sequence[str]) -> bool:
    """Whether words begin like a question about an entry."""
    at = next((at for at, word in enumerate(said) if word not in _BEGINS), len(said))
    first, *rest = said[at:] or [""]
    if first == "how":
        return rest[:1] != ["many"]
    if first not in _DETAIL or (rest[:1] and rest[0] in _YOU):
        return False
    return rest[:1] == ["i"] or not any(word in _HAVE for word in rest[:5])


def compared_sort(condition: Iterable[Clause]) -> What | None:
    """The sort of which the question names two or more, none of them denied."""
    whats = {clause.what for clause in condition if len(clause.options) > 1 and not clause.negated}
    return next((what for what in _COMPARED if what in whats), None)


def _left(words: Iterable[Word]) -> list[Word]:
    return [word for word in words if word.use in (Use.TEXT, Use.ATTRIBUTE)]


def _used(words: Iterable[Word], by: Iterable[str]) -> tuple[Word, ...]:
    """Words, those that the operation carries out accounted for."""
    known = frozenset(by)
    return tuple(replace(w, use=Use.ASKING) if w.use is Use.TEXT and w.folded in known else w for w in words)


__all__ = ["Chosen", "asks_detail", "compared_sort", "operation_of", "small_talk"]
