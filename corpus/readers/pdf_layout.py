"""Runs of a PDF page to its lines in reading order: columns one after the other, tables row by row."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.readers.pdf_glyphs import Run


_SAME_LINE = 0.5
"""Ems that baselines may differ by within a line."""
_RAISED_BY, _MARK_SIZE = 0.62, 0.85
_WORD_GAP = 0.15
_APART = 1.2
"""Ems between two stretches of a line from which a column may end between them."""
_COLUMN_ROWS = 3
"""Rows with a gap at the same place from which there are columns."""
_GRID = 2.0
_FILLED = 0.55
"""Share of a column's width that its lines take on average; those of a table take less."""
_ALIGNED = 0.9
_DEEPEST = 5
_BESIDE, _BESIDE_EMS = 50, 0.95
"""Stretches, and ems up and down, in which one is looked for that stands beside another."""
_RAISED = {**{ord(str(n)): "⁰¹²³⁴⁵⁶⁷⁸⁹"[n] for n in range(10)}, ord(","): "", ord(" "): ""}
_MARK = re.compile(r"[\d*†‡§¶, ]+")


@dataclass(slots=True)
class Line:
    """A stretch of a line: its runs from left to right, ``text`` with the blanks between them.

    Blanks that do not break stay what they are. ``parts`` is the text with the run that each part is from;
    ``size`` is that of most of it.
    """

    runs: list[Run]
    parts: list[tuple[str, Run]] = field(default_factory=list)
    text: str = ""
    x: float = 0.0
    end: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    italic: bool = False

    def __post_init__(self) -> None:
        sizes: Counter[float] = Counter()
        for run in self.runs:
            sizes[run.size] += len(run.text.strip())
        self.size = max(sizes, key=lambda size: (sizes[size], size))
        base = max(self.runs, key=lambda run: (run.size == self.size, len(run.text)))
        self.y = base.y
        self.x, self.end = min(run.x for run in self.runs), max(run.end for run in self.runs)
        self._set_parts()
        told = [run for run in self.runs if run.text.strip()]
        self.bold = all(run.bold for run in told)
        self.italic = all(run.italic for run in told)

    def _set_parts(self) -> None:
        last: Run | None = None
        blank = True
        for run in self.runs:
            words = re.sub(r"[^\S\xa0]+", " ", run.text)
            raised = run.size < _MARK_SIZE * self.size and run.y > self.y + 0.15 * self.size
            if raised and _MARK.fullmatch(words):
                words = words.translate(_RAISED)
            elif last and run.x - last.end > _WORD_GAP * min(run.size, last.size) and not blank:
                words = f" {words}"
            if blank and last and last.end - run.x > _WORD_GAP * run.size:
                self._close_up()
            elif blank:
                words = words.lstrip()
            if words:
                self.parts.append((words, run))
                blank = words.endswith(" ")
            last = run
        if self.parts:
            words, run = self.parts[-1]
            self.parts[-1] = (words.rstrip(), run)
        self.text = "".join(words for words, _ in self.parts)

    def _close_up(self) -> None:
        """Take away a last blank that the next words are drawn over: a place where a word could be broken."""
        if self.parts:
            words, run = self.parts[-1]
            self.parts[-1] = (words.rstrip(" "), run)


def stretches(runs: Iterable[Run]) -> list[Line]:
    """The lines of a page, cut where a gap in them is so wide that it may part columns; top first."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if rows and _is_beside(rows[-1], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [line for row in rows for line in _cut(sorted(row, key=lambda run: run.x))]


def _is_beside(row: Sequence[Run], run: Run) -> bool:
    """Whether a run stands in a row: on its baseline, or farther from it where one of them is a raised mark."""
    base = next((each for each in row if not _MARK.fullmatch(each.text)), row[0])
    if _MARK.fullmatch(run.text) or _MARK.fullmatch(base.text):
        return base.y - run.y < _RAISED_BY * max(base.size, run.size)
    return base.y - run.y < _SAME_LINE * min(base.size, run.size)


def _cut(row: list[Run]) -> list[Line]:
    pieces = [[row[0]]]
    end = row[0].end
    for run in row[1:]:
        first = pieces[-1][0].text.strip()
        bullet = len(pieces[-1]) == 1 and (len(first) == 1 or (len(first) == 2 and not first.isalpha()))
        if run.x - end > _APART * max(run.size, pieces[-1][-1].size) * (2 if bullet else 1):
            pieces.append([])
            end = run.end
        pieces[-1].append(run)
        end = max(end, run.end)
    return [line for piece in pieces if (line := Line(piece)).text]


def regions_of(lines: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """Parts of a page in the order in which they are read, each with its lines from top to bottom.

    A line may stand in stretches: those of a table are left apart, with the same baseline.
    """
    ordered = sorted(lines, key=lambda line: (-line.y, line.x))
    at = _gutter(ordered) if depth < _DEEPEST else None
    if at is None:
        return [ordered] if ordered else []
    regions: list[list[Line]] = []
    plain: list[Line] = []
    for band in _bands(ordered, at):
        left = [line for line in band if line.end <= at]
        right = [line for line in band if line.end > at]
        if not _are_columns(left, right, at):
            plain += band
            continue
        regions += [plain] if plain else []
        plain = []
        regions += [*regions_of(left, depth + 1), *regions_of(right, depth + 1)]
    return [*regions, plain] if plain else regions


def _bands(lines: Sequence[Line], at: float) -> list[list[Line]]:
    """The lines cut into those between the ones that go across a gutter, and these."""
    bands: list[list[Line]] = []
    crossing = None
    for line in lines:
        crosses = line.x < at < line.end
        if crosses != crossing or not bands:
            bands.append([])
        crossing = crosses
        bands[-1].append(line)
    return bands


def _gutter(lines: Sequence[Line]) -> float | None:
    """The place across where most lines have a gap between two stretches; None where few have."""
    gaps: Counter[int] = Counter()
    for number, line in enumerate(lines):
        beside = None
        for other in (*_near(lines, number, -1), *_near(lines, number, 1)):
            if other.x >= line.end and (beside is None or other.x < beside):
                beside = other.x
        if beside is not None:
            gaps.update(range(int(line.end / _GRID) + 1, int(beside / _GRID) + 1))
    if not gaps:
        return None
    most = max(gaps.values())
    if most < _COLUMN_ROWS:
        return None
    best = sorted(place for place, count in gaps.items() if count == most)
    run = [best[0]]
    for place in best[1:]:
        if place != run[-1] + 1:
            break
        run.append(place)
    return (run[0] + run[-1]) / 2 * _GRID


def _near(lines: Sequence[Line], number: int, step: int) -> Iterable[Line]:
    """The lines that stand beside one, as they are ordered by their baselines."""
    line = lines[number]
    for at in range(number + step, number + step * _BESIDE, step):
        if not 0 <= at < len(lines) or abs(lines[at].y - line.y) >= _BESIDE_EMS * line.size:
            return
        yield lines[at]


def _are_columns(left: Sequence[Line], right: Sequence[Line], at: float) -> bool:
    """Whether two sides of a gap are columns to be read one after the other, not cells of a table."""
    if len(left) < 2 or len(right) < 2:
        return False
    if min(left[0].y, right[0].y) <= max(left[-1].y, right[-1].y):
        return False  # one stands under the other
    edge, far = min(line.x for line in left), max(line.end for line in right)
    begin = min(line.x for line in right)
    filled = [(line.end - line.x) / (at - edge) for line in left]
    filled_right = [(line.end - line.x) / (far - begin) for line in right]
    fewer, more = sorted((left, right), key=len)
    baselines = {round(line.y) for line in more}
    aligned = sum(bool({round(line.y) + d for d in (-1, 0, 1)} & baselines) for line in fewer) / len(fewer)
    full = min(sum(filled) / len(filled), sum(filled_right) / len(filled_right))
    return aligned < _ALIGNED or full >= _FILLED


_SAME_ROW = 0.4
_SAME_EDGE = 3.0
"""Points that the cells of a table's column may begin apart."""
_TABLE_ROWS = 3
_CLOSER = 0.8
"""Share of the widest gap between a table's rows under which a row goes on with the one above."""


@dataclass(slots=True)
class Row:
    """A row of a column: one line, or the cells of a table's row."""

    line: Line
    cells: list[Line] = field(default_factory=list)


def rows_of(region: Sequence[Line]) -> list[Row]:
    """The rows of a region, top first."""
    rows: list[list[Line]] = []
    for line in region:
        if rows and abs(rows[-1][0].y - line.y) < _SAME_ROW * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    edges = Counter(edge for row in rows if len(row) > 1 for edge in _edges(row[1:]))
    found = []
    for stretches in rows:
        row = sorted(stretches, key=lambda line: line.x)
        table = len(row) > 1 and all(
            any(edges[edge] >= _TABLE_ROWS for edge in _edges([line])) for line in row[1:]
        )
        whole = row[0] if len(row) == 1 else Line([run for line in row for run in line.runs])
        found.append(Row(whole, row if table else []))
    return found


def _edges(lines: Sequence[Line]) -> set[int]:
    """The steps in which lines begin: two for each, so that none falls between two steps."""
    steps = [int(line.x // _SAME_EDGE) for line in lines]
    return {*steps, *(step + 1 for step in steps)}


def table_rows(rows: Sequence[Row]) -> list[list[list[Line]]]:
    """The rows of a table, for each its cells' lines; a row that stands closer goes on in the cells above."""
    gaps = [above.line.y - below.line.y for above, below in pairwise(rows)]
    close = min(gaps, default=0.0) < _CLOSER * max(gaps, default=0.0)
    middle = (min(gaps, default=0.0) + max(gaps, default=0.0)) / 2
    table: list[list[list[Line]]] = []
    for row, gap in zip(rows, [None, *gaps], strict=True):
        if table and close and gap is not None and gap < middle:
            for line in row.cells or [row.line]:
                near = min(table[-1], key=lambda cell: abs(cell[0].x - line.x))
                near.append(line)
        else:
            table.append([[line] for line in row.cells or [row.line]])
    return table


_OUTER = 3
"""Rows at the top and at the foot of a page among which running ones are looked for."""
_MARGIN = 0.15
_GAP = 1.6
"""Ems between what runs along and the text at least."""
_NUMBER = re.compile(
    r"(?:(?:page|seite|página|p\.) ?)?(?:\d{1,4}|[ivxlc]{1,7})(?: ?(?:/|of|von|de) ?\d{1,4})?", re.IGNORECASE
)
_MOST_SHARE = 4
"""Running words stand on one page in so many at least, where the pages are many."""


def without_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The pages' lines without those that run on: the same at the same height, or a number alone in the margin."""
    outer = [_outer(lines, height) for lines, height in zip(pages, heights, strict=True)]
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, around in enumerate(outer):
        for line in around:
            for height in _heights(line):
                seen[_words(line), height].add(number)
    least = max(2, -(-len(pages) // _MOST_SHARE) if len(pages) > _MOST_SHARE * 2 else 2)
    kept = []
    for lines, around in zip(pages, outer, strict=True):
        running = {
            id(line)
            for line in around
            if _NUMBER.fullmatch(line.text.strip("-–—| "))
            or any(len(seen[_words(line), height]) >= least for height in _heights(line))
        }
        kept.append([line for line in lines if id(line) not in running])
    return kept


def _outer(lines: Sequence[Line], height: float) -> list[Line]:
    """The lines in the margins: of the first and last rows, those that a gap parts from the text."""
    sizes = {round(line.y): line.size for line in lines}
    rows = sorted(sizes, reverse=True)
    top = [row for row in _parted(rows, sizes) if row > height * (1 - _MARGIN)]
    foot = [row for row in _parted(rows[::-1], sizes) if row < height * _MARGIN]
    return [line for line in lines if round(line.y) in (*top, *foot)]


def _parted(rows: Sequence[int], sizes: Mapping[int, float]) -> Sequence[int]:
    """The rows from the edge of the page to the last wide gap among the first few."""
    gaps = [abs(row - inner) > _GAP * sizes[row] for row, inner in pairwise(rows[: _OUTER + 1])]
    return rows[: max((at for at, wide in enumerate(gaps, 1) if wide), default=0)]


def _words(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _heights(line: Line) -> tuple[int, int]:
    """Two steps of height that a line is counted under, so that none falls between two steps."""
    return int(line.y // 4) * 2, int((line.y + 2) // 4) * 2 + 1
