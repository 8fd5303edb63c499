"""What a question is planned as: what is to be done, on which facts, and what accounts for its words."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.query.attributes import asked_attributes
from bot.query.language import foreign_language, reads_english_alone
from bot.query.parser import check, evened, parse
from bot.query.plan import Operation, Plan
from corpus.gazetteer import Gazetteer, What
from corpus.model import Entry, JobFacts, Kind, Place, Span, Workplace
from tests.corpus.gazetteer.shelf import Shelf

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    shelf = Shelf()
    shelf.paper("ZEBRA: Striped sampling", "Ada Moss", topic="Bandit problems", venue="ICML", year=2023)
    shelf.paper("Counting arms twice", "Ben Ray", "Quan Gan", topic="Bandit problems", venue="ICML", year=2023)
    shelf.paper("Quiet gradients", "Ada Moss", "Cy Dunn", topic="Privacy", venue="ICML", year=2024)
    for role, place, company, workplace in (
        ("Engineer", Place("ES, M, Madrid", "ES", "MD", "Madrid"), "Tidewell", Workplace.REMOTE),
        ("Senior Scientist", Place("US, MA, Boston", "US", "MA", "Boston"), "Grommet", Workplace.ONSITE),
    ):
        facts = JobFacts(company, (place,), workplace, level="senior" if "Senior" in role else None)
        text = f"{role} with us."
        shelf.put(Entry(Kind.JOB, role, Span(0, len(text)), place=place, role=role, job=facts), text)
    return shelf.gazetteer()


def planned(question: str, names: Gazetteer) -> Plan:
    return parse(check(question), names, TODAY)


@pytest.mark.parametrize(
    ("question", "operation", "kind"),
    [
        ("who wrote ZEBRA?", Operation.WHO, None),
        ("who is the first author of ZEBRA?", Operation.WHO, Kind.PAPER),
        ("what has Moss written?", Operation.LIST, Kind.PAPER),
        ("bandit papers", Operation.LIST, Kind.PAPER),
        ("how many bandit papers were at ICML 2023", Operation.COUNT, Kind.PAPER),
        ("more papers in 2023 or in 2024?", Operation.COMPARE, Kind.PAPER),
        ("openings in Spain", Operation.LIST, Kind.JOB),
        ("Boston?", Operation.LIST, Kind.JOB),
        ("any jobs?", Operation.LIST, Kind.JOB),
        ("how many papers are there?", Operation.COUNT, Kind.PAPER),
        ("papers on tomatoes", Operation.FIND, Kind.PAPER),
        ("how does ZEBRA sample?", Operation.FIND, None),
        ("something that keeps gradients to itself", Operation.FIND, None),
        ("how long is the Engineer job in Madrid", Operation.FIND, Kind.JOB),
        ("As an engineer, could I get a paper out of it?", Operation.FIND, Kind.PAPER),
        ("what would I do all day as the Engineer", Operation.FIND, Kind.JOB),
        ("which topics are there?", Operation.GROUP, None),
        ("jobs by company", Operation.GROUP, Kind.JOB),
        ("which paper has the most authors?", Operation.EXTREME, Kind.PAPER),
        ("how many authors does ZEBRA have?", Operation.COUNT, Kind.PAPER),
        ("what is a GAN?", Operation.DEFINE, None),
        ("tell me about gradients", Operation.DEFINE, None),
        ("what is this page about?", Operation.OVERVIEW, None),
        ("hello there!", Operation.CHAT, None),
        ("who are you?", Operation.CHAT, None),
        ("you are useless", Operation.CHAT, None),
    ],
)
def test_what_is_wanted(names: Gazetteer, question: str, operation: Operation, kind: Kind | None):
    plan = planned(question, names)
    assert (plan.operation, plan.kind) == (operation, kind)


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("papers by Moss and Dunn", [(What.AUTHOR, 2, "all")]),
        ("papers by Moss or Ray", [(What.AUTHOR, 2, "any")]),
        ("papers by Moss, but not by Dunn", [(What.AUTHOR, 1, "any"), (What.AUTHOR, 1, "none")]),
        ("jobs in Spain or Boston", [(What.PLACE, 2, "any")]),
        ("jobs not in Spain", [(What.PLACE, 1, "none")]),
        ("jobs that aren't in Spain or Boston", [(What.PLACE, 2, "none")]),
        ("jobs outside Spain", [(What.PLACE, 1, "none")]),
        ("remote jobs at Tidewell", [(What.WORKPLACE, 1, "any"), (What.COMPANY, 1, "any")]),
        ("papers with more than one author", [(What.AUTHORS, 1, "any")]),
        ("senior scientist jobs", [(What.LEVEL, 1, "any"), (What.ROLE, 1, "any")]),
        ("no, papers by Moss", [(What.AUTHOR, 1, "any")]),
        ("papers at ICML 2023 or ICML 2024", [(What.VENUE, 2, "any")]),
    ],
)
def test_the_condition_is_what_stands_between_the_names(
    names: Gazetteer, question: str, condition: list[tuple[What, int, str]]
):
    told = [
        (c.what, len(c.options), "none" if c.negated else "all" if c.every else "any")
        for c in planned(question, names).condition
    ]
    assert told == condition


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("are there any papers by Ada Moss on quiet noise?", ("quiet", "noise")),
        ("papers by Ada Moss", ()),
        ("could you please list all papers by Ada Moss, thanks", ()),
        ("remote jobs that need a driving licence", ("driving", "licence")),
    ],
)
def test_what_is_left_is_what_no_fact_and_no_word_of_asking_says(
    names: Gazetteer, question: str, left: tuple[str, ...]
):
    assert planned(question, names).rest == left


@pytest.mark.parametrize("question", ["what is a GAN?", "is there something about the GAN trick?"])
def test_an_everyday_word_is_nobody(names: Gazetteer, question: str):
    assert not planned(question, names).named(What.AUTHOR)


def test_the_names_of_the_other_kind_are_left_out(names: Gazetteer):
    whats = {mention.what for mention in planned("jobs in Boston at ICML", names).mentions}
    assert What.PLACE in whats
    assert What.VENUE not in whats


@pytest.mark.parametrize("question", ["OPENINGS IN SPAIN PLEASE", "Openings In Spain Please"])
def test_case_that_tells_nothing_hides_no_name(names: Gazetteer, question: str):
    plan = planned(question, names)
    assert (plan.operation, [name.name for name in plan.selecting]) == (Operation.LIST, ["Spain"])


def test_names_keep_their_capitals_in_title_case():
    assert evened("Which Papers Did Zhiqi Write About Privacy") == "which papers did Zhiqi write about privacy"
    assert evened("jobs that need Haskell and Rust") == "jobs that need Haskell and Rust"


@pytest.mark.parametrize(
    "piece",
    ["-", "- a", ", ", "so ", "by ", "not ", "in ", "how many ", "1", "1,000 ", "over $1k ", "a", "'t ", "A. "],
)
def test_a_question_of_any_shape_is_read_within_a_second(names: Gazetteer, piece: str):
    question = f"how many {piece * 1000}"[:990] + " x?"
    begin = time.process_time()
    parse(question, names, TODAY)
    assert time.process_time() - begin < 1.0


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what does it pay", "pay"), ("is the salary good?", "pay"), ("will they sponsor my visa", "visa"),
        ("is it on github", "code"), ("was it rejected?", "reception"),
        ("where was the conference held", "place of an event"),
        ("can I do that from home?", "home office"), ("how many gpus did that take", "hardware"),
    ],
)  # fmt: skip
def test_attributes_are_asked_for_in_many_ways(question: str, name: str):
    assert name in {attribute.name for attribute in asked_attributes(question)}


def test_a_text_gives_an_attribute_or_does_not():
    (pay, *_) = asked_attributes("what is the salary")
    assert pay.given.search("We pay a competitive salary.")
    assert not pay.given.search("We pay attention to detail.")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("welche Stellen gibt es gerade in Berlin?", "German"),
        ("¿qué artículos hay sobre privacidad diferencial?", "Spanish"),
        ("有没有关于差分隐私的论文", "Chinese"),
        ("is there a paper on bandits", None),
        ("Zhiqi Bu?", None),
        ("membrship inference atacks", None),
    ],
)
def test_a_question_in_another_language_is_recognised(question: str, language: str | None):
    assert foreign_language(question) == language


def test_only_the_default_model_is_known_to_read_english_alone():
    assert reads_english_alone("all-MiniLM-L6-v2@0123")
    assert not reads_english_alone("paraphrase-multilingual-MiniLM-L12-v2@0123")
