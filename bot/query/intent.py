"""Cues: the everyday words by which a question shows what it wants. English; names are the gazetteer's."""

from __future__ import annotations

import re
from itertools import islice

from corpus.english import STOP
from corpus.model import Kind

_I = re.IGNORECASE

_PAPERS = r"papers?|publications?|articles?|preprints?|manuscripts?"
_JOBS = (
    r"jobs?|openings?|positions?|vacanc(?:y|ies)|roles?|posts?|postings?|internships?|interns?|hiring|careers?|"
    r"job offers?|opportunit(?:y|ies)|recruiting"
)

PAPER = re.compile(rf"\b(?:{_PAPERS}|authors?|co-?authors?|publish(?:e[ds]|ing)?)\b", _I)
JOB = re.compile(
    rf"\b(?:{_JOBS}|hires?|hired|employ\w*|recruit\w*|salar(?:y|ies)|work (?:at|for|in|as)|apply|applicants?|"
    r"candidates?|qualifications?|teams?|engineers?|scientists?|managers?|economists?)\b",
    _I,
)
_JOB_ITSELF = re.compile(rf"\b(?:{_JOBS})\b", _I)
FIGURE = re.compile(
    r"\b(?:figures?(?! (?:out|that)\b)|pictures?|images?|illustrat\w*|diagrams?|captions?|charts?|drawings?)\b", _I
)
"""Words that ask for a figure; "picture" in a question about pictures asks for one too, and may find none."""

WHO = re.compile(
    r"\bwho(?:'s|s|se|m)?\b(?!\s+(?:cares|knows))|\bauthors?\b|\bby whom\b|\bwritten by\b|\bnames? (?:is|are)\b|"
    r"\bpeople behind\b|\bresearchers?\b[^?]*\b(?:wrote|did|made|behind)\b",
    _I,
)
_WROTE = re.compile(
    r"\b(?:wrote|writ(?:e|es|ing|ten)|authors?|authored|behind|by|did|made|came up|names|paper|work|created?"
    r"|invent\w*|propos\w*|develop\w*|introduc\w*|publish\w*)\b",
    _I,
)

_NUMBER_OF = re.compile(r"\b(?:how many|number of|count (?:of|the))\b", _I)
_OF_THEM = re.compile(r"\W{1,3}(?:each|of them|of those|are there|in (?:each|total|all))\b", _I)
_COUNTED = re.compile(rf"(?:{_PAPERS}|{_JOBS})\Z", _I)
_WORD = re.compile(r"[\w'’]+")
_BEFORE_NOUN = 8
"""Words behind "how many" among which the noun stands that is counted."""

_COMPARED = re.compile(
    r"\b(?:compare\w*|vs\.?|versus|more|fewer|less|most|difference|both|either|which of|than|each)\b|\bor\b", _I
)
_SEVERAL = re.compile(
    r"\b(?:papers|publications|articles|preprints|jobs|openings|positions|vacancies|roles|posts|postings|"
    r"internships|interns|opportunities|works|work|authors|anything|everything|stuff|something|hiring|open)\b"
    r"|\b(?:list|show me|all|every)\b|\bwhat(?:'s| is| else| else is)? (?:under|in|on|there)\b"
    r"|\b(?:been up to|written|wrote|published?)\b",
    _I,
)
_DETAIL = re.compile(
    r"(?:^|[,.;!?])\W{0,3}(?:(?:so|and|ok|okay|hey|hi|hello|please|pls|well|but)\W{1,3}){0,3}"
    r"(?:how (?!many\b)|why\b|when\b|explain\b|describe\b"
    r"|(?:can|could|should|would|may|must|do|does|did|will|am|has)\b(?!\s+(?:you|u|anyone|anybody)\b)"
    r"(?!\s+(?:they|we|it|\w+|the \w+)\s+(?:have|hire|got|publish|offer|present|list)\b))"
    r"|\b(?:how (?:long|much|often|far|old|big|fast|well)|what happens|what do i|what would i)\b",
    _I,
)
"""How a question begins that asks for something about the entries, and not for them."""

_SMALL_TALK = re.compile(
    r"\b(?:hi|hiya|hello|hey|yo|greetings|thanks|thank you|thx|ty|cheers|bye|goodbye|see (?:you|ya)|lol|haha|nice"
    r"|good (?:morning|afternoon|evening|night|day|bot)|welcome|sorry|how are you(?: doing)?|how is it going"
    r"|how's it going|what's up|sup|who are you|what are you|what(?: all)? can (?:you|i) (?:do|ask)(?: you)?"
    r"|what do you (?:do|know)|how do you work|how does this work|help(?: me)?|are you (?:there|a bot|real))\b",
    _I,
)
_POLITE = frozenset(
    "a an the that this it was is and so very really much all everyone everybody folks guys there again for your"
    " you bot good great awesome cool helpful perfect lovely please today me i".split()
)


def wanted_kind(question: str) -> Kind | None:
    """The kind of entry that a question asks for in so many words."""
    if FIGURE.search(question):
        return None  # a figure and what it illustrates are both good
    paper, job = bool(PAPER.search(question)), bool(_JOB_ITSELF.search(question))
    if paper == job:
        return None
    return Kind.PAPER if paper else Kind.JOB


def asks_who(question: str) -> bool:
    """Whether it asks for the people behind something."""
    return bool(WHO.search(question) and _WROTE.search(question))


def asks_how_many(question: str) -> bool:
    """Whether it asks for a number of papers or job posts; not for a number that some text gives."""
    for cue in _NUMBER_OF.finditer(question):
        if _OF_THEM.match(question, cue.end()):
            return True
        behind = islice(_WORD.finditer(question, cue.end()), _BEFORE_NOUN)
        if any(_COUNTED.match(word[0]) for word in behind):
            return True
    return False


def compares(question: str) -> bool:
    """Whether it holds things against each other, once two of a sort are named in it."""
    return bool(_COMPARED.search(question))


def asks_detail(question: str) -> bool:
    """Whether something about entries is asked for (how, why, whether), not the entries."""
    return bool(_DETAIL.search(question))


def wants_several(question: str) -> bool:
    """Whether more than one entry is asked for, and not something about them."""
    return bool(_SEVERAL.search(question)) and not _DETAIL.search(question)


def is_small_talk(question: str) -> bool:
    """Whether it says nothing beyond a greeting, thanks, or a question about the bot itself."""
    rest, greetings = _SMALL_TALK.subn(" ", question)
    return bool(greetings) and all(word in _POLITE for word in re.findall(r"\w+", rest.casefold()))


def is_common(word: str) -> bool:
    """Whether a folded word says nothing of what is asked about."""
    return word in STOP
