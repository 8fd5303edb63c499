"""Authors: full names in either order, last names, initials, short first names, and misspelt ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import Vocabulary, words
from corpus.gazetteer.wordlists import AUTHOR_CUES, SHORT_FIRST_NAMES, STOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.gazetteer.vocabulary import Asked
    from corpus.store import StoredEntry

_NICKNAME = re.compile(r"[(\"“']([^()\"”']+)[)\"”']")
_GENERATION = {"jr", "sr", "ii", "iii", "iv", "phd", "md"}
_BARE, _SHORT, _INITIAL, _SWAPPED = 0.9, 0.95, 0.95, 0.98
_FOLLOWS_NAMES = STOP | AUTHOR_CUES
_SURE = 7
"""Letters from which a misspelt surname in lower case is taken for one without a cue beside it."""


@dataclass(frozen=True, slots=True)
class Person:
    """An author: the name to be shown, its first names and last names folded, and the entries."""

    name: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    entries: frozenset[int]


class People:
    """The authors of the corpus."""

    def __init__(self, entries: Iterable[StoredEntry]) -> None:
        self._by_family: dict[str, list[Person]] = defaultdict(list)
        self._by_given: dict[str, list[Person]] = defaultdict(list)
        for person in _people(entries):
            for family in person.family:
                self._by_family[family].append(person)
            for given in person.given:
                self._by_given[given].append(person)
        self._families = Vocabulary(self._by_family)

    def read(self, asked: Asked) -> list[Mention]:
        """The authors that a question names."""
        found: list[Mention] = []
        for at in range(len(asked.tokens)):
            found += self._by_last_name(asked, at)
            found += self._by_first_name(asked, at)
        return longest(found)

    def _by_last_name(self, asked: Asked, at: int) -> Iterator[Mention]:
        for family, stop, exactness in self._family_names(asked, at):
            people = self._by_family[family]
            full = [mention for p in people for mention in _full_names(asked, at, stop, p, exactness)]
            if full:
                most = max(mention.exactness for mention in full)
                yield from (mention for mention in full if mention.exactness > most - 0.02)
            elif self._bare_name(asked, at, stop, exactness):
                for person in people:
                    if family in person.family[-1:] or asked.capital(at):
                        span = asked.span(at, stop)
                        yield Mention(What.AUTHOR, person.name, span, person.entries, _BARE * exactness)

    def _family_names(self, asked: Asked, at: int) -> Iterator[tuple[str, int, float]]:
        """Last names that begin at a word, with where they end and how exact they are."""
        double = " ".join(asked.folded[at : at + 2])
        if " " in double and double in self._by_family and asked.joined(at, at + 2):
            yield double, at + 2, 1.0
            return
        word = asked.folded[at]
        if word in self._by_family:
            yield word, at + 1, 1.0
        elif len(word) > 3 and word not in asked.ordinary:
            yield from ((name, at + 1, exactness) for name, exactness in self._families.near(word))

    def _bare_name(self, asked: Asked, at: int, stop: int, exactness: float) -> bool:
        """Whether a last name without its first name may be a person's."""
        if asked.alone(at, stop):
            return True
        if self._other_first_name(asked, at) or self._other_word_behind(asked, stop):
            return False
        word = asked.folded[at]
        capital = asked.capital(at) and not (asked.caps(at) and len(word) <= 4)  # "GAN" is no Gan
        cue = _cue_beside(asked, at, stop)
        if exactness < 1:
            return len(word) > 4 and (capital or cue or len(word) >= _SURE)
        if len(word) <= 2:
            return capital and cue
        if word in asked.ordinary or len(word) <= 4:
            return capital or (cue and word not in STOP)
        return True

    def _other_first_name(self, asked: Asked, at: int) -> bool:
        """Whether the word before reads as a first name, and so as another person's."""
        if at == 0 or not asked.joined(at - 1, at + 1):
            return False
        before = asked.folded[at - 1]
        if before in _FOLLOWS_NAMES or (before in self._by_family and before not in self._by_given):
            return False
        if before in self._by_given or before not in asked.ordinary:
            return before.isalpha()
        return asked.capital(at - 1) and asked.capital(at) and at > 1

    def _other_word_behind(self, asked: Asked, stop: int) -> bool:
        """Whether a capitalised word unknown to the corpus follows, as in "Roth IRA"."""
        if stop == len(asked.tokens) or asked.gap(stop - 1) != " " or not asked.capital(stop):
            return False
        behind = asked.folded[stop]
        return behind not in asked.ordinary and behind not in self._by_given and not behind[-1].isdigit()

    def _by_first_name(self, asked: Asked, at: int) -> Iterator[Mention]:
        """A first name alone, where the question can only mean a person by it."""
        word = asked.folded[at]
        people = self._by_given.get(word, []) if len(word) > 3 and word not in asked.ordinary else []
        if not 0 < len(people) <= 3 or not (_cue_beside(asked, at, at + 1) or asked.alone(at, at + 1)):
            return
        follows = at + 1 < len(asked.tokens) and asked.joined(at, at + 2) and asked.folded[at + 1]
        if not follows or follows in asked.ordinary:
            for person in people:
                yield Mention(What.AUTHOR, person.name, asked.span(at, at + 1), person.entries, 0.7)


def _full_names(asked: Asked, at: int, stop: int, person: Person, exactness: float) -> Iterator[Mention]:
    """The person's name around a last name, the first name before or behind it."""
    for length in (3, 2, 1):
        start = at - length
        if start >= 0 and asked.joined(start, at + 1):
            said = asked.folded[start:at]
            if said[0] in {"a", "i"} and asked.tokens[start].text.islower() and asked.gap(start)[:1] != ".":
                continue
            if first := _first_name(said, person):
                yield Mention(What.AUTHOR, person.name, asked.span(start, stop), person.entries, first * exactness)
                return
    if stop < len(asked.tokens) and asked.gap(stop - 1).strip() in {"", ","}:
        first = _first_name(asked.folded[stop : stop + 1], person)
        if first and (len(asked.folded[stop]) > 1 or "," in asked.gap(stop - 1)):
            span = asked.span(at, stop + 1)
            yield Mention(What.AUTHOR, person.name, span, person.entries, first * exactness * _SWAPPED)


def _first_name(said: Sequence[str], person: Person) -> float:
    """How exactly words are a person's first names (the first of them must be said); 0 where they are not."""
    if not person.given or not said:
        return 0
    joined = "".join(said)
    if joined == "".join(person.given[: len(said)]):
        return 1
    allowed = (*person.given, *person.family)
    first = max(_same_first(said[0], given) for given in person.given)
    rest = [max(_same_first(word, name) for name in allowed) for word in said[1:]]
    return min([first, *rest])


def _same_first(said: str, given: str) -> float:
    """How exactly a word is a first name, in full, as an initial, shortened, or misspelt."""
    if said == given:
        return 1
    if len(said) == 1 or len(given) == 1:
        return _INITIAL if said[0] == given[0] else 0
    short, full = sorted((said, given), key=len)
    if (3 <= len(short) <= 5 and full.startswith(short)) or SHORT_FIRST_NAMES.get(short) == full:
        return _SHORT
    if short in SHORT_FIRST_NAMES and SHORT_FIRST_NAMES[short][:4] == full[:4]:
        return _SHORT
    if len(short) <= 5 < len(full) and short[:3] == full[:3] and len(short) - 3 <= 2:
        return _SHORT - 0.05
    near = Vocabulary([given]).near(said)
    return near[0][1] if near else 0


def _cue_beside(asked: Asked, start: int, stop: int) -> bool:
    """Whether the words beside a name speak of authors: "by Park", "Park's papers", "what has Park written"."""
    beside = [*asked.folded[max(0, start - 1) : start], *asked.folded[stop : stop + 2]]
    possessive = asked.text[asked.tokens[stop - 1].end :][:2].lower() in {"'s", "’s", "' ", "’ "}
    return possessive or any(word in AUTHOR_CUES for word in beside)


def _people(entries: Iterable[StoredEntry]) -> list[Person]:
    spelt: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    carried: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for stored in entries:
        for name in stored.entry.authors:
            parts = tuple(words(name))
            if parts:
                spelt[parts][name] += 1
                carried[parts].add(stored.id)
    return [_person(names.most_common(1)[0][0], frozenset(carried[parts])) for parts, names in spelt.items()]


def _person(name: str, entries: frozenset[int]) -> Person:
    """Part a name: the last word is the last name, words between may be a part of it."""
    nicknames = [word for nick in _NICKNAME.findall(name) for word in words(nick)]
    plain = [part for part in _NICKNAME.sub(" ", name).split() if (words(part) or [""])[0] not in _GENERATION]
    plain = [part for part in plain if words(part)]
    if not plain:
        return Person(name, (), tuple(words(name)[-1:]), entries)
    family = words(plain[-1])
    between = [word for part in plain[1:-1] for word in words(part) if len(word) > 3]
    given = words(plain[0]) if len(plain) > 1 else []
    names = [*between, *(family if len(family) > 1 else []), " ".join(family)]
    return Person(name, tuple(dict.fromkeys([*given, *nicknames, *between])), tuple(dict.fromkeys(names)), entries)
