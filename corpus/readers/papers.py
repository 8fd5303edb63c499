"""Papers: a line of authors under a title, and titles named in the quotes of a prose."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.places import parse_place
from corpus.readers.blocks import collapsed
from corpus.readers.headings import ACRONYM, image_name, is_bullet, is_teaser_label
from corpus.text import BLANK

_TITLE_CHARS = 300
_AUTHORS_CHARS = 5000
_READ = 50_000
"""Characters of a paragraph in which papers are looked for."""
_NEAR = 400
"""Characters before and after a quote in which its sentence is looked for."""

_PARTICLE = re.compile(
    r"a[lfmp]|b[ei]n|bint|d[aeiou]|das|del|della|de[nrs]|dos|e|el|ibn|la|le|t|te[nr]|ul|v[ao]n|y|zu[mr]?"
)
_JOINED = re.compile(r"(?:a[dlnrst]|az|d|de|el|l|ul|ur)[-‐‑'’](?=\w)")
"""A particle that is written together with its name: "al-Rahman", "d'Alembert"."""
_INITIAL = re.compile(r"[^\W\d_]\.")
_BREAKS_OFF = re.compile(r"an?|and|by|of|or|the")
"""A line that ends with such a word goes on in the next."""
_MARKS = re.compile(r"[*†‡§¶⁰¹²³⁴-⁹ᵃ-ᶿ]+(?:\s?,\s?[*†‡§¶⁰¹²³⁴-⁹ᵃ-ᶿ]+)*")
"""Footnote marks behind names."""
_WORKING_AT = re.compile(r"\s*\((?!\d{4}\))[^()]{1,120}\)(?=\s*(?:[,;]|$|(?:and|und|et|y|&)\s))")
"""Where somebody works, in brackets behind the name."""
_NOT_A_NAME = re.compile(
    r"the|of|for|with|from|how|why|what|when|where|using|via|our|your|their|this|that|these|not|new|and|or",
    re.IGNORECASE,
)
_ABBREVIATED = 3
"""Letters that an abbreviated part of a name has at most; longer ones end a sentence."""
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md"})
_BETWEEN_NAMES = re.compile(
    r"\s*[,;]\s*(?:(?:and|&|und|et|y|e)\s+)?|\s+(?:and|&|und|et|y(?=\s+[^\s,;]+\s+[^\s,;]))\s+"
)
"""What parts names. In Spanish "y" does where a whole name follows: "Ortega y Gasset" is one."""
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
_VERB_NEXT = re.compile(rf"\s*(?:,\s*which\s[^,]{{0,80}},)?\s*(?:also\s+)?{_PRESENTING}\b")
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


def is_paper_title(line: str) -> bool:
    """Whether a line with authors under it could be the title of a paper."""
    words = line.split()
    if not 2 <= len(words) <= 50 or len(line) > _TITLE_CHARS or line[-1] in ".,;:" or line[0].islower():
        return False
    if _BREAKS_OFF.fullmatch(words[-1]):
        return False
    return not (is_bullet(line) or image_name(line) or is_teaser_label(line) or parse_place(line))


def authors_of(line: str) -> tuple[str, ...]:
    """The names where a line is nothing but names parted by commas; a single name counts; else ()."""
    if len(line) > _AUTHORS_CHARS or line.endswith((":", "?", "!", "”", '"')) or parse_place(line):
        return ()
    names: list[str] = []
    bare = _WORKING_AT.sub("", _MARKS.sub("", line)) if "," in line or ";" in line else _MARKS.sub("", line)
    for field in _BETWEEN_NAMES.split(re.sub(r",?\s+et al\.?$", "", collapsed(bare))):
        if names and field.lower() in _SUFFIXES:
            names[-1] += f", {field}"
        elif _is_name(field):
            names.append(field)
        else:
            return ()
    return tuple(names)


def _is_name(words: str) -> bool:
    tokens = words.split()
    if not 2 <= len(tokens) <= 6:
        return False
    if tokens[-1].endswith(".") and tokens[-1].lower() not in _SUFFIXES and not _INITIAL.fullmatch(tokens[-1]):
        return False
    return all(map(_in_name, tokens)) and not all(map(_PARTICLE.fullmatch, tokens))


def _in_name(token: str) -> bool:
    # Accents may stand as characters of their own, which are no letters.
    core = unicodedata.normalize("NFC", token).strip("().'’“”\"")
    if _PARTICLE.fullmatch(core):
        return True
    core = _JOINED.sub("", core, count=1) if core[:1].islower() else core
    letters = re.sub(r"[-.'’‐‑]", "", core)
    if token.endswith(".") and len(letters) > _ABBREVIATED:
        return False
    return letters.isalpha() and not core[0].islower() and len(core) < 30 and not _NOT_A_NAME.fullmatch(core)


def talks_of_papers(words: str) -> bool:
    """Whether the words are of papers at all."""
    return _ABOUT_PAPERS.search(words) is not None


def namings(prose: str, year: int | None) -> list[Naming]:
    """The papers that a paragraph names in quotes, in order.

    Args:
        prose: the paragraph.
        year: the page's year; a paper that is said to be of another one is mentioned, not told of.
    """
    found = []
    for quote in _QUOTED.finditer(prose, 0, _READ):
        inner = quote[1] or quote[2]
        title = collapsed(inner).rstrip(",. ").strip(BLANK)
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
