"""What `feedback` lists, and that what it exports can be evaluated with the real assistant."""

import json
from contextlib import closing
from dataclasses import replace

import pytest

from bot.state import StateFile
from bot.state.answers import Cited, StoredAnswer
from bot.state.feedback import Feedback

ANSWER = StoredAnswer(
    question="who counts sheep?", scope=None, user=1, channel=2, history=("hello",), id="abc", confidence=0.9,
    cited=(Cited("000_guide", 0, 5, "paper", "On counting sheep"),), version="1.2", model="small",
)  # fmt: skip


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def vote(folder, *votes):
    now = iter(range(1_000_000_000, 2_000_000_000, 60))
    with closing(StateFile(folder)) as state:
        feedback = Feedback(state, clock=lambda: next(now))
        for answer, user, up, reason in votes:
            feedback.vote(answer, user, up=up, reason=reason)


def test_no_feedback_is_told_and_makes_no_file(digestbot, data):
    ran = digestbot("feedback")
    assert (ran.code, ran.out, ran.err) == (0, "no feedback yet\n", "")
    assert not (data / StateFile.NAME).exists()
    assert digestbot("feedback", "--json").out == "[]\n"
    ran = digestbot("feedback", "--export", "set.jsonl")
    assert (ran.code, ran.err) == (1, "digestbot: there is no feedback to export yet\n")


def test_votes_are_listed_newest_first(digestbot, data):
    hostile = "\x1b[31mred\x1b[0m\tand \u202eturned\nround"
    vote(data, (ANSWER, 1, True, None), (replace(ANSWER, question="goats?", answered=False), 2, False, hostile))
    ran = digestbot("feedback")
    first, second, last = ran.out.splitlines()
    assert first.split("\t")[1:] == ["down", "goats?", "[31mred[0m and turned round", "(not answered)", "1.2"]
    assert second.split("\t")[1:] == ["up", "who counts sheep?", "", "On counting sheep", "1.2"]
    assert last == "2 votes, 1 up, 1 down"
    assert "who counts" in digestbot("feedback", "--up").out
    assert "who counts" not in digestbot("feedback", "--down").out
    on_a_terminal = digestbot("feedback", columns=100)
    assert "who counts sheep?" in on_a_terminal.out
    assert "\x1b[31m" not in on_a_terminal.out
    assert json.loads(digestbot("feedback", "--json").out)[1]["citations"][0]["title"] == "On counting sheep"


@pytest.mark.parametrize("options", [("--up", "--down"), ("--json", "--export", "x.jsonl")])
def test_what_excludes_each_other_is_wrong_usage(digestbot, options):
    assert digestbot("feedback", *options).code == 2


def test_where_it_cannot_be_written_is_told_first(digestbot, data, assistant):
    vote(data, (ANSWER, 1, True, None))
    ran = digestbot("feedback", "--export", "no/such/folder/set.jsonl")
    assert ran.code == 1
    assert "cannot be written" in ran.err


def test_what_was_voted_on_becomes_a_question_set(digestbot, data, assistant, tmp_path):
    jobs = replace(ANSWER, id="jobs", cited=(Cited("000_guide", 0, 5, "job", "Shepherd"),), history=())
    gone = replace(ANSWER, id="gone", cited=(Cited("000_gone", 0, 5, "paper", "On counting sheep"),))
    moved = replace(ANSWER, id="moved", cited=(Cited("000_guide", 1, 6, "job", "Shepherd"),))
    refused = replace(ANSWER, id="refused", cited=(), answered=False, kind="job", digest="000_guide")
    vote(
        data,
        (ANSWER, 1, True, None),
        (ANSWER, 2, True, None),
        (jobs, 1, True, None),
        (gone, 1, True, None),
        (moved, 1, True, None),
        (refused, 1, True, None),
        (replace(refused, id="missed"), 1, False, "Something is missing"),
        (replace(ANSWER, id="split"), 1, True, None),
        (replace(ANSWER, id="split"), 2, False, "It is out of date"),
    )
    path = tmp_path / "set.jsonl"
    ran = digestbot("feedback", "--export", path)
    assert (ran.code, ran.out) == (0, f"7 questions written to {path}\n")
    assert ran.err.startswith("digestbot: 4 of them without evidence (category to_label): label these by hand")
    read = {each["id"]: each for each in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    assert read["feedback-abc"] == {
        "id": "feedback-abc", "question": "who counts sheep?", "category": "feedback", "answerable": True,
        "gold": [{"doc": "000", "evidence": ["On counting sheep"]}], "gold_mode": "any", "history": ["hello"],
        "note": "voted up",
    }  # fmt: skip
    assert read["feedback-jobs"]["category"] == "job_location"
    assert read["feedback-jobs"]["gold"] == [{"doc": "000", "evidence": ["Sheep"]}]
    assert read["feedback-refused"]["category"] == "feedback_unanswerable"
    assert read["feedback-refused"]["note"] == "voted up; asked of job, 000_guide alone"
    to_label = [read[f"feedback-{name}"] for name in ("gone", "moved", "missed", "split")]
    assert all(each["category"] == "to_label" and not each["answerable"] and not each["gold"] for each in to_label)
    assert read["feedback-split"]["note"].startswith("voted down (It is out of date); to be labelled by hand")
    ran = digestbot("feedback", "--up", "--export", path)
    assert ran.out.startswith("6 questions")


@pytest.mark.slow
def test_what_is_exported_is_evaluated(digestbot, data, tmp_path):
    asked = [
        ("papers on differential privacy", True),
        ("openings in Boston", True),
        ("who won the league?", False),
    ]
    from bot.assistant import Assistant

    votes = []
    with Assistant.open(data) as real:
        for number, (question, up) in enumerate(asked):
            said = real.ask(question)
            given = StoredAnswer(
                question=question, scope=None, user=1, channel=2, id=str(number), answered=said.answered,
                confidence=said.confidence,
            )  # fmt: skip
            votes.append((given.with_shown(said.citations), 1, up, None))
    vote(data, *votes)
    path = tmp_path / "set.jsonl"
    assert digestbot("feedback", "--export", path).code == 0
    ran = digestbot("eval", path, "--json")
    assert ran.code == 0
    scores = json.loads(ran.out)
    assert {"feedback", "job_location", "to_label"} == set(scores["categories"])
    for category in ("feedback", "job_location"):
        assert scores["categories"][category]["success@1"] == 1.0
