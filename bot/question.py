"""The question: bounded, checked, and made whole from the conversation where it leans on it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from corpus.errors import QuestionError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_CHARACTERS = 1_000

_WORD = re.compile(r"[^\W_]{2,}|\d")
_LEANS = re.compile(
    r"^(?:and|or|but|so|ok|okay|also|what about|how about|any others?|tell me more)\b"
    r"|\b(?:it|its|it's|they|them|their|theirs|those|these|he|she|his|her|him|ones)\b"
    r"|\b(?:that|this)(?: (?:one|paper|job|post|role|team|work))?\W*$"
    r"|^(?:is|was|does|did|has|are|were) (?:that|this)\b",
    re.IGNORECASE,
)
"""A question with one of these means what was asked before it; "that" within a sentence mostly does not."""
_MENTION = re.compile(r"<(?:[@#][!&]?\d+|a?:\w+:\d+|/[^:>]+:\d+|t:\d+(?::\w)?)>")


_FIGURE = re.compile(
    r"\b(figures?|pictures?|images?|illustrat|diagrams?|captions?|charts?|drawings?)", re.IGNORECASE
)
_UNASKED_FIGURE = 0.65
"""Measured on the questions over the five pages: coverage@5 .863 at 1, .865 at 0.8, .870 at 0.65."""


def check(question: str) -> str:
    """Clean a question of invisible characters, Discord's marks and needless white space.

    Raises:
        QuestionError: no word is left, or it is longer than ``MAX_CHARACTERS``.
    """
    bare = _MENTION.sub(" ", question)
    visible = "".join(
        c if unicodedata.category(c)[0] != "C" else " " for c in bare if c not in "\u200b\u200d\u2060"
    )
    asked = " ".join(visible.split())
    if not _WORD.search(asked):
        raise QuestionError("ask in words, for example: who wrote a paper, what is open in a city")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionError(f"the question has {len(asked)} characters; up to {MAX_CHARACTERS} are read")
    return asked


def complete(question: str, history: Sequence[str]) -> str:
    """Make a follow-up whole: a question that leans on those before it is searched for together with them.

    Args:
        question: what is asked now.
        history: the questions before it, oldest first.

    Returns:
        The question itself, or with the questions before it back to the last that stands on its own.
    """
    asked = [question]
    for past in reversed([" ".join(each.split()) for each in history if _WORD.search(each)]):
        if not _LEANS.search(asked[0]) or len(past) + sum(map(len, asked)) > MAX_CHARACTERS:
            break
        asked.insert(0, past)
    return " ".join(asked)


def kind_weights(question: str) -> Mapping[Kind, float]:
    """Weigh the kinds of entries: a figure's caption goes behind what it illustrates, unless it is asked for."""
    return {} if _FIGURE.search(question) else {Kind.FIGURE: _UNASKED_FIGURE}
