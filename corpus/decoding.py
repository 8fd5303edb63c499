"""Bytes to text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs

from corpus.errors import ReadError

BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u2060\ufeff"
"""What counts as blank at the ends of a text: all white space, zero-width spaces, the byte-order mark."""

_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"BZh9",
    b"7z\xbc\xaf",
    b"\xfd7zXZ",
    b"Rar!\x1a",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3",
)
_CONTROLS = bytes(c for c in (*range(32), 127) if c not in b"\t\n\v\f\r\x1a\x1b")
_MOST_CONTROLS = 0.02
"""Share of control characters above which bytes are not text: compressed data has a tenth, text has none."""


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    r"""Decode a text file; nothing but the encoding is undone, so a byte-order mark and ``\r\n`` stay.

    Returns:
        The text, and notes for the person who ingests ("not UTF-8, read as Windows-1252").

    Raises:
        ReadError: empty, or binary.
    """
    if data.startswith(_MAGIC):
        raise ReadError("binary, not text")
    text, notes = _decoded(data)
    if not text.strip(BLANK):
        raise ReadError("the file is empty")
    if "\0" in text or _controls(data) > _MOST_CONTROLS * len(text):
        raise ReadError("binary, not text")
    return text, notes


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise ReadError("begins as UTF-16 text but is not; save it as UTF-8") from error
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), ("not UTF-8, read as Windows-1252",)
    except UnicodeDecodeError:
        return data.decode("latin-1"), ("not UTF-8, read as Latin-1",)


def _controls(data: bytes) -> int:
    """How many control characters the bytes hold; UTF-16 is judged by its text alone (it has zero bytes)."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 0
    return len(data) - len(data.translate(None, _CONTROLS))
