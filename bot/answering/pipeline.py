"""The responder: from a question and its conversation to an answer, step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answer import Answer
from bot.answering.boosts import Boosts, boosts_of
from bot.answering.citations import Wanted, citation_of, completed, excerpt_of, stretch_of
from bot.answering.confidence import Evidence, Signals, carriers, said_by, signals_of
from bot.answering.explain import Explanation, recognised_in, scored, weighed
from bot.answering.facts import (
    Facts,
    carriers_of,
    facts_of,
    one_of_each,
    ordered,
    selects_alone,
    visible_to,
    weights,
    within_latest,
)
from bot.answering.names import Names
from bot.answering.summary import Coverage, browsed, missing_of, no_authors_of, summary_of
from bot.facts import FactFilter
from bot.query import intent as cues
from bot.query.attributes import gives
from bot.query.follow_ups import Whole, whole
from bot.query.query import Intent, Reading, read
from corpus import clock
from corpus.gazetteer import Gazetteer, Ids, What
from corpus.model import Kind
from corpus.store import Filter
from corpus.text import folded
from embeddings.confidence import Calibration
from embeddings.ranking import Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.answer import Citation
    from corpus.model import Span
    from corpus.store import StoredEntry
    from embeddings.collection import Library
    from embeddings.fulltext import Term


_GIVES = 0.08
"""What a hit gains whose text gives the attribute that is asked for."""

_RANKED = 200
"""Entries of a list that are ranked by what else is asked."""

_RESCORED = 20
"""Hits whose texts are read for an attribute."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one question.

    ``reading`` is the question alone, ``brought`` the same with the names that the conversation brings in;
    ``telling`` are its stems, ``texts`` what was read of entries, by hit.
    """

    asked: Whole
    reading: Reading
    brought: Reading
    facts: Facts
    hits: list[Hit]
    entries: Mapping[int, StoredEntry]
    boosts: Boosts
    telling: Mapping[str, Term]
    names: Gazetteer
    texts: dict[int, tuple[Span, str]] = field(default_factory=dict)


class Finder:
    """Finds what may answer a question. Safe to share between threads.

    Args:
        library: the corpus.
        today: tells the day on which questions are asked.
    """

    def __init__(self, library: Library, today: Callable[[], date]) -> None:
        self._library = library
        self._today = today

    def find(self, asked: Whole, names: Gazetteer, allowed: Filter, top: int) -> Found:
        """Find the entries that may answer a question.

        Args:
            asked: the question, with what the conversation brings in.
            names: of the corpus, as the asker sees it.
            allowed: what it may be answered from.
            top: entries at most.

        Raises:
            DigestbotError: the corpus or the model cannot be used.
        """
        store = self._library.store
        today = self._today()
        reading = read(asked.asked, names, today)
        allowed = within_latest(reading, names, allowed)
        # The names that the conversation brings in move up what carries them, and select nothing.
        brought = reading if asked.searched == asked.asked else read(asked.searched, names, today)
        visible = visible_to(allowed, names)
        facts = facts_of(reading, names.cards, visible)
        # Where nothing but facts is asked for, the first of the list are shown, and no others need be found.
        ranked = reading.is_list and bool(reading.rest)
        limit = max(top, _RESCORED, min(len(facts.all), _RANKED) if ranked else 0)
        lifted = visible if ranked else visible & names.cards.twins(facts.listed[:limit].ids)
        boosts = boosts_of(brought, facts, names.cards, visible, lifted, asked.lifts)
        behind = names.versions.behind
        hits = self._library.search(asked.searched, allowed, limit, weights(reading), boosts, behind)
        entries = store.entries_by_id([hit.passage.entry for hit in hits])
        hits = [hit for hit in hits if hit.passage.entry in entries]  # else removed since the search
        hits = self._with_attributes(reading, hits, entries)
        shown = one_of_each(ordered(reading, facts, hits), names)[:top]
        telling = self._telling(asked.searched)
        found = Found(asked, reading, brought, facts, shown, entries, boosts, telling, names)
        return self._told_first(found)

    def _with_attributes(self, reading: Reading, hits: list[Hit], entries: Mapping[int, StoredEntry]) -> list[Hit]:
        """Move up what gives what is asked for."""
        wanted = [attribute for attribute in reading.attributes if attribute.needed]
        if not wanted:
            return hits
        store = self._library.store
        gains = {
            hit.passage.id: _GIVES
            for hit in hits[:_RESCORED]
            if any(gives(stretch_of(store, hit, entries[hit.passage.entry])[1], attribute) for attribute in wanted)
        }
        return sorted(hits, key=lambda hit: -(hit.score + gains.get(hit.passage.id, 0.0)))

    def _told_first(self, found: Found) -> Found:
        """Of the entries that tell of one paper, put first the one whose sentence says most of what is asked.

        A page tells of a paper in several stretches, with pictures between them.
        """
        if found.reading.is_list or found.reading.intent is Intent.WHO:
            return found
        entries, hits = found.entries, list(found.hits)
        of_title: dict[str, list[int]] = {}
        for at, hit in enumerate(hits):
            if hit.passage.kind is not Kind.JOB:
                of_title.setdefault(folded(entries[hit.passage.entry].entry.title), []).append(at)
        for places in of_title.values():
            if len(places) > 1:
                ranked = sorted((hits[at] for at in places), key=lambda hit: -self._tells(found, hit))
                for at, hit in zip(places, ranked, strict=True):
                    hits[at] = hit
        return replace(found, hits=hits)

    def _tells(self, found: Found, hit: Hit) -> float:
        span, text = self.read_of(found, hit)
        return excerpt_of(text, span, self.wanted(found, hit)).worth

    def _telling(self, question: str) -> dict[str, Term]:
        """The stems of a question without those of asking."""
        words = {word.start(): folded(word[0]) for word in re.finditer(r"\w+", question)}
        terms = self._library.terms(question)
        return {
            stem: term
            for stem, term in terms.items()
            if not all(cues.is_common(words.get(at, "")) for at in term.at)
        }

    def wanted(self, found: Found, hit: Hit) -> Wanted:
        """What to choose an excerpt by.

        The names that the entry carries are left out of the question's words: all of it is about them.
        """
        entry = hit.passage.entry
        names = [m.span for m in found.brought.mentions if entry in m.entries or entry in m.named_in_text]
        rarity = {
            stem: term.rarity
            for stem, term in found.telling.items()
            if not any(term.within(span.start, span.end) for span in names)
        }
        cosines = {span: cosine for span, cosine in hit.sentences if span is not None}
        return Wanted(cosines, rarity, self._library.stems, found.reading.attributes)

    def read_of(self, found: Found, hit: Hit) -> tuple[Span, str]:
        """What is looked at of a hit's entry, with its text; read once for each hit."""
        if hit.passage.id not in found.texts:
            found.texts[hit.passage.id] = stretch_of(self._library.store, hit, found.entries[hit.passage.entry])
        return found.texts[hit.passage.id]


_NAMED = frozenset({What.TOPIC, What.AUTHOR, What.VENUE, What.PLACE, What.TEAM})
"""The facts that are browsed by as names are found: with slips, and a city by any of its names."""

_NEAREST = 5
"""Citations that are shown of what was nearest, where nothing answers."""

_SIGNALS = tuple(signal.name for signal in fields(Signals))

_WORTH = 0.5
"""Share of the best citation's score from which another one is shown, where no list is asked for: on the question
set that leaves out two citations of five, and none that was wanted."""


class Responder:
    """Answers questions over one library. Safe to share between threads."""

    def __init__(
        self, library: Library, notify: Callable[[str], None], today: Callable[[], date] = clock.today
    ) -> None:
        """Answer over a library.

        Args:
            library: the corpus.
            notify: is told where its folder's calibration cannot be used.
            today: tells the day on which questions are asked.
        """
        self._today = today
        self._library = library
        self._notify = notify
        self._names = Names(library)
        self._finder = Finder(library, today)
        self._coverage = Coverage(library, self._names)

    def wait(self) -> None:
        """Wait for what goes on in the background; it ends soon where the library has been closed."""
        self._names.wait()

    def answer(self, question: str, history: Sequence[str], allowed: Filter, top: int) -> Answer:
        """Answer a checked question, see ``Assistant.ask``."""
        return self._answer(question, history, allowed, top)[0]

    def explain(self, question: str, history: Sequence[str], allowed: Filter, top: int) -> Explanation:
        """Answer a checked question and tell how, see ``Assistant.explain``."""
        answer, found, refusal = self._answer(question, history, allowed, top)
        return Explanation(
            answer,
            found.asked.searched,
            str(found.reading.intent),
            str(found.reading.kind) if found.reading.kind else None,
            recognised_in(found.brought),
            scored(found.hits, found.entries, found.boosts),
            weighed(answer.signals, self.calibration),
            self.calibration.threshold,
            refusal,
        )

    def _answer(
        self, question: str, history: Sequence[str], allowed: Filter, top: int
    ) -> tuple[Answer, Found, str | None]:
        """Answer a question, with what was found for it and why it is refused, if it is."""
        store = self._library.store
        names = self._names.of(allowed.scope, gone=allowed.gone)
        seen = Filter(allowed.scope, gone=allowed.gone)
        asked = whole(
            self._library.spelt(question, seen),
            [self._library.spelt(each, seen) for each in history],
            names,
            lambda before: self._cited(before, names, allowed),
            today=self._today(),
        )
        found = self._finder.find(asked, names, allowed, top)
        with store.snapshot():  # an entry that is still there stands in the text that it was found in
            evidence, signals = self._judged(found)
            confidence = self._confidence(found, signals)
            refusal = self._refusal(found, evidence)
            answered = (
                bool(found.hits)
                and not refusal
                and not found.reading.is_chat
                and confidence >= self.calibration.threshold
            )
            chosen = _worth_showing(found) if answered else _nearest(found)
            citations = self._cite(found, chosen, Filter(allowed.scope, gone=allowed.gone))
        if answered:
            shown = [found.entries[citation.entry_id] for citation in citations]
            summary = summary_of(found.reading, found.facts, shown)
        else:
            summary = refusal or self._coverage.told(allowed.scope, found.reading)
        answer = Answer(
            question=question,
            answered=answered,
            confidence=confidence,
            summary=summary,
            citations=citations if answered else (),
            nearest=() if answered else citations,
            understood=asked.about,
            signals=signals,
        )
        return answer, found, refusal

    def browse(self, kind: Kind, facts: Mapping[str, str], scope: int | None, top: int, page: int) -> Answer:
        """List entries by their facts, see ``Assistant.browse``."""
        store, names = self._library.store, self._names.of(scope)
        found = names.cards.of_kind(kind)
        named = {What(name): value for name, value in facts.items() if name in _NAMED}
        for what, name in named.items():
            found &= carriers_of(names, what, name)
        others = FactFilter({name: value for name, value in facts.items() if name not in _NAMED}, self._today())
        if others:
            inside = store.entries_by_id(list(found))
            found &= Ids(i for i, stored in inside.items() if others.fits(stored))
        chosen = names.cards.distinct(found)
        pages = max(1, -(-len(chosen) // top))
        page = min(page, pages)
        shown = [names.newest(i, found) for i in chosen[(page - 1) * top : page * top]]
        with store.snapshot():
            entries = store.entries_by_id(shown)
            passages = store.passages(store.passages_of(list(entries)))
            first = {passage.entry: passage for _, passage in sorted(passages.items(), reverse=True)}
            twins = store.entries_by_key([entry.key for entry in entries.values()], Filter(scope))
            citations = tuple(
                completed(
                    citation_of(
                        rank,
                        hit := Hit(first[i], 1.0, 0.0, 0.0),
                        entries[i],
                        twins.get(entries[i].key, ()),
                        stretch_of(store, hit, entries[i]),
                        Wanted({}, {}, self._library.stems),
                        store,
                        self._today(),
                    ),
                    entries[i],
                    names,
                    store,
                )
                for rank, i in enumerate(shown, (page - 1) * top + 1)
                if i in entries and i in first
            )
        summary = browsed(len(chosen), kind, facts, page, pages)
        return Answer(summary, bool(citations), float(bool(citations)), summary, citations)

    def selected(self, question: str, allowed: Filter) -> frozenset[int]:
        """The ids of the entries that the names of a question select, or its kind alone.

        None where it asks for more than that, and none where it names one thing. Waits for the names of now.
        """
        names = self._names.of(allowed.scope, as_they_are=True)
        reading = read(self._library.spelt(question, Filter(allowed.scope)), names, self._today())
        if reading.rest or reading.is_chat:
            return frozenset()
        visible = visible_to(allowed, names)
        if reading.kind and not reading.mentions:
            return frozenset(visible & names.cards.of_kind(reading.kind))
        return frozenset(facts_of(reading, names.cards, visible).all.ids if reading.is_list else ())

    def names(self, what: What, typed: str, scope: int | None, most: int) -> list[str]:
        """Names of the corpus to choose from, see ``Assistant.names``."""
        return self._names.of(scope).catalogue.names(what, typed, most)

    @cached_property
    def calibration(self) -> Calibration:
        """What turns signals into a confidence; read once."""
        fingerprint = self._library.encoder.fingerprint
        return Calibration.load(self._library.folder, fingerprint, _SIGNALS, self._notify)

    def _cited(self, before: Whole, names: Gazetteer, allowed: Filter) -> list[StoredEntry]:
        """What a question before was answered with."""
        found = self._finder.find(before, names, allowed, 5)
        _, signals = self._judged(found)
        if self._confidence(found, signals) < self.calibration.threshold:
            return []
        return [found.entries[hit.passage.entry] for hit in found.hits if hit.passage.entry in found.entries]

    def _judged(self, found: Found) -> tuple[list[Evidence], dict[str, float]]:
        """The first hits with what they say, and the signals of an answer made of them."""
        evidence = self._evidence(found)
        signals = signals_of(found.reading, found.facts, evidence, found.hits, found.telling)
        return evidence, {name: getattr(signals, name) for name in _SIGNALS}

    def _confidence(self, found: Found, signals: Mapping[str, float]) -> float:
        """How sure an answer is; what the calendar or the kind alone selects is no guess, whatever words say."""
        return 1.0 if selects_alone(found.reading, found.facts) else self.calibration.confidence(signals)

    def _evidence(self, found: Found) -> list[Evidence]:
        evidence: list[Evidence] = []
        for hit in carriers(found.brought, found.hits):
            entry = found.entries[hit.passage.entry]
            text = said_by(entry, self._finder.read_of(found, hit)[1])
            heading = "\n".join(
                (entry.entry.title, *entry.entry.headings, entry.entry.role or "", entry.entry.team or "")
            )
            stems = (frozenset(self._library.stems(each)) for each in (text, heading))
            evidence.append(Evidence(hit, entry, text, *stems))
        return evidence

    def _refusal(self, found: Found, evidence: Sequence[Evidence]) -> str | None:
        """Why the question cannot be answered whatever is near, else None."""
        reading = found.reading
        first = evidence[0].entry if evidence else None
        titled = any(first and first.id in m.entries for m in reading.named(What.TITLE))
        if reading.intent is Intent.WHO and titled and first and not first.entry.authors:
            return no_authors_of(first)
        return missing_of(reading, found.facts) if reading.is_list else None

    def _cite(self, found: Found, hits: Sequence[tuple[int, Hit]], allowed: Filter) -> tuple[Citation, ...]:
        """Cite hits, each with its place among all: those behind the first few are quoted in short."""
        store = self._library.store
        twins = store.entries_by_key([hit.passage.key for _, hit in hits], allowed)
        cited = (
            completed(
                citation_of(
                    rank,
                    hit,
                    found.entries[hit.passage.entry],
                    twins.get(hit.passage.key, ()),
                    self._finder.read_of(found, hit),
                    self._finder.wanted(found, hit),
                    store,
                    self._today(),
                ),
                found.entries[hit.passage.entry],
                found.names,
                store,
            )
            for rank, hit in hits
        )
        return tuple(each if each.rank == rank else replace(each, rank=rank) for rank, each in enumerate(cited, 1))


def _worth_showing(found: Found) -> list[tuple[int, Hit]]:
    """The hits without those that are only near, with their places."""
    least = 0.0 if found.reading.is_list else _WORTH * max(hit.score for hit in found.hits)
    return [(place, hit) for place, hit in enumerate(found.hits, 1) if hit.score >= least]


def _nearest(found: Found) -> list[tuple[int, Hit]]:
    """The hits that are shown where nothing answers, with their places."""
    return [] if found.reading.is_chat else list(enumerate(found.hits[:_NEAREST], 1))
