"""Words: of a question, of a text, their stems, and how far a misspelt one may be from what was meant."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from corpus.english import STOP, word_set
from corpus.model import Span
from corpus.text import Token, tokens, words

if TYPE_CHECKING:
    from collections.abc import Container


ALSO_NAMES = word_set(
    "park young long bell white black green brown gray grey king page wood woods stone rice rose may march"
    " april june will mark grant frank rich hope love price best good day week weeks night moon sun field ford"
    " hill hills lake land rivers river snow winter summer spring fox wolf bird fish lamb cook baker miller"
    " carpenter fisher hunter mason potter singer walker turner ward hall house church temple bishop pope"
    " prince duke knight major sharp strong small short little low high rush swift power powers bank banks"
    " case chase cross curry dean fast flowers flower gold silver steel golden head hand foot heart joy keen"
    " kind law laws light man marks means mills moody noble north south east west nice orange peace penny"
    " pepper pool poor post reed ring root sand self shell shields sweet train vale wall walls water waters"
    " wise word words an he she me you we so do go ma pa la le no in on hot son song sung sang hang fan fang"
    " ran pan tan can dang gang bang hung ding ping pang tang wing sing tong bin bit tie die dong gun guy jean"
    " mobile reading bath split university van general speed chan cherry jobs gates bass berry bloom bond book"
    " booth bow boy branch brook brooks brush bull burn bush butler camp carr chance child cotton crane crow"
    " cry dance draw drew drive dunk eye fair farmer finch fine forest free french frost fry game garden"
    " garland gentle german glass grace hardy hare hay hood horn hull hunt ivory jack jay jet judge lane leaf"
    " lock lord lucky marsh mead mercy merry mint monk moss mount muse nail odd pack pace paint palm parish"
    " parks peach pike pillow place plant pleasant pound priest proud queen rain ray rock roller rouse rust"
    " sage sail salt savage school sea seal shade shark ship shoe sky slate sparrow spark stark star storm"
    " street summers table thorn tiger top tower town trim trust valley very victor view violet wade wait war"
    " wash watch way weaver well wells wild winner wish worth yard york"
)
"""Ordinary words that are surnames or towns too, whether or not a corpus happens to use them."""

AUTHOR_CUES = word_set(
    "by author authors authored coauthor coauthored wrote write writes writing written published publish"
    " publishes publication publications researcher researchers scientist professor prof dr mr mrs ms with et"
    " colleagues from papers paper work works anything something everything"
)
"""Words beside which a bare surname, though an ordinary word, is a person's."""

PAPER_CUES = word_set(
    "paper papers method methods model approach optimizer optimiser algorithm work article framework study"
    " benchmark authors author wrote behind technique system mechanism project"
)
"""Words beside which a paper's short name, though an ordinary word, is the paper's."""

JOB_CUES = word_set(
    "job jobs opening openings open role roles position positions hiring hire hires recruit recruiting"
    " vacancy vacancies intern interns internship internships office offices based located location work"
    " working relocate post posts posting postings team teams career careers onsite hybrid remote apply"
    " engineer scientist scientists manager economist placement placements gig gigs"
)
"""Words that speak of work, so that a name may be the place of it."""

SHORT_FIRST_NAMES = {
    "abby": "abigail", "andy": "andrew", "tony": "anthony", "bert": "albert", "becky": "rebecca",
    "beth": "elizabeth", "bill": "william", "billy": "william", "bob": "robert", "rob": "robert",
    "betty": "elizabeth", "liz": "elizabeth", "kate": "katherine", "cathy": "catherine", "chuck": "charles",
    "dick": "richard", "rick": "richard", "rich": "richard", "ed": "edward", "ted": "edward", "gene": "eugene",
    "hank": "henry", "jack": "john", "jim": "james", "jimmy": "james", "jon": "jonathan", "ken": "kenneth",
    "larry": "lawrence", "mike": "michael", "mick": "michael", "misha": "mikhail", "nate": "nathaniel",
    "peggy": "margaret", "pete": "peter", "sasha": "aleksandr", "steve": "stephen", "sue": "susan",
    "tom": "thomas", "vlad": "vladimir", "zack": "zachary", "zach": "zachary", "kostya": "konstantin",
    "dave": "david", "joe": "joseph", "greg": "gregory", "jeff": "jeffrey", "geoff": "geoffrey",
    "phil": "philip", "drew": "andrew", "fred": "frederick", "sam": "samuel",
}  # fmt: skip
"""Short forms of first names; the many that are plain prefixes need no table."""


_LOWER = re.compile(r"(?<![^\W_])[a-z]{3,}(?![^\W_])")
_CAPITAL = re.compile(r"(?<![^\W_])[A-Z][a-z]{2,}(?![^\W_])")
_SPELLINGS = (
    ("isation", "ization"), ("ising", "izing"), ("iser", "izer"), ("ise", "ize"), ("elling", "eling"),
    ("elled", "eled"), ("our", "or"),
)  # fmt: skip
_ENDINGS = (
    "ization", "ations", "ation", "ately", "ating", "ities", "ments", "ness", "ally", "able", "ment", "ions",
    "ity", "ion", "ate", "ing", "ive", "ize", "ly", "ed", "cy", "te", "al", "er", "or", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What a folded word shares with its kin: plural, British spelling and common endings taken off."""
    for british, american in _SPELLINGS:
        if word.endswith(british) and len(word) > len(british) + 3:
            word = word[: -len(british)] + american
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if word.endswith(ending) and left >= (4 if ending in {"ness", "ly", "ing", "ed", "e"} else 5):
            return stem(word[:left]) if ending == "ly" else word[:left].removesuffix("e")
    return word


def slips(word: str) -> int:
    """How many typing errors are allowed in a word."""
    return 0 if len(word) < 3 else 1 if len(word) < 8 else 2


def plausible(word: str, known: str) -> bool:
    """Short words may differ by an adjacent swap only, and a word's plural is not an error."""
    if min(len(word), len(known)) < 5:
        return sorted(word) == sorted(known)
    return word[0] == known[0] or word[:2] == known[1::-1]


def ordinary_words(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often a text writes words in lower case, and with a capital; the latter in lower case here, too."""
    return Counter(_LOWER.findall(text)), Counter(map(str.lower, _CAPITAL.findall(text)))


__all__ = ["STOP", "Asked", "Token", "ordinary_words", "stem", "tokens", "word_set", "words"]


@dataclass(frozen=True)
class Asked:
    """A question as words, with what its readers ask of it."""

    text: str
    ordinary: Container[str]

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words."""
        return tokens(self.text)

    @cached_property
    def folded(self) -> list[str]:
        """Its words, folded."""
        return [token.folded for token in self.tokens]

    @cached_property
    def _capitals_tell(self) -> bool:
        long = [token.text for token in self.tokens if len(token.text) > 2]
        return len(long) < 2 or not all(word[0].isupper() for word in long)

    def capital(self, at: int) -> bool:
        """Whether a word is capitalised where that tells something: not in a question in capitals throughout."""
        return self._capitals_tell and self.tokens[at].text[0].isupper()

    def caps(self, at: int) -> bool:
        """Whether a word is written in capitals in a question that is not."""
        return self._capitals_tell and self.tokens[at].text.isupper()

    def gap(self, at: int) -> str:
        """What stands between a word and the next one."""
        return self.text[self.tokens[at].end : self.tokens[at + 1].start]

    def joined(self, start: int, stop: int) -> bool:
        """Whether the words from ``start`` up to ``stop`` stand side by side, at most a hyphen or dot between."""
        return stop <= start + 1 or stop <= self._ends[start]

    @cached_property
    def _ends(self) -> list[int]:
        """For each word where those end that stand side by side with it."""
        ends = list(range(1, len(self.tokens) + 1))
        for at in range(len(ends) - 2, -1, -1):
            if len(gap := self.gap(at)) <= 2 and not gap.strip(" .-‐–'’&/^"):
                ends[at] = ends[at + 1]
        return ends

    def plain(self, start: int, stop: int) -> bool:
        """Whether the words from ``start`` up to ``stop`` are all ordinary ones."""
        return all(self._plain[start:stop])

    @cached_property
    def _plain(self) -> list[bool]:
        return [word in self.ordinary for word in self.folded]

    def span(self, start: int, stop: int) -> Span:
        """The characters of the words from ``start`` up to ``stop``."""
        return Span(self.tokens[start].start, self.tokens[stop - 1].end)

    def alone(self, start: int, stop: int) -> bool:
        """Whether nothing telling is asked besides the words from ``start`` up to ``stop``."""
        return all(word in STOP for word in self.folded[:start] + self.folded[stop:])

    def before(self, at: int, *cues: str) -> bool:
        """Whether one of these words stands right before a word."""
        return at > 0 and self.folded[at - 1] in cues

    def has(self, cues: frozenset[str]) -> bool:
        """Whether one of these words occurs."""
        return not cues.isdisjoint(self.folded)
