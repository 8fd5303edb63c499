"""The language of a question: recognised where it is surely not English."""

from __future__ import annotations

import re

from corpus.english import is_everyday
from embeddings.encoder import DEFAULT_MODEL

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 3
"""Words from which a language can be told: a bare name has none."""
_BEYOND_LATIN = "\u0250"
_EVERYDAY = 0.6
"""Share of everyday English words from which a question is English, whatever else it looks like."""

_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Modern Greek", "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "iw": "Hebrew", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""Those that are named, by CLD2's codes: what it calls a row of names is often a language beyond these."""


def foreign_language(question: str) -> str | None:
    """Return the English name of the question's language; None if it is English, or cannot be told."""
    words = _WORD.findall(question)
    letters = "".join(words)
    latin = sum(letter < _BEYOND_LATIN for letter in letters) >= len(letters) / 2
    if latin and (len(words) < _FEWEST or sum(map(is_everyday, words)) >= _EVERYDAY * len(words)):
        return None
    try:
        import pycld2
    except ImportError:  # it is not built for every machine, and no answer depends on it
        return None
    # What else stands in a question can be no letter at all: CLD2 refuses control characters and half surrogates.
    reliable, _, guesses = pycld2.detect(" ".join(words), bestEffort=True)
    return _LANGUAGES.get(guesses[0][1].partition("-")[0]) if reliable else None


def reads_english_alone(model: str) -> bool:
    """Whether a model, by its fingerprint, is known to read no other language; another may read any."""
    return model.startswith(f"{DEFAULT_MODEL}@")
