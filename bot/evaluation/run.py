"""Asking a question set: every question with its conversation, the ten best excerpts of each answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.evaluation.metrics import DEPTH, Result, excerpt_of
from corpus.errors import QuestionError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Answer
    from bot.evaluation.questions import Question
    from bot.state.answers import Cited
    from bot.state.feedback import Vote
    from corpus.store.records import StoredEntry


_WHOLE_ENTRY = "job_location"
"""The category in which the right entry counts, whichever of its sentences is quoted."""


class Answers(Protocol):
    """What answers questions and knows the stored texts."""

    def ask(self, question: str, *, history: Sequence[str] = (), top: int = 5) -> Answer:
        """Answer a question."""

    def text(self, document_id: str, start: int = 0, end: int | None = None) -> str:
        """A stretch of a document's stored text, in characters."""


def ask_one(assistant: Answers, question: Question) -> Result:
    """Ask one question; one that cannot be asked counts as not answered."""
    try:
        answer = assistant.ask(question.question, history=question.history, top=DEPTH)
    except QuestionError:
        return Result(question, (), abstained=True, confidence=0.0)
    excerpts = []
    for citation in answer.citations or answer.nearest:
        whole = ""
        if question.category == _WHOLE_ENTRY:
            whole = assistant.text(citation.document, citation.entry_start, citation.entry_end)
        excerpts.append(excerpt_of(citation, whole))
    return Result(question, tuple(excerpts), abstained=not answer.answered, confidence=answer.confidence)


TO_LABEL = "to_label"
"""Category of the questions without evidence: their scores say nothing until somebody has labelled them."""

_GOOD, _GOOD_REFUSAL = "feedback", "feedback_unanswerable"
_JOBS = "job_location"
"""The category in which the right entry counts, whichever of its sentences is quoted."""

_EVIDENCE = 300
"""Characters of a job post that tell it from the others of its title."""


class Corpus(Protocol):
    """What knows the entries that everyone sees, and their texts."""

    def entries(self) -> Sequence[StoredEntry]:
        """All of them."""

    def text(self, document_id: str, start: int = 0, end: int | None = None) -> str:
        """A stretch of a document's stored text, in characters."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A question set, and how many of its questions have to be labelled by hand."""

    questions: list[dict[str, Any]]
    to_label: int


def question_set(votes: Iterable[Vote], corpus: Corpus) -> Exported:
    """Make one question of each answer that was voted on.

    Voted up by all who voted: the cited entries are the evidence, any of them. Voted down by anybody, or with
    nothing left of what was cited (a page that was taken out, or is one server's own): without evidence, in the
    category ``TO_LABEL``.
    """
    of_answers: dict[str, list[Vote]] = {}
    for vote in votes:
        of_answers.setdefault(vote.answer, []).append(vote)
    known = _Known(corpus)
    questions = [_question(each, known) for each in of_answers.values()]
    return Exported(questions, sum(question["category"] == TO_LABEL for question in questions))


class _Known:
    """The entries as they stand now, by where they stand and by their titles."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._places: set[tuple[str, int, int, str]] = set()
        self._titles: set[tuple[str, str]] = set()
        for stored in corpus.entries():
            entry = stored.entry
            self._places.add((stored.document, entry.span.start, entry.span.end, entry.title))
            self._titles.add((stored.document, entry.title))

    def gold(self, cited: Cited) -> dict[str, Any] | None:
        """What has to be found for a citation; None where it is no longer what it was."""
        if cited.kind == Kind.JOB:
            if (cited.document, cited.start, cited.end, cited.title) not in self._places:
                return None
            evidence = self._corpus.text(cited.document, cited.start, min(cited.end, cited.start + _EVIDENCE))
        else:
            evidence = cited.title if (cited.document, cited.title) in self._titles else ""
        # Question sets know a document by the first three characters of its id.
        return {"doc": cited.document[:3], "evidence": [evidence]} if evidence.strip() else None


def _question(votes: Sequence[Vote], known: _Known) -> dict[str, Any]:
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
