"""Makes questions from the entries of a corpus, by rule, as people type them.

Follows task-specific exam generation (Guinet et al., ICML 2024) without a language model: the answer is known,
because the question is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.exam_wording import PHRASES, distinctive_words, halves, paraphrased, reworded, with_typos
from corpus.model import Kind
from corpus.passages import sentence_spans
from corpus.places import full_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from corpus.store import StoredEntry

TextOf = Callable[["StoredEntry"], str]

_SENTENCES = 2
"""The most sentences of an entry that become questions."""

_LOWER_CASE, _RAMBLING, _SLIPPING = 0.4, 0.15, 0.15
"""Shares of questions in lower case, in many words, and with typos."""


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """A question with the keys of the entries that answer it (``gold``; none if it is unanswerable).

    ``form`` names the rule that made it; ``said`` holds the page's words that it was made from.
    """

    question: str
    kind: Kind | None
    form: str
    gold: frozenset[str]
    said: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers it."""
        return bool(self.gold)


def questions_of(entries: Sequence[StoredEntry], text_of: TextOf, random: Random) -> Iterator[ExamQuestion]:
    """Make questions about single entries, one of each key; see ``lists_of`` for lists."""
    maker = _Maker(random)
    for entry in entries:
        if entry.entry.kind is Kind.PAPER:
            yield from maker.of_title(entry)
        if entry.entry.kind is Kind.JOB:
            yield from maker.of_job(entry)
        yield from maker.of_text(entry, text_of(entry))


def typed(question: str, random: Random) -> str:
    """Type a question as in a chat: sometimes in lower case, in many words, or with a typo."""
    if random.random() < _RAMBLING:
        question = random.choice(PHRASES["rambling"]).format(question)
    if random.random() < _LOWER_CASE:
        question = question.lower()
    return with_typos(question, random) if random.random() < _SLIPPING else question


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
        words = distinctive_words(rest or title, 4, random)
        yield self._worded("title", PHRASES["looking"], words, entry)
        words = distinctive_words(title, 5, random)
        yield self._worded("title in other words", PHRASES["looking"], reworded(words, random), entry)
        yield _asked("title with slips", with_typos(" ".join(words).lower(), random), words, entry)
        few = reworded(distinctive_words(title, 3, random), random, 0.7)
        random.shuffle(few)
        yield self._worded("a few words of a title", PHRASES["looking"], few, entry)
        yield from self._vague("title", PHRASES["vague_looking"], distinctive_words(title, 5, random), entry)
        if entry.entry.authors:
            yield from self._of_authors(entry)

    def _of_authors(self, entry: StoredEntry) -> Iterator[ExamQuestion]:
        title, random = entry.entry.title, self.random
        words = distinctive_words(title, 5, random)
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
        templates = PHRASES["working"] if is_job else PHRASES["telling"]
        for sentence in random.sample(said, min(len(said), _SENTENCES)):
            words = distinctive_words(sentence, random.choice((3, 4, 5, 6)), random)
            if len(words) < 3:
                continue
            yield self._worded("words of a sentence", templates, words, entry)
            yield self._worded("a sentence in other words", templates, reworded(words, random), entry)
            vague = PHRASES["vague_working"] if is_job else PHRASES["vague_looking"]
            yield from self._vague("sentence", vague, words, entry)
            if name := name_of(entry):
                about = " ".join(reworded(words[:4], random))
                asked = random.choice(PHRASES["detail"]).format(name=name, words=about)
                yield _asked("detail of a name", asked, words, entry)

    def _worded(self, form: str, templates: Sequence[str], words: list[str], entry: StoredEntry) -> ExamQuestion:
        question = self.random.choice(templates).format(" ".join(words))
        return _asked(form, typed(question, self.random), words, entry)

    def _vague(
        self, what: str, templates: Sequence[str], words: list[str], entry: StoredEntry
    ) -> Iterator[ExamQuestion]:
        own = paraphrased(words, self.random)
        if len(own) >= 2:
            a, b = halves(own)
            question = self.random.choice(templates).format(a=a, b=b)
            yield _asked(f"{what} in own words", typed(question, self.random), words, entry)


def name_of(entry: StoredEntry) -> str | None:
    """Return what people call an entry: a paper's short title, a job's role and city."""
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
"""The most questions about pairs of facts that occur together, and about pairs that do not."""

Keys = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The keys of entries by author, topic, topic at a venue, place, team and role."""

    authors: Keys
    topics: Keys
    venues: Keys
    events: Keys
    places: Keys
    teams: Keys
    roles: Keys


def lists_of(entries: Sequence[StoredEntry], random: Random) -> Iterator[ExamQuestion]:
    """Make questions for lists of entries; pairs of facts that no entry has together are unanswerable."""
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
