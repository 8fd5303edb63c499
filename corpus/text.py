"""Names and keys: a document's id from its file's name, an entry's key from what it says."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from corpus.model import Entry


_MAX_ID = 80
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """Text made equal for comparison: case, accents, punctuation and runs of white space taken out."""
    if text.isascii():  # the fast way for the many
        return " ".join(_WORD.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def slug(name: str) -> str:
    """A document's id from a file's name without its ending: lower case, digits, ``-`` and ``_``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:_MAX_ID].strip("-_") or "document"


def unique(name: str, taken: Container[str]) -> str:
    """``name``, or with the first free number behind it."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def entry_key(entry: Entry, text: str) -> str:
    """The same for the same entry wherever it stands, as 32 hexadecimal digits.

    A paper is known by its title; a job post by its company, role, place and text; all else by its text.
    """
    said = entry.title if entry.kind is Kind.PAPER else text[entry.span.start : entry.span.end]
    place = entry.place.text if entry.place else ""
    named = [str(entry.kind), folded(place), folded(said) or said]
    if entry.job and entry.job.company:  # rows of one text in different groups are different posts
        named += [folded(entry.job.company), folded(entry.title)]
    return hashlib.sha256("\x1f".join(named).encode("utf-8", "surrogatepass")).hexdigest()[:32]


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


def write_whole(path: Path, text: str) -> None:
    """Write a file in UTF-8 in place of the one that is there; who reads it meanwhile finds that one.

    Raises:
        OSError: it cannot be written; the old one stands.
    """
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
