"""What a summary states of the facts is true: questions made by rule, checked by sets of the test's own."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.answering.facts import Facts, facts_of
from bot.answering.summary import missing_of, summary_of
from bot.query.parser import parse
from corpus.gazetteer import Ids
from corpus.model import Entry, JobFacts, Kind, Link, Pay, Place, Span, Workplace
from tests.corpus.gazetteer.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.query.plan import Plan
    from corpus.gazetteer import Gazetteer


TODAY = date(2026, 6, 10)
AUTHORS = (
    "Ilse Brandvik", "Tomas Okonjo", "Priya Venkatram", "Lena Karhula", "Yusuf Adeyinka", "Marta Szewczyk",
    "Hugo Vandenberg", "Noor Al-Rashidi", "Kenji Watabayashi", "Elif Demirkan",
)  # fmt: skip
TOPICS = ("Tidal models", "Sail shapes", "Rope friction", "Harbour noise")
VENUES = (("ICML", 2023), ("ICML", 2024), ("ICLR", 2022))
SUBJECTS = ("barnacles", "lanterns", "anchors", "driftwood")
COMPANIES = ("Quayside Labs", "Brinewater", "Lodestar Marine")
PLACES = (
    Place("Porto, Portugal", "PT", "13", "Porto"),
    Place("Lisbon, Portugal", "PT", "11", "Lisbon"),
    Place("Madrid, Spain", "ES", "MD", "Madrid"),
    Place("Spain", "ES"),
    Place("Boston, MA", "US", "MA", "Boston"),
)
COUNTRIES = {"Portugal": "PT", "Spain": "ES", "the United States": "US"}
SKILLS = ("Rust", "Fortran", "Haskell")
ROLES = ("Hull Engineer", "Data Scientist", "Sail Designer")
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass
class Corpus:
    """Entries by their ids, with the gazetteer of them."""

    shelf: Shelf = field(default_factory=Shelf)
    entries: dict[int, Entry] = field(default_factory=dict)
    venues: dict[int, tuple[str, int]] = field(default_factory=dict)

    def paper(self, title: str, venue: tuple[str, int], **facts: object) -> None:
        entry = Entry(Kind.PAPER, title, Span(0, len(title)), **facts)  # type: ignore[arg-type]
        number = self.shelf.put(entry, title, venue=venue[0], year=venue[1])
        self.entries[number], self.venues[number] = entry, venue

    def job(self, role: str, text: str, **facts: object) -> None:
        job = JobFacts(**facts)  # type: ignore[arg-type]
        place = job.places[0] if job.places else None
        entry = Entry(Kind.JOB, role, Span(0, len(text)), role=role, place=place, job=job)
        self.entries[self.shelf.put(entry, text)] = entry

    def where(self, kind: Kind, holds: Callable[[int, Entry], bool]) -> set[int]:
        return {number for number, entry in self.entries.items() if entry.kind is kind and holds(number, entry)}


def papers(rng: random.Random) -> Corpus:
    corpus = Corpus()
    for number in range(30):
        topic = rng.choice(TOPICS)
        corpus.paper(
            f"On {rng.choice(SUBJECTS)} in case {number}",
            rng.choice(VENUES),
            authors=tuple(rng.sample(AUTHORS, rng.randint(1, 6))),
            section=topic,
            headings=(topic,),
            links=(Link("code", "https://c.example/1"),) if rng.random() < 0.4 else (),
        )
    return corpus


def jobs(rng: random.Random) -> Corpus:
    corpus = Corpus()
    for number in range(40):
        level = rng.choice((None, "senior", "entry"))
        low = rng.choice((None, 60_000.0, 90_000.0, 120_000.0, 160_000.0))
        role = f"{'Senior ' if level == 'senior' else ''}{rng.choice(ROLES)}"
        corpus.job(
            role,
            f"{role}. Post {number} of the yard, about {rng.choice(SUBJECTS)}.",
            company=rng.choice(COMPANIES),
            places=tuple(rng.sample(PLACES, rng.choice((0, 1, 1, 1, 2)))),
            workplace=rng.choice((None, *Workplace)),
            employment=rng.choice((None, "full-time", "internship", "contract")),
            level=level,
            pay=Pay(low, low + 25_000, "USD", "year") if low else None,
            skills=tuple(rng.sample(SKILLS, rng.randint(0, 2))),
            sponsorship=rng.choice((None, True, False)),
        )
    return corpus


def both(rng: random.Random) -> Corpus:
    corpus, others = papers(rng), jobs(rng)
    for number, entry in others.entries.items():
        corpus.entries[corpus.shelf.put(entry, others.shelf.texts[number])] = entry
    return corpus


Case = tuple[str, set[int]]


def questions_on_papers(corpus: Corpus, rng: random.Random) -> Iterator[Case]:
    one, other = rng.sample(AUTHORS, 2)
    (venue, year), second = rng.sample(VENUES, 2)
    topic, number = rng.choice(TOPICS), rng.choice(list(NUMBERS))

    def of(holds: Callable[[int, Entry], bool]) -> set[int]:
        return corpus.where(Kind.PAPER, holds)

    yield f"papers by {one}", of(lambda _, e: one in e.authors)
    yield f"how many papers has {one.split()[-1]} written?", of(lambda _, e: one in e.authors)
    yield f"papers by {one} and {other}", of(lambda _, e: {one, other} <= {*e.authors})
    yield f"papers co-written by {one} and {other}", of(lambda _, e: {one, other} <= {*e.authors})
    yield f"papers by {one} or {other}", of(lambda _, e: bool({one, other} & {*e.authors}))
    yield f"papers by {one} but not by {other}", of(lambda _, e: one in e.authors and other not in e.authors)
    yield f"papers with {one} as first author", of(lambda _, e: e.authors[0] == one)
    yield f"papers with more than {NUMBERS[number]} authors", of(lambda _, e: len(e.authors) > number)
    yield f"how many papers have at least {number} authors?", of(lambda _, e: len(e.authors) >= number)
    yield f"papers with fewer than {NUMBERS[number]} authors", of(lambda _, e: len(e.authors) < number)
    yield "papers by a single author", of(lambda _, e: len(e.authors) == 1)
    yield f"papers under {topic}", of(lambda _, e: e.section == topic)
    yield f"papers not under {topic}", of(lambda _, e: e.section != topic)
    yield (
        f"papers under {topic} at {venue} {year}",
        of(lambda n, e: e.section == topic and corpus.venues[n] == (venue, year)),
    )
    yield (
        f"how many papers at {venue} {year} or {second[0]} {second[1]}",
        of(lambda n, _: corpus.venues[n] in ((venue, year), second)),
    )
    yield f"papers not at {venue}", of(lambda n, _: corpus.venues[n][0] != venue)
    yield "papers with code", of(lambda _, e: bool(e.links))
    yield (
        f"papers by {one} at {venue}",
        of(lambda n, e: one in e.authors and corpus.venues[n][0] == venue),
    )
    most = max(len(e.authors) for e in corpus.entries.values())
    yield "which paper has the most authors?", of(lambda _, e: len(e.authors) == most)


def questions_on_jobs(corpus: Corpus, rng: random.Random) -> Iterator[Case]:
    country, another = rng.sample(list(COUNTRIES), 2)
    code, company, role = COUNTRIES[country], rng.choice(COMPANIES), rng.choice(ROLES)
    skill, other = rng.sample(SKILLS, 2)
    sum_ = rng.choice((70, 100, 130))

    def of(holds: Callable[[JobFacts, Entry], bool]) -> set[int]:
        return corpus.where(Kind.JOB, lambda _, e: holds(e.job or JobFacts(), e))

    def codes(job: JobFacts) -> set[str | None]:
        return {place.country for place in job.places}

    yield f"jobs in {country}", of(lambda j, _: code in codes(j))
    yield f"how many jobs are not in {country}?", of(lambda j, _: bool(j.places) and code not in codes(j))
    yield f"jobs outside {country}", of(lambda j, _: bool(j.places) and code not in codes(j))
    yield f"jobs in {country} or {another}", of(lambda j, _: bool({code, COUNTRIES[another]} & codes(j)))
    yield (
        "jobs in Spain except Madrid",
        of(
            lambda j, _: (
                "ES" in codes(j) and all(p.city and p.city != "Madrid" for p in j.places if p.country == "ES")
            )
        ),
    )
    yield "remote jobs", of(lambda j, _: j.workplace is Workplace.REMOTE)
    yield "jobs that are not remote", of(lambda j, _: j.workplace not in (None, Workplace.REMOTE))
    yield (
        f"how many internships does {company} have?",
        of(lambda j, _: j.employment == "internship" and j.company == company),
    )
    yield f"jobs at {company} in {country}", of(lambda j, _: j.company == company and code in codes(j))
    yield f"full-time jobs in {country}", of(lambda j, _: j.employment == "full-time" and code in codes(j))
    yield "how many senior jobs are there?", of(lambda j, _: j.level == "senior")
    yield f"senior {role.lower()} jobs", of(lambda j, e: j.level == "senior" and e.title.endswith(role))
    yield f"jobs that pay over ${sum_}k", of(lambda j, _: bool(j.pay and (j.pay.high or 0) > sum_ * 1000))
    yield f"jobs paying under ${sum_}k", of(lambda j, _: bool(j.pay and (j.pay.low or 0) < sum_ * 1000))
    yield f"jobs that need {skill} and {other}", of(lambda j, _: {skill, other} <= {*j.skills})
    yield f"jobs with {skill} or {other}", of(lambda j, _: bool({skill, other} & {*j.skills}))
    yield "which jobs offer visa sponsorship?", of(lambda j, _: j.sponsorship is True)
    yield "which jobs do not offer visa sponsorship?", of(lambda j, _: j.sponsorship is False)
    yield f"{role.lower()} jobs in {country}", of(lambda j, e: e.title.endswith(role) and code in codes(j))
    yield f"how many jobs are at {company}?", of(lambda j, _: j.company == company)


def asked(question: str, names: Gazetteer, corpus: Corpus) -> tuple[Plan, Facts, str]:
    def saying(words: Sequence[str]) -> Ids:
        return Ids(n for n, text in corpus.shelf.texts.items() if {*words} <= {*re.findall(r"\w+", text.lower())})

    plan = parse(question, names, TODAY)
    facts = facts_of(plan, names, names.cards.ids, saying)
    return plan, facts, missing_of(plan, facts) or summary_of(plan, facts, ()) or ""


def stated(summary: str) -> int:
    """The number of entries that a summary states, of all names that it compares; "no" is none."""
    compared = summary.split("; ") if re.search(r": (?:no|\d+) ", summary) else [summary]
    found = (re.search(r"(?:^|: )(\d+) (?:papers?|job posts?)\b", each) for each in compared)
    return sum(int(number[1]) for number in found if number)


MAKERS = {"papers": (papers, (questions_on_papers,)), "jobs": (jobs, (questions_on_jobs,)),
          "both": (both, (questions_on_papers, questions_on_jobs))}  # fmt: skip


@pytest.mark.parametrize("which", list(MAKERS))
def test_what_is_stated_is_what_the_facts_say(which: str):
    make, askers = MAKERS[which]
    tried, false = 0, []
    for seed in range(5):
        rng = random.Random(f"{which} {seed}")
        corpus = make(rng)
        names = corpus.shelf.gazetteer()
        for _ in range(2):
            for question, expected in (case for ask in askers for case in ask(corpus, rng)):
                _, facts, summary = asked(question, names, corpus)
                tried += 1
                extreme = question.startswith("which paper has the most")
                number = len(expected) if extreme else stated(summary)
                if {*facts.entries.ids} != expected or number != len(expected):
                    false.append((question, summary, sorted({*facts.entries.ids} ^ expected)))
    assert not false, "\n".join(map(str, false))
    assert tried >= 130


@pytest.mark.parametrize("which", ["papers", "jobs"])
def test_no_number_is_stated_where_a_word_is_left_out(which: str):
    rng = random.Random(which)
    corpus = MAKERS[which][0](rng)
    names = corpus.shelf.gazetteer()
    for question, _ in MAKERS[which][1][0](corpus, rng):
        plan, facts, summary = asked(f"{question.rstrip('?')} about zeppelins", names, corpus)
        if plan.is_list and facts.entries and not facts.missing:
            assert "zeppelins" in summary
            assert not re.search(r"\d", summary)


def test_groups_are_counted_as_they_are():
    rng = random.Random(7)
    corpus = both(rng)
    names = corpus.shelf.gazetteer()
    jobs_of = {c: len(corpus.where(Kind.JOB, lambda _, e, c=c: e.job.company == c)) for c in COMPANIES}  # type: ignore[misc]
    _, _, by_company = asked("jobs by company", names, corpus)
    assert dict(re.findall(r"([A-Z][\w ]+) \((\d+) job posts?\)", by_company)) == {
        company: str(number) for company, number in jobs_of.items()
    }
    _, _, most = asked("which company has the most jobs?", names, corpus)
    assert all((c in most) is (n == max(jobs_of.values())) for c, n in jobs_of.items())
    _, _, topics = asked("topics at ICML 2023", names, corpus)
    of_venue = corpus.where(Kind.PAPER, lambda n, _: corpus.venues.get(n) == ("ICML", 2023))
    assert {t for t in TOPICS if t in topics} == {corpus.entries[n].section for n in of_venue}


def test_authors_at_both_are_those_of_both():
    rng = random.Random(11)
    corpus = papers(rng)
    names = corpus.shelf.gazetteer()
    _, _, summary = asked("which authors were at both ICML 2023 and ICLR 2022?", names, corpus)
    sets = [
        {a for n, e in corpus.entries.items() if corpus.venues[n] == venue for a in e.authors}
        for venue in (("ICML", 2023), ("ICLR", 2022))
    ]
    assert {author for author in AUTHORS if author in summary} == sets[0] & sets[1]
