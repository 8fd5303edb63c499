"""Questions for lists: what they ask for, and what answers them."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from bot.evaluation.exam_questions import lists_of
from corpus.model import Entry, Kind, Place, Span
from corpus.store import StoredEntry


def paper(number: int, author: str, topic: str, year: int = 2023) -> StoredEntry:
    entry = Entry(Kind.PAPER, f"Paper {number}", Span(0, 10), topic, (topic,), (author,))
    return StoredEntry(
        number, f"key{number}", "guide", "A guide", "ICML", year, None, datetime(2026, 1, 1, tzinfo=UTC), entry
    )


def job(number: int, role: str, city: str) -> StoredEntry:
    entry = Entry(Kind.JOB, role, Span(0, 10), role=role, place=Place(city, "NO", None, city))
    return StoredEntry(
        number, f"key{number}", "guide", "A guide", None, None, None, datetime(2026, 1, 1, tzinfo=UTC), entry
    )


ENTRIES = [paper(1, "Ada Moss", "Kites"), paper(2, "Ada Moss", "Sails"), paper(3, "Ben Ray", "Kites")]


def test_each_author_and_topic_is_asked_for_with_all_that_carries_it():
    made = {question.said: question for question in lists_of(ENTRIES, Random(1)) if len(question.said) == 1}
    assert made["Ada Moss",].gold == {"key1", "key2"}
    assert made["Kites papers at ICML 2023",].gold == {"key1", "key3"}


def test_pairs_of_facts_that_go_together_have_answers_and_others_have_none():
    made = (question for question in lists_of(ENTRIES, Random(1)) if len(question.said) == 2)
    pairs = [question for question in made if "ICML 2023" not in question.said]
    together = {question.said: question.gold for question in pairs if question.form == "two facts"}
    assert together == {
        ("Ada Moss", "Kites"): {"key1"},
        ("Ada Moss", "Sails"): {"key2"},
        ("Ben Ray", "Kites"): {"key3"},
    }
    assert {question.said for question in pairs if not question.answerable} == {("Ben Ray", "Sails")}


def test_a_wrong_year_and_a_swapped_place_have_no_answer_beside_the_ones_that_exist():
    entries = [
        paper(1, "Ada Moss", "Kites"), paper(2, "Ben Ray", "Sails", 2024),
        job(3, "Diver", "Bergen"), job(4, "Baker", "Oslo"),
    ]  # fmt: skip
    made = [question for question in lists_of(entries, Random(3)) if len(question.said) == 2]
    there = {question.said: question.gold for question in made if question.answerable}
    absent = {question.said for question in made if not question.answerable}
    assert there["Ada Moss", "ICML 2023"] == {"key1"}
    assert there["Diver", "Bergen"] == {"key3"}
    assert {("Ada Moss", "ICML 2024"), ("Kites", "ICML 2024"), ("Diver", "Oslo")} <= absent


def test_no_facts_make_no_questions():
    assert list(lists_of([], Random(1))) == []
