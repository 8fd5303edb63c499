"""Entries like another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.sources.ingest import Source
from corpus.errors import NotFoundError
from corpus.model import Kind
from corpus.text import folded
from tests.doubles import stored_quote

if TYPE_CHECKING:
    from bot.assistant import Assistant

PAGE = """\
# Notes

## Low kites in high winds

- Authors: Ada Moss

{said}
"""


def test_likest_entries_are_cited_verbatim_without_the_entry_itself(bundled: Assistant):
    first = bundled.ask("papers on differential privacy").citations[0]
    found = bundled.similar(first.entry_id, top=10)
    assert found.answered
    assert found.summary == f"Most like “{first.title}”"
    assert [each.rank for each in found.citations] == list(range(1, 11))
    scores = [each.score for each in found.citations]
    assert scores == sorted(scores, reverse=True)
    for each in found.citations:
        assert stored_quote(bundled, each) == each.excerpt
        assert folded(each.title) != folded(first.title)
        assert each.kind in {Kind.PAPER, Kind.ARTICLE}
    named = [each.title.casefold() for each in found.citations[:3]]
    assert any("privat" in name or "privacy" in name for name in named)


def test_each_entry_is_shown_once_however_far_one_goes(bundled: Assistant):
    first = bundled.ask("papers on bandits").citations[0]
    at_once = bundled.similar(first.entry_id, top=15).citations
    in_steps = [bundled.similar(first.entry_id, top=5, offset=offset).citations for offset in (0, 5, 10)]
    assert [each.entry_id for step in in_steps for each in step] == [each.entry_id for each in at_once]
    assert len({folded(each.title) for each in at_once}) == 15
    beyond = bundled.similar(first.entry_id, offset=10_000)
    assert (beyond.answered, beyond.citations) == (False, ())


def test_a_job_post_is_like_job_posts(bundled: Assistant):
    first = bundled.ask("openings in Boston").citations[0]
    found = bundled.similar(first.entry_id).citations
    assert found
    assert {each.kind for each in found} == {Kind.JOB}


def test_a_twin_in_another_page_is_not_like_it_but_the_same(empty: Assistant):
    pages = [("one", "Kites fly low."), ("two", "Kites fly low."), ("three", "Balloons fly high in winds.")]
    for name, said in pages:
        title = "Low kites in high winds" if name != "three" else "High balloons"
        page = PAGE.format(said=said).replace("Low kites in high winds", title)
        empty.ingest([Source(Path(f"{name}.md"), data=page.encode())])
    (kites,) = {each.id for each in empty.entries(kind=Kind.PAPER, digest="one")}
    found = empty.similar(kites).citations
    assert [each.title for each in found if each.kind is Kind.PAPER] == ["High balloons"]


def test_what_is_not_there_any_more_is_told(empty: Assistant):
    empty.ingest([Source(Path("notes.md"), data=PAGE.format(said="Kites fly low.").encode())])
    (kites,) = {each.id for each in empty.entries(kind=Kind.PAPER)}
    empty.remove("notes")
    for entry in (kites, 10**6, -1, 2**63 - 1):
        with pytest.raises(NotFoundError, match="ask again"):
            empty.similar(entry)


def test_another_servers_entries_are_neither_shown_nor_gone_on_from(empty: Assistant):
    empty.ingest([Source(Path("notes.md"), data=PAGE.format(said="Kites fly low.").encode())])
    other = PAGE.replace("Low kites", "Secret kites").format(said="Kites fly low in secret.")
    empty.ingest([Source(Path("secret.md"), data=other.encode())], scope=7)
    (common,) = {each.id for each in empty.entries(kind=Kind.PAPER)}
    (secret,) = {each.id for each in empty.entries(kind=Kind.PAPER, scope=7)} - {common}
    for scope in (None, 8):
        assert all(each.document == "notes" for each in empty.similar(common, scope=scope).citations)
        with pytest.raises(NotFoundError):
            empty.similar(secret, scope=scope)
    assert secret in {each.entry_id for each in empty.similar(common, scope=7).citations}
    assert common in {each.entry_id for each in empty.similar(secret, scope=7).citations}
