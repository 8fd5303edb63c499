"""Attributes: what people ask of a paper, a job or a conference that a page may or may not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_REMEMBERED = 512
"""Texts of which it is remembered what they give."""

_I = re.IGNORECASE
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAY = rf"\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{1,2}} (?:{_MONTHS})\b"
_EVENT = r"held|hosted|happen|take place|taking place|conference"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that can be asked for.

    ``asked`` finds the question for it, ``given`` the words with which a text gives it. Most questions need no
    attribute: meaning and words find the answer. These are the ones for which an entry that is near in both
    often says nothing at all. ``needed``: without those words a text does not answer; else they only help to
    find the sentence that does.
    """

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    needed: bool = True


def _attribute(name: str, asked: tuple[str, ...], given: tuple[str, ...], *, needed: bool = True) -> Attribute:
    return Attribute(
        name, re.compile(rf"\b(?:{'|'.join(asked)})", _I), re.compile(rf"(?:{'|'.join(given)})", _I), needed
    )


ATTRIBUTES = (
    _attribute(
        "pay",
        (
            r"salar(?:y|ies)\b", r"pay\b(?! attention)", r"paid\b", r"wages?\b", "compensat", "stipend",
            r"earn(?:s|ings?)?\b", r"how much (?:do|does|would|will|can)\b[^?]*\b(?:make|get)\b",
            r"how much (?:money|is the)\b", "bonus", "stock options",
        ),
        (
            r"\bsalar", r"\bstipend", r"\bcompensation\b", r"\bpay (?:range|scale|band)", r"[$€£]\s?\d",
            r"\bper (?:year|hour|annum)\b", r"\bpaid\b", r"\bwages?\b",
        ),
    ),
    _attribute(
        "visa",
        (r"visas?\b", "sponsor", "work permit", "relocat", "immigration", "green card", "h-?1b"),
        (r"\bvisas?\b", "sponsorship", "immigration", "work (?:permit|authori[sz]ation)", "relocat"),
    ),
    _attribute(
        "deadline",
        (
            r"deadlines?\b", "due date", r"clos(?:es|ing date)\b", r"apply (?:by|until|before)", "until when",
            "last day", "how long is [^?]* open",
        ),
        (
            r"\bdeadlines?\b", r"\bapply by\b", "applications? (?:close|are due|must)", "closing date",
            r"\bno later than\b",
        ),
    ),
    _attribute(
        "code",
        (
            r"git(?:hub|lab)\b", r"repos?\b", "source code", r"(?:the|its|their|any) code\b",
            "code (?:available|release|for)", r"open[- ]sourced?\b", "checkpoint", "hugging ?face",
        ),
        (
            "git(?:hub|lab)", "open[- ]sourc", r"code (?:is|are|was|will be|has been|can be)\b",
            r"(?:released?|available|publish\w*|share\w*) [^.]{0,40}\bcode\b", "hugging ?face",
        ),
    ),
    _attribute(
        "link",
        (r"pdf\b", r"arxiv\b", r"doi\b", r"links?\b", r"urls?\b", "download", r"website\b"),
        ("arxiv", r"\bdoi\b", "https?://", r"\bwww\."),
    ),
    _attribute(
        "reception",
        (
            r"cit(?:ed|ations?)\b", "h-?index", "acceptance", "accept(?:ed)? rate", r"reject(?:ed|ion|s)?\b",
            r"review(?:s|ers?|ed)?\b", "openreview", r"submissions?\b", "submitted",
        ),
        (r"\bcited\b", r"citations?\b", "acceptance", r"\breject", r"\breviewers?\b", r"submissions?\b"),
    ),
    _attribute(
        "award",
        (r"awards?\b", r"prizes?\b", r"best[- ]paper (?:award|prize|at)\b", r"won\b", "winner", "honou?r"),
        (r"\baward", r"\bprize", "best[- ]paper", r"\bwon\b", "honou?r"),
    ),
    _attribute(
        "place of an event",
        (
            rf"where (?:was|is|will|were|did|does)\b[^?]*\b(?:{_EVENT})\b",
            rf"(?:which|what) (?:city|country|venue|town)\b[^?]*\b(?:{_EVENT}|in)\b",
        ),
        (r"\bheld (?:in|at)\b", r"\btakes? place in\b", r"\btook place\b", r"\bhosted (?:in|by|at)\b"),
    ),
    _attribute(
        "date of an event",
        (
            rf"when (?:was|is|will|were|did|does)\b[^?]*\b(?:{_EVENT}|start|begin|be|published|released)\b",
            r"(?:what|which) (?:date|day|month)\b", "start date",
        ),
        (_DAY, r"\bstart(?:s|ing)? (?:date|in|on)\b", r"\bbegin(?:s|ning)? (?:in|on)\b"),
    ),
    _attribute(
        "hardware",
        (
            r"gpus?\b", r"tpus?\b", r"hardware\b", r"how (?:long|many hours|many days)\b[^?]*\btrain",
            "training (?:cost|budget)", "cost to train", "electricity", "carbon",
        ),
        (r"\bgpus?\b", r"\btpus?\b", r"\bhardware\b", r"\bhours?\b", r"\bdays\b", r"fold\b", "carbon"),
    ),
    _attribute(
        "size of a model",
        ("how (?:many parameters|big is|large is)", "parameter count", "number of parameters"),
        (r"\bparameters\b", r"\bbillion\b", r"\bmillion\b", r"\d\s?[BM]\b"),
    ),
    _attribute(
        "length",
        ("how many pages", "page count", "word count", "how long is the paper"),
        (r"\bpages\b", r"\bwords\b"),
    ),
    _attribute(
        "contact",
        (
            r"e-?mails?\b", r"phone\b", r"contacts?\b", r"recruiters?\b", "hiring manager", "linkedin", "twitter",
            r"address\b",
        ),
        (r"@\w", r"\be-?mail\b", r"\bcontact\b", r"\brecruiter", "linkedin"),
    ),
    _attribute("interview", ("interview",), (r"\binterview",)),
    _attribute(
        "benefits",
        (
            r"benefits\b", "vacation", r"holidays?\b", "days off", r"pto\b", "insurance", "401k", "parental leave",
            "maternity", "pension", r"perks?\b",
        ),
        (r"\bbenefits\b", "vacation", "holiday", "insurance", "401", r"\bleave\b", "pension", "perks"),
    ),
    _attribute(
        "home office",
        (r"remote(?:ly)?\b", r"from home\b", r"hybrid\b", r"on-?site\b", "in[- ]office"),
        (r"\bremote", r"\bhybrid\b", r"\bon-?site\b", r"\bin[- ]office\b", "from home", r"\bvirtual\b"),
    ),
    _attribute(
        "hours",
        ("working hours", "work hours", "part[- ]time", "overtime", "night shift", r"weekends?\b"),
        (r"\bhours\b", "part[- ]time", "full[- ]time", r"\bweekends?\b", r"\bshifts?\b"),
    ),
    _attribute(
        "head count",
        (
            r"how many (?:people|employees|engineers|scientists|applicants|candidates|members)\b", "team size",
            "head ?count",
        ),
        (
            r"\bteam of (?:\d|two|three|four|five|six|seven|eight|nine|ten)",
            r"\b\d+ (?:people|employees|engineers|scientists|members)",
        ),
    ),
    _attribute(
        "result",
        (
            r"how (?:well|good|much better)\b", r"did (?:it|they|that) work\b", r"results?\b", r"performance\b",
            "outperform", r"beat(?:s|en)?\b", "surpass", r"what came out\b", r"succeed", r"success",
        ),
        (
            "improve[ds]?", "improvements?", "outperform", "better than", "reduc", "faster", r"increas", r"accura",
            r"percent\b", "significant", "as well as", r"state of the art", "succe", r"\bbeat", "exceed",
        ),
        needed=False,
    ),
    _attribute(
        "number",
        (
            r"how (?:many|much|long|often|far|big|large|fast|slow|old|high)\b",
            r"what (?:number|percentage|share|fraction)\b",
            r"(?:times|much|x) (?:slower|faster|smaller|larger|bigger|better)\b", r"\d+\s?x\b",
        ),
        (
            r"\d", r"\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b",
            r"\b(?:half|twice|double|fold|percent)\b",
        ),
        needed=False,
    ),
)  # fmt: skip


_ANY = re.compile("|".join(attribute.asked.pattern for attribute in ATTRIBUTES), _I)
"""Finds what asks for any of them: most questions ask for none, and are gone through once."""


@lru_cache(_REMEMBERED)
def gives(text: str, attribute: Attribute) -> bool:
    """Whether a text gives an attribute: looked for in the same texts again and again, for milliseconds each."""
    return attribute.given.search(text) is not None


def asked_attributes(question: str) -> tuple[Attribute, ...]:
    """The attributes that a question asks for."""
    if not _ANY.search(question):
        return ()
    return tuple(attribute for attribute in ATTRIBUTES if attribute.asked.search(question))
