"""Pieces of a plain text to entries: what belongs together, under which heading, about which paper."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus.model import Entry, Kind, Span
from corpus.places import parse_place
from corpus.readers.authors import EDGES, heads_people
from corpus.readers.blocks import Shape, collapsed, trimmed
from corpus.readers.headings import is_label
from corpus.readers.jobs import OPENING, cues_of_post, names_role, parts_of, role_of, team_of
from corpus.readers.markdown_blocks import plain
from corpus.readers.papers import authors_of, is_paper_title, namings
from corpus.text import BLANK, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.readers.blocks import Piece
    from corpus.readers.headings import Venues
    from corpus.readers.papers import Naming


_ANEW = re.compile(r"(?:We(?: have)? also|Finally|In addition|Separately|Elsewhere|Meanwhile|Another|Other)\b")
"""How a paragraph begins that turns to something else than the paper before it."""
_BACK = re.compile(
    r"\b(?:they|their|these|this (?:work|paper|approach|method|study|model)|the (?:researchers|authors|two|method"
    r"|approach|paper|technique)|our (?:experiments|approach|method|analysis|results|model|work|formulation)"
    r"|in experiments)\b",
    re.IGNORECASE,
)
"""What a paragraph says that goes on about the paper before it."""


def assemble(
    text: str, title: str, title_span: Span | None, pieces: Sequence[Piece], venues: Venues
) -> tuple[Entry, ...]:
    """Make the entries of a page.

    Args:
        text: the page's text.
        title: the page's title.
        title_span: where the title stands in the text, None where it does not.
        pieces: what the text consists of, after the title.
        venues: the venues that the page names.
    """
    assembly = _Assembly(text, title, title_span, _papers_told_of(text, pieces, venues), venues)
    for piece, following in zip(pieces, [*pieces, None][1:], strict=True):
        assembly.add(piece, following)
    return assembly.finished()


def _papers_told_of(text: str, pieces: Sequence[Piece], venues: Venues) -> dict[Span, list[Naming]]:
    """The namings of papers, one for each paper, by the span of their paragraph: where it is best told of."""
    best: dict[str, tuple[Naming, Span]] = {}
    for piece in pieces:
        if piece.shape is Shape.PROSE:
            for naming in namings(text[piece.span.start : piece.span.end], venues.year):
                known = best.get(naming.title.casefold())
                if known is None or (naming.presents and not known[0].presents):
                    best[naming.title.casefold()] = (naming, piece.span)
    told: dict[Span, list[Naming]] = {}
    for naming, span in best.values():
        told.setdefault(span, []).append(naming)
    return told


class _Assembly:
    """The entries so far, the headings above the next piece, and the paper that the prose is about."""

    def __init__(
        self, text: str, title: str, title_span: Span | None, told: dict[Span, list[Naming]], venues: Venues
    ) -> None:
        self._text, self._title, self._title_span = text, title, title_span
        self._told, self._venues = told, venues
        self._entries: list[Entry] = []
        self._headings: tuple[str, ...] = ()
        self._paper: Entry | None = None
        self._heading_at = title_span.start if title_span else None
        """Where a heading, or the title, begins that no entry holds yet."""
        self._open = False
        """Whether prose that comes next may be joined to the last entry."""

    def add(self, piece: Piece, following: Piece | None) -> None:
        match piece.shape:
            case Shape.HEADING:
                self._begin_section(piece)
            case Shape.PROSE:
                self._add_prose(piece, following)
            case Shape.PAPER:
                facts = {"authors": piece.authors, "url": piece.link, "venue": piece.venue, "year": piece.year}
                self._add(Kind.PAPER, collapsed(piece.title), piece.span, **facts)
                self._paper, self._open = self._entries[-1], True
            case Shape.FIGURE:
                self._add(Kind.FIGURE, collapsed(piece.title), piece.span)
            case Shape.TEASER:
                self._add(Kind.ARTICLE, piece.title, piece.span)
            case Shape.JOB:
                self._add_job(piece)

    def finished(self) -> tuple[Entry, ...]:
        if not self._entries and self._title_span:
            self._add(Kind.ARTICLE, self._title, self._title_span)
        return tuple(self._entries)

    def _begin_section(self, heading: Piece) -> None:
        counted = self._heading_at is not None and self._headings and is_label(self._headings[-1])
        if not counted:
            self._heading_at = heading.span.start
        self._headings = (self._headings[-1], heading.title) if counted else (heading.title,)
        self._paper, self._open = None, False

    def _add_prose(self, piece: Piece, following: Piece | None) -> None:
        if told := self._told.get(piece.span):
            self._add_told(piece, told)
            return
        if self._paper and not self._goes_on(piece, following):
            self._paper, self._open = None, False
        if self._open:
            self._entries[-1] = replace(self._entries[-1], span=Span(self._entries[-1].span.start, piece.span.end))
            return
        if paper := self._paper:
            self._add(Kind.ARTICLE, paper.title, piece.span, venue=paper.venue, year=paper.year)
        else:
            start = piece.span.start if self._heading_at is None else self._heading_at
            title = self._headings[-1] if self._headings else self._title
            self._add(Kind.ARTICLE, title, Span(start, piece.span.end))
        self._open = True

    def _goes_on(self, piece: Piece, following: Piece | None) -> bool:
        """Whether a paragraph goes on about the paper before it, rather than leading to the next."""
        words = self._text[piece.span.start : piece.span.end]
        if _ANEW.match(words):
            return False
        leads = following is not None and following.span in self._told
        return not leads or _BACK.search(words) is not None

    def _add_told(self, piece: Piece, told: list[Naming]) -> None:
        """One entry for each paper that a paragraph tells of, cut before the sentences that name the next ones."""
        told = sorted(told, key=lambda naming: naming.start)
        cuts = [0]
        for last, naming in pairwise(told):
            cuts.append(naming.sentence if naming.sentence >= last.end else naming.start)
        cuts.append(piece.span.end - piece.span.start)
        for naming, begins, ends in zip(told, cuts, cuts[1:], strict=False):
            span = trimmed(self._text, piece.span.start + begins, piece.span.start + ends)
            if span:
                venue, year = self._venues.of(naming.around)
                self._add(Kind.PAPER, naming.title, span, venue=venue, year=year)
        self._paper, self._open = self._entries[-1], True

    def _add_job(self, piece: Piece) -> None:
        self._headings, self._paper = (), None
        post = self._text[piece.span.start : piece.span.end]
        start = len(piece.place.text) if piece.place and not piece.title else 0
        words = post[start:].lstrip()
        role = piece.title or role_of(words)
        parts = parts_of(self._text, piece.span.start + start, piece.span.end)
        self._add(
            Kind.JOB,
            role or OPENING,
            piece.span,
            place=piece.place,
            role=role,
            team=team_of(words),
            parts=parts,
            url=piece.link,
        )

    def _add(self, kind: Kind, title: str, span: Span, **facts: Any) -> None:
        section = self._headings[-1] if self._headings else None
        self._entries.append(Entry(kind, title, span, section, self._headings, **facts))
        self._heading_at, self._open = None, False


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
