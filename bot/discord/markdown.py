"""Escapes words of documents and users for Discord's Markdown, so that they read as written.

Discord renders an inert text as the text itself, except that line ends become Discord's and C0 controls become
their pictures (``␛``). Bidirectional overrides are closed at once, so that they reverse nothing; other invisible
characters do nothing and stay.
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
"""Characters that begin emphasis, spoilers, code, mentions, timestamps, emoji, quotes, headings and links."""
MARKUP_WITHIN = re.compile(MARKUP.pattern.replace(r":(?=\S)", r":(?!\s)"))
"""The same within a line, where a last colon can begin an emoji."""
LIST_ITEM = re.compile(r"^([ \t]*\d*)(?:(?<!\d)([-+])|(?<=\d)(\.))")
"""The mark of a list item, at the start of a line."""
EMBEDDING = re.compile("[\u202a\u202b\u202d\u202e]")
ISOLATE = re.compile("[\u2066\u2067\u2068]")
CONTROLS = {code: 0x2400 + code for code in range(0x20) if code != 0x09} | {0x7F: 0x2421}
CONTROLS |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Invisible letters."""
JOINERS = "\u200c\u200d"
MOST_MARKS = 3
SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’)\]]*(?=\s)|(?=\n)""")


def units(text: str) -> int:
    """Return the length in UTF-16 units, the strictest of Discord's counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def inert(line: str, *, within: bool = False) -> str:
    """Escape one line, or with ``within`` the beginning of one.

    Only characters that Markdown acts on get a backslash: notifications on phones show the text unrendered.
    """
    escaped = (MARKUP_WITHIN if within else MARKUP).sub(r"\\\g<0>", line.translate(CONTROLS))
    escaped = LIST_ITEM.sub(lambda found: f"{found[1]}\\{found[2] or found[3]}", escaped)
    escaped = EMBEDDING.sub("\\g<0>\u202c", escaped)
    return ISOLATE.sub("\\g<0>\u2069", escaped)


def quote(text: str, bold: Span | None = None) -> str:
    """Make a block quote without blank lines at its ends, and with a span (in characters) in bold."""
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
    """Escape a line, with a part of it in bold; white space at the part's ends stays outside."""
    bold = line[begin:end].strip() if begin < end else ""
    if not bold:
        return inert(line)
    begin = line.index(bold, begin)
    end = begin + len(bold)
    after = line[end:]
    return f"{inert(line[:begin], within=True)}**{inert(bold, within=bool(after))}**{inert(after)}"


def label(text: str, limit: int) -> str:
    """Tidy a name, not an excerpt: one line, nothing invisible, cut at a word with an ellipsis; not escaped yet.

    ``limit`` is the most UTF-16 units after escaping.
    """
    shown: list[str] = []
    marks = 0
    text = text[: 8 * limit]  # enough, even if much of it is blank or hidden
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
    """Return the length of the longest beginning whose shape has at most ``limit`` UTF-16 units."""
    most = min(len(text), max(limit, 0))
    return max(bisect_right(range(most + 1), limit, key=lambda size: units(shape(text[:size]))) - 1, 0)


def cut_point(text: str, limit: int, shape: Callable[[str], str]) -> int:
    """Return where to cut a long text: after a sentence or a word in the second half of what fits, or anywhere."""
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
