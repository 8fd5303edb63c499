"""What `eval` prints and writes, for question sets and for test collections."""

import json

import pytest

import bot.evaluation.beir
from bot.evaluation.beir import Run

QUESTIONS = [
    {
        "id": "p1", "question": "who counts sheep?", "category": "paper_topic", "answerable": True,
        "gold": [{"doc": "000", "evidence": ["counted one by one"]}], "gold_mode": "any", "history": ["hello"],
    },
    {
        "id": "l1", "question": "all of it", "category": "topic_list", "answerable": True, "gold_mode": "all",
        "gold": [{"doc": "000", "evidence": ["at night"]}, {"doc": "000", "evidence": ["never said"]}],
    },
    {"id": "o1", "question": "what of goats?", "category": "oos_far", "answerable": False, "gold": []},
]  # fmt: skip
TABLE = """\
category     n  succ@1  succ@5  cov@3  cov@5  cov@10  MRR@10  e2e@5  f.abst
paper_topic  1   1.000   1.000  1.000  1.000   1.000   1.000  1.000   0.000
topic_list   1   0.000   0.000  0.500  0.500   0.500   0.500  0.500   0.000
any-mode     1   1.000   1.000  1.000  1.000   1.000   1.000  1.000   0.000
all-mode     1   0.000   0.000  0.500  0.500   0.500   0.500  0.500   0.000
overall      2   0.500   0.500  0.750  0.750   0.750   0.750  0.750   0.000

false answers, oos_far   1.000  of 1
false answers            1.000  of 1
false abstentions        0.000  of 2
AUROC of the confidence  0.500
"""


@pytest.fixture
def question_set(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS), encoding="utf-8")
    return path


def test_a_question_set_is_asked_and_scored(digestbot, assistant, question_set):
    ran = digestbot("eval", question_set)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == TABLE
    assert assistant.asked[0] == {
        "question": "who counts sheep?", "history": ["hello"], "kind": None, "digest": None, "top": 10,
    }  # fmt: skip


def test_the_table_on_a_terminal_and_as_json_tell_the_same(digestbot, assistant, question_set):
    assert "overall" in digestbot("eval", question_set, columns=100).out
    scores = json.loads(digestbot("eval", question_set, "--json").out)
    assert scores["overall"]["coverage@5"] == 0.75
    assert scores["abstention"] == {
        "answerable": 2, "unanswerable": 1, "false_answers": 1, "false_abstentions": 0, "auroc": 0.5,
    }  # fmt: skip


def test_the_results_file_has_a_line_a_question(digestbot, assistant, question_set, tmp_path):
    digestbot("eval", question_set, "--out", tmp_path / "results.jsonl")
    lines = (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["p1", "l1", "o1"]
    assert json.loads(lines[0])["excerpts"][1] == {
        "label": "Shepherd\nNZ, Otago, Dunedin", "text": "Counts sheep at night.", "doc": "000_guide",
        "entry": [0, 70],
    }  # fmt: skip


def test_results_that_could_not_be_written_are_refused_before_the_work(digestbot, assistant, question_set):
    ran = digestbot("eval", question_set, "--out", "no/such/folder/results.jsonl")
    assert ran.code == 1
    assert "results.jsonl cannot be written" in ran.err
    assert assistant.asked == []


def test_a_test_collection_is_searched_and_scored(digestbot, monkeypatch, tmp_path):
    def run_collection(folder, *, settings, progress):
        progress(2, 2)
        return Run({"1": {"a": 1}, "2": {"b": 1}}, {"1": [("a", 0.5)], "2": [("c", 0.5), ("b", 0.25)]})

    monkeypatch.setattr(bot.evaluation.beir, "run_collection", run_collection)
    (tmp_path / "tiny").mkdir()
    ran = digestbot("eval", "--beir", tmp_path / "tiny", "--out", tmp_path / "run.trec")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "tiny  2 judged queries",
        "nDCG@10    0.8155",
        "recall@10  1.0000",
        "recall@100 1.0000",
        "MRR@10     0.7500",
    ]
    assert (tmp_path / "run.trec").read_text(encoding="utf-8").splitlines() == [
        "1 Q0 a 1 0.5 digestbot",
        "2 Q0 c 1 0.5 digestbot",
        "2 Q0 b 2 0.25 digestbot",
    ]


def test_eval_wants_a_question_set_or_a_collection(digestbot, assistant, question_set, tmp_path):
    assert digestbot("eval").code == 2
    assert digestbot("eval", question_set, "--beir", tmp_path).code == 2
    assert assistant.asked == []


def test_a_missing_question_set_is_one_line(digestbot, assistant):
    ran = digestbot("eval", "nowhere.jsonl")
    assert (ran.code, ran.err) == (1, "digestbot: nowhere.jsonl: No such file or directory\n")
