"""The reader of Markdown: sections as entries, papers and job posts by the field lists under their headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.decoding import decode
from corpus.model import Page
from corpus.readers._dated import language_of_text, published_in, with_days
from corpus.readers._days import parse_day
from corpus.readers._front_matter import front_matter
from corpus.readers._outline import Section, outline_of
from corpus.readers._sections import entries_of
from corpus.readers._unplaced import unplaced_in
from corpus.readers._venues import venues_of

if TYPE_CHECKING:
    from datetime import date

    from corpus.readers._front_matter import FrontMatter


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
