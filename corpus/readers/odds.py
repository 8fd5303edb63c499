"""Odds: how likely words are somebody's name, or a paper's title, by their letters.

Two logistic regressions over stretches of letters, fitted by ``tests/benchmarks/odds.py``. The weights are tenths
of log-odds: "^" begins a word and "$" ends it; a key with a colon tells of the whole ("S:T" is a word with a
capital and small letters, "N:2" says that there are two words).
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

_PARTED = re.compile(r"[\s,–‐‑-]+")
_AROUND = "().'’‘“”\"*,;:"
_WORDS, _LETTERS, _CHARACTERS = 8, 30, 250
"""Words of a name, letters of a word, and characters of a title that are looked at."""
_CAPITAL_AFTER = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Fitz|[A-Z]['’])(?=[A-Z][a-z])")
"""What stands before the capital of a name in one word: "McCoy", "O'Hara"."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MARK_UP = re.compile(r"[/@_=<>{}\\|]")
_STOP_WITHIN = re.compile(r"[.;!?] ")
_COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 11, 16, 21)
"""Numbers of a title's words from which on they count alike."""


@cache
def _weights(of: str) -> dict[str, int]:
    path = Path(__file__).with_name(f"{of}_weights.json")
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]


def words_of_name(field: str) -> list[str]:
    """The words of a field that may be somebody's name, hyphens and marks around them left out."""
    return [word for each in _PARTED.split(field, maxsplit=_WORDS)[:_WORDS] if (word := each.strip(_AROUND))]


def name_odds(words: list[str], *, initials: bool, level: bool) -> float:
    """The log-odds that words are somebody's name.

    Args:
        words: those that are no initials and no particles.
        initials: whether there are initials beside them.
        level: whether all letters have one size, so that it tells nothing.
    """
    weights = _weights("name")
    odds = weights[""] + weights.get(f"N:{min(len(words), 4)}", 0) + weights.get("I:", 0) * initials
    return (odds + sum(_of_word(word.title() if level else word) for word in words) / len(words)) / 10


@lru_cache(maxsize=65_536)
def _of_word(word: str) -> int:
    return sum(_weights("name").get(feature, 0) for feature in name_features(word))


def name_features(word: str) -> set[str]:
    """What is weighed in a word of a name: its stretches of letters, and how it is written."""
    low = f"^{word.lower()[:_LETTERS]}$"
    bare = _CAPITAL_AFTER.sub("", word)
    if bare[0].isupper():
        size = "T" if len(bare) < 2 or bare[1:].islower() else "U" if bare.isupper() else "C"
    else:
        size = "l" if bare.islower() else "o"
    stretches = {low[at : at + 3] for at in range(len(low) - 2)}
    return stretches | {low[:4], low[:5], low[-4:], low[-5:], f"S:{size}"}


@lru_cache(maxsize=16_384)
def title_odds(text: str) -> float:
    """The log-odds that words are a paper's title rather than anything else that stands on pages."""
    weights = _weights("title")
    return (weights[""] + sum(weights.get(name, 0) * share for name, share in title_features(text).items())) / 10


def title_features(text: str) -> dict[str, float]:
    """What is weighed in a title: its words and their endings, how many there are, capitals, and marks."""
    text = text[:_CHARACTERS]
    words = _WORD.findall(text)
    if not words:
        return {}
    features: dict[str, float] = {}
    share = 1 / len(words) ** 0.5
    for word in words:
        low = word.lower()
        for each in (low, "-" + low[-3:], "-" + low[-4:]):
            features[each] = features.get(each, 0.0) + share
    long = [word[0].isupper() for word in words if len(word) > 3] or [False]
    capitals = sum(sum(long) / len(long) >= least for least in (0.15, 0.5, 0.9))
    count = max(least for least in _COUNTS if least <= len(words))
    told = {
        f"^{words[0].lower()}": True,
        f"N:{count}": True,
        f"C:{capitals}": True,
        f"F:{'U' if words[0][0].isupper() else 'l'}": True,
        "E:.": text.rstrip()[-1:] in ".!;,",
        "P:": ":" in text,
        "M:": _MARK_UP.search(text) is not None,
        "S:": _STOP_WITHIN.search(text) is not None,
        "D:": any(map(str.isdigit, text)),
    }
    return features | {name: 1.0 for name, holds in told.items() if holds}
