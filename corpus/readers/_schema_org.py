"""Objects in schema.org's vocabulary, as pages and exports carry them in JSON, to records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.model import Kind
from corpus.places import place_of
from corpus.readers._lines import collapsed
from corpus.readers._records import Record
from corpus.readers._values import people_of, words_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.model import Place

_JOBS = frozenset({"JobPosting"})
_PAPERS = frozenset({"ScholarlyArticle", "Chapter", "Thesis", "PresentationDigitalDocument"})
PROSE = frozenset({"NewsArticle", "BlogPosting", "AnalysisNewsArticle", "OpinionNewsArticle"})
"""Types of pages that are written to be read, not to be cited."""
_ARTICLES = PROSE | {"Article", "TechArticle", "Report", "WebPage"}
_DEEPEST = 12


def types_of(thing: dict[str, Any]) -> frozenset[str]:
    """The types that an object says it is of, without the vocabulary's address."""
    said = thing.get("@type")
    listed = said if isinstance(said, list) else [said]
    return frozenset(each.rpartition("/")[2].rpartition(":")[2] for each in listed if isinstance(each, str))


def things_in(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The objects that have a type of their own: alone, in lists, and under ``@graph`` and ``itemListElement``."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from things_in(each, depth + 1)
    elif isinstance(value, dict):
        if types_of(value) & (_JOBS | _PAPERS | _ARTICLES):
            yield value
        for key in ("@graph", "itemListElement", "item", "mainEntity"):
            yield from things_in(value.get(key), depth + 1)


def is_job(thing: dict[str, Any]) -> bool:
    """Whether an object is a job post."""
    return bool(types_of(thing) & _JOBS)


def is_paper(thing: dict[str, Any]) -> bool:
    """Whether an object is a paper."""
    return bool(types_of(thing) & _PAPERS)


def is_article(thing: dict[str, Any]) -> bool:
    """Whether an object is a page of prose."""
    return bool(types_of(thing) & _ARTICLES)


def record_of(thing: dict[str, Any]) -> Record | None:
    """The record of a job post or a paper; None for anything else."""
    if is_job(thing):
        return _job(thing)
    return _paper(thing) if is_paper(thing) else None


def _job(thing: dict[str, Any]) -> Record:
    organization = thing.get("hiringOrganization")
    department = organization.get("department") if isinstance(organization, dict) else None
    unit = thing.get("employmentUnit") or department
    places = _places(thing.get("jobLocation"))
    facts = {
        "role": words_of_value(thing.get("title") or thing.get("name")),
        "place": "; ".join(dict.fromkeys(place.text for place in places)) or _remote(thing),
        "company": words_of_value(organization),
        "team": words_of_value(unit),
        "posted": words_of_value(thing.get("datePosted")),
        "closes": words_of_value(thing.get("validThrough")),
        "text": words_of_value(thing.get("description")),
        "url": words_of_value(thing.get("url")),
    }
    named = {
        "company": "hiringOrganization",
        "team": "employmentUnit",
        "posted": "datePosted",
        "closes": "validThrough",
    }
    facts = {fact: said for fact, said in facts.items() if said}
    return Record(facts, kind=Kind.JOB, labels=named, where=places[0] if places else None)


def _paper(thing: dict[str, Any]) -> Record:
    facts = {
        "title": words_of_value(thing.get("headline") or thing.get("name")),
        "venue": _series(thing.get("isPartOf")),
        "date": words_of_value(thing.get("datePublished")),
        "text": words_of_value(thing.get("abstract") or thing.get("description")),
        "url": words_of_value(thing.get("url") or thing.get("@id")),
    }
    facts = {fact: said for fact, said in facts.items() if said}
    named = {"venue": "isPartOf", "date": "datePublished"}
    return Record(facts, people_of(thing.get("author") or thing.get("creator")), Kind.PAPER, labels=named)


def _series(whole: Any, depth: int = 0) -> str:
    """The name of the outermost work that a paper is part of: an issue is part of a volume, that of a journal."""
    if isinstance(whole, dict) and isinstance(whole.get("isPartOf"), dict) and depth < _DEEPEST:
        return _series(whole["isPartOf"], depth + 1) or words_of_value(whole)
    return words_of_value(whole)


def _places(locations: Any) -> list[Place]:
    listed = locations if isinstance(locations, list) else [locations]
    return [place for each in listed[:50] if (place := _place(each))]


def _place(location: Any) -> Place | None:
    address = location.get("address", location) if isinstance(location, dict) else location
    if not isinstance(address, dict):
        said = collapsed(words_of_value(address))
        return place_of(said, "", "")
    city, region, country = (
        collapsed(words_of_value(address.get(f"address{part}"))) for part in ("Locality", "Region", "Country")
    )
    return place_of(city, region, country) or place_of(collapsed(words_of_value(location)), "", "")


def _remote(thing: dict[str, Any]) -> str:
    if words_of_value(thing.get("jobLocationType")).upper() != "TELECOMMUTE":
        return ""
    country = words_of_value(thing.get("applicantLocationRequirements"))
    return f"Remote, {country}" if country and "," not in country else "Remote"
