"""Blocks of a plain text to pieces: headings, prose, papers, figures, teasers, job posts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from corpus.model import Place, Span
from corpus.places import country_first, parse_place
from corpus.readers._jobs import begins_part, sounds_like_post
from corpus.readers._lines import Line, span_of
from corpus.readers._papers import authors_of, is_paper_title, talks_of_papers
from corpus.readers._wording import (
    LONG_LINE,
    heading_words,
    image_name,
    is_bullet,
    is_heading,
    is_label,
    is_marked_heading,
    is_teaser_label,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers._lines import Block

_SURE_AUTHORS = 3
"""Names from which a line is a line of authors wherever it stands."""


class Shape(Enum):
    """What a piece of a page is."""

    HEADING = auto()
    PROSE = auto()
    PAPER = auto()
    FIGURE = auto()
    TEASER = auto()
    JOB = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page; ``title`` is a heading's words, a paper's or figure's title, a teaser's label."""

    shape: Shape
    span: Span
    title: str = ""
    authors: tuple[str, ...] = ()
    place: Place | None = None


def pieces_of(text: str, blocks: Sequence[Block]) -> list[Piece]:
    """Cut blocks into pieces, in page order, not overlapping. Image names and empty headings fall away."""
    lists_papers = _lists_papers(blocks)
    pieces = [piece for block in blocks for piece in _of_block(block, lists_papers=lists_papers)]
    return _without_empty_headings(_posts_joined(text, pieces))


def _lists_papers(blocks: Sequence[Block]) -> bool:
    """Whether the page is of the kind that lists papers, so that a name under a title is its author."""
    if any(talks_of_papers(line.text[:LONG_LINE]) for block in blocks[:3] for line in block[:2]):
        return True
    pairs = (pair for block in blocks for pair in pairwise(block))
    return any(len(_authors(*pair)) >= _SURE_AUTHORS for pair in pairs)


def _of_block(block: Block, *, lists_papers: bool) -> list[Piece]:
    pieces: list[Piece] = []
    loose: Block = []
    at = 0
    while at < len(block):
        piece, taken = _special(block, at, loose, lists_papers=lists_papers)
        if not taken:
            loose.append(block[at])
            at += 1
            continue
        pieces += _loose(loose)
        loose = []
        pieces += [piece] if piece else []
        at += taken
    return pieces + _loose(loose)


def _special(block: Block, at: int, loose: Block, *, lists_papers: bool) -> tuple[Piece | None, int]:
    """The piece that begins at a line, if it is not prose, and how many lines it takes; 0 where it is prose."""
    line, following = block[at], block[at + 1] if at + 1 < len(block) else None
    if is_teaser_label(line.text) and following and not _begins_post(block, at + 1):
        stop = _next_post(block, at + 1)
        return Piece(Shape.TEASER, span_of(block[at + 1 : stop]), line.text.rstrip(":")), stop - at
    if (name := image_name(line.text)) and (not loose or _ends(loose[-1])):
        caption = _caption(block, at + 1)
        return (Piece(Shape.FIGURE, span_of(caption), name) if caption else None), 1 + len(caption)
    if place := _begins_post(block, at):
        stop = _next_post(block, at + 1)
        return Piece(Shape.JOB, span_of(block[at:stop]), place=place), stop - at
    authors = _authors(line, following) if following else ()
    if len(authors) >= _SURE_AUTHORS or (authors and lists_papers and not loose):
        return Piece(Shape.PAPER, span_of(block[at : at + 2]), line.text, authors), 2
    return None, 0


def _authors(title: Line, names: Line) -> tuple[str, ...]:
    return authors_of(names.text) if is_paper_title(title.text) else ()


def _ends(line: Line) -> bool:
    """Whether a line closes what it says, so that the next one begins something."""
    return line.text[-1] in '.!?:;”")' or is_bullet(line.text) or len(line.text) > LONG_LINE


def _caption(block: Block, at: int) -> Block:
    """The lines of a caption: one long line, or the short ones that it is wrapped into."""
    caption: Block = []
    for line in map(block.__getitem__, range(at, len(block))):
        if image_name(line.text) or is_teaser_label(line.text):
            break
        if len(line.text) > LONG_LINE:
            return caption[:1] or [line]
        caption.append(line)
    return caption


def _next_post(block: Block, at: int) -> int:
    return next((n for n in range(at, len(block)) if _begins_post(block, n)), len(block))


def _begins_post(block: Block, at: int) -> Place | None:
    """The place where a line is that of a job post and the post follows it."""
    if at + 1 >= len(block) or country_first(block[at + 1].text):
        return None
    if place := country_first(block[at].text):
        return place
    place = parse_place(block[at].text)
    return place if place and sounds_like_post(block[at + 1].text) else None


def _loose(lines: Block) -> list[Piece]:
    """Headings and prose of lines that are nothing else: a wrapped paragraph, or one paragraph a line."""
    if not lines:
        return []
    if len(lines) == 1:
        return [_lone(lines[0])]
    if any(len(line.text) > LONG_LINE for line in lines):
        return [_lone(line) for line in lines]
    if is_marked_heading(lines[0].text) and not lines[1].text.isupper():
        return [_heading(lines[0]), Piece(Shape.PROSE, span_of(lines[1:]))]
    return [Piece(Shape.PROSE, span_of(lines))]


def _lone(line: Line) -> Piece:
    if place := country_first(line.text):
        return Piece(Shape.JOB, span_of([line]), place=place)
    return _heading(line) if is_heading(line.text) else Piece(Shape.PROSE, span_of([line]))


def _heading(line: Line) -> Piece:
    return Piece(Shape.HEADING, span_of([line]), heading_words(line.text))


def _posts_joined(text: str, pieces: list[Piece]) -> list[Piece]:
    """Join a place that stands alone with the post under it, and a post with paragraphs that go on with it."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].place and _goes_on(text, joined[-1], piece):
            joined[-1] = replace(joined[-1], span=Span(joined[-1].span.start, piece.span.end))
        else:
            joined.append(piece)
    return [_prose(piece) if _is_bare(piece) else piece for piece in joined]


def _goes_on(text: str, post: Piece, piece: Piece) -> bool:
    words = text[piece.span.start : piece.span.end]
    if piece.shape is Shape.PROSE:
        return _is_bare(post) or begins_part(words) or sounds_like_post(words)
    return piece.shape is Shape.HEADING and begins_part(words)


def _is_bare(piece: Piece) -> bool:
    """Whether a post is nothing but its place yet."""
    return piece.place is not None and piece.span.end - piece.span.start == len(piece.place.text)


def _prose(piece: Piece) -> Piece:
    return Piece(Shape.PROSE, piece.span)


def _without_empty_headings(pieces: list[Piece]) -> list[Piece]:
    """Drop headings with nothing under them; but many in a row, or the last words of a page, are prose."""
    settled: list[Piece] = []
    runs = [(headings, list(run)) for headings, run in groupby(pieces, lambda p: p.shape is Shape.HEADING)]
    for at, (headings, run) in enumerate(runs):
        if not headings:
            settled += run
            continue
        following = runs[at + 1][1][0] if at + 1 < len(runs) else None
        heads_something = following is not None and following.shape is not Shape.JOB
        empty, heading = (run[:-1], run[-1:]) if heads_something else (run, [])
        furniture = any(is_teaser_label(piece.title) for piece in run)
        if not furniture and (following is None or len(run) > 2):
            settled += map(_prose, empty)
        elif heads_something:
            settled += [piece for piece in empty if is_label(piece.title)]
        settled += heading
    return settled
