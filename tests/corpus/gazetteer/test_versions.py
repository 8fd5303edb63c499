"""Versions of a page are told by their facts: which entry is cited, and which was last seen when."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from corpus.gazetteer import Cards
from corpus.gazetteer.cards import DTYPE, row_of
from corpus.gazetteer.duplicates import Versions
from corpus.model import Entry, Kind, Span
from corpus.store import StandingDocument, StoredEntry
from tests.corpus.gazetteer.shelf import Shelf

NUMBERS = ("old", "new", "board", "a", "b", "c")
SPRING, AUTUMN = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)


def document(name: str, seen: datetime, **facts: object) -> StandingDocument:
    given = {"title": "Kites at ICKT", "venue": "ICKT", "year": 2026, "publisher": "Kite House", "published": None}
    return StandingDocument(
        number=NUMBERS.index(name),
        id=name,
        scope=None,
        gone=False,
        first_seen=seen,
        **(given | facts),  # type: ignore[arg-type]
    )


def entries(**keys: str) -> Cards:
    """By document the keys of its entries, a letter each; ids count from 1 through all of them."""
    rows: list[tuple[object, ...]] = []
    for name, letters in keys.items():
        for key in letters:
            entry = Entry(Kind.JOB, key, Span(0, 1))
            stored = StoredEntry(len(rows) + 1, key, name, "Kites", None, None, None, SPRING, entry)
            rows.append(row_of(stored, NUMBERS.index(name), ord(key), ord(key)))
    return Cards(np.array(rows, DTYPE), Shelf())


def test_what_both_have_is_cited_from_the_newer_and_what_only_the_older_has_was_last_seen_then():
    versions = Versions.of([document("old", SPRING), document("new", AUTUMN)], entries(old="abcd", new="abce"))
    assert versions.behind == {1, 2, 3}
    assert versions.last_seen == {4: date(2026, 3, 1)}


def test_the_pages_own_days_go_before_those_of_their_reading():
    old = document("old", AUTUMN, published=date(2026, 2, 1))
    new = document("new", SPRING, published=date(2026, 2, 20))
    versions = Versions.of([new, old], entries(old="abcd", new="abc"))
    assert (versions.behind, versions.last_seen) == ({1, 2, 3}, {4: date(2026, 2, 1)})


def test_what_another_page_still_has_was_not_last_seen():
    pages = [document("old", SPRING), document("new", AUTUMN), document("board", SPRING, title="Work with us")]
    assert Versions.of(pages, entries(old="abcd", new="abc", board="d")).last_seen == {}


def test_where_none_is_known_to_be_newer_nothing_was_last_seen():
    pages = [document("a", SPRING), document("b", SPRING)]
    versions = Versions.of(pages, entries(a="abcd", b="abc"))
    assert (versions.behind, versions.last_seen) == ({1, 2, 3}, {})


def test_of_three_versions_the_newest_decides():
    pages = [document("a", SPRING), document("b", AUTUMN), document("c", datetime(2026, 10, 1, tzinfo=UTC))]
    versions = Versions.of(pages, entries(a="abcx", b="abcy", c="abc"))
    assert versions.behind == {1, 2, 3, 5, 6, 7}
    assert versions.last_seen == {4: date(2026, 3, 1), 8: date(2026, 9, 1)}


@pytest.mark.parametrize(
    "facts", [{"title": "Kites at ICKT, part two"}, {"year": 2025}, {"venue": None}, {"publisher": None}]
)
def test_pages_of_other_facts_are_no_versions(facts: dict[str, object]):
    pages = [document("old", SPRING), document("new", AUTUMN, **facts)]
    assert Versions.of(pages, entries(old="abcd", new="abcd")) == Versions()


def test_pages_with_little_in_common_are_no_versions():
    pages = [document("old", SPRING), document("new", AUTUMN)]
    assert Versions.of(pages, entries(old="abcdefg", new="abczyxwv")) == Versions()
