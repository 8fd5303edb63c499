"""Keys and columns: what one holds, by its name and by what stands in it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from corpus.places import is_place
from corpus.readers.dates import is_day
from corpus.readers.pay import is_pay
from corpus.readers.people import parse_people
from corpus.readers.terms import names_role
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Key(StrEnum):
    """What a column, or the values of a key, can be."""

    TITLE = "title"
    ROLE = "role"
    """The title of a job post, by its name."""
    PAPER = "paper"
    """The title of a paper, by its name."""
    NAME = "name"
    """A name of anything: the title where nothing else is."""
    AUTHORS = "authors"
    SPEAKER = "speaker"
    """Who gives a talk: its authors where it is a paper's."""
    GIVEN = "given"
    FAMILY = "family"
    AFFILIATION = "affiliation"
    VENUE = "venue"
    YEAR = "year"
    TRACK = "track"
    AWARD = "award"
    ABSTRACT = "abstract"
    TEXT = "text"
    LINK = "link"
    PAPER_LINK = "paper link"
    APPLY = "apply"
    DOI = "doi"
    COMPANY = "company"
    TEAM = "team"
    PLACE = "place"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    WORKPLACE = "workplace"
    EMPLOYMENT = "employment"
    TERM = "term"
    LEVEL = "level"
    DEGREE = "degree"
    PAY = "pay"
    PAY_MIN = "pay min"
    PAY_MAX = "pay max"
    CURRENCY = "currency"
    PERIOD = "period"
    SKILLS = "skills"
    DAY = "day"
    POSTED = "posted"
    CLOSES = "closes"
    STATUS = "status"
    SPONSORSHIP = "sponsorship"
    CITIZENSHIP = "citizenship"
    TYPE = "type"
    """What the thing is: schema.org's @type, BibTeX's kind of entry."""
    TIME = "time"
    """A time of day: of a programme."""
    OTHER = "other"
    """Known, and no fact of a paper or post: a number, a picture, a company's page."""


def _table() -> dict[str, list[str]]:
    """The names and sets of words of ``keys.txt``."""
    text = Path(__file__).with_name("keys.txt").read_text("utf-8").replace("\n  ", "")
    lines = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {name: words.split("|") for name, _, words in lines}


_TABLE = _table()
_KEYS = {name: Key(key) for key, names in _TABLE.items() if not key.startswith("~") for name in names}
_GENERIC = frozenset(_TABLE["~generic"])
"""Names within an object that give the object's own value."""
_LEAST, _MOST, _MONEY = (frozenset(_TABLE[name]) for name in ("~least", "~most", "~money"))
_PICTURED = frozenset(_TABLE["~pictured"])
_NOTHING = frozenset(_TABLE["~nothing"])
PAPER_TYPES = frozenset(_TABLE["~paper types"])
"""What schema.org, BibTeX and the like call papers, in one word."""
_SPOKEN = {language: frozenset(_TABLE[f"~{language}"]) for language in ("de", "es")}
_HOLDERS = frozenset((Key.OTHER, Key.TEXT, Key.NAME))
"""Keys of objects that only hold others."""
_WITHIN: dict[Key, tuple[Key, ...]] = {
    Key.COMPANY: (), Key.TEAM: (), Key.VENUE: (), Key.LINK: (Key.APPLY, Key.PAPER_LINK),
    Key.AUTHORS: (Key.GIVEN, Key.FAMILY, Key.AFFILIATION),
    Key.PLACE: (Key.CITY, Key.REGION, Key.COUNTRY, Key.WORKPLACE),
}  # fmt: skip
"""What counts within an object of a kind: the address of a company is not that of its post."""


@lru_cache(maxsize=16_384)
def words_of_key(name: str) -> tuple[str, ...]:
    """The words of a key or head ("datePosted" and "Date_Posted": date, posted)."""
    parted, small = [], False
    for character in name[:80].replace("_", " ").replace("-", " "):
        parted.append(f" {character}" if small and character.isupper() else character)
        small = character.islower()
    return tuple(folded("".join(parted)).split())


@lru_cache(maxsize=16_384)
def key_of(name: str) -> tuple[Key | None, bool]:
    """What a key or column holds by its name, and whether the whole name says so.

    Args:
        name: a column's head, or a key with those of the objects around it ("location.city").
    """
    *around, last = name.rsplit(".", 3) if "." in name and " " not in name else [name]
    own = words_of_key(last)
    outers = (_named(words_of_key(each))[0] for each in reversed(around))
    outer = next((key for key in outers if key and key not in _HOLDERS), None)
    if outer is Key.PAY or set(own) & _MONEY:
        within = set(own)
        if within & _LEAST or within & _MOST:
            return (Key.PAY_MIN if within & _LEAST else Key.PAY_MAX), True
    if set(own[-1:]) & _PICTURED:
        return Key.OTHER, True
    key, whole = _named(own)
    if outer is None:
        return key, whole
    generic = " ".join(own) in _GENERIC and not (outer is Key.AUTHORS and own == ("title",))
    if generic and outer is not Key.LINK:
        return outer, True
    inner = _WITHIN.get(outer)
    return (Key.OTHER, True) if inner is not None and key not in (*inner, outer) else (key, whole)


def _named(words: tuple[str, ...]) -> tuple[Key | None, bool]:
    """What a name tells: as a whole, without its plural or a generic last word, by its end, by its beginning."""
    joined = " ".join(words)
    if key := _KEYS.get(joined) or _KEYS.get(joined.removesuffix("s")):
        return key, True
    if len(words) > 1 and words[-1] in _GENERIC and (found := _named(words[:-1]))[0]:
        return found
    if words[:1] and words[0] in ("company", "organization", "employer", "author"):
        return Key.OTHER, False
    ends = (" ".join(words[start:]) for start in range(1, len(words)))
    begins = (" ".join(words[:end]) for end in range(len(words) - 1, 0, -1))
    found_keys = [key for part in (*ends, *begins) if (key := _KEYS.get(part)) and key is not Key.TYPE]
    return next(iter(found_keys), None), False


def language_of(names: Iterable[str]) -> str | None:
    """The language that names of columns are in; English tells nothing of how days are written there."""
    said = {word for name in names for word in words_of_key(name)}
    return next((language for language, words in _SPOKEN.items() if len(said & words) > 1), None)


def is_nothing(words: str) -> bool:
    """Whether words are what is written where nothing is known: "N/A", "Unknown", "-1", a dash."""
    return not words.strip(" \t\n-–—?.") or (len(words) < 40 and folded(words) in _NOTHING)


_SAMPLE = 40
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_PAPER_LINK = re.compile(
    r"arxiv\.org|doi\.org|openreview\.net|aclanthology|aclweb\.org|\.pdf(?:$|[?#])|proceedings|semanticscholar"
    r"|biorxiv|medrxiv|dl\.acm\.org|ieeexplore|papers\.nips|thecvf\.com|pubmed|sciencedirect|springer\.com|ssrn\.com"
)
_POST_LINK = re.compile(
    r"\b(?:jobs?|careers?|positions?|vacanc(?:y|ies)|openings?|apply|stellen\w*|empleo|emploi|requisitions?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d\s.,:%+/#()~±$€£-]+")
_YEARS = re.compile(r"(?:19|20)\d\d")
_TIMES = re.compile(r"\d{1,2}[:.h]\d\d")
_SENTENCE = re.compile(r"\w{2}[.!?]\s+\w")
_WORD = re.compile(r"[^\W\d_]+")


class Signs:
    """What stands in a column: the shares of its cells that are of a kind, from 0 to 1.

    Attributes:
        count: cells with words.
    """

    def __init__(self, cells: Sequence[str], links: Sequence[str] = ()) -> None:
        said = [cell for cell in cells if cell]
        self.count = len(said)
        self._cells = said[:: max(1, len(said) // _SAMPLE)]
        self._links = links

    def _share(self, is_one: Callable[[str], object], longest: int = 300) -> float:
        fit = sum(bool(is_one(cell[:longest])) for cell in self._cells if longest >= 300 or len(cell) < longest)
        return fit / (len(self._cells) or 1)

    @cached_property
    def people(self) -> float:
        """Cells that are nothing but people."""
        return self._share(lambda cell: _people(cell) > 0)

    @cached_property
    def together(self) -> float:
        """Cells that are several people."""
        return self._share(lambda cell: _people(cell) > 1)

    @cached_property
    def role(self) -> float:
        """Cells that name a role."""
        return self._share(names_role)

    @cached_property
    def place(self) -> float:
        """Cells that are places, one a line."""
        return self._share(lambda cell: all(map(is_place, filter(str.strip, cell.split("\n")))), 120)

    @cached_property
    def day(self) -> float:
        """Cells that are days."""
        return self._share(is_day, 40)

    @cached_property
    def pay(self) -> float:
        """Cells that are sums of money."""
        return self._share(is_pay, 80)

    @cached_property
    def number(self) -> float:
        """Cells that are numbers."""
        return self._share(_NUMBER.fullmatch)

    @cached_property
    def year(self) -> float:
        """Cells that are years."""
        return self._share(_YEARS.fullmatch)

    @cached_property
    def time(self) -> float:
        """Cells that are times of day."""
        return self._share(_TIMES.match, 30)

    @cached_property
    def link(self) -> float:
        """Cells that are addresses."""
        return self._share(_LINK.fullmatch)

    def _leading(self, sign: re.Pattern[str]) -> float:
        found = sum(sign.search(link) is not None for link in self._links)
        return min(1.0, found / max(1, min(self.count, len(self._links))))

    @cached_property
    def paper(self) -> float:
        """Cells that lead to a paper."""
        return self._leading(_PAPER_LINK)

    @cached_property
    def post(self) -> float:
        """Cells that lead to a job post."""
        return self._leading(_POST_LINK)

    @cached_property
    def prose(self) -> float:
        """Cells of several sentences."""
        return self._share(_SENTENCE.search)

    @cached_property
    def words(self) -> float:
        """Words of the usual cell."""
        return median([len(_WORD.findall(cell[:300])) for cell in self._cells] or [0])

    @cached_property
    def length(self) -> float:
        """Characters of the usual cell."""
        return median([len(cell) for cell in self._cells] or [0])


def _people(cell: str) -> int:
    read = parse_people(cell)
    return len(read.names) if read.score >= 0.5 else 0
