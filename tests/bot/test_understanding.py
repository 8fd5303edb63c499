"""What a question is understood as: names, wishes, attributes, language, and follow-ups made whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from bot.query.query import Intent, read

from bot.query.attributes import asked_attributes
from bot.query.follow_ups import leans, whole
from bot.query.language import foreign_language, reads_english_alone
from corpus.gazetteer import Gazetteer, What
from corpus.model import Entry, Kind, Place, Span
from corpus.store import StoredEntry
from tests.corpus.gazetteer.shelf import Shelf

TODAY = date(2026, 11, 21)


def entry(number: int, **facts) -> StoredEntry:
    venue, year = facts.pop("venue", None), facts.pop("year", None)
    given = {
        "kind": Kind.PAPER,
        "span": Span(0, 10),
        "headings": (facts["section"],) if "section" in facts else (),
    }
    return StoredEntry(
        number,
        f"key{number}",
        "guide",
        "A guide",
        venue,
        year,
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
        Entry(**(given | facts)),
    )


ENTRIES = [
    entry(
        1,
        title="ZEBRA: Striped sampling",
        section="Bandit problems",
        authors=("Ada Moss",),
        venue="ICML",
        year=2023,
    ),
    entry(
        2, title="Counting arms twice", section="Bandit problems", authors=("Ben Ray",), venue="ICML", year=2023
    ),
    entry(3, title="Quiet gradients", section="Privacy", authors=("Ada Moss", "Cy Dunn"), venue="ICML", year=2024),
    entry(4, kind=Kind.JOB, title="Engineer", role="Engineer", place=Place("ES, M, Madrid", "ES", "M", "Madrid")),
    entry(
        5, kind=Kind.JOB, title="Scientist", role="Scientist", place=Place("US, MA, Boston", "US", "MA", "Boston")
    ),
]


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return Shelf(ENTRIES, {each.id: "" for each in ENTRIES}).gazetteer()


@pytest.mark.parametrize(
    ("question", "intent", "kind"),
    [
        ("who wrote ZEBRA?", Intent.WHO, None),
        ("what has Moss written?", Intent.LIST, Kind.PAPER),
        ("bandit papers", Intent.LIST, Kind.PAPER),
        ("how many bandit papers were at ICML 2023", Intent.COUNT, Kind.PAPER),
        ("more papers in 2023 or in 2024?", Intent.COMPARE, Kind.PAPER),
        ("openings in Spain", Intent.LIST, Kind.JOB),
        ("Boston?", Intent.LIST, Kind.JOB),
        ("any jobs?", Intent.LIST, Kind.JOB),
        ("how many papers are there?", Intent.COUNT, Kind.PAPER),
        ("papers on tomatoes", Intent.FIND, Kind.PAPER),
        ("how does ZEBRA sample?", Intent.FIND, None),
        ("something that keeps gradients to itself", Intent.FIND, None),
        ("how long is the Engineer job in Madrid", Intent.FIND, Kind.JOB),
    ],
)
def test_what_is_wanted(names: Gazetteer, question: str, intent: Intent, kind: Kind | None):
    reading = read(question, names, TODAY)
    assert (reading.intent, reading.kind) == (intent, kind)


def test_the_rest_is_what_no_name_and_no_word_of_asking_says(names: Gazetteer):
    assert read("are there any papers by Ada Moss on quiet noise?", names, TODAY).rest == ("quiet", "noise")
    assert read("papers by Ada Moss", names, TODAY).rest == ()


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


@pytest.mark.parametrize(
    "question", ["and who wrote it?", "what about Boston?", "any others?", "the second one", "is that remote?"]
)
def test_what_leans_on_what_was_said(question: str):
    assert leans(question)


@pytest.mark.parametrize(
    "question", ["who wrote ZEBRA?", "what time is it in Oslo", "an optimizer that tunes itself"]
)
def test_what_stands_on_its_own(question: str):
    assert not leans(question)


def made(question: str, history: list[str], names: Gazetteer, cited=(ENTRIES[0],)):
    return whole(question, history, names, lambda before: list(cited), today=TODAY)


def test_a_pronoun_means_what_was_cited(names: Gazetteer):
    asked = made("and who wrote it?", ["is there anything on striped sampling?"], names)
    assert (asked.asked, asked.searched, asked.about) == ("and who wrote it?", "and who wrote ZEBRA?", "ZEBRA")
    assert asked.lifts[1] > 0


def test_a_fact_is_exchanged_for_another(names: Gazetteer):
    asked = made("what about Boston?", ["openings in Madrid"], names, ENTRIES[3:4])
    assert asked.searched == asked.asked == asked.about == "openings in Boston"


def test_a_place_is_in_where_its_forerunner_was_near(names: Gazetteer):
    found = whole("what about Madrid?", ["openings near Boston"], names, lambda before: [], today=TODAY)
    assert found.searched == "openings in Madrid"


def test_a_chain_goes_back_to_what_stands_on_its_own(names: Gazetteer):
    asked = made("and in Spain?", ["openings in Madrid", "what about Boston?"], names, ENTRIES[3:4])
    assert asked.searched == "openings in Spain"


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("openings in Madrid", "who wrote ZEBRA?"),
        ("which openings are there in Boston?", "bandit papers"),
        ("papers about bandit problems at ICML 2023", "who wrote ZEBRA?"),
        ("how many papers are about privacy?", "openings in Spain"),
        ("papers at ICML 2024", "bandit papers at ICML 2023"),
        ("and openings in Spain?", "bandit papers"),
        ("ok, papers by Ada Moss", "openings in Madrid"),
    ],
)
def test_what_asks_by_itself_is_not_joined_to_what_was_asked_before(names: Gazetteer, question: str, before: str):
    asked = made(question, [before], names)
    assert (asked.searched, asked.about, asked.lifts) == (question, None, {})


@pytest.mark.parametrize(
    ("question", "before", "whole_question"),
    [
        ("Boston?", "openings in Madrid", "openings in Boston"),
        ("in Spain please", "openings in Boston", "openings in Spain"),
        ("and openings in Boston?", "openings in Madrid", "openings in Boston"),
        ("and at ICML 2024?", "bandit papers at ICML 2023", "bandit papers at ICML 2024"),
    ],
)
def test_a_name_alone_goes_on_from_what_was_asked_before(
    names: Gazetteer, question: str, before: str, whole_question: str
):
    assert made(question, [before], names).searched == whole_question


def test_others_leave_out_what_was_shown(names: Gazetteer):
    asked = made("any others like that?", ["bandit papers"], names)
    assert asked.lifts == {1: -1.0}


def test_without_a_conversation_every_question_stands_alone(names: Gazetteer):
    assert made("and who wrote it?", [], names).searched == "and who wrote it?"
    assert made("and who wrote it?", ["", " "], names).about is None
    assert made("who wrote Quiet gradients?", ["openings in Madrid"], names).about is None


def test_the_names_of_the_other_kind_are_left_out(names: Gazetteer):
    whats = {mention.what for mention in read("jobs in Boston at ICML", names, TODAY).mentions}
    assert What.PLACE in whats
    assert What.VENUE not in whats


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("and since October?", "openings in Spain", "openings in Spain since October"),
        ("this month?", "openings in Spain?", "openings in Spain this month"),
        ("what about last week", "new papers this week", "new papers last week"),
        ("closing this month?", "openings in Spain", "openings in Spain closing this month"),
        ("and yesterday?", "what came in today?", "what came in yesterday"),
        ("what's new this week?", "openings in Spain", "what's new this week?"),
        ("jobs since October", "openings in Spain", "jobs since October"),
    ],
)
def test_a_follow_up_asks_the_same_of_another_time(names: Gazetteer, question: str, before: str, meant: str):
    assert made(question, [before], names).asked == meant
