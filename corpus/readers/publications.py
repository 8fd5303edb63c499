"""Publications: the papers among the runs of a page, the parts of all records of a run labelled together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.model import Kind, Span
from corpus.readers.draft import Draft, Fact
from corpus.readers.keys import Key
from corpus.readers.odds import title_odds
from corpus.readers.parts import slot_of
from corpus.readers.people import CERTAIN, People, is_house
from corpus.readers.runs import Record
from corpus.readers.scores import (
    NO_TITLE,
    OF_PAPERS,
    OF_PEOPLE,
    VENUE,
    apart,
    authors_score,
    leads_to_paper,
    tells_of_paper,
    title_score,
)
from corpus.readers.titles import title_of, without_leads
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers.parts import Part
    from corpus.readers.runs import Run, Runs


_ACRONYM = re.compile(
    r"(?:in:? )?[A-Z][a-z&/-]{0,30}[A-Z][A-Za-z&/]{0,30}(?:[\s,'’-]{1,3}(?:19|20)?\d\d)?"
    r"(?:\s{0,3}\([^()]{0,80}\))?$"
)
_AWARD = re.compile(r"\b(?:best|outstanding|honou?rable|runner[- ]?up|award|prize|distinguished)\b", re.IGNORECASE)
_TRACK = re.compile(
    r"^\W*(?:oral|spotlight|poster|talk|demo|long|short|full|contributed|invited|extended abstract|findings"
    r"|highlight)\b",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(r"((?:19|20)\d\d)\)?$")
_ABSTRACT = re.compile(r"\W*(?:abstract|summary|zusammenfassung|resumen|résumé)\b", re.IGNORECASE)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FACTS = {
    Key.VENUE: Fact.VENUE, Key.YEAR: Fact.YEAR, Key.DAY: Fact.YEAR, Key.ABSTRACT: Fact.ABSTRACT,
    Key.TRACK: Fact.TRACK, Key.AWARD: Fact.AWARD, Key.AFFILIATION: Fact.AFFILIATION,
}  # fmt: skip
_TITLED, _SURE, _SIGNED, _DOUBT = 0.35, 0.6, 0.5, 0.3
"""Least scores of a title beside authors, of one alone, of a list of authors, and what the run may add to that."""
_PAPERS, _BARE = 0.6, 0.6
"""Least evidence that a group of records with authors, or without, is one of papers."""
_LIKELY, _MANY = 0.7, 9
"""How surely titles alone, and how many at least, are papers without a link."""
_MOST_IN_RECORD = 80
_LONG, _SAMPLE = 200, 60
"""Records of a run from which on a sample tells whether it is worth a look; records that a share is counted in."""


@dataclass(slots=True, eq=False)
class Labelled:
    """A record whose parts are labelled: its title, and its authors where it has any.

    ``lead``: where and when it was published, if that leads its title ("KITES 2021: …", "[KITES 2021] …").
    """

    record: Record
    parts: Sequence[Part]
    title: Part | None = None
    authors: Part | None = None
    title_score: float = 0.0
    slot: tuple[object, ...] = ()
    linked: bool = False
    lead: str = ""


@dataclass(slots=True)
class Group:
    """Records of one run under the same headings.

    Attributes:
        signed: whether they have authors.
        evidence: how surely they are papers.
        boxed: whether each is one block.
        looks: how many look like papers; ``support``: how many in the whole run.
    """

    boxed: bool
    signed: bool
    evidence: float
    papers: list[Labelled] = field(default_factory=list)
    looks: int = 0
    support: int = 0
    span: Span | None = None


def groups_of_papers(runs: Runs, about: str) -> list[Group]:
    """The groups of records that can be papers, each run labelled as a whole.

    Args:
        runs: the page's runs.
        about: the page's title.
    """
    found = []
    for run in runs.runs:
        if not _is_worth_it(run, runs):
            continue
        labelled = _labelled(run, runs)
        groups: dict[tuple[str, ...], list[Labelled]] = defaultdict(list)
        for each in labelled:
            groups[each.record.headings].append(each)
        whole = _Evidence(labelled)
        for headings, members in groups.items():
            if group := _group(members, whole, headings, about, run):
                found.append(group)
    return found


def _is_worth_it(run: Run, runs: Runs) -> bool:
    """Whether some of a long run's records hold people or a link to a paper; short ones are looked at anyway."""
    if len(run.records) < _LONG:
        return True
    step = len(run.records) // _LONG + 1
    sample = [runs.parts_of(record)[:20] for record in run.records[::step]]
    telling = sum(any(part.people.score >= CERTAIN or tells_of_paper(part) for part in parts) for parts in sample)
    return telling > 0.03 * len(sample)


def _labelled(run: Run, runs: Runs) -> list[Labelled]:
    """Label the parts of all records of a run together."""
    slots: dict[tuple[object, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    read: list[tuple[Record, list[Part], list[tuple[object, ...]], list[float], list[float]]] = []
    stretches = [runs.parts_of(record)[:_MOST_IN_RECORD] for record in run.records]
    leads = {}
    for record, (parts, lead) in zip(run.records, without_leads(stretches, runs.text), strict=True):
        leads[id(record)] = lead
        if _is_several(parts):
            continue
        at = 0
        own: list[tuple[object, ...]] = []
        titles, authors, before = [], [], ""
        for part in parts:
            slot = slot_of(part, at)
            at += not (part.is_link_label or part.bracketed)
            title, signed = title_score(part, at), authors_score(part)
            if part.before == "colon" and own and OF_PEOPLE.search(before):
                signed = 0.0  # "Chairs: Ada Moss, Ben Ray"
            before = part.text if len(part.text) < 40 else ""
            own.append(slot)
            titles.append(title)
            authors.append(signed)
            sums = slots[slot]
            sums[0] += 1
            sums[1] += title
            sums[2] += signed
        for i, (one, other) in enumerate(pairwise(parts)):
            if other.key is Key.AUTHORS and _is_heading(one):
                titles[i] = max(titles[i], 2 * _TITLED)  # however short: it says so itself
            led = ":" in runs.text[one.end - 1 : one.end + 2]
            if led and other.line == one.line > parts[0].line and len(one.people.names) == 1:
                authors[i] = 0.0  # "Stay Tuned: …" in a list
        read.append((record, parts, own, titles, authors))
    return [_label(each, slots, leads.get(id(each[0]), ""), boxed=run.boxed) for each in read]


def _is_several(parts: Sequence[Part]) -> bool:
    """Whether a stretch holds several lists of people on lines of their own: it is no single record."""
    lines, titles = set(), set()
    for part in parts:
        if part.key is Key.AUTHORS or (
            part.key is None and part.people.score >= 0.7 and len(part.people.names) > 1
        ):
            lines.add(part.line)
        elif part.style.href and part.words > 3 and tells_of_paper(part):
            titles.add(part.line)
    return len(lines) > 1 or len(titles) > 2


def _label(
    read: tuple[Record, list[Part], list[tuple[object, ...]], list[float], list[float]],
    slots: dict[tuple[object, ...], list[float]],
    lead: str,
    *,
    boxed: bool,
) -> Labelled:
    """Choose a record's title and authors; one of several blocks begins with its title."""
    record, parts, own, titles, authors = read
    best: tuple[float, int, int] = (-9.0, -1, -1)
    joint_titles, joint_authors = [], []
    for i in range(len(parts)):
        count, title, signed = slots[own[i]]
        weight = 0.5 if count > 2 else 0.25 if count > 1 else 0.0
        joint_titles.append((1 - weight) * titles[i] + weight * title / count)
        joint_authors.append((1 - weight) * authors[i] + weight * signed / count)
    order = range(len(parts))
    signers = sorted(order, key=lambda i: -joint_authors[i])[:3]
    headers = sorted(order, key=lambda i: -joint_titles[i])[:4]
    headers = [i for i in headers if titles[i] >= 0 and joint_titles[i] >= _TITLED]
    ends = next((j for j in order if j and _is_heading(parts[j]) and parts[j].people.score < CERTAIN), len(parts))
    signers = [
        j for j in signers if min(joint_authors[j], authors[j] + _DOUBT) >= _SIGNED and parts[j].people.names
    ]
    signers = [j for j in signers if boxed or j < ends]
    for i in headers:
        if boxed or parts[i].line == parts[0].line:
            best = max(best, (joint_titles[i], i, -1))
            for j in signers:
                if i != j:
                    score = joint_titles[i] + joint_authors[j] - apart(parts[i], parts[j])
                    best = max(best, (score, i, j))
    if best[1] < 0:
        return Labelled(record, parts)
    at, signer = best[1:]
    head, signed_by = parts[at], parts[signer] if signer >= 0 else None
    linked = any(
        tells_of_paper(part) and (part.line == head.line or part.key or part.is_link_label) for part in parts
    )
    return Labelled(record, parts, head, signed_by, joint_titles[at], own[at], linked, lead)


def _is_heading(part: Part) -> bool:
    return part.block is not None and part.block.role is Role.HEADING


class _Evidence:
    """What records that were labelled show together: shares from 0 to 1."""

    def __init__(self, members: Sequence[Labelled]) -> None:
        self.titled = [each for each in members if each.title and (each.authors or _is_bare_title(each))]
        self.signed = [each for each in self.titled if each.authors is not None]
        self.count = len(members)
        total = len(self.titled) or 1
        signed = len(self.signed) or 1
        self.share = len(self.signed) / total
        self.together = (
            sum(
                len(each.authors.people.names) > 1 or each.authors.people.shortened
                for each in self.signed
                if each.authors
            )
            / signed
        )
        self.labelled = sum(each.authors.key is not None for each in self.signed if each.authors) / signed
        self.abstracts = (
            sum(sum(part.words for part in each.parts if part.words > 7) > 60 for each in self.signed) / signed
        )
        self.set_off = sum(map(_is_set_off, self.signed)) / signed
        lengths = sorted(each.title.words for each in self.titled if each.title) or [0]
        self.words = lengths[len(lengths) // 2]
        self.linked = sum(each.linked for each in self.titled) / total
        odds = [title_odds(each.title.text) for each in self.titled[: 2 * _SAMPLE] if each.title]
        self.likely = max(-0.5, min(sum(odds) / len(odds) / 2, 1.0)) if odds else 0.0
        self.bare = sum(each.linked and _is_bare_title(each) for each in self.titled)
        some = self.titled[:: len(self.titled) // _SAMPLE + 1]
        total = len(some) or 1
        self.dated = (
            sum(
                any(part.year or VENUE.search(part.text[:200]) for part in each.parts if part is not each.title)
                for each in some
            )
            / total
        )
        self.days = (
            sum(any(part.is_day or _ISO_DAY.match(part.text) for part in each.parts[:6]) for each in some) / total
        )
        self.places = sum(any(part.is_place for part in each.parts[:8] if part.words < 6) for each in some) / total
        self.houses = (
            sum(
                any(is_house(part.text) and part.words < 9 for part in each.parts if part is not each.authors)
                for each in some
            )
            / total
        )
        heads = [each.title.text for each in self.signed if each.title]
        self.of_houses = len(heads) > 2 and sum(map(is_house, heads)) > 0.5 * len(heads)
        self.various = len({each.title.text for each in self.titled if each.title}) / (len(self.titled) or 1)


def _group(
    members: list[Labelled], whole: _Evidence, headings: tuple[str, ...], about: str, run: Run
) -> Group | None:
    own = _Evidence(members)
    if not own.titled or own.various < 0.5 or own.of_houses or (own.count < 4 and whole.of_houses):
        return None  # people and where they work are no papers
    above = " / ".join(headings[-3:])
    near = headings[-1] if headings else about
    of_papers = 1.0 if OF_PAPERS.search(near) else 0.6 if OF_PAPERS.search(f"{above} / {about}") else 0.0
    of_people = 1.0 if OF_PEOPLE.search(near) and not OF_PAPERS.search(near) else 0.0
    words = max(own.words, whole.words if own.count < 4 else 0)
    likely = own.likely if own.count > 3 else whole.likely
    if own.signed and own.share >= 0.25:
        evidence = (
            2.0 * own.share
            + 1.0 * own.together
            + (0.8 if words > 3 else 0.3 if words == 3 else 1.1 * own.labelled - 0.8)
            + 0.8 * own.linked
            + 0.5 * own.dated
            + 0.8 * own.labelled
            + 0.4 * own.set_off
            + 0.5 * max(likely, 0.0)
            + 0.6 * own.abstracts
            + 0.8 * of_papers
            + 0.2 * min(len(own.signed), 4)
            + 0.6 * (whole.share > 0.6 and len(whole.signed) > 3)
            - (0.7 + 0.5 * (words < 4))
            * (
                own.together * len(own.signed) < 1
                and whole.together * len(whole.signed) < 2
                and not own.labelled
                and own.abstracts < 0.5
            )
            - 2.5 * of_people
            - 0.6 * own.houses
            - 1.5 * own.days
            - 1.0 * own.places
            - 0.6 * (len(whole.signed) < 2 and not own.labelled)
            - 1.0 * (_is_byline(own, headings) and not of_papers)
            - 3.0
        )
        papers = own.signed + [each for each in own.titled if each.authors is None and _is_alike(each, own)]
        return (
            Group(run.boxed, True, evidence, papers, len(own.signed), len(whole.signed))
            if evidence >= _PAPERS
            else None
        )
    bare = [each for each in own.titled if _is_bare_title(each)]
    if not (own.likely > _LIKELY and words > 4 and _MANY < len(bare) > 0.8 * own.count):
        bare = [each for each in bare if each.linked]
    linked = len(bare) / max(1, own.count)
    evidence = (
        1.5 * linked
        + 1.0 * of_papers
        + (0.6 if words > 3 else 0.2 if words == 3 else -0.6)
        + 0.15 * min(len(bare), 6)
        + 0.4 * own.dated
        + 1.2 * likely
        - 2.5 * of_people
        - 1.6
    )
    evidence -= 0.8 * (whole.bare < 3 and (whole.bare < 2 or of_papers < 0.5))
    if not bare or evidence < _BARE:
        span = Span(members[0].record.start, members[-1].record.end)
        return (
            Group(run.boxed, False, evidence, [], len(bare), 0, span) if evidence > 0 and len(bare) > 2 else None
        )
    return Group(run.boxed, False, evidence, bare, len(bare), whole.bare)


def _is_byline(own: _Evidence, headings: tuple[str, ...]) -> bool:
    """Whether the only record with names, right under the page's title, says no more than who wrote the page."""
    alone = len(own.signed) == 1 and len(headings) < 2 and not any(map(_is_heading_led, own.signed))
    return alone and not (own.linked or own.labelled or own.dated)


def _is_heading_led(each: Labelled) -> bool:
    return each.title is not None and _is_heading(each.title)


def _is_set_off(each: Labelled) -> bool:
    title = each.title
    return title is not None and (title.style.bold or bool(title.style.href) or _is_heading(title))


def _is_alike(each: Labelled, own: _Evidence) -> bool:
    """Whether a record without authors is like the others: by its title's make, or by a link to a paper."""
    if own.share < 0.6 or each.title is None or each.title_score < 0.7:
        return False
    alike = sum(other.slot == each.slot for other in own.signed)
    return (each.linked or own.share >= 0.85) and alike >= 0.5 * len(own.signed)


def _is_bare_title(each: Labelled) -> bool:
    """Whether a title without authors is surely one, not a sentence."""
    title = each.title
    if title is None or NO_TITLE.match(title.text):
        return False
    set_off = title.style.bold or title.style.href or title.quoted
    if _is_tool(each.parts):
        return False
    return each.title_score >= (0.45 if title.style.href else _SURE) and not (title.closed and not set_off)


def _is_tool(parts: Sequence[Part]) -> bool:
    """Whether a record begins with a link that is no paper's, to what a paper beside it is about."""
    first = next((part for part in parts if not (part.is_link_label or part.bracketed)), None)
    if first is None or not first.style.href or leads_to_paper(first) or title_odds(first.text) > 0:
        return False
    return first.words < 8 and any(leads_to_paper(part) for part in parts)


def single_paper(runs: Runs) -> Labelled | None:
    """The paper that a whole page is: a title, people below it, and one abstract."""
    parts = runs.parts
    abstracts = [i for i, part in enumerate(parts) if _ABSTRACT.match(part.text) and part.words < 3]
    if len(abstracts) != 1 or not 1 < abstracts[0] < _MOST_IN_RECORD:
        return None
    above = parts[: abstracts[0]]
    title = max(above[:6], key=lambda part: title_score(part, 0) - 0.1 * part.line)
    signers = [
        part for part in above if part.start > title.start and part.people.score >= 0.7 and not part.is_place
    ]
    if title_score(title, 0) < _SURE or not signers:
        return None
    between = {id(p.block) for p in above if p.start > signers[0].end and p.block and p.block.role is Role.HEADING}
    if between - {id(signers[0].block)}:
        return None
    authors = signers[0]
    authors.people = People(tuple(name for part in signers for name in part.people.names), 1.0)
    abstract = parts[min(abstracts[0] + 1, len(parts) - 1)]
    end = abstract.block.end if abstract.block else abstract.end
    record = Record(0, len(parts), title.start, end, ())
    return Labelled(record, parts[: abstracts[0]], title, authors, 1.0)


def draft_of(paper: Labelled, text: str) -> Draft:
    """The words of a labelled record, by fact."""
    record, title, authors = paper.record, paper.title, paper.authors
    draft = Draft(Kind.PAPER, Span(record.start, record.end), headings=record.headings)
    if title is None:
        raise ValueError("a record without a title is no paper")
    draft.add(Fact.TITLE, title_of(title, text), title.style.href)
    if authors is not None:
        for name in authors.people.names:
            draft.add(Fact.AUTHORS, name)
    if title.style.href:
        draft.add(Fact.LINK, "", title.style.href)
    if paper.lead and (year := _YEAR_BEHIND.search(paper.lead)):
        _add_venue(draft, paper.lead, int(year[1]))
    for part in paper.parts:
        if part is title or part is authors:
            continue
        _add(draft, part, title)
    return draft


def _add(draft: Draft, part: Part, title: Part) -> None:
    for label, href in part.links:
        draft.add(Fact.LINK, label, href, part.label or label)
    if part.style.href and not part.links and part.people.score < CERTAIN:
        draft.add(Fact.LINK, part.text, part.style.href, part.text)
    fact = _FACTS.get(part.key or Key.OTHER)
    if fact is Fact.VENUE:
        _add_venue(draft, part.text, part.year)
    elif fact is not None:
        draft.add(fact, part.text)
    elif part.key is None and part.text.lower() != "abstract":
        _add_unlabelled(draft, part, title)


def _add_unlabelled(draft: Draft, part: Part, title: Part) -> None:
    text = part.text
    if _AWARD.search(text) and part.words < 9:
        draft.add(Fact.AWARD, text)
    elif part.bracketed and _TRACK.match(text):
        draft.add(Fact.TRACK, text)
    elif part.words > 24:
        draft.add(Fact.ABSTRACT, text)
    elif part.start > title.start and part.words < 20 and not part.style.href and not part.is_place:
        venue = (VENUE.search(text) or _ACRONYM.match(text)) and not part.is_link_label
        if venue or (part.style.italic and part.words < 8 and part.people.score < CERTAIN):
            _add_venue(draft, text, part.year)
        elif part.year and part.words < 8:
            draft.add(Fact.YEAR, str(part.year))


def _add_venue(draft: Draft, text: str, year: int | None) -> None:
    """Note where a paper was published, and when."""
    if year:
        draft.add(Fact.YEAR, str(year))
    venue = _YEAR_BEHIND.sub("", text).strip(" ,;:()'’-") if year else text
    if venue:
        draft.add(Fact.VENUE, venue)
