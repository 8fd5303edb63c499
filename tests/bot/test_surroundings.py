"""A quote within what stands around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.sources.ingest import Source
from corpus.errors import NotFoundError

if TYPE_CHECKING:
    from bot.assistant import Assistant


def test_every_quote_is_found_in_its_place(bundled: Assistant):
    for question in ("how does Cold Brew handle nodes without neighbours?", "openings in Boston", "bandit papers"):
        for citation in bundled.ask(question).citations:
            found = bundled.surroundings(citation.entry_id, citation.start, citation.end)
            quoted = found.text[found.quoted.start : found.quoted.end]
            first, *_, last = citation.excerpt.split(" … ") * 2
            assert quoted.startswith(first)
            assert quoted.endswith(last)
            assert found.text in bundled.text(citation.document)
            assert len(found.text) <= len(quoted) + 1400
            assert len(quoted) <= 3000


@pytest.mark.parametrize(
    ("entry", "start", "end"), [(10**6, 0, 5), (1, 10**7, 10**7 + 5), (1, 50, 40), (1, -5, 5)]
)
def test_what_is_not_there_is_told(bundled: Assistant, entry: int, start: int, end: int):
    with pytest.raises(NotFoundError):
        bundled.surroundings(entry, start, end)


def test_another_servers_page_is_not_shown(empty: Assistant):
    page = b"# Notes\n\n## Low kites in high winds\n\n- Authors: Ada Moss\n\nKites fly low.\n"
    empty.ingest([Source(Path("notes.md"), data=page)], scope=7)
    (quote,) = empty.ask("papers by Ada Moss", scope=7).citations
    assert empty.surroundings(quote.entry_id, quote.start, quote.end, scope=7).text
    for scope in (None, 8):
        with pytest.raises(NotFoundError):
            empty.surroundings(quote.entry_id, quote.start, quote.end, scope=scope)
