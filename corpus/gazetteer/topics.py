"""Topics: the headings that papers stand under, by their telling words, their kin and their initials."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.gazetteer.mentions import NO_IDS, Ids, Mention, What, longest
from corpus.gazetteer.postings import List
from corpus.gazetteer.tokens import PAPER_CUES, STOP, stem, word_set, words
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked
    from corpus.store import StoredEntry


_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[IVXLC]{1,6}[.):])\s+(?=\S)")
_CAPITALS = re.compile(r"\b[^\W_a-z]{2,8}s?\b")
GENERIC = {
    stem(word)
    for word in word_set(
        "ai algorithm analysis application approach artificial based data deep general improvement in intelligence"
        " large learning machine method methodology ml model modeling network neural new paper problem research"
        " science scientific study system task technique theory tool topic track"
    )
}
"""Stems of words that tell no heading from another."""
_LONGEST = 30
"""Stems of a heading, beyond which it is taken for a sentence."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading: its stems in order, and those that tell it from others."""

    stems: tuple[str, ...]
    telling: frozenset[str]

    @property
    def key(self) -> str:
        """Its stems, put together."""
        return " ".join(self.stems)


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the headings that an entry stands under, and what it says.

    A heading is known by its stems, put together; all entries stand by them. For papers the keys are, further,
    each stem alone; each stem with all of them, the number of telling ones between, so that short headings come
    first; and the initials with all of them. What papers say, in title and text, stands by its stems; what entries
    write in capitals stands in lower case.
    """
    entry = stored.entry
    journal = folded(stored.venue or "")
    for name, stems in map(read_heading, entry.headings):
        if folded(name) == journal:  # where a paper came out is no topic
            continue
        if 0 < len(stems) <= _LONGEST:
            into.add(List.TOPIC, " ".join(stems), stored.id)
            if entry.kind is Kind.PAPER:
                _gather_topic(stored.id, name, stems, into)
    said = f"{entry.title} {text}"
    if entry.headings:
        for each in {word for word in _CAPITALS.findall(said) if not word.isdigit()}:
            if (capitals := each.removesuffix("s")).isupper():
                into.add(List.CAPITALS, capitals.lower(), stored.id)
    if entry.kind is Kind.PAPER:
        for each in set(map(stem, words(said))):
            into.add(List.TOPIC_SAID, each, stored.id)


def _gather_topic(paper: int, name: str, stems: Sequence[str], into: Gathered) -> None:
    for each in set(stems):
        into.add(List.TOPIC_STEM, each, paper)
        into.add(List.TOPIC_STEM, topic_key(each, stems), paper)
    into.spell(List.TOPIC_STEM, [*words(name), *(each for each in stems if len(each) > 4)])
    if len(initials := _initials(name)) > 1:
        into.add(List.TOPIC_INITIALS, f"{initials}\t{' '.join(stems)}", paper)


@lru_cache(maxsize=8192)
def read_heading(heading: str) -> tuple[str, tuple[str, ...]]:
    """A heading without its number, and the stems of its words."""
    name = _NUMBER.sub("", heading, count=1).strip()
    return name, tuple(stem(word) for word in words(name) if word not in STOP)


def topic_of(stems: str) -> Topic:
    """The topic of some stems, put together."""
    parted = tuple(stems.split(" "))
    return Topic(parted, frozenset(parted) - GENERIC)


def topic_key(each: str, stems: Sequence[str]) -> str:
    """The key of a topic by one of its stems."""
    return f"{each}\t{len(set(stems) - GENERIC):02}\t{' '.join(stems)}"


def _initials(name: str) -> str:
    return "".join(word[0] for word in words(name) if word not in STOP)


__all__ = ["Topics", "gather"]


_CUES = word_set("topic topics section sections heading headings research under guide digest cover covered covers")
_OF_TOPICS = PAPER_CUES | _CUES
_PART, _PART_WITHOUT_CUE = 0.85, 0.65
"""How surely a heading is meant by its telling words alone."""
_LONG_STEM = 6
_SLACK = 3
"""Words that may stand between those of a heading."""
_MOST = 500
"""Topics of a stem that are looked at: those with the fewest telling words, and those said word by word."""
_FEW = 50
"""Topics up to which those with all words of another one are gone through one by one."""
_IN_ORDER = 6
"""Stems of a topic that is looked for word by word."""
_SAME_INITIALS = 20
"""Topics of the same initials that are looked at: those with the most papers."""
_REMEMBERED = 1024
"""Stems whose topics are remembered."""


class Topics:
    """The headings that papers stand under."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._topics = lru_cache(_REMEMBERED)(self._topics_of)

    def read(self, asked: Asked) -> list[Mention]:
        """The topics that a question names."""
        where: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, word in enumerate(asked.folded):
            for known, exactness in self._stems(asked, word):
                where[known].append((at, exactness))
        said = frozenset(where)
        topics = {topic.stems: topic for known in where for topic in self._likely(known, said)}
        topics |= {topic.stems: topic for topic in self._in_order(asked, where)}
        found = [mention for topic in topics.values() for mention in self._mentions(asked, topic, where)]
        meant = longest([*found, *self._by_initials(asked)])
        return [replace(mention, name=self._written(mention)) for mention in meant]

    def _stems(self, asked: Asked, word: str) -> Sequence[tuple[str, float]]:
        if word in STOP:
            return ()
        if self._seen.ids(List.TOPIC_STEM, known := stem(word)):
            return [(known, 1.0)]
        if word in asked.ordinary:
            return ()
        near = self._seen.near(List.TOPIC_STEM, word, self._stem_of)
        return [(self._stem_of(hit), exactness) for hit, exactness in near]

    def _stem_of(self, word: str) -> str:
        """The stem of a known word, which may be a stem itself."""
        return word if len(word) > 4 and self._seen.ids(List.TOPIC_STEM, word) else stem(word)

    def _likely(self, known: str, said: frozenset[str]) -> Iterator[Topic]:
        """The topics of a stem of whose telling words enough are said to mean them.

        That is half of them, and not one of several alone that stands in other topics, too. Of a generic stem they
        are those of generic stems alone: others are found by other stems.
        """
        topics = self._topics(topic_key(known, ()) if known in GENERIC else f"{known}\t")
        telling = said - GENERIC
        for stems in topics:
            each = stems.split(" ")
            held = len(telling.intersection(each))
            wanted = len(set(each) - GENERIC)
            if held == wanted or (2 * held >= wanted and (held > 1 or len(topics) == 1)):
                yield topic_of(stems)

    def _topics_of(self, start: str) -> Sequence[str]:
        """The keys of the topics that stand in the list behind a beginning, the fewest telling words first."""
        keys = self._seen.keys_from(List.TOPIC_STEM, start, _MOST)
        return tuple(key.rpartition("\t")[2] for key, _ in keys)

    def _entries(self, topic: Topic) -> Ids:
        return self._seen.ids(List.TOPIC, topic.key)

    def _in_order(self, asked: Asked, where: Iterable[str]) -> Iterator[Topic]:
        """The topics that a question says word by word, where a stem may have more than are looked at."""
        if all(len(self._seen.ids(List.TOPIC_STEM, known)) < _MOST for known in where):
            return
        said = [stem(word) for word in asked.folded if word not in STOP]
        for start in range(len(said)):
            for stop in range(start + 1, min(start + _IN_ORDER, len(said)) + 1):
                if self._seen.ids(List.TOPIC_STEM, topic_key(said[start], said[start:stop])):
                    yield topic_of(" ".join(said[start:stop]))

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
                cue = asked.has(_OF_TOPICS) or asked.alone(min(positions), max(positions) + 1)
                if not (complete or whole or cue):
                    continue
                part = 1.0 if whole else (_PART if cue else _PART_WITHOUT_CUE) - (0.0 if complete else 0.1)
                least = min(exact for _, exact in places) * part * (1 - 0.1 * spread)
                span = asked.span(min(positions), max(positions) + 1)
                wider = self._wider(topic) if whole else NO_IDS
                entries = self._entries(topic)
                yield Mention(What.TOPIC, topic.key, span, entries, round(least, 3), wider=wider)

    def _written(self, mention: Mention) -> str:
        """The topic that a mention names by its key, as the first of its entries writes it."""
        for stored in self._seen.stored([mention.entries.min()]).values():
            for name, stems in map(read_heading, stored.entry.headings):
                if " ".join(stems) == mention.name:
                    return name
        return mention.name

    def _having(self, stems: Iterable[str]) -> Sequence[str]:
        """The keys of the topics that have the rarest of some stems."""
        rarest = min(stems, key=lambda each: len(self._seen.ids(List.TOPIC_STEM, each)))
        return self._topics(f"{rarest}\t")

    def _wider(self, topic: Topic) -> Ids:
        having, stems = self._having(topic.stems), set(topic.stems)
        if len(having) < _FEW:
            longer = (other for other in having if stems < set(other.split(" ")))
            found = self._seen.carriers(List.TOPIC, longer)
        else:  # the papers that have the words in their headings
            found = _in_all(self._seen.ids(List.TOPIC_STEM, each) for each in stems)
        return found - self._entries(topic)

    def _is_telling(self, topic: Topic, wanted: frozenset[str], *, complete: bool) -> bool:
        """Whether some words of a topic mean it: no other topic has them, and hardly an entry outside it."""
        if not complete and max(map(len, wanted)) < _LONG_STEM:
            return False
        if any(wanted.issubset(other.split(" ")) for other in self._having(wanted) if other != topic.key):
            return complete and len(wanted) == 1 and len(topic.stems) <= 2
        entries = self._entries(topic)
        outside = _in_all(self._seen.ids(List.TOPIC_SAID, each) for each in wanted) - entries
        return len(outside) <= (max(3, len(entries)) if complete else 1)

    def _by_initials(self, asked: Asked) -> Iterator[Mention]:
        for at, word in enumerate(asked.folded):
            for initials in (word, word.removesuffix("s")):
                if at + 1 < len(asked.tokens) and asked.gap(at) in {"-", "–"}:
                    continue  # "DP-SGD" is a name of its own
                capitals = asked.tokens[at].text[: len(initials)].isupper()
                if capitals or (len(initials) > 2 and initials not in asked.ordinary):
                    for topic in self._of_initials(initials):
                        sure = 0.9 if capitals or asked.has(PAPER_CUES) or asked.alone(at, at + 1) else 0.7
                        span = asked.span(at, at + 1)
                        yield Mention(What.TOPIC, topic.key, span, self._entries(topic), sure)

    def _of_initials(self, initials: str) -> Iterable[Topic]:
        """The topics of some initials; where several have the same, those whose entries write them so."""
        keys = self._seen.keys_from(List.TOPIC_INITIALS, f"{initials}\t", _MOST)
        most = sorted(keys, key=lambda key: -len(key[1]))[:_SAME_INITIALS]
        same = [topic_of(stems) for stems, _ in most]
        written = self._seen.ids(List.CAPITALS, initials)
        return [topic for topic in same if self._entries(topic).intersect(written)] or same


def _in_all(having: Iterable[Ids]) -> Ids:
    """What is in all of some sets, the smallest first."""
    first, *others = sorted(having, key=len)
    return first.intersection(*others)
