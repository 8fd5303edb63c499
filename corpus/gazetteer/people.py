"""Authors: full names in either order, last names, initials, short first names, and misspelt ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.english import STOP, word_set
from corpus.gazetteer.mentions import Mention, What, longest
from corpus.gazetteer.postings import WORDS, List
from corpus.gazetteer.tokens import AUTHOR_CUES, SHORT_FIRST_NAMES, plausible, slips, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked
    from corpus.store import StoredEntry


_NICKNAME = re.compile(r"[(\"“']([^()\"”']+)[)\"”']")
_GENERATION = {"jr", "sr", "ii", "iii", "iv", "phd", "md"}
_BARE, _SHORT, _INITIAL, _SWAPPED = 0.9, 0.95, 0.95, 0.98
_FOLLOWS_NAMES = STOP | AUTHOR_CUES
_LEADING = word_set("by author authors prof professor dr mr mrs ms coauthor coauthors colleagues researcher")
"""Words that lead up to a person, though the name is an everyday word in lower case."""
_SURE = 7
"""Letters from which a misspelt surname in lower case is taken for one without a cue beside it."""


_MANY = 100
"""People of one last name beyond which those are looked at whose names begin with the words beside it."""

_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Person:
    """An author: the name to be shown, its first names and last names folded, and the entries."""

    name: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    entries: Ids


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the authors of an entry.

    The keys are last and first names, each alone and with all words of the name behind it, and these words with
    the name as it is spelt.
    """
    last = len(stored.entry.authors)
    for number, written in enumerate(stored.entry.authors, 1):
        plain = words(written)
        name = written if len(plain) <= WORDS else " ".join(plain[:WORDS])
        if said := " ".join(plain[:WORDS]):
            given, family = _parted(name)
            for each in family:
                into.add(List.FAMILY_NAME, each, stored.id)
                into.add(List.FAMILY_OF, f"{each}\t{said}", stored.id)
            for each in given:
                into.add(List.GIVEN_NAME, each, stored.id)
                into.add(List.GIVEN_OF, f"{each}\t{said}", stored.id)
            into.spell(List.FAMILY_NAME, family)
            into.add(List.SPELLING, f"{said}\t{name}", stored.id)
            into.add(List.AUTHOR_AT, f"{number}\t{said}", stored.id)
            if number == last:
                into.add(List.AUTHOR_AT, f"-1\t{said}", stored.id)


class People:
    """The authors of the corpus."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._person = lru_cache(_REMEMBERED)(self._spelt)

    def read(self, asked: Asked) -> list[Mention]:
        """The authors that a question names."""
        found: list[Mention] = []
        for at in range(len(asked.tokens)):
            found += self._by_last_name(asked, at)
            found += self._by_first_name(asked, at)
        return longest(found)

    def _by_last_name(self, asked: Asked, at: int) -> Iterator[Mention]:
        for family, stop, exactness in self._family_names(asked, at):
            people = self._of_family(asked, at, stop, family)
            full = [mention for p in people for mention in _full_names(asked, at, stop, p, exactness)]
            if full:
                most = max(mention.exactness for mention in full)
                yield from (mention for mention in full if mention.exactness > most - 0.02)
            elif self._bare_name(asked, at, stop, exactness):
                if len(people) > _MANY:
                    entries = self._seen.ids(List.FAMILY_NAME, family)
                    yield Mention(What.AUTHOR, family.title(), asked.span(at, stop), entries, _BARE * exactness)
                    continue
                for person in people:
                    if family in person.family[-1:] or asked.capital(at):
                        span = asked.span(at, stop)
                        yield Mention(What.AUTHOR, person.name, span, person.entries, _BARE * exactness)

    def _of_family(self, asked: Asked, at: int, stop: int, family: str) -> list[Person]:
        """The people of a last name; of very many those whose names begin as the words beside it do."""
        found = self._people(List.FAMILY_OF, f"{family}\t")
        if len(found) <= _MANY:
            return found
        beside = {*asked.folded[max(0, at - 3) : at], *asked.folded[stop : stop + 1]}
        for starts in (beside, {word[0] for word in beside}):
            named = [p for start in sorted(starts) for p in self._people(List.FAMILY_OF, f"{family}\t{start}")]
            if any(_full_names(asked, at, stop, person, 1.0) for person in named):
                return named
        return found

    def _people(self, which: List, start: str) -> list[Person]:
        """The people under the keys of a list that begin with a name, hardly more than are looked at."""
        behind = start.partition("\t")[2]
        keys = self._seen.keys_from(which, start, 2 * _MANY)
        return [self._person(behind + said, entries) for said, entries in keys]

    def _spelt(self, said: str, entries: Ids) -> Person:
        """The person of the words of a name, spelt as mostly."""
        spellings = self._seen.keys_from(List.SPELLING, f"{said}\t")
        name = max(spellings, key=lambda each: (len(each[1]), -each[1].min()))[0]
        return Person(name, *_parted(name), entries)

    def _family_names(self, asked: Asked, at: int) -> Iterator[tuple[str, int, float]]:
        """Last names that begin at a word, with where they end and how exact they are."""
        double = " ".join(asked.folded[at : at + 2])
        if " " in double and self._seen.ids(List.FAMILY_NAME, double) and asked.joined(at, at + 2):
            yield double, at + 2, 1.0
            return
        word = asked.folded[at]
        if word in STOP and not asked.tokens[at].text[0].isupper():
            return
        if self._seen.ids(List.FAMILY_NAME, word):
            yield word, at + 1, 1.0
        elif len(word) > 3 and word not in asked.ordinary:
            yield from ((name, at + 1, exactness) for name, exactness in self._seen.near(List.FAMILY_NAME, word))

    def _bare_name(self, asked: Asked, at: int, stop: int, exactness: float) -> bool:
        """Whether a last name without its first name may be a person's."""
        word = asked.folded[at]
        if asked.before(at, "a", "an", "the"):  # "a GAN" is nobody
            return False
        if asked.alone(at, stop):
            return word not in STOP
        if self._other_first_name(asked, at) or self._other_word_behind(asked, stop):
            return False
        capital = asked.capital(at) and not (asked.caps(at) and len(word) <= 4)  # "GAN" is no Gan
        cue = _cue_beside(asked, at, stop)
        if exactness < 1:
            return len(word) > 4 and (capital or cue or len(word) >= _SURE)
        if word in STOP or len(word) <= 2:
            return capital and cue
        everyday = word in asked.ordinary or len(word) <= 4
        return capital or not everyday or _led_up_to(asked, at, stop)

    def _other_first_name(self, asked: Asked, at: int) -> bool:
        """Whether the word before reads as a first name, and so as another person's."""
        if at == 0 or not asked.joined(at - 1, at + 1):
            return False
        before = asked.folded[at - 1]
        given = bool(self._seen.ids(List.GIVEN_NAME, before))
        if before in _FOLLOWS_NAMES or (self._seen.ids(List.FAMILY_NAME, before) and not given):
            return False
        if given or before not in asked.ordinary:
            return before.isalpha()
        return asked.capital(at - 1) and asked.capital(at) and at > 1

    def _other_word_behind(self, asked: Asked, stop: int) -> bool:
        """Whether a capitalised word unknown to the corpus follows, as in "Roth IRA"."""
        if stop == len(asked.tokens) or asked.gap(stop - 1) != " " or not asked.capital(stop):
            return False
        behind = asked.folded[stop]
        return (
            behind not in asked.ordinary
            and not self._seen.ids(List.GIVEN_NAME, behind)
            and not behind[-1].isdigit()
        )

    def _by_first_name(self, asked: Asked, at: int) -> Iterator[Mention]:
        """A first name alone, where the question can only mean a person by it."""
        word = asked.folded[at]
        people = self._people(List.GIVEN_OF, f"{word}\t") if len(word) > 3 and word not in asked.ordinary else []
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
    return _misspelt(said, given)


def _misspelt(said: str, given: str) -> float:
    if any(c.isdigit() for c in said) or not plausible(said, given) or given[0] not in said[:2]:
        return 0
    from rapidfuzz.distance import OSA

    distance = OSA.distance(said, given)
    return 1 - distance / len(said) if distance <= slips(said) else 0


def _cue_beside(asked: Asked, start: int, stop: int) -> bool:
    """Whether the words beside a name speak of authors: "by Park", "Park's papers", "what has Park written"."""
    beside = [*asked.folded[max(0, start - 1) : start], *asked.folded[stop : stop + 2]]
    possessive = asked.text[asked.tokens[stop - 1].end :][:2].lower() in {"'s", "’s", "' ", "’ "}
    return possessive or any(word in AUTHOR_CUES for word in beside)


def _led_up_to(asked: Asked, start: int, stop: int) -> bool:
    """Whether an everyday word can only be a person's name here: "by park", "park's papers"."""
    possessive = asked.text[asked.tokens[stop - 1].end :][:2].lower() in {"'s", "’s"}
    return possessive or asked.before(start, *_LEADING)


def _parted(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part a name into first and last names: the last word is the last name, words between may be a part of it."""
    nicknames = [word for nick in _NICKNAME.findall(name) for word in words(nick)]
    plain = [part for part in _NICKNAME.sub(" ", name).split() if (words(part) or [""])[0] not in _GENERATION]
    plain = [part for part in plain if words(part)]
    if not plain:
        return (), tuple(words(name)[-1:])
    family = words(plain[-1])
    between = [word for part in plain[1:-1] for word in words(part) if len(word) > 3]
    given = words(plain[0]) if len(plain) > 1 else []
    names = [*between, *(family if len(family) > 1 else []), " ".join(family)]
    return tuple(dict.fromkeys([*given, *nicknames, *between])), tuple(dict.fromkeys(names))
