"""Assistants over the bundled digests and over the real pages, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.assistant import Assistant
from embeddings.collection import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from embeddings.loader import ServingEncoder


def assistant_over(folder: Path, encoder: ServingEncoder) -> Assistant:
    """An assistant with the model that the tests share."""
    return Assistant(Library(folder, encoder), lambda line: None)


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory, encoder: ServingEncoder) -> Iterator[Assistant]:
    """An assistant over the bundled digests. Not to be written to."""
    with assistant_over(tmp_path_factory.mktemp("bundled"), encoder) as assistant:
        assistant.ensure_corpus()
        yield assistant


@pytest.fixture(scope="session")
def verbatim(
    tmp_path_factory: pytest.TempPathFactory, encoder: ServingEncoder, pages: list[Path]
) -> Iterator[Assistant]:
    """An assistant over the five real pages. Not to be written to."""
    with assistant_over(tmp_path_factory.mktemp("verbatim"), encoder) as assistant:
        assistant.ingest(pages)
        yield assistant


@pytest.fixture
def empty(tmp_path: Path, encoder: ServingEncoder) -> Iterator[Assistant]:
    """An assistant over a new data folder."""
    with assistant_over(tmp_path / "data", encoder) as assistant:
        yield assistant
