"""The reader of PDF: the words of its pages in reading order, with the structure that their type tells."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.places import parse_place
from corpus.readers.blocks import HtmlBlock
from corpus.readers.html import page_of_blocks
from corpus.readers.papers import authors_of
from corpus.readers.pdf_glyphs import Deadline, drawn_on
from corpus.readers.pdf_layout import regions_of, stretches, without_furniture
from corpus.readers.pdf_paragraphs import LARGER, Blocks, Hyphens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PdfReader as File
    from pypdf.generic._font import Font

    from corpus.model import Page
    from corpus.readers.pdf_glyphs import Drawn
    from corpus.readers.pdf_paragraphs import Draft


_HEADING_CHARS, _BOLD_CHARS = 250, 160
_LEAST_TITLE = 4
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tab\.|abb(?:ildung|\.)|tabelle|figura|tabla|tableau)\s*\d{1,3}\s*[.:|–-]\s*(?=\S)",
    re.IGNORECASE,
)
_CAPTION_ROWS = 30
_SENTENCE = re.compile(r"(?<=[.!?])\s")
_SENTENCE_CHARS = 160


def marked_up(made: Blocks) -> tuple[list[HtmlBlock], list[Draft], str | None]:
    """Blocks as markup would tell them.

    Returns:
        The blocks; for each the draft that it is from; and the title, where a heading of the first page is larger
        than all others.
    """
    drafts = [draft for draft in made.drafts if any(map(str.strip, draft.lines))]
    headings = [_is_heading(draft, made) for draft in drafts]
    faces = sorted({_face(d) for d, h in zip(drafts, headings, strict=True) if h}, reverse=True)
    title = _title(drafts, headings, made)
    if title and (at := drafts.index(title) + 1) < len(drafts) and authors_of(drafts[at].lines[0]):
        headings[at] = False
    blocks: list[HtmlBlock] = []
    origins: list[Draft] = []
    for draft, heading in zip(drafts, headings, strict=True):
        level = 1 if draft is title else min(6, 2 + faces.index(_face(draft))) if heading else 0
        for block in _blocks(draft, level):
            blocks.append(block)
            origins.append(draft)
    return blocks, origins, title.lines[0] if title else None


def _face(draft: Draft) -> tuple[float, bool]:
    return round(draft.size * 2) / 2, draft.bold


def _is_heading(draft: Draft, made: Blocks) -> bool:
    words = draft.lines[0]
    if draft.cells or len(draft.lines) > 1 or not any(map(str.isalpha, words)):
        return False
    large = draft.size >= LARGER * made.body
    bold = draft.bold and not made.body_bold
    if large and (draft.bold or words[-1] not in ".;,:"):
        return len(words) <= _HEADING_CHARS
    if bold or (words.isupper() and draft.rows == 1 and not draft.is_item):
        return (
            len(words) <= _BOLD_CHARS and words[-1] not in ".;," and re.search(r"[^\W\d_]{3}", words) is not None
        )
    return False


def _title(drafts: Sequence[Draft], headings: Sequence[bool], made: Blocks) -> Draft | None:
    """The largest heading of the first page with text, where it is larger than the text."""
    first = drafts[0].page if drafts else 0
    found = [
        d for d, h in zip(drafts, headings, strict=True) if h and d.page == first and d.size > LARGER * made.body
    ]
    found = [draft for draft in found if sum(map(str.isalpha, draft.lines[0])) >= _LEAST_TITLE]
    largest = max((draft.size for draft in drafts if draft.page == first), default=0.0)
    title = max(found, key=lambda draft: draft.size, default=None)
    return title if title and title.size > 0.9 * largest else None


def _blocks(draft: Draft, level: int) -> list[HtmlBlock]:
    if draft.cells:
        return [HtmlBlock("row", draft.lines, cells=draft.cells)]
    lead, link = draft.lead()
    first = draft.lines[0]
    if level:
        return [HtmlBlock("heading", draft.lines, level, lead=lead, link=link)]
    caption = _CAPTION.match(first)
    if caption or (draft.captions and draft.rows <= _CAPTION_ROWS):
        said = first[caption.end() if caption else 0 :]
        name = _SENTENCE.split(said, maxsplit=1)[0][:_SENTENCE_CHARS].rstrip(" .")
        return [HtmlBlock("figure", draft.lines, name=name)]
    alone = lead == first and len(draft.lines) > 1 and link is None
    if alone and not authors_of(draft.lines[1]) and not parse_place(first) and len(first) <= _BOLD_CHARS:
        # A heading right over its text, without a gap between them.
        return [HtmlBlock("heading", [first], 6, lead=lead), HtmlBlock("text", draft.lines[1:])]
    return [HtmlBlock("item" if draft.is_item else "text", draft.lines, lead=lead, link=link)]


_SECONDS = 60.0
"""For one file."""
_MOST_PAGES = 2000
_MOST_CHARACTERS = 5_000_000
_STREAM_BYTES = 20_000_000
"""Of one stream, uncompressed."""
_STREAM_PARTS = 1_000_000
_GARBLED = 0.2
"""Share of characters that stand for nothing from which a text is no text."""
_NEAR = 80


class PdfReader:
    """Reads PDF files.

    Headings are told by the size and weight of their type; a paragraph is joined over lines, columns and pages;
    what runs along on every page (heads, page numbers) is left out. The rest is as in ``HtmlReader``. The stored
    text is the words of the pages, a paragraph a block; ``Page.page_starts`` tells where in it each page begins.
    """

    name = "pdf"
    version = 1
    suffixes: tuple[str, ...] = (".pdf",)

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a PDF file.

        Args:
            data: the file's bytes.
            name: the title where the file gives none.

        Raises:
            ReadError: no PDF, damaged, locked by a password, without text, or beyond the limits.
        """
        import pypdf

        if b"%PDF-" not in data[:1024]:
            raise ReadError("no PDF file" if data.strip() else "the file is empty")
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it finds odd, nobody can mend
        with pypdf.apply_configuration(
            maximum_declared_stream_length=_STREAM_BYTES,
            array_based_stream_maximum_output_length=_STREAM_BYTES,
            zlib_maximum_output_length=_STREAM_BYTES,
            lzw_maximum_output_length=_STREAM_BYTES,
            run_length_maximum_output_length=_STREAM_BYTES,
            brotli_maximum_output_length=_STREAM_BYTES,
            stream_decoding_work_maximum_length=4 * _STREAM_BYTES,
            stream_parsing_work_maximum_count=_STREAM_PARTS,
            jbig2dec_binary=None,
        ):
            try:
                deadline = Deadline(_SECONDS)
                drawn, notes = _drawn(pypdf.PdfReader(BytesIO(data), strict=False), deadline)
                return _page(drawn, name, notes, deadline)
            except ReadError:
                raise
            except Exception as error:  # a damaged file can fail anywhere in the library
                raise _damaged(error) from error


def _drawn(file: File, deadline: Deadline) -> tuple[list[Drawn | None], tuple[str, ...]]:
    """What each page shows, None for one that cannot be read."""
    if file.is_encrypted and not file.decrypt(""):
        raise ReadError("the PDF is locked by a password: save it without one")
    count = file.get_num_pages()
    if count > _MOST_PAGES:
        raise ReadError(f"it has {count:,} pages, more than the {_MOST_PAGES:,} that a document may have")
    drawn: list[Drawn | None] = []
    fonts: dict[int, Font] = {}
    characters = 0
    reason: Exception = ValueError()
    for page in file.pages:
        deadline.check()
        try:
            shown = drawn_on(page, file, fonts, deadline)
        except ReadError:
            raise
        except Exception as error:  # noqa: BLE001 - one damaged page does not take the others along
            reason = error
            drawn.append(None)
            continue
        drawn.append(shown)
        characters += sum(len(run.text) for run in shown.runs)
        if characters > _MOST_CHARACTERS:
            raise ReadError(f"it has more than the {_MOST_CHARACTERS:,} characters that a document may have")
    failed = [number for number, page in enumerate(drawn, 1) if page is None]
    if failed and not characters:
        raise _damaged(reason)
    if not characters:
        raise ReadError(
            "no text in the PDF: its pages are empty, or scanned pictures, which text recognition makes text"
        )
    pictures = [number for number, page in enumerate(drawn, 1) if page and page.images and not page.runs]
    return drawn, (
        *(
            [f"{_numbers(failed)} cannot be read and {'is' if len(failed) == 1 else 'are'} left out"]
            if failed
            else []
        ),
        *([f"no text on {_numbers(pictures)} (scanned?)"] if pictures else []),
    )


def _page(drawn: Sequence[Drawn | None], name: str, notes: tuple[str, ...], deadline: Deadline) -> Page:
    lines = []
    for page in drawn:
        deadline.check()
        lines.append(stretches(page.runs) if page else [])
    said = "".join(line.text for each in lines for line in each)
    odd = sum(not (char.isprintable() or char.isspace()) or char == "\ufffd" for char in said)
    if odd > _GARBLED * len(said):
        raise ReadError("the text of the PDF cannot be told: its fonts do not say which letters they show")
    lines = without_furniture(lines, [page.height if page else 0.0 for page in drawn])
    pages = []
    for each in lines:
        deadline.check()
        pages.append(regions_of(each))
    every = [line for regions in pages for region in regions for line in region]
    if not every:
        raise ReadError("no text in the PDF but page numbers and running heads")
    made = Blocks(every, Hyphens(line.text for line in every))
    for number, (regions, page) in enumerate(zip(pages, drawn, strict=True), 1):
        deadline.check()
        for region in regions:
            made.add_region(region, number, page.images if page else ())
    blocks, drafts, title = marked_up(made)
    read = page_of_blocks(blocks, title=title, name=name, notes=notes)
    return replace(read, page_starts=_page_starts(read.text, title or "", drafts, len(pages)))


def _page_starts(text: str, title: str, drafts: Sequence[Draft], count: int) -> tuple[int, ...]:
    """Where each page begins in the text: with its first words, or where the next one with words begins.

    Args:
        text: the text that the blocks were written into, in their order, under the title.
        title: the title.
        drafts: what the blocks were made from.
        count: how many pages there are.
    """
    at = len(title)
    starts: dict[int, int] = {1: 0}
    room = 0
    for draft in dict.fromkeys(drafts):
        if draft.lines[0] == title:
            starts.setdefault(draft.page, 0)
            continue
        begins = re.compile(rf"(?<![^\n])(?:• )?{re.escape(draft.lines[0][:_NEAR])}")
        if found := begins.search(text, at + max(0, room - _NEAR // 2), at + room + 2 * _NEAR):
            at, room = found.start(), 0  # else it was written without some words at its edges, about here
        starts.setdefault(draft.page, at)
        for offset, page in draft.turns:
            starts.setdefault(page, min(at + offset, len(text)))
        room += sum(len(line) + 1 for line in draft.lines) + 1
    offsets = [0] * count
    following = len(text)
    for number in range(count, 0, -1):
        following = min(starts.get(number, following), following)
        offsets[number - 1] = following
    return tuple(offsets)


def _numbers(pages: Sequence[int]) -> str:
    """Pages by their numbers, as many as are easily read."""
    shown = ", ".join(map(str, pages[:5]))
    more = f" and {len(pages) - 5} more" if len(pages) > 5 else ""
    return f"page{'s' if len(pages) > 1 else ''} {shown}{more}"


def _damaged(error: Exception) -> ReadError:
    said = " ".join(str(error).split())[:120] or type(error).__name__
    return ReadError(f"the PDF is damaged or cut off ({said})")
