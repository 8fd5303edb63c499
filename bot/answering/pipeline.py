"""The answer pipeline: from a question and its conversation to an answer, step by step."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, fields, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from bot.answer import Answer, Certainty
from bot.answering.boosts import Boosts, boosts_of
from bot.answering.citations import Citer, Wanted, heading_of
from bot.answering.confidence import Evidence, Signals, carriers, signals_of
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
from bot.answering.order import RESCORED, lent, told_first, with_attributes
from bot.answering.summary import Coverage, browsed, missing_of, no_authors_of, not_told, summary_of
from bot.facts import FactFilter
from bot.query.follow_ups import DEEPEST, Resolved, Turn, ways_of
from bot.query.language import foreign_language, reads_english_alone
from bot.query.parser import parse
from bot.query.plan import Operation, Plan
from corpus import clock
from corpus.english import STOP
from corpus.gazetteer import Gazetteer, Ids, What
from corpus.store import Filter
from corpus.text import folded, tokens
from embeddings.confidence import Calibration
from embeddings.ranking import Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.answer import Citation
    from corpus.model import Kind
    from corpus.store import StoredEntry
    from embeddings.collection import Library
    from embeddings.fulltext import Term


_RANKED = 200
"""Entries of a list that are ranked by what else is asked."""

_CITED = 10
"""Entries that a question before is thought to have been answered with."""

_SELECTED = 500
"""Entries that a question before selected, up to which one is chosen among them."""

_NAMED = frozenset({What.TOPIC, What.AUTHOR, What.VENUE, What.PLACE, What.TEAM})
"""The facts that are browsed by as names are found: with slips, and a city by any of its names."""

_NEAREST = 5
"""Citations that are shown of what was nearest, where nothing answers."""

_TURNS = 64
"""Conversations whose last question is remembered as it was resolved."""

_WORTH = 0.5
"""Share of the best citation's score from which another one is shown, where no list is asked for."""

_NOT_SURE = "I am not sure that the digest answers this; these come nearest."

_SIGNALS = tuple(signal.name for signal in fields(Signals))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is answered from: the filter, and the names of all that the asker sees."""

    allowed: Filter
    names: Gazetteer

    @property
    def seen(self) -> Filter:
        """All that the asker sees."""
        return Filter(self.allowed.scope, gone=self.allowed.gone)

    @property
    def visible(self) -> Ids:
        """The entries that are asked of."""
        return visible_to(self.allowed, self.names)

    def only(self, entries: frozenset[int] | None) -> Scope:
        """Held to some entries; None for no change."""
        return self if entries is None else replace(self, allowed=replace(self.allowed, entries=entries))


@dataclass(frozen=True, slots=True)
class Run:
    """A question on its way, and what each step left behind.

    ``reading`` is the question alone, ``brought`` the same with the names that the conversation brings in;
    ``terms`` are its telling stems, ``refusal`` says why it cannot be answered whatever is near.
    """

    resolved: Resolved
    reading: Plan
    brought: Plan
    facts: Facts
    boosts: Boosts
    hits: list[Hit]
    entries: Mapping[int, StoredEntry]
    terms: Mapping[str, Term]
    citer: Citer
    evidence: Sequence[Evidence] = ()
    signals: Mapping[str, float] | None = None
    confidence: float = 0.0
    log_odds: float = 0.0
    refusal: str | None = None

    @property
    def wanted(self) -> Wanted:
        """What to choose excerpts by."""
        rarity = {stem: term.rarity for stem, term in self.terms.items()}
        return Wanted(self.reading.question, rarity, self.reading.attributes)

    def worth_of(self, hit: Hit) -> float:
        """How much the excerpt of a hit says."""
        return self.citer.excerpt(hit, self.entries[hit.passage.entry], self.wanted).worth

    def worth_showing(self) -> list[tuple[int, Hit]]:
        """The hits without those that are only near, with their places."""
        least = 0.0 if self.reading.is_list else _WORTH * max((hit.score for hit in self.hits), default=0.0)
        return [(place, hit) for place, hit in enumerate(self.hits, 1) if hit.score >= least]

    def nearest(self) -> list[tuple[int, Hit]]:
        """The hits that are shown where nothing answers, with their places."""
        return [] if self.reading.is_chat else list(enumerate(self.hits[:_NEAREST], 1))


class AnswerPipeline:
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
        self._library = library
        self._notify = notify
        self._today = today
        self._names = Names(library)
        self._coverage = Coverage(library, self._names)
        self._turns: OrderedDict[object, Turn] = OrderedDict()
        self._lock = Lock()

    def wait(self) -> None:
        """Wait for what goes on in the background; it ends soon where the library has been closed."""
        self._names.wait()

    def answer(self, question: str, history: Sequence[str], allowed: Filter, top: int) -> Answer:
        """Answer a checked question, see ``Assistant.ask``."""
        scope = self._scope(allowed)
        return self._told(question, self._resolved(question, history, scope, top), scope)

    def explain(self, question: str, history: Sequence[str], allowed: Filter, top: int) -> Explanation:
        """Answer a checked question and tell how, see ``Assistant.explain``."""
        scope = self._scope(allowed)
        run = self._resolved(question, history, scope, top)
        answer = self._told(question, run, scope)
        return Explanation(
            answer,
            run.resolved.searched,
            str(run.reading.operation),
            str(run.reading.kind) if run.reading.kind else None,
            recognised_in(run.brought),
            scored(run.hits, run.entries, run.boosts),
            weighed(answer.signals, self.calibration),
            self.calibration.threshold,
            run.refusal,
        )

    @cached_property
    def calibration(self) -> Calibration:
        """What turns signals into a confidence; read once."""
        fingerprint = self._library.encoder.fingerprint
        return Calibration.load(self._library.folder, fingerprint, _SIGNALS, self._notify)

    def _scope(self, allowed: Filter, *, as_they_are: bool = False) -> Scope:
        return Scope(allowed, self._names.of(allowed.scope, gone=allowed.gone, as_they_are=as_they_are))

    def _resolved(self, question: str, history: Sequence[str], scope: Scope, top: int) -> Run:
        """Resolve a follow-up: run it in each way in which it can be meant, and keep the one that answers best."""
        past = [" ".join(each.split()) for each in history if folded(each)][-DEEPEST:]
        before = self._turn(past, scope) if past else None
        spelt = self._library.spelt(question, scope.seen)
        ways = ways_of(spelt, before, scope.names, self._today())
        runs = [self._run(way, scope, top) for way in ways]
        return max(runs, key=lambda run: run.resolved.ease + min(run.log_odds, 6.0) - 20.0 * (not run.hits))

    def _turn(self, past: Sequence[str], scope: Scope) -> Turn:
        """The last question of a conversation as it was resolved; of one that goes on it is remembered."""
        key = (tuple(past), scope.allowed, self._library.store.generation, self._today())
        with self._lock:
            known = self._turns.get(key)
        if known is None:
            run = self._resolved(past[-1], past[:-1], scope, _CITED)
            answered = self._certainty(run) is Certainty.ANSWERED
            cited = [run.entries[hit.passage.entry] for hit in run.hits] if answered else []
            chosen = run.facts.all.ids if run.reading.is_list and len(run.facts.all) <= _SELECTED else ()
            known = Turn(run.resolved, run.reading, cited, frozenset(chosen))
            with self._lock:
                self._turns[key] = known
                while len(self._turns) > _TURNS:
                    self._turns.popitem(last=False)
        return known

    def _run(self, resolved: Resolved, scope: Scope, top: int) -> Run:
        """Read a question, select by facts, search, and judge."""
        scope = scope.only(resolved.within)
        today, names = self._today(), scope.names
        reading = parse(resolved.asked, names, today)
        # The names that the conversation brings in move up what carries them, and select nothing.
        brought = reading if resolved.searched == resolved.asked else parse(resolved.searched, names, today)
        facts = facts_of(reading, names, scope.visible, self._saying(scope))
        run = self._searched(Run(
            resolved, reading, brought, facts, Boosts(), [], {}, self._telling(resolved.asked),
            Citer(self._library.store, names, today),
        ), scope, top)  # fmt: skip
        return self._judged(run)

    def _saying(self, scope: Scope) -> Callable[[Sequence[str]], Ids]:
        """What gives the entries that say all of some words, among those that may be seen."""
        return lambda words: Ids(self._library.saying(words, scope.allowed))

    def _searched(self, run: Run, scope: Scope, top: int) -> Run:
        """Search, and put the hits in the order in which they are shown."""
        reading, names, facts = run.reading, scope.names, run.facts
        # Where nothing but facts is asked for, the first of the list are shown, and no others need be found.
        ranked = reading.is_list and bool(reading.rest)
        limit = max(top, RESCORED, min(len(facts.all), _RANKED) if ranked else 0)
        visible = scope.visible
        lifted = visible if ranked else visible & names.cards.twins(facts.listed[:limit].ids)
        boosts = boosts_of(run.brought, facts, names.cards, visible, lifted, run.resolved.lifts)
        hits = self._library.search(
            run.resolved.searched,
            within_latest(reading, names, scope.allowed),
            limit,
            weights(reading),
            boosts,
            names.versions.behind,
        )
        with self._library.store.snapshot():
            entries = self._library.store.entries_by_id([hit.passage.entry for hit in hits])
            found = replace(run, boosts=boosts, entries=entries)
            hits = [hit for hit in hits if hit.passage.entry in entries]  # else removed since the search
            hits = with_attributes(found, lent(found, hits))
            hits = one_of_each(ordered(reading, facts, hits), names)[:top]
            if run.resolved.searched != run.resolved.asked:  # what the conversation brings in answers half
                hits = self._library.compared([run.resolved.asked, run.resolved.searched], hits)
            return replace(found, hits=told_first(found, hits))

    def _judged(self, run: Run) -> Run:
        """How sure an answer is; what the calendar or the kind alone selects is no guess, whatever words say."""
        with self._library.store.snapshot():
            evidence = self._evidence(run)
            shaped = bool(run.hits) and self._shaped(run)
        leaning = run.resolved.searched != run.resolved.asked or run.resolved.within is not None
        signals = signals_of(run.reading, run.facts, evidence, run.hits, run.terms, shaped=shaped, leaning=leaning)
        values = {name: getattr(signals, name) for name in _SIGNALS}
        sure = selects_alone(run.reading, run.facts) and run.resolved.searched == run.resolved.asked
        # Beside each other the ways of a follow-up are judged by what they find alone.
        log_odds = 10.0 if sure else self.calibration.log_odds({**values, "leaning": 0.0})
        confidence = 1.0 if sure else self.calibration.confidence(values)
        judged = replace(run, evidence=evidence, signals=values, confidence=confidence, log_odds=log_odds)
        return replace(judged, refusal=_refusal(judged))

    @staticmethod
    def _shaped(run: Run) -> bool:
        """Whether the first quote has what is asked for: a number, a day, a person, a place, a reason."""
        hit, wanted = run.hits[0], run.wanted
        shapes = wanted.shapes
        if not shapes:
            return False
        quoted = run.citer.quoted(hit, run.entries[hit.passage.entry], wanted)
        return any(wanted.has_new(shape, quoted) for shape in shapes)

    def _told(self, question: str, run: Run, scope: Scope) -> Answer:
        """Refuse or cite, and summarise."""
        certainty = self._certainty(run)
        answered = certainty is Certainty.ANSWERED
        citations = self._cite(run, run.worth_showing() if answered else run.nearest(), scope.seen)
        unaccounted = self._unaccounted(run) if answered else ()
        if answered:
            shown = [run.entries[each.entry_id] for each in citations]
            summary = summary_of(run.reading, run.facts, shown, unaccounted)
        else:
            untold = not_told(run.reading, run.facts) if citations else None
            summary = run.refusal or untold or self._coverage.told(scope.allowed.scope, run.reading)
            if certainty is Certainty.UNSURE and not untold and not foreign_language(run.reading.question):
                summary = _NOT_SURE
        return Answer(
            question=question,
            answered=answered,
            confidence=run.confidence,
            summary=summary,
            citations=citations if answered else (),
            nearest=() if answered else citations,
            understood=run.resolved.about,
            signals=run.signals or {},
            certainty=certainty,
            left_out=unaccounted,
        )

    def _unaccounted(self, run: Run) -> tuple[str, ...]:
        """The words of a question for facts that neither its plan carries out nor what is cited says."""
        states = run.reading.is_list or run.reading.operation is Operation.WHO
        said = {*run.facts.said, *(stem for each in run.evidence[:1] for stem in each.stems)}
        left = [word for word in run.reading.left if word.folded not in said]
        unsaid = [word.text for word in left if not said.issuperset(self._library.stems(word.folded))]
        return tuple(dict.fromkeys(unsaid)) if states else ()

    def _certainty(self, run: Run) -> Certainty:
        if not run.hits or run.refusal or run.reading.is_chat:
            return Certainty.ABSENT
        # Of a question in a language that the model does not read names alone are understood.
        unread = not run.reading.mentions and reads_english_alone(self._library.encoder.fingerprint)
        if run.confidence >= self.calibration.threshold and not (
            unread and foreign_language(run.reading.question)
        ):
            return Certainty.ANSWERED
        return Certainty.UNSURE if run.confidence >= self.calibration.unsure else Certainty.ABSENT

    def _cite(self, run: Run, hits: Sequence[tuple[int, Hit]], seen: Filter) -> tuple[Citation, ...]:
        store = self._library.store
        with store.snapshot():  # an entry that is still there stands in the text that it was found in
            there = store.entries_by_id([hit.passage.entry for _, hit in hits])
            kept = [hit for _, hit in hits if hit.passage.entry in there]
            twins = store.entries_by_key([hit.passage.key for hit in kept], seen)
            return tuple(
                run.citer.cite(rank, hit, there[hit.passage.entry], twins.get(hit.passage.key, ()), run.wanted)
                for rank, hit in enumerate(kept, 1)
            )

    def _telling(self, question: str) -> dict[str, Term]:
        """The stems of a question without those of asking."""
        words = {token.start: token.folded for token in tokens(question)}
        terms = self._library.terms(question)
        return {stem: t for stem, t in terms.items() if not all(words.get(at, "") in STOP for at in t.at)}

    def _evidence(self, run: Run) -> list[Evidence]:
        evidence: list[Evidence] = []
        for hit in carriers(run.brought, run.hits):
            entry = run.entries[hit.passage.entry]
            text = f"{heading_of(entry)}\n{run.citer.read(hit, entry)[1]}"
            evidence.append(Evidence(hit, entry, text, self._library.stems(text)))
        return evidence

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
        citer = Citer(store, names, self._today())
        with store.snapshot():
            entries = store.entries_by_id(shown)
            passages = store.passages(store.passages_of(list(entries)))
            first = {passage.entry: passage for _, passage in sorted(passages.items(), reverse=True)}
            twins = store.entries_by_key([entry.key for entry in entries.values()], Filter(scope))
            citations = tuple(
                citer.cite(rank, Hit(first[i], 1.0, 0.0, 0.0), entries[i], twins.get(entries[i].key, ()), Wanted())
                for rank, i in enumerate(shown, (page - 1) * top + 1)
                if i in entries and i in first
            )
        summary = browsed(len(chosen), kind, facts, page, pages)
        return Answer(summary, bool(citations), float(bool(citations)), summary, citations)

    def selected(self, question: str, allowed: Filter) -> frozenset[int]:
        """The ids of the entries that the names of a question select, or its kind alone.

        None where it asks for more than that, and none where it names one thing. Waits for the names of now.
        """
        scope = self._scope(allowed, as_they_are=True)
        reading = parse(self._library.spelt(question, scope.seen), scope.names, self._today())
        if reading.rest or reading.is_chat:
            return frozenset()
        if reading.kind and not reading.mentions:
            return frozenset(scope.visible & scope.names.cards.of_kind(reading.kind))
        chosen = facts_of(reading, scope.names, scope.visible, self._saying(scope))
        return frozenset(chosen.all.ids if reading.is_list else ())

    def names(self, what: What, typed: str, scope: int | None, most: int) -> list[str]:
        """Names of the corpus to choose from, see ``Assistant.names``."""
        return self._names.of(scope).catalogue.names(what, typed, most)


def _refusal(run: Run) -> str | None:
    """Why the question cannot be answered whatever is near, else None."""
    first = run.evidence[0].entry if run.evidence else None
    titled = any(first and first.id in m.entries for m in run.reading.named(What.TITLE))
    if run.reading.operation is Operation.WHO and titled and first and not first.entry.authors:
        return no_authors_of(first)
    return missing_of(run.reading, run.facts) if run.reading.is_list else None
