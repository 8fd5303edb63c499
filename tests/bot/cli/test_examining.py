"""What `exam` and `calibrate` print, draw and leave behind."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

import bot.evaluation.calibrate
from bot.evaluation.exam import load
from bot.evaluation.fit import Bin, Fit
from corpus.errors import DigestbotError
from embeddings.confidence import Calibration

FIT = Fit(
    means=np.array([0.5, 0.2]), scales=np.array([0.1, 1.0]), weights=np.array([1.5, -0.5]), intercept=0.25,
    threshold=0.4, unsure=0.1, penalty=0.001, auroc=0.987, error=0.021, false_abstentions=0.02,
    false_answers={"far": 0.01, "near": 0.125}, bins=[Bin(0.3, 0.05, 0.1), Bin(0.7, 0.95, 0.97)],
)  # fmt: skip
CALIBRATION = Calibration(
    names=("cosine", "unknown"), means=(0.5, 0.2), scales=(0.1, 1.0), weights=(1.5, -0.5), intercept=0.25,
    threshold=0.4, unsure=0.1, model="tiny@1", provenance={"questions": {"far": 162, "lists": 1300}, "seed": 3},
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def fitted(monkeypatch, assistant):
    """What was asked of the fit, which takes no time."""
    calls = []

    def calibrate(library, seed, progress):
        calls.append({"folder": library.folder, "seed": seed})
        progress(10, 10)
        return CALIBRATION, FIT

    monkeypatch.setattr(bot.evaluation.calibrate, "calibrate", calibrate)
    return calls


def drawn(path):
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert root.tag == f"{SVG}svg"
    return " ".join(text.text for text in root.iter(f"{SVG}text"))


def test_an_exam_says_how_well_each_kind_and_form_is_found(digestbot, assistant):
    ran = digestbot("exam", "--questions", "30")
    assert (ran.code, ran.err) == (0, "")
    rows = {line.split()[0]: line.split() for line in ran.out.splitlines() if line.strip()}
    assert rows["overall"][1] == "30"
    assert {"paper", "job"} <= set(rows)
    assert "answered, far" in ran.out
    assert len(assistant.asked) > 30
    assert {asked["top"] for asked in assistant.asked} == {10}


def test_the_same_seed_asks_the_same_questions(digestbot, assistant):
    digestbot("exam", "--questions", "30", "--seed", "5")
    first, assistant.asked = assistant.asked, []
    digestbot("exam", "--questions", "30", "--seed", "5")
    assert assistant.asked == first
    assistant.asked = []
    digestbot("exam", "--questions", "30", "--seed", "6")
    assert assistant.asked != first


def test_misses_names_what_is_not_found_and_the_question(digestbot, assistant):
    without = digestbot("exam", "--questions", "60")
    ran = digestbot("exam", "--questions", "60", "--misses")
    assert ran.out.startswith(without.out)
    missed = ran.out.removeprefix(without.out)
    assert "Goats, awake" in missed  # the double cites sheep, whatever it is asked
    assert "On counting sheep" not in missed.replace("; ", "\n")


def test_an_exam_as_json_has_what_the_table_has(digestbot, assistant):
    marks = json.loads(digestbot("exam", "--questions", "30", "--json").out)
    assert marks["overall"]["n"] == 30
    assert sum(row["n"] for row in marks["forms"].values()) == 30
    assert sum(row["n"] for row in marks["kinds"].values()) == 30
    assert set(marks["overall"]) == {"n", "success@1", "recall@5", "recall@10", "MRR@10", "not_answered"}
    assert marks["unanswerable"]["far"]["answered"] == 1.0  # the double answers whatever it is asked
    assert "misses" not in marks
    assert json.loads(digestbot("exam", "--questions", "30", "--json", "--misses").out)["misses"]


def test_an_exam_draws_its_bars(digestbot, assistant, tmp_path):
    ran = digestbot("exam", "--questions", "30", "--plot", tmp_path / "exam.svg")
    assert ran.code == 0
    words = drawn(tmp_path / "exam.svg")
    for form in json.loads(digestbot("exam", "--questions", "30", "--json").out)["forms"]:
        assert form in words


def test_a_plot_that_could_not_be_written_is_refused_before_the_work(digestbot, assistant, fitted):
    for command in ("exam", "calibrate"):
        ran = digestbot(command, "--plot", "no/such/folder/plot.svg")
        assert ran.code == 1
        assert "plot.svg cannot be written" in ran.err
    assert assistant.asked == []
    assert fitted == []


def test_no_question_at_all_is_wrong_usage(digestbot, assistant):
    assert digestbot("exam", "--questions", "0").code == 2


def test_calibrate_leaves_its_numbers_in_the_data_folder(digestbot, fitted, tmp_path):
    ran = digestbot("calibrate", "--seed", "3")
    assert (ran.code, ran.err) == (0, "")
    assert fitted == [{"folder": tmp_path / "data", "seed": 3}]
    told = []
    assert Calibration.load(tmp_path / "data", "tiny@1", CALIBRATION.names, told.append) == CALIBRATION
    assert told == []
    assert str(tmp_path / "data" / "calibration.json") in ran.out


def test_calibrate_says_how_well_confidence_and_truth_agree(digestbot, fitted):
    out = digestbot("calibrate").out
    for said in ("0.987", "0.021", "0.40", "2.0%", "12.5% near", "1,300 lists", "cosine", "+1.50", "-0.50"):
        assert said in out


def test_calibrate_as_json_and_as_a_plot(digestbot, fitted, tmp_path):
    ran = digestbot("calibrate", "--json", "--plot", tmp_path / "reliability.svg")
    shown = json.loads(ran.out)
    assert shown["weights"] == [1.5, -0.5]
    assert shown["provenance"]["questions"]["lists"] == 1300
    assert "confidence" in drawn(tmp_path / "reliability.svg")


def test_a_corpus_that_cannot_be_calibrated_on_keeps_what_it_had(digestbot, assistant, monkeypatch, tmp_path):
    def calibrate(library, seed, progress):
        raise DigestbotError("the corpus is too small to calibrate on")

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "calibration.json").write_text("what was there", encoding="utf-8")
    monkeypatch.setattr(bot.evaluation.calibrate, "calibrate", calibrate)
    ran = digestbot("calibrate")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "digestbot: the corpus is too small to calibrate on\n"
    assert (tmp_path / "data" / "calibration.json").read_text(encoding="utf-8") == "what was there"


def test_the_last_exam_is_kept_with_what_was_found_of_each_entry(digestbot, assistant, tmp_path):
    assert load(tmp_path / "data") is None
    digestbot("exam", "--questions", "60")
    kept = load(tmp_path / "data")
    assert set(kept["entries"]) <= {"sheep", "goats", "shepherd", "boston", "turin"}
    assert all(found <= asked for found, asked in kept["entries"].values())
    assert kept["marks"]["overall"]["n"] > 0
    assert kept["misses"][0].keys() == {"question", "form", "wanted"}
    (tmp_path / "data" / "exam.json").write_text("{half")
    assert load(tmp_path / "data") is None
