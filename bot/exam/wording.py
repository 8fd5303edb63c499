"""Wording: how people say what a page says in other words, by rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.exam.relatives import relatives
from bot.understanding.cues import is_common
from corpus.naming import folded
from embeddings.background import share_of_passages

if TYPE_CHECKING:
    from random import Random


_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W_]+)*|[^\W_]*\d[^\W_]*")

_KEPT, _REPLACED = 0.35, 0.5
"""Shares of a page's words that somebody keeps, or puts others for, in words of their own; the rest goes."""

_INFLECTED = 0.3

_NEAREST = 6
"""Of so many relatives of a word one is said for it."""

_OTHERWISE = {
    "adapt": "adjust", "adaptation": "adjusting", "algorithm": "method", "algorithms": "methods",
    "analysis": "study",
    "analyzing": "looking into", "approach": "way", "approaches": "ways", "attack": "break into",
    "attacks": "breaches",
    "automated": "done by itself", "automatic": "done by itself", "bias": "unfairness", "build": "make",
    "building": "making", "candidate": "applicant", "classification": "sorting into classes",
    "collaborate": "team up",
    "compress": "shrink", "compression": "shrinking", "customers": "buyers", "data": "examples",
    "deploy": "roll out",
    "design": "plan", "detect": "spot", "detection": "spotting", "develop": "make", "developing": "making",
    "distribution": "spread", "dynamic": "changing", "efficient": "cheap", "efficiently": "cheaply",
    "ensemble": "combination", "ensembles": "combinations", "error": "mistake", "errors": "mistakes",
    "evaluation": "checking", "examples": "samples", "experience": "background", "explain": "make sense of",
    "explaining": "making sense of", "fairness": "equal treatment", "fast": "quick", "faster": "quicker",
    "feedback": "reactions", "fine-tuning": "further training", "forecasting": "predicting",
    "framework": "toolkit",
    "function": "mapping", "generate": "create", "generation": "creating", "generative": "creating",
    "graph": "network",
    "graphs": "networks", "image": "picture", "images": "pictures", "improve": "make better", "improves": "helps",
    "improving": "making better", "information": "knowledge", "initialization": "starting point",
    "knowledge": "facts",
    "language": "text", "large": "big", "learn": "pick up", "learning": "picking up", "measure": "gauge",
    "measuring": "gauging", "memory": "remembering", "method": "way", "methods": "ways", "model": "network",
    "models": "networks", "novel": "new", "optimization": "tuning", "optimizing": "tuning",
    "performance": "quality",
    "predict": "guess", "prediction": "guessing", "privacy": "keeping data secret", "private": "secret",
    "problem": "task", "problems": "tasks", "research": "work", "researchers": "people", "retrieval": "looking up",
    "robotics": "robots", "robust": "reliable", "sampling": "drawing", "scalable": "that grows",
    "selection": "choosing",
    "shift": "change", "simulation": "make-believe", "small": "little", "solution": "answer",
    "solutions": "answers",
    "speech": "talking", "strategy": "plan", "synthetic": "made-up", "system": "setup", "systems": "setups",
    "tabular": "spreadsheet", "team": "group", "technique": "trick", "techniques": "tricks",
    "training": "teaching",
    "transfer": "carry over", "uncertainty": "doubt", "understanding": "making sense of", "users": "people",
    "visual": "image",
}  # fmt: skip


def telling(text: str, most: int, random: Random) -> list[str]:
    """Some of the rarer words of a text in their order, those of asking and function words left out."""
    words = [
        w for w in dict.fromkeys(_WORD.findall(text)) if len(w) > 2 and not is_common(folded(w).replace(" ", ""))
    ]
    if len(words) <= most:
        return words
    rarity = {word: share_of_passages(word) * random.uniform(0.5, 1.5) for word in words}
    kept = set(sorted(words, key=lambda word: rarity[word])[:most])
    return [word for word in words if word in kept]


def otherwise(words: list[str], random: Random, share: float = 1.0) -> list[str]:
    """Words with those replaced for which people have plainer ones."""
    return [
        _OTHERWISE[word.lower()] if word.lower() in _OTHERWISE and random.random() < share else word
        for word in words
    ]


def in_own_words(words: list[str], random: Random) -> list[str]:
    """Words as somebody says them who has not got the page at hand: some kept, most others, some left out."""
    said: list[str] = []
    for word in words:
        chance = random.random()
        if chance < _KEPT:
            said.append(word)
        elif chance < _KEPT + _REPLACED:
            other = random.choice(relatives(word)[:_NEAREST] or (word,))
            said.append(_inflected(other, random) if random.random() < _INFLECTED else other)
    return said


def halves(words: list[str]) -> tuple[str, str]:
    """The first and the second half of two words or more."""
    middle = len(words) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def _inflected(word: str, random: Random) -> str:
    """A form of a word that a dictionary may not have."""
    stem = word.removesuffix("e")
    return random.choice((f"{stem}ing", f"{stem}able", f"re{word}", f"{stem}er", f"{stem}ish", f"non-{word}"))


def slipped(text: str, random: Random) -> str:
    """A text with a slip of the finger in a longer word or two."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    for i in random.sample(long, min(len(long), 1 + (len(long) > 3))):
        word = words[i]
        at = random.randrange(2, len(word) - 2)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[i] = random.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))
    return " ".join(words)
