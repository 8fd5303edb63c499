"""Asking a question set: every question with its conversation, the ten best excerpts of each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.evaluation.evidence import excerpt_of
from bot.evaluation.scores import DEPTH, Result
from corpus.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer
    from bot.evaluation.questions import Question

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
