"""What looks like papers or posts in the prose of a page: told to the person who ingests, so that they can look.

Silence is better than noise: a stretch counts where its form is that of a paper or a post, whatever its words are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.decoding import BLANK
from corpus.model import Kind, Span
from corpus.naming import folded
from corpus.places import parse_place
from corpus.readers._bylines import EDGES, heads_people
from corpus.readers._fields import plain
from corpus.readers._jobs import cues_of_post, names_role
from corpus.readers._lines import collapsed
from corpus.readers._papers import authors_of, is_paper_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.model import Entry

_MOST = 500
_READ = 500_000
"""Characters of a page that are looked at."""
_LONGEST = 400
"""Characters of a line that may be an item like a paper."""
_TITLE_WORDS = 3
_ROLE_WORDS = 10
_BEHIND = 800
"""Characters behind a place in which there are words of a post."""
_CUES = 2
_ITEM = re.compile(r"(?:[-*+•▪◦‣·]|\[?\d{1,3}[.)\]])\s+")
_PARTS = re.compile(r"\.\s+|\s[–—|-]\s|:\s+|;\s+|[“”\"]")
_DATED = re.compile(r"\b(?:19|20)\d\d\b")
_REFERENCES = re.compile(
    r"\b(?:references|bibliography|literature|literatur|referencias|bibliograf[íi]a)\b", re.IGNORECASE
)
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")


def unplaced_in(text: str, title: str, entries: Sequence[Entry]) -> tuple[Span, ...]:
    """Find stretches of prose that look like papers or posts.

    Args:
        text: the page's text.
        title: its title; names under it sign the page.
        entries: what its reader made of it.

    Returns:
        Their spans in page order, not overlapping.
    """
    known = {folded(title), *(folded(e.title) for e in entries if e.kind is not Kind.ARTICLE)}
    found: list[Span] = []
    for entry in entries:
        if entry.span.start > _READ:
            break
        if entry.kind is not Kind.ARTICLE or _REFERENCES.search(entry.section or ""):
            continue
        for span in _in_prose(text, entry.span, known):
            if not found or span.start >= found[-1].end:
                found.append(span)
            if len(found) == _MOST:
                return tuple(found)
    return tuple(found)


def _in_prose(text: str, prose: Span, known: set[str]) -> Iterator[Span]:
    lines = [Span(line.start(), line.end()) for line in _LINE.finditer(text, prose.start, min(prose.end, _READ))]
    said = [plain(text[span.start : min(span.end, span.start + _LONGEST + 1)]) for span in lines]
    behind = [*zip(lines[1:], said[1:], strict=True), None]
    first = len(text) - len(text.lstrip(BLANK))
    for (span, line), following in zip(zip(lines, said, strict=True), behind, strict=True):
        if len(line) > _LONGEST or not line or folded(line) in known:
            continue
        signs = span.start == first  # the page's own title, which its reader took for prose
        if following and not signs and _is_paper(line, following[1]):
            yield Span(span.start, following[0].end)
        elif _is_item(line):
            yield span
        elif _is_place(line) and cues_of_post(text[span.end : span.end + _BEHIND]) >= _CUES:
            yield Span(span.start, following[0].end if following else span.end)
        elif following and _is_role(line) and _is_place(following[1]):
            yield Span(span.start, following[0].end)


def _is_paper(line: str, following: str) -> bool:
    """Whether two lines are a title over its authors."""
    title = _ITEM.sub("", line, count=1)
    if len(title.split()) < _TITLE_WORDS or not is_paper_title(title) or heads_people(title):
        return False
    return len(authors_of(following)) > 1 and len(authors_of(title)) < 2


def _is_item(line: str) -> bool:
    """Whether an item of a list names a title, at least two authors, and mostly a year."""
    marked = _ITEM.match(line)
    if not marked:
        return False
    parts = [part.strip(EDGES) for part in _PARTS.split(line[marked.end() :])]
    names = next((part for part in parts[:3] if len(authors_of(part)) > 1), None)
    titles = [
        part for part in parts if part != names and len(part.split()) > _TITLE_WORDS and is_paper_title(part)
    ]
    return bool(names and titles) and (_DATED.search(line) is not None or len(parts) == 2)


def _is_place(line: str) -> bool:
    place = parse_place(collapsed(line).strip(" .;"))
    return place is not None and place.country is not None


def _is_role(line: str) -> bool:
    return names_role(line) and len(line.split()) <= _ROLE_WORDS and line[-1] not in ".!?,;:"
