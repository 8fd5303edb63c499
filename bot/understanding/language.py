"""The language of a question: recognised where it is surely not English."""

from __future__ import annotations

import re

from embeddings.background import is_everyday
from embeddings.models import DEFAULT_MODEL

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 3
"""Words from which a language can be told: a bare name has none."""
_SURE = 0.7
_BEYOND_LATIN = "\u0250"
_EVERYDAY = 0.6
"""Share of everyday English words from which a question is English, whatever else it looks like."""

_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Modern Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""Those that are told apart, by their ISO 639-1 codes."""


def foreign_language(question: str) -> str | None:
    """The English name of the language of a question that is not English; None where it is, or cannot be told."""
    words = _WORD.findall(question)
    letters = "".join(words)
    latin = sum(letter < _BEYOND_LATIN for letter in letters) >= len(letters) / 2
    if latin and (len(words) < _FEWEST or sum(map(is_everyday, words)) >= _EVERYDAY * len(words)):
        return None
    from bot.understanding.languagetable import identifier  # 30 ms, for questions that look foreign alone

    code, probability = identifier(frozenset(_LANGUAGES)).classify(question)
    return _LANGUAGES[code] if code != "en" and probability >= _SURE else None


def reads_english_alone(model: str) -> bool:
    """Whether a model, by its fingerprint, is known to read no other language; another may read any."""
    return model.startswith(f"{DEFAULT_MODEL}@")
