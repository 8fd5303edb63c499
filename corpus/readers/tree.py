"""The tree of blocks: what every format is turned into before anything is recognised in it.

A format's own module does nothing but build this tree. What a paper or a job post is, is decided once, for all
formats, by what stands in the tree.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


MAX_DEPTH = 100
"""Levels of blocks; what lies deeper is written into the block at this level."""
MAX_BLOCKS = 400_000
MAX_CHARACTERS = 20_000_000

_WIDE_GAP = re.compile(r"(?<=[^ \t\u00a0\r\n])[ \t\u00a0]{2,}(?=[^ \t\u00a0\r\n])")
"""Blanks that part what stands before and after them, as a writer wrote them."""
_HIDDEN = re.compile("[\u00ad\u200b\u2060\ufeff\x00\ud800-\udfff]+")
"""Characters that show nothing, or that are none: halves of a pair."""


class Role(StrEnum):
    """What a block is."""

    DOCUMENT = "document"
    GROUP = "group"
    """Blocks that the mark-up holds together: an article, a card, a section, a slide, a message."""
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    FIGURE = "figure"
    CODE = "code"
    QUOTE = "quote"
    RECORD = "record"
    """An object of a data file: its children are fields, or records within it."""
    FIELD = "field"
    """A named value of a record; ``name`` is its key."""


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set, and what the mark-up says of them.

    Attributes:
        bold, italic, struck, code, small: how they are set.
        href: where they lead, as the page writes it.
        marks: what the mark-up calls them (class, itemprop, rel), small letters.
        day: the machine-readable day or time that the mark-up gives (``<time datetime=…>``).
    """

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    small: bool = False
    href: str | None = None
    marks: tuple[str, ...] = ()
    day: str | None = None


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a block's words in one style, in characters of the stored text; a line feed is a line break."""

    start: int
    end: int
    style: Style = PLAIN


@dataclass(slots=True, eq=False)
class Block:
    """A node of the tree.

    Attributes:
        role: what it is.
        level: of a heading 1 to 6; of a cell its column, from 0.
        name: of a field its key; else the mark-up's own name ("article", "details", "h2").
        marks: what the mark-up calls it (class, id, itemprop, itemtype, role), small letters.
        head: whether a row or cell names columns or rows.
        href: where the whole block leads; of a figure its picture.
        label: of a figure the picture's description; of a teaser what announces it.
        start, end: characters of the stored text that it and its children cover, without the blanks around.
        runs: the words of a block without children, in order.
        children: the blocks within it, in order.
    """

    role: Role
    level: int = 0
    name: str = ""
    marks: tuple[str, ...] = ()
    head: bool = False
    href: str | None = None
    label: str = ""
    start: int = -1
    end: int = -1
    runs: list[Run] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)

    def walk(self) -> Iterator[Block]:
        """It and all blocks within it, outer ones first, in page order."""
        waiting = [self]
        while waiting:
            block = waiting.pop()
            yield block
            waiting.extend(reversed(block.children))


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself beside what it shows.

    Attributes:
        title, url, language: as its mark-up gives them; the language as it is written there ("en-US").
        tags: the contents of an HTML page's meta tags, by name, small letters.
        front: the front matter of a Markdown page: keys in small letters; strings, lists and mappings of these.
        things: the objects of JSON-LD, as they stand in the page.
        days: the days that the mark-up gives as when the page came out.
    """

    title: str | None = None
    url: str | None = None
    language: str | None = None
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    front: Mapping[str, Any] = field(default_factory=dict)
    things: tuple[Any, ...] = ()
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A page's stored text, what a reader of the page sees, and its blocks.

    A cell that reaches down over several rows stands in each of them, with the offsets that it has in the first;
    there its name is "rowspan".

    Attributes:
        text: the stored text; all offsets point into it.
        root: the document's block.
        head: what the page says of itself.
        page_starts: of a format with pages, where each of them begins.
        notes: lines for the person who ingests.
    """

    text: str
    root: Block
    head: Head = Head()
    page_starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


_GAPS = ("", " ", " | ", "\n", "\n\n")
"""What can part two stretches of words; where several meet, the last of them in this order."""
_PARTED = {Role.CELL: " | ", Role.ROW: "\n", Role.ITEM: "\n", Role.FIELD: "\n"}
"""What parts such a block from its neighbours; all others stand between blank lines."""
_TIGHT = (Role.ITEM, Role.CELL, Role.FIELD, Role.ROW)
"""What holds its blocks together: a line feed parts them."""


class Composer:
    """Builds a tree and the stored text that it points into.

    ``with composer.block(Block(Role.PARAGRAPH)): composer.write("words", Style(bold=True))``. White space becomes
    one blank, as in a browser, and soft hyphens go. Words are written in blocks that have no blocks within them: a
    paragraph, a heading, an item, a cell, a figure, a piece of code, a field.

    Raises:
        ReadError: the document has more characters or blocks than can be read.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._bullet = ""
        self._root = Block(Role.DOCUMENT)
        self._open = [self._root]
        self._blocks = 0
        self._page_starts: list[int] = []

    @contextmanager
    def block(self, block: Block, bullet: str = "") -> Iterator[Block]:
        """Open a block within the one that is open; it is left out if nothing is written in it.

        Args:
            block: a new one, without offsets, runs and children.
            bullet: what a reader sees before it ("• ", "1. "): stored, but not part of the block.
        """
        parent = self._open[-1]
        if len(self._open) > MAX_DEPTH:
            self._part("\n")
            yield parent
            self._part("\n")
            return
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            raise ReadError(f"it has more than the {MAX_BLOCKS:,} blocks that a document may have")
        gap = _PARTED.get(block.role) or ("\n" if parent.role in _TIGHT else "\n\n")
        if parent.start >= 0:
            self._part(gap)
        self._bullet = bullet or self._bullet
        parent.children.append(block)
        self._open.append(block)
        yield block
        self._open.pop()
        if block.start < 0:
            parent.children.pop()
            self._bullet = "" if bullet else self._bullet
        else:
            block.end = self._length
            parent.children[-1] = _unwrapped(block)
            self._part(gap)

    def write(self, words: str, style: Style = PLAIN, *, verbatim: bool = False) -> None:
        """Write words in the open block; several blanks in a row part runs.

        Args:
            words: as the page has them.
            style: how they are set.
            verbatim: keep white space, as in preformatted text.
        """
        if verbatim:
            self._say(_HIDDEN.sub("", words).strip("\r\n"), style)
            return
        if not words:
            return
        if not words.isascii() or "\x00" in words:
            words = _HIDDEN.sub("", words)
        if words[:1].isspace():
            self._part(" ")
        for number, part in enumerate(_WIDE_GAP.split(words)):
            if number:
                self._part(" ")
            self._say(" ".join(part.split()), style)
        if words[-1:].isspace():
            self._part(" ")

    def _say(self, words: str, style: Style) -> None:
        if words:
            start = self._begin()
            self._put(words)
            self._open[-1].runs += runs_of(words, start, style)

    def line_break(self) -> None:
        """End the line within the open block."""
        if self._open[-1].start >= 0:
            self._part("\n")

    def words_of(self, block: Block) -> str:
        """The words of a block that was closed just now."""
        before = self._length
        words: list[str] = []
        for part in reversed(self._parts):
            before -= len(part)
            if before < block.start:
                break
            if before < block.end:
                words.append(part)
        return "".join(reversed(words))

    def page_start(self) -> None:
        """Note that a new page begins with what is written next."""
        self._page_starts.append(-1)

    def finished(self, notes: tuple[str, ...] = (), head: Head | None = None) -> Tree:
        """The tree.

        Args:
            notes: lines for the person who ingests.
            head: what the page says of itself.

        Raises:
            ReadError: nothing was written.
        """
        if not self._parts:
            raise ReadError("no word is shown on the page")
        starts = [start if start >= 0 else self._length for start in self._page_starts]
        self._root.start, self._root.end = 0, self._length
        self._put("\n")
        return Tree("".join(self._parts), self._root, head or Head(), tuple(starts), notes)

    def _part(self, gap: str) -> None:
        """See that at least ``gap`` stands before the next word."""
        if _GAPS.index(gap) > _GAPS.index(self._gap):
            self._gap = gap

    def _begin(self) -> int:
        """Write what stands before the next word; where that begins."""
        if self._parts:
            self._put(self._gap)
        if self._bullet:
            self._put(self._bullet)
        self._gap = self._bullet = ""
        for block in reversed(self._open):
            if block.start >= 0:
                break
            block.start = self._length
        for at in range(len(self._page_starts) - 1, -1, -1):
            if self._page_starts[at] >= 0:
                break
            self._page_starts[at] = self._length
        return self._length

    def _put(self, words: str) -> None:
        self._length += len(words)
        if self._length > MAX_CHARACTERS:
            raise ReadError(f"it has more than the {MAX_CHARACTERS:,} characters that a document may have")
        self._parts.append(words)


_ADDRESS = re.compile(r"https?://[^\s<>\"“”|]+")


def runs_of(words: str, start: int, style: Style = PLAIN) -> list[Run]:
    """The run of some words, or several if addresses stand in them: these lead where they say."""
    if style.href is not None or "://" not in words:
        return [Run(start, start + len(words), style)]
    runs: list[Run] = []
    at = 0
    for found in _ADDRESS.finditer(words):
        address = found[0].rstrip(".,;:!?'*_)]}")
        if found.start() > at:
            runs.append(Run(start + at, start + found.start(), style))
        at = found.start() + len(address)
        runs.append(Run(start + found.start(), start + at, replace(style, href=address)))
    if at < len(words):
        runs.append(Run(start + at, start + len(words), style))
    return runs


def _unwrapped(block: Block) -> Block:
    """A block without a wrapper that says nothing: a group of one block, an item or cell of one paragraph."""
    if len(block.children) != 1 or block.runs:
        return block
    (child,) = block.children
    if block.role is Role.GROUP and child.role is not Role.ROW:
        child.marks += tuple(mark for mark in block.marks if mark not in child.marks)
        child.href = child.href or block.href
        return child
    if block.role in (Role.ITEM, Role.CELL) and child.role in (Role.PARAGRAPH, Role.GROUP):
        block.runs, block.children = child.runs, child.children
        block.marks += tuple(mark for mark in child.marks if mark not in block.marks)
        block.href = block.href or child.href
    return block
