"""A draft of an entry: the words that a page gives for each fact, before they are read as facts.

Whoever finds records labels words; what the words mean (a place, a day, a salary,
a list of authors) is decided here
alone, for all formats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from corpus.model import Entry, JobFacts, Kind, Link, Place, Workplace
from corpus.places import read_places
from corpus.readers import jobs, terms
from corpus.readers.dates import EARLIEST, closes_in, parse_day, posted_in
from corpus.readers.keys import is_nothing
from corpus.readers.pay import parse_pay, pay_in
from corpus.readers.people import parse_people
from corpus.readers.venues import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from corpus.model import Pay, Span

    T = TypeVar("T")


class Fact(StrEnum):
    """What words of a record can tell."""

    TITLE = "title"
    AUTHORS = "authors"
    AFFILIATION = "affiliation"
    VENUE = "venue"
    YEAR = "year"
    TRACK = "track"
    AWARD = "award"
    ABSTRACT = "abstract"
    LINK = "link"
    """A link; ``label`` says what to ("pdf", "code", "apply")."""
    COMPANY = "company"
    TEAM = "team"
    PLACE = "place"
    WORKPLACE = "workplace"
    """Remote, hybrid or on site, and from where."""
    EMPLOYMENT = "employment"
    TERM = "term"
    LEVEL = "level"
    DEGREE = "degree"
    PAY = "pay"
    SKILLS = "skills"
    POSTED = "posted"
    CLOSES = "closes"
    STATUS = "status"
    """Whether it is open: "closed", "active: false", a lock, struck-through words."""
    SPONSORSHIP = "sponsorship"
    CITIZENSHIP = "citizenship"
    MARKS = "marks"
    """Emoji and tags behind a title whose meaning stands in a legend, or is everyday."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that tell a fact.

    Attributes:
        text: the words, or a value of the mark-up that the page does not show.
        href: where they lead.
        label: what the page calls them, where that says more than the fact (a currency, "pdf", "per hour").
    """

    text: str
    href: str | None = None
    label: str = ""


@dataclass(slots=True)
class Draft:
    """A paper or job post as its page words it.

    Attributes:
        kind: what it is.
        span: all of it in the stored text.
        said: by fact, in the page's order. Where the mark-up gives a list of authors, each is one of them.
        headings: those above it, outermost first, without the page's title.
    """

    kind: Kind
    span: Span
    said: dict[Fact, list[Said]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()

    def add(self, fact: Fact, text: str, href: str | None = None, label: str = "") -> None:
        """Note words that tell a fact."""
        self.said.setdefault(fact, []).append(Said(text, href, label))


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all records of a page, or of a group of them, unless they say otherwise.

    Attributes:
        text: the page's stored text.
        today: the day of reading, against which relative days are read.
        language: of the page, ISO 639-1; it decides what "01/02/2026" is.
        url: where the page is from: relative links are joined to it.
        venue, year, company: what the page, a heading or an outer object says.
        legend: what marks mean on this page ("🔒": "closed"), as the page explains them.
        notes: lines for the person who ingests, which reading adds to: facts that were not believed.
    """

    text: str
    today: date
    language: str | None = None
    url: str | None = None
    venue: str | None = None
    year: int | None = None
    company: str | None = None
    legend: tuple[tuple[str, str], ...] = ()
    notes: list[str] = field(default_factory=list, compare=False)


OPENING = "Opening"
"""The title of a job post that names neither a role nor a team."""
_MOST_NOTES = 20
_READ = 20_000
"""Characters of a post that are read."""
_SHORTEST_PROSE, _READ_FOR_TEAM, _LINE_CHARS = 20, 6_000, 120
_TITLE_CHARS, _NAME_CHARS = 500, 200
_CARRIED = frozenset(["↳", "⤷", "”", '"', "〃", "^", "↑", "→", "ditto"])
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_VENUE_YEAR = re.compile(r"[\s,'’(-]{1,3}((?:19|20)\d\d|(?<=['’])\d\d)\)?$")
_FIRST_LINKS = {
    Kind.JOB: ("apply", "application", "job", "posting", "bewerben", "solicitar"),
    Kind.PAPER: ("paper", "pdf", "arxiv", "openreview", "doi"),
}
"""Words of the links that an entry leads to first."""
_AWARD = re.compile(
    r"[^.;,()\[\]|]{0,40}\b(?:best|outstanding|distinguished|honou?rable|award|runner[ -]up|test of time"
    r"|spotlight|oral)\b[^.;,()\[\]|]{0,40}",
    re.IGNORECASE,
)


def entry_of(draft: Draft, context: Context) -> Entry | None:
    """Read a draft's words as facts; None if it has no title, or one that says nothing."""
    return _job(draft, context) if draft.kind is Kind.JOB else _paper(draft, context)


def _paper(draft: Draft, context: Context) -> Entry | None:
    title = _words(draft, Fact.TITLE, _TITLE_CHARS)
    if not title:
        return None
    links = _links(draft, context)
    venue, of_venue = _venue(_words(draft, Fact.VENUE))
    years = [int(year) for said in _said(draft, Fact.YEAR) for year in _YEAR.findall(said.text)] + of_venue
    award = _words(draft, Fact.AWARD)
    return Entry(
        draft.kind,
        title,
        draft.span,
        draft.headings[-1] if draft.headings else None,
        draft.headings,
        authors=_authors(_said(draft, Fact.AUTHORS)),
        venue=venue,
        year=years[0] if years else None,
        url=_url(draft, links, context),
        links=links,
        award=found[0].strip() if award and (found := _AWARD.search(award)) else award,
        track=_words(draft, Fact.TRACK),
        posted=_posted(draft, context, ""),
        abstract=bool(_said(draft, Fact.ABSTRACT)),
    )


def _venue(words: str | None) -> tuple[str | None, list[int]]:
    """A venue without the year behind it, and that year: "ICML 2023", "WIND '19"."""
    words = short_name(words) if words else None
    found = _VENUE_YEAR.search(words or "")
    if not words or not found or not found.start():
        return words, []
    return words[: found.start()], [int(found[1]) if len(found[1]) == 4 else 2000 + int(found[1])]


def _authors(said: Sequence[Said]) -> tuple[str, ...]:
    """The names; a list's item is a name or several, one labelled "name" is one whatever it looks like."""
    names: list[str] = []
    for each in said:
        names += (each.text.strip(" {}"),) if each.label == "name" else parse_people(each.text).names
    return tuple(names)


def _job(draft: Draft, context: Context) -> Entry | None:
    prose = context.text[draft.span.start : min(draft.span.end, draft.span.start + _READ)]
    said_title = _words(draft, Fact.TITLE, _TITLE_CHARS) or ""
    behind = _behind(prose, draft)
    role = terms.without_marks(said_title) or jobs.role_of(behind)
    company = _company(draft, context)
    team = _words(draft, Fact.TEAM) or _team(behind, company)
    if not (role or team or company or draft.said.get(Fact.PLACE)):
        return None
    links = _links(draft, context)
    facts = _facts(draft, context, said_title, prose)
    return Entry(
        Kind.JOB,
        role or OPENING,
        draft.span,
        draft.headings[-1] if draft.headings else None,
        draft.headings,
        url=_url(draft, links, context),
        place=facts.places[0] if facts.places else None,
        role=role,
        team=team,
        posted=_posted(draft, context, prose),
        closes=_closes(draft, context, prose),
        parts=jobs.parts_of(context.text, draft.span.start, draft.span.end),
        links=links,
        job=facts,
    )


def _behind(prose: str, draft: Draft) -> str:
    """The words of a post behind its title and the line of its place."""
    at = 0
    for said in (*draft.said.get(Fact.TITLE, ())[:1], *draft.said.get(Fact.PLACE, ())[:1]):
        found = prose.find(said.text, 0, at + len(said.text) + _LINE_CHARS) if said.text else -1
        at = max(at, found + len(said.text)) if found >= 0 else at
    return prose[at:].lstrip()


def _team(prose: str, company: str | None) -> str | None:
    """The team that a post's prose names; its company is none."""
    if len(prose) < _SHORTEST_PROSE:
        return None
    team = jobs.team_of(prose[:_READ_FOR_TEAM])
    return None if team and company and team.casefold() in company.casefold() else team


def _facts(draft: Draft, context: Context, title: str, prose: str) -> JobFacts:
    places, workplace, remote_in = _where(draft, title, prose)
    level = _read(draft, Fact.LEVEL, terms.level_of) or terms.level_of(title)
    employment = _read(draft, Fact.EMPLOYMENT, terms.employment_of) or terms.employment_of(title, title=True)
    marks = _marks(draft, context, title, prose)
    skills = [part for said in _said(draft, Fact.SKILLS) for part in re.split(r"[,;|•·\n]", said.text)]
    return JobFacts(
        company=_company(draft, context),
        places=places,
        workplace=workplace,
        remote_in=remote_in,
        employment=employment or terms.employment_in(prose) or ("internship" if level == "intern" else None),
        term=_words(draft, Fact.TERM)
        or terms.term_in(title)
        or terms.term_in(_words(draft, Fact.EMPLOYMENT) or ""),
        level=level,
        degree=_read(draft, Fact.DEGREE, terms.degree_of) or terms.degree_of(marks) or terms.degree_in(prose),
        pay=_pay(draft) or pay_in(prose),
        skills=tuple(dict.fromkeys(skill.strip()[:60] for skill in skills if skill.strip()))[:40],
        closed=_closed(draft, title, marks, prose),
        sponsorship=_either(
            _read(draft, Fact.SPONSORSHIP, terms.sponsorship_of),
            terms.sponsorship_in(marks),
            terms.sponsorship_in(prose),
        ),
        citizenship=_read(draft, Fact.CITIZENSHIP, terms.citizenship_of)
        or terms.citizenship_of(marks)
        or terms.citizenship_of(prose),
    )


def _company(draft: Draft, context: Context) -> str | None:
    said = _words(draft, Fact.COMPANY)
    bare = terms.without_marks(said) if said else None
    if bare and "://" in bare:
        return context.company  # an address is nobody's name
    return bare if bare and bare not in _CARRIED else context.company


def _where(draft: Draft, title: str, prose: str) -> tuple[tuple[Place, ...], Workplace | None, tuple[str, ...]]:
    read = [read_places(words) for words in _places(_said(draft, Fact.PLACE))]
    ways = [terms.workplace_of(said.text, said.label) for said in _said(draft, Fact.WORKPLACE)]
    field = next((way for way in (Workplace.HYBRID, Workplace.REMOTE, *ways) if way and way in ways), None)
    fields = [read_places(said.text) for said in _said(draft, Fact.WORKPLACE)]
    places = tuple(dict.fromkeys(place for where in read for place in where.places))
    said = field or next((where.workplace for where in read if where.workplace), None) or terms.workplace_in(title)
    workplace = said or terms.workplace_in(prose)
    remote_in = [code for where in (*read, *fields) for code in where.remote_in]
    if workplace is Workplace.REMOTE and not remote_in and field:
        remote_in = [place.country for place in places if place.country and not place.city]
    return places, workplace, tuple(dict.fromkeys(remote_in))


_INNER_FIRST = ("city", "region", "country")


def _places(said: Sequence[Said]) -> list[str]:
    """The words of each place; those that are labelled as a city, a region and a country are one."""
    places: list[str] = []
    parts: dict[str, str] = {}
    for each in (*said, Said("")):
        if parts and (each.label not in _INNER_FIRST or each.label in parts):
            places.append(", ".join(parts[label] for label in _INNER_FIRST if label in parts))
            parts = {}
        if each.label in _INNER_FIRST:
            parts[each.label] = each.text
        elif each.text:
            places.append(each.text)
    return places


_MEANINGS = {"🔒": "closed", "🛂": "does not offer sponsorship", "🇺🇸": "requires US citizenship", "🎓": ""}
"""What marks mean everywhere, unless a page's legend says otherwise."""


def _marks(draft: Draft, context: Context, title: str, prose: str) -> str:
    """What the marks of a post mean, a line each: what the legend says, or what everybody knows."""
    legend = dict(context.legend)
    said = _said(draft, Fact.MARKS)
    meanings = [each.label for each in said if each.label]
    shown = [*terms.marks_of(title), *terms.marks_of(_words(draft, Fact.COMPANY) or "")]
    shown += [mark for each in said for mark in terms.marks_of(each.text)]
    shown += [mark for mark in terms.marks_of(prose) if mark in legend or mark == "🔒"]
    meanings += [legend.get(mark) or _MEANINGS.get(mark, "") for mark in dict.fromkeys(shown)]
    return "\n".join(filter(None, meanings))


def _closed(draft: Draft, title: str, marks: str, prose: str) -> bool | None:
    said = _said(draft, Fact.STATUS)
    states = [state for each in said if (state := terms.closed_of(each.text, each.label)) is not None]
    if True in states or terms.closed_in(title) or terms.closed_of(marks) or terms.closed_in(prose):
        return True
    return False if states else None


def _pay(draft: Draft) -> Pay | None:
    said = _said(draft, Fact.PAY)
    whole = " ".join(each.label for each in said if each.label)
    return next((pay for each in said if (pay := parse_pay(each.text, whole))), None)


def _posted(draft: Draft, context: Context, prose: str) -> date | None:
    for said in _said(draft, Fact.POSTED):
        day = parse_day(said.text, context.language, context.today)
        if day and day.year >= EARLIEST and day <= context.today + timedelta(days=1):
            return day
        if any(c.isdigit() for c in said.text):
            _note(context, f"posted {said.text.strip()[:40]!r} is not believed")
    day = posted_in(prose, context.language, context.today)
    return day if day and day.year >= EARLIEST and day <= context.today + timedelta(days=1) else None


def _closes(draft: Draft, context: Context, prose: str) -> date | None:
    for said in _said(draft, Fact.CLOSES):
        day = parse_day(said.text, context.language, context.today, ahead=True)
        if day and EARLIEST <= day.year <= context.today.year + 10:
            return day
        if any(c.isdigit() for c in said.text):
            _note(context, f"closing day {said.text.strip()[:40]!r} is not believed")
    return closes_in(prose, context.language, context.today)


def _note(context: Context, line: str) -> None:
    if len(context.notes) < _MOST_NOTES and line not in context.notes:
        context.notes.append(line)


def _links(draft: Draft, context: Context) -> tuple[Link, ...]:
    found: dict[str, str] = {}
    for said in _said(draft, Fact.LINK):
        if url := address_of(said.href or said.text, context.url):
            found.setdefault(url, " ".join((said.label or said.text).split())[:80])
    return tuple(Link(label, url) for url, label in found.items())


def _url(draft: Draft, links: Sequence[Link], context: Context) -> str | None:
    """Where one applies, or reads the paper: a paper's title, the link that says so, a post's title, the first."""
    of_title = next((said.href for said in draft.said.get(Fact.TITLE, ()) if said.href), None)
    own = address_of(of_title, context.url)
    if own and draft.kind is Kind.PAPER:
        return own
    words = _FIRST_LINKS[draft.kind]
    said = (link.url for link in links if any(word in link.label.lower() for word in words))
    return next(said, None) or own or (links[0].url if links else None)


def address_of(href: str | None, base: str | None) -> str | None:
    """A link as an address of the web, joined to its page's; None if it leads nowhere else."""
    if not href or href.startswith("#"):
        return None
    try:
        address = urljoin(base, href.strip()) if base else href.strip()
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https", "mailto"} or (not parts.scheme and not base) else None


def _said(draft: Draft, fact: Fact) -> list[Said]:
    """What is said of a fact, placeholders ("Unknown", "N/A", "-1") left out."""
    return [said for said in draft.said.get(fact, ()) if said.href or not is_nothing(said.text)]


def _words(draft: Draft, fact: Fact, most: int = _NAME_CHARS) -> str | None:
    said = [each for each in _said(draft, fact) if each.text.strip()]
    return " ".join(said[0].text.split())[:most] if said else None


def _read(draft: Draft, fact: Fact, read: Callable[..., T | None]) -> T | None:
    """The first of the words of a fact that a parser understands."""
    for said in _said(draft, fact):
        labelled = terms.flag_of(said.text) is not None and said.label
        found = read(said.text, said.label) if labelled else read(said.text)
        if found is not None:
            return found
    return None


def _either(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)
