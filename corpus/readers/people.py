"""People: a list of authors as pages of all makes write it, parted into names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from corpus.places import is_place
from corpus.readers.odds import name_odds, words_of_name

LONGEST = 6_000
"""Characters of a list of authors that are read."""
CERTAIN = 0.5
"""From this score on words are taken for people."""

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_MARK = "*†‡§¶#✉✝∗⋆★☆♠♣♥♦⁎⁰¹²³⁴⁵⁶⁷⁸⁹⁺ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿ"
_MARKS = re.compile(rf"[{re.escape(_MARK)}]+")
_RAISED = re.compile(r"(?<=[^\W\d_])\d{1,2}(?:,\d{1,2})*(?![\w.])")
"""Numbers of affiliations right behind a name."""
_LABEL = re.compile(
    r"(?:written |presented )?(?:authors?(?:\(s\))?|by|presenters?|speakers?|autor(?:en|es)?|auteurs?|作者)"
    r"\s*[:：]\s*|by\s"
    r"|(?-i:von (?=[A-ZÄÖÜ][^\W\d_]+ [A-ZÄÖÜ]))",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\bet\.? ?al\b|\b(?:and|&) (?:\d{1,4} )?(?:others|more|colleagues|collaborators)\b|\.\.\.|…|等(?!\w)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s?[(\[{（][^()\[\]{}（）]{0,160}[)\]}）](?!\s?(?!(?:and|und|et|y|e)\b)[^\W\d_])")
"""Words in brackets that end a name: where somebody works, an address, a footnote; not a name's second half."""
_AND = re.compile(r"\s(?:and|und|et|&|y(?=\s+[^\s,;]+\s+[^\s,;])|e(?=\s+[^\s,;]+\s+[^\s,;]))\s(?!others\b)")
_LAST_AND = re.compile(r"^(?:and|und|et|&|with)\s+")
_STRONG = re.compile(r"[;；|·•∙\n]|\s/\s")
_COMMON = (",", ";", " and ", "&", "|", "·", "，", "、", "\n", "(", " und ", " et ", " y ")
_COMMA = re.compile(r"[,，、]")
_DASH = re.compile(r"\s[-–—]\s")
_TITLES = re.compile(r"\b(?:(?:prof|dr|mr|mrs|ms|professor|dr-ing)\b\.?\s+){1,3}(?=\S+\s+\S)", re.IGNORECASE)
_DEGREES = frozenset({"phd", "ph.d", "ph.d.", "md", "m.d.", "m.d", "msc", "m.sc.", "bsc", "mba", "dphil", "esq."})
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_BEHIND = _SUFFIXES | _DEGREES
_STOP = re.compile(r"(?<=[^\W\d_]{3})\.(?=\s|$)")
_SHORTENED = re.compile(r"\b[^\W\d_]\.\s*$|[JjSs]r\.\s*$")
_JOINTS = dict.fromkeys(map(ord, "-.'’‘‐‑`´"))
_PARTICLE = re.compile(
    r"a[lfmp]|b[ei]n|bint|d[aeiou]|das|del|della|de[nrs]|dos|e|el|ibn|la|le|los|[’'‘]?t|te[nr]|ul|v[ao]n|y"
    r"|zu[mr]?|vom"
)
_LARGE_PARTICLE = re.compile(r"Van|Von|De|Del|Della|Der|Den|Dos|La|Le")
_JOINED = re.compile(r"(?:a[dlnrst]|az|d|de|el|l|m|o|ul|ur|mc)[-‐‑'’](?=\w)", re.IGNORECASE)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}(?:[·・][\u3040-\u30ff\u3400-\u9fff]{1,8})*")


def word_set(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


_SMALL = word_set(
    "a about after again all also am an and any are as at be been before being both but by can could did do"
    " does each else"
    " ever every few find first for from get give good has have he her here his how i if in into is it its"
    " just know last"
    " less like look make many may me mean more most much my need no nor not now of off on once one only or"
    " other our out"
    " over own per read same see she should show so some such take than that the their them then there they"
    " this those to"
    " too under until up us use used very want was we were what when where which while who whom whose why"
    " will with you"
)
"""Words of sentences where they are written in small letters."""
_HOUSE = re.compile(
    r"\b(?:universi\w+|institut\w*|departe?ment|school|college|laborator\w+|labs?|inc|ltd|llc|gmbh|corp\w*"
    r"|cent(?:er|re)"
    r"|academy|hospital|foundation|observator\w+|museum|society|agency|bureau|ministry|council|polytechni\w+"
    r"|technion|research|technology|technologies)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class People:
    """The names in a stretch of words.

    Attributes:
        names: as written, first names first; footnote marks, affiliations, degrees and "et al." left out.
        score: how surely the words are nothing but people, 0 to 1.
        shortened: whether the list ends with "et al." or the like.
    """

    names: tuple[str, ...]
    score: float
    shortened: bool = False


NOBODY = People((), 0.0)


_FAR, _NEAR, _DOUBT, _INITIALS = 4.0, 0.5, 2.5, 1.5
"""Log-odds that a neighbour counts at most, its share of them, and those from which on below words are no name;
the least of a word beside initials."""
_AROUND = "().'’‘“”\""


class _Look(Enum):
    """How the words between two commas look."""

    NAME = 1.0
    SINGLE = 0.45
    SMALL = 0.35
    HOUSE = 0.1
    NO_NAME = 0.0


_GIVEN = (_Look.NAME, _Look.SINGLE, _Look.SMALL)


def authors_of(words: str) -> tuple[str, ...]:
    """The names in words that are known to be of authors."""
    return parse_people(words).names


@lru_cache(maxsize=16_384)
def parse_people(words: str) -> People:
    """Part a list of people into names, and tell how surely it is one.

    Understood: "A. Moss, B. Ray, and C. Low", "Moss, Ada; Ray, Ben", "Moss, Ada and Ray, Ben", and
    "Moss, A., Ray, B."; names parted by "|" or line breaks, single names and small letters beside others, names
    of any script.
    """
    if len(words) > LONGEST or _is_prose(words):
        return NOBODY
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", words)).strip().lstrip(",;:|·•–—- ")
    text = text[label.end() :] if (label := _LABEL.match(text)) else text
    others = _OTHERS.search(text)
    shortened, bare = others is not None, text[: others.start()].rstrip(" \t\n,;") if others else text
    bare = _RAISED.sub("", _MARKS.sub("", _without_brackets(bare))).strip(" \n\t,;:|·•–—-")
    if not bare:
        return NOBODY
    fields = _fields(bare)
    if not fields:
        return NOBODY
    odds = [_odds(field) for field in fields]
    held = [max(-_FAR, min(each, _FAR)) for each in odds]
    whole, share = sum(held), _NEAR / max(len(odds) - 1, 1)
    looks = [
        _look(field, own + share * (whole - bounded))
        for field, own, bounded in zip(fields, odds, held, strict=True)
    ]
    if _Look.HOUSE in looks:  # "V. Fox, Harbour Observatory, La Serena, Chile"
        behind = len(looks) - looks[::-1].index(_Look.HOUSE)
        rest = zip(fields[behind:], looks[behind:], strict=True)
        if behind > 1 and any(look is _Look.NO_NAME or is_place(field) for field, look in rest):
            looks[behind:] = [_Look.HOUSE] * (len(looks) - behind)
    kept = [(field, look) for field, look in zip(fields, looks, strict=True) if look is not _Look.HOUSE]
    names = tuple(_name(field) for field, look in kept if look is not _Look.NO_NAME or len(kept) > _LIST)
    score = _score([look for _, look in kept], len(fields), labelled=label is not None, shortened=shortened)
    return People(tuple(filter(None, names)), score, shortened)


_LIST = 3
"""From one more than this many names on, an odd one among them does not spoil the list."""


def _score(looks: list[_Look], fields: int, *, labelled: bool, shortened: bool) -> float:
    if not looks:
        return 0.0
    odd = looks.count(_Look.NO_NAME)
    if odd and (len(looks) <= _LIST or odd > len(looks) / 6):
        return 0.3 * (1 - odd / len(looks)) if odd < len(looks) else 0.0
    mean = sum(look.value for look in looks) / len(looks)
    if len(looks) == 1:
        mean *= 0.75
    if len(looks) < fields:  # some of them were where people work
        mean *= 0.8
    return min(1.0, mean + 0.3 * (labelled or shortened) * (mean > 0))


def _is_prose(words: str) -> bool:
    """Whether words surely are no list of names: too many of them stand between two commas."""
    parted = 1 + sum(map(words.count, _COMMON))
    return words.count(" ") > 7 * parted


def is_house(words: str) -> bool:
    """Whether words name a university, a company, a laboratory."""
    return _HOUSE.search(words) is not None


def _without_brackets(text: str) -> str:
    for _ in range(3):  # one in another
        shorter = _BRACKETS.sub("", text)
        if shorter == text:
            break
        text = shorter
    return text


def _fields(text: str) -> list[str]:
    """The single names, those that were written "Last, First" turned."""
    strong = [part for part in _STRONG.split(text) if part.strip()]
    if len(strong) > 1:
        fields: list[str] = []
        for part in strong:
            clean = part.strip().strip(" ,;")
            commas = _parted(_LAST_AND.sub("", clean))
            if len(commas) == 2 and _is_family(*commas) and _look(commas[1], _odds(commas[1])) in _GIVEN:
                fields.append(f"{commas[1]} {commas[0]}")
            else:
                fields.extend(_comma_fields(clean))
        return fields
    joined = [part.strip(" ,") for part in _AND.split(text)]
    pairs = [_parted(part) for part in joined]
    turned = [len(pair) == 2 and _is_family(pair[0], pair[1]) and pair[1].lower() not in _BEHIND for pair in pairs]
    if all(turned) or (sum(turned) > 1 and all(map(_fits_pairs, pairs, turned))):
        return [f"{p[1]} {p[0]}" if swap else " ".join(p) for p, swap in zip(pairs, turned, strict=True)]
    return _comma_fields(text)


def _parted(text: str) -> list[str]:
    return [each for part in _COMMA.split(text) if (each := part.strip())]


def _fits_pairs(pair: list[str], turned: bool) -> bool:
    """Whether what stands between two "and" can be one name of a list of "Last, First"."""
    return turned or len(pair) == 1


def _comma_fields(text: str) -> list[str]:
    fields: list[str] = []
    for piece in _parted(text):
        for each in _AND.split(f" {_LAST_AND.sub('', piece)} "):
            field = _DASH.split(each, maxsplit=1)[0].strip(" .,;:") + (
                "." if "." in each and _SHORTENED.search(each) else ""
            )
            low = field.lower()
            if low in _DEGREES or not any(map(str.isalpha, field)):
                continue
            if low in _SUFFIXES and fields:
                fields[-1] += f", {field}"
            else:
                fields.append(field)
    return _turned(fields)


def _turned(fields: list[str]) -> list[str]:
    """The fields with "Last, First" joined: "Moss, A., Ray, B." throughout, or of the first alone."""
    even = len(fields) % 2 == 0 and len(fields) >= 2
    if even and all(map(_is_given, fields[1::2])) and all(map(_is_family, fields[::2], fields[1::2])):
        return [f"{given} {family}" for family, given in zip(fields[::2], fields[1::2], strict=True)]
    if len(fields) > 2 and _is_family(fields[0]) and _is_given(fields[1]):
        rest = fields[2:]
        if all(len(each.split()) > 1 for each in rest) or _is_initials(fields[1].split()[-1]):
            return [f"{fields[1]} {fields[0]}", *_turned_rest(rest)]
    return fields


def _turned_rest(rest: list[str]) -> list[str]:
    """What follows a first name that was turned; "Moss, A., Ray, B., and C. Low" turns two."""
    turned: list[str] = []
    at = 0
    while at < len(rest):
        following = rest[at + 1] if at + 1 < len(rest) else ""
        if _is_family(rest[at]) and following and all(map(_is_initials, following.split())):
            turned.append(f"{following} {rest[at]}")
            at += 2
        else:
            turned.append(rest[at])
            at += 1
    return turned


def _is_family(field: str, given: str = "") -> bool:
    """Whether a field can be a family name alone: one word, or several before initials."""
    tokens = field.split()
    own = [t for t in tokens if not _PARTICLE.fullmatch(t) and not _LARGE_PARTICLE.fullmatch(t)] or tokens[:1]
    most = 3 if given and all(map(_is_initials, given.split())) else 1
    return (
        0 < len(own) <= most
        and all(len(token) > 1 and not token.endswith(".") and _in_name(token) for token in own)
        and not _HAN.fullmatch(field)
    )


def _is_given(field: str) -> bool:
    """Whether a field can be first names: one word, or words of which the last is an initial."""
    tokens = field.split()
    if _HAN.fullmatch(field) or not tokens:
        return False
    return (len(tokens) == 1 and tokens[0][0].isupper()) or (len(tokens) < 4 and _is_initials(tokens[-1]))


def _is_initials(token: str) -> bool:
    letters = token.replace(".", "").replace("-", "")
    return letters.isalpha() and letters.isupper() and len(letters) <= (4 if "." in token else 2)


def _name(field: str) -> str:
    """A name as it is shown: one blank between its parts, no academic title."""
    return " ".join(_STOP.sub("", _TITLES.sub("", field)).split())


def _look(field: str, odds: float) -> _Look:
    """How a field looks; ``odds``: the log-odds, from its letters and its neighbours, that it is a name."""
    if _HAN.search(field):
        return _Look.NAME if _HAN.fullmatch(field) else _Look.NO_NAME
    tokens = _tokens(field)
    short = len(tokens) == 1 and len(field) <= 6 and field.isupper() and "." not in field
    if short or (len(tokens) < 10 and is_house(field)):
        return _Look.HOUSE
    cores = [token.strip(_AROUND) for token in tokens]
    written = [core for core in cores if not _PARTICLE.fullmatch(core)]
    if len(tokens) > 6 or not all(map(_in_name, cores)) or all(map(_is_initials, written)):
        return _Look.NO_NAME
    small = sum(core[0].islower() and not _JOINED.match(core) for core in written)
    least = _DOUBT if len(written) > 1 else 2 * _DOUBT
    if odds < -least or (small > 1 and not small == len(written) == 2):
        return _Look.NO_NAME
    if odds < 0 or small:  # "ife lowe"; several small ones are the words of a sentence
        return _Look.SMALL
    return _Look.NAME if len(written) > 1 else _Look.SINGLE


def _tokens(field: str) -> list[str]:
    return _TITLES.sub("", field).replace(",", " ").split()


def _odds(field: str) -> float:
    """The log-odds that a field is a name; initials before one word may be anybody's."""
    cores = words_of_name(_TITLES.sub("", field))
    told = [core for core in cores if not _PARTICLE.fullmatch(core) and not _is_initials(core)]
    if not told:
        return 0.0
    initials = len(told) < 3 and any(map(_is_initials, cores))
    odds = name_odds(told, initials=initials, level=len(told) > 1 and (field.isupper() or field.islower()))
    return max(odds, _INITIALS) if initials and "." in field else odds


def _in_name(core: str) -> bool:
    if not core or len(core) > 30:
        return False
    if _PARTICLE.fullmatch(core) or _is_initials(core):
        return True
    letters = core.translate(_JOINTS)
    return letters.isalpha() and core not in _SMALL
