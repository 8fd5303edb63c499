"""Text: words cut and folded for comparison, ids and keys made of it, bytes decoded into it."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from corpus.model import Entry


_MAX_ID = 80

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
"""Soft hyphens and signs of no width: they stand within words and are no part of them."""
_MARKS = (
    "\u0300-\u036f\u064b-\u065f\u093a-\u094f\u0e31\u0e34-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a"
)
"""Accents and vowel signs that follow their letter."""
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Letters of scripts that set no blanks between words."""
_TERM = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{_INVISIBLE}])*(?:\+\+|\#(?![^\W_]))?")
_ASCII_TERM = re.compile(r"[a-z0-9]+(?:\+\+|\#(?![a-z0-9]))?")
_HAN_LETTER = re.compile(f"[{_HAN}]")
_UNSPACED = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
_DROPPED = re.compile(f"[{_INVISIBLE}]")
_POSSESSIVE = "'’`´"
_POSSESSIVE_S = re.compile(r"(?<=[^\W_])['`]s(?![^\W_])")
_WORD = re.compile(r"\w+(?:\+\+|#(?!\w))?")
_MOST_PARTS = 6
"""Ends of the parts of one word, beyond which it is no name but a code."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t"}
)
"""Letters that no decomposition takes to the plain one that people type instead."""


def _plain(text: str) -> str:
    """Text without case, accents and invisible signs."""
    shown = _DROPPED.sub("", text)
    decomposed = unicodedata.normalize("NFKD", shown.casefold()).translate(_PLAIN_LETTERS)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def folded(text: str) -> str:
    """Text made equal for comparison: case, accents, punctuation and runs of white space taken out."""
    return " ".join(_WORD.findall(text.lower() if text.isascii() else _plain(text)))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: as written, folded (lower case, no accents), and where it stands."""

    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text in order.

    Hyphens and underscores part words; a possessive s is left out; "C++" and "C#" are words. Scripts without
    blanks are cut into pairs of letters.
    """
    found: list[Token] = []
    for word in _TERM.finditer(text):
        if word[0] in "sS" and word.start() and text[word.start() - 1] in _POSSESSIVE and found:
            continue
        if word[0].isascii():
            found.append(Token(word[0], word[0].lower(), *word.span()))
            continue
        for piece in _UNSPACED.finditer(word[0]):
            found += _pairs(piece[0], word.start() + piece.start())
    return found


def _pairs(piece: str, start: int) -> Iterator[Token]:
    """A word as it is, or one of a script without blanks as its pairs of letters."""
    step = 2 if _HAN_LETTER.match(piece) else len(piece)
    for at in range(max(1, len(piece) - step + 1)):
        cut = piece[at : at + step]
        if plain := _plain(cut).replace(" ", ""):
            yield Token(cut, plain, start + at, start + at + len(cut))


def words(text: str) -> list[str]:
    """The folded words of a text, as ``tokens`` parts them."""
    if text.isascii():  # the fast way for the many
        return _ASCII_TERM.findall(_POSSESSIVE_S.sub("", text.lower()))
    return [token.folded for token in tokens(text)]


def compounds(text: str) -> list[Token]:
    """Further forms of a text's words, where names are written joined by some and parted by others.

    "k-means" gives "kmeans", "GPT4" gives "gpt" and "4", "RepoFormer" gives "repo" and "former": with
    ``tokens`` on both sides each form meets each other one.
    """
    said = tokens(text)
    found: list[Token] = []
    for token in said:
        cuts = [0, *(cut.start() for cut in _CAMEL.finditer(token.text)), len(token.text)]
        if 2 < len(cuts) <= _MOST_PARTS and token.text.isalnum():
            found += (
                Token(part, _plain(part), token.start + at, token.start + to)
                for at, to in pairwise(cuts)
                if (part := token.text[at:to])
            )
    for one, other in pairwise(said):
        between = text[one.end : other.start]
        if len(between) == 1 and between in "-‐‑–/" and one.end < other.start:
            whole = text[one.start : other.end]
            found.append(Token(whole, one.folded + other.folded, one.start, other.end))
    return found


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
