"""The language of a question: recognised where it is surely not English."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from embeddings.background import is_everyday
from embeddings.models import DEFAULT_MODEL

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 3
"""Words from which a language can be told: a bare name has none."""
_SURE = 0.7
_BEYOND_LATIN = "\u0250"
_EVERYDAY = 0.6
"""Share of everyday English words from which a question is English, whatever else it looks like."""

_LANGUAGES = (
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja",
    "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip


def foreign_language(question: str) -> str | None:
    """The English name of the language of a question that is not English; None where it is, or cannot be told."""
    words = _WORD.findall(question)
    letters = "".join(words)
    latin = sum(letter < _BEYOND_LATIN for letter in letters) >= len(letters) / 2
    if latin and (len(words) < _FEWEST or sum(map(is_everyday, words)) >= _EVERYDAY * len(words)):
        return None
    code, probability = _identifier().classify(question)
    return _name(code) if code != "en" and probability >= _SURE else None


def reads_english_alone(model: str) -> bool:
    """Whether a model, by its fingerprint, is known to read no other language; another may read any."""
    return model.startswith(f"{DEFAULT_MODEL}@")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LANGUAGES))
    return identifier


def _name(code: str) -> str:
    import pycountry

    language = pycountry.languages.get(alpha_2=code)
    return language.name.partition(";")[0].partition(" (")[0] if language else code
