"""PDF to a tree: the words of its pages in reading order, with the structure that their type tells."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.places import is_place
from corpus.readers.pdf_blocks import LARGER, Blocks, Hyphens
from corpus.readers.pdf_layout import regions_of, stretches, without_furniture
from corpus.readers.people import parse_people
from corpus.readers.tree import Block, Composer, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pypdfium2 import PdfDocument

    from corpus.readers.pdf_blocks import Draft, Segment
    from corpus.readers.pdf_glyphs import Drawn
    from corpus.readers.tree import Tree


_HEADING_CHARS, _BOLD_CHARS = 250, 160
_LEAST_TITLE = 4
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tab\.|abb(?:ildung|\.)|tabelle|figura|tabla|tableau)\s*\d{1,3}\s*[.:|–-]\s*(?=\S)",
    re.IGNORECASE,
)
_CAPTION_ROWS = 30


_MOST_PAGES = 2000
_MOST_CHARACTERS = 5_000_000
_GARBLED = 0.2
"""Share of characters that stand for nothing from which a text is no text."""


def tree_of(data: bytes) -> Tree:
    """Read a PDF file.

    Headings are told by the size and weight of their type; a paragraph is joined over lines, columns and pages;
    what runs along on every page (heads, page numbers) is left out.

    Raises:
        ReadError: no PDF, damaged, locked by a password, without text, or beyond the limits.
    """
    if b"%PDF-" not in data[:1024]:
        raise ReadError("no PDF file" if data.strip() else "the file is empty")
    import pypdfium2

    try:
        drawn, notes = _drawn(pypdfium2.PdfDocument(data))
        return _tree(drawn, notes)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise ReadError("the PDF is locked by a password: save it without one") from error
        raise _damaged(error) from error


def _drawn(file: PdfDocument) -> tuple[list[Drawn | None], tuple[str, ...]]:
    """What each page shows, None for one that cannot be read."""
    from pypdfium2 import PdfiumError

    from corpus.readers.pdf_glyphs import drawn_on

    count = len(file)
    if count > _MOST_PAGES:
        raise ReadError(f"it has {count:,} pages, more than the {_MOST_PAGES:,} that a document may have")
    drawn: list[Drawn | None] = []
    characters = 0
    for number in range(count):
        try:
            shown = drawn_on(file, number)
        except PdfiumError:  # one damaged page does not take the others along
            drawn.append(None)
            continue
        drawn.append(shown)
        characters += sum(len(run.text) for run in shown.runs)
        if characters > _MOST_CHARACTERS:
            raise ReadError(f"it has more than the {_MOST_CHARACTERS:,} characters that a document may have")
    failed = [number for number, page in enumerate(drawn, 1) if page is None]
    if not characters and (failed or not drawn):
        raise _damaged("no page can be read")
    if not characters:
        raise ReadError(
            "no text in the PDF: its pages are empty, or scanned pictures, which text recognition makes text"
        )
    pictures = [number for number, page in enumerate(drawn, 1) if page and page.images and not page.runs]
    left_out = f"{_numbers(failed)} cannot be read and {'is' if len(failed) == 1 else 'are'} left out"
    scanned = f"no text on {_numbers(pictures)} (scanned?)"
    return drawn, (*([left_out] if failed else []), *([scanned] if pictures else []))


def _tree(drawn: Sequence[Drawn | None], notes: tuple[str, ...]) -> Tree:
    lines = [stretches(page.runs) if page else [] for page in drawn]
    said = "".join(line.text for each in lines for line in each)
    odd = sum(not (char.isprintable() or char.isspace()) or char == "\ufffd" for char in said)
    if odd > _GARBLED * len(said):
        raise ReadError("the text of the PDF cannot be told: its fonts do not say which letters they show")
    lines = without_furniture(lines, [page.height if page else 0.0 for page in drawn])
    pages = [regions_of(each) for each in lines]
    every = [line for regions in pages for region in regions for line in region]
    if not every:
        raise ReadError("no text in the PDF but page numbers and running heads")
    made = Blocks(every, Hyphens(line.text for line in every))
    for number, (regions, page) in enumerate(zip(pages, drawn, strict=True), 1):
        for region in regions:
            made.add_region(region, number, page.images if page else ())
    return _Writer(made, len(pages)).tree(notes)


class _Writer:
    """Writes drafts as blocks of a tree."""

    def __init__(self, made: Blocks, pages: int) -> None:
        self._body, self._body_bold, self._pages = made.body, made.body_bold, pages
        self._drafts = [
            draft
            for draft in made.drafts
            if draft.cells or any(map(str.strip, map(draft.said, range(len(draft.lines)))))
        ]
        if any(not draft.cells and len(draft.lines) > 1 and self._heads_people(draft) for draft in self._drafts):
            self._join_authors()
        self._headings = {id(draft): _face(draft) for draft in self._drafts if self._is_heading(draft)}
        self._faces = sorted(set(self._headings.values()), reverse=True)
        self._title = self._titled()
        if self._title and (at := self._drafts.index(self._title) + 1) < len(self._drafts):
            below = self._drafts[at]
            if not below.cells and parse_people(below.said(0)).score >= 0.5:
                self._headings.pop(id(below), None)
        self._composer = Composer()
        self._page = 0

    @staticmethod
    def _heads_people(draft: Draft) -> bool:
        """Whether a paragraph is a title over its authors."""
        return bool(draft.lead()) and parse_people(draft.said(1)).score >= 0.5

    def _join_authors(self) -> None:
        """Put titles that end a column together with their authors, as they stand elsewhere."""
        joined: list[Draft] = []
        for draft in self._drafts:
            above = joined[-1] if joined else draft
            plain = not (
                draft.cells or above.cells or draft.is_item or max(draft.size, above.size) >= LARGER * self._body
            )
            alone = plain and len(above.lines) == 1 and above.lead() and not draft.lead()
            if alone and parse_people(draft.said(0)).score >= 0.5:
                above.lines += draft.lines
                above.rows += draft.rows
            else:
                joined.append(draft)
        self._drafts = joined

    def tree(self, notes: tuple[str, ...]) -> Tree:
        """The tree of all drafts."""
        for role, drafts in groupby(self._drafts, self._holder):
            if role is None:
                for draft in drafts:
                    self._draft(draft)
            else:
                with self._composer.block(Block(role)):
                    for draft in drafts:
                        self._row(draft) if role is Role.TABLE else self._item(draft)
        self._turn(self._pages)
        return self._composer.finished(notes)

    def _holder(self, draft: Draft) -> Role | None:
        if draft.cells:
            return Role.TABLE
        return Role.LIST if draft.is_item and id(draft) not in self._headings else None

    def _turn(self, page: int) -> None:
        while self._page < page:
            self._composer.page_start()
            self._page += 1

    def _write(self, segments: Iterable[Segment]) -> None:
        for segment in segments:
            self._turn(segment.page)
            self._composer.write(segment.words, segment.style)

    def _lines(self, lines: Iterable[Sequence[Segment]]) -> None:
        for line in lines:
            self._write(line)
            self._composer.line_break()

    def _row(self, draft: Draft) -> None:
        with self._composer.block(Block(Role.ROW, head=draft.head)):
            for column, cell in enumerate(draft.cells):
                with self._composer.block(Block(Role.CELL, level=column, head=draft.head)):
                    self._write(cell)

    def _item(self, draft: Draft) -> None:
        with self._composer.block(Block(Role.ITEM), bullet="• "):
            self._lines(draft.lines)

    def _draft(self, draft: Draft) -> None:
        lines, first = draft.lines, draft.said(0)
        face = self._headings.get(id(draft))
        block = Block(Role.PARAGRAPH)
        if face is not None:
            level = 1 if draft is self._title else min(6, 2 + self._faces.index(face))
            block = Block(Role.HEADING, level=level)
        elif _CAPTION.match(first) or (draft.captions and draft.rows <= _CAPTION_ROWS):
            block = Block(Role.FIGURE)
        elif len(lines) > 1 and self._heads(draft):
            # A heading right over its text, without a gap between them.
            with self._composer.block(Block(Role.HEADING, level=6)):
                self._write(lines[0])
            lines = lines[1:]
        with self._composer.block(block):
            self._lines(lines)

    @staticmethod
    def _heads(draft: Draft) -> bool:
        """Whether a paragraph's first line is set as a heading of the others."""
        lead = draft.lead()
        if not lead or draft.lines[0][0].style.href or len(lead) > _BOLD_CHARS:
            return False
        return parse_people(draft.said(1)).score < 0.5 and not is_place(lead)

    def _is_heading(self, draft: Draft) -> bool:
        words = draft.said(0)
        if draft.cells or len(draft.lines) > 1 or not any(map(str.isalpha, words)):
            return False
        large = draft.size >= LARGER * self._body
        bold = draft.bold and not self._body_bold
        if large and (draft.bold or words[-1] not in ".;,:"):
            return len(words) <= _HEADING_CHARS
        if bold or (words.isupper() and draft.rows == 1 and not draft.is_item):
            return (
                len(words) <= _BOLD_CHARS
                and words[-1] not in ".;,"
                and re.search(r"[^\W\d_]{3}", words) is not None
            )
        return False

    def _titled(self) -> Draft | None:
        """The largest heading of the first page with text, if it is larger than the text."""
        first = [draft for draft in self._drafts if draft.page == self._drafts[0].page] if self._drafts else []
        found = [draft for draft in first if id(draft) in self._headings and draft.size > LARGER * self._body]
        found = [draft for draft in found if sum(map(str.isalpha, draft.said(0))) >= _LEAST_TITLE]
        largest = max((draft.size for draft in first), default=0.0)
        title = max(found, key=lambda draft: draft.size, default=None)
        return title if title and title.size > 0.9 * largest else None


def _face(draft: Draft) -> tuple[float, bool]:
    return round(draft.size * 2) / 2, draft.bold


def _numbers(pages: Sequence[int]) -> str:
    """Pages by their numbers, as many as are easily read."""
    shown = ", ".join(map(str, pages[:5]))
    more = f" and {len(pages) - 5} more" if len(pages) > 5 else ""
    return f"page{'s' if len(pages) > 1 else ''} {shown}{more}"


def _damaged(error: Exception | str) -> ReadError:
    said = " ".join(str(error).split())[:120]
    return ReadError(f"the PDF is damaged or cut off ({said})")
