"""Rows of a PDF to blocks: paragraphs joined over line, column and page; items, rows of tables."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from corpus.readers.dates import is_day
from corpus.readers.pdf_layout import rows_of, table_rows
from corpus.readers.people import parse_people
from corpus.readers.tree import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.readers.pdf_glyphs import Box
    from corpus.readers.pdf_layout import Line, Row


_BULLET = re.compile(r"[•▪◦‣●○■□⁃∙·–-]\s+(?=\S)")

_PROSE_ROWS = 4
"""Rows from which a line is one of prose."""


@dataclass(slots=True)
class Segment:
    """Words of one style on one page."""

    words: str
    style: Style
    page: int


class Draft:
    """A block in the making.

    ``lines`` are its lines, each of segments; ``room`` is what its last row leaves free, ``x`` where its first row
    begins; ``captions`` is whether it stands under a picture; ``cells`` are those of a table's row.
    """

    def __init__(self, line: Line, page: int) -> None:
        bullet = _BULLET.match(line.text)
        self.is_item = bullet is not None
        self.lines = [_segments(line, page, bullet.end() if bullet else 0)]
        self.cells: list[list[Segment]] = []
        self.head = False
        self.page = page
        self.size, self.bold, self.x = line.size, line.bold, line.x
        self.rows, self.room = 1, 0.0
        self._wrapped = 1
        self.captions = False

    @staticmethod
    def bullet(line: Line) -> bool:
        """Whether a line begins as an item of a list."""
        return _BULLET.match(line.text) is not None

    def said(self, number: int) -> str:
        """The words of a line."""
        return "".join(segment.words for segment in self.lines[number])

    @property
    def last_page(self) -> int:
        """The page that it ends on."""
        return self.lines[-1][-1].page

    @property
    def is_open(self) -> bool:
        """Whether its last line cannot end here: within a word, a list, a quotation, or a paragraph's sentence."""
        said = self.said(-1)
        if said[-1] == "," or (said[-1] == "-" and said[-2:-1].isalpha()):
            return True
        return said.count("“") > said.count("”") or (self._wrapped >= _PROSE_ROWS and said[-1].isalnum())

    def add(self, line: Line, page: int) -> None:
        """Add a line that stands on its own."""
        self.lines.append(_segments(line, page))
        self.rows += 1
        self._wrapped = 1
        self.bold = self.bold and line.bold

    def join(self, line: Line, page: int, hyphens: Hyphens) -> None:
        """Go on with the last line."""
        hyphens.join(self.lines[-1], _segments(line, page))
        self.rows += 1
        self._wrapped += 1
        self.bold = self.bold and line.bold

    def lead(self) -> str:
        """The words of its first line if these are set otherwise than plain; else nothing."""
        style = self.lines[0][0].style
        plain = style == PLAIN or any(segment.style != style for segment in self.lines[0])
        return "" if plain else self.said(0).strip()


def _segments(line: Line, page: int, skip: int = 0) -> list[Segment]:
    segments: list[Segment] = []
    for words, run in line.parts:
        if said := words[skip:].replace("\xa0", " "):
            style = Style(bold=run.bold, italic=run.italic, href=run.link)
            if segments and segments[-1].style == style:
                segments[-1].words += said
            else:
                segments.append(Segment(said, style, page))
        skip = max(0, skip - len(words))
    return segments or [Segment("", PLAIN, page)]


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
        for number, row in enumerate(table):
            draft = Draft(row[0][0], page)
            draft.head = headed and number == 0
            for cell in row:
                draft.cells.append(_segments(cell[0], page))
                for line in cell[1:]:
                    self._hyphens.join(draft.cells[-1], _segments(line, page))
            self.drafts.append(draft)

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
                draft.add(line, page)  # a heading or title right over its text
            elif self._parts(draft, above, line, left, hard=hard):
                draft = self._begin(line, page)
            elif hard and not self.is_large(line):
                draft.add(line, page)
            else:
                draft.join(line, page, self._hyphens)
        draft.room = right - group[-1].end

    def _parts(self, draft: Draft, above: Line, line: Line, left: float, *, hard: bool) -> bool:
        """Whether a line begins another block than the one above it in the same size and distance."""
        # In a programme a day stands right over the first title.
        if len(draft.said(-1)) > _LONGEST or (hard and self.is_large(line) and is_day(above.text)):
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
            ended = _ENDS.search(draft.said(-1)) is not None
            if draft.last_page < page - 1 or draft.bold != line.bold or (small and ended):
                return None
            people = _is_people(draft.said(-1))
            prose = full and draft.rows > 1 and not _NUMBERED.match(line.text) and not people
            named = draft.said(-1).endswith(",") or (
                full and people and "," in line.text and _is_people(line.text)
            )
            long = draft.rows >= _GOES_ON and not short and not draft.captions
            on = named or (prose and (long or not ended))
            return draft if small or on else None
        return None


def _is_people(words: str) -> bool:
    return parse_people(words).score >= 0.5


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
_TIED = re.compile(r"(?<=\S)[-/—]$")
_LETTERS = re.compile(r"[^\W\d_]+")
_PDF_WORDS_LONGEST = 60
"""Characters that a word has at most."""
_COMPOUND = frozenset((
    "all", "cross", "end", "ever", "full", "half", "hand", "high", "ill", "large", "long", "low", "much", "off",
    "often", "open", "real", "self", "short", "single", "small", "so", "state", "time", "two", "well", "wide",
))  # fmt: skip
"""Words that seldom begin a longer one, but often one with a hyphen ("well-known")."""
_SURE = 3
"""Words whose own hyphen stands at a line's end, from which those of a file are taken for that."""


def _broken(line: str) -> str:
    """The letters before a hyphen at a line's end, small ones; nothing where there is none."""
    end = len(line) - 1
    begin = end
    while line.endswith("-") and begin > max(0, end - _PDF_WORDS_LONGEST) and line[begin - 1].isalpha():
        begin -= 1
    return line[begin:end].casefold()


class Hyphens:
    """Tells from a file's other words whether a hyphen at a line's end is a word's own.

    Where the file itself does not say it for a word, what it says for most others decides: a file whose lines are
    broken at hyphens that words have anyway keeps them.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: Counter[str] = Counter()
        broken: list[tuple[str, str]] = []
        before = ""
        for line in lines:
            words = [word[0].casefold() for word in _WORD.finditer(line)]
            ending = _broken(line)
            if before and words:
                broken.append((before, words[0]))
                words = words[1:]
            before = ending
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

    def join(self, above: list[Segment], below: list[Segment]) -> None:
        """Go on in a line with the next one."""
        said, first = above[-1].words, below[0].words
        broken, follows = _broken(said), _LETTERS.match(first)
        if broken and follows:
            told = self._told(broken, follows[0].casefold())
            own = self._own or broken in _COMPOUND
            if not (self._sure or not first[0].islower() or (own if told is None else told)):
                above[-1].words = said[:-1]
        elif not _TIED.search(said, max(0, len(said) - 2)):
            above[-1].words += " "
        if above[-1].style == below[0].style and above[-1].page == below[0].page:
            above[-1].words += below.pop(0).words
        above.extend(below)
