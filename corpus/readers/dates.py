"""Days: a date as people write it in English, German or Spanish, and what a page says was or is due on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.readers.blocks import collapsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Entry


_MONTHS = {
    "jan": 1, "january": 1, "januar": 1, "jänner": 1, "enero": 1, "ene": 1,
    "feb": 2, "february": 2, "februar": 2, "febrero": 2,
    "mar": 3, "march": 3, "märz": 3, "mär": 3, "mrz": 3, "maerz": 3, "marzo": 3,
    "apr": 4, "april": 4, "abril": 4, "abr": 4,
    "may": 5, "mai": 5, "mayo": 5,
    "jun": 6, "june": 6, "juni": 6, "junio": 6,
    "jul": 7, "july": 7, "juli": 7, "julio": 7,
    "aug": 8, "august": 8, "agosto": 8, "ago": 8,
    "sep": 9, "sept": 9, "september": 9, "septiembre": 9, "setiembre": 9,
    "oct": 10, "october": 10, "okt": 10, "oktober": 10, "octubre": 10,
    "nov": 11, "november": 11, "noviembre": 11,
    "dec": 12, "december": 12, "dez": 12, "dezember": 12, "diciembre": 12, "dic": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DAY = rf"""(?<![\w.,/-])(?:
    (?P<y>{_YEAR})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?=T\d|[^\w/-]|$)
  | (?P<d1>\d\d?)(?:st|nd|rd|th|º|\.)?(?:\s+of|\s+de)?[\s-]+(?P<m1>{_MONTH})\b\.?(?:\s+del?)?[,\s-]+(?P<y1>{_YEAR})
  | (?P<m2>{_MONTH})\b\.?\s+(?P<d2>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y2>{_YEAR})
  | (?P<a>\d\d?)(?P<sep3>[./-])\s?(?P<b>\d\d?)(?P=sep3)\s?(?P<y3>{_YEAR})
)(?!\d)"""
_FOUND = re.compile(_DAY, re.IGNORECASE | re.VERBOSE)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
_LEAD = rf"(?:[:\s|–—-]|\bon\b|\bam\b|\bden\b|\bel\b|\bdía\b|\bdem\b|\b{_WEEKDAY}\b[.,]?)*"
_DAY_FIRST = frozenset({"de", "es", "fr", "it", "pt", "nl", "en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za"})
_MONTH_FIRST = frozenset({"en-us"})

_NEAR = 90
"""Characters behind a cue in which its day is looked for, and those that its day has at most."""
_READ = 20_000
_BY = r"(?:by|until|till|before|no later than|not later than|through)"
_FRIST = (
    r"deadline|closing date|bewerbungsfrist|bewerbungsschluss|einsendeschluss|fecha\s+l[íi]mite"
    r"|plazo\s+de\s+(?:solicitud|presentaci[óo]n|inscripci[óo]n)"
)
"""Names of the last day, behind which some words may come before it."""
_CLOSES = re.compile(
    rf"\b(?:apply(?:\s+\w+){{0,3}}\s+{_BY}|applications?(?:\s+\w+){{0,3}}\s+(?:{_BY}|due(?:\s+on)?|closes?(?:\s+on)?)"
    rf"|(?:vacancy|position|posting|job|call)\s+(?:closes|is open|remains open|expires)(?:\s+(?:on|{_BY}))?"
    rf"|(?P<named>{_FRIST})|closes(?:\s+on)?|valid (?:through|until)"
    r"|bewerb\w*(?:\s+[\w,]+){0,8}?\s+bis(?:\s+(?:zum|spätestens))*"
    r"|(?:solicit|candidat|inscri|env[íi]|postul)\w*(?:\s+\w+){0,5}?\s+hasta)(?=[\s:|–—-])",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"\b(?:(?:date\s+|first\s+)?(?:posted|published|listed|advertised)(?:\s+(?:date|since))?|posting date"
    r"|date of posting|veröffentlicht|veröffentlichung(?:sdatum)?|ausgeschrieben(?:\s+seit)?|online\s+seit"
    r"|eingestellt|erschienen|publicad[oa]|fecha\s+de\s+publicaci[óo]n)(?!\w)",
    re.IGNORECASE,
)
_APART = re.compile(r"[.;!?\d\r\n]")
_DATED = re.compile(r"(?:date|datum|fecha|stand|updated|last updated|aktualisiert(?: am)?)\s*:", re.IGNORECASE)
_DATELINE_CHARS = 120


def parse_day(words: str, language: str | None = None) -> date | None:
    """The day that words begin with, or that they are.

    Args:
        words: "2026-03-12T08:00", "12 March 2026", "March 12, 2026", "12. März 2026", "12 de marzo de 2026".
        language: the page's, as HTML gives it; it decides what "01/02/2026" is.

    Returns:
        The day; None where there is none, or where day and month cannot be told apart.
    """
    found = _FOUND.match(words.strip())
    return _day(found, language) if found else None


def posted_in(words: str, language: str | None = None) -> date | None:
    """The day on which a text says that it was posted or published."""
    return _cued(_POSTED, words, language)


def closes_in(words: str, language: str | None = None) -> date | None:
    """The last day to apply, where a post names one."""
    return _cued(_CLOSES, words, language)


def dateline(line: str, language: str | None = None) -> date | None:
    """The day of a line that says when a page came out: "Published: …", "By A. Moss | …", or the day alone."""
    if len(line) > _DATELINE_CHARS:
        return None
    if said := posted_in(line, language):
        return said
    found = _FOUND.search(line)
    if not found:
        return None
    before, behind = line[: found.start()], line[found.end() :]
    alone = re.fullmatch(rf"(?:{_LEAD})", before, re.IGNORECASE) and len(behind.split()) <= 5
    signed = re.match(r"(?:by|von|por)\s", before, re.IGNORECASE) or _DATED.match(before)
    apart = re.search(r"[|·•]\s*$", before) or re.match(r"\s*[|·•]", behind)
    return _day(found, language) if alone or signed or apart else None


def _cued(cue: re.Pattern[str], words: str, language: str | None) -> date | None:
    for said in cue.finditer(words, 0, _READ):
        near = words[said.end() : said.end() + _NEAR]
        lead = re.match(_LEAD, near, re.IGNORECASE)
        found = _FOUND.match(near, lead.end() if lead else 0)
        if found is None and said.groupdict().get("named"):
            found = _FOUND.search(near)
            found = None if found and _APART.search(near[: found.start()]) else found
        if found and (day := _day(found, language)):
            return day
    return None


def _day(found: re.Match[str], language: str | None) -> date | None:
    year = found["y"] or found["y1"] or found["y2"] or found["y3"]
    if found["a"]:
        first, second = int(found["a"]), int(found["b"])
        order = _order(first, second, found["sep3"], (language or "").lower())
        if order is None:
            return None
        day, month = (first, second) if order == "day" else (second, first)
    elif found["m"]:
        day, month = int(found["d"]), int(found["m"])
    else:
        day, month = int(found["d1"] or found["d2"]), _MONTHS[(found["m1"] or found["m2"]).lower()]
    try:
        return date(int(year), month, day)
    except ValueError:
        return None


def _order(first: int, second: int, mark: str, language: str) -> str | None:
    """Which of two numbers comes first, the day or the month; None where nothing tells."""
    if first > 12 or second > 12:
        return "day" if first > 12 else "month"
    if first == second:
        return "day"
    if language in _MONTH_FIRST and mark != ".":
        return "month"
    if language in _DAY_FIRST or language.partition("-")[0] in _DAY_FIRST - {"en"}:
        return "day"
    return None


_TOP_CHARS, _TOP_LINES = 3_000, 8
"""How far from its beginning a page says when it came out."""
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_COMMON = {
    "de": "der die das und ist nicht mit für von wir auf eine sind oder bei zum zur werden",
    "es": "el la los las para con una que por del es se en su como más o y al",
}
_FOREIGN = 0.12
"""Share of a text's words that have to be a language's commonest for the text to be in it."""


def language_of_text(text: str) -> str | None:
    """German or Spanish where a text's commonest words are; None for all else: English writes days both ways."""
    words = re.findall(r"[^\W\d_]+", text[:_READ].lower())
    counts = {name: sum(map(common.split().count, words)) for name, common in _COMMON.items()}
    name = max(counts, key=lambda each: counts[each])
    return name if len(words) > 5 and counts[name] > _FOREIGN * len(words) else None


def published_in(text: str, entries: Sequence[Entry], language: str | None, start: int = 0) -> date | None:
    """The day that a page gives for itself among its first lines, outside of its papers and posts."""
    taken = [entry.span for entry in entries if entry.kind in (Kind.PAPER, Kind.JOB)]
    for number, line in enumerate(_LINE.finditer(text, start, start + _TOP_CHARS)):
        if number == _TOP_LINES or any(span.start <= line.start() < span.end for span in taken):
            return None
        said = collapsed(re.sub(r"[*_]{1,3}", "", line[0]))
        if day := dateline(said, language):
            return day
    return None


def with_days(entries: Sequence[Entry], text: str, language: str | None) -> tuple[Entry, ...]:
    """The entries, job posts with the day they were posted and the last to apply where their text names them."""
    return tuple(_dated(entry, text, language) if entry.kind is Kind.JOB else entry for entry in entries)


def _dated(post: Entry, text: str, language: str | None) -> Entry:
    words = re.sub(r"[*_]{1,3}", "", text[post.span.start : min(post.span.end, post.span.start + _READ)])
    return replace(
        post,
        posted=post.posted or posted_in(words, language),
        closes=post.closes or closes_in(words, language),
    )
