"""Openings: the job posts among the runs of a page, the parts of all records of a run labelled together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.model import Kind, Span
from corpus.places import is_place
from corpus.readers.draft import Draft, Fact
from corpus.readers.keys import Key
from corpus.readers.labels import EDGES, names_place, names_post
from corpus.readers.parts import slot_of
from corpus.readers.pay import is_pay
from corpus.readers.people import CERTAIN
from corpus.readers.runs import Record
from corpus.readers.terms import cues_of_post
from corpus.readers.titles import WORKPLACE, house_and_place, parted_title, role_sought, without_place
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers.parts import Part
    from corpus.readers.runs import Run, Runs


_OF_POSTS = re.compile(
    r"\b(?:jobs?|careers?|openings?|(?:open|available|current|vacant|job) positions?|vacanc(?:y|ies)|hiring"
    r"|internships?|opportunities"
    r"|positions?|join us|join (?:the|our) \w+|work with us|recruit\w*|employment|roles|stellen\w*"
    r"|stellenangebote|karriere|empleo|ofertas"
    r"|postes|emplois|offres|招聘|职位|hire|studentships|scholarships|apply)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:openings?|(?:open|available|vacant|job) positions?|vacanc(?:y|ies))\b", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"\b(?:team|members?|people|alumni|staff|committees?|organi[sz]ers?|speakers?|chairs?|contacts?|who we"
    r" are|about (?:me|us)"
    r"|former|past|current (?:students|members)|experience|education|cv|awards|biography|teaching|service"
    r"|news|publications?"
    r"|papers|talks|events?|testimonials?)\b",
    re.IGNORECASE,
)
_APPLY = re.compile(
    r"\b(?:apply|application|bewerben|postular|postuler|view job|job details|投递)\b", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"^(?:we|if|you|our|please|the (?:candidate|position|group|lab|successful)|candidates|applicants|i am"
    r"|this|there|he|she|they|in this|to apply"
    r"|for |as an?|how to|why|about|what|who|when|where|send|contact|thank|apply|see|more|application"
    r"|bewerben|view job|job details)\b",
    re.IGNORECASE,
)
_EMPLOYMENT = re.compile(
    r"^\W*(?:full[- ]?time|part[- ]?time|contract(?:or)?|freelance|intern(?:ship)?s?|temporary|permanent"
    r"|fixed[- ]term|vollzeit"
    r"|teilzeit|werkstudent|perm|ft|pt)\W*$",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^\W*(?:closed|filled|expired|position filled|no longer (?:available|open)|besetzt|🔒)\W*$", re.IGNORECASE
)
_APPLICATIONS = re.compile(r"\bapplications?\W*$|^applications? for\b", re.IGNORECASE)
_CLAUSE = re.compile(r",\s(?=(?:for|in|within|with|to|at|as|which|that|who|starting|funded)\s)")
_GENERIC = re.compile(
    r"\W*(?:(?:current|open|available|our|job|vacant|all|latest|new|the|recent|featured|other|more)\s)*"
    r"(?:positions?|openings?|jobs?|vacanc(?:y|ies)|opportunities|careers?|roles|internships?|students?)\W*",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:examples?|past|previous|former|archived?|old)\b", re.IGNORECASE)
_UNFINISHED = re.compile(r"\b(?:on|in|for|of|at|to|and|the|with|as|an?)$", re.IGNORECASE)
_COUNTRY_FIRST = re.compile(r"[A-Z]{2}, ")
_GENDERS = re.compile(r"\((?:[mwfdxhi]\s?[/|]\s?){1,3}[mwfdxhi]\)", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_COMPANY_MARK = ("company", "employer", "organi", "org", "firm")
_FACTS = {
    Key.COMPANY: Fact.COMPANY, Key.TEAM: Fact.TEAM,
    Key.PLACE: Fact.PLACE, Key.CITY: Fact.PLACE, Key.REGION: Fact.PLACE,
    Key.COUNTRY: Fact.PLACE, Key.WORKPLACE: Fact.WORKPLACE, Key.EMPLOYMENT: Fact.EMPLOYMENT, Key.TERM: Fact.TERM,
    Key.LEVEL: Fact.LEVEL, Key.DEGREE: Fact.DEGREE,
    Key.PAY: Fact.PAY, Key.PAY_MIN: Fact.PAY, Key.PAY_MAX: Fact.PAY,
    Key.SKILLS: Fact.SKILLS, Key.DAY: Fact.POSTED, Key.POSTED: Fact.POSTED, Key.CLOSES: Fact.CLOSES,
    Key.STATUS: Fact.STATUS, Key.SPONSORSHIP: Fact.SPONSORSHIP, Key.CITIZENSHIP: Fact.CITIZENSHIP,
}  # fmt: skip
_OF_POST = frozenset((Key.COMPANY, Key.TEAM, Key.PAY, Key.EMPLOYMENT, Key.LEVEL, Key.SKILLS, Key.APPLY))
_LABELS = {
    Key.CITY: "city", Key.REGION: "region", Key.COUNTRY: "country", Key.PAY_MIN: "min", Key.PAY_MAX: "max",
}  # fmt: skip
_TITLED = 0.5
_POSTS = 0.6
"""Least evidence that a group of records is one of posts."""
_MOST_PARTS = 120
_CUES = 3


@dataclass(slots=True, eq=False)
class Opening:
    """A record whose title is found."""

    record: Record
    parts: Sequence[Part]
    title: Part | None = None
    score: float = 0.0
    facts: dict[int, Fact] = field(default_factory=dict)
    cues: int = 0
    people: bool = False


@dataclass(slots=True)
class Openings:
    """Posts of one run under the same headings.

    Attributes:
        evidence: how surely they are posts.
        support: how many records of the run have a title.
        fine: whether several blocks are a post each: a wider record that holds them is none.
    """

    evidence: float
    posts: list[Opening]
    support: int = 0
    fine: bool = False


def groups_of_posts(runs: Runs, about: str) -> list[Openings]:
    """The groups of records that can be job posts, each run labelled as a whole.

    Args:
        runs: the page's runs.
        about: the page's title.
    """
    found = []
    roles = runs.with_roles()
    for run in runs.runs:
        found += _placed(run, runs)
        if not any(roles[record.first] < roles[record.last] for record in run.records):
            continue
        openings = _labelled(run, runs)
        titled = sum(each.title is not None for each in openings)
        groups: dict[tuple[str, ...], list[Opening]] = defaultdict(list)
        for each in openings:
            groups[_headings(each.record)].append(each)
        for headings, members in groups.items():
            if sought := _sought(members, headings):
                found.append(sought)
            if group := _group(members, headings, about, run, titled):
                found.append(group)
    return found


def _sought(members: list[Opening], headings: tuple[str, ...]) -> Openings | None:
    """Items under a heading of open posts that say in a sentence whom the house looks for."""
    near = headings[-1] if headings else ""
    if not _OPEN.search(near) or _PAST.search(near):
        return None
    posts = []
    for each in members:
        first = each.parts[0] if each.parts else None
        if first is None or each.title or first.block is None or first.block.role is not Role.ITEM:
            continue
        if role := role_sought(first.text):
            title = replace(first, text=role)
            posts.append(Opening(each.record, [title, *each.parts], title, 1.0))
    return Openings(1.0, posts, len(posts)) if len(posts) > 1 else None


def _headings(record: Record) -> tuple[str, ...]:
    """The headings of a record, without a line over it that says nothing of its kind: a company, mostly."""
    telling = (_OF_POSTS, _OF_PEOPLE, _PAST)
    bare = record.under and not any(kind.search(record.under) for kind in telling)
    return record.headings[:-1] if bare else record.headings


def _placed(run: Run, runs: Runs) -> list[Openings]:
    """Posts that are a place over prose: which role it is for, the prose says."""
    posts = []
    for record in run.records:
        parts = runs.parts[record.first : min(record.last, record.first + _MOST_PARTS)]
        first, block = parts[0], parts[0].block
        alone = len(parts) > 1 and parts[1].line > first.line and "," in first.text
        if block is None or not alone or first.start > record.start or not is_place(first.text):
            continue
        if block.role is Role.HEADING or parts[1].block is block or _COUNTRY_FIRST.match(first.text):
            cues = cues_of_post(runs.text[first.end : record.end])
            cues += _CUES * bool(_COUNTRY_FIRST.match(first.text))
            posts.append(Opening(record, parts, None, 1.0, {0: Fact.PLACE}, cues))
    sure = sum(each.cues >= _CUES for each in posts)
    posts = [each for each in posts if each.cues >= (_CUES if sure < _CUES else 1)]
    return [Openings(1.0, posts, len(posts))] if posts else []


def _labelled(run: Run, runs: Runs) -> list[Opening]:
    slots: dict[tuple[object, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    read = []
    for record in run.records:
        parts = runs.parts_of(record)[:_MOST_PARTS]
        own, scores, at = [], [], 0
        for part in parts:
            slot = slot_of(part, at)
            at += not (part.is_link_label or part.bracketed)
            # What is no single block begins with its title.
            score = title_score(part, at) if run.boxed or part.line == parts[0].line else -9.0
            own.append(slot)
            scores.append(score)
            slots[slot][0] += 1
            slots[slot][1] += max(score, -1.0)
        read.append((record, parts, own, scores))
    openings = []
    for record, parts, own, scores in read:
        joint = [
            0.6 * score + 0.4 * slots[slot][1] / slots[slot][0] for score, slot in zip(scores, own, strict=True)
        ]
        opening = Opening(record, parts)
        strong = {part.line for part, score in zip(parts, scores, strict=True) if score >= 1.0 and part.style.href}
        if joint and max(joint) >= _TITLED and (run.boxed or len(strong) < 3):
            at = max(range(len(joint)), key=lambda i: joint[i])
            opening.title, opening.score = parts[at], joint[at]
            opening.facts = {i: fact for i, part in enumerate(parts) if i != at and (fact := fact_of(part))}
            text = runs.text[record.start : record.end]
            opening.cues = cues_of_post(text) if len(text) > 80 else 0
            beside = [*parts[:at], *parts[at + 1 : at + 2]]
            opening.people = any(
                part.people.score >= 0.7 and part.key is None and part.before != "bar" and not part.is_place
                for part in beside
                if parts[at].before != "bar"
            )
        openings.append(opening)
    return openings


def title_score(part: Part, at: int) -> float:
    """How much a part looks like the title of a job; ``at``: the how manieth part it is."""
    return part.memo("post", _title_score) + 0.15 * (at <= 1)


def _title_score(part: Part) -> float:
    text, style, count = part.text, part.style, part.words
    if part.is_link_label or part.bracketed or count > 22 or "@" in text or _NO_TITLE.match(text):
        return -1.0
    if (
        part.key not in (None, Key.TITLE, Key.ROLE, Key.NAME)
        or _GENERIC.fullmatch(text)
        or _APPLICATIONS.search(text)
    ):
        return -1.0
    score = 0.6 if part.names_post else 0.0
    score += -0.1 if count < 2 else 0.2 if count < 13 else -0.3
    score += 0.15 * style.bold + 0.2 * bool(style.href) + 0.5 * (part.key is not None)
    score += 0.3 * any("title" in mark or mark == "role" for mark in style.marks)
    if part.block is not None:
        heading = part.block.role is Role.HEADING
        score += 0.25 * heading + 0.3 * any("title" in mark for mark in part.block.marks)
        if part.before in ("dot", "ask", "comma") and not heading:
            score -= 0.5
        if part.end - part.block.start > 400:
            score -= 0.3
    if part.people.score >= CERTAIN:
        score -= 0.8
    if score > 0 and (
        part.is_place or part.is_day or _EMPLOYMENT.match(text) or WORKPLACE.match(text) or is_pay(text)
    ):
        score -= 1.0
    return score - 0.3 * (not text[:1].isupper() and text[:1].isalpha())


def fact_of(part: Part) -> Fact | None:
    """What a part of a post tells by itself; None if nothing that is sure."""
    text = part.text
    if part.key is not None:
        return _FACTS.get(part.key)
    if len(text) > 120 or part.words > 12:
        return None
    found = None
    if _CLOSED.match(text):
        found = Fact.STATUS
    elif _EMPLOYMENT.match(text):
        found = Fact.EMPLOYMENT
    elif part.style.day or part.is_day:
        found = Fact.POSTED
    elif is_pay(text):
        found = Fact.PAY
    elif WORKPLACE.match(text) or part.is_place or any("location" in mark for mark in part.style.marks):
        found = Fact.PLACE
    elif any(kind in mark for mark in _marks(part) for kind in _COMPANY_MARK):
        found = Fact.COMPANY
    return found


def _marks(part: Part) -> tuple[str, ...]:
    return (*part.style.marks, *(part.block.marks if part.block is not None else ()))


def _group(
    members: list[Opening], headings: tuple[str, ...], about: str, run: Run, support: int
) -> Openings | None:
    titled = [each for each in members if each.title is not None]
    named = [each for each in titled if each.title and (each.title.names_post or _is_told(each))]
    if not named:
        return None
    total = len(titled)
    near, above = headings[-1] if headings else about, " / ".join((about, *headings))
    share = len(named) / len(members)
    of_posts = (
        1.0 if _OF_POSTS.search(" / ".join(headings[-2:]) or about) else 0.7 if _OF_POSTS.search(above) else 0.0
    )
    if _PAST.search(near):
        return None
    of_people = 1.0 if headings and _OF_PEOPLE.search(near) and not _OF_POSTS.search(near) else 0.0
    where = [Fact.PLACE in e.facts.values() or bool(parted_title(e.title.text)[2]) for e in named if e.title]
    placed = sum(where) / len(named)
    told = sum(bool({*each.facts.values()} - {Fact.PLACE, Fact.POSTED}) for each in named) / len(named)
    linked = sum(any(part.style.href for part in each.parts) for each in named) / len(named)
    prose = sum(each.cues >= _CUES for each in named) / len(named)
    persons = sum(each.people for each in named) / len(named)
    evidence = (
        0.9 * share
        + 0.9 * of_posts
        + 0.7 * placed
        + 0.5 * told
        + 0.3 * linked
        + 0.8 * prose
        + 0.1 * min(len(named), 4)
        - 1.2 * persons
        - 1.5 * of_people * (prose < 0.5)
        - 1.6
    )
    if evidence < _POSTS:
        return None
    slots = {slot_of(each.title, 0)[:-1] for each in named if each.title}
    alike = [
        each
        for each in titled
        if each.title
        and share >= 0.5
        and slot_of(each.title, 0)[:-1] in slots
        and (each.score >= 0.7 or each.facts)
    ]
    posts = [each for each in titled if each in named or each in alike]
    fine = run.boxed and len(named) > 1 and share >= 0.7
    return Openings(evidence, posts, support if run.boxed else total, fine)


def single_post(runs: Runs, about: str) -> Opening | None:
    """The post that a whole page is: its title names a role, and its words speak of a post."""
    parts = runs.parts
    title = next((part for part in parts[:4] if _is_title(part, about)), None)
    if title is None:
        return None
    told = {part.key for part in parts[:_MOST_PARTS] if part.key in _FACTS and part.key is not Key.DAY}
    if cues_of_post(runs.text) < _CUES and not told and not _GENDERS.search(title.text):
        return None
    record = Record(0, len(parts), title.start, parts[-1].end, ())
    opening = Opening(record, parts[:_MOST_PARTS], title, 1.0)
    opening.facts = {
        i: fact for i, part in enumerate(opening.parts) if part.key in _FACTS and (fact := fact_of(part))
    }
    return opening


def _is_title(part: Part, about: str) -> bool:
    if part.block is None or part.words > 18 or _GENERIC.fullmatch(part.text) or _NO_TITLE.match(part.text):
        return False
    own = part.text.strip(EDGES) == about.strip(EDGES) or part.order + part.line == 0
    return own and part.names_post and part.end >= part.block.end - 2


def _is_told(opening: Opening) -> bool:
    """Whether labels say that a record is a post: two facts, and one of them only posts have."""
    keys = [part.key for part in opening.parts if part.key in _FACTS or part.key in _OF_POST]
    once = len(keys) == len(set(keys)) and opening.title is not None and not _OF_POSTS.search(opening.title.text)
    return once and len(keys) > 1 and not _OF_POST.isdisjoint(keys)


def draft_of(opening: Opening, text: str) -> Draft:
    """The words of a post, by fact."""
    title = opening.title
    draft = Draft(Kind.JOB, Span(opening.record.start, opening.record.end), headings=opening.record.headings)
    if title is None:
        draft.add(Fact.PLACE, opening.parts[0].text)
        return draft
    words, company, places = parted_title(_whole_title(opening, title, text))
    draft.add(Fact.TITLE, words, title.style.href)
    if company:
        draft.add(Fact.COMPANY, company)
    for place in places:
        draft.add(Fact.PLACE, place)
    if title.style.struck:
        draft.add(Fact.STATUS, "struck")
    if title.style.href:
        draft.add(Fact.LINK, words, title.style.href)
    last = max(part.line for part in opening.parts if part.text == title.text)
    for i, part in enumerate(opening.parts):
        if part.text != title.text:
            _add(draft, part, opening.facts.get(i), near=title.line <= part.line <= last + 1)
    return draft


def add_companies(posts: Sequence[tuple[Opening, Draft]]) -> None:
    """Add the companies that stand in lines of their own over their posts.

    Each has links of its own site, or its name is in one of them.
    """
    hosts: dict[str, set[str]] = defaultdict(set)
    addresses: dict[str, str] = defaultdict(str)
    for opening, draft in posts:
        if under := opening.record.under:
            links = [said.href or "" for said in draft.said.get(Fact.LINK, ())]
            hosts[under] |= {urlsplit(link).netloc for link in links}
            addresses[under] += " ".join(["", *links])
    shared = Counter(host for each in hosts.values() for host in each)
    for opening, draft in posts:
        under = opening.record.under
        own, words = hosts.get(under, set()), under.strip(EDGES)
        alone = len(own) == 1 and len(hosts) > 1 and all(host and shared[host] == 1 for host in own)
        told = Fact.COMPANY in draft.said or not (alone or _is_in_links(words, addresses[under]))
        if not (told or names_post(words) or names_place(words) or _OF_POSTS.search(words)):
            draft.add(Fact.COMPANY, words)


def _is_in_links(name: str, links: str) -> bool:
    """Whether the first word of a name is a word of the addresses: "Moss Labs" in "https://jobs.test/moss/1"."""
    first = name.split(maxsplit=1)[0].lower() if name else ""
    return len(first) > 3 and first in _WORDS.findall(links.lower())


def _whole_title(opening: Opening, title: Part, text: str) -> str:
    """The title's words, with the link or the bold words that it goes on in."""
    end, last = title.end, title
    for part in opening.parts:
        if (
            part.start >= end
            and part.line == title.line
            and part.before == "style"
            and _UNFINISHED.search(last.text)
        ):
            end, last = part.end, part
    words = " ".join(text[title.start : end].split()) if last is not title else title.text
    cut = _CLAUSE.search(words)
    return words[: cut.start()] if cut and len(words[: cut.start()].split()) > 5 else words


def _add(draft: Draft, part: Part, fact: Fact | None, *, near: bool) -> None:
    links = part.links or ([(part.text, part.style.href)] if part.style.href else [])
    for label, href in links:
        if href and not href.startswith(("#", "mailto:")):
            draft.add(Fact.LINK, label, href, "apply" if _APPLY.search(label) or part.key is Key.APPLY else label)
    if fact is not None:
        label = _LABELS.get(part.key, part.label) if part.key is not None else ""
        draft.add(fact, part.style.day if fact is Fact.POSTED and part.style.day else part.text, None, label)
        return
    if Fact.COMPANY not in draft.said and part.before == "style" and (listed := house_and_place(part)):
        if listed[0]:
            draft.add(Fact.COMPANY, listed[0])
        draft.add(Fact.PLACE, listed[1])
        return
    sentence = (
        part.closed or part.before in ("dot", "ask") or (part.block and part.block.end - part.block.start > 200)
    )
    if not near or part.key is not None or part.words > 8 or part.is_link_label or sentence:
        return
    company, places = without_place(part.text)
    for place in places:
        draft.add(Fact.PLACE, place)
    if Fact.COMPANY in draft.said or (len(part.people.names) > 1 and not places) or not company[:1].isalnum():
        return
    if not (names_post(company) or _APPLY.search(company)):
        draft.add(Fact.COMPANY, company)
