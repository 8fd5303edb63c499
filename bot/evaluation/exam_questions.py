"""Making questions: from the entries of a corpus, by rule, as people type them.

After the idea of task-specific exam generation (Guinet et al., ICML 2024), without a language model: what is asked
for is known because the question is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation import exam_wording as phrases
from bot.evaluation.exam_wording import halves, in_own_words, otherwise, slipped, telling
from corpus.model import Kind
from corpus.passages import sentence_spans
from corpus.places import full_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from corpus.store import StoredEntry


TextOf = Callable[["StoredEntry"], str]

_SENTENCES = 2
"""Sentences of an entry that questions are made of, at most."""

_LOWER_CASE, _RAMBLING, _SLIPPING = 0.4, 0.15, 0.15
"""Shares of the questions that are typed without capitals, in many words, with slips of the finger."""


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """A question with what answers it.

    ``form`` says how it was made; ``gold`` are the keys of the entries that answer it, none where it cannot be
    answered. ``said`` are the words of the page that it was made of.
    """

    question: str
    kind: Kind | None
    form: str
    gold: frozenset[str]
    said: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the corpus has an answer."""
        return bool(self.gold)


def questions_of(entries: Sequence[StoredEntry], text_of: TextOf, random: Random) -> Iterator[ExamQuestion]:
    """Make questions about single entries; about lists of them ``lists_of`` does.

    Args:
        entries: what they are made of; one of each key.
        text_of: an entry's text.
        random: what is chosen where there is a choice; the same for the same seed.
    """
    maker = _Maker(random)
    for entry in entries:
        if entry.entry.kind is Kind.PAPER:
            yield from maker.of_title(entry)
        if entry.entry.kind is Kind.JOB:
            yield from maker.of_job(entry)
        yield from maker.of_text(entry, text_of(entry))


def typed(question: str, random: Random) -> str:
    """A question as somebody in a chat types it: perhaps in lower case, in many words, or with a slip."""
    if random.random() < _RAMBLING:
        question = random.choice(phrases.RAMBLING).format(question)
    if random.random() < _LOWER_CASE:
        question = question.lower()
    return slipped(question, random) if random.random() < _SLIPPING else question


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes questions of one entry at a time."""

    random: Random

    def of_title(self, entry: StoredEntry) -> Iterator[ExamQuestion]:
        title, random = entry.entry.title, self.random
        short, colon, rest = title.partition(":")
        if colon and len(short.split()) <= 3:
            for template in ("who wrote {}?", "what is {} about", "{}??", "tell me about {}"):
                if entry.entry.authors or not template.startswith("who"):
                    yield _asked("name", template.format(short), [short], entry)
        words = telling(rest or title, 4, random)
        yield self._worded("title", phrases.LOOKING, words, entry)
        words = telling(title, 5, random)
        yield self._worded("title in other words", phrases.LOOKING, otherwise(words, random), entry)
        yield _asked("title with slips", slipped(" ".join(words).lower(), random), words, entry)
        few = otherwise(telling(title, 3, random), random, 0.7)
        random.shuffle(few)
        yield self._worded("a few words of a title", phrases.LOOKING, few, entry)
        yield from self._vague("title", phrases.VAGUE_LOOKING, telling(title, 5, random), entry)
        if entry.entry.authors:
            yield from self._of_authors(entry)

    def _of_authors(self, entry: StoredEntry) -> Iterator[ExamQuestion]:
        title, random = entry.entry.title, self.random
        words = telling(title, 5, random)
        who = random.choice(("who are the authors of {}", "{} - who wrote that", "who is behind {}"))
        asked = who.format(random.choice((title, " ".join(words[:4]))))
        yield _asked("who", asked, words, entry)
        first = random.choice(("is there a paper on {}?", "tell me about {}")).format(" ".join(words))
        then = random.choice(("and who wrote it?", "who are the authors?", "whose work is that"))
        yield ExamQuestion(then, Kind.PAPER, "follow-up", frozenset({entry.key}), (), (first,))

    def of_job(self, entry: StoredEntry) -> Iterator[ExamQuestion]:
        name = name_of(entry)
        if name:
            template = self.random.choice(("what does the {} do", "{}", "tell me about the {} job"))
            yield _asked("role and place", template.format(name), [name], entry)

    def of_text(self, entry: StoredEntry, text: str) -> Iterator[ExamQuestion]:
        random = self.random
        said = [text[span.start : span.end] for span in sentence_spans(text) if 60 <= span.end - span.start <= 400]
        if entry.entry.authors or not said:
            return
        is_job = entry.entry.kind is Kind.JOB
        templates = phrases.WORKING if is_job else phrases.TELLING
        for sentence in random.sample(said, min(len(said), _SENTENCES)):
            words = telling(sentence, random.choice((3, 4, 5, 6)), random)
            if len(words) < 3:
                continue
            yield self._worded("words of a sentence", templates, words, entry)
            yield self._worded("a sentence in other words", templates, otherwise(words, random), entry)
            vague = phrases.VAGUE_WORKING if is_job else phrases.VAGUE_LOOKING
            yield from self._vague("sentence", vague, words, entry)
            if name := name_of(entry):
                about = " ".join(otherwise(words[:4], random))
                asked = random.choice(phrases.DETAIL).format(name=name, words=about)
                yield _asked("detail of a name", asked, words, entry)

    def _worded(self, form: str, templates: Sequence[str], words: list[str], entry: StoredEntry) -> ExamQuestion:
        question = self.random.choice(templates).format(" ".join(words))
        return _asked(form, typed(question, self.random), words, entry)

    def _vague(
        self, what: str, templates: Sequence[str], words: list[str], entry: StoredEntry
    ) -> Iterator[ExamQuestion]:
        own = in_own_words(words, self.random)
        if len(own) >= 2:
            a, b = halves(own)
            question = self.random.choice(templates).format(a=a, b=b)
            yield _asked(f"{what} in own words", typed(question, self.random), words, entry)


def name_of(entry: StoredEntry) -> str | None:
    """What people call an entry: a paper's short title, a job's role with its city."""
    inside = entry.entry
    if inside.kind is Kind.PAPER:
        short, colon, _ = inside.title.partition(":")
        return short if colon else inside.title
    if inside.kind is Kind.JOB and inside.role and inside.place and inside.place.city:
        return f"{inside.role} in {inside.place.city}"
    return None


def _asked(form: str, question: str, words: Sequence[str], entry: StoredEntry) -> ExamQuestion:
    return ExamQuestion(question, entry.entry.kind, form, frozenset({entry.key}), tuple(words))


_PAIRS = 40
"""Questions for facts that go together, and as many for such as do not, at most."""

Keys = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The keys of the entries that carry an author, a topic, a conference, the two of them, a place, and so on."""

    authors: Keys
    topics: Keys
    venues: Keys
    events: Keys
    places: Keys
    teams: Keys
    roles: Keys


def lists_of(entries: Sequence[StoredEntry], random: Random) -> Iterator[ExamQuestion]:
    """Make questions for lists of entries; those about facts that do not go together cannot be answered."""
    facts = _facts_of(entries)
    papers, jobs = Kind.PAPER, Kind.JOB
    by = ("papers by {}", "what has {} written?", "{}?", "anything by {}")
    yield from _listed(facts.authors, by, "author", papers, random)
    yield from _listed(
        facts.events, ("{}", "how many {}", "list the {}", "are there {}?"), "topic", papers, random
    )
    at = ("openings in {}", "jobs in {}?", "anything open in {}", "{} jobs", "how many jobs in {}")
    yield from _listed(facts.places, at, "place", jobs, random)
    of = ("what is open in the {} team", "is {} hiring", "jobs at {}")
    yield from _listed(facts.teams, of, "team", jobs, random)
    yield from _paired(facts.authors, facts.topics, ("papers by {} on {}", "{} {} papers"), papers, random)
    at_event = ("papers by {} at {}", "what did {} present at {}?")
    yield from _paired(facts.authors, facts.venues, at_event, papers, random)
    yield from _paired(facts.topics, facts.venues, ("{} papers at {}", "anything on {} at {}?"), papers, random)
    yield from _paired(facts.teams, facts.places, ("{} jobs in {}", "is {} hiring in {}?"), jobs, random)
    yield from _paired(facts.roles, facts.places, ("{} in {}", "any {} opening in {}?"), jobs, random)


def _listed(
    named: Mapping[str, set[str]], templates: Sequence[str], form: str, kind: Kind, random: Random
) -> Iterator[ExamQuestion]:
    for name, keys in named.items():
        yield ExamQuestion(random.choice(templates).format(name), kind, form, frozenset(keys), (name,))


def _paired(
    one: Keys, other: Keys, templates: Sequence[str], kind: Kind, random: Random
) -> Iterator[ExamQuestion]:
    if not one or not other:
        return
    carried: Keys = {}
    for b, keys in other.items():
        for key in keys:
            carried.setdefault(key, set()).add(b)
    together = sorted({(a, b) for a, keys in one.items() for key in keys for b in carried.get(key, ())})
    names, others = list(one), list(other)
    drawn = dict.fromkeys((random.choice(names), random.choice(others)) for _ in range(4 * _PAIRS))
    apart = [(a, b) for a, b in drawn if not one[a] & other[b]]
    for form, pairs in (("two facts", together), ("absent combination", apart)):
        for a, b in random.sample(pairs, min(len(pairs), _PAIRS)):
            gold = frozenset(one[a] & other[b])
            yield ExamQuestion(random.choice(templates).format(a, b), kind, form, gold, (a, b))


def _facts_of(entries: Sequence[StoredEntry]) -> _Facts:
    facts = _Facts({}, {}, {}, {}, {}, {}, {})
    for entry in entries:
        inside = entry.entry
        for author in inside.authors:
            facts.authors.setdefault(author, set()).add(entry.key)
        if inside.kind is Kind.PAPER and inside.section:
            event = " ".join(str(part) for part in (entry.venue, entry.year) if part)
            if event:
                facts.venues.setdefault(event, set()).add(entry.key)
            facts.topics.setdefault(inside.section, set()).add(entry.key)
            asked = f"{inside.section} papers" + (f" at {event}" if event else "")
            facts.events.setdefault(asked, set()).add(entry.key)
        if inside.kind is Kind.JOB and inside.place:
            country = full_name(inside.place).rpartition(", ")[2]
            for name in sorted({inside.place.city, country} - {None, ""}, key=str):
                facts.places.setdefault(str(name), set()).add(entry.key)
        if inside.kind is Kind.JOB and inside.role:
            facts.roles.setdefault(inside.role, set()).add(entry.key)
        if inside.kind is Kind.JOB and inside.team:
            facts.teams.setdefault(inside.team, set()).add(entry.key)
    return facts
