"""The readers: one for each format, found by a file's ending."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from corpus.errors import ReadError
from corpus.readers.bibtex import BibliographyReader
from corpus.readers.docx import DocxReader
from corpus.readers.html import HtmlReader
from corpus.readers.markdown import MarkdownReader
from corpus.readers.pdf import PdfReader
from corpus.readers.tabular import DataReader, TableReader
from corpus.readers.text import TextReader

if TYPE_CHECKING:
    from corpus.model import Page


_READERS: tuple[Reader, ...] = (
    MarkdownReader(), TextReader(), HtmlReader(), PdfReader(), DocxReader(), TableReader(), DataReader(),
    BibliographyReader(),
)  # fmt: skip

SUFFIXES = tuple(suffix for reader in _READERS for suffix in reader.suffixes)
"""The endings of the files that can be read, small letters, with the dot."""

FORMATS = tuple(reader.name for reader in _READERS)
"""What can be read, in words."""


def reader_for(path: PurePath | str) -> Reader:
    """The reader for a file, by the ending of its name, large or small letters.

    Raises:
        ReadError: no ending, or one that no reader knows; the message names those that can be read.
    """
    suffix = PurePath(path).suffix.lower()
    for reader in _READERS:
        if suffix in reader.suffixes:
            return reader
    what = f"{suffix} files cannot be read" if suffix else "a file without an ending cannot be read"
    raise ReadError(f"{what}; those that can: {', '.join(SUFFIXES)}")


__all__ = [
    "FORMATS",
    "SUFFIXES",
    "BibliographyReader",
    "DataReader",
    "DocxReader",
    "HtmlReader",
    "MarkdownReader",
    "PdfReader",
    "TableReader",
    "TextReader",
    "reader_for",
]


class Reader(Protocol):
    """Turns the bytes of one format into a page.

    A reader is stateless and knows no file system: what it returns depends on its arguments alone. ``version``
    rises when the same bytes would be read differently, so that documents read before are read again.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]

    def read(self, data: bytes, *, name: str) -> Page:
        """Read one file.

        Args:
            data: the file's bytes.
            name: the file's name without its ending, the title of last resort.

        Raises:
            ReadError: empty, binary, or not of this format; the message says which, without the file's name.
        """
        ...
