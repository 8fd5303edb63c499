"""Rows of a PDF to blocks: paragraphs joined over line, column and page; items, rows of tables."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from corpus.readers.papers import authors_of
from corpus.readers.pdf_layout import rows_of, table_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.readers.pdf_glyphs import Box
    from corpus.readers.pdf_layout import Line, Row


_BULLET = re.compile(r"[•▪◦‣●○■□⁃∙·–-]\s+(?=\S)")

_PROSE_ROWS = 4
"""Rows from which a line is one of prose."""

_Mark = tuple[str | None, bool, bool]
"""Link, bold, italic."""


class Draft:
    """A block in the making.

    ``turns`` are the offsets in its lines, joined by line feeds, at which further pages begin, with these pages;
    ``room`` is what its last row leaves free, ``x`` where its first row begins; ``captions`` is whether it stands
    under a picture.
    """

    def __init__(self, line: Line, page: int) -> None:
        bullet = _BULLET.match(line.text)
        self.is_item = bullet is not None
        self.lines = [_blank(line.text[bullet.end() :] if bullet else line.text)]
        self.cells: list[tuple[str, str]] = []
        self.page, self.turns = page, list[tuple[int, int]]()
        self.size, self.bold, self.x = line.size, line.bold, line.x
        self.rows, self.room = 1, 0.0
        self._wrapped = 1
        self.captions = False
        self._marked: list[tuple[str, _Mark]] = []
        self._mark(line, bullet.end() if bullet else 0)

    @staticmethod
    def bullet(line: Line) -> bool:
        """Whether a line begins as an item of a list."""
        return _BULLET.match(line.text) is not None

    @property
    def last_page(self) -> int:
        """The page that it ends on."""
        return self.turns[-1][1] if self.turns else self.page

    @property
    def is_open(self) -> bool:
        """Whether its last line cannot end here: within a word, a quotation, or a paragraph's sentence."""
        said = self.lines[-1]
        if said[-1] == "-" and said[-2:-1].isalpha():
            return True
        return said.count("“") > said.count("”") or (self._wrapped >= _PROSE_ROWS and said[-1].isalnum())

    def add(self, line: Line) -> None:
        """Add a line that stands on its own."""
        self.lines.append(_blank(line.text))
        self.rows += 1
        self._wrapped = 1
        self.bold = self.bold and line.bold

    def join(self, line: Line, page: int, hyphens: Hyphens) -> None:
        """Go on with the last line."""
        joined = hyphens.joined(self.lines[-1], _blank(line.text))
        if page != self.last_page:
            self.turns.append(
                (sum(len(each) + 1 for each in self.lines[:-1]) + len(joined) - len(line.text), page)
            )
        if len(self.lines) == 1:
            kept = len(joined) - len(line.text) - len(self.lines[0])
            words, mark = self._marked[-1]
            self._marked[-1] = (words + " " if kept > 0 else words[:kept] if kept else words, mark)
            self._mark(line, 0)
        self.lines[-1] = joined
        self.rows += 1
        self._wrapped += 1
        self.bold = self.bold and line.bold

    def _mark(self, line: Line, skip: int) -> None:
        for words, run in line.parts:
            if said := words[skip:]:
                self._marked.append((_blank(said), (run.link, run.bold, run.italic)))
            skip = max(0, skip - len(words))

    def lead(self) -> tuple[str, str | None]:
        """The marked-up words that it begins with, and where they link to."""
        first = self._marked[0][1]
        if not any(first):
            return "", None
        words = []
        for said, mark in self._marked:
            if said.strip() and (mark[0] != first[0] if first[0] else mark != first):
                break
            words.append(said)
        return "".join(words).strip(), first[0]


def _blank(words: str) -> str:
    return words.replace("\xa0", " ")


_NUMBERED = re.compile(r"(?:\[\d{1,3}\]|\(?\d{1,2}[.)])\s")
_ENDS = re.compile(r"[.!?:][”\"’')\]⁰¹²³⁴-⁹]*$")
_SAME_SIZE = 0.06
LARGER = 1.12
"""How many times larger than the text's type a heading's is."""
_WIDER = 1.3
"""Leadings between two lines from which a paragraph ends."""
_COMMON = 0.15
"""Share of the distances between lines from which one is the leading."""
_INDENT, _FLUSH = 0.8, 0.3
_ASIDE = 2.0
"""Points by which an item's sign stands aside of the words above."""
_JUSTIFIED = 3
_GOES_ON = 3
"""Rows of a paragraph from which a full last one that ends a sentence may go on in the next column."""
_LOOK_BACK = 4
_LONGEST = 50_000
"""Characters of a paragraph."""
_UNDER = 2.5
"""Ems between a picture and its caption at most."""
_PICTURE = 36.0
"""Points that a picture is wide and high at least: smaller ones are marks."""
_NARROW, _BROAD = frozenset("iljtfrI.,;:'’|!()[] "), frozenset("mwMW—@%")


class Blocks:
    """The blocks of a file as they grow, part of a page by part."""

    def __init__(self, lines: Sequence[Line], hyphens: Hyphens) -> None:
        faces: Counter[tuple[float, bool]] = Counter()
        for line in lines:
            faces[round(line.size * 2) / 2, line.bold] += len(line.text)
        (self.body, self.body_bold), _ = faces.most_common(1)[0]
        self.drafts: list[Draft] = []
        self._hyphens = hyphens
        self._leading = _leading(lines)

    def add_region(self, region: Sequence[Line], page: int, images: Sequence[Box] = ()) -> None:
        """Add what stands in one part of a page, which has these images."""
        rows = rows_of(region)
        far = max(row.line.end for row in rows)
        left = min(row.line.x for row in rows)
        begins = True
        for in_table, run in groupby(rows, lambda row: bool(row.cells)):
            if in_table:
                self._add_table(list(run), page)
            else:
                for group in self._groups([row.line for row in run]):
                    captions = _is_under(group[0], images) and self._is_set_off(group[0], left)
                    self._add_group(group, far, page, begins=begins, captions=captions)
                    begins = False

    def _groups(self, lines: Sequence[Line]) -> list[list[Line]]:
        """The lines cut where a wider gap or another size parts them."""
        groups = [[lines[0]]]
        for above, below in pairwise(lines):
            leading = max(self._leading.get(_step(size), 1.25 * size) for size in (above.size, below.size))
            if not 0 < above.y - below.y <= leading * _WIDER + 0.5 or not _alike(above.size, below.size):
                groups.append([])
            groups[-1].append(below)
        return groups

    def _add_table(self, rows: Sequence[Row], page: int) -> None:
        table = table_rows(rows)
        headed = len(table) > 1 and all(cell[0].bold for cell in table[0])
        heads = [(cell[0].x, self._said(cell).casefold()) for cell in table[0]] if headed else []
        for row in table[1:] if headed else table:
            draft = Draft(row[0][0], page)
            for cell in row:
                head = min(heads, key=lambda head: abs(head[0] - cell[0].x))[1] if heads else ""
                draft.cells.append((head, self._said(cell)))
            draft.lines = [" | ".join(words for _, words in draft.cells)]
            self.drafts.append(draft)

    def _said(self, cell: Sequence[Line]) -> str:
        words = cell[0].text
        for line in cell[1:]:
            words = self._hyphens.joined(words, line.text)
        return words

    def _add_group(self, group: Sequence[Line], far: float, page: int, *, begins: bool, captions: bool) -> None:
        right, left = _right_edge(group, far), min(line.x for line in group)
        short = len(group) > 1 and not goes_on(right - group[0].end, group[1])
        draft = self._before(group[0], page, short=short) if begins else None
        if draft:
            draft.join(group[0], page, self._hyphens)
        else:
            draft = self._begin(group[0], page)
            draft.captions = captions
        for above, line in pairwise(group):
            draft.room = right - above.end
            hard = not goes_on(draft.room, line) and not (draft.is_open or draft.captions)
            if above.bold and not line.bold and draft.bold and (hard or draft.rows == 1):
                draft.add(line)  # a heading or title right over its text
            elif self._parts(draft, above, line, left, hard=hard):
                draft = self._begin(line, page)
            elif hard and not self.is_large(line):
                draft.add(line)
            else:
                draft.join(line, page, self._hyphens)
        draft.room = right - group[-1].end

    def _parts(self, draft: Draft, above: Line, line: Line, left: float, *, hard: bool) -> bool:
        """Whether a line begins another block than the one above it in the same size and distance."""
        if len(draft.lines[-1]) > _LONGEST:
            return True
        if line.bold != above.bold:
            return line.bold and (hard or not above.runs[-1].bold)
        if line.bold and not self.body_bold and hard and not self.is_large(line):
            return True
        if Draft.bullet(line) or _NUMBERED.match(line.text):
            return hard or (Draft.bullet(line) and abs(line.x - above.x) > _ASIDE)
        if not hard and not _ENDS.search(above.text):
            return False
        indented = line.x > left + _INDENT * line.size and above.x < left + _FLUSH * line.size
        back = draft.rows > 1 and line.x < above.x - _INDENT * line.size and line.x <= draft.x + 1
        return back or (indented and not draft.is_item)

    def is_large(self, line: Line) -> bool:
        """Whether a line is set larger than the text."""
        return line.size >= LARGER * self.body

    def _begin(self, line: Line, page: int) -> Draft:
        self.drafts.append(Draft(line, page))
        return self.drafts[-1]

    def _is_set_off(self, line: Line, left: float) -> bool:
        """Whether a line under a picture is set otherwise than the text around."""
        return line.italic or line.size < 0.96 * self.body or line.x > left + line.size

    def _before(self, line: Line, page: int, *, short: bool) -> Draft | None:
        """The paragraph of another column or page that goes on in a line, if one does."""
        if self.is_large(line) or Draft.bullet(line):
            return None
        small = line.text[0].islower()
        for draft in self.drafts[: -_LOOK_BACK - 1 : -1]:
            full = goes_on(draft.room, line)
            if draft.cells or not _alike(draft.size, line.size) or (small and not full):
                continue  # a footnote, a caption, what stands under the column
            ended = _ENDS.search(draft.lines[-1]) is not None
            if draft.last_page < page - 1 or draft.bold != line.bold or (small and ended):
                return None
            prose = full and draft.rows > 1 and not _NUMBERED.match(line.text) and not authors_of(draft.lines[-1])
            on = prose and (not ended or (draft.rows >= _GOES_ON and not short and not draft.captions))
            return draft if small or on else None
        return None


def goes_on(room: float, line: Line) -> bool:
    """Whether a line had to begin where it does, for its first word has no place in the room left above it."""
    word = line.text.split(" ", 1)[0]
    width = (line.end - line.x) * _breadth(word) / _breadth(line.text)
    return room <= 1.1 * width + 0.4 * line.size


def _breadth(words: str) -> float:
    """How broad words are about, in small letters."""
    narrow = sum(map(_NARROW.__contains__, words))
    broad = sum(map(_BROAD.__contains__, words))
    return len(words) - 0.5 * narrow + 0.6 * broad + 0.3 * sum(map(str.isupper, words))


def _is_under(line: Line, images: Sequence[Box]) -> bool:
    """Whether a line is the first under a picture."""
    top = line.y + line.size
    return any(
        left < line.end and line.x < right and -0.5 * line.size < bottom - top < _UNDER * line.size
        for left, bottom, right, high in images
        if min(right - left, high - bottom) > _PICTURE
    )


def _right_edge(group: Sequence[Line], far: float) -> float:
    """Where the lines of a group end when they are full: their own edge where they are justified."""
    edge = max(line.end for line in group)
    full = sum(line.end > edge - 3 for line in group)
    return edge if full >= _JUSTIFIED and 2 * full >= len(group) else far


def _leading(lines: Sequence[Line]) -> dict[float, float]:
    """The distance of lines within a paragraph for each size: the smallest that is common."""
    found: dict[float, Counter[float]] = {}
    for above, below in pairwise(lines):
        gap = above.y - below.y
        if _alike(above.size, below.size) and 0.8 * above.size < gap < 2.6 * above.size:
            found.setdefault(_step(above.size), Counter())[round(gap * 2) / 2] += 1
    return {
        size: min(gap for gap, count in gaps.items() if count >= min(_COMMON * gaps.total(), max(gaps.values())))
        for size, gaps in found.items()
    }


def _step(size: float) -> float:
    return round(size * 2) / 2


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_SIZE * max(one, other)


_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+)-$")
_TIED = re.compile(r"(?<=\S)[-/—]$")
_LETTERS = re.compile(r"[^\W\d_]+")
_PDF_WORDS_LONGEST = 60
"""Characters that a word has at most."""
_SURE = 3
"""Words whose own hyphen stands at a line's end, from which those of a file are taken for that."""


class Hyphens:
    """Tells from a file's other words whether a hyphen at a line's end is a word's own.

    Where the file itself does not say it for a word, what it says for most others decides: a file whose lines are
    broken at hyphens that words have anyway keeps them.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: Counter[str] = Counter()
        broken: list[tuple[str, str]] = []
        before = None
        for line in lines:
            words = [word[0].casefold() for word in _WORD.finditer(line)]
            ending = _BROKEN.search(line, max(0, len(line) - _PDF_WORDS_LONGEST))
            if before and words:
                broken.append((before, words[0]))
                words = words[1:]
            before = ending[1].casefold() if ending else None
            self._known.update(words[:-1] if ending else words)
        told = [self._told(left, right) for left, right in broken]
        own, other = told.count(True), told.count(False)
        self._own = own > other
        self._sure = own >= _SURE and own > 2 * other

    def _told(self, left: str, right: str) -> bool | None:
        """Whether the hyphen between two parts is the word's own; None where the file does not say."""
        whole, parted = self._known[left + right], self._known[f"{left}-{right}"]
        if whole != parted:
            return parted > whole
        return True if self._known[left] and self._known[right] else None

    def joined(self, above: str, below: str) -> str:
        """What a line says together with the next one."""
        broken, follows = _BROKEN.search(above, max(0, len(above) - _PDF_WORDS_LONGEST)), _LETTERS.match(below)
        if not broken or not follows:
            return f"{above}{below}" if _TIED.search(above, max(0, len(above) - 2)) else f"{above} {below}"
        told = self._told(broken[1].casefold(), follows[0].casefold())
        keep = self._sure or not below[0].islower() or (self._own if told is None else told)
        return f"{above if keep else above[:-1]}{below}"
