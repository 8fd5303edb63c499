"""The reader of HTML: what a page shows as text, with the structure that its markup tells."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.model import Span
from corpus.places import parse_place
from corpus.readers.authors import EDGES, LABELLED, authors_in, heads_people, number_of
from corpus.readers.blocks import HtmlBlock, Piece, Shape, collapsed
from corpus.readers.columns import fact_of
from corpus.readers.headings import heading_words, is_teaser_label
from corpus.readers.html_blocks import blocks_in, words_of
from corpus.readers.jobs import names_role, sounds_like_post
from corpus.readers.metadata import Metadata, is_shown, metadata_of, told
from corpus.readers.papers import authors_of, is_paper_title
from corpus.readers.records import page_of_records
from corpus.readers.text import page_of
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Page, Place


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "iso_8859-1", "us-ascii", "ascii"})
"""Names by which pages are declared whose writers mean Windows-1252, as browsers read them."""
_TITLED = re.compile(r"(?:title|titel|título)\s*:\s*(?=\S)", re.IGNORECASE)
_ABSTRACT = re.compile(r"(?:abstract|zusammenfassung|kurzfassung|resumen)\b", re.IGNORECASE)
_SITE = re.compile(r"\s+[|–—·]\s+[^|–—·]{2,60}$")
_PLACE_LABEL = re.compile(r"(?:location|place|where|city|office|ort|standort|lugar|lieu)s?\s*:\s*", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[|·•/]|\s[–—-]\s)\s*")
_SHORT = 160
"""Characters of a block up to which it may tell a job's place, team and date."""
_SHELL = 600
"""Characters up to which a page may be a shell without what it is about."""
_BOLD = 80
"""Characters of a paragraph all in bold up to which it is a heading."""
_OTHER_TITLES = ("session", "track", "talk", "section", "job", "sitzung", "sesión")
"""Words in the heads of columns whose titles are not those of papers, where another column has these."""


class HtmlReader:
    """Reads HTML pages.

    Headings, captions and rows of tables are what the markup says; a title with a line of authors (under it,
    behind it, in the next cell) is a paper; a heading over a place, or a row with one, is a job post. All else is
    read by its wording, like plain text. The stored text is what the page shows, a paragraph a block.
    """

    name = "html"
    version = 2
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read an HTML page.

        Args:
            data: the file's bytes.
            name: the title where the page gives none.

        Raises:
            ReadError: empty, binary, or without a word that is shown.
        """
        from lxml import etree, html

        markup, notes = _decoded(data)
        markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\x00", ""))
        try:
            root = html.document_fromstring(markup, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
        except (etree.LxmlError, ValueError, RecursionError) as error:
            raise ReadError(f"no HTML page: {collapsed(str(error))[:120]}") from error
        metadata = metadata_of(root)
        blocks = blocks_in(root)
        title = _title(root, blocks, metadata)
        composed = _composed(blocks, title, metadata)
        text = composed.text
        found = [(each.kind, each) for each in metadata.records if each.kind and not is_shown(text, each)]
        if found and len(text) < _SHELL and not composed.has_entries:
            # The page is a shell that a script fills: what it is to show is in its head.
            page = page_of_records(title or name, found, notes=notes, language=metadata.language)
            return replace(page, url=_address(root), publisher=metadata.publisher, published=metadata.published)
        if not text:
            raise ReadError("no word is shown on the page")
        url, language = _address(root), metadata.language
        page = page_of(text, title=title, name=name, notes=notes, url=url, known=composed.known, language=language)
        return told(page, metadata)


def page_of_blocks(blocks: list[HtmlBlock], *, title: str | None, name: str, notes: tuple[str, ...] = ()) -> Page:
    """The page that marked-up blocks of another format make.

    Args:
        blocks: the blocks, in order; the one that is the title has level 1.
        title: the title, where there is one.
        name: the title where there is none.
        notes: for the person who ingests.

    Raises:
        ReadError: it has no words.
    """
    composed = _composed(blocks, title, Metadata())
    if not composed.text:
        raise ReadError("no word is shown on the page")
    return page_of(composed.text, title=title, name=name, notes=notes, url=None, known=composed.known)


def _composed(blocks: list[HtmlBlock], title: str | None, metadata: Metadata) -> _Composed:
    composed = _Composed(title or "")
    composed.add_all(_under_title(blocks, title, metadata))
    return composed


class _Composed:
    """The text of a page as it grows, and the pieces that its markup tells, by where they begin."""

    def __init__(self, title: str) -> None:
        self._parts = [f"{title}\n\n"] if title else []
        self._length = sum(map(len, self._parts))
        self.known: dict[int, Piece] = {}
        self._number: str | None = None
        """That of arXiv for the paper that comes next."""

    @property
    def text(self) -> str:
        """All of it, a line feed at its end."""
        whole = "".join(self._parts).rstrip()
        return f"{whole}\n" if whole else ""

    @property
    def has_entries(self) -> bool:
        """Whether its markup shows papers or job posts."""
        return any(piece.shape in (Shape.PAPER, Shape.JOB) for piece in self.known.values())

    def add_all(self, blocks: Sequence[HtmlBlock]) -> None:
        at = 0
        while at < len(blocks):
            if number := number_of(blocks[at].lines[0]):
                self._number = number
                at += 1
                continue
            at += self._paper(blocks, at) or self._post(blocks, at) or self._other(blocks[at])

    def _write(self, lines: Sequence[str]) -> Span:
        said = "\n".join(lines)
        span = Span(self._length, self._length + len(said))
        self._parts.append(f"{said}\n\n")
        self._length += len(said) + 2
        return span

    def _other(self, block: HtmlBlock) -> int:
        lines = block.lines
        if block.kind == "item" and len(lines) == 1 and not parse_place(lines[0]):
            lines = [f"• {lines[0]}"]
        span = self._write(lines)
        bold = (
            block.kind == "text" and block.lead == block.lines[0] and block.link is None and len(block.lead) < 80
        )
        heading = block.kind == "heading" or (bold and block.lead[-1] not in ".!?,;")
        if heading and not is_teaser_label(lines[0]):
            self.known[span.start] = Piece(Shape.HEADING, span, heading_words(lines[0]))
        elif block.kind == "figure":
            self.known[span.start] = Piece(Shape.FIGURE, span, block.name)
        return 1

    def _paper(self, blocks: Sequence[HtmlBlock], at: int) -> int:
        """Write a paper that begins at a block; how many blocks it takes, 0 where none begins there."""
        block = blocks[at]
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        found = _of_row(block) or _in_one(block)
        taken = 1
        if found is None and following and len(block.lines) == 1 and following.kind in ("text", "item"):
            found, taken = _in_two(block, following), 1
            if found and len(following.lines) == 1:
                taken = 2
            elif found:
                following.lines = following.lines[1:]
        if found is None:
            return 0
        title, said, authors, rest = found
        if block.kind == "row":  # what else its cells say is of the paper
            said, rest = "\n".join([said, *rest]), []
        span = self._write([title, said])
        link = f"https://arxiv.org/abs/{self._number}" if self._number else block.link
        self._number = None
        self.known[span.start] = Piece(Shape.PAPER, span, title, authors, link=link)
        if rest:
            self._write(rest)
        return taken

    def _post(self, blocks: Sequence[HtmlBlock], at: int) -> int:
        """Write a job post that begins at a heading or in a row, with all that is under it."""
        block = blocks[at]
        if block.kind == "row":
            place = next((p for head, cell in block.cells if (p := _place_in(head, cell))), None)
            role = next((cell for _, cell in block.cells if names_role(cell)), None) or _in_column(block, "role")
            if not place or not role:
                return 0
            span = self._write([role, *(cell for _, cell in block.cells if cell != role)])
            self.known[span.start] = Piece(Shape.JOB, span, role, place=place, link=block.link)
            return 1
        if block.kind != "heading" or at + 1 >= len(blocks):
            return 0
        place, role = parse_place(block.lines[0]), ""
        if not place:
            place, role = _place_under(block, blocks[at + 1 : at + 3]), block.lines[0]
        if not place:
            return 0
        words = " ".join(line for each in blocks[at + 1 : at + 9] for line in each.lines)
        if not names_role(role) and not sounds_like_post(words):
            return 0
        stop = at + 1
        while stop < len(blocks) and not (blocks[stop].kind == "heading" and blocks[stop].level <= block.level):
            stop += 1
        spans = [self._write(_as_shown(each)) for each in blocks[at:stop]]
        span = Span(spans[0].start, spans[-1].end)
        self.known[span.start] = Piece(Shape.JOB, span, role, place=place, link=block.link)
        return stop - at


def _as_shown(block: HtmlBlock) -> list[str]:
    """A block's lines, an item of a list behind a bullet."""
    item = block.kind == "item" and len(block.lines) == 1 and not parse_place(block.lines[0])
    return [f"• {block.lines[0]}"] if item else block.lines


def _under_title(blocks: list[HtmlBlock], title: str | None, metadata: Metadata) -> list[HtmlBlock]:
    """The blocks without the heading that is the page's title, unless that is a paper's or a job's, too."""
    at = next((n for n, block in enumerate(blocks) if block.level == 1 and block.lines[0] == title), None)
    if at is None:
        return blocks
    under = blocks[at + 1 :]
    begins = under and under[0].kind != "heading" and _in_two(blocks[at], under[0])
    if begins and not (metadata.is_prose or _signs(under, begins[2])):
        return blocks
    if names_role(blocks[at].lines[0]) and _place_under(blocks[at], under[:2]):
        return blocks
    return [*blocks[:at], *under]


def _signs(under: Sequence[HtmlBlock], authors: Sequence[str]) -> bool:
    """Whether names under a page's title sign its prose: "By Ada Moss", with no abstract below."""
    abstract = any(_ABSTRACT.match(line) for block in under[:8] for line in block.lines[:1])
    signed = len(authors) == 1 or re.match(r"(?:written )?(?:by|von|por|par)\s", under[0].lines[0], re.IGNORECASE)
    return bool(signed) and not abstract


_Found = tuple[str, str, tuple[str, ...], list[str]]
"""A paper's title, the line of its authors, these, and what is said behind them."""


def _of_row(block: HtmlBlock) -> _Found | None:
    """The title and authors of a row that has both."""
    if block.kind != "row":
        return None
    cells = [cell for _, cell in block.cells]
    said = _in_column(block, "authors")
    title = _in_column(block, "title")
    if not said or not title:
        said = next((cell for cell in cells if len(authors_of(cell)) > 1), None)
        title = next((cell for cell in cells if cell != said and is_paper_title(cell)), None)
    if not said or not title or heads_people(title):
        return None
    line, authors, rest = authors_in(said)
    others = [cell for cell in cells if cell not in (said, title)]
    return (title, line, authors, [*rest, *others]) if authors else None


def _in_column(block: HtmlBlock, fact: str) -> str | None:
    """The cell under the head of the column that holds a fact: the one named most plainly, no session's title."""
    found = [
        (_fit(head, fact), cell)
        for head, cell in block.cells
        if head and (fact_of(head) == fact or any(fact_of(word) == fact for word in head.split()))
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _fit(head: str, fact: str) -> int:
    """How plainly the head of a column names what it holds."""
    if any(word in head for word in _OTHER_TITLES):
        return 0
    return 1 + (fact_of(head) == fact) + ("paper" in head)


def _in_one(block: HtmlBlock) -> _Found | None:
    """A title and its authors in one block: on two lines, or the title marked up and the authors behind it."""
    if block.kind not in ("text", "item"):
        return None
    first = block.lines[0]
    if len(block.lines) == 2 or (len(block.lines) > 2 and block.lead == first):
        title, said = first.rstrip("."), block.lines[1]
        behind = block.lines[2:]
    elif len(block.lines) == 1 and block.lead and first.startswith(block.lead) and first != block.lead:
        title, said = block.lead.strip(EDGES + '“”"'), first[len(block.lead) :]
        behind = []
    else:
        return None
    line, authors, rest = authors_in(said)
    fits = authors and title and is_paper_title(title) and not heads_people(title)
    return (title, line, authors, [*rest, *behind]) if fits else None


def _in_two(block: HtmlBlock, following: HtmlBlock) -> _Found | None:
    """A title in a block of its own, and the authors in the first line of the next one."""
    title = block.lines[0].strip().rstrip(".")
    said, authors, rest = authors_in(following.lines[0])
    label = _TITLED.match(title)
    title = title[label.end() :] if label else title
    labelled = label is not None or following.signed or LABELLED.match(following.lines[0]) is not None
    sure = len(authors) > 1 or (authors and (labelled or block.kind == "heading"))
    fits = sure and title and is_paper_title(title) and not heads_people(title)
    return (title, said, authors, rest) if fits else None


def _place_in(head: str, cell: str) -> Place | None:
    place = parse_place(cell)
    return place if place and (not head or fact_of(head) in ("place", "city")) else None


def _place_under(heading: HtmlBlock, under: Sequence[HtmlBlock]) -> Place | None:
    """The place that stands under a job's title, alone or among team and date; None where it is no such title."""
    role = names_role(heading.lines[0])
    for block in under:
        if block.kind == "heading" or len(" ".join(block.lines)) > _SHORT:
            return None
        for line in block.lines:
            for part in (line, *_PARTS.split(line)):
                label = _PLACE_LABEL.match(part)
                place = parse_place((part[label.end() :] if label else part).strip(" .;"))
                if place and (role or label):
                    return place
    return None


def _title(root: Any, blocks: Sequence[HtmlBlock], metadata: Metadata) -> str | None:
    first = next((block.lines[0] for block in blocks if block.level == 1), None)
    if first:
        return first
    said = metadata.title or next((words_of(each) for each in root.xpath("//title")), "")
    return _SITE.sub("", collapsed(str(said))) or None


def _address(root: Any) -> str | None:
    found = root.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
    return next((str(each).strip() for each in found if str(each).startswith(("http://", "https://"))), None)


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The markup, by the character set that it names where that fits, else by its bytes."""
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = named[1].decode("ascii")
        encoding = encoding if encoding.lower() not in _LATIN else "cp1252"
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            text, notes = decode(data)
            return text, (*notes, f"not {named[1].decode('ascii')}, as the page says")
        decode(text.encode("utf-8", "replace"))  # empty or binary
        return text, ()
    return decode(data)
