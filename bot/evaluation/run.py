"""Runs a question set through the assistant, and turns votes on answers into a question set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.evaluation.metrics import DEPTH, Result, excerpt_of
from corpus.errors import QuestionError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.answer import Answer
    from bot.evaluation.questions import Question
    from bot.state.answers import Cited
    from bot.state.feedback import Vote
    from corpus.store import StoredEntry

    TextOf = Callable[[str, int, int], str]

_JOBS = "job_location"
"""The category whose questions need the right entry, whichever of its sentences is quoted."""


def ask_one(ask: Callable[..., Answer], text_of: TextOf, question: Question) -> Result:
    """Ask one question; a question that cannot be asked counts as not answered."""
    try:
        answer = ask(question.question, history=question.history, top=DEPTH)
    except QuestionError:
        return Result(question, (), abstained=True, confidence=0.0)
    excerpts = []
    for citation in answer.citations or answer.nearest:
        whole = ""
        if question.category == _JOBS:
            whole = text_of(citation.document, citation.entry_start, citation.entry_end)
        excerpts.append(excerpt_of(citation, whole))
    return Result(question, tuple(excerpts), abstained=not answer.answered, confidence=answer.confidence)


TO_LABEL = "to_label"
"""The category of questions without evidence: their scores mean nothing until somebody has labelled them."""

_GOOD, _GOOD_REFUSAL = "feedback", "feedback_unanswerable"

_EVIDENCE = 300
"""Characters of a job post that tell it from others with its title."""


@dataclass(frozen=True, slots=True)
class QuestionExport:
    """A question set and the number of its questions that must be labelled by hand."""

    questions: list[dict[str, Any]]
    to_label: int


def question_set(votes: Iterable[Vote], entries: Iterable[StoredEntry], text_of: TextOf) -> QuestionExport:
    """Make one question from each answer with votes.

    If all votes are up, any cited entry is evidence. If a vote is down, or the corpus no longer has the cited
    entries (a removed page, or one server's own), the question has no evidence and the category ``TO_LABEL``.
    """
    of_answers: dict[str, list[Vote]] = {}
    for vote in votes:
        of_answers.setdefault(vote.answer, []).append(vote)
    known = _EntryLookup(entries, text_of)
    questions = [_question(each, known) for each in of_answers.values()]
    return QuestionExport(questions, sum(question["category"] == TO_LABEL for question in questions))


class _EntryLookup:
    """Looks up the present entries by offsets and by title."""

    def __init__(self, entries: Iterable[StoredEntry], text_of: TextOf) -> None:
        self._text_of = text_of
        self._places: set[tuple[str, int, int, str]] = set()
        self._titles: set[tuple[str, str]] = set()
        for stored in entries:
            entry = stored.entry
            self._places.add((stored.document, entry.span.start, entry.span.end, entry.title))
            self._titles.add((stored.document, entry.title))

    def gold(self, cited: Cited) -> dict[str, Any] | None:
        """Return the gold item of a citation; None if the entry has changed or is gone."""
        if cited.kind == Kind.JOB:
            if (cited.document, cited.start, cited.end, cited.title) not in self._places:
                return None
            evidence = self._text_of(cited.document, cited.start, min(cited.end, cited.start + _EVIDENCE))
        else:
            evidence = cited.title if (cited.document, cited.title) in self._titles else ""
        # Question sets know a document by the first three characters of its id.
        return {"doc": cited.document[:3], "evidence": [evidence]} if evidence.strip() else None


def _question(votes: Sequence[Vote], known: _EntryLookup) -> dict[str, Any]:
    vote = votes[0]
    gold = [found for each in vote.cited if (found := known.gold(each)) is not None]
    good = all(each.up for each in votes)
    reasons = "; ".join(dict.fromkeys(each.reason for each in votes if each.reason))
    if good and gold:
        category = _JOBS if all(each.kind == Kind.JOB for each in vote.cited) else _GOOD
    else:
        category = _GOOD_REFUSAL if good and not vote.answered else TO_LABEL
    note = "voted up" if good else "voted down" + (f" ({reasons})" if reasons else "")
    if only := ", ".join(each for each in (vote.kind, vote.digest) if each):
        note += f"; asked of {only} alone"
    if category == TO_LABEL:
        gold = []
        note += "; to be labelled by hand: whether it can be answered, and with which evidence"
    return {
        "id": f"feedback-{vote.answer}",
        "question": vote.question,
        "category": category,
        "answerable": bool(gold),
        "gold": gold,
        "gold_mode": "any",
        "history": list(vote.history),
        "note": note,
    }
