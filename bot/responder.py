"""The responder: from a question and its conversation to an answer, step by step."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answer import Answer
from bot.citing import citation_of, with_kin
from bot.clock import today_in_utc
from bot.excerpt import Wanted, excerpt_of
from bot.explaining import Explanation, recognised_in, scored, weighed
from bot.facts import Facts, boosts_of, facts_of, selects_alone
from bot.freshness import with_days
from bot.names import Names
from bot.selecting import carriers_of, one_of_each, ordered, visible_to, weights, within_latest
from bot.signals import Evidence, Signals, carriers, said_by, signals_of
from bot.summaries import browsed, missing_of, no_authors_of, summary_of
from bot.understanding import cues
from bot.understanding.followups import Whole, whole
from bot.understanding.language import foreign_language, reads_english_alone
from bot.understanding.reading import Intent, Reading, read
from corpus.gazetteer import Gazetteer, What
from corpus.model import Kind, Span
from corpus.naming import folded
from corpus.store import Filter
from embeddings.calibration import Calibration
from embeddings.search import Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.answer import Citation
    from corpus.store import StoredEntry
    from embeddings.lexical import Term
    from embeddings.library import Library

_NEAREST = 5
_GIVES = 0.08
"""What a hit gains whose text gives the attribute that is asked for."""

_LONG, _AROUND = 20_000, 3_000
"""Characters beyond which an entry is not looked at as a whole, and what is then looked at around its passage."""

_EVENTS = 6
"""Conferences that are named when it is told what the corpus holds."""

_WORTH = 0.5
"""Share of the best citation's score from which another one is shown, where no list is asked for: on the question
set that leaves out two citations of five, and none that was wanted."""

_RESCORED = 20
"""Hits whose texts are read for an attribute."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for one question: ``telling`` are its stems, ``texts`` what was read of entries, by hit."""

    asked: Whole
    reading: Reading
    brought: Reading
    facts: Facts
    hits: list[Hit]
    entries: Mapping[int, StoredEntry]
    boosts: Mapping[int, float]
    telling: Mapping[str, Term]
    names: Gazetteer
    texts: dict[int, tuple[Span, str]] = field(default_factory=dict)


class Responder:
    """Answers questions over one library. Safe to share between threads."""

    def __init__(
        self, library: Library, notify: Callable[[str], None], today: Callable[[], date] = today_in_utc
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
        self._names = Names(library.store)
        self._counted: dict[int | None, tuple[int, str]] = {}

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
    ) -> tuple[Answer, _Found, str | None]:
        """Answer a question, with what was found for it and why it is refused, if it is."""
        store = self._library.store
        names = self._names.of(allowed.scope, gone=allowed.gone)
        spell = self._library.spelt
        asked = whole(
            spell(question),
            [spell(each) for each in history],
            names,
            lambda before: self._cited(before, names, allowed),
            today=self._today(),
        )
        found = self._find(asked, names, allowed, top)
        with store.snapshot():  # an entry that is still there stands in the text that it was found in
            evidence, signals = self._judged(found)
            citations = self._cite(found, Filter(allowed.scope, gone=allowed.gone))
        confidence = self._confidence(found, signals)
        refusal = self._refusal(found, evidence)
        answered = (
            bool(citations)
            and not refusal
            and not found.reading.is_chat
            and confidence >= self.calibration.threshold
        )
        if answered:
            citations = _worth_showing(found.reading, citations)
            shown = [found.entries[citation.entry_id] for citation in citations]
            summary = summary_of(found.reading, found.facts, shown)
        else:
            summary = refusal or self._covers(allowed.scope, found.reading)
        answer = Answer(
            question=question,
            answered=answered,
            confidence=confidence,
            summary=summary,
            citations=citations if answered else (),
            nearest=() if answered or found.reading.is_chat else citations[:_NEAREST],
            understood=asked.about,
            signals=signals,
        )
        return answer, found, refusal

    def browse(self, kind: Kind, wanted: Mapping[What, str], scope: int | None, top: int, page: int) -> Answer:
        """List entries by their facts, see ``Assistant.browse``."""
        store, names = self._library.store, self._names.of(scope)
        found = {i for i, card in names.cards.items() if card.kind is kind}
        for what, name in wanted.items():
            found &= carriers_of(names, what, name)
        keys: dict[str, int] = {}
        behind = names.versions.behind
        for i in sorted(found):
            if keys.setdefault(names.cards[i].family, i) in behind:
                keys[names.cards[i].family] = i
        pages = max(1, -(-len(keys) // top))
        page = min(page, pages)
        shown = list(keys.values())[(page - 1) * top : page * top]
        with store.snapshot():
            entries = store.entries_by_id(shown)
            passages = store.passages(store.passages_of(list(entries)))
            first = {passage.entry: passage for _, passage in sorted(passages.items(), reverse=True)}
            twins = store.entries_by_key([entry.key for entry in entries.values()], Filter(scope))
            citations = tuple(
                self._dated(
                    citation_of(
                        rank,
                        hit := Hit(first[i], 1.0, 0.0, 0.0),
                        entries[i],
                        twins.get(entries[i].key, ()),
                        *self._stretch(hit, entries[i]),
                        Wanted({}, {}, self._library.stems),
                        store.page_at,
                    ),
                    entries[i],
                    names,
                )
                for rank, i in enumerate(shown, (page - 1) * top + 1)
                if i in entries and i in first
            )
        summary = browsed(len(keys), kind, wanted, page, pages)
        return Answer(summary, bool(citations), float(bool(citations)), summary, citations)

    def selected(self, question: str, allowed: Filter) -> frozenset[int]:
        """The ids of the entries that the names of a question select, or its kind alone.

        None where it asks for more than that, and none where it names one thing. Waits for the names of now.
        """
        names = self._names.of(allowed.scope, as_they_are=True)
        reading = read(self._library.spelt(question), names, self._today())
        if reading.rest or reading.is_chat:
            return frozenset()
        visible = visible_to(allowed)
        if reading.kind and not reading.mentions:
            return frozenset(c.id for c in names.cards.values() if c.kind is reading.kind and visible(c))
        return (
            frozenset(c.id for c in facts_of(reading, names.cards, visible).all)
            if reading.is_list
            else frozenset()
        )

    def names(self, what: What, typed: str, scope: int | None, most: int) -> list[str]:
        """Names of the corpus to choose from, see ``Assistant.names``."""
        return self._names.of(scope).catalogue.names(what, typed, most)

    @cached_property
    def calibration(self) -> Calibration:
        """What turns signals into a confidence; read once."""
        names = [signal.name for signal in fields(Signals)]
        return Calibration.load(self._library.folder, self._library.encoder.fingerprint, names, self._notify)

    def _stretch(self, hit: Hit, entry: StoredEntry) -> tuple[Span, str]:
        """What is looked at of an entry, with its text: all of it, or of a long one what is around the hit."""
        span = entry.entry.span
        if span.end - span.start > _LONG:
            near = hit.passage.span
            span = Span(max(span.start, near.start - _AROUND), min(span.end, near.end + _AROUND))
        return span, self._library.store.text(entry.document, span.start, span.end)

    def _read(self, found: _Found, hit: Hit) -> tuple[Span, str]:
        if hit.passage.id not in found.texts:
            found.texts[hit.passage.id] = self._stretch(hit, found.entries[hit.passage.entry])
        return found.texts[hit.passage.id]

    def _cited(self, before: Whole, names: Gazetteer, allowed: Filter) -> list[StoredEntry]:
        """What a question before was answered with."""
        found = self._find(before, names, allowed, 5)
        _, signals = self._judged(found)
        if self._confidence(found, signals) < self.calibration.threshold:
            return []
        return [found.entries[hit.passage.entry] for hit in found.hits if hit.passage.entry in found.entries]

    def _find(self, asked: Whole, names: Gazetteer, allowed: Filter, top: int) -> _Found:
        store = self._library.store
        today = self._today()
        reading = read(asked.asked, names, today)
        allowed = within_latest(reading, names, allowed)
        # The names that the conversation brings in move up what carries them, and select nothing.
        brought = reading if asked.searched == asked.asked else read(asked.searched, names, today)
        visible = visible_to(allowed)
        facts = facts_of(reading, names.cards, visible)
        boosts = {i: b for i, b in boosts_of(brought, facts, names.twins).items() if visible(names.cards[i])}
        for entry, lift in asked.lifts.items():
            boosts[entry] = boosts.get(entry, 0.0) + lift
        limit = max(top, _RESCORED, min(len(facts.all), 200) if reading.is_list else 0)
        behind = names.versions.behind
        hits = self._library.search(asked.searched, allowed, limit, weights(reading), boosts, behind)
        entries = store.entries_by_id([hit.passage.entry for hit in hits])
        hits = [hit for hit in hits if hit.passage.entry in entries]  # else removed since the search
        hits = self._with_attributes(reading, hits, entries)
        shown = one_of_each(ordered(reading, facts, hits), names)[:top]
        telling = self._telling(asked.searched)
        found = _Found(asked, reading, brought, facts, shown, entries, boosts, telling, names)
        return self._told_first(found)

    def _with_attributes(self, reading: Reading, hits: list[Hit], entries: Mapping[int, StoredEntry]) -> list[Hit]:
        """Move up what gives what is asked for."""
        wanted = [attribute for attribute in reading.attributes if attribute.needed]
        if not wanted:
            return hits
        gains = {
            hit.passage.id: _GIVES
            for hit in hits[:_RESCORED]
            if any(a.given.search(self._stretch(hit, entries[hit.passage.entry])[1]) for a in wanted)
        }
        return sorted(hits, key=lambda hit: -(hit.score + gains.get(hit.passage.id, 0.0)))

    def _told_first(self, found: _Found) -> _Found:
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

    def _tells(self, found: _Found, hit: Hit) -> float:
        span, text = self._read(found, hit)
        return excerpt_of(text, span, self._wanted(found, hit)).worth

    def _judged(self, found: _Found) -> tuple[list[Evidence], dict[str, float]]:
        """The first hits with what they say, and the signals of an answer made of them."""
        evidence = self._evidence(found)
        return evidence, asdict(signals_of(found.reading, found.facts, evidence, found.hits, found.telling))

    def _confidence(self, found: _Found, signals: Mapping[str, float]) -> float:
        """How sure an answer is; what the calendar alone selects is no guess, however little its words say."""
        return 1.0 if selects_alone(found.reading, found.facts) else self.calibration.confidence(signals)

    def _evidence(self, found: _Found) -> list[Evidence]:
        evidence: list[Evidence] = []
        for hit in carriers(found.brought, found.hits):
            entry = found.entries[hit.passage.entry]
            text = said_by(entry, self._read(found, hit)[1])
            heading = "\n".join(
                (entry.entry.title, *entry.entry.headings, entry.entry.role or "", entry.entry.team or "")
            )
            stems = (frozenset(self._library.stems(each)) for each in (text, heading))
            evidence.append(Evidence(hit, entry, text, *stems))
        return evidence

    def _refusal(self, found: _Found, evidence: Sequence[Evidence]) -> str | None:
        """Why the question cannot be answered whatever is near, else None."""
        reading = found.reading
        first = evidence[0].entry if evidence else None
        titled = any(first and first.id in m.entries for m in reading.named(What.TITLE))
        if reading.intent is Intent.WHO and titled and first and not first.entry.authors:
            return no_authors_of(first)
        return missing_of(reading, found.facts) if reading.is_list else None

    def _covers(self, scope: int | None, reading: Reading) -> str:
        """Say what the corpus holds, for who asked for something else, or in another language than English."""
        question = reading.question
        language = foreign_language(question) if reads_english_alone(self._library.encoder.fingerprint) else None
        if language:
            return (
                f"I read questions in English best, and this looks like {language}: please ask again in English."
            )
        holds = self._holdings(scope)
        if reading.is_chat:
            return (
                f"Hello! I find papers, their authors and openings in a digest that holds {holds}."
                " Ask me who wrote a paper, what there is on a topic, or which jobs are open in a place."
            )
        return f"That is not in the digest. It holds {holds}."

    def _holdings(self, scope: int | None) -> str:
        """What a scope sees, in numbers; counted once for each state of the corpus."""
        store = self._library.store
        generation = store.generation
        known = self._counted.get(scope)
        if known is None or known[0] != generation:
            counts, digests = store.distinct(Filter(scope)), store.documents(scope)
            names = {Kind.PAPER: "papers", Kind.JOB: "job posts", Kind.ARTICLE: "articles"}
            held = [f"{counts[kind]} {name}" for kind, name in names.items() if counts.get(kind)]
            events = dict.fromkeys(f"{d.venue} {d.year}" for d in digests if d.venue and d.year)
            among = f", {', '.join(list(events)[:_EVENTS])} among them" if events else ""
            known = (generation, f"{', '.join(held) or 'nothing yet'} from {len(digests)} pages{among}")
            self._counted[scope] = known
        return known[1]

    def _cite(self, found: _Found, allowed: Filter) -> tuple[Citation, ...]:
        store = self._library.store
        twins = store.entries_by_key([hit.passage.key for hit in found.hits], allowed)
        return tuple(
            self._dated(
                citation_of(
                    rank,
                    hit,
                    found.entries[hit.passage.entry],
                    twins.get(hit.passage.key, ()),
                    *self._read(found, hit),
                    self._wanted(found, hit),
                    store.page_at,
                ),
                found.entries[hit.passage.entry],
                found.names,
            )
            for rank, hit in enumerate(found.hits, 1)
        )

    def _dated(self, citation: Citation, entry: StoredEntry, names: Gazetteer) -> Citation:
        store = self._library.store
        dated = with_days(citation, entry, self._today(), store.text)
        kin = store.entries_by_id(names.kin(entry.id))
        return with_kin(replace(dated, last_seen=names.versions.last_seen.get(entry.id)), kin.values())

    def _telling(self, question: str) -> dict[str, Term]:
        """The stems of a question without those of asking."""
        words = {word.start(): folded(word[0]) for word in re.finditer(r"\w+", question)}
        terms = self._library.terms(question)
        return {
            stem: term
            for stem, term in terms.items()
            if not all(cues.is_common(words.get(at, "")) for at in term.at)
        }

    def _wanted(self, found: _Found, hit: Hit) -> Wanted:
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


def _worth_showing(reading: Reading, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """The citations without those that are only near, numbered anew."""
    least = 0.0 if reading.is_list else _WORTH * max(each.score for each in citations)
    worth = (each for each in citations if each.score >= least)
    return tuple(replace(each, rank=rank) for rank, each in enumerate(worth, 1))
