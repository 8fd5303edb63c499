"""A question set: JSON lines, each a question with its gold evidence and the conversation before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path


class Gold(BaseModel):
    """One item to find: any of its evidence strings, in its document or an alternative one."""

    model_config = ConfigDict(frozen=True)

    doc: str
    evidence: tuple[str, ...] = Field(min_length=1)
    alt_docs: tuple[str, ...] = ()


class Question(BaseModel):
    """One question; ``gold_mode`` tells whether any gold item is enough or all are needed."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    category: str
    answerable: bool
    gold: tuple[Gold, ...] = ()
    gold_mode: Literal["any", "all"] = "any"
    history: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _gold_where_answerable(self) -> Self:
        if self.answerable and not self.gold:
            raise ValueError("answerable, but without gold evidence")
        return self


def read_questions(path: Path) -> list[Question]:
    """Read a question set.

    Raises:
        ReadError: the file cannot be read, is empty, or has a malformed line, which the message names.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ReadError(f"{path}: not UTF-8 text") from None
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = Question.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise ReadError(f"{path}, line {number}: {where + ': ' if where else ''}{problem['msg']}") from None
        if question.id in questions:
            raise ReadError(f"{path}, line {number}: the id {question.id!r} is there twice")
        questions[question.id] = question
    if not questions:
        raise ReadError(f"{path}: no questions in it")
    return list(questions.values())
