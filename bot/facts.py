"""The facts of stored papers and job posts, as lists show and filter them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from corpus import clock
from corpus.countries import country_of, names_of_country, regions
from corpus.errors import DigestbotError
from corpus.model import JobFacts, Kind
from corpus.readers.dates import parse_day
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpus.model import Pay, Place
    from corpus.store import StoredEntry

NO_FACTS = JobFacts()
EMPLOYMENTS = (
    "full-time", "part-time", "contract", "temporary", "internship", "apprenticeship", "volunteer",
)  # fmt: skip
LEVELS = (
    "intern", "entry", "mid", "senior", "staff", "principal", "lead", "manager", "director", "executive",
)  # fmt: skip
_A_YEAR = {"hour": 2_080, "day": 260, "week": 52, "month": 12, "year": 1}
"""How often a period's pay comes in a year of full-time work."""
_HOURLY = 1_000
"""Below this much a wished pay is one of an hour."""


def places_of(stored: StoredEntry) -> tuple[Place, ...]:
    """All places of a post."""
    entry = stored.entry
    return (entry.job.places if entry.job else ()) or ((entry.place,) if entry.place else ())


def open_state(stored: StoredEntry, today: date) -> bool | None:
    """Whether one can still apply: not marked as closed, not past its closing day; None if its page is gone."""
    entry = stored.entry
    if (entry.job and entry.job.closed) or (entry.closes and entry.closes < today):
        return False
    return None if stored.gone else True


def paper_facts(stored: StoredEntry, documents: Sequence[str]) -> dict[str, Any]:
    """A paper's facts, as ``list papers --json`` gives them."""
    entry = stored.entry
    return {
        "title": entry.title,
        "authors": list(entry.authors),
        "section": entry.section,
        "venue": stored.venue,
        "year": stored.year,
        "url": stored.url,
        "links": [{"label": link.label, "url": link.url} for link in entry.links],
        "award": entry.award,
        "track": entry.track,
        "abstract": entry.abstract,
        "first_seen": stored.first_seen.isoformat(),
        "gone": stored.gone.isoformat() if stored.gone else None,
        "documents": list(documents),
    }


def job_facts(stored: StoredEntry, documents: Sequence[str], today: date) -> dict[str, Any]:
    """A job post's facts, as ``list jobs --json`` gives them."""
    entry, job = stored.entry, stored.entry.job or NO_FACTS
    return {
        "title": entry.title,
        "company": job.company,
        "team": entry.team,
        "locations": [
            {"text": place.text, "country": place.country, "region": place.region, "city": place.city}
            for place in places_of(stored)
        ],
        "remote": str(job.workplace) if job.workplace else None,
        "remote_in": list(job.remote_in),
        "employment": job.employment,
        "term": job.term,
        "level": job.level,
        "degree": job.degree,
        "pay": _pay(job.pay),
        "skills": list(job.skills),
        "posted": entry.posted.isoformat() if entry.posted else None,
        "closes": entry.closes.isoformat() if entry.closes else None,
        "open": open_state(stored, today),
        "sponsorship": job.sponsorship,
        "citizenship": job.citizenship,
        "url": stored.url,
        "first_seen": stored.first_seen.isoformat(),
        "gone": stored.gone.isoformat() if stored.gone else None,
        "documents": list(documents),
    }


def _pay(pay: Pay | None) -> dict[str, Any] | None:
    if pay is None:
        return None
    low, high = (int(each) if each is not None and each == int(each) else each for each in (pay.low, pay.high))
    return {"min": low, "max": high, "currency": pay.currency, "per": pay.per}


def pay_shown(pay: Pay) -> str:
    """A pay in words: "USD 120,000 to 150,000 a year"."""
    amounts = [
        f"{each:,.0f}" if each == int(each) else f"{each:,.2f}" for each in (pay.low, pay.high) if each is not None
    ]
    said = " to ".join(dict.fromkeys(amounts))
    said = f"up to {said}" if pay.low is None else f"from {said}" if pay.high is None else said
    return " ".join(filter(None, (pay.currency, said, pay.per and f"a{'n' * (pay.per == 'hour')} {pay.per}")))


class FactFilter:
    """What entries have to be, by the names of the filters; each of them forgives case and accents.

    Args:
        facts: of papers "topic", "author", "venue", "year", "award", "track"; of job posts "place", "country",
            "team", "company", "remote" ("remote", "hybrid", "onsite"), "open" ("yes", "no"), "min_pay", "level",
            "employment", "skill", "sponsorship" ("yes", "no"); of both "since" (a day, "7d").
        today: the day on which it is asked.

    Raises:
        DigestbotError: a pay is no number, or a day none.
    """

    def __init__(self, facts: Mapping[str, str], today: date | None = None) -> None:
        self.today = today or clock.today()
        self.facts = {name: value for name, value in facts.items() if value.strip() and name in _TESTS}
        self.since = _since(self.facts["since"], self.today) if "since" in self.facts else None
        self.least_pay = _number(self.facts["min_pay"]) if "min_pay" in self.facts else 0.0

    def __bool__(self) -> bool:
        return bool(self.facts)

    def fits(self, stored: StoredEntry) -> bool:
        """Whether an entry is what is wanted."""
        return all(_TESTS[name](value, stored, self) for name, value in self.facts.items())


def contains(wanted: str, *texts: str | None) -> bool:
    """Whether one of the texts contains what is wanted."""
    part = folded(wanted)
    return bool(part) and any(part in folded(text) for text in texts if text)


def is_in(wanted: str, place: Place) -> bool:
    """Whether every part of what is wanted ("Boston, US") is the place's country, region or city.

    Codes are compared whole ("IN" is India, not Turin), words in part.
    """
    region = regions().get(f"{place.country}-{place.region}")
    words = [folded(text) for text in (place.text, place.city, region, *names_of_country(place.country)) if text]
    codes = {folded(code) for code in (place.country, place.region) if code}
    codes.update(word for text in words for word in text.split())
    parts = [folded(part) for part in wanted.split(",") if part.strip()]
    return bool(parts) and all(
        part in codes or (len(part) > 2 and any(part in text for text in words)) for part in parts
    )


def _is_yes(value: str) -> bool:
    return value.lower() in {"yes", "true"}


def _is_from(value: str, stored: StoredEntry) -> bool:
    """Whether a job is in a country, or can be done from there."""
    code = country_of(value) or country_of(value.upper()) or value.upper()
    return code in {*(place.country for place in places_of(stored)), *_job(stored).remote_in}


def _is_since(day: date | None, stored: StoredEntry) -> bool:
    seen = stored.entry.posted if stored.entry.kind is Kind.JOB else stored.first_seen.date()
    return day is not None and seen is not None and seen >= day


def _job(stored: StoredEntry) -> JobFacts:
    return stored.entry.job or NO_FACTS


_TESTS: dict[str, Callable[[str, StoredEntry, FactFilter], bool]] = {
    "topic": lambda value, stored, _: contains(value, stored.entry.section, *stored.entry.headings),
    "author": lambda value, stored, _: contains(value, *stored.entry.authors),
    "venue": lambda value, stored, _: contains(value, " ".join(str(s) for s in (stored.venue, stored.year) if s)),
    "year": lambda value, stored, _: str(stored.year) == value,
    "award": lambda value, stored, _: contains(value, stored.entry.award),
    "track": lambda value, stored, _: contains(value, stored.entry.track),
    "team": lambda value, stored, _: contains(value, stored.entry.team),
    "company": lambda value, stored, _: contains(value, _job(stored).company),
    "place": lambda value, stored, _: any(is_in(value, place) for place in places_of(stored)),
    "country": lambda value, stored, _: _is_from(value, stored),
    "remote": lambda value, stored, _: _job(stored).workplace == value.lower(),
    "open": lambda value, stored, wanted: open_state(stored, wanted.today) is _is_yes(value),
    "sponsorship": lambda value, stored, _: _job(stored).sponsorship is _is_yes(value),
    "min_pay": lambda _, stored, wanted: pays(_job(stored).pay, wanted.least_pay),
    "level": lambda value, stored, _: _job(stored).level == value.lower(),
    "employment": lambda value, stored, _: _job(stored).employment == value.lower(),
    "skill": lambda value, stored, _: contains(value, *_job(stored).skills),
    "since": lambda _, stored, wanted: _is_since(wanted.since, stored),
}


def pays(pay: Pay | None, least: float) -> bool:
    """Whether a job pays so much, by the upper end of what it names; amounts are compared by the year."""
    if pay is None:
        return False
    most = max(each for each in (pay.low, pay.high, 0.0) if each is not None)
    per = pay.per or ("year" if most >= 10 * _HOURLY else "hour")
    return most * _A_YEAR.get(per, 1) >= least * (_A_YEAR["hour"] if least < _HOURLY else 1)


def _number(said: str) -> float:
    plain = said.lower().replace(",", "").replace("_", "").strip(" $€£")
    try:
        return float(plain.removesuffix("k")) * (1_000 if plain.endswith("k") else 1)
    except ValueError:
        raise DigestbotError(f"{said!r} is no amount; write 120000 or 120k") from None


def _since(said: str, today: date) -> date:
    day = parse_day(said, None, today) or parse_day(f"{said} ago", None, today)
    if day is None:
        raise DigestbotError(f"{said!r} is no day; write 2026-06-01, or 7d for the last seven days")
    return min(day, today + timedelta(days=1))
