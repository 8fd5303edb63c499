"""Finding: the entries that may answer a question, ranked, with what was read of them on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.boosts import Boosts, boosts_of
from bot.citing import stretch_of
from bot.excerpt import Wanted, excerpt_of
from bot.facts import Facts, facts_of
from bot.selecting import one_of_each, ordered, visible_to, weights, within_latest
from bot.understanding import cues
from bot.understanding.attributes import gives
from bot.understanding.reading import Intent, Reading, read
from corpus.model import Kind
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from bot.understanding.followups import Whole
    from corpus.gazetteer import Gazetteer
    from corpus.model import Span
    from corpus.store import Filter, StoredEntry
    from embeddings.lexical import Term
    from embeddings.library import Library
    from embeddings.search import Hit

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
