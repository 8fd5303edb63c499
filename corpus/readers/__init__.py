"""The readers: the bytes of a file become a tree of blocks, and that a page; a file's ending names its format."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.model import Kind
from corpus.readers import data as data_files
from corpus.readers import html, markdown, office, pdf, text
from corpus.readers.page import page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.model import Page
    from corpus.readers.tree import Tree


VERSION = 12
"""It rises when the same bytes are read differently, so that documents that were read before are read again."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns the bytes of one format into a page; what it returns depends on its arguments and the day alone.

    Attributes:
        name: of the format.
        tree: turns the bytes into a tree of blocks.
        lists: whether the format is for data, so that a file without papers and job posts is none of ours.
        version: of the reader.
    """

    name: str
    tree: Callable[[bytes], Tree]
    lists: bool = False
    version: int = VERSION

    def read(self, data: bytes, *, name: str) -> Page:
        """Read one file.

        Args:
            data: the file's bytes.
            name: the file's name without its ending, the title of last resort.

        Raises:
            ReadError: empty, binary, or not of this format; the message says which, without the file's name.
        """
        page = page_of(self.tree(data), name=name)
        if self.lists and not any(entry.kind in (Kind.PAPER, Kind.JOB) for entry in page.entries):
            raise ReadError(f"no paper and no job post was found in the {self.name} file")
        return page


def _html(data: bytes) -> Tree:
    """Read HTML, or what a site's generator makes that of: Markdown or HTML with front matter."""
    if markdown.has_front_matter(data):
        return markdown.tree_of(data, is_markup=True)
    return html.tree_of(data)


_NAMED = {
    "markdown": ((".md", ".markdown"), markdown.tree_of),
    "text": ((".txt", ".text"), text.tree_of),
    "html": ((".html", ".htm", ".xhtml"), _html),
    "pdf": ((".pdf",), pdf.tree_of),
}
_FEEDS = (".xml", ".rss", ".atom")
_READERS = {
    **{suffix: Reader(name, tree) for name, (suffixes, tree) in _NAMED.items() for suffix in suffixes},
    **{suffix: Reader(suffix[1:], tree, suffix == ".xlsx") for suffix, tree in office.TREES.items()},
    **{
        suffix: Reader(suffix[1:], partial(data_files.tree_of, suffix=suffix), suffix not in _FEEDS)
        for suffix in data_files.SUFFIXES
    },
}

SUFFIXES = tuple(_READERS)
"""The endings of the files that can be read, small letters, with the dot."""

FORMATS = ("Markdown", "text", "HTML", "PDF", "Word", "Excel", "JSON", "YAML", "CSV", "BibTeX", "feeds")
"""What can be read, in words; there are a few more."""


def reader_for(path: PurePath | str) -> Reader:
    """The reader for a file, by the ending of its name, large or small letters.

    Raises:
        ReadError: no ending, or one that no reader knows; the message names those that can be read.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix in _READERS:
        return _READERS[suffix]
    what = f"{suffix} files cannot be read" if suffix else "a file without an ending cannot be read"
    raise ReadError(f"{what}; those that can: {', '.join(SUFFIXES)}")


__all__ = ["FORMATS", "SUFFIXES", "Reader", "reader_for"]
