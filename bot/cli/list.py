"""The command ``list``: the corpus's digests, papers and job posts, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, Gone, Out, counted, listed, one_line
from bot.cli.session import assistant_of, count_kinds, prepare
from corpus.errors import NotFoundError
from corpus.model import Kind
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.assistant import Assistant
    from corpus.model import Place
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


def names(wanted: str | None, *texts: str | None) -> bool:
    """Whether one of the texts contains what is wanted; None is contained in everything."""
    return wanted is None or any(_inside(folded(wanted), folded(text)) for text in texts if text)


def names_place(wanted: str | None, place: Place | None) -> bool:
    """Whether every part of what is wanted ("Boston, US") is the place's country, region or city.

    Codes are compared whole ("IN" is India, not Turin), words in part.
    """
    if wanted is None:
        return True
    if place is None:
        return False
    words = [folded(text) for text in (place.text, place.city, *_spelt_out(place)) if text]
    codes = {folded(code) for code in (place.country, place.region) if code}
    codes.update(word for text in words for word in text.split())
    parts = [folded(part) for part in wanted.split(",") if part.strip()]
    return bool(parts) and all(
        part in codes or (len(part) > 2 and any(part in text for text in words)) for part in parts
    )


def _inside(part: str, text: str) -> bool:
    return bool(part) and part in text


def _spelt_out(place: Place) -> list[str]:
    if not place.country:
        return []
    import pycountry  # its tables are read from disk: only for those who ask for a place

    country = pycountry.countries.get(alpha_2=place.country)
    code = f"{place.country}-{place.region}"
    region = pycountry.subdivisions.get(code=code) if place.region else None  # type: ignore[no-untyped-call]
    shown = [country.alpha_3, country.name, getattr(country, "common_name", "")] if country else []
    return [*shown, region.name] if region else shown


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
    Noun.PAPERS: {"digest", "topic", "author", "venue", "year"},
    Noun.JOBS: {"digest", "place", "team"},
}


def _filter(text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(help=text, show_default=False, metavar="TEXT")
    return option


def list_corpus(  # noqa: PLR0913, PLR0917 - one parameter a filter
    noun: Annotated[Noun, typer.Argument(metavar="[digests|papers|jobs]", help="What to list.")] = Noun.DIGESTS,
    digest: Annotated[str | None, _filter("Of this document (its id or title).")] = None,
    topic: Annotated[str | None, _filter("Papers under this topic.")] = None,
    author: Annotated[str | None, _filter("Papers by this author.")] = None,
    venue: Annotated[str | None, _filter("Of this venue.")] = None,
    year: Annotated[int | None, typer.Option(help="Of this year.", show_default=False)] = None,
    place: Annotated[str | None, _filter("Job posts in this city, region or country.")] = None,
    team: Annotated[str | None, _filter("Job posts of this team.")] = None,
    unplaced: Annotated[
        bool, typer.Option("--unplaced", help="What looks like a paper or a post, but was not recognised.")
    ] = False,
    gone: Gone = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List digests, papers or job posts.

    Example: digestbot list papers --author Kveton
    """
    wanted: dict[str, Any] = {
        "digest": digest,
        "topic": topic,
        "author": author,
        "venue": venue,
        "year": year,
        "place": place,
        "team": team,
    }
    for name, value in wanted.items():
        if value is not None and name not in _FILTERS[noun]:
            raise typer.BadParameter(f"--{name} is no filter of {noun}")
    if unplaced and noun is not Noun.DIGESTS:
        raise typer.BadParameter(f"--unplaced goes with digests, not with {noun}")
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
    found = merge_repeats(
        stored
        for stored in entries
        if _dated(stored, venue, year)
        and names(topic, stored.entry.section, *stored.entry.headings)
        and names(author, *stored.entry.authors)
        and names_place(place, stored.entry.place)
        and names(team, stored.entry.team)
    )
    _show_entries(out, found, kind, as_json=as_json)


def _digests(assistant: Assistant, wanted: str | None, *, gone: bool) -> list[StoredDocument]:
    digests = [each for each in assistant.digests(gone=gone) if names(wanted, each.id, each.title)]
    if wanted is not None and not digests:
        raise NotFoundError(f"no digest is called {wanted!r}; `digestbot list` names them all")
    return digests


def _dated(of: StoredDocument | StoredEntry, venue: str | None, year: int | None) -> bool:
    return names(venue, _when(of)) and year in (None, of.year)


def _show_digests(out: Out, digests: Sequence[StoredDocument], *, as_json: bool) -> None:
    if as_json:
        out.json([_digest_json(each) for each in digests])
        return
    for each in digests:
        _row(out, [each.id, each.title, _when(each), each.publisher, count_kinds(each.counts), *_gone(each)])
    out.line(counted(len(digests), "digest"))


def _show_entries(out: Out, found: Sequence[Found], kind: Kind, *, as_json: bool) -> None:
    if as_json:
        out.json([_paper_json(each) if kind is Kind.PAPER else _job_json(each) for each in found])
        return
    for each in found:
        entry, documents = each.stored.entry, ", ".join(each.documents)
        if kind is Kind.PAPER:
            authors = ", ".join(entry.authors)
            _row(out, [entry.title, authors, entry.section, _when(each.stored), documents, *_gone(each.stored)])
        else:
            _row(
                out,
                [
                    entry.title,
                    entry.place.text if entry.place else None,
                    entry.team,
                    documents,
                    *_gone(each.stored),
                ],
            )
    digests = {document for each in found for document in each.documents}
    noun = "paper" if kind is Kind.PAPER else "job post"
    out.line(f"{counted(len(found), noun)} in {counted(len(digests), 'digest')}")


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


def _dates_json(stored: StoredEntry) -> dict[str, Any]:
    return {
        "posted": _iso(stored.entry.posted),
        "closes": _iso(stored.entry.closes),
        "first_seen": _iso(stored.first_seen),
        "gone": _iso(stored.gone),
    }


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


def _paper_json(found: Found) -> dict[str, Any]:
    stored = found.stored
    return {
        "title": stored.entry.title,
        "authors": list(stored.entry.authors),
        "section": stored.entry.section,
        "venue": stored.venue,
        "year": stored.year,
        "url": stored.url,
        **_dates_json(stored),
        "documents": list(found.documents),
    }


def _job_json(found: Found) -> dict[str, Any]:
    entry = found.stored.entry
    place = entry.place
    return {
        "title": entry.title,
        "role": entry.role,
        "team": entry.team,
        "location": place.text if place else None,
        "country": place.country if place else None,
        "region": place.region if place else None,
        "city": place.city if place else None,
        "url": found.stored.url,
        **_dates_json(found.stored),
        "documents": list(found.documents),
    }
