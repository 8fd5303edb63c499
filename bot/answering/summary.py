"""The summary: one line composed from the facts, stating nothing that the citations do not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import ref

from bot.answering.entry_set import Selection
from bot.query.dates import shown
from bot.query.language import foreign_language, reads_english_alone
from bot.query.periods import Period, Sort, day_of
from bot.query.query import Intent, Reading
from corpus.gazetteer import NO_IDS, Basis, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from weakref import ReferenceType

    from bot.answering.facts import Facts
    from bot.answering.names import Names
    from corpus.gazetteer import Cards
    from corpus.store import StoredEntry
    from embeddings.collection import Library


def time_told(period: Period | None, entries: Selection) -> str:
    """What a summary says of the period behind "3 job posts in Spain", with the blank or comma before it.

    Args:
        period: what the question says of time.
        entries: what was selected; none where nothing was.
    """
    if period is None or period.sort is Sort.LATEST:
        return ", the latest first" if period else ""
    if period.sort is Sort.LATEST_DIGEST:
        latest = entries.cards.stored(entries[0].id) if entries else None
        return f" in {latest.digest}, the latest digest" if latest else " in the latest digest"
    if period.sort is Sort.OPEN:
        return _open(entries)
    if period.sort is Sort.CLOSES:
        return f" closing {period.words}"
    by_year = period.whole_years and bool((entries.by_sight & (entries.rows["year"] != 0)).any())
    return f" {_years(period) if by_year else f'{_taken_from(period, entries)} {period.words}'}"


def latest_told(period: Period | None, latest: Selection) -> str:
    """Say which entry is the latest there is, the first of a selection."""
    card = latest[0]
    day, basis = day_of(period, card)
    stored = latest.cards.stored(card.id)
    named = f" “{stored.entry.title}”," if stored else ""
    if period and period.sort in (Sort.CLOSES, Sort.OPEN):
        closes = card.dates.closes
        return f"The last to close is{named} on {shown(closes)}." if closes else "None names its last day."
    if period and period.sort is Sort.PUBLISHED and basis is Basis.SEEN and card.dates.year is not None:
        return f"The latest is{named} of {card.dates.year}."
    return f"The latest is{named} {basis} on {shown(day)}."


def _open(entries: Selection) -> str:
    named = int((entries.rows["closes"] > 0).sum())
    if entries and not named:
        return f" not known to be closed: {'it names no' if len(entries) == 1 else 'none names a'} last day"
    if len(entries) > 1:
        return f" not past their last day; {named} of them {'name' if named > 1 else 'names'} one"
    return f" not past {'its' if entries else 'their'} last day"


def _years(period: Period) -> str:
    first, last = period.first, period.last
    if first and last:
        return f"of {first.year}" if first.year == last.year else f"of {first.year} to {last.year}"
    return f"of {first.year} and later" if first else f"of {last.year} and before" if last else ""


def _taken_from(period: Period, entries: Selection) -> str:
    """Whether the days are the pages' own or those of the first sight: "posted or first seen"."""
    if period.sort is Sort.CAME:
        return str(Basis.SEEN)
    if not entries:
        return "that are new"
    posted, sight = entries.rows["posted"] > 0, entries.by_sight
    there = {Basis.POSTED: posted, Basis.PUBLISHED: ~posted & ~sight, Basis.SEEN: sight}
    found = {basis for basis, entered in there.items() if entered.any()}
    return " or ".join(str(basis) for basis in Basis if basis in found)


_NOUNS = {
    Kind.PAPER: ("paper", "papers"),
    Kind.JOB: ("job post", "job posts"),
    Kind.ARTICLE: ("section", "sections"),
    Kind.FIGURE: ("figure", "figures"),
}
_NEAR = re.compile(r"\b(?:near|nearby|around|close to|outside)\b", re.IGNORECASE)


def summary_of(reading: Reading, facts: Facts, shown: Sequence[StoredEntry]) -> str | None:
    """Say what the facts answer, or None where the quotes speak for themselves.

    Args:
        reading: the question.
        facts: what its names select.
        shown: the entries that are cited, in order.
    """
    if reading.intent is Intent.WHO and shown and shown[0].entry.authors:
        first = shown[0].entry
        return f"{first.title}: {_joined(first.authors)}"
    if not reading.is_list:
        return None
    if facts.groups:
        kind = next((entry.kind for group in facts.groups for entry in group.entries), Kind.PAPER)
        counts = "; ".join(f"{group.name}: {_counted(len(group.entries), kind)}" for group in facts.groups)
        compared = NO_IDS.union(*(group.entries.ids for group in facts.groups))
        return counts + _cut(len(facts.entries.cards.distinct(compared)), facts.entries, shown)
    if not facts.all:
        return None
    kind = facts.all[0].kind
    said = f"{_counted_by_kind(facts.entries)}{_qualified(reading, facts)}" if facts.entries else ""
    if facts.in_text:
        places = _joined([m.name for m in reading.named(What.PLACE, What.YEAR)]) or "that"
        more = f"{len(facts.in_text)} more" if said else _counted(len(facts.in_text), kind)
        verb = "names" if len(facts.in_text) == 1 else "name"
        said += f"{'; ' if said else ''}{more} {verb} {places} in the text"
    if reading.period and reading.rest:  # they are ranked by what else is asked, and nobody has counted that
        return f"The nearest of {said}"
    return said + _cut(len(facts.all), facts.all, shown)


def missing_of(reading: Reading, facts: Facts) -> str | None:
    """Say which of the named things the corpus does not have; None where it has them all."""
    if not facts.missing:
        return None
    noun = "job posts" if reading.kind is Kind.JOB else "papers" if reading.kind is Kind.PAPER else "entries"
    if reading.kind is None and reading.period and all(m.what is What.PERIOD for m in reading.selecting):
        noun = "papers or job posts"
    said = f"The digest has no {noun}{_qualified(reading, facts)}."
    return f"{said} {latest_told(reading.period, facts.latest)}" if facts.latest else said


_BROWSED = {
    "author": "by {}", "topic": "under {}", "venue": "at {}", "team": "of the team {}", "place": "in {}",
    "country": "in {}", "company": "at {}", "level": "of level {}", "min_pay": "that pay {}", "since": "since {}",
    "award": "with the award {}", "track": "of the track {}", "skill": "that ask for {}",
}  # fmt: skip


def browsed(total: int, kind: Kind, facts: Mapping[str, str], page: int, pages: int) -> str:
    """Say how many entries there are of what was chosen, and which page of them is shown."""
    state = {"yes": "open", "no": "closed"}.get(facts.get("open", ""), "")
    before = [state, facts.get("remote", ""), facts.get("employment", "")]
    number, _, noun = _counted(total, kind).partition(" ")
    behind = [_BROWSED[name].format(value) for name, value in facts.items() if name in _BROWSED]
    said = " ".join([number, *filter(None, before), noun, *behind])
    return f"{said}; page {page} of {pages}" if pages > 1 else said


def no_authors_of(entry: StoredEntry) -> str:
    """Say that a page does not name the authors of a paper."""
    return f"The digest does not name the authors of {entry.entry.title}."


def _counted(number: int, kind: Kind) -> str:
    one, several = _NOUNS[kind]
    return f"{number or 'no'} {one if number == 1 else several}"


def _counted_by_kind(entries: Selection) -> str:
    return _joined([_counted(entries.counts[kind], kind) for kind in _NOUNS if kind in entries.counts])


def _qualified(reading: Reading, facts: Facts) -> str:
    """By whom, under what, at which venue, where, since when: the names that selected, behind a blank."""
    named: dict[What, list[str]] = {}
    for mention in reading.selecting:
        names = named.setdefault(mention.what, [])
        if mention.name not in names:
            names.append(mention.name)
    parts: list[str] = []
    latest = reading.period is not None and reading.period.sort is Sort.LATEST_DIGEST
    for what, preposition in (
        (What.ROLE, "for"),
        (What.AUTHOR, "by"),
        (What.TOPIC, "under headings like" if facts.wider else "under"),
        (What.VENUE, "at"),
        (What.YEAR, "of"),
        (What.TEAM, "of the team"),
        (What.PLACE, "around" if _around(reading) else "in"),
        (What.DIGEST, "in"),
    ):
        told = what is What.DIGEST and (latest or (len(named) > 1 and What.VENUE in named))
        if what not in named or told:
            continue
        if what is What.YEAR and What.VENUE in named and len(named[What.VENUE]) == 1:
            parts[-1] += f" {_joined(named[what])}"
        else:
            parts.append(f"{preposition} {_joined(named[what])}")
    return "".join(f" {part}" for part in parts) + time_told(reading.period, facts.entries)


def _around(reading: Reading) -> bool:
    """Whether a place is asked for with what lies near it."""
    return any(
        _NEAR.search(reading.question[max(0, mention.span.start - 12) : mention.span.end])
        for mention in reading.named(What.PLACE)
    )


def _cut(total: int, entries: Selection, shown: Sequence[StoredEntry]) -> str:
    seen = len(set(entries.places_of(entry.id for entry in shown).values()))
    first = "the first is" if seen == 1 else f"the first {seen} are"
    return f"; {first} shown" if 0 < seen < total else ""


def _joined(names: Sequence[str]) -> str:
    """Names as a reader lists them: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


_EVENTS = 6
"""Conferences that are named when it is told what the corpus holds."""


_COVERAGE_NOUNS = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "article"}


def _coverage_counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


class Coverage:
    """What each scope sees of one library, counted as lists count it. Safe to share between threads."""

    def __init__(self, library: Library, names: Names) -> None:
        self._library = library
        self._names = names
        self._counted: dict[int | None, tuple[ReferenceType[Cards], str]] = {}

    def told(self, scope: int | None, reading: Reading) -> str:
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
        """What a scope sees, in numbers; counted once for each state of the names, which may be behind."""
        names = self._names.of(scope)
        cards = names.cards
        known = self._counted.get(scope)
        if known is None or known[0]() is not cards:
            digests = names.documents
            counts = Selection.of(cards, cards.ids).counts
            held = [
                _coverage_counted(counts[kind], noun) for kind, noun in _COVERAGE_NOUNS.items() if kind in counts
            ]
            events = dict.fromkeys(f"{d.venue} {d.year}" for d in digests if d.venue and d.year)
            among = f", {', '.join(list(events)[:_EVENTS])} among them" if events else ""
            known = (
                ref(cards),
                f"{', '.join(held) or 'nothing yet'} from {_coverage_counted(len(digests), 'page')}{among}",
            )
            self._counted[scope] = known
        return known[1]
