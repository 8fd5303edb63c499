"""Teams: by their names, the acronyms and names in brackets, and their telling words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import Vocabulary, stem, words
from corpus.gazetteer.wordlists import STOP, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corpus.gazetteer.vocabulary import Asked
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
_TEAM_WORDS = {"team", "teams", "group", "org", "lab", "organization", "organisation"}


@dataclass(frozen=True, slots=True)
class Team:
    """A name of a team: the team as shown, the stems of this name, and its entries."""

    name: str
    stems: tuple[str, ...]
    entries: frozenset[int]


class Teams:
    """The teams of the job posts."""

    def __init__(self, entries: Iterable[StoredEntry]) -> None:
        carried: dict[str, set[int]] = defaultdict(set)
        for stored in entries:
            if stored.entry.team:
                carried[stored.entry.team].add(stored.id)
        self._by_stem: dict[str, list[Team]] = defaultdict(list)
        self._acronyms: dict[str, list[Team]] = defaultdict(list)
        self._stem_of: dict[str, str] = {}
        count = Counter(stem(word) for name in carried for word in set(words(name)))
        self._generic = _GENERIC | {word for word, n in count.items() if n > max(2, len(carried) // 4)}
        for name, ids in carried.items():
            self._add(name, frozenset(ids))
        self._vocabulary = Vocabulary(self._stem_of)

    def read(self, asked: Asked) -> list[Mention]:
        """The teams that a question names."""
        where: dict[str, list[int]] = defaultdict(list)
        exact: dict[int, float] = {}
        for at, word in enumerate(asked.folded):
            for known, exactness in self._stems(asked, word):
                where[known].append(at)
                exact[at] = exactness
        teams = {
            (team.name, team.stems): team
            for known in where
            for team in self._by_stem[known]
            if known not in self._generic or self._generic.issuperset(team.stems)
        }
        found = [mention for team in teams.values() for mention in self._mentions(asked, team, where, exact)]
        return longest([*found, *self._by_acronym(asked)])

    def _add(self, name: str, entries: frozenset[int]) -> None:
        plain = _BRACKETS.sub(" ", name)
        for alias in (plain, *(_FORMERLY.sub("", inner) for inner in _BRACKETS.findall(name))):
            said = [word for word in words(alias) if word not in STOP]
            team = Team(name, tuple(dict.fromkeys(stem(word) for word in said)), entries)
            if len(said) == 1 and (alias.strip().isupper() or alias is not plain):
                self._acronyms[said[0]].append(team)
            elif said:
                for known in team.stems:
                    self._by_stem[known].append(team)
                self._stem_of.update((word, stem(word)) for word in said)
        for word in re.findall(r"\b[A-Z]{2,}\b", plain):
            if word.lower() not in _GENERIC:
                self._acronyms[word.lower()].append(Team(name, (stem(word.lower()),), entries))

    def _stems(self, asked: Asked, word: str) -> list[tuple[str, float]]:
        if (known := stem(word)) in self._by_stem:
            return [(known, 1.0)]
        if word in asked.ordinary:
            return []
        return [(self._stem_of[hit], exactness) for hit, exactness in self._vocabulary.near(word)]

    def _mentions(
        self, asked: Asked, team: Team, where: Mapping[str, list[int]], exact: Mapping[int, float]
    ) -> Iterator[Mention]:
        own = [each for each in team.stems if each not in self._generic]
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
            teams = {team.name: team for team in self._acronyms.get(word, ())}
            beside = {*asked.folded[max(0, at - 2) : at], *asked.folded[at + 1 : at + 3]}
            if asked.tokens[at].text[0].isupper() or (word not in asked.ordinary and beside & _CUES):
                for team in teams.values():
                    whole = 1.0 if len(teams) == 1 else 0.8
                    yield Mention(What.TEAM, team.name, asked.span(at, at + 1), team.entries, whole)


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
