"""The readers: one for each format, found by a file's ending."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.readers.bibliography import BibliographyReader
from corpus.readers.data import DataReader
from corpus.readers.docx import DocxReader
from corpus.readers.html import HtmlReader
from corpus.readers.markdown import MarkdownReader
from corpus.readers.pdf import PdfReader
from corpus.readers.tables import TableReader
from corpus.readers.text import TextReader

if TYPE_CHECKING:
    from corpus.readers.base import Reader

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
