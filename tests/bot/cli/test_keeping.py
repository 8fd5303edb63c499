"""What `ingest`, `remove` and `status` print, and with which code they end."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.sources.ingest import Outcome
from corpus.model import Kind

COUNTS = {Kind.PAPER: 18, Kind.JOB: 10, Kind.ARTICLE: 14, Kind.FIGURE: 1}


def test_ingest_prints_one_line_a_document(digestbot, assistant):
    assistant.outcomes = [
        Outcome("a.txt", "new", "000_icml-2023", COUNTS, passages=61, embedded=61),
        Outcome(
            "b.txt", "changed", "b", {Kind.ARTICLE: 2}, passages=9, embedded=1, unplaced=3, notes=("not UTF-8",)
        ),
        Outcome("c.txt", "unchanged", "c"),
        Outcome("d.txt", "removed", "d"),
    ]
    ran = digestbot("ingest", "pages", "--prune")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "new        000_icml-2023  18 papers, 10 job posts, 14 articles, 1 figure · 61 passages embedded",
        "changed    b  2 articles · 3 blocks not recognised · 1 of 9 passages embedded",
        "           note: not UTF-8",
        "unchanged  c",
        "removed    d",
    ]
    assert ("ingest", ["pages"], True) in assistant.calls
    assert "ensure_corpus" not in assistant.calls, "the owner's pages, and nothing else"


def test_a_failed_document_is_named_on_standard_error_and_fails_the_command(digestbot, assistant):
    assistant.outcomes = [
        Outcome("bad.txt", "failed", error="binary,\nnot text"),
        Outcome("good.txt", "new", "good", {Kind.ARTICLE: 1}, 1, 1),
    ]
    ran = digestbot("ingest", "bad.txt", "good.txt")
    assert ran.code == 1
    assert ran.err == "digestbot: bad.txt: binary, not text\n"
    assert ran.out == "new        good  1 article · 1 passage embedded\n"


def test_ingest_without_a_source_asks_for_the_bundled_digests(digestbot, assistant):
    assistant.outcomes = [Outcome("x.md", "new", "x")]
    assert digestbot("ingest").code == 0
    assert assistant.calls[0] == ("ingest", [], False)


def test_remove_takes_one_document_out(digestbot, assistant):
    ran = digestbot("remove", "000_guide")
    assert (ran.code, ran.out) == (0, "removed  000_guide\n")
    assert ("remove", "000_guide") in assistant.calls


def test_remove_says_when_there_is_no_such_document(digestbot, assistant):
    ran = digestbot("remove", "nope")
    assert (ran.code, ran.out, ran.err) == (1, "", "digestbot: no document 'nope'\n")


def test_remove_takes_the_bundled_digests_out(digestbot, assistant):
    assert digestbot("remove", "--bundled").out == "removed  000_guide\nremoved  003_later\n"


def test_remove_wants_one_document_or_the_bundled_ones(digestbot, assistant):
    assert digestbot("remove").code == 2
    assert digestbot("remove", "000_guide", "--bundled").code == 2
    assert assistant.calls == []


def test_status_is_readable(digestbot, assistant):
    ran = digestbot("status")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "data folder   corpus-of-mine",
        "model         all-MiniLM-L6-v2",
        "index         flat, generation 6 (corpus: generation 7)",
        "documents     2",
        "entries       2 papers, 3 job posts",
        "passages      1,204, 1,204 vectors",
        "size          1.3 MB",
        "last ingest   never",
    ]
    assert "ensure_corpus" not in assistant.calls, "looking changes nothing"


def test_a_sound_data_folder_verifies(digestbot, assistant):
    ran = digestbot("status", "--verify")
    assert ran.code == 0
    assert ran.out.endswith("verified      text, vectors and index agree\n")
    assert ("status", True) in assistant.calls


def test_problems_are_listed_with_the_way_to_mend_them(digestbot, assistant, sound_status):
    assistant.status_shown = sound_status(
        verified=True, problems=("3 passages without a vector",), mend="run `digestbot ingest` again"
    )
    ran = digestbot("status", "--verify")
    assert ran.code == 1
    assert ran.out.splitlines()[-2:] == [
        "problem       3 passages without a vector",
        "to mend       run `digestbot ingest` again",
    ]


def test_status_as_json(digestbot, assistant, sound_status):
    at = datetime(2031, 5, 1, 12, tzinfo=UTC)
    assistant.status_shown = sound_status(last_ingest=at, data_dir=Path("d"), index_generation=None)
    shown = json.loads(digestbot("status", "--json").out)
    assert shown["entries"] == {"paper": 2, "job": 3}
    assert shown["last_ingest"] == at.isoformat()
    assert (shown["data_dir"], shown["index_generation"], shown["problems"]) == ("d", None, [])
