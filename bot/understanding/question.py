"""The question as it is typed: bounded, checked, cleaned."""

from __future__ import annotations

import re
import unicodedata

from corpus.errors import QuestionError

MAX_CHARACTERS = 1_000

_WORD = re.compile(r"[^\W_]{2,}|\d")
_MENTION = re.compile(r"<(?:[@#][!&]?\d+|a?:\w+:\d+|/[^:>]+:\d+|t:\d+(?::\w)?)>")


def check(question: str) -> str:
    """Clean a question of invisible characters, Discord's marks and needless white space.

    Raises:
        QuestionError: no word is left, or it is longer than ``MAX_CHARACTERS``.
    """
    bare = _MENTION.sub(" ", question)
    visible = bare
    if not (bare.isascii() and bare.isprintable()):  # as most are: nothing in them is invisible
        visible = "".join(
            c if unicodedata.category(c)[0] != "C" else " " for c in bare if c not in "\u200b\u200d\u2060"
        )
    asked = " ".join(visible.split())
    if not _WORD.search(asked):
        raise QuestionError("ask in words, for example: who wrote a paper, what is open in a city")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionError(f"the question has {len(asked)} characters; up to {MAX_CHARACTERS} are read")
    return asked
