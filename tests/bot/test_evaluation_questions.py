"""Question sets: what is scored as found, what the table's figures are, and that they agree with the reference."""

import importlib.util
import json
import random
from pathlib import Path

import pytest

from bot.answer import Answer, Citation
from bot.evaluation.metrics import Excerpt, Result, auroc, holds, score_set
from bot.evaluation.questions import Gold, Question, read_questions
from bot.evaluation.run import ask_one
from corpus.errors import QuestionError, ReadError
from corpus.model import Kind, Span

REFERENCE = Path(__file__).parents[3] / "shared" / "eval" / "score.py"
PAGES = Path(__file__).parents[3] / "shared" / "digests"


def excerpt(text, label="", document="000_page", whole=""):
    return Excerpt(label, text, document, (0, 0), whole)


def question(name="q1", *, gold=("needle",), mode="any", category="paper_topic", answerable=True):
    return Question(
        id=name,
        question="?",
        category=category,
        answerable=answerable,
        gold_mode=mode,
        gold=tuple(Gold(doc="000", evidence=(each,)) for each in gold) if answerable else (),
    )


@pytest.mark.parametrize(
    ("shown", "evidence"),
    [
        ("They call it “fewer\u00a0truncations”", 'it "fewer truncations"'),
        ("state – of – the – art", "State-of-the-art"),
        ("> **Bold** claim\n> goes on", "bold claim goes on"),
        (r"snake\_case \*starred\*", "snake_case *starred*"),
        ("zero\u200bwidth", "zerowidth"),
        ("R&amp;D", "r&d"),
    ],
)
def test_evidence_is_found_whatever_quotes_dashes_blanks_and_marks_it_comes_in(shown, evidence):
    assert holds(excerpt(shown), Gold(doc="000", evidence=(evidence,)))


def test_evidence_may_stand_in_the_heading_or_in_the_whole_entry():
    gold = Gold(doc="000", evidence=("needle",))
    assert holds(excerpt("hay", label="Needle work"), gold)
    assert holds(excerpt("hay", whole="hay, a needle, hay"), gold)
    assert not holds(excerpt("hay"), gold)


def test_evidence_counts_only_in_its_documents():
    gold = Gold(doc="000", evidence=("needle",), alt_docs=("003",))
    assert holds(excerpt("needle", document="003_later"), gold)
    assert not holds(excerpt("needle", document="001_other"), gold)


def test_any_mode_counts_the_first_hit_and_all_mode_the_share_that_is_found():
    any_of = Result(question(), (excerpt("hay"), excerpt("needle")), abstained=False, confidence=0.9)
    all_of = Result(
        question("q2", gold=("one", "two"), mode="all", category="topic_list"),
        (excerpt("one"), excerpt("hay"), excerpt("hay"), excerpt("two")),
        abstained=True,
        confidence=0.2,
    )
    scores = score_set([any_of, all_of])
    assert scores["categories"]["paper_topic"]["success@1"] == 0
    assert scores["categories"]["paper_topic"]["success@3"] == 1
    assert scores["categories"]["paper_topic"]["MRR@10"] == 0.5
    listed = scores["categories"]["topic_list"]
    assert (listed["coverage@3"], listed["success@3"], listed["coverage@5"], listed["success@5"]) == (0.5, 0, 1, 1)
    assert (listed["e2e_coverage@5"], listed["false_abstentions"]) == (0, 1)
    assert scores["overall"]["MRR@10"] == 0.75


def test_only_ten_excerpts_count():
    late = (*[excerpt("hay")] * 10, excerpt("needle"))
    scores = score_set([Result(question(), late, abstained=False, confidence=0.5)])
    assert scores["overall"]["success@10"] == 0


def test_answers_to_unanswerable_questions_are_counted():
    foreign = question("u1", answerable=False, category="oos_far")
    scores = score_set(
        [
            Result(question(), (excerpt("needle"),), abstained=False, confidence=0.8),
            Result(foreign, (excerpt("hay"),), abstained=False, confidence=0.6),
            Result(question("u2", answerable=False, category="oos_near"), (), abstained=True, confidence=0.1),
        ]
    )
    assert scores["abstention"]["false_answers"] == 0.5
    assert scores["abstention"]["auroc"] == 1
    assert scores["categories"]["oos_far"] == {"n": 1, "false_answers": 1}


def test_auroc_is_the_share_of_pairs_in_the_right_order_ties_counting_half():
    assert auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert auroc([0.1], [0.9]) == 0
    assert auroc([], [0.9]) is None


def citation(rank, excerpt_text, **facts):
    given = {
        "kind": Kind.PAPER, "title": "A title", "authors": ("A. One", "B. Two"), "section": "Topic",
        "location": None, "team": None, "document": "000_page", "digest": "Guide", "venue": None, "year": None,
        "url": None, "start": 4, "end": 9, "best": Span(0, 5),
        "entry_id": 1, "entry_start": 2, "entry_end": 12, "also_in": (),
        "score": 1.0,
    }  # fmt: skip
    return Citation(rank=rank, excerpt=excerpt_text, **(given | facts))


class Assistant:
    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def ask(self, question, *, history=(), top=5):
        self.asked.append((question, tuple(history), top))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def text(self, document_id, start=0, end=None):
        return "0123456789 and so on"[start:end]


def asked_of(answer, asked):
    assistant = Assistant(answer)
    return ask_one(assistant.ask, assistant.text, asked)


def test_a_question_is_asked_with_its_conversation_and_the_headings_become_labels():
    asked = Question(
        id="f1", question="and he?", category="followup", answerable=True, history=("who?",),
        gold=(Gold(doc="000", evidence=("b. two",)),),
    )  # fmt: skip
    assistant = Assistant(Answer("and he?", True, 0.7, None, (citation(1, "words"),)))
    result = ask_one(assistant.ask, assistant.text, asked)
    assert assistant.asked == [("and he?", ("who?",), 10)]
    assert result.ranks() == [1]
    assert result.to_json() == {
        "id": "f1",
        "excerpts": [
            {"label": "A title\nTopic\nA. One, B. Two", "text": "words", "doc": "000_page", "entry": [2, 12]}
        ],
        "abstained": False,
        "confidence": 0.7,
    }


def test_a_job_post_counts_whichever_of_its_sentences_is_quoted():
    job = citation(1, "hay", kind=Kind.JOB, authors=(), location="US, MA, Boston", section=None)
    asked = question(gold=("23456",), category="job_location")
    result = asked_of(Answer("?", True, 0.7, None, (job,)), asked)
    assert result.excerpts[0].label == "A title\nUS, MA, Boston"
    assert result.ranks() == [1]


def test_an_unanswered_question_offers_its_nearest_and_one_that_cannot_be_asked_nothing():
    nearest = Answer("?", False, 0.1, "nothing on that", (), nearest=(citation(1, "needle"),))
    offered = asked_of(nearest, question())
    assert (offered.abstained, offered.ranks()) == (True, [1])
    refused = asked_of(QuestionError("no words"), question())
    assert (refused.abstained, refused.confidence, refused.excerpts) == (True, 0.0, ())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "no questions in it"),
        ("\n{}\n", "line 2: id: Field required"),
        ("{nonsense", "line 1: Invalid JSON"),
        ('{"id": "a", "question": "?", "category": "c", "answerable": true}', "without gold evidence"),
        (
            '{"id": "a", "question": "?", "category": "c", "answerable": false}\n' * 2,
            "line 2: the id 'a' is there",
        ),
    ],
)
def test_a_question_set_that_is_none_is_refused_with_the_line(tmp_path, lines, message):
    path = tmp_path / "set.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        read_questions(path)


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference scorer is not beside this checkout")
def test_our_figures_are_those_of_the_reference_scorer(tmp_path):
    spec = importlib.util.spec_from_file_location("reference_score", REFERENCE)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    results = list(_made_up_results(random.Random(7), 300))
    theirs = reference.score(
        {result.question.id: result.to_json() for result in results},
        [result.question.model_dump(mode="json") for result in results],
    )
    ours = score_set(results)
    names = [f"{e2e}{what}@{k}" for e2e in ("", "e2e_") for what in ("success", "coverage") for k in (1, 3, 5, 10)]
    pairs = [(ours["overall"], theirs["overall"]), (ours["any"], theirs["overall_any"])]
    pairs += [(ours["all"], theirs["overall_all"])]
    pairs += [(ours["categories"][c], t) for c, t in theirs["categories"].items() if "MRR@10" in t]
    assert len(pairs) == 6
    for our, their in pairs:
        assert our["n"] == their["n"]
        assert [our[n] for n in names] == pytest.approx([their[n] for n in names])
        assert our["MRR@10"] == pytest.approx(their["MRR@10"])
        assert our["false_abstentions"] == pytest.approx(their["false_abstain"])
    assert 0.1 < ours["overall"]["coverage@5"] < 0.9
    assert ours["abstention"]["false_answers"] == pytest.approx(theirs["abstention"]["false_answer_rate"])
    assert ours["abstention"]["auroc"] == pytest.approx(theirs["abstention"]["auroc_confidence"])


def _made_up_results(chance, number):
    """Questions whose evidence is scattered at random, dressed up, over excerpts of random documents."""
    pages = {path.name[:3]: path.read_bytes().decode("utf-8") for path in sorted(PAGES.glob("0*.txt"))}
    words = ["fewer truncations", "state-of-the-art", 'the "best" one', "p(y) can shift", "naïve Bayes", "R&D"]
    dresses = [
        lambda t: t, str.upper, lambda t: t.replace("-", " – "), lambda t: t.replace(" ", "\u00a0\n"),
        lambda t: f"> **{t}**", lambda t: t.replace('"', "“"), lambda t: t.replace("&", "&amp;"),
    ]  # fmt: skip
    for at in range(number):
        answerable = chance.random() < 0.7
        category = chance.choice(["paper_topic", "topic_list", "job_location"]) if answerable else "oos_near"
        gold = []
        for evidence in chance.sample(words, chance.randint(1, 4)):
            documents = chance.sample(sorted(pages), 2)
            gold.append(Gold(doc=documents[0], alt_docs=tuple(documents[1:]), evidence=(evidence, "never there")))
        excerpts = []
        for _ in range(chance.randint(0, 12)):
            document = chance.choice(sorted(pages))
            begin = chance.randrange(len(pages[document]))
            entry = (begin, begin + 300)
            if category == "job_location" and answerable and chance.random() < 0.3:
                gold.append(Gold(doc=document, evidence=(pages[document][begin + 100 : begin + 140],)))
            said = chance.choice(dresses)(chance.choice(words))
            label, text = ("A heading", f"well, {said} it is") if chance.random() < 0.5 else (said, "text")
            whole = pages[document][slice(*entry)] if category == "job_location" else ""
            excerpts.append(Excerpt(label, text, f"{document}_page", entry, whole))
        yield Result(
            Question(
                id=f"q{at}", question="?", category=category, answerable=answerable,
                gold_mode=chance.choice(["any", "all"]), gold=tuple(gold) if answerable else (),
            ),
            tuple(excerpts),
            abstained=chance.random() < (0.2 if answerable else 0.6),
            confidence=round(chance.random(), 1),
        )  # fmt: skip


def test_a_question_set_is_read_with_all_that_scoring_needs(tmp_path):
    path = tmp_path / "set.jsonl"
    record = {
        "id": "x1", "question": "who?", "category": "followup", "answerable": True, "gold_mode": "all",
        "gold": [{"doc": "000", "evidence": ["e"], "alt_docs": ["003"]}], "history": ["before"],
        "note": "left out",
    }  # fmt: skip
    path.write_text(json.dumps(record) + "\n\n", encoding="utf-8")
    (read,) = read_questions(path)
    assert read.history == ("before",)
    assert read.gold[0].alt_docs == ("003",)
