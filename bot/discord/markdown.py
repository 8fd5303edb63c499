"""Inert text: words of documents and users, made safe for Discord's Markdown and still read as they stand.

What is read after Discord has rendered an inert text equals the text, character by character, but for line ends
(all kinds become Discord's own) and for controls, which are invisible: those of the C0 set are shown by their
pictures (``␛``). Openings of a change of direction stay where they are and are closed again at once, so that they
turn nothing around; other invisible characters stay as they are, for they do nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.model import Span


MARKUP = re.compile(r"[\\*_~|`<>\[\]#@/]|:(?=\S)")
"""What begins emphasis, spoilers, code, mentions, timestamps, emoji, quotes, headings, links, addresses."""
MARKUP_WITHIN = re.compile(MARKUP.pattern.replace(r":(?=\S)", r":(?!\s)"))
"""The same in a piece of a line that goes on behind it: there a last colon can begin an emoji."""
LIST_ITEM = re.compile(r"^([ \t]*\d*)(?:(?<!\d)([-+])|(?<=\d)(\.))")
"""What begins a list item, at a line's start only."""
EMBEDDING = re.compile("[\u202a\u202b\u202d\u202e]")
ISOLATE = re.compile("[\u2066\u2067\u2068]")
CONTROLS = {code: 0x2400 + code for code in range(0x20) if code != 0x09} | {0x7F: 0x2421}
CONTROLS |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that show nothing."""
JOINERS = "\u200c\u200d"
MOST_MARKS = 3
SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’)\]]*(?=\s)|(?=\n)""")


def units(text: str) -> int:
    """Length in UTF-16 units, the strictest way in which Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def inert(line: str, *, within: bool = False) -> str:
    """Escape one line, so that Discord shows it as it stands.

    Only what Markdown could act on gets a backslash, so that the text stays readable where it is not rendered
    (a phone's notification).

    Args:
        line: what is escaped.
        within: whether it is a piece of a line that goes on behind it.
    """
    escaped = (MARKUP_WITHIN if within else MARKUP).sub(r"\\\g<0>", line.translate(CONTROLS))
    escaped = LIST_ITEM.sub(lambda found: f"{found[1]}\\{found[2] or found[3]}", escaped)
    escaped = EMBEDDING.sub("\\g<0>\u202c", escaped)
    return ISOLATE.sub("\\g<0>\u2069", escaped)


def quote(text: str, bold: Span | None = None) -> str:
    """A block quote of a text; blank lines before and after it are left out.

    Args:
        text: what is quoted.
        bold: the stretch of it that is set in bold, in characters; line by line, for bold ends with its line.
    """
    lines: list[str] = []
    at = 0
    for kept in text.splitlines(keepends=True):
        line = kept.splitlines()[0]
        begin, end = (max(0, bold.start - at), min(len(line), bold.end - at)) if bold else (0, 0)
        lines.append(_emphasised(line, begin, end))
        at += len(kept)
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(f"> {line}" for line in lines)


def _emphasised(line: str, begin: int, end: int) -> str:
    """An inert line with a stretch of it in bold, the white space at the stretch's edges left outside."""
    said = line[begin:end].strip() if begin < end else ""
    if not said:
        return inert(line)
    begin = line.index(said, begin)
    end = begin + len(said)
    after = line[end:]
    return f"{inert(line[:begin], within=True)}**{inert(said, within=bool(after))}**{inert(after)}"


def label(text: str, limit: int) -> str:
    """A name on one line, not yet escaped: blanks joined, nothing invisible, cut at a word's end with an ellipsis.

    Args:
        text: a title, an author, a digest's name …: not an excerpt, so it may be tidied.
        limit: the most UTF-16 units that it may have once it is escaped.
    """
    shown: list[str] = []
    marks = 0
    text = text[: 8 * limit]  # enough, however much of it is blank or hidden
    for character in unicodedata.normalize("NFC", " ".join(text.translate(CONTROLS).split())):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        hidden = category in {"Cc", "Cf"} and character not in JOINERS
        if not hidden and character not in BLANK and marks <= MOST_MARKS:
            shown.append(character)
    name = " ".join("".join(shown).split())
    if units(inert(name)) <= limit:
        return name
    cut = name[: longest(name, limit - 1, inert)]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > len(cut) // 2 else cut).rstrip() + "…"


def longest(text: str, limit: int, shape: Callable[[str], str]) -> int:
    """How many characters of a text fit: the longest beginning whose shape has at most ``limit`` UTF-16 units."""
    most = min(len(text), max(limit, 0))
    return max(bisect_right(range(most + 1), limit, key=lambda size: units(shape(text[:size]))) - 1, 0)


def cut_point(text: str, limit: int, shape: Callable[[str], str]) -> int:
    """Where to cut a text that is too long: at the last end of a sentence that fits, or of a word, or anywhere.

    Ends in the first half of what fits are passed over for the next coarser kind.
    """
    most = longest(text, limit, shape)
    if most == len(text):
        return most
    sentences = [found.end() for found in SENTENCE_END.finditer(text, 0, most + 1) if found.end() <= most]
    words = [found.start() for found in re.finditer(r"\s+", text[:most])]
    for ends in (sentences, words):
        if ends and ends[-1] > most // 2:
            return ends[-1]
    while most > 1 and unicodedata.combining(text[most]):
        most -= 1
    return most
