"""The reader of plain text: pages with topics, papers, figures and job posts, and prose of any other make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.model import Page
from corpus.places import country_first
from corpus.readers.blocks import Shape, blocks_of, collapsed, span_of
from corpus.readers.dates import dateline, language_of_text, published_in, with_days
from corpus.readers.entries import assemble, unplaced_in
from corpus.readers.headings import LONG_LINE, heading_words, is_bullet, is_byline, is_title, venues_of
from corpus.readers.papers import authors_of, is_paper_title
from corpus.readers.segments import labelled_papers, pieces_of, with_comments
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.readers.blocks import Block, Line, Piece


_DECK_CHARS = 300
_OPENING_LINES, _OPENING_CHARS = 4, 100


class TextReader:
    """Reads plain text, in which structure shows only by wording and blank lines."""

    name = "text"
    version = 3
    suffixes: tuple[str, ...] = (".txt", ".text")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a plain-text page.

        Args:
            data: the file's bytes.
            name: the title where the text has none.

        Raises:
            ReadError: empty or binary.
        """
        text, notes = decode(data)
        return page_of(text, name=name, notes=notes)


def page_of(
    text: str,
    *,
    name: str,
    title: str | None = None,
    notes: tuple[str, ...] = (),
    url: str | None = None,
    known: Mapping[int, Piece] | None = None,
    language: str | None = None,
) -> Page:
    """The page that a text is.

    Args:
        text: the page's text.
        name: the title where the text has none.
        title: the title, where it is known; then it is the text's first line.
        notes: for the person who ingests.
        url: where the page is from.
        known: see ``pieces_of``.
        language: the page's, where it is known; it decides what "01/02/2026" is.
    """
    blocks = blocks_of(text)
    heading = blocks[0][0] if title and blocks else _title_line(blocks)
    under_title = heading is not None and len(blocks[0]) > 1
    if heading:
        blocks = [blocks[0][1:], *blocks[1:]] if blocks[0][1:] else blocks[1:]
    if known is None:
        blocks, known = labelled_papers(blocks)
    pieces = pieces_of(text, blocks, heading.text if heading else "", under_title=under_title, known=known)
    title = title or (heading_words(heading.text) if heading else name)
    prose = "\n".join(_words(text, piece) for piece in pieces if piece.shape is Shape.PROSE)
    venues = venues_of(title if heading else "", prose)
    language = language or language_of_text(text)
    entries = assemble(text, title, span_of([heading]) if heading else None, pieces, venues)
    entries = with_comments(with_days(entries, text, language), text)
    return Page(
        text=text,
        title=title,
        entries=entries,
        deck=_deck(text, pieces) if heading else None,
        venue=venues.venue,
        year=venues.year,
        url=url,
        published=published_in(text, entries, language),
        unplaced=unplaced_in(text, title, entries),
        notes=notes,
    )


def _title_line(blocks: list[Block]) -> Line | None:
    """The page's title where its first line is one: alone, over a long line, or over a byline and the like."""
    if not blocks or not is_title(blocks[0][0].text) or country_first(blocks[0][0].text):
        return None
    first, *others = blocks[0]
    if not others:
        return first
    if is_paper_title(first.text) and authors_of(others[0].text):
        return None
    if len(others[0].text) > LONG_LINE:
        return first
    short = len(others) < _OPENING_LINES and all(len(line.text) <= _OPENING_CHARS for line in blocks[0])
    dated = is_byline(others[0].text) or dateline(others[0].text) is not None
    begins = dated or not (others[0].text[0].islower() or is_bullet(others[0].text))
    return first if short and begins else None


def _deck(text: str, pieces: list[Piece]) -> str | None:
    """The line under the title, where more prose follows it; one that says by whom the page is, is none."""
    if len(pieces) < 2 or any(piece.shape is not Shape.PROSE for piece in pieces[:2]):
        return None
    deck = collapsed(_words(text, pieces[0]))
    byline = is_byline(deck) and deck[-1] not in ".!?"
    return deck if len(deck) <= _DECK_CHARS and not byline else None


def _words(text: str, piece: Piece) -> str:
    return text[piece.span.start : piece.span.end]
