"""The assistant: the right entry, verbatim, and a clear word where there is none."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from corpus.errors import NotFoundError, QuestionError
from corpus.model import Kind
from embeddings.collection import Library
from tests.doubles import HashEncoder, stored_quote

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answer import Answer

RLSBENCH = (
    "Saurabh Garg",
    "Nick Erickson",
    "James Sharpnack",
    "Alex Smola",
    "Sivaraman Balakrishnan",
    "Zachary Lipton",
)


def assert_verbatim(assistant: Assistant, answer: Answer) -> None:
    for citation in (*answer.citations, *answer.nearest):
        assert citation.excerpt == stored_quote(assistant, citation)
        assert citation.excerpt.strip()
        assert citation.entry_start <= citation.start < citation.end <= citation.entry_end


def test_a_question_for_authors_is_answered_with_all_of_them(bundled: Assistant):
    answer = bundled.ask("who wrote RLSbench?")
    assert answer.answered
    paper = next(citation for citation in answer.citations[:2] if citation.kind is Kind.PAPER)
    assert paper.authors == RLSBENCH
    assert all(name in paper.excerpt for name in RLSBENCH)
    assert_verbatim(bundled, answer)


def test_a_post_in_two_pages_is_one_citation_that_names_the_other(verbatim: Assistant):
    citation = verbatim.ask("Tamale team in Madrid working on Haul").citations[0]
    assert citation.kind is Kind.JOB
    assert {citation.document, *(o.document for o in citation.also_in)} == {"001_icml-2024", "002_iclr-2022"}
    for other in citation.also_in:
        assert "Tamale" in verbatim.text(other.document, other.start, other.end)


def test_kind_and_digest_narrow_the_answer(bundled: Assistant):
    jobs = bundled.ask("machine learning", kind="job", top=10)
    assert {c.kind for c in jobs.citations} == {Kind.JOB}
    digest = bundled.digests()[0]
    for name in (digest.id, digest.title.upper()):
        found = bundled.ask("machine learning", digest=name, top=10)
        assert {c.digest for c in found.citations} == {digest.title}


def test_an_unknown_digest_or_kind_is_named(bundled: Assistant):
    with pytest.raises(NotFoundError, match="'nowhere'"):
        bundled.ask("graphs", digest="nowhere")
    with pytest.raises(NotFoundError, match="'poem'"):
        bundled.ask("graphs", kind="poem")


def test_a_follow_up_leans_on_the_question_before_it(bundled: Assistant):
    answer = bundled.ask(
        "and who wrote it?", history=["is there a paper on selective retrieval for code completion?"]
    )
    assert answer.citations[0].title.startswith("REPOFORMER")
    assert answer.understood == "REPOFORMER"
    assert answer.summary == (
        "REPOFORMER: Selective retrieval for repository-level code completion:"
        " Di Wu, Wasi Ahmad, Dejiao Zhang, Murali Krishna Ramanathan and Xiaofei Ma"
    )
    assert bundled.ask("who wrote RLSbench?", history=["any jobs in Boston?"]).understood is None


def test_a_foreign_question_is_not_answered_and_says_what_there_is(bundled: Assistant):
    answer = bundled.ask("recipe for banana bread without eggs?")
    assert not answer.answered
    assert answer.citations == ()
    absent = (
        r"That is not in the digest\. It holds 59 papers, 35 job posts, \d+ articles from 5 pages, .+ among them\."
    )
    assert re.fullmatch(
        rf"{absent}|I am not sure that the digest answers this; these come nearest\.", answer.summary
    )
    assert_verbatim(bundled, answer)


@pytest.mark.parametrize("question", ["", "   ", "🔥🔥😂", "\u200b\u2060", "<@&123456789012345678>", "* _ ~~ ||"])
def test_a_question_without_words_is_refused_with_one_clear_line(bundled: Assistant, question: str):
    with pytest.raises(QuestionError, match="ask in words"):
        bundled.ask(question)


def test_a_question_of_four_thousand_characters_is_refused(bundled: Assistant):
    with pytest.raises(QuestionError, match="4000 characters"):
        bundled.ask("graph " * 666 + "abcd")
    assert bundled.ask("graphs " + " " * 4000).question


def test_opening_an_assistant_and_listing_load_nothing_heavy(tmp_path: Path):
    script = (
        "import sys; from bot import Assistant; a = Assistant.open(sys.argv[1]); a.digests(); a.entries();"
        "print([m for m in ('torch', 'sentence_transformers', 'discord') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


WORDS = st.sampled_from(
    ["graph", "privacy", "Boston", "who", "authors", "“quoted”", "naïve", "p(y)", "a", "?", "θ"]
)
LINES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
PAGES = st.lists(LINES, min_size=1, max_size=12).map("\n\n".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    page=st.one_of(PAGES, PAGES.map(lambda t: t.replace(" ", "\r\n", 3))), questions=st.lists(LINES, max_size=4)
)
def test_every_excerpt_is_the_stored_text_at_its_offsets(
    tmp_path_factory: pytest.TempPathFactory, page: str, questions: list[str]
):
    folder = tmp_path_factory.mktemp("page")
    for suffix in ("txt", "md"):
        (folder / f"page.{suffix}").write_bytes(page.encode())
    with Assistant(Library(folder / "data", HashEncoder()), lambda line: None) as assistant:
        assistant.ingest([folder / "page.txt", folder / "page.md"])
        for document in assistant.digests():
            if document.source.endswith(".txt"):  # of Markdown it is what a reader sees
                assert assistant.text(document.id) == page
        for question in questions:
            try:
                answer = assistant.ask(question, top=10)
            except QuestionError:
                continue
            assert_verbatim(assistant, answer)


TOPICS = ["differential privacy", "graph", "benchmark", "figure", "internship 2026", "robots", "diffusion", "ICML"]
ASKED = ["who wrote", "papers about", "jobs in Boston", "openings in Spain with", "authors of the", "what is"]
QUESTIONS = st.tuples(st.sampled_from(ASKED), st.lists(st.sampled_from(TOPICS), min_size=1, max_size=4)).map(
    lambda drawn: " ".join((drawn[0], *drawn[1]))
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS)
def test_every_excerpt_from_the_bundled_digests_is_verbatim(bundled: Assistant, question: str):
    assert_verbatim(bundled, bundled.ask(question, top=10))


def test_an_id_is_one_document_and_a_title_all_that_bear_it(tmp_path: Path):
    pages = {"guide.md": "# Something\n\nGraphs hold nodes.\n", "notes.md": "# Guide\n\nGraphs hold edges.\n"}
    pages["more.md"] = "# Guide\n\nGraphs have nodes.\n"
    for name, text in pages.items():
        (tmp_path / name).write_text(text)
    with Assistant(Library(tmp_path / "data", HashEncoder()), lambda line: None) as assistant:
        assistant.ingest([tmp_path])
        by_id = assistant.ask("graphs", digest="guide")
        by_title = assistant.ask("graphs", digest="Guide")
    assert {c.document for c in (*by_id.citations, *by_id.nearest)} == {"guide"}
    assert {c.document for c in (*by_title.citations, *by_title.nearest)} >= {"notes", "more"}


def test_a_document_that_is_removed_while_it_is_cited_is_cited_whole(tmp_path: Path):
    (tmp_path / "one.md").write_text("# One\n\nGraphs hold nodes.\n")
    (tmp_path / "two.md").write_text("# Two\n\nGraphs hold edges.\n")
    with Assistant(Library(tmp_path / "data", HashEncoder()), lambda line: None) as assistant:
        assistant.ingest([tmp_path])
        store, other = assistant._library.store, Library(tmp_path / "data", HashEncoder())
        look = store.entries_by_key

        def look_and_lose(*arguments):
            other.store.remove("one")
            return look(*arguments)

        store.entries_by_key = look_and_lose  # type: ignore[method-assign]
        answer = assistant.ask("graphs nodes")
        other.close()
    (first, *_) = answer.citations or answer.nearest
    assert (first.document, first.excerpt) == ("one", "One\n\nGraphs hold nodes.")


def test_verification_tells_damaged_vectors_and_how_to_mend(tmp_path: Path):
    (tmp_path / "one.md").write_text("# One\n\nGraphs hold nodes.\n")
    with Assistant(Library(tmp_path / "data", HashEncoder()), lambda line: None) as assistant:
        assistant.ingest([tmp_path])
        assert assistant.status(verify=True).problems == ()
        assistant._library.store._connection.execute("UPDATE vectors SET vector = zeroblob(128)")
        status = assistant.status(verify=True)
    assert len(status.problems) == 1
    assert status.mend == "move the data folder away and ingest again"
