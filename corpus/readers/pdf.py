"""The reader of PDF: the words of its pages in reading order, with the structure that their type tells."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.readers._pdf_blocks import Blocks
from corpus.readers._pdf_furniture import without_furniture
from corpus.readers._pdf_headings import marked_up
from corpus.readers._pdf_lines import regions_of, stretches
from corpus.readers._pdf_runs import Deadline, drawn_on
from corpus.readers._pdf_words import Hyphens
from corpus.readers.html import page_of_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PdfReader as File
    from pypdf.generic._font import Font

    from corpus.model import Page
    from corpus.readers._pdf_draft import Draft
    from corpus.readers._pdf_runs import Drawn

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
