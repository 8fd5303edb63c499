"""The summary: one line composed from the facts, stating nothing that the citations do not show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import ref

from bot.answering.entry_set import Selection
from bot.query.dates import shown
from bot.query.language import foreign_language, reads_english_alone
from bot.query.lexicon import GROUP_NOUNS
from bot.query.operations import small_talk
from bot.query.periods import Period, Sort, day_of
from bot.query.plan import Clause, Operation, Plan
from corpus.english import ORDINALS, counted, joined
from corpus.gazetteer import NO_IDS, Basis, What
from corpus.gazetteer.tokens import Asked
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


_NOUNS = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "section", Kind.FIGURE: "figure"}
_NEAR = re.compile(r"\b(?:near|nearby|around|close to|outside)\b", re.IGNORECASE)
_MOST_VALUES = 12
"""Values that are named in a summary."""
_PARTLY_KNOWN = frozenset(
    {
        What.WORKPLACE, What.EMPLOYMENT, What.LEVEL, What.DEGREE, What.PAY, What.SPONSORSHIP, What.CITIZENSHIP,
        What.STATUS, What.AUTHORS, What.CODE, What.AWARD, What.SKILL, What.TERM, What.COMPANY,
    }
)  # fmt: skip
"""Facts that many entries do not tell: that none has one is not known."""
_PHRASES = {
    What.ROLE: "for", What.AUTHOR: "by", What.TOPIC: "under", What.VENUE: "at", What.YEAR: "of",
    What.TEAM: "of the team", What.COMPANY: "at", What.PLACE: "in", What.DIGEST: "in", What.SKILL: "asking for",
    What.TRACK: "in the track", What.TERM: "for", What.WORKPLACE: "for", What.EMPLOYMENT: "for",
    What.LEVEL: "at level", What.DEGREE: "naming a degree of", What.STATUS: "marked",
}  # fmt: skip
"""What stands before names in a summary; other facts are told by their names alone."""
_ORDER = (
    What.ROLE, What.LEVEL, What.EMPLOYMENT, What.WORKPLACE, What.STATUS, What.AUTHOR, What.AUTHORS, What.TOPIC,
    What.TRACK, What.AWARD, What.CODE, What.VENUE, What.YEAR, What.COMPANY, What.TEAM, What.SKILL, What.DEGREE,
    What.TERM, What.PAY, What.SPONSORSHIP, What.CITIZENSHIP, What.PLACE, What.DIGEST, What.WORDS,
)  # fmt: skip
"""The order in which facts are told."""
_TOLD = {
    "internship": "internships", "contract": "contract work", "apprenticeship": "apprenticeships",
    "onsite": "on-site work", "hybrid": "hybrid work", "remote": "remote work", "phd": "PhD",
    "full-time": "full-time work", "part-time": "part-time work", "volunteer": "volunteer work",
    "temporary": "temporary work",
}  # fmt: skip
"""Values that are told in other words."""


def summary_of(
    plan: Plan, facts: Facts, shown: Sequence[StoredEntry], unaccounted: Sequence[str] = ()
) -> str | None:
    """Say what the facts answer, or None where the quotes speak for themselves.

    Args:
        plan: of the question.
        facts: what its condition selects.
        shown: the entries that are cited, in order.
        unaccounted: words of the question that nothing accounts for; then no count and no name is stated.
    """
    if plan.operation is Operation.WHO:
        return _who(plan, shown) if shown and not unaccounted else None
    if plan.operation is Operation.OVERVIEW:
        return _overview(facts)
    if not plan.is_list or not facts.all:
        return None
    if unaccounted or facts.unsaid:
        return left_out(plan, facts, unaccounted)
    return _of_list(plan, facts, shown)


def _of_list(plan: Plan, facts: Facts, shown: Sequence[StoredEntry]) -> str | None:
    if plan.group:
        return _of_values(plan, facts)
    if plan.operation is Operation.EXTREME:
        return _extreme(plan, facts)
    return _compared(facts, shown) if facts.groups else _list(plan, facts, shown)


def left_out(plan: Plan, facts: Facts, unaccounted: Sequence[str]) -> str:
    """Say which words of the question the facts do not tell, and state nothing of them."""
    words = unaccounted or tuple(word.text for word in plan.left)
    noun = _NOUNS[facts.all[0].kind if facts.all else plan.kind or Kind.PAPER]
    said = joined([f"“{word}”" for word in dict.fromkeys(words)][:_MOST_VALUES], "or")
    return f"I cannot tell {said} from the facts of these {noun}s; the nearest come first."


def not_told(plan: Plan, facts: Facts) -> str | None:
    """Say which words no fact tells of a list that is not answered for them; None for any other question."""
    told = plan.is_list and facts.all and facts.unsaid and plan.condition
    return left_out(plan, facts, ()) if told else None


def _who(plan: Plan, shown: Sequence[StoredEntry]) -> str | None:
    first = shown[0].entry
    if not first.authors:
        return None
    if plan.nth is None:
        return f"{first.title}: {joined(first.authors)}"
    if not -len(first.authors) <= plan.nth <= len(first.authors):
        return f"{first.title} has {counted(len(first.authors), 'author')}: {joined(first.authors)}"
    author = first.authors[plan.nth - 1 if plan.nth > 0 else plan.nth]
    place = next((word for word, number in ORDINALS.items() if number == plan.nth), "")
    return f"The {place} author of {first.title}: {author}"


def _overview(facts: Facts) -> str | None:
    """What stands on the pages that are asked about, in numbers."""
    cards = facts.entries.cards
    pages = list(dict.fromkeys(card.document for card in facts.entries))
    told: list[str] = []
    for number in pages:
        entries = cards.of_documents([number])
        counts = Selection.of(cards, entries).counts
        held = [counted(counts[kind], _NOUNS[kind]) for kind in (Kind.PAPER, Kind.JOB) if kind in counts]
        stored = cards.stored(entries.min()) if entries else None
        if held and stored:
            told.append(f"{stored.digest}: {joined(held)}")
    return "; ".join(told) or None


def _of_values(plan: Plan, facts: Facts) -> str | None:
    """What there is of a sort, with the number of entries of each; or how many there are."""
    what = plan.group
    if what is None or not facts.values:
        return None
    one, several = GROUP_NOUNS[what]
    values, qualified = facts.values, _qualified(plan, facts)
    noun = _NOUNS[facts.all[0].kind]
    if plan.operation is Operation.COUNT:
        titled = plan.named(What.TITLE)
        of = f" of {titled[0].name}" if titled and what is What.AUTHOR else qualified
        return f"{counted(len(values), one, several)}{of}"
    if plan.both:
        clause = next(clause for clause in plan.condition if len(clause.options) > 1)
        both = joined([option.told for option in clause.options])
        listed = joined(_first([value.name for value in values]))
        return f"{counted(len(values), one, several)} at both {both}: {listed}"
    if plan.order and plan.limit:
        values = tuple(sorted(values, key=lambda value: plan.order.sign * len(value.entries) if plan.order else 0))
        first = [value for value in values if len(value.entries) == len(values[0].entries)]
        names = joined([value.name for value in first[:_MOST_VALUES]])
        degree = "most" if plan.order.sign < 0 else "fewest"
        each = " each" if len(first) > 1 else ""
        return f"The {degree} {noun}s{qualified}: {names} ({counted(len(first[0].entries), noun)}{each})"
    listed = "; ".join(f"{value.name} ({counted(len(value.entries), noun)})" for value in values[:_MOST_VALUES])
    more = f"; and {len(values) - _MOST_VALUES} others" if len(values) > _MOST_VALUES else ""
    return f"{counted(len(values), one, several)}{qualified}: {listed}{more}"


def _first(names: list[str]) -> list[str]:
    """The first names, and how many others there are."""
    others = len(names) - _MOST_VALUES
    return names if others <= 0 else [*names[:_MOST_VALUES], counted(others, "other")]


def _extreme(plan: Plan, facts: Facts) -> str | None:
    order, first = plan.order, facts.entries[0] if facts.entries else None
    stored = first and facts.entries.cards.stored(first.id)
    if order is None or first is None or stored is None:
        return "None of them tells it." if facts.all else None
    rows = facts.entries.rows
    if order.column == "recent":
        day, basis = first.dates.own
        if basis is Basis.SEEN and first.dates.year:
            return f"The oldest: “{stored.entry.title}”, of {first.dates.year}"
        return f"The oldest: “{stored.entry.title}”, {basis} on {shown(day)}"
    value = float(rows[order.column][0])
    same = int((rows[order.column] == rows[order.column][0]).sum())
    others = f", and {same - 1} more with as many" if same > 1 else ""
    degree = {-1: "most", 1: "fewest"}[order.sign]
    if order.column == "authors":
        return f"The {degree} authors, {int(value)}: “{stored.entry.title}”{others}"
    pay = stored.entry.job.pay if stored.entry.job else None
    unit = " ".join(filter(None, ((pay.currency if pay else None), f"per {pay.per}" if pay and pay.per else None)))
    reach = "most, up to" if order.sign < 0 else "least, from"
    return f"Of those that tell it, the {reach} {value:,.0f} {unit}".rstrip() + f": “{stored.entry.title}”"


def _compared(facts: Facts, shown: Sequence[StoredEntry]) -> str:
    kind = next((entry.kind for group in facts.groups for entry in group.entries), Kind.PAPER)
    counts = "; ".join(f"{group.name}: {counted(len(group.entries), _NOUNS[kind])}" for group in facts.groups)
    compared = NO_IDS.union(*(group.entries.ids for group in facts.groups))
    return counts + _cut(len(facts.entries.cards.distinct(compared)), facts.entries, shown)


def _list(plan: Plan, facts: Facts, shown: Sequence[StoredEntry]) -> str:
    kind = facts.all[0].kind
    if plan.nth is not None and len(facts.entries) == 1:
        place = next(word for word, number in ORDINALS.items() if number == plan.nth)
        return f"The {place} {_NOUNS[kind]}{_qualified(plan, facts)}"
    said = f"{_counted_by_kind(facts.entries)}{_qualified(plan, facts)}" if facts.entries else ""
    if facts.in_text:
        named = dict.fromkeys(m.name for m in plan.selecting if m.named_in_text or not m.entries)
        places = joined(list(named), "or") or "that"
        more = f"{len(facts.in_text)} more" if said else counted(len(facts.in_text), _NOUNS[kind])
        verb = "names" if len(facts.in_text) == 1 else "name"
        said += f"{'; ' if said else ''}{more} {verb} {places} in the text"
    return said + _cut(len(facts.all), facts.all, shown)


def missing_of(plan: Plan, facts: Facts) -> str | None:
    """Say which of the named things the corpus does not have; None where it has them all."""
    if not facts.missing:
        return None
    noun = f"{_NOUNS[plan.kind]}s" if plan.kind else "entries"
    if plan.kind is None and plan.period and all(m.what is What.PERIOD for m in plan.selecting):
        noun = "papers or job posts"
    if any(clause.what in _PARTLY_KNOWN for clause in plan.condition):
        said = f"No {noun} known{_qualified(plan, facts)}; not all tell it."
    else:
        said = f"The digest has no {noun}{_qualified(plan, facts)}."
    several = next((clause for clause in plan.condition if clause.every), None)
    if several:
        each = [(option.told, len(facts.entries.cards.distinct(option.entries()))) for option in several.options]
        said += f" Alone: {'; '.join(f'{name}: {number}' for name, number in each)}."
    return f"{said} {latest_told(plan.period, facts.latest)}" if facts.latest else said


_BROWSED = {
    "author": "by {}", "topic": "under {}", "venue": "at {}", "team": "of the team {}", "place": "in {}",
    "country": "in {}", "company": "at {}", "level": "of level {}", "min_pay": "that pay {}", "since": "since {}",
    "award": "with the award {}", "track": "of the track {}", "skill": "that ask for {}",
}  # fmt: skip


def browsed(total: int, kind: Kind, facts: Mapping[str, str], page: int, pages: int) -> str:
    """Say how many entries there are of what was chosen, and which page of them is shown."""
    state = {"yes": "open", "no": "closed"}.get(facts.get("open", ""), "")
    before = [state, facts.get("remote", ""), facts.get("employment", "")]
    number, _, noun = counted(total, _NOUNS[kind]).partition(" ")
    number = number if total else "no"
    behind = [_BROWSED[name].format(value) for name, value in facts.items() if name in _BROWSED]
    said = " ".join([number, *filter(None, before), noun, *behind])
    return f"{said}; page {page} of {pages}" if pages > 1 else said


def no_authors_of(entry: StoredEntry) -> str:
    """Say that a page does not name the authors of a paper."""
    return f"The digest does not name the authors of {entry.entry.title}."


def _counted_by_kind(entries: Selection) -> str:
    return joined([counted(entries.counts[kind], noun) for kind, noun in _NOUNS.items() if kind in entries.counts])


def _qualified(plan: Plan, facts: Facts) -> str:
    """By whom, under what, at which venue, where, since when: the condition, behind a blank."""
    latest = plan.period is not None and plan.period.sort is Sort.LATEST_DIGEST
    venues = any(clause.what is What.VENUE for clause in plan.condition)
    parts: list[str] = []
    for clause in sorted(plan.condition, key=lambda clause: _rank(clause.what)):
        redundant = clause.what is What.DIGEST and (latest or (venues and len(plan.condition) > 1))
        if clause.what is not What.PERIOD and not redundant:
            parts.append(_clause_told(plan, facts, clause))
    if facts.said:
        verb = "says" if len(facts.entries) == 1 else "say"
        parts.append(f"that {verb} {joined([f'“{word.text}”' for word in plan.left])}")
    return "".join(f" {part}" for part in parts) + time_told(plan.period, facts.entries)


def _rank(what: What) -> int:
    return _ORDER.index(what) if what in _ORDER else len(_ORDER)


def _clause_told(plan: Plan, facts: Facts, clause: Clause) -> str:
    if clause.words:
        return f"that {'do not say' if clause.negated else 'say'} “{' '.join(clause.words)}”"
    word = "and" if clause.every and not clause.negated else "or"
    if len({option.what for option in clause.options}) > 1:
        alone = (replace(clause, options=(option,)) for option in clause.options)
        return joined([_clause_told(plan, facts, each) for each in alone], word)
    names = joined(list(dict.fromkeys(_TOLD.get(o.told, o.told) for o in clause.options)), word)
    what = clause.what
    phrase = _PHRASES.get(what, "")
    if what is What.PLACE and not clause.negated and _around(plan):
        phrase = "around"
    if what is What.TOPIC and facts.wider:
        phrase = "under headings like"
    if clause.negated:
        return f"not {phrase} {names}" if phrase else _DENIED.sub(lambda said: _DENIALS[said[0]], names, count=1)
    return f"{phrase} {names}".strip()


_DENIALS = {"that ": "that do not ", "with ": "without ", "by ": "not by ", "naming no ": "naming "}
_DENIED = re.compile("|".join(map(re.escape, _DENIALS)))
"""How facts that are told by their names alone are denied."""


def _around(plan: Plan) -> bool:
    """Whether a place is asked for with what lies near it."""
    return any(
        _NEAR.search(plan.question[max(0, mention.span.start - 12) : mention.span.end])
        for mention in plan.named(What.PLACE)
    )


def _cut(total: int, entries: Selection, shown: Sequence[StoredEntry]) -> str:
    seen = len(set(entries.places_of(entry.id for entry in shown).values()))
    first = "the first is" if seen == 1 else f"the first {seen} are"
    return f"; {first} shown" if 0 < seen < total else ""


_EVENTS = 6
"""Conferences that are named when it is told what the corpus holds."""


_COVERAGE_NOUNS = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "article"}

_CHAT = (
    "You're welcome.",
    "Bye!",
    "I am a bot: I find papers, their authors and job posts in a digest, and quote it. It holds {holds}.",
    "I am fine, thank you. Ask me about the digest: it holds {holds}.",
    "Sorry that I am of no help so far. Try a name, a topic or a place; the digest holds {holds}.",
    "Hello! I find papers, their authors and job posts in a digest that holds {holds}: ask me for any of them.",
)
"""What is said to small talk, by its sort; see ``bot.query.lexicon.SMALL_TALK``."""


class Coverage:
    """What each scope sees of one library, counted as lists count it. Safe to share between threads."""

    def __init__(self, library: Library, names: Names) -> None:
        self._library = library
        self._names = names
        self._counted: dict[int | None, tuple[ReferenceType[Cards], str]] = {}

    def told(self, scope: int | None, plan: Plan) -> str:
        """Say what the corpus holds, for who asked for something else, or in another language than English."""
        question = plan.question
        language = foreign_language(question) if reads_english_alone(self._library.encoder.fingerprint) else None
        if language:
            return (
                f"I read questions in English best, and this looks like {language}: please ask again in English."
            )
        holds = self._holdings(scope)
        if plan.is_chat:
            return _CHAT[small_talk(Asked(question, ())) or 0].format(holds=holds)
        return f"That is not in the digest. It holds {holds}."

    def _holdings(self, scope: int | None) -> str:
        """What a scope sees, in numbers; counted once for each state of the names, which may be behind."""
        names = self._names.of(scope)
        cards = names.cards
        known = self._counted.get(scope)
        if known is None or known[0]() is not cards:
            digests = names.documents
            counts = Selection.of(cards, cards.ids).counts
            held = [counted(counts[kind], noun) for kind, noun in _COVERAGE_NOUNS.items() if kind in counts]
            events = dict.fromkeys(f"{d.venue} {d.year}" for d in digests if d.venue and d.year)
            among = f", {', '.join(list(events)[:_EVENTS])} among them" if events else ""
            known = (
                ref(cards),
                f"{', '.join(held) or 'nothing yet'} from {counted(len(digests), 'page')}{among}",
            )
            self._counted[scope] = known
        return known[1]
