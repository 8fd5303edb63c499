"""Records of data formats to a page: each paper or job post as readable text, one after the other."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.model import Entry, Kind, Page, Place, Span
from corpus.places import parse_place, place_of
from corpus.readers.blocks import collapsed
from corpus.readers.dates import closes_in, parse_day, posted_in
from corpus.readers.headings import ACRONYM, split_venue
from corpus.readers.jobs import OPENING, names_role, parts_of, team_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_MARKUP = re.compile(
    r"</?(?:p|br|li|ul|ol|div|b|strong|em|i|h[1-6]|span|a|jats:\w+)\b[^<>]{0,500}>", re.IGNORECASE
)
_ESCAPED = re.compile(r"&lt;/?(?:p|br|li|ul|ol|div|h[1-6]|strong)\b", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NAMED = ("name", "display_name", "text", "value", "literal", "@value", "full_name", "title", "#text")
_AND = re.compile(r"\s+(?:and|und|et|&|y(?=\s+[^\s,;]+\s+[^\s,;]))\s+")
_YEAR = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?!\d)")
_DEEPEST = 6


def words_of_value(value: Any, depth: int = 0) -> str:
    """The words of a value: text as it is, a list's parted by commas, an object's by its name."""
    if depth > _DEEPEST or isinstance(value, bool):
        return ""
    said = ""
    if isinstance(value, str):
        said = cleaned(value)
    elif isinstance(value, int | float):
        said = str(value)
    elif isinstance(value, list):
        said = ", ".join(filter(None, (words_of_value(each, depth + 1) for each in value[:100])))
    elif isinstance(value, dict):
        parts = value.get("date-parts")
        named = (words_of_value(value.get(key), depth + 1) for key in _NAMED)
        said = _date_parts(parts) if isinstance(parts, list) else next(filter(None, named), "")
    return said


def people_of(value: Any, depth: int = 0) -> tuple[str, ...]:
    """The names of people: in a list of names or objects, or in one text, parted by ``;``, "and" or commas."""
    if isinstance(value, list):
        return tuple(name for each in value[:2000] for name in _person(each, depth))
    return _person(value, depth)


def _person(value: Any, depth: int) -> tuple[str, ...]:
    if isinstance(value, dict) and depth < _DEEPEST:
        given, family = (
            next((words_of_value(value[key]) for key in keys if value.get(key)), "")
            for keys in (
                ("given", "givenName", "firstName", "first_name", "first"),
                ("family", "familyName", "lastName", "last_name", "last"),
            )
        )
        if family:
            return (collapsed(f"{given} {family}"),)
        inner = next((value[key] for key in ("author", "authors", "value") if value.get(key)), None)
        return people_of(inner, depth + 1) if inner is not None else _one(words_of_value(value))
    if isinstance(value, str):
        return _listed(cleaned(value))
    return ()


def _one(name: str) -> tuple[str, ...]:
    return (collapsed(name),) if name.strip() else ()


def _listed(words: str) -> tuple[str, ...]:
    """The names of a text, turned where they stand with the family name first ("Moss, Ada; Ray, Ben")."""
    words = collapsed(words)
    joined = _AND.split(words)
    if ";" in words or (len(joined) > 1 and all(name.count(",") == 1 for name in joined)):
        return tuple(filter(None, map(turned, re.split(rf"\s*;\s*|{_AND.pattern}", words))))
    names = re.split(r"\s*\|\s*" if "|" in words else rf"\s*,\s*(?:(?:and|und|y|&)\s+)?|{_AND.pattern}", words)
    if len(names) == 2 and not any(" " in name for name in names):
        return (turned(words),)  # "Moss, Ada"
    return tuple(name.strip() for name in names if name.strip())


def turned(name: str) -> str:
    """A name with the family name first ("Moss, Ada", "Ray, Jr., Ben") the way it is spoken."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 3 and parts[1]:
        return collapsed(f"{parts[2]} {parts[0]} {parts[1]}")
    return collapsed(" ".join(reversed(parts))) if len(parts) == 2 else collapsed(name)


def cleaned(words: str) -> str:
    """Words without what no text holds: control characters, halves of characters; markup made text."""
    words = _UNFIT.sub(" ", words)
    if _ESCAPED.search(words):
        words = html.unescape(words)
    return shown(words) if _MARKUP.search(words) else words.strip()


def shown(markup: str) -> str:
    """What a piece of HTML shows, a paragraph a block."""
    from lxml import etree
    from lxml import html as lxml_html

    from corpus.readers.html_blocks import blocks_in

    try:
        root = lxml_html.document_fromstring(re.sub(r"(</?)jats:", r"\1", markup))
    except (etree.LxmlError, ValueError, RecursionError):
        return collapsed(_MARKUP.sub(" ", markup))
    blocks = [
        [f"• {block.lines[0]}", *block.lines[1:]] if block.kind == "item" else block.lines
        for block in blocks_in(root)
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def year_of(words: str) -> int | None:
    """The year that words name first."""
    found = _YEAR.search(words)
    return int(found[1]) if found else None


def address_of(words: str) -> str | None:
    """The first address on the web among words."""
    found = re.search(r"https?://[^\s<>\"'{}|]{3,2000}", words)
    return found[0].rstrip(".,;)") if found else None


def _date_parts(parts: list[Any]) -> str:
    first = parts[0] if parts and isinstance(parts[0], list) else []
    if not all(isinstance(part, int | str) for part in first):
        return ""
    return "-".join(f"{part:0>2}" for part in map(str, first[:3]))


_SURE = 0.5
"""Share of the titles that have to name a role where nothing but a place says that they are job posts."""
_TITLE_CHARS = 300


@dataclass(slots=True)
class Record:
    """What a row or an object says, by fact; ``kind`` where the format itself tells it, ``more`` is all else.

    ``labels`` are the file's own names of the facts, under which they are shown; ``where`` is the place where the
    format takes it apart.
    """

    facts: dict[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    kind: Kind | None = None
    more: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    where: Place | None = None

    def get(self, fact: str) -> str:
        """What is known of a fact, or an empty string."""
        return self.facts.get(fact, "")


def kind_of(record: Record) -> Kind | None:
    """What a record surely is, a paper or a job post; None for anything else, a title with a place among it."""
    if record.kind:
        return record.kind if _title(record, record.kind) or record.kind is Kind.JOB else None
    if record.get("title") and (record.authors or record.get("venue")):
        return Kind.PAPER
    place = record.get("place") or record.get("city")
    told = sum(bool(record.get(fact)) for fact in ("team", "company", "text", "posted", "closes"))
    if record.get("role") and (place or told):
        return Kind.JOB
    if record.get("title") and place and told and (record.get("closes") or names_role(record.get("title"))):
        return Kind.JOB
    if record.get("title") and record.labels.get("text", "").casefold() in (
        "abstract",
        "zusammenfassung",
        "resumen",
    ):
        return Kind.PAPER if record.get("text") else None
    return None


def settled(records: Sequence[Record]) -> list[tuple[Kind, Record]]:
    """The records that are papers or job posts, in order.

    Titles with a place are job posts where most of them name a role: then the others are called in other words.
    """
    kinds = [kind_of(record) for record in records]
    maybe = [
        at
        for at, record in enumerate(records)
        if record.get("title") and (record.get("place") or record.get("city")) and kinds[at] in (None, Kind.JOB)
    ]
    sure = sum(kinds[at] is Kind.JOB for at in maybe)
    if maybe and sure >= _SURE * len(maybe):
        for at in maybe:
            kinds[at] = Kind.JOB
    return [(kind, record) for kind, record in zip(kinds, records, strict=True) if kind]


def page_of_records(
    title: str, records: Iterable[tuple[Kind, Record]], *, notes: tuple[str, ...] = (), language: str | None = None
) -> Page:
    """The page that records make.

    Args:
        title: what the page is called.
        records: what is on it.
        notes: for the person who ingests.
        language: decides what "01/02/2026" is.

    Raises:
        ReadError: there is none.
    """
    listed = list(records)
    alone = len(listed) == 1 and _title(listed[0][1], listed[0][0]) == title
    text = [] if alone else [f"{title}\n\n"]
    length = sum(map(len, text))
    entries: list[Entry] = []
    for kind, record in listed:
        record.kind = kind
        said = "\n".join(filter(None, _lines(kind, record)))
        span = Span(length, length + len(said))
        text.append(f"{said}\n\n")
        length += len(said) + 2
        entries.append(entry_of(record, span, language))
    if not entries:
        raise ReadError("no paper and no job post in it")
    whole = "".join(text).rstrip() + "\n"
    venues = {(entry.venue, entry.year) for entry in entries if entry.kind is Kind.PAPER}
    venue, year = venues.pop() if len(venues) == 1 else (None, None)
    parted = (replace(entry, parts=parts_of(whole, entry.span.start, entry.span.end)) for entry in entries)
    return Page(text=whole, title=title, entries=tuple(parted), venue=venue, year=year, notes=notes)


def entry_of(record: Record, span: Span, language: str | None = None) -> Entry:
    """The entry that a record is, at a span of its page's text."""
    return _paper(record, span, language) if record.kind is Kind.PAPER else _job(record, span, language)


def _lines(kind: Kind, record: Record) -> Iterable[str]:
    """How a record reads: its title, who or where, what else is said of it in short, and its text."""
    yield _title(record, kind)
    short: tuple[str, ...]
    if kind is Kind.PAPER:
        yield ", ".join(record.authors)
        short = ("venue", "year", "date", "topic", "doi", "url")
    else:
        yield collapsed(record.get("place")) or getattr(_place_of(record), "text", "")
        short = ("company", "team", "topic", "posted", "date", "closes", "url")
    for fact in short:
        if said := collapsed(record.get(fact)):
            yield f"{record.labels.get(fact, fact)}: {said}"
    for name, said in record.more.items():
        yield f"{name}: {said}"
    yield _paragraphs(record.get("text"))


def _paragraphs(words: str) -> str:
    return re.sub(r"[ \t]*(?:\r\n|\r|\n)[ \t]*(?:[\r\n\s])*", "\n", words).strip()


def _title(record: Record, kind: Kind) -> str:
    said = record.get("role") or record.get("title") if kind is Kind.JOB else record.get("title")
    said = collapsed(said)
    said = said.removesuffix(".") if said.count(".") == 1 else said
    return said if len(said) <= _TITLE_CHARS else said[:_TITLE_CHARS].rsplit(" ", 1)[0] + "…"


def _place_of(record: Record) -> Place | None:
    """A record's place: its own, or its city, region and country in columns of their own."""
    if record.where:
        return record.where
    said, country = collapsed(record.get("place")), collapsed(record.get("country"))
    if not said:
        return place_of(*(collapsed(record.get(fact)) for fact in ("city", "region", "country")))
    first = next((place for part in re.split(r"\s*[;/|]\s*", said) if (place := parse_place(part))), None)
    with_country = place_of(said, "", country) if country and "," not in said else None
    return parse_place(said) or first or with_country or Place(said[:200])


def _short_venue(venue: str) -> str:
    """The name that a venue is known by where it stands behind the long one: "Conference on Kites (ICK 2023)"."""
    short = re.search(rf"\(((?:{ACRONYM}|[A-Z]{{3,12}})(?:[\s’'-]*(?:(?:19|20)?\d\d))?)\)", venue)
    return short[1] if short else venue


def _paper(record: Record, span: Span, language: str | None) -> Entry:
    venue, dated = split_venue(_short_venue(collapsed(record.get("venue"))))
    posted = parse_day(record.get("date") or record.get("posted"), language)
    year = year_of(record.get("year")) or dated or (posted.year if posted else year_of(record.get("date")))
    topic = collapsed(record.get("topic")) or None
    doi = collapsed(record.get("doi")).removeprefix("https://doi.org/")
    return Entry(
        Kind.PAPER,
        _title(record, Kind.PAPER),
        span,
        section=topic,
        headings=(topic,) if topic else (),
        authors=record.authors,
        venue=venue,
        year=year,
        url=address_of(record.get("url")) or (f"https://doi.org/{doi}" if doi.startswith("10.") else None),
        posted=posted,
    )


def _job(record: Record, span: Span, language: str | None) -> Entry:
    role = _title(record, Kind.JOB)
    stated = record.get("posted") or record.get("date")
    return Entry(
        Kind.JOB,
        role or OPENING,
        span,
        place=_place_of(record),
        role=role or None,
        team=collapsed(record.get("team")) or team_of(record.get("text")),
        url=address_of(record.get("url")),
        posted=parse_day(stated, language) or posted_in(record.get("text"), language),
        closes=parse_day(record.get("closes"), language) or closes_in(record.get("text"), language),
    )
