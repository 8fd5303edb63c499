"""The language of a question: recognised where it is surely not English."""

from __future__ import annotations

import re

from corpus.english import is_everyday, word_set
from embeddings.encoder import DEFAULT_MODEL

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 3
"""Words from which a language can be told: a bare name has none."""
_SURE = 70
"""Percent of a question that has to be in the language."""
_BEYOND_LATIN = "\u0250"
_EVERYDAY = 0.6
"""Share of everyday English words from which a question is English, whatever else it looks like."""
_ENGLISH = ("en", "un")
_TOLD_APART = word_set("ar bg ca cs da de el es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh")
"""Languages that are named, by their ISO 639-1 codes: of short questions others are mostly guessed."""


def foreign_language(question: str) -> str | None:
    """The English name of the language of a question that is not English; None where it is, or cannot be told."""
    words = _WORD.findall(question)
    letters = "".join(words)
    latin = sum(letter < _BEYOND_LATIN for letter in letters) >= len(letters) / 2
    if latin and (len(words) < _FEWEST or sum(map(is_everyday, words)) >= _EVERYDAY * len(words)):
        return None
    # imported here: for questions that look foreign alone
    import pycld2

    try:
        reliable, _, ((name, code, percent, _), *_) = pycld2.detect(question, bestEffort=True)
    except pycld2.error:  # signs that are no text
        return None
    if code in _ENGLISH or percent < _SURE or (latin and not reliable):
        return None
    return str(name).title() if code in _TOLD_APART else None if latin else "another language"


def reads_english_alone(model: str) -> bool:
    """Whether a model, by its fingerprint, is known to read no other language; another may read any."""
    return model.startswith(f"{DEFAULT_MODEL}@")
