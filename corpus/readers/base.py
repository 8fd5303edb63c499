"""The reader port: one reader a format, bytes in, a page out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from corpus.model import Page


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
