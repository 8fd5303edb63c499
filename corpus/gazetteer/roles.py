"""Roles: what a job post is for, in full or by the end of its name ("applied scientist" of a senior one)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.gazetteer.gathered import WORDS, List
from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import words
from corpus.gazetteer.wordlists import JOB_CUES

if TYPE_CHECKING:
    from corpus.gazetteer.gathered import Gathered
    from corpus.gazetteer.seen import Seen
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


_LOOKED = 400
"""Words that are looked at where one begins with what was typed; two that are seen tell enough."""


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the role of a job post: by what it may be called, its single words, and every run of its words."""
    role = stored.entry.role
    if not role:
        return
    if len(role.split()) > WORDS:
        role = " ".join(role.split()[:WORDS])
    for phrase, shown in _phrases(role):
        if len(phrase) <= _LONGEST:
            into.add(List.ROLE, " ".join(phrase), stored.id)
            into.show(List.ROLE, " ".join(phrase), shown)
        for word in phrase:
            into.add(List.ROLE_WORD, word, stored.id)
        into.spell(List.ROLE_WORD, phrase)
    for segment in {*_segments(role), _plain(role)}:
        for start in range(len(segment)):
            for stop in range(start + 1, min(len(segment), start + _LONGEST) + 1):
                into.add(List.ROLE_PHRASE, " ".join(segment[start:stop]), stored.id)


class Roles:
    """The roles of the job posts."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def read(self, asked: Asked) -> list[Mention]:
        """The roles that a question names."""
        options = [self._word(asked, word) for word in asked.folded]
        known = [bool(self._seen.ids(List.ROLE_WORD, word)) for word, _ in options]
        found = []
        for start in range(len(options)):
            for stop in range(start + 1, min(len(options), start + _LONGEST) + 1):
                if not known[stop - 1] or not asked.joined(start, stop):
                    break
                phrase = " ".join(word for word, _ in options[start:stop])
                if self._seen.ids(List.ROLE, phrase):
                    found.append(
                        Mention(
                            What.ROLE,
                            self._seen.shown(List.ROLE, phrase),
                            asked.span(start, stop),
                            self._seen.ids(List.ROLE_PHRASE, phrase),
                            min(exact for _, exact in options[start:stop]),
                        )
                    )
        return longest(found)

    def _word(self, asked: Asked, word: str) -> tuple[str, float]:
        singular = _singular(word)
        if self._seen.ids(List.ROLE_WORD, singular) or word in asked.ordinary:
            return singular, 1.0
        if len(word) > 3 and asked.has(JOB_CUES):
            longer = self._seen.keys_from(List.ROLE_WORD, word, _LOOKED)
            if len(longer) == 1:
                return word + longer[0][0], 0.8
        near = self._seen.near(List.ROLE_WORD, singular)
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
