"""Pieces: a line cut where its style changes, and at the quotes, brackets and marks between which things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.readers.keys import Key, key_of
from corpus.readers.labels import EDGES, is_link_label, names_place, names_post
from corpus.readers.people import CERTAIN, parse_people, word_set

if TYPE_CHECKING:
    from corpus.readers.tree import Style


_SEPARATOR = re.compile(
    r"(?P<dot>[.。](?=\s|$))|(?P<ask>[?!](?=\s))|(?P<colon>[:：](?=\s|$))|(?P<dash>\s[-–—]{1,3}\s)"
    r"|(?P<bar>\s?[|│·•¦]\s?|\s//?\s)|(?P<by>\sby\s)|(?P<comma>,\s)"
)
_QUOTE = re.compile(
    r"“[^“”]{3,300}”|„[^„“”]{3,300}[“”]|«[^«»]{3,300}»|(?<!\w)\"[^\"]{3,300}\"(?!\w)|``[^`']{3,300}''"
)
_BRACKET = re.compile(r"[(\[【（][^()\[\]【】（）]{1,120}[)\]】）]")
_GOES_ON = re.compile(r"\s*(?:[,;&]|and\b)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){0,3}[^\W\d_]")
_NEXT_NAME = re.compile(r"(?:[^\s,;.]+\s?){1,3}(?:[,;.]|$|(?=\b(?:and|&)\b))")
_LISTED = re.compile(r"[,;]\s|\sand\s")
_COMMA_FIELD = re.compile(r"[^,\s][^,]*(?:,(?=\S)[^,]*)*")
_DATED_FIELD = re.compile(r"(?:in:? )?(?:[A-Z][A-Za-z]*[A-Z]{2}[A-Za-z]*|arXiv\S*|(?:19|20)\d\d)\b", re.IGNORECASE)
_DATED = re.compile(
    r"^\W*(?:\d{1,2}[:.h]\d\d|\d{4}-\d\d|\d{1,4}$|session|poster|talk|paper|oral|\w{3,9}day\b)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\w.])(?:19[5-9]\d|20[0-4]\d)(?!\w|\.\d)")
_TAG = re.compile(
    r"(?:best|outstanding|honou?rable|runner|award|oral|spotlight|poster|talk|demo|long|short|full|paper|invited"
    r"|contributed|accepted|workshop|extended|abstract|findings|main|track|remote|virtual|survey|preprint"
    r"|draft|new"
    r"|in press|under review|to appear|arxiv|closed|open)\b",
    re.IGNORECASE,
)
_ABBREVIATED = word_set(
    "vs etc dr prof fig no vol st jr sr mr mrs ms pp ed eds e.g i.e cf al approx dept univ proc intl conf trans"
)


@dataclass(slots=True)
class Piece:
    """A stretch of a line in one style, and what parts it from the one before (see ``Part.before``)."""

    start: int
    end: int
    style: Style
    before: str
    quoted: bool = False
    bracketed: bool = False


def chunks_of(runs: list[tuple[int, int, Style]], text: str) -> list[Piece]:
    """Runs of one face made one."""
    chunks: list[Piece] = []
    for start, end, style in runs:
        last = chunks[-1] if chunks else None
        if last and _joins(last, start, end, style, text):
            last.end = end
        else:
            chunks.append(Piece(start, end, style, "style" if chunks else "line"))
    return chunks


def _joins(last: Piece, start: int, end: int, style: Style, text: str) -> bool:
    if "img" in (*style.marks, *last.style.marks):
        return False
    if style.href or last.style.href:
        return style.href == last.style.href and bool(style.href)
    if not any(map(str.isalnum, text[start:end])) or (style.small and end - start < 8):
        return not text[start:end].strip(" *†‡§¶,.;:") or start == last.end
    if style.bold != last.style.bold or style.struck != last.style.struck or style.marks != last.style.marks:
        return False
    if style.italic == last.style.italic:
        return True
    # A few slanted words within a title, not behind its end.
    slanted = text[start:end] if style.italic else text[last.start : last.end]
    mid = text[last.end - 1].isalnum() and (text[start].isalnum() or text[start] in "-–")
    return mid and len(slanted.split()) <= 3 and not parse_people(slanted).score >= CERTAIN


def cut(chunk: Piece, text: str) -> list[Piece]:
    """Cut a chunk at quotes, brackets and punctuation."""
    pieces: list[Piece] = []
    at, before = chunk.start, chunk.before
    for quote in _QUOTE.finditer(text, chunk.start, chunk.end):
        if len(quote[0].split()) < 2 and quote.end() - quote.start() < 0.5 * (chunk.end - chunk.start):
            continue
        if _is_within(text, chunk.start, quote, chunk.end):
            continue
        pieces += _cut_brackets(Piece(at, quote.start(), chunk.style, before), text)
        pieces.append(Piece(quote.start(), quote.end(), chunk.style, "quote", quoted=True))
        at, before = quote.end(), "quote"
    return pieces + _cut_brackets(Piece(at, chunk.end, chunk.style, before), text)


def _is_within(text: str, start: int, quote: re.Match[str], end: int) -> bool:
    """Whether a quote is a part of a longer title: words go on beside it without a mark."""
    before, behind = text[start : quote.start()].strip(), text[quote.end() : end].strip()
    if quote[0][-2:-1] in ",." or before[-1:] in (",", ".", ":", ";", ")"):
        return False
    goes_on = behind[:1].isalnum() and not parse_people(behind.split(".")[0]).score >= CERTAIN
    return goes_on and (not before or not parse_people(before).score >= CERTAIN)


def _cut_brackets(chunk: Piece, text: str) -> list[Piece]:
    pieces: list[Piece] = []
    at, before = chunk.start, chunk.before
    for found in _BRACKET.finditer(text, chunk.start, chunk.end):
        if not _stands_apart(text, chunk.start, found, chunk.end):
            continue
        pieces += _cut_marks(Piece(at, found.start(), chunk.style, before), text)
        pieces.append(Piece(found.start(), found.end(), chunk.style, "bracket", bracketed=True))
        at, before = found.end(), "bracket"
    return pieces + _cut_marks(Piece(at, chunk.end, chunk.style, before), text)


def _stands_apart(text: str, start: int, found: re.Match[str], end: int) -> bool:
    """Whether words in brackets are no part of the title or the names that they stand in."""
    inner, before, behind = (
        found[0][1:-1].strip(),
        text[start : found.start()].strip(EDGES),
        text[found.end() : end],
    )
    if not before:
        return True
    if _YEAR.search(inner) or is_signature(inner):
        return True
    if (people := parse_people(inner)).score >= 0.7 and len(people.names) > 1:
        return True
    if _GOES_ON.match(behind) or behind.strip()[:1].isalnum():
        return False
    if len(inner.split()) > 6:
        return False
    short = inner.isupper() and len(inner) < 9 and not _is_short_for(inner, before)
    return short or _TAG.match(inner) is not None or is_link_label(inner)


def is_signature(words: str) -> bool:
    """Whether words in brackets say whose work it is: "Presenter: Ada Moss"."""
    label, colon, _ = words.partition(":")
    return bool(colon) and label.strip().isalpha() and key_of(label.strip())[0] in (Key.AUTHORS, Key.SPEAKER)


def _is_short_for(letters: str, words: str) -> bool:
    """Whether letters are the initials of the words before them."""
    initials = "".join(word[0] for word in re.split(r"[\s-]+", words) if word[:1].isalpha())
    return len(letters) > 2 and initials.upper().endswith(letters[:4])


def _cut_marks(chunk: Piece, text: str) -> list[Piece]:
    """Cut at full stops and the like, then join again what no telling part stands beside."""
    if not text[chunk.start : chunk.end].strip(EDGES):
        return []
    pieces: list[Piece] = []
    at, before = chunk.start, chunk.before
    within = [found.span() for found in _BRACKET.finditer(text, chunk.start, chunk.end)]
    for mark in _SEPARATOR.finditer(text, chunk.start, chunk.end):
        kind = str(mark.lastgroup)
        while within and within[0][1] <= mark.start():
            within.pop(0)
        if within and within[0][0] < mark.start():
            continue
        if kind == "bar" and "/" in mark[0] and chunk.style.href:
            continue  # "Data Engineer / Analyst", linked, is one title
        if kind == "comma" or (kind == "dot" and not _ends_sentence(text, chunk.start, mark.start(), chunk.end)):
            continue
        end = mark.end() if kind in ("ask", "dot") else mark.start()
        if text[at:end].strip(EDGES):
            pieces.append(Piece(at, end, chunk.style, before))
        at, before = mark.end(), kind
    if text[at : chunk.end].strip(EDGES):
        pieces.append(Piece(at, chunk.end, chunk.style, before))
    return [part for piece in _rejoined(pieces, text) for part in _cut_commas(piece, text)]


def _cut_commas(piece: Piece, text: str) -> list[Piece]:
    """Cut "Ada Moss, Ben Ray, Kites in the wind, WIND 2021" before and behind the title."""
    if piece.style.href or not 40 < piece.end - piece.start < 300 or text.count(", ", piece.start, piece.end) < 2:
        return [piece]
    fields = [(found.start(), found.end()) for found in _COMMA_FIELD.finditer(text, piece.start, piece.end)]
    names = [_is_name(text[start:end]) for start, end in fields]
    odd = [text[start:end] for (start, end), name in zip(fields, names, strict=True) if not name]
    if sum(names) < 2 or not any(len(words.split()) > 2 and not parse_people(words).names for words in odd):
        return [piece]
    if parse_people(text[piece.start : piece.end].strip()).score >= CERTAIN:
        return [piece]
    first = next((i for i, name in enumerate(names) if not name), 0)
    last = next((i for i in range(len(names), 0, -1) if not names[i - 1]), len(names))
    cuts = {first} if first > 1 else set()
    if first > 1:  # people, title, where it came out
        cuts |= {i for i in range(first + 1, len(fields)) if _DATED_FIELD.match(text[fields[i][0] : fields[i][1]])}
    elif len(names) - last > 1:
        cuts = {last}  # title, people
    starts = [0, *sorted(cut for cut in cuts if 0 < cut < len(fields))]
    stops = [*starts[1:], len(fields)]
    return [
        Piece(fields[a][0], fields[b - 1][1], piece.style, "comma" if a else piece.before, piece.quoted)
        for a, b in zip(starts, stops, strict=True)
    ]


def _is_name(field: str) -> bool:
    words = field.strip().removeprefix("and ")
    return 1 < len(words.split()) < 5 and parse_people(words).score >= 0.25


def _ends_sentence(text: str, start: int, dot: int, end: int) -> bool:
    """Whether a full stop ends something: it does not behind an initial or a shortened word."""
    begin = max(start, dot - 12)
    words = text[begin:dot].replace(",", " ").replace("(", " ").split()
    word = words[-1] if words else ""
    if text[dot - 1 : dot] == ".":
        return False
    if word.lower() in _ABBREVIATED or not word:
        return word.lower() == "al"
    if not _INITIALS.fullmatch(word):
        return True
    if not word[0].isupper():
        return True
    # Behind an initial: the end of a list "Moss A, Ray B." if no further name follows.
    follows = text[dot + 1 : min(end, dot + 60)].strip()
    ahead = _NEXT_NAME.match(follows)
    field = _LISTED.split(text[start:dot])[-1].split()
    turned = len(field) == 1 or (len(field) == 2 and len(word) <= 2)
    return bool(follows) and turned and not ahead and len(text[start:dot].split()) > 1


def _rejoined(pieces: list[Piece], text: str) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and piece.before in ("colon", "ask", "by", "dash") and not _parted(last, piece, text):
            last.end = piece.end
        else:
            joined.append(piece)
    return joined


def _parted(last: Piece, piece: Piece, text: str) -> bool:
    """Whether a colon, a dash or the like stands between two things, not within one."""
    words, behind = text[last.start : last.end].strip(EDGES + "?!"), text[piece.start : piece.end].strip(EDGES)
    left, right = parse_people(words), parse_people(behind)
    if piece.style.href or piece.style.bold:  # what is set off is mostly one title
        return piece.before in ("by", "dash") and right.score >= 0.8 and len(right.names) > 1
    if right.score >= CERTAIN and (len(right.names) > 1 or right.shortened or piece.before != "colon"):
        return True
    if left.score >= CERTAIN and (len(left.names) > 1 or left.shortened or "." in left.names[0]):
        return True
    if piece.before != "dash":
        return False
    return (
        names_post(words)
        or names_post(behind)
        or (len(behind) < 60 and names_place(behind))
        or bool(_DATED.match(words))
    )
