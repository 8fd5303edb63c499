"""The command ``list``: the corpus's digests, papers and job posts, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, Gone, Out, counted, listed, one_line
from bot.cli.session import assistant_of, count_kinds, prepare
from bot.facts import (
    EMPLOYMENTS,
    LEVELS,
    NO_FACTS,
    FactFilter,
    contains,
    job_facts,
    open_state,
    paper_facts,
    pay_shown,
    places_of,
)
from corpus.errors import NotFoundError
from corpus.model import Kind, Workplace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.assistant import Assistant
    from corpus.store.records import StoredDocument, StoredEntry


@dataclass(frozen=True, slots=True)
class Found:
    """An entry, once, with the ids of all documents that carry it."""

    stored: StoredEntry
    documents: tuple[str, ...]


def merge_repeats(entries: Iterable[StoredEntry]) -> list[Found]:
    """Make one of the entries with the same key, in the order of their first appearance."""
    groups: dict[str, list[StoredEntry]] = {}
    for stored in entries:
        groups.setdefault(stored.key, []).append(stored)
    return [Found(same[0], tuple(dict.fromkeys(each.document for each in same))) for same in groups.values()]


_FIRST = 120
"""Characters of a stretch that are shown."""


def show_unplaced(out: Out, assistant: Assistant, digests: Sequence[StoredDocument], *, as_json: bool) -> None:
    """Print each stretch with its document and its first words; as JSON with its offsets and all of it."""
    found = [
        (each.id, span.start, span.end, assistant.text(each.id, span.start, span.end))
        for each in digests
        for span in each.unplaced
    ]
    if as_json:
        out.json([dict(zip(("document", "start", "end", "text"), each, strict=True)) for each in found])
        return
    for document, _, _, text in found:
        words = one_line(text)
        shown = words if len(words) <= _FIRST else f"{words[:_FIRST].rsplit(' ', 1)[0]}…"
        if out.terminal:
            out.line((listed([document]), "bold"), f"  {shown}")
        else:
            out.line(f"{listed([document])}\t{shown}")
    digests_told = counted(len({document for document, *_ in found}), "digest")
    out.line(f"{counted(len(found), 'block')} not recognised in {digests_told}")


class Noun(StrEnum):
    """What can be listed."""

    DIGESTS = "digests"
    PAPERS = "papers"
    JOBS = "jobs"


_FILTERS = {
    Noun.DIGESTS: {"digest", "venue", "year"},
    Noun.PAPERS: {"digest", "topic", "author", "venue", "year", "award", "track", "since"},
    Noun.JOBS: {
        "digest", "place", "country", "team", "company", "remote", "open", "min_pay", "level", "employment",
        "skill", "sponsorship", "since",
    },
}  # fmt: skip
_YES_NO = {True: "yes", False: "no"}


def _filter(text: str, *names: str, metavar: str = "TEXT") -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=text, show_default=False, metavar=metavar)
    return option


def list_corpus(  # noqa: PLR0913, PLR0917 - one parameter a filter
    noun: Annotated[Noun, typer.Argument(metavar="[digests|papers|jobs]", help="What to list.")] = Noun.DIGESTS,
    digest: Annotated[str | None, _filter("Of this document (its id or title).")] = None,
    topic: Annotated[str | None, _filter("Papers under this topic.")] = None,
    author: Annotated[str | None, _filter("Papers by this author.")] = None,
    venue: Annotated[str | None, _filter("Of this venue.")] = None,
    year: Annotated[int | None, typer.Option(help="Of this year.", show_default=False)] = None,
    award: Annotated[str | None, _filter("Papers with this award.")] = None,
    track: Annotated[str | None, _filter("Papers of this track.")] = None,
    place: Annotated[str | None, _filter("Job posts in this city, region or country.")] = None,
    country: Annotated[str | None, _filter("Job posts in, or remote from, this country.")] = None,
    company: Annotated[str | None, _filter("Job posts of this company.")] = None,
    team: Annotated[str | None, _filter("Job posts of this team.")] = None,
    remote: Annotated[
        Workplace | None, _filter("Job posts that are remote, hybrid or onsite.", metavar="HOW")
    ] = None,
    is_open: Annotated[
        bool | None,
        typer.Option("--open/--closed", help="Job posts that are open, or closed.", show_default=False),
    ] = None,
    min_pay: Annotated[
        str | None, _filter("Job posts that pay so much: 120k a year, or 45 an hour.", metavar="PAY")
    ] = None,
    level: Annotated[str | None, _filter(f"Job posts of this level: {', '.join(LEVELS)}.")] = None,
    employment: Annotated[str | None, _filter(f"Job posts of this kind: {', '.join(EMPLOYMENTS)}.")] = None,
    skill: Annotated[str | None, _filter("Job posts that ask for this skill.")] = None,
    sponsorship: Annotated[
        bool | None,
        typer.Option(
            "--sponsorship/--no-sponsorship", help="Job posts that sponsor a visa, or do not.", show_default=False
        ),
    ] = None,
    since: Annotated[
        str | None, _filter("Posted, or first seen, since a day (2026-06-01) or for so long (7d).", metavar="DAY")
    ] = None,
    unplaced: Annotated[
        bool, typer.Option("--unplaced", help="What looks like a paper or a post, but was not recognised.")
    ] = False,
    gone: Gone = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List digests, papers or job posts.

    Example: digestbot list jobs --open --country Germany --remote hybrid --min-pay 90k
    """
    said: dict[str, Any] = {
        "digest": digest, "topic": topic, "author": author, "venue": venue, "year": year, "award": award,
        "track": track, "place": place, "country": country, "company": company, "team": team, "remote": remote,
        "open": is_open, "min_pay": min_pay, "level": level, "employment": employment, "skill": skill,
        "sponsorship": sponsorship, "since": since,
    }  # fmt: skip
    facts = {
        name: _YES_NO[value] if isinstance(value, bool) else str(value)
        for name, value in said.items()
        if value is not None
    }
    for name in facts:
        if name not in _FILTERS[noun]:
            raise typer.BadParameter(f"--{name.replace('_', '-')} is no filter of {noun}")
    if unplaced and noun is not Noun.DIGESTS:
        raise typer.BadParameter(f"--unplaced goes with digests, not with {noun}")
    wanted = FactFilter({name: value for name, value in facts.items() if name != "digest"})
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=True) as assistant:
        digests = _digests(assistant, digest, gone=gone)
        if noun is Noun.DIGESTS:
            digests = [each for each in digests if _dated(each, venue, year)]
            if unplaced:
                show_unplaced(out, assistant, digests, as_json=as_json)
            else:
                _show_digests(out, digests, as_json=as_json)
            return
        kind = Kind.PAPER if noun is Noun.PAPERS else Kind.JOB
        inside = {each.id for each in digests}
        entries = [each for each in assistant.entries(kind=kind, gone=gone) if each.document in inside]
    _show_entries(out, merge_repeats(filter(wanted.fits, entries)), kind, wanted.today, as_json=as_json)


def _digests(assistant: Assistant, wanted: str | None, *, gone: bool) -> list[StoredDocument]:
    digests = [
        each for each in assistant.digests(gone=gone) if wanted is None or contains(wanted, each.id, each.title)
    ]
    if wanted is not None and not digests:
        raise NotFoundError(f"no digest is called {wanted!r}; `digestbot list` names them all")
    return digests


def _dated(of: StoredDocument | StoredEntry, venue: str | None, year: int | None) -> bool:
    return (venue is None or contains(venue, _when(of))) and year in (None, of.year)


def _show_digests(out: Out, digests: Sequence[StoredDocument], *, as_json: bool) -> None:
    if as_json:
        out.json([_digest_json(each) for each in digests])
        return
    for each in digests:
        _row(out, [each.id, each.title, _when(each), each.publisher, count_kinds(each.counts), *_gone(each)])
    out.line(counted(len(digests), "digest"))


def _show_entries(out: Out, found: Sequence[Found], kind: Kind, today: date, *, as_json: bool) -> None:
    if as_json:
        if kind is Kind.PAPER:
            out.json([paper_facts(each.stored, each.documents) for each in found])
        else:
            out.json([job_facts(each.stored, each.documents, today) for each in found])
        return
    for each in found:
        documents = ", ".join(each.documents)
        told = _paper_told(each.stored) if kind is Kind.PAPER else _job_told(each.stored, today)
        _row(out, [each.stored.entry.title, *told, documents, *_gone(each.stored)])
    digests = {document for each in found for document in each.documents}
    noun = "paper" if kind is Kind.PAPER else "job post"
    out.line(f"{counted(len(found), noun)} in {counted(len(digests), 'digest')}")


def _paper_told(stored: StoredEntry) -> list[str | None]:
    entry = stored.entry
    return [", ".join(entry.authors), entry.section, _when(stored), entry.award or entry.track]


def _job_told(stored: StoredEntry, today: date) -> list[str | None]:
    """Company, places, how it is done, team, pay, the day it was posted, and whether it is closed."""
    entry, job = stored.entry, stored.entry.job or NO_FACTS
    state = (
        "closed" if open_state(stored, today) is False else _iso(entry.closes) and f"apply by {_iso(entry.closes)}"
    )
    return [
        job.company,
        "; ".join(place.text for place in places_of(stored)),
        str(job.workplace) if job.workplace else None,
        entry.team,
        pay_shown(job.pay) if job.pay else None,
        _iso(entry.posted),
        state,
    ]


def _row(out: Out, fields: Sequence[str | None]) -> None:
    """One entry: a block on a terminal; in a pipe one line, its fields between tabs, empty ones too."""
    if not out.terminal:
        out.line("\t".join(listed([field]) for field in fields))
        return
    out.line((listed(fields[:1]), "bold"))
    out.line((listed(fields[1:]), "dim"), margin="    ")


def _gone(of: StoredDocument | StoredEntry) -> list[str]:
    return [f"gone since {of.gone:%Y-%m-%d}"] if of.gone else []


def _when(of: StoredDocument | StoredEntry) -> str:
    return " ".join(str(part) for part in (of.venue, of.year) if part)


def _iso(when: date | None) -> str | None:
    return when.isoformat() if when else None


def _digest_json(digest: StoredDocument) -> dict[str, Any]:
    return {
        "id": digest.id,
        "title": digest.title,
        "deck": digest.deck,
        "venue": digest.venue,
        "year": digest.year,
        "publisher": digest.publisher,
        "url": digest.url,
        "unplaced": len(digest.unplaced),
        "source": digest.source,
        "bundled": digest.bundled,
        "characters": digest.characters,
        "published": _iso(digest.published),
        "first_seen": _iso(digest.first_seen),
        "gone": _iso(digest.gone),
        "ingested_at": _iso(digest.ingested_at),
        "entries": {str(kind): number for kind, number in digest.counts.items()},
    }
