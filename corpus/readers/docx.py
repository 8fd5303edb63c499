"""The reader of Word files (.docx): their paragraphs, with the structure that their styles tell."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.readers._docx_blocks import DocxBlocks
from corpus.readers._docx_package import Package
from corpus.readers.html import page_of_blocks

if TYPE_CHECKING:
    from corpus.model import Page
    from corpus.readers._html_blocks import HtmlBlock

_MOST_BLOCKS, _MOST_CHARACTERS = 200_000, 5_000_000


class DocxReader:
    """Reads Word files of the format since 2007.

    Headings, captions, lists and tables are what the styles say, the rest is as in ``HtmlReader``. Deleted and
    hidden words, comments, notes, headers and footers are left out; macros are never read. The stored text is the
    text of the body, a paragraph a block. A Word file has no pages until it is printed.
    """

    name = "docx"
    version = 1
    suffixes: tuple[str, ...] = (".docx", ".docm")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a Word file.

        Args:
            data: the file's bytes.
            name: the title where the file gives none.

        Raises:
            ReadError: no Word file, an older one, damaged, locked by a password, or without text.
        """
        package = Package(data)
        root = package.part("word/document.xml")
        blocks = list(islice(DocxBlocks(package).of(root), _MOST_BLOCKS + 1))
        if len(blocks) > _MOST_BLOCKS:
            raise ReadError(f"it has more than the {_MOST_BLOCKS:,} paragraphs that a document may have")
        if sum(len(line) for block in blocks for line in block.lines) > _MOST_CHARACTERS:
            raise ReadError(f"it has more than the {_MOST_CHARACTERS:,} characters that a document may have")
        if not blocks:
            raise ReadError("no text in the Word file")
        notes = ("its macros were left alone",) if package.has_macros else ()
        return page_of_blocks(blocks, title=_title(blocks), name=name, notes=notes)


def _title(blocks: list[HtmlBlock]) -> str | None:
    """The title by its style, else the heading that the text begins with, where no other has its level."""
    first = next((block for block in blocks if block.level == 1), None)
    if first is None:
        headings = [block for block in blocks if block.kind == "heading"]
        if (
            headings
            and sum(block.level == headings[0].level for block in headings) == 1
            and blocks[0] is headings[0]
        ):
            first = headings[0]
            first.level = 1
    return first.lines[0] if first else None
