"""What is news: documents and entries by the day on which they came, and what was read anew or has gone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.assistant import Assistant
from corpus.model import Kind
from embeddings.collection import Library
from tests.bot.dated import BARCELONA, MADRID, TURIN, board, guide, mark_gone, put
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Assistant]:
    """A board of September that gained a post in November, a copy of it of October, a guide of November."""
    library = Library(tmp_path, HashEncoder())
    put(library, "board", board(MADRID, TURIN), seen="2021-09-01")
    put(library, "copy", board(MADRID), seen="2021-10-01")
    put(library, "guide", guide("ICKT", 2025, "Square kites"), seen="2021-11-10")
    with Assistant(library, lambda line: None) as assistant:
        yield assistant


def told(assistant: Assistant, since: date, **asked: object) -> list[tuple[str, str, list[str]]]:
    found = assistant.news(since, **asked)  # type: ignore[arg-type]
    return [(each.change, each.document.id, [entry.entry.title for entry in each.entries]) for each in found]


def test_the_latest_comes_first_and_what_was_there_before_is_not_new(kept: Assistant):
    assert told(kept, date(2021, 9, 1)) == [
        ("new", "guide", ["Square kites"]),
        ("new", "copy", []),
        ("new", "board", ["Kite Scientist", "Lantern Engineer"]),
    ]
    assert told(kept, date(2021, 11, 10), kind=Kind.JOB) == [("new", "guide", [])]
    assert told(kept, date(2021, 11, 11)) == []


def test_a_page_that_was_read_anew_tells_what_it_gained(kept: Assistant):
    library = kept._library
    who, _ = library.store.page("board")
    library.add(who, board(MADRID, TURIN, BARCELONA))
    assert told(kept, date(2021, 11, 11)) == [("changed", "board", ["Sail Economist"])]


def test_a_page_that_has_gone_is_told_without_its_entries(kept: Assistant):
    mark_gone(kept._library, "board", "2021-11-12")
    assert told(kept, date(2021, 11, 11)) == [("gone", "board", [])]


def test_the_pages_of_another_server_are_no_news(kept: Assistant):
    kept._library.store._connection.execute("UPDATE documents SET scope = 7 WHERE id = 'guide'")
    assert told(kept, date(2021, 11, 1)) == []
    assert told(kept, date(2021, 11, 1), scope=7) == [("new", "guide", ["Square kites"])]
