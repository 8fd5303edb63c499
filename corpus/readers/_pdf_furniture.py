"""What stands on every page of a PDF around its text: running heads, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.readers._pdf_lines import Line

_OUTER = 3
"""Rows at the top and at the foot of a page among which running ones are looked for."""
_MARGIN = 0.15
_GAP = 1.6
"""Ems between what runs along and the text at least."""
_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|seite|página|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|de)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
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
            if _NUMBER.fullmatch(line.text) or any(len(seen[_words(line), h]) >= least for h in _heights(line))
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
