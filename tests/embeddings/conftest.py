"""A library over a temporary folder, and pages to put in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.model import Entry, Kind, Page, Span
from corpus.store import Identity
from embeddings.collection import Library
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def page(*texts: str, title: str = "A guide", kind: Kind = Kind.ARTICLE) -> Page:
    """A page with one entry a text."""
    entries, at = [], 0
    for text in texts:
        entries.append(Entry(kind, text.split(maxsplit=1)[0], Span(at, at + len(text))))
        at += len(text) + 2
    return Page("\n\n".join(texts), title, tuple(entries))


def identity(name: str, **facts: object) -> Identity:
    return Identity(name, f"/pages/{name}.txt", "text/1", name, **facts)  # type: ignore[arg-type]


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Library]:
    """A library with an encoder that needs no model."""
    library = Library(tmp_path, HashEncoder())
    yield library
    library.close()
