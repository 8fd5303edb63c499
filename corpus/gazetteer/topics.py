"""Topics: the headings that papers stand under, by their telling words, their kin and their initials."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import Vocabulary, stem, words
from corpus.gazetteer.wordlists import PAPER_CUES, STOP, word_set
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corpus.gazetteer.vocabulary import Asked
    from corpus.store import StoredEntry

_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[IVXLC]{1,6}[.):])\s+(?=\S)")
_GENERIC = {
    stem(word)
    for word in word_set(
        "ai algorithm analysis application approach artificial based data deep general improvement in intelligence"
        " large learning machine method methodology ml model modeling network neural new paper problem research"
        " science scientific study system task technique theory tool topic track"
    )
}
_CUES = word_set("topic topics section sections heading headings research under guide digest cover covered covers")
_PART, _PART_WITHOUT_CUE = 0.85, 0.65
"""How surely a heading is meant by its telling words alone."""
_LONG_STEM = 6
_SLACK = 3
"""Words that may stand between those of a heading."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading: as shown, its stems in order, those that tell it from others, and its entries."""

    name: str
    stems: tuple[str, ...]
    telling: frozenset[str]
    entries: frozenset[int]


class Topics:
    """The headings that papers stand under."""

    def __init__(self, entries: Iterable[StoredEntry], texts: Mapping[int, str]) -> None:
        stored = list(entries)
        self._topics = _topics(stored)
        self._by_stem: dict[str, list[Topic]] = defaultdict(list)
        self._by_word: dict[str, str] = {}
        for topic in self._topics:
            for each in set(topic.stems):
                self._by_stem[each].append(topic)
            self._by_word.update((word, stem(word)) for word in words(topic.name))
        self._by_word |= {each: each for each in self._by_stem if len(each) > 4}
        self._vocabulary = Vocabulary(self._by_word)
        self._elsewhere = self._spread(stored, texts)
        self._initials = _initials(self._topics, {s.id: f"{s.entry.title} {texts[s.id]}" for s in stored})

    def read(self, asked: Asked) -> list[Mention]:
        """The topics that a question names."""
        where: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, word in enumerate(asked.folded):
            for known, exactness in self._stems(asked, word):
                where[known].append((at, exactness))
        topics = {topic.name: topic for known in where for topic in self._by_stem[known]}
        found = [mention for topic in topics.values() for mention in self._mentions(asked, topic, where)]
        return longest([*found, *self._by_initials(asked)])

    def _stems(self, asked: Asked, word: str) -> list[tuple[str, float]]:
        if word in STOP:
            return []
        if (known := stem(word)) in self._by_stem:
            return [(known, 1.0)]
        if word in asked.ordinary:
            return []
        return [(self._by_word[hit], exactness) for hit, exactness in self._vocabulary.near(word)]

    def _mentions(
        self, asked: Asked, topic: Topic, where: Mapping[str, list[tuple[int, float]]]
    ) -> Iterator[Mention]:
        said = tuple(each for each in topic.stems if each in where)
        whole = len(said) == len(topic.stems)
        wanted = said if whole else tuple(each for each in said if each in topic.telling)
        complete = len(wanted) == len(topic.telling)
        if not whole and not (wanted and self._is_telling(topic, frozenset(wanted), complete=complete)):
            return
        for first, exactness in where[wanted[0]]:
            places = [(first, exactness)]
            for each in wanted[1:]:
                places.append(min(where[each], key=lambda place: abs(place[0] - places[-1][0])))
            positions = [at for at, _ in places]
            if max(positions) - min(positions) < len(wanted) + _SLACK and len(set(positions)) == len(wanted):
                spread = max(positions) - min(positions) + 1 - len(wanted)
                cue = asked.has(PAPER_CUES | _CUES) or asked.alone(min(positions), max(positions) + 1)
                if not (complete or whole or cue):
                    continue
                part = 1.0 if whole else (_PART if cue else _PART_WITHOUT_CUE) - (0.0 if complete else 0.1)
                least = min(exact for _, exact in places) * part * (1 - 0.1 * spread)
                span = asked.span(min(positions), max(positions) + 1)
                wider = self._wider(topic) if whole else frozenset[int]()
                yield Mention(What.TOPIC, topic.name, span, topic.entries, round(least, 3), wider=wider)

    def _wider(self, topic: Topic) -> frozenset[int]:
        others = (other for other in self._by_stem[topic.stems[0]] if set(topic.stems) < set(other.stems))
        return frozenset[int]().union(*(other.entries for other in others)) - topic.entries

    def _is_telling(self, topic: Topic, wanted: frozenset[str], *, complete: bool) -> bool:
        """Whether some words of a topic mean it: no other topic has them, and hardly an entry outside it."""
        if not complete and (2 * len(wanted) < len(topic.telling) or max(map(len, wanted)) < _LONG_STEM):
            return False
        if any(wanted <= set(other.stems) for other in self._topics if other is not topic):
            return complete and len(wanted) == 1 and len(topic.stems) <= 2
        outside = (
            frozenset.intersection(*(self._elsewhere.get(each, frozenset()) for each in wanted)) - topic.entries
        )
        return len(outside) <= (max(3, len(topic.entries)) if complete else 1)

    def _spread(self, stored: Iterable[StoredEntry], texts: Mapping[int, str]) -> dict[str, frozenset[int]]:
        """Which entries' titles, and which papers' texts, have a stem."""
        has: dict[str, set[int]] = defaultdict(set)
        for each in stored:
            if each.entry.kind is Kind.PAPER:
                for word in set(words(f"{each.entry.title} {texts[each.id]}")):
                    if (known := stem(word)) in self._by_stem:
                        has[known].add(each.id)
        return {known: frozenset(ids) for known, ids in has.items()}

    def _by_initials(self, asked: Asked) -> Iterator[Mention]:
        for at, word in enumerate(asked.folded):
            for initials in (word, word.removesuffix("s")):
                if at + 1 < len(asked.tokens) and asked.gap(at) in {"-", "–"}:
                    continue  # "DP-SGD" is a name of its own
                capitals = asked.tokens[at].text[: len(initials)].isupper()
                if capitals or (len(initials) > 2 and initials not in asked.ordinary):
                    for topic in self._initials.get(initials, ()):
                        sure = 0.9 if capitals or asked.has(PAPER_CUES) or asked.alone(at, at + 1) else 0.7
                        yield Mention(What.TOPIC, topic.name, asked.span(at, at + 1), topic.entries, sure)


def _topics(entries: Iterable[StoredEntry]) -> list[Topic]:
    shown: dict[tuple[str, ...], str] = {}
    carried: dict[tuple[str, ...], set[int]] = defaultdict(set)
    under: set[tuple[str, ...]] = set()
    for stored in entries:
        for heading in stored.entry.headings:
            name = _NUMBER.sub("", heading, count=1).strip()
            stems = tuple(stem(word) for word in words(name) if word not in STOP)
            if stems:
                shown.setdefault(stems, name)
                carried[stems].add(stored.id)
                if stored.entry.kind is Kind.PAPER:
                    under.add(stems)
    return [
        Topic(shown[stems], stems, frozenset(stems) - _GENERIC, frozenset(carried[stems]))
        for stems in sorted(under)
    ]


def _initials(topics: Iterable[Topic], said: Mapping[int, str]) -> dict[str, list[Topic]]:
    """Topics by the initials of their names; where several have the same, those whose entries write them so."""
    found: dict[str, list[Topic]] = defaultdict(list)
    for topic in topics:
        initials = "".join(word[0] for word in words(topic.name) if word not in STOP)
        if len(initials) > 1:
            found[initials].append(topic)
    for initials, same in found.items():
        written = re.compile(rf"\b{initials.upper()}s?\b")
        attested = [topic for topic in same if any(written.search(said[each]) for each in topic.entries)]
        found[initials] = attested or same
    return dict(found)
