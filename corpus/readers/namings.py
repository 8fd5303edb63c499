"""Papers that a prose names in quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.readers.venues import ACRONYM
from corpus.text import BLANK

_READ = 50_000
"""Characters of a paragraph in which papers are looked for."""
_NEAR = 400
"""Characters before and after a quote in which its sentence is looked for."""
_QUOTED = re.compile(r"“([^“”]{3,300})”|\"([^\"\r\n]{3,300})\"")
_SENTENCE_END = re.compile(r"[.!?][”\")]?\s+(?=[A-Z“\"(])")
_SENTENCES = re.compile(r"[.!]\s+[A-Z“]")
_PRESENTING = (
    r"(?:present|propos|introduc|describ|show|stud(?:y|ie)|explor|compar|investigat|examin|develop|adapt|appl(?:y|ie)"
    r"|consider|look|analy[sz]|address|demonstrat|prov(?:e|id)|report|evaluat|exten[ds]|argu|tackl|formulat|design|offer"
    r"|generaliz|generalis|improv|focus|measur|discuss|survey|benchmark|detail|outlin|reveal|establish)(?:e?s|ed|ing|e)?"
)
_IN = re.compile(r"(?:^|[\s(])[Ii]n\s+$")
_CALLED = re.compile(
    r"\b(?:paper|preprint|study|manuscript)s?\b[^.!?;“”\"]{0,80}(?:[,:]|\btitled|\bentitled|\bcalled|\bnamed)\s*$"
    r"|\b(?:paper|preprint|study|manuscript)\s+$",
    re.IGNORECASE,
)
_ABOUT_PAPERS = re.compile(r"\b(?:paper|preprint|study|publication)s?\b", re.IGNORECASE)
_OF_YEAR = re.compile(r"\b((?:19|20)\d\d)\s+(?:paper|preprint|study)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b{_PRESENTING}\b", re.IGNORECASE)
_VERB_NEXT = re.compile(rf"\s{{0,3}}(?:,\s{{0,3}}which\s[^,]{{0,80}},\s{{0,3}})?(?:also\s{{1,3}})?{_PRESENTING}\b")
_SCHOLARS = re.compile(r"\b(?:researchers?|scientists?|authors?)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b(?:we|colleagues|team|members|engineers|interns?)\b", re.IGNORECASE)
_VENUE_NEXT = re.compile(rf"\s*\((?:{ACRONYM})[\s-]{{0,2}}(?:[’']\d\d|(?:19|20)\d\d)\b[^()]{{0,60}}\)")
_SPEECH = re.compile(r"\s*(?:\w+\s+){0,4}(?:said|says|told|tells|explain(?:s|ed)|adds|added|wrote|writes)\b")


@dataclass(frozen=True, slots=True)
class Naming:
    """A place in a prose that names a paper.

    ``start`` and ``end`` are the quote's offsets in the prose, ``sentence`` where its sentence begins, ``around``
    the sentence's words without the title, and ``presents`` whether it says what its people do in it.
    """

    title: str
    start: int
    end: int
    sentence: int
    around: str
    presents: bool


def namings(prose: str, year: int | None) -> list[Naming]:
    """The papers that a paragraph names in quotes, in order.

    Args:
        prose: the paragraph.
        year: the page's year; a paper that is said to be of another one is mentioned, not told of.
    """
    found = []
    for quote in _QUOTED.finditer(prose, 0, _READ):
        inner = quote[1] or quote[2]
        title = " ".join(inner.split()).rstrip(",. ").strip(BLANK)
        before, after, sentence = _sentence(prose, quote.start(), quote.end())
        if not _reads_as_title(title, inner) or not _cued(prose, before, after, inner):
            continue
        if year and (of := _OF_YEAR.search(before)) and int(of[1]) != year:
            continue
        around = f"{before} {after}"
        found.append(Naming(title, quote.start(), quote.end(), sentence, around, _presented(after)))
    return found


def _presented(after: str) -> bool:
    """Whether the words after a title say what somebody does in it."""
    return bool(_SCHOLARS.search(after) or (_VERB.search(after) and _PEOPLE.search(after)))


def _sentence(prose: str, start: int, end: int) -> tuple[str, str, int]:
    """The words of the sentence before and after a quote, and where the sentence begins."""
    before = prose[max(0, start - _NEAR) : start]
    ends = [m.end() for m in _SENTENCE_END.finditer(before)]
    if ends:
        before = before[ends[-1] :]
    after = prose[end : end + _NEAR]
    stop = _SENTENCE_END.search(after)
    return before, after[: stop.start()] if stop else after, start - len(before)


def _reads_as_title(title: str, inner: str) -> bool:
    if len(title.split()) < 2 or title[0].islower() or not title[0].isalnum():
        return False
    return inner.rstrip()[-1] not in ";!" and not _SENTENCES.search(inner)


def _cued(prose: str, before: str, after: str, inner: str) -> bool:
    """Whether the words around a quote say that it is a paper: "In “…”, researchers propose", "a paper, “…”"."""
    if inner.rstrip()[-1] in ".," and _SPEECH.match(after):
        return False
    if _CALLED.search(before) or _VENUE_NEXT.match(after):
        return True
    if _IN.search(before):
        return _presented(after) or bool(_ABOUT_PAPERS.search(after))
    return bool(_VERB_NEXT.match(after)) and bool(_ABOUT_PAPERS.search(prose[: _NEAR * 5]))
