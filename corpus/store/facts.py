"""The facts of an entry that have no column of their own, as JSON: links, award, track, those of a job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpus.model import JobFacts, Link, Pay, Place, Workplace

if TYPE_CHECKING:
    from corpus.model import Entry

NONE = "{}"


def to_json(entry: Entry) -> str:
    """The facts of an entry; what it does not say is left out."""
    facts: dict[str, Any] = {
        "links": [[link.label, link.url] for link in entry.links],
        "award": entry.award,
        "track": entry.track,
        "abstract": entry.abstract,
    }
    if job := entry.job:
        facts["job"] = _kept(
            {
                "company": job.company,
                "places": [[place.text, place.country, place.region, place.city] for place in job.places],
                "workplace": job.workplace,
                "remote_in": job.remote_in,
                "employment": job.employment,
                "term": job.term,
                "level": job.level,
                "degree": job.degree,
                "pay": [job.pay.low, job.pay.high, job.pay.currency, job.pay.per] if job.pay else None,
                "skills": job.skills,
                "closed": job.closed,
                "sponsorship": job.sponsorship,
                "citizenship": job.citizenship,
            }
        )
    kept = _kept(facts)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else NONE


def from_json(stored: str) -> dict[str, Any]:
    """The fields of an entry that stored facts fill."""
    if stored == NONE:
        return {}
    facts: dict[str, Any] = json.loads(stored)
    if "links" in facts:
        facts["links"] = tuple(Link(*link) for link in facts["links"])
    if job := facts.get("job"):
        for name, make in (("places", Place), ("remote_in", str), ("skills", str)):
            job[name] = tuple(make(*each) if isinstance(each, list) else each for each in job.get(name, ()))
        job["workplace"] = Workplace(job["workplace"]) if "workplace" in job else None
        job["pay"] = Pay(*job["pay"]) if "pay" in job else None
        facts["job"] = JobFacts(**job)
    elif "job" in facts:
        facts["job"] = JobFacts()
    return facts


def _kept(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without those that say nothing; False says something of a job, and nothing of an abstract."""
    return {
        name: fact
        for name, fact in facts.items()
        if fact not in (None, "", [], ()) and (fact is not False or name != "abstract")
    }
