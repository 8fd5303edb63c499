"""Teams: by their names, the acronyms and names in brackets, and their telling words."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer.mentions import Mention, What, longest
from corpus.gazetteer.postings import WORDS, List
from corpus.gazetteer.tokens import JOB_CUES, STOP, stem, word_set, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked
    from corpus.store import StoredEntry


_BRACKETS = re.compile(r"\(([^()]*)\)")
_FORMERLY = re.compile(r"(?:previously|formerly|aka|also|now|the|part of)\b[\s:]*", re.IGNORECASE)
_CUES = {"team", "teams", "group", "org", "organization", "organisation", "lab", "division", "unit", "center",
         "centre", "department", "hiring", "jobs", "job", "roles", "role", "openings", "positions"}  # fmt: skip
_GENERIC = {
    stem(word)
    for word in word_set(
        "team group org organization the services science sciences research lab labs data machine ai ml nlp it"
        " learning artificial intelligence technology technologies engineering international product products"
    )
}
_SLACK = 2
_ENOUGH, _LEAST = 0.6, 0.3
_LOOSE = 0.7
_TEAM_WORDS = {"team", "teams", "group", "org", "lab", "organization", "organisation"}


_MANY = 50
"""Team names that a word may stand in and still tell one from another; of a word of more all posts are meant."""

_LOOKED = 2 * _MANY
"""Names that are looked at for one word: among them are some that are not seen."""

_LONGEST = 6
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Team:
    """A name of a team: the team as shown, the stems of this name, and its entries."""

    name: str
    stems: tuple[str, ...]
    entries: Ids


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What a team may be called by: words of names with their stems, whole names as stems, and acronyms."""

    words: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    acronyms: frozenset[str]
    stems: frozenset[str]
    """Of all words of the name, those that nobody says among them."""


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the team of a job post: by the stems of its names, one by one and together, and by its acronyms."""
    name = stored.entry.team
    if not name:
        return
    spoken = _spoken(name)
    into.add(List.TEAM, name, stored.id)
    into.spell(List.TEAM_STEM, spoken.words)
    for stems in spoken.names:
        into.add(List.TEAM_WHOLE, f"{_whole(stems)}\t{name}", stored.id)
        for each in stems:
            into.add(List.TEAM_STEM, each, stored.id)
    for each in spoken.stems:
        into.add(List.TEAM_OF, f"{each}\t{name}", stored.id)
    for word in spoken.acronyms:
        into.add(List.TEAM_ACRONYM, word, stored.id)
        into.add(List.TEAM_ACRONYM, f"{word}\t{name}", stored.id)


class Teams:
    """The teams of the job posts."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._generic = lru_cache(_REMEMBERED)(self._is_generic)

    def read(self, asked: Asked) -> list[Mention]:
        """The teams that a question names."""
        where: dict[str, list[int]] = defaultdict(list)
        exact: dict[int, float] = {}
        for at, word in enumerate(asked.folded):
            for known, exactness in self._stems(asked, word):
                where[known].append(at)
                exact[at] = exactness
        teams = {(team.name, team.stems): team for team in [*self._by_stem(where), *self._by_whole(where)]}
        found = [mention for team in teams.values() for mention in self._mentions(asked, team, where, exact)]
        return longest([*found, *self._by_many(asked, where, exact), *self._by_acronym(asked)])

    def _names(self, known: str) -> Sequence[tuple[str, Ids]]:
        """The teams in whose names a stem stands, with their entries, hardly more than are looked at."""
        return self._seen.keys_from(List.TEAM_OF, f"{known}\t", _LOOKED)

    def _is_generic(self, known: str) -> bool:
        """Whether a stem tells little: many team names have it, or those of any corpus do."""
        if known in _GENERIC:
            return True
        count = len(self._names(known))
        if not 2 < count <= _MANY:
            return count > _MANY
        return count > len(self._seen.keys_from(List.TEAM, "", 4 * _MANY)) // 4

    def _stems(self, asked: Asked, word: str) -> list[tuple[str, float]]:
        if self._seen.ids(List.TEAM_STEM, known := stem(word)):
            return [(known, 1.0)]
        if word in asked.ordinary:
            return []
        return [(stem(hit), exactness) for hit, exactness in self._seen.near(List.TEAM_STEM, word, stem)]

    def _by_stem(self, where: Iterable[str]) -> Iterator[Team]:
        """The teams of stems that few names have; those of a generic stem where all of theirs are generic."""
        for known in where:
            if len(names := self._names(known)) <= _MANY:
                for name, entries in names:
                    for stems in _spoken(name).names:
                        if known in stems and (not self._generic(known) or all(map(self._generic, stems))):
                            yield Team(name, stems, entries)

    def _by_whole(self, where: Mapping[str, Sequence[int]]) -> Iterator[Team]:
        """The teams of which all stems are said side by side, where one of them stands in many names."""
        many = {known for known in where if len(self._names(known)) > _MANY}
        if not many:
            return
        for run in _close(sorted({at for positions in where.values() for at in positions})):
            for start in range(len(run)):
                for stop in range(start + 1, min(len(run), start + _LONGEST) + 1):
                    said = {known for known, positions in where.items() if {*positions} & {*run[start:stop]}}
                    if said & many:
                        for name, entries in self._seen.keys_from(List.TEAM_WHOLE, f"{_whole(said)}\t", _MANY):
                            yield from (
                                Team(name, stems, entries) for stems in _spoken(name).names if {*stems} == said
                            )

    def _by_many(
        self, asked: Asked, where: Mapping[str, Sequence[int]], exact: Mapping[int, float]
    ) -> Iterator[Mention]:
        """All posts of the teams of a stem that many names have, as one."""
        for known, positions in where.items():
            if known not in _GENERIC and len(self._names(known)) > _MANY:
                entries = self._seen.ids(List.TEAM_STEM, known)
                for at in positions:
                    if self._sure(asked, [at], 1, 1):
                        name, span = asked.folded[at].title(), asked.span(at, at + 1)
                        yield Mention(What.TEAM, name, span, entries, round(exact[at] * _LOOSE, 3))

    def _mentions(
        self, asked: Asked, team: Team, where: Mapping[str, Sequence[int]], exact: Mapping[int, float]
    ) -> Iterator[Mention]:
        own = [each for each in team.stems if not self._generic(each)]
        telling = own or team.stems  # a team may be called by words that many teams have
        positions = sorted({at for each in team.stems for at in where.get(each, ())})
        for run in _close(positions):
            said = {each for each in team.stems if any(at in run for at in where.get(each, ()))}
            share = len(said & set(telling)) / max(1, len(telling))
            if share < (self._enough(asked, run, len(said)) if own else 1.0) or not self._sure(
                asked, run, len(said), len(telling)
            ):
                continue
            letters = min(exact[at] for at in run)
            exactness = letters * (0.5 + 0.4 * share + 0.1 * len(said) / len(team.stems))
            span = asked.span(run[0], run[-1] + 1)
            yield Mention(What.TEAM, team.name, span, team.entries, round(exactness, 3))

    def _enough(self, asked: Asked, run: list[int], said: int) -> float:
        """The share of a team's telling words to ask for: less where words stand side by side or before "team"."""
        behind = run[-1] + 1 < len(asked.tokens) and asked.folded[run[-1] + 1] in _TEAM_WORDS
        side_by_side = said > 1 and run[-1] - run[0] + 1 == len(run)
        return _LEAST if behind or side_by_side else _ENOUGH

    def _sure(self, asked: Asked, run: list[int], said: int, telling: int) -> bool:
        """Whether the words may be a team's name: two of them, or one that is capitalised or beside a cue."""
        if said > 1:
            return True
        at = run[0]
        beside = {*asked.folded[max(0, at - 2) : at], *asked.folded[at + 1 : at + 3]}
        if at + 1 < len(asked.tokens) and asked.folded[at + 1] in _TEAM_WORDS:
            return True
        return telling == 1 and (bool(beside & _CUES) or (asked.capital(at) and at > 0) or asked.alone(at, at + 1))

    def _by_acronym(self, asked: Asked) -> Iterator[Mention]:
        for at, word in enumerate(asked.folded):
            teams = self._seen.keys_from(List.TEAM_ACRONYM, f"{word}\t", _LOOKED)
            if len(teams) > _MANY:
                teams = [(word.upper(), self._seen.ids(List.TEAM_ACRONYM, word))]
            beside = {*asked.folded[max(0, at - 2) : at], *asked.folded[at + 1 : at + 3]}
            if asked.tokens[at].text[0].isupper() or (word not in asked.ordinary and beside & _CUES):
                for name, entries in teams:
                    whole = 1.0 if len(teams) == 1 else 0.8
                    yield Mention(What.TEAM, name, asked.span(at, at + 1), entries, whole)


@lru_cache(_REMEMBERED)
def _spoken(name: str) -> _Spoken:
    """What a team of a name may be called by."""
    plain = _BRACKETS.sub(" ", name)
    said_in: set[str] = set()
    names: list[tuple[str, ...]] = []
    acronyms = {word.lower() for word in re.findall(r"\b[A-Z]{2,}\b", plain)} - _GENERIC
    for alias in (plain, *(_FORMERLY.sub("", inner) for inner in _BRACKETS.findall(name))):
        said = [word for word in words(alias)[:WORDS] if word not in STOP]
        if len(said) == 1 and (alias.strip().isupper() or alias is not plain):
            acronyms.add(said[0])
        elif said:
            names.append(tuple(dict.fromkeys(map(stem, said))))
            said_in.update(said)
    stems = frozenset(map(stem, words(name)[:WORDS])).union(*names)
    return _Spoken(frozenset(said_in), tuple(names), frozenset(acronyms), stems)


def _whole(stems: Iterable[str]) -> str:
    """The key of a name of some stems, in whatever order they are said."""
    return " ".join(sorted(stems))


def _close(positions: Iterable[int]) -> Iterator[list[int]]:
    """Positions in runs without too long a gap."""
    run: list[int] = []
    for at in positions:
        if run and at - run[-1] > _SLACK:
            yield run
            run = []
        run.append(at)
    if run:
        yield run


_SAME = {
    "sr": "senior", "jr": "junior", "internship": "intern", "interning": "intern", "mgr": "manager",
    "engr": "engineer", "swe": "engineer", "dev": "development", "sde": "engineer", "sci": "scientist",
}  # fmt: skip
_PARTS = re.compile(r"[,/;–—]| - | and | & ")
_ROLES_BRACKETS = re.compile(r"\([^()]*\)")
_AGENT = re.compile(
    r"(?:\w+(?:er|or|ist|ian|ant)|intern|lead|head|fellow|staff|analyst|architect|associate|chief|president|student"
    r"|postdoc|apprentice)"
)
"""What somebody is, as against what it is about: "Applied Scientist, Robotics"."""
_OF = re.compile(r"\bof\b")


_ROLES_LOOKED = 400
"""Words that are looked at where one begins with what was typed; two that are seen tell enough."""


def gather_roles(stored: StoredEntry, text: str, into: Gathered) -> None:
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
            longer = self._seen.keys_from(List.ROLE_WORD, word, _ROLES_LOOKED)
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
    return [plain for part in _PARTS.split(_ROLES_BRACKETS.sub(" ", role)) if (plain := _plain(part))]


def _phrases(role: str) -> list[tuple[tuple[str, ...], str]]:
    """By what a role may be called, as words and as shown: in full, its parts, and the ends of those."""
    found = [(_plain(role), role)]
    for part in _PARTS.split(_ROLES_BRACKETS.sub(" ", role)):
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
