"""Names and keys: a document's id from its file's name, an entry's key from what it says."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Container

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

    A paper is known by its title; a job post by its place and its text; prose and figures by their text.
    """
    said = entry.title if entry.kind is Kind.PAPER else text[entry.span.start : entry.span.end]
    place = entry.place.text if entry.place else ""
    named = "\x1f".join((str(entry.kind), folded(place), folded(said) or said))
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
