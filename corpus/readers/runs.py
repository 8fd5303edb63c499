"""Runs: stretches of a page that repeat one form, and so can be records of one kind.

The regions are those of data record extraction: neighbours of one form under one parent (Liu, Grossman and Zhai,
"Mining data records in web pages", KDD 2003), and, as in DEPTA (Zhai and Liu, WWW 2005), records that several
neighbours make up together. Instead of comparing neighbours pair by pair, the ways from the root are hashed.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.readers.keys import Key, key_of
from corpus.readers.parts import Part, leaves, parts_of
from corpus.readers.people import CERTAIN
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from corpus.readers.tree import Block, Tree


MOST_PARTS = 400
MOST_CHARACTERS = 12_000
"""What holds more than this is no single record."""
_BOXES = (Role.ITEM, Role.PARAGRAPH, Role.GROUP, Role.ROW, Role.CELL, Role.QUOTE, Role.FIGURE)
_LINES = 2
"""Lines of a paragraph from which on each of them can be a record."""
_SET_OFF = 7
"""The level of a line that only its style sets over what follows."""


@dataclass(slots=True, eq=False)
class Record:
    """A stretch that can be one record: the parts from ``first`` to before ``last``.

    Attributes:
        first, last: numbers of parts of the page.
        start, end: the characters that it covers.
        headings: those above it, outermost first.
    under: the last of them if only its style sets it over what follows ("**Moss Labs**" over a list of its posts).
    """

    first: int
    last: int
    start: int
    end: int
    headings: tuple[str, ...]
    under: str = ""


@dataclass(slots=True, eq=False)
class Run:
    """Records of one form.

    Attributes:
        boxed: whether each of them is one block.
        records: in page order.
    """

    boxed: bool
    records: list[Record] = field(default_factory=list)


class Runs:
    """All parts of a page, and the runs that they can be read as.

    Attributes:
        parts: in page order.
        runs: by form; a part can be in records of several runs.
    """

    def __init__(self, tree: Tree, read: Container[int] = ()) -> None:
        """Cut a page into parts.

        Args:
            tree: the page.
            read: the ids of blocks that are left out, as they are read already.
        """
        self.text = tree.text
        self._read = read
        self.parts: list[Part] = []
        self._firsts: dict[int, tuple[int, int]] = {}
        line = 0
        for leaf in leaves(tree.root, read):
            begins = len(self.parts)
            own = parts_of([leaf], tree.text)
            for part in own:
                part.line += line
            line = own[-1].line + 1 if own else line + 1
            self.parts += own
            self._firsts[id(leaf)] = (begins, len(self.parts))
        _label_below(self.parts, self.text)
        self._starts = [part.start for part in self.parts]
        self._runs: dict[tuple[object, ...], Run] = {}
        self._headings: list[tuple[int, str]] = []
        self._visit(tree.root, ())

    @property
    def runs(self) -> list[Run]:
        """The runs, without those of no record."""
        return [run for run in self._runs.values() if run.records]

    def parts_of(self, record: Record) -> list[Part]:
        """The parts of a record."""
        return self.parts[record.first : record.last]

    def with_roles(self) -> list[int]:
        """For each part how many parts before it name a job."""
        counts = [0]
        for part in self.parts:
            counts.append(counts[-1] + (part.words < 23 and part.names_post))
        return counts

    def take(self, start: int, end: int, taken: bytearray) -> bool:
        """Mark the parts of a stretch as taken; False if one of them is already, or there are none."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if first >= last or any(taken[first:last]):
            return False
        taken[first:last] = b"\1" * (last - first)
        return True

    def _visit(self, root: Block, path: tuple[object, ...]) -> None:
        """Walk through the blocks, those of the deepest level last, without recursion."""
        waiting: list[tuple[Block, int, int]] = [(root, hash(path), 0)]
        while waiting:
            block, way, restore = waiting.pop()
            if restore:
                del self._headings[restore - 1 :]
                continue
            if id(block) in self._read:
                continue
            if block.role is Role.HEADING:
                self._head(block, block.level or 6)
                continue
            here = hash((way, block.role, block.name))
            if block.role in _BOXES:
                self._add(("box", here), True, block.start, block.end)
            if block.runs:
                self._lines(block, here)
                if _is_set_off(block):
                    self._head(block, _SET_OFF)
                continue
            self._led(block, here)
            if block.role in (Role.GROUP, Role.ITEM, Role.CELL) and any(
                c.role is not Role.HEADING for c in block.children
            ):
                waiting.append((block, 0, len(self._headings) + 1))
            waiting.extend((child, here, 0) for child in reversed(block.children))

    def _head(self, block: Block, level: int) -> None:
        words = " ".join(self.text[block.start : block.end].split())
        self._headings = [each for each in self._headings if each[0] < level] + [(level, words)]

    def _add(self, key: tuple[object, ...], boxed: bool, start: int, end: int) -> None:
        wide = key[0] == "led"  # a heading says what is under it, however much
        if not end - start > 0 or (end - start > MOST_CHARACTERS and not wide):
            return
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if not last - first > 0 or (last - first > MOST_PARTS and not wide):
            return
        run = self._runs.setdefault(key, Run(boxed))
        if run.records and run.records[-1].start == start:
            return  # one block within another that holds nothing else
        headings = tuple(words for _, words in self._headings)
        under = self._headings[-1][1] if self._headings and self._headings[-1][0] == _SET_OFF else ""
        run.records.append(Record(first, last, start, end, headings, under))

    def _lines(self, block: Block, way: int) -> None:
        """Lines of a paragraph as records: each by itself, and from one line of people to the next."""
        first, last = self._firsts.get(id(block), (0, 0))
        parts = self.parts[first:last]
        if not parts or parts[-1].line - parts[0].line + 1 < _LINES:
            return
        lines: list[list[Part]] = []
        for part in parts:
            if lines and lines[-1][0].line == part.line:
                lines[-1].append(part)
            else:
                lines.append([part])
        for line in lines:
            self._add(("line", way), True, self._begins(line[0]), line[-1].end)
        self._anchored(lines, ("lines", way))
        self._under_places(lines, ("places", way))

    def _begins(self, part: Part) -> int:
        """Where the line of its first part begins: with its label, if it has one."""
        if part.key is None or part.block is None:
            return part.start
        return max(part.block.start, self.text.rfind("\n", part.block.start, part.start) + 1)

    def _under_places(self, lines: Sequence[Sequence[Part]], key: tuple[object, ...]) -> None:
        """Records that each begin with a line, or a block, that is nothing but a place."""
        places = [i for i, line in enumerate(lines) if _is_place_line(line)]
        for begin, stop in pairwise([*places, len(lines)]):
            self._add(key, False, self._begins(lines[begin][0]), lines[stop - 1][-1].end)

    def _anchored(self, lines: Sequence[Sequence[Part]], key: tuple[object, ...]) -> None:
        """Records of several lines or blocks: each begins before a line that is nothing but people."""
        at = [i for i, line in enumerate(lines) if i and is_people_line(line)]
        at = [i for i in at if i - 1 not in at]
        begins = [i - 1 for i in at]
        if len(begins) < 2 and not (begins and key[0] == "blocks"):
            return
        for begin, stop in zip(begins, [*begins[1:], len(lines)], strict=True):
            self._add(key, False, self._begins(lines[begin][0]), lines[stop - 1][-1].end)

    def _led(self, block: Block, way: int) -> None:
        """Records that a heading, or a line set off from the others, begins among neighbours."""
        children = block.children
        if len(children) < 2:
            return
        above = list(self._headings)
        for level in [*sorted({c.level for c in children if c.role is Role.HEADING}), _SET_OFF]:
            self._led_by(level, children, ("led", way, level))
            self._headings = list(above)
        blocks: list[list[Part]] = []
        for child in (*children, None):
            own = self._firsts.get(id(child))
            if child is not None and own and own[1] > own[0] and child.role is not Role.HEADING:
                blocks.append(self.parts[own[0] : own[1]])
                continue
            if blocks:
                self._anchored(blocks, ("blocks", way))
                self._under_places(blocks, ("places", way))
                blocks = []
            if child is not None and child.role is Role.HEADING:
                self._head(child, child.level or 6)
        self._headings = above

    def _led_by(self, level: int, children: Sequence[Block], key: tuple[object, ...]) -> None:
        leader: Block | None = None
        last, above = children[0], self._headings
        for child in (*children, None):
            own = _level(child) if child else 1
            if own and own <= level:
                if leader is not None and last is not leader:
                    below, self._headings = self._headings, above
                    self._add(key, False, leader.start, last.end)
                    self._headings = below
                leader = None
            if child is None:
                return
            if own and own < _SET_OFF and own != level:
                self._head(child, own)
            if own == level:
                leader = child
                above = self._headings = [each for each in self._headings if each[0] < level]
            last = child


def _label_below(parts: Sequence[Part], text: str) -> None:
    """Let headings that are labels ("Location:") tell what the line below them is."""
    for heading, part in pairwise(parts):
        block = heading.block
        led = block is not None and block.role is Role.HEADING and text[block.end - 1] == ":"
        if led and part.key is None and part.block is not block:
            key, whole = key_of(heading.text)
            if whole and key not in (None, Key.NAME, Key.TYPE, Key.OTHER):
                heading.key, part.key, part.label = Key.OTHER, key, heading.text


def tables_of(tree: Tree) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """The tables of a page that stand in no other, with the headings above them."""
    above: list[tuple[int, str]] = []
    waiting = [tree.root]
    while waiting:
        block = waiting.pop()
        if block.role is Role.HEADING:
            level = block.level or 6
            above = [each for each in above if each[0] < level]
            above.append((level, " ".join(tree.text[block.start : block.end].split())))
        elif block.role is Role.TABLE:
            yield block, tuple(words for _, words in above)
        else:
            waiting.extend(reversed(block.children))


def is_people_line(line: Sequence[Part]) -> bool:
    """Whether a line, or a short block, is nothing but several people, or one by a label or italics."""
    first = line[0]
    if first.key is not None or first.people.score < CERTAIN:
        return first.key == "authors"
    if len(first.people.names) < 2 and not first.people.shortened and not first.style.italic:
        return False
    return all(part.line > first.line or part.bracketed or part.is_link_label or part.year for part in line[1:])


def _is_place_line(line: Sequence[Part]) -> bool:
    """Whether a line of a paragraph is nothing but a place, without a label."""
    first = line[0]
    plain = len(line) == 1 and first.key is None and "," in first.text
    return plain and first.block is not None and first.block.role is Role.PARAGRAPH and first.is_place


def _level(child: Block) -> int:
    """The level of what stands over its neighbours; 0 of all others."""
    if child.role is Role.HEADING:
        return child.level or 6
    return _SET_OFF if child.runs and _is_set_off(child) else 0


def _is_set_off(block: Block) -> bool:
    """Whether a block is one line of bold words or a link: it stands over what follows."""
    if block.role is not Role.PARAGRAPH or len(block.runs) > 6 or block.end - block.start > 300:
        return False
    if all("img" in run.style.marks for run in block.runs):
        return False
    return all(run.style.bold or run.style.href or run.end - run.start < 3 for run in block.runs)
