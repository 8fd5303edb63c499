"""A test collection through the shipped search: the right documents, and clear words about a wrong folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.evaluation.beir import run_collection
from bot.settings import Settings
from corpus.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    {"_id": "d1", "title": "Graph networks", "text": "Networks learn from nodes and edges."},
    {"_id": "d2", "title": "", "text": "Banana bread needs ripe fruit."},
    {"_id": "d3", "title": "Graph networks", "text": "Networks learn from nodes and edges."},
    {"_id": "d4", "title": "", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "learning on graphs"},
    {"_id": "q2", "text": "the of"},
    {"_id": "q3", "text": "cake"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in DOCUMENTS))
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in QUERIES))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td3\t0\nq3\td2\t1\nq9\td1\t1\n")
    return tmp_path


def run(folder: Path):
    return run_collection(folder, settings=Settings(), progress=lambda done, total: None)


def test_judged_queries_are_ranked_and_documents_of_the_same_text_are_all_named(folder: Path):
    found = run(folder)
    assert found.judgements["q1"] == {"d1": 2, "d3": 0}
    assert set(found.rankings) == {"q1", "q3"}, "neither a query without judgements nor one without a text"
    assert [name for name, _ in found.rankings["q1"]] == ["d1", "d3", "d2"]
    assert next(name for name, _ in found.rankings["q3"]) == "d2"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("qrels.tsv", None, "no qrels.tsv"),
        ("qrels.tsv", "query\tdocument\tgrade\nq1\td1\n", "not a line of query"),
        ("corpus.jsonl", None, "cannot be read"),
        ("qrels.tsv", "query\tdocument\tgrade\nq1\t" + "d" * 200_000 + "\t1\n", "field larger"),
        ("corpus.jsonl", "{", "not JSON"),
        ("corpus.jsonl", "[" * 100_000, "not JSON"),
        ("corpus.jsonl", '{"_id": "d1", "text": "\\ud800"}', "surrogates"),
        ("corpus.jsonl", '{"_id": "d1", "text": "a"}\n{"_id": "d1", "text": "b"}', "'d1' is there twice"),
        ("queries.jsonl", '{"text": "no id"}', "line 1: no _id"),
    ],
)
def test_a_folder_of_another_form_is_told_in_one_line(folder: Path, name: str, content: str | None, told: str):
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)
    with pytest.raises(ReadError, match=told) as failed:
        run(folder)
    assert "\n" not in str(failed.value)
