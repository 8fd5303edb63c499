"""Days: a day as people and machines write it, and what a page says was or is due on it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.model import Entry

_MONTH_NAMES = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
ledna února března dubna května června července srpna září října listopadu prosince
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
_ALSO_MONTHS = {"sept": 9, "jänner": 1, "feber": 2, "mrz": 3, "maerz": 3, "setiembre": 9}
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"[^\W\d_]{3,12}"
_FOUND = re.compile(
    rf"""(?<![\w.,/-])(?:
    (?P<y>{_YEAR})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?=[T ]\d|[^\w/-]|$)
  | (?P<y4>{_YEAR})\s?[年년]\s?(?P<m4>\d\d?)\s?[月월]\s?(?P<d4>\d\d?)\s?[日일]
  | (?P<y5>{_YEAR})(?P<m5>[01]\d)(?P<d5>[0-3]\d)(?=T\d|[^\w.,-]|$)
  | (?P<d1>\d\d?)(?:st|nd|rd|th|er|º|\.)?(?:\sof|\sde|\sd['’])?[\s-]?(?P<m1>{_MONTH})\b\.?(?:\sdel?)?[,\s-]{{1,2}}
      (?P<y1>{_YEAR}|['’]\d\d)
  | (?P<m2>{_MONTH})\.?\s(?P<d2>\d\d?)(?:st|nd|rd|th)?(?:,\s?|\s)(?P<y2>{_YEAR}|['’]\d\d)
  | (?P<y6>{_YEAR})[\s-](?P<m6>{_MONTH})[\s-](?P<d6>\d\d?)
  | (?P<a>\d\d?)(?P<sep3>[./-])\s?(?P<b>\d\d?)(?P=sep3)\s?(?P<y3>{_YEAR}|\d\d)
)(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_YEARLESS = re.compile(
    rf"(?<![\w.,/-])(?:(?P<d1>\d\d?)(?:st|nd|rd|th|er|º|\.)?(?:\sof|\sde|\sd['’])?[\s-]?(?P<m1>{_MONTH})\b"
    rf"|(?P<m2>{_MONTH})\.?[\s-](?P<d2>\d\d?)(?:st|nd|rd|th)?)(?![\d:])(?!,?\s\d{{4}})",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?<![\w.])(?:(?P<number>\d{1,3}|an?|one|a few)\s?(?P<more>\+)?\s?(?P<unit>minutes?|mins?|m|hours?|hrs?|h"
    r"|days?|d|weeks?|wks?|w|months?|mos?"
    r"|years?|yrs?|y)\b(?P<ago>\sago)?|(?P<near>today|yesterday|just now|just posted|heute|gestern|hoy|ayer"
    r"|aujourd'hui|hier)\b)",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:vor|hace|il y a)\s(\d{1,3}|einem|einer|un|una)\s(tage?n?|días?|jours?|wochen?|semanas?|semaines?"
    r"|monate?n?|mes(?:es)?|mois)",
    re.IGNORECASE,
)
_UNITS = {"t": 1, "d": 1, "j": 1, "w": 7, "s": 7, "y": 365}
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d{1,9})?")
_DAY_FIRST = frozenset("de es fr it pt nl pl cs tr ru sv en-gb en-ie en-au en-nz en-in en-za".split())  # noqa: SIM905
_MONTH_FIRST = frozenset({"en-us"})
EARLIEST = 1990
"""The year before which no post came out."""
_READ = 20_000


class Found(NamedTuple):
    """A day in a text, and where its words begin and end."""

    day: date
    start: int
    end: int


def parse_day(
    words: str, language: str | None = None, today: date | None = None, *, ahead: bool = False
) -> date | None:
    """The day that a field tells.

    Args:
        words: "2026-03-12T08:00", "March 12, 2026", "12. März", "9d", "2 days ago", "1780920000", "12/03/26".
        language: the page's, ISO 639-1 with or without its country; it decides what "01/02/2026" is.
        today: the day of reading; without it neither "Oct 23" nor "9d" is a day.
        ahead: whether a day without its year is the one nearest to today, and not the last one.

    Returns:
        The day; None if there is none, or if day and month cannot be told apart.
    """
    words = words.strip()[:100]
    if (epoch := _EPOCH.fullmatch(words)) and len(words) != 8:
        seconds = int(epoch[1]) / (1_000 if len(epoch[1]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    if found := next(_absolute(words, language), None):
        return found.day
    if today is None:
        return None
    if short := _SHORT.fullmatch(words):  # 10/23, of a column
        first, second = int(short[1]), int(short[3])
        order = _order(first, second, short[2], (language or "").lower())
        month, day = (second, first) if order == "day" else (first, second)
        return _nearest(today, month, day, ahead=ahead) if order else None
    yearless = next(_yearless_in(words, today, ahead=ahead), None)
    return _relative(words, today) or (yearless.day if yearless else None)


_ORDER = re.compile(r"\b(?:mm?[/.-]dd?|dd?[/.-]mm?)\b", re.IGNORECASE)
_SHORT = re.compile(r"(\d\d?)([/.])(\d\d?)\.?")
_DAY_OF_WEEK = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]?\s", re.IGNORECASE
)


def is_day(words: str, today: date | None = None) -> bool:
    """Whether a text is a day, and nothing else."""
    words = words.strip()
    if not 1 < len(words) <= 40:
        return False
    bare = _DAY_OF_WEEK.sub("", words.lower().removeprefix("posted").strip(" :"))
    for pattern in (_FOUND, _RELATIVE, _YEARLESS, _AGO, _EPOCH):
        if (found := pattern.match(bare)) and len(bare) - found.end() <= 22:
            rest = bare[found.end() :]
            if not re.search(r"[^\W\d_]{4}", rest):
                return parse_day(bare, "en-us", today or date(2026, 1, 1)) is not None
    return False


def order_of_days(head: str, values: Iterable[str]) -> str | None:
    """The language ("en-gb", "en-us") in whose order of day and month a column's days are; None if both fit.

    Args:
        head: the column's: one of "Date (mm/dd)" says so.
        values: the column's words.
    """
    if said := _ORDER.search(head):
        return "en-us" if said[0][0] in "mM" else "en-gb"
    firsts = {"en-gb": 0, "en-us": 0}
    for value in values:
        found, short = _FOUND.match(value.strip()), _SHORT.fullmatch(value.strip())
        first, second = (found["a"], found["b"]) if found else (short[1], short[3]) if short else (None, None)
        if first and second:
            firsts["en-gb"] += int(first) > 12
            firsts["en-us"] += int(second) > 12
    told = [name for name, count in firsts.items() if count]
    return told[0] if len(told) == 1 else None


def _absolute(words: str, language: str | None) -> Iterator[Found]:
    for found in _FOUND.finditer(words):
        if day := _day(found, language):
            yield Found(day, found.start(), found.end())


def _day(found: re.Match[str], language: str | None) -> date | None:
    said = {name: value for name, value in found.groupdict().items() if value}
    year = next(value for name, value in said.items() if name[0] == "y")
    if "a" in said:
        first, second = int(said["a"]), int(said["b"])
        order = _order(first, second, said["sep3"], (language or "").lower())
        if order is None:
            return None
        day, month = (first, second) if order == "day" else (second, first)
    else:
        named = next(value for name, value in said.items() if name[0] == "m")
        day = int(next(value for name, value in said.items() if name[0] == "d"))
        month = int(named) if named.isdigit() else month_of(named)
    return _date(int(year.strip("'’")) + (2000 if len(year.strip("'’")) == 2 else 0), month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _order(first: int, second: int, mark: str, language: str) -> str | None:
    """Which of two numbers comes first, the day or the month; None if nothing tells."""
    if first > 12 or second > 12:
        return "day" if first > 12 else "month"
    if first == second or mark == ".":  # dots are written behind days alone
        return "day"
    if language in _MONTH_FIRST:
        return "month"
    if language in _DAY_FIRST or language.partition("-")[0] in _DAY_FIRST:
        return "day"
    return None


def month_of(name: str) -> int:
    """The number of a month by its name, or the beginning of it; 0 if it is none's."""
    return _months().get(_plain(name), 0)


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c)).rstrip(
        "."
    )


@cache
def _months() -> dict[str, int]:
    whole: dict[str, int] = {}
    shortened: dict[str, set[int]] = defaultdict(set)
    for line in _MONTH_NAMES.strip().splitlines():
        for number, name in enumerate(map(_plain, line.split()), 1):
            whole.setdefault(name, number)
            for length in range(3, len(name)):
                shortened[name[:length]].add(number)
    english = {name[:3]: number for number, name in enumerate(_MONTH_NAMES.split()[:12], 1)}
    clear = {name: numbers.pop() for name, numbers in shortened.items() if len(numbers) == 1}
    return clear | whole | {_plain(name): number for name, number in _ALSO_MONTHS.items()} | english


def _relative(words: str, today: date) -> date | None:
    if said := _AGO.search(words):
        return _before(today, said[1], said[2].lower())
    found = _RELATIVE.search(words)
    if found is None:
        return None
    if found["near"]:
        return today - timedelta(days=found["near"].lower() in {"yesterday", "gestern", "ayer", "hier"})
    before = words[: found.start()].strip(" (~>:").lower().removeprefix("posted")
    alone = not before and not words[found.end() :].strip(" .)+")
    return _before(today, found["number"], found["unit"].lower()) if found["ago"] or alone else None


def _before(today: date, number: str, unit: str) -> date:
    """So many units before a day; minutes and hours are today's."""
    count = int(number) if number.isdigit() else 1
    if unit.startswith(("mo", "me")):
        return _months_before(today, count)
    days = next((days for start, days in _UNITS.items() if unit.startswith(start)), 0)
    return today - timedelta(days=count * days)


def _months_before(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    last = ((date(year + (month == 11), (month + 1) % 12 + 1, 1)) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _nearest(today: date, month: int, number: int, *, ahead: bool) -> date | None:
    """A day without its year: the nearest to today, or if not ``ahead`` the last one."""
    near = [_date(today.year + step, month, number) for step in (-1, 0, 1)]
    latest = date.max if ahead else today + timedelta(days=1)  # where it is tomorrow already
    days = [each for each in near if each and each <= latest]
    return min(days, key=lambda each: abs((each - today).days), default=None)


def _yearless_in(words: str, today: date, *, ahead: bool) -> Iterator[Found]:
    """Days without their year, by the names of their months."""
    at = 0
    while found := _YEARLESS.search(words, at):
        month, number = month_of(found["m1"] or found["m2"]), int(found["d1"] or found["d2"])
        if month and (day := _nearest(today, month, number, ahead=ahead)):
            yield Found(day, found.start(), found.end())
        at = found.end() if month else found.start() + 1  # "date 1 April" begins as a month and a day would


_CUES = re.compile(
    r"(?P<closes>deadline|closing|closes|close on|apply (?:by|before|until|no later)|due\b|valid (?:through"
    r"|until)|expires?|last date"
    r"|frist\b|bewerbungsschluss|einsendeschluss|l[íi]mite|plazo|date limite|avant le|entro il|scadenza|prazo"
    r"|full consideration|截止)"
    r"|(?P<posted>posted|published|listed|advertised|posting date|veröffentlicht|ausgeschrieben|online seit"
    r"|eingestellt|erschienen"
    r"|publicad[oa]|publicación|publié|发布)"
    r"|(?P<until>\b(?:by|until|till|before|no later than|not later than|through|bis|hasta|jusqu'au)\b)"
    r"|(?P<other>\b(?:start|starting|starts|begin\w{0,5}|commenc\w{1,4}|interviews?|from|since|founded"
    r"|conference|workshop|beginn"
    r"|ab dem|event|updated|born|starttermin|eintritt\w{0,5}|contract|ends?)\b)",
    re.IGNORECASE,
)
_APPLYING = re.compile(
    r"\b(?:appl(?:y|ication)|bewerb|solicit|candidat|postul|inscri|vacancy|position (?:is|remains) open"
    r"|open until|cv\b|submit|send)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!\b\d)(?<!\b\d\d)[.;!?](?=\s[^\W\d_a-z])|\n\n")
_NEAR = 160


def posted_in(words: str, language: str | None = None, today: date | None = None) -> date | None:
    """The day on which a text says that it was posted or published."""
    return _cued("posted", words, language, today)


def closes_in(words: str, language: str | None = None, today: date | None = None) -> date | None:
    """The last day to apply, where a post names one."""
    return _cued("closes", words, language, today)


_GATES = {
    "closes": (
        ((
            "deadline", "closing", "close", "apply ", "due", "valid", "expire", "last date", "frist", "schluss",
            "límite",
            "limite", "plazo", "avant le", "entro", "scadenza", "prazo", "consideration", "截止",
        ),),
        (
            ("appl", "bewerb", "solicit", "candidat", "postul", "inscri", "vacancy", "position", "cv", "submit",
            "send"),
            ("until", "till ", "before", "by ", "later than", "bis ", "hasta", "through", "jusqu"),
        ),
    ),
    "posted": ((
        (
            "posted", "publish", "listed", "advertised", "posting", "veröffentlicht", "ausgeschrieben",
            "online seit",
            "eingestellt", "erschienen", "publica", "publié", "发布",
        ),
    ),),
}  # fmt: skip
"""Parts of words that a text with a cue has: one of each of a group. Far cheaper than the pattern."""


def _cued(what: str, words: str, language: str | None, today: date | None) -> date | None:
    """The first day behind a cue of its kind, with no other cue and no sentence's end between."""
    words = words[:_READ]
    low = words.lower()
    if not any(all(any(part in low for part in parts) for parts in together) for together in _GATES[what]):
        return None
    for cue in _CUES.finditer(words):
        if _kind(cue, words) != what:
            continue
        near = words[cue.end() : cue.end() + _NEAR]
        near = _SENTENCE_END.split(near, 1)[0]
        other = next(
            (each.start() for each in _CUES.finditer(near) if _kind(each, near) not in {what, None}), len(near)
        )
        days = [*_absolute(near[:other], language), *(_near_days(near[:other], today) if today else ())]
        if days:
            nearest: Found = min(days, key=lambda each: each.start)
            return nearest.day
    return None


def _kind(cue: re.Match[str], words: str) -> str | None:
    """What a cue says of the day behind it: "posted", "closes" or "other"; "by" alone says nothing."""
    if cue.lastgroup != "until":
        return cue.lastgroup
    before = _SENTENCE_END.split(words[max(0, cue.start() - _NEAR) : cue.start()])[-1]
    return "closes" if _APPLYING.search(before) else None


def _near_days(words: str, today: date) -> Iterator[Found]:
    """Days without their year, and days told as so long ago."""
    yield from _yearless_in(words, today, ahead=True)
    for found in _RELATIVE.finditer(words):
        if (found["ago"] or found["near"]) and (day := _relative(found[0], today)):
            yield Found(day, found.start(), found.end())


_TOP_CHARS, _TOP_LINES, _DATELINE_CHARS = 3_000, 8, 120
"""How far from its beginning a page says when it came out, and how long such a line is."""
_LINE = re.compile(r"[^\r\n]+")
_DATED = re.compile(r"(?:date|datum|fecha|stand|updated|last updated|aktualisiert(?: am)?)\s?:", re.IGNORECASE)
_SIGNED = re.compile(r"(?:by|von|por|par)\s", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\W*(?:on|am|den|el|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|[^\W\d_]{2,7}tag"
    r"|mittwoch)?\W*",
    re.IGNORECASE,
)


def dateline(line: str, language: str | None = None) -> date | None:
    """The day of a line that says when a page came out: "Published: …", "By A. Moss | …", or the day alone."""
    if len(line) > _DATELINE_CHARS:
        return None
    if said := posted_in(line, language):
        return said
    found = next(_absolute(line, language), None)
    if found is None:
        return None
    before, behind = line[: found.start], line[found.end :]
    alone = _WEEKDAY.fullmatch(before) and len(behind.split()) <= 5
    apart = before.rstrip()[-1:] in set("|·•") or behind.lstrip()[:1] in set("|·•")
    return found.day if alone or apart or _SIGNED.match(before) or _DATED.match(before) else None


_COMMON = {
    "de": "der die das und ist nicht mit für von wir auf eine sind oder bei zum zur werden",
    "es": "el la los las para con una que por del es se en su como más o y al",
    "fr": "le la les des et est une dans pour que qui sur avec nous vous au aux du",
}
_FOREIGN = 0.12
"""Share of a text's words that have to be a language's commonest for the text to be in it."""


def language_of_text(text: str) -> str | None:
    """German, Spanish or French by a text's commonest words; None for all else: English writes days both ways."""
    words = re.findall(r"[^\W\d_]+", text[:_READ].lower())
    counts = {name: sum(map(common.split().count, words)) for name, common in _COMMON.items()}
    name = max(counts, key=lambda each: counts[each])
    return name if len(words) > 5 and counts[name] > _FOREIGN * len(words) else None


def published_in(text: str, entries: Sequence[Entry], language: str | None, start: int = 0) -> date | None:
    """The day that a page gives for itself among its first lines, outside of its papers and posts."""
    taken = [entry.span for entry in entries if entry.kind in (Kind.PAPER, Kind.JOB)]
    lines = (line for line in _LINE.finditer(text, start, start + _TOP_CHARS) if line[0].strip())
    for number, line in enumerate(lines):
        if number == _TOP_LINES or any(span.start <= line.start() < span.end for span in taken):
            return None
        if day := dateline(" ".join(line[0].replace("*", "").replace("__", "").split()), language):
            return day
    return None
