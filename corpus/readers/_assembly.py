"""Pieces of a plain text to entries: what belongs together, under which heading, about which paper."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus.model import Entry, Kind, Span
from corpus.readers._jobs import OPENING, parts_of, role_of, team_of
from corpus.readers._lines import collapsed, trimmed
from corpus.readers._papers import namings
from corpus.readers._pieces import Shape
from corpus.readers._wording import is_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers._papers import Naming
    from corpus.readers._pieces import Piece
    from corpus.readers._venues import Venues

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
