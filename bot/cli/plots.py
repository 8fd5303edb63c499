"""Plots: how confidence meets truth, and bars of shares, as lines for a terminal and as SVG files."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CELLS = 30
_STYLE = "font: 12px sans-serif; fill: #333"
_DATA, _GRID = "#4568b5", "#bbb"


def bar(share: float) -> str:
    """A bar for a share, 0 to 1, for a terminal."""
    full = round(share * _CELLS)
    return "█" * full + "·" * (_CELLS - full)


def bars_svg(title: str, rows: Sequence[tuple[str, float]]) -> str:
    """A chart of horizontal bars: names with their shares, 0 to 1."""
    left, width, high = 240, 320, 22
    drawn = [_text(10, 20, title, bold=True)]
    for at, (name, share) in enumerate(rows):
        y = 34 + at * high
        drawn += [
            _text(10, y + 13, name),
            f'<rect x="{left}" y="{y}" width="{width}" height="16" fill="#eee"/>',
            f'<rect x="{left}" y="{y}" width="{width * share:.1f}" height="16" fill="{_DATA}"/>',
            _text(left + width + 8, y + 13, f"{share:.2f}"),
        ]
    return _svg(left + width + 60, 44 + len(rows) * high, drawn)


def reliability_svg(title: str, points: Sequence[tuple[float, float, float]]) -> str:
    """A reliability plot: for each bin its mean confidence, its share of answerable questions, and its weight.

    On the diagonal confidence and truth are the same; the area of a point is its weight.
    """
    side, left, top = 320, 60, 40
    right, bottom = left + side, top + side
    drawn = [_text(10, 20, title, bold=True)]
    for at in range(6):
        value, x, y = at / 5, left + side * at / 5, bottom - side * at / 5
        drawn += [
            _line(left, y, right, y, _GRID), _line(x, top, x, bottom, _GRID),
            _text(left - 30, y + 4, f"{value:.1f}"), _text(x - 8, bottom + 18, f"{value:.1f}"),
        ]  # fmt: skip
    drawn.append(_line(left, bottom, right, top, "#333"))
    heaviest = max((weight for _, _, weight in points), default=1.0)
    for confidence, answerable, weight in points:
        x, y, radius = left + side * confidence, bottom - side * answerable, 3 + 9 * (weight / heaviest) ** 0.5
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_DATA}" fill-opacity="0.8"/>')
    drawn.append(_text(left, bottom + 40, "across: confidence; up: share that can be answered"))
    return _svg(right + 30, bottom + 56, drawn)


def _svg(width: float, height: float, drawn: Iterable[str]) -> str:
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = "; font-weight: bold" if bold else ""
    return f'<text x="{x:g}" y="{y:g}" style="{_STYLE}{weight}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}"/>'
