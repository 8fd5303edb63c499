"""Small corpora for the gazetteer: invented entries, and pages as they are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import corpus
from tests.corpus.gazetteer.shelf import Shelf

if TYPE_CHECKING:
    from corpus.gazetteer import Gazetteer

BUNDLED = Path(corpus.__file__).parent / "digests"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def real(pages: list[Path]) -> Gazetteer:
    """The names of the five real pages."""
    shelf = Shelf()
    for file in pages:
        shelf.page(file)
    return shelf.gazetteer()


@pytest.fixture(scope="session")
def bundled() -> Gazetteer:
    """The names of the bundled digests."""
    shelf = Shelf()
    for file in sorted(BUNDLED.glob("*.md")):
        shelf.page(file)
    return shelf.gazetteer()
