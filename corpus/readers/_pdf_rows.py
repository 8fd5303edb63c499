"""Stretches of a PDF's column to its rows: lines put together again, rows of tables with their cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.readers._pdf_lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

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
