"""Prose to entries: sections by their headings, figures, and the papers that paragraphs tell of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from corpus.model import Entry, Kind, Span
from corpus.readers.lines import is_label, is_teaser_label, trimmed
from corpus.readers.namings import namings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.readers.namings import Naming
    from corpus.readers.venues import Venues


_ANEW = re.compile(r"(?:We(?: have)? also|Finally|In addition|Separately|Elsewhere|Meanwhile|Another|Other)\b")
"""How a paragraph begins that turns to something else than the paper before it."""
_BACK = re.compile(
    r"\b(?:they|their|these|this (?:work|paper|approach|method|study|model)|the (?:researchers|authors|two|method"
    r"|approach|paper|technique)|our (?:experiments|approach|method|analysis|results|model|work|formulation)"
    r"|in experiments)\b",
    re.IGNORECASE,
)
"""What a paragraph says that goes on about the paper before it."""


class Shape(Enum):
    """What a piece of a page is."""

    HEADING = auto()
    PROSE = auto()
    FIGURE = auto()
    TEASER = auto()
    RECORD = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page.

    Attributes:
        shape: what it is.
        span: where it stands.
        title: a heading's words, a figure's title, a teaser's label.
        level: of a heading.
        entry: of a record.
    """

    shape: Shape
    span: Span
    title: str = ""
    level: int = 0
    entry: Entry | None = None


def entries_of(
    text: str, title: str, title_span: Span | None, pieces: Sequence[Piece], venues: Venues
) -> tuple[Entry, ...]:
    """Make the entries of a page.

    Args:
        text: the page's text.
        title: the page's title.
        title_span: where the title stands in the text, None where it does not.
        pieces: what the text consists of, without the title, in page order, not overlapping.
        venues: the venues that the page names.
    """
    pieces = _settled(pieces)
    assembly = _Assembly(text, title, title_span, _papers_told_of(text, pieces, venues), venues)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=False):
        assembly.add(piece, following)
    return assembly.finished()


def _settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces without headings that head nothing; but many in a row, or the last words of a page, are prose."""
    settled: list[Piece] = []
    runs = [(headings, list(run)) for headings, run in groupby(pieces, lambda p: p.shape is Shape.HEADING)]
    for at, (headings, run) in enumerate(runs):
        if not headings:
            settled += run
        elif at + 1 == len(runs):
            settled += [] if any(is_teaser_label(piece.title) for piece in run) else map(_prose, run)
        else:
            for piece, under in pairwise(run):
                if under.level > piece.level:
                    settled.append(piece)
                elif len(run) > 2 and not is_teaser_label(piece.title):
                    settled.append(_prose(piece))
            heads_nothing = is_teaser_label(run[-1].title) and runs[at + 1][1][0].shape is Shape.RECORD
            settled += [] if heads_nothing else run[-1:]
    return settled


def _prose(piece: Piece) -> Piece:
    return Piece(Shape.PROSE, piece.span)


def _papers_told_of(text: str, pieces: Sequence[Piece], venues: Venues) -> dict[Span, list[Naming]]:
    """The namings of papers, one for each paper, by the span of their paragraph: where it is best told of."""
    known = {piece.entry.title.casefold() for piece in pieces if piece.entry}
    best: dict[str, tuple[Naming, Span]] = {}
    for piece in pieces:
        if piece.shape is Shape.PROSE:
            for naming in namings(text[piece.span.start : piece.span.end], venues.year):
                title = naming.title.casefold()
                if title not in known and (title not in best or (naming.presents and not best[title][0].presents)):
                    best[title] = (naming, piece.span)
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
        self._title_at = title_span.start if title_span else None
        """Where the title stands, until that is passed."""
        self._entries: list[Entry] = []
        self._above: list[Piece] = []
        self._paper: Entry | None = None
        self._heading_at: int | None = None
        """Where a heading, or the title, begins that no entry holds yet."""
        self._open = False
        """Whether prose that comes next may be joined to the last entry."""

    def add(self, piece: Piece, following: Piece | None) -> None:
        if self._title_at is not None and piece.span.start > self._title_at:
            self._heading_at, self._title_at, self._open = self._title_at, None, False
        match piece.shape:
            case Shape.HEADING:
                self._begin_section(piece)
            case Shape.PROSE:
                self._add_prose(piece, following)
            case Shape.FIGURE | Shape.TEASER:
                kind = Kind.FIGURE if piece.shape is Shape.FIGURE else Kind.ARTICLE
                self._add(kind, piece.title, piece.span)
            case Shape.RECORD:
                if piece.entry:
                    self._entries.append(piece.entry)
                self._paper, self._heading_at, self._open = None, None, False
                if self._title_at is not None and self._title_at < piece.span.end:
                    self._title_at = None

    def finished(self) -> tuple[Entry, ...]:
        if not self._entries and self._title_span:
            self._add(Kind.ARTICLE, self._title, self._title_span)
        return tuple(self._entries)

    def _begin_section(self, heading: Piece) -> None:
        counted = self._heading_at is not None and self._above and is_label(self._above[-1].title)
        if not counted:
            self._heading_at = heading.span.start
        while self._above and self._above[-1].level >= heading.level:
            self._above.pop()
        self._above.append(heading)
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
            self._add(
                Kind.ARTICLE, self._above[-1].title if self._above else self._title, Span(start, piece.span.end)
            )
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

    def _add(self, kind: Kind, title: str, span: Span, **facts: Any) -> None:
        headings = tuple(piece.title for piece in self._above)
        self._entries.append(Entry(kind, title, span, headings[-1] if headings else None, headings, **facts))
        self._heading_at, self._open = None, False


def without(span: Span, taken: Sequence[Span], text: str) -> Iterator[Span]:
    """What is left of a stretch without others, trimmed of blanks; what has no letter or digit is left out.

    Args:
        span: the stretch.
        taken: the others, in page order, not overlapping.
        text: what they all point into.
    """
    at = span.start
    for each in [*taken, Span(span.end, span.end)]:
        if each.end <= at and each.start < span.end:
            continue
        left = trimmed(text, at, max(at, min(each.start, span.end)))
        if left and any(map(str.isalnum, text[left.start : left.end])):
            yield left
        at = max(at, each.end)
        if at >= span.end:
            break
