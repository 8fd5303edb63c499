"""The reader of Markdown: sections as entries, papers and job posts by the field lists under their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from corpus.model import Entry, Kind, Page, Part, Place, Span
from corpus.places import parse_place
from corpus.readers.blocks import trimmed
from corpus.readers.dates import language_of_text, parse_day, published_in, with_days
from corpus.readers.entries import unplaced_in
from corpus.readers.headings import split_venue, venues_of
from corpus.readers.jobs import OPENING, names_role
from corpus.readers.markdown_blocks import Block, Section, fields_of, front_matter, outline_of, plain, target
from corpus.readers.markdown_lists import listed_in, titled_in
from corpus.readers.papers import authors_of
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from corpus.readers.markdown_blocks import FrontMatter


_FIGURE = re.compile(
    r"(?:\*\*|__)(?:Figure|Fig\.)\s*\d{0,3}\s*[:.]\s*([^*_\r\n]{1,200}?)[.:]?(?:\*\*|__)"
    r"|(?:Figure|Fig\.)\s*\d{0,3}:\s*([^\r\n]{1,120}?)[.:]\s+(?-i:(?=[^a-z\s]))",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\(\s*<?([^()<>\s]{0,500})[^()\r\n]{0,200}\)")
_LONGEST_FIELDS = 5_000


def entries_of(text: str, title: str, sections: Sequence[Section], heading: Section | None) -> tuple[Entry, ...]:
    """Make the entries of a page.

    Args:
        text: the page's text.
        title: the page's title, which the entry of its introduction bears.
        sections: the page's outline.
        heading: the one whose heading is the page's title, if any is.
    """
    entries: list[Entry] = []
    above: list[Section] = []
    at = 0
    while at < len(sections):
        section = sections[at]
        is_intro = section is heading or not section.level
        above = [] if is_intro else [outer for outer in above if outer.level < section.level]
        headings = tuple(outer.title for outer in above)
        fields = {} if is_intro else _fields(text, section)
        inner = _inner(text, sections, at) if fields else []
        if fields:
            entries += _fielded(text, section, inner, fields, headings)
        else:
            own = (title, ()) if is_intro else (section.title, (*headings, section.title))
            entries += _article(text, section, *own, captions=not is_intro)
        if not is_intro:
            above.append(section)
        at += 1 + len(inner)
    if not entries and heading and heading.heading:
        entries.append(Entry(Kind.ARTICLE, title, heading.heading))
    return tuple(entries)


def _fields(text: str, section: Section) -> dict[str, str]:
    """The fields under a heading where they make a paper or a job post of it, else {}."""
    span = section.blocks[0].span if section.blocks else Span(0, 0)
    fields = fields_of(text[span.start : span.end]) if span.end - span.start <= _LONGEST_FIELDS else {}
    place = fields.get("place")
    says_job = "role" in fields or "team" in fields or names_role(section.title)
    is_post = place and (says_job or parse_place(plain(place)))
    return fields if is_post or "authors" in fields or "venue" in fields else {}


def _inner(text: str, sections: Sequence[Section], at: int) -> list[Section]:
    """The deeper sections that belong to a paper or job post: up to the next heading of its level or entry."""
    inner = []
    for section in map(sections.__getitem__, range(at + 1, len(sections))):
        if section.level <= sections[at].level or _fields(text, section):
            break
        inner.append(section)
    return inner


def _fielded(
    text: str, section: Section, inner: list[Section], fields: dict[str, str], headings: tuple[str, ...]
) -> Iterator[Entry]:
    """The entry of a paper or job post, then its figures and what goes on after them."""
    is_paper = "authors" in fields or "venue" in fields
    facts = _paper_facts(fields) if is_paper else _job_facts(fields, section.title)
    blocks = [block for each in (section, *inner) for block in _headed(each)]
    parts = [Part(each.title, span) for each in inner if (span := _body(each))]
    again: dict[str, Any] = {name: facts[name] for name in ("venue", "year") if name in facts}
    kind, above = Kind.PAPER if is_paper else Kind.JOB, headings[-1] if headings else None
    for stretch in _stretches(text, blocks, captions=True):
        if stretch.figure:
            yield Entry(Kind.FIGURE, stretch.figure, stretch.span, above, headings)
            continue
        held = tuple(
            part for part in parts if stretch.span.start <= part.span.start and part.span.end <= stretch.span.end
        )
        yield Entry(kind, section.title, stretch.span, above, headings, parts=held, **facts)
        kind, facts = Kind.ARTICLE, again


def _article(
    text: str, section: Section, title: str, headings: tuple[str, ...], *, captions: bool
) -> Iterator[Entry]:
    """The entries of prose: figures and what is between them, and the papers and posts of lists and tables."""
    own = headings[-1] if headings else None
    run: list[Block] = []
    titled = {block.span: paper for block in section.blocks if (paper := titled_in(text, block))}
    if len(titled) < 2 and not captions:  # under a page's title it is more likely who wrote the page
        titled = {}
    for block in (*_headed(section), None):
        paper = titled.get(block.span) if block else None
        listed = [paper] if paper else listed_in(text, block) if block else []
        if block and not listed:
            run.append(block)
            continue
        for stretch in _stretches(text, run, captions=captions):
            if stretch.figure:
                yield Entry(Kind.FIGURE, stretch.figure, stretch.span, own, headings)
            elif stretch.span != section.heading:
                yield Entry(Kind.ARTICLE, title, stretch.span, own, headings)
        run = []
        for entry in listed:
            yield replace(entry, section=entry.section or own, headings=entry.headings or headings)


def _paper_facts(fields: dict[str, str]) -> dict[str, Any]:
    names = plain(fields.get("authors", "")).rstrip(".")
    authors = authors_of(names) or tuple(name.strip() for name in names.split(",") if name.strip())
    venue, year = split_venue(plain(fields.get("venue", "")))
    stated = fields.get("year", "")
    return {
        "authors": authors,
        "venue": venue,
        "year": int(stated) if re.fullmatch(r"(?:1[89]|20)\d\d", stated) else year,
        "url": target(fields.get("url", "")),
    }


def _job_facts(fields: dict[str, str], heading: str) -> dict[str, Any]:
    place = plain(fields["place"])
    role = plain(fields.get("role", "")) or ("" if heading.startswith(OPENING) else heading)
    return {
        "place": parse_place(place) or Place(place),
        "team": plain(fields.get("team", "")) or None,
        "role": role or None,
        "url": target(fields.get("url", "")),
    }


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Blocks of a section that stand together; ``figure`` is the title where they are a figure."""

    span: Span
    figure: str | None = None


def _stretches(text: str, blocks: Sequence[Block], *, captions: bool) -> Iterator[_Stretch]:
    """Part blocks into figures and what stands between them.

    Args:
        text: the page's text.
        blocks: the blocks, headings among them.
        captions: whether a paragraph under an image is its caption; under a page's title it is more likely not.
    """
    open_span: Span | None = None
    at = 0
    while at < len(blocks):
        figure, taken = _figure(text, blocks, at, captions=captions)
        if figure:
            if open_span:
                yield _Stretch(open_span)
            open_span = None
            yield figure
        else:
            open_span = Span(open_span.start if open_span else blocks[at].span.start, blocks[at].span.end)
        at += taken
    if open_span:
        yield _Stretch(open_span)


def _figure(text: str, blocks: Sequence[Block], at: int, *, captions: bool) -> tuple[_Stretch | None, int]:
    """The figure that begins at a block, if one does, and how many blocks it takes."""
    span = blocks[at].span
    if blocks[at].type != "paragraph":
        return None, 1
    if named := _FIGURE.match(text, span.start, span.end):
        return _Stretch(span, plain(named[1] or named[2])), 1
    image = _IMAGE.match(text, span.start, span.end)
    title = (plain(image[1]) or PurePosixPath(image[2]).stem) if image else ""
    if not image or not title:
        return None, 1
    if image.end() < span.end:
        caption = trimmed(text, image.end(), span.end) if text[image.end()] in "\r\n" else None
        return (_Stretch(caption, title) if caption else None), 1
    following = blocks[at + 1] if captions and at + 1 < len(blocks) else None
    if following and following.type == "paragraph" and not text.startswith("!", following.span.start):
        return _Stretch(following.span, title), 2
    return _Stretch(span, title), 1


def _headed(section: Section) -> Iterator[Block]:
    """A section's blocks with its heading before them."""
    if section.heading:
        yield Block("heading", section.heading)
    yield from section.blocks


def _body(section: Section) -> Span | None:
    """What stands under a section's heading."""
    return Span(section.blocks[0].span.start, section.blocks[-1].span.end) if section.blocks else None


class MarkdownReader:
    """Reads Markdown, with YAML front matter where there is some.

    A heading whose block begins with a list of fields is a paper (``Authors`` or ``Venue``) or a job post
    (``Place``), a paragraph of a marked title over its authors a paper; paragraphs that begin with ``Figure: …``,
    and images, are figures; all else is article text.
    """

    name = "markdown"
    version = 4
    suffixes: tuple[str, ...] = (".md", ".markdown")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a Markdown page.

        Args:
            data: the file's bytes.
            name: the title where neither the front matter nor a first heading gives one.

        Raises:
            ReadError: empty or binary.
        """
        text, notes = decode(data)
        front = front_matter(text)
        start = front.end or (1 if text.startswith("\ufeff") else 0)
        sections = outline_of(text, start)
        heading = _title_section(sections, front)
        title = front.get("title") or (heading.title if heading else None)
        language = front.get("lang") or front.get("language") or language_of_text(text[start:])
        entries = with_days(entries_of(text, title or name, sections, heading), text, language)
        venues = venues_of(title or "", text[start:], [entry.venue for entry in entries if entry.venue])
        return Page(
            text=text,
            title=title or name,
            entries=entries,
            deck=front.get("deck") or (_deck(text, heading) if heading else None),
            venue=front.get("venue") or venues.venue,
            year=front.year or venues.year,
            publisher=front.get("publisher"),
            url=front.get("url"),
            published=_published(front, language) or published_in(text, entries, language, start),
            unplaced=unplaced_in(text, title or name, entries),
            notes=(*notes, *front.notes),
        )


def _published(front: FrontMatter, language: str | None) -> date | None:
    """The day that the front matter gives."""
    said = (front.get(name) for name in ("date", "published", "pubdate", "publishdate", "datum", "fecha"))
    return next((day for each in said if each and (day := parse_day(each, language))), None)


def _title_section(sections: list[Section], front: FrontMatter) -> Section | None:
    """The section whose heading is the page's title: the first, of level 1, and alone where a title is given."""
    if len(sections) < 2 or sections[1].level != 1:
        return None
    first = sections[1]
    title = front.get("title")
    alone = sum(section.level == 1 for section in sections) == 1
    return first if title is None or alone or title.casefold() == first.title.casefold() else None


def _deck(text: str, heading: Section) -> str | None:
    """The quotation under the title."""
    if not heading.blocks or heading.blocks[0].type != "blockquote":
        return None
    span = heading.blocks[0].span
    return " ".join(text[span.start : span.end].replace("\n>", "\n").lstrip("> ").split()) or None
