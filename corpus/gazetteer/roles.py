"""Roles: what a job post is for, in full or by the end of its name ("applied scientist" of a senior one)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import Vocabulary, words
from corpus.gazetteer.wordlists import JOB_CUES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.gazetteer.vocabulary import Asked
    from corpus.store import StoredEntry

_SAME = {
    "sr": "senior", "jr": "junior", "internship": "intern", "interning": "intern", "mgr": "manager",
    "engr": "engineer", "swe": "engineer", "dev": "development", "sde": "engineer", "sci": "scientist",
}  # fmt: skip
_PARTS = re.compile(r"[,/;–—]| - | and | & ")
_BRACKETS = re.compile(r"\([^()]*\)")
_AGENT = re.compile(
    r"(?:\w+(?:er|or|ist|ian|ant)|intern|lead|head|fellow|staff|analyst|architect|associate|chief|president|student"
    r"|postdoc|apprentice)"
)
"""What somebody is, as against what it is about: "Applied Scientist, Robotics"."""
_OF = re.compile(r"\bof\b")
_LONGEST = 6


class Roles:
    """The roles of the job posts."""

    def __init__(self, entries: Iterable[StoredEntry]) -> None:
        self._shown: dict[tuple[str, ...], str] = {}
        said: dict[int, list[tuple[str, ...]]] = {}
        for stored in entries:
            if stored.entry.role:
                said[stored.id] = [*_segments(stored.entry.role), _plain(stored.entry.role)]
                for phrase, shown in _phrases(stored.entry.role):
                    self._shown.setdefault(phrase, shown)
        self._entries: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for ids, segments in said.items():
            for segment in segments:
                for start in range(len(segment)):
                    for stop in range(start + 1, min(len(segment), start + _LONGEST) + 1):
                        if segment[start:stop] in self._shown:
                            self._entries[segment[start:stop]].add(ids)
        self._vocabulary = Vocabulary(word for phrase in self._shown for word in phrase)

    def read(self, asked: Asked) -> list[Mention]:
        """The roles that a question names."""
        options = [self._word(asked, word) for word in asked.folded]
        found = []
        for start in range(len(options)):
            for stop in range(start + 1, min(len(options), start + _LONGEST) + 1):
                phrase = tuple(word for word, _ in options[start:stop])
                if phrase in self._shown and asked.joined(start, stop):
                    exactness = min(exact for _, exact in options[start:stop])
                    span = asked.span(start, stop)
                    found.append(
                        Mention(What.ROLE, self._shown[phrase], span, frozenset(self._entries[phrase]), exactness)
                    )
        return longest(found)

    def _word(self, asked: Asked, word: str) -> tuple[str, float]:
        singular = _singular(word)
        if singular in self._vocabulary.known:
            return singular, 1.0
        if word in asked.ordinary:
            return singular, 1.0
        if len(word) > 3 and asked.has(JOB_CUES):
            longer = [known for known in self._vocabulary.known if known.startswith(word)]
            if len(longer) == 1:
                return longer[0], 0.8
        near = self._vocabulary.near(singular)
        return near[0] if len(near) == 1 else (singular, 1.0)


def _singular(word: str) -> str:
    """A word of a role in its one form: "Sr" is "senior", "internships" is "intern"."""
    bare = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return _SAME.get(bare, bare)


def _plain(role: str) -> tuple[str, ...]:
    return tuple(map(_singular, words(role)))


def _segments(role: str) -> list[tuple[str, ...]]:
    return [plain for part in _PARTS.split(_BRACKETS.sub(" ", role)) if (plain := _plain(part))]


def _phrases(role: str) -> list[tuple[tuple[str, ...], str]]:
    """By what a role may be called, as words and as shown: in full, its parts, and the ends of those."""
    found = [(_plain(role), role)]
    for part in _PARTS.split(_BRACKETS.sub(" ", role)):
        written = part.split()
        while written and not _plain(written[-1]):
            written.pop()
        if not written or _OF.search(part):
            found += [(_plain(part), part.strip())] if len(written) > 1 else []
            continue
        if not _AGENT.fullmatch(_plain(written[-1])[-1]):
            continue
        for start in range(len(written)):
            shown = " ".join(written[start:])
            found.append((_plain(shown), shown))
    return [(phrase, shown) for phrase, shown in found if phrase]
