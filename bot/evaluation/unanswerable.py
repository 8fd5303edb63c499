"""Makes questions that the corpus cannot answer: off topic, and about names and attributes that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.evaluation.exam_questions import ExamQuestion, name_of, typed
from bot.evaluation.exam_wording import PHRASES, WORDS
from bot.query.attributes import ATTRIBUTES
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from bot.evaluation.exam_questions import TextOf
    from corpus.store import StoredEntry

ABSENT: dict[str, list[str]] = WORDS["absent"]
ATTRIBUTE_PHRASES: dict[str, list[str]] = WORDS["attributes"]
_ABOUT = {
    "researchers": ("by", Kind.PAPER),
    "cities": ("in", Kind.JOB),
    "venues": ("at", Kind.PAPER),
    "things": ("on", Kind.PAPER),
    "companies": ("for", Kind.JOB),
}
"""By sort of name, the phrases that ask for it and the kind of entry that would answer."""


def far_questions() -> list[ExamQuestion]:
    """Return questions that have nothing to do with any digest."""
    return [ExamQuestion(question, None, "far", frozenset()) for question in WORDS["far"]]


def words_of(entries: Sequence[StoredEntry], text_of: TextOf) -> str:
    """Join the titles, authors, headings and texts of entries."""
    return "\n".join("\n".join((e.entry.title, *e.entry.authors, *e.entry.headings, text_of(e))) for e in entries)


def topics_of(entries: Sequence[StoredEntry]) -> list[str]:
    """Return the headings above papers, each once."""
    return list(dict.fromkeys(e.entry.section for e in entries if e.entry.kind is Kind.PAPER and e.entry.section))


def absent_names(words: str, topics: Sequence[str], random: Random) -> list[ExamQuestion]:
    """Ask about people, places, venues, methods and companies that the corpus does not name.

    Args:
        words: the whole text of the corpus.
        topics: of the corpus; some questions combine one with an absent name.
        random: chooses the phrases.
    """
    known = f" {folded(words)} "
    asked: list[ExamQuestion] = []
    for sort, (phrases, kind) in _ABOUT.items():
        for name in ABSENT[sort]:
            distinctive = folded(name).split()[-1] if sort == "researchers" else folded(name)
            if f" {distinctive} " in known:
                continue
            chosen = [phrase.format(name) for phrase in random.sample(PHRASES[phrases], 2)]
            if sort == "things" and topics:
                chosen.append(random.choice(PHRASES["both"]).format(a=name, b=random.choice(topics)))
            asked += [ExamQuestion(typed(each, random), kind, "absent name", frozenset()) for each in chosen]
    return asked


def absent_attributes(entries: Sequence[StoredEntry], text_of: TextOf, random: Random) -> Iterator[ExamQuestion]:
    """Ask named entries for attributes that their texts do not give."""
    given = {attribute.name: attribute.given for attribute in ATTRIBUTES}
    for entry in entries:
        name = name_of(entry)
        if name is None:
            continue
        for attribute in sorted(ATTRIBUTE_PHRASES):
            fits = (entry.entry.kind is Kind.JOB) == (attribute in WORDS["of_jobs"])
            if fits and random.random() < 0.35 and not given[attribute].search(text_of(entry)):
                question = random.choice(ATTRIBUTE_PHRASES[attribute]).format(name)
                yield ExamQuestion(typed(question, random), entry.entry.kind, "absent attribute", frozenset())
