"""The state of text as a PDF's operators set it: where the next words are drawn, how large, in which type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pypdf.generic._font import Font

Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_BOLD = re.compile(r"bold|black|heavy|demi|medi(?:um)?$|-medi|cmbx|cmssbx|[-,]bd$", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|cmti|slanted|cmsl", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_HEAVY = 600
_TOUCHING = 0.12
"""Ems between two runs up to which the second goes on in the first's word."""
_LONGEST = 500
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_SHOWN = _LIGATURES | dict.fromkeys((*range(32), 0x7F, 0x2028, 0x2029), " ") | {0xAD: "-", 0x2010: "-"}
"""Ligatures as their letters, control characters as blanks, hyphens as the plain one."""


@dataclass(slots=True)
class Run:
    """Words drawn in one go: ``x`` to ``end`` on the baseline ``y`` (up the page), ``size`` in points."""

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool
    italic: bool
    link: str | None = None


class TextState:
    """Matrices, font and spacing.

    Args:
        ctm: turns coordinates into the page's.
        link_at: the address behind a point of the page.
    """

    def __init__(self, ctm: Matrix, link_at: Callable[[float, float], str | None]) -> None:
        self.ctm, self.link_at = ctm, link_at
        self.text = self.line = PLAIN
        self.font: Font | None = None
        self.size = self.letters = self.words = self.leading = self.rise = 0.0
        self.scale = 1.0

    def copy(self) -> TextState:
        """Another one that says the same."""
        other = TextState(self.ctm, self.link_at)
        other.__dict__.update(self.__dict__)
        return other

    def apply(self, operator: bytes, operands: Sequence[Any], runs: list[Run] | None) -> None:
        """Follow one operator; text that it shows is added to the runs, where there are any to add to."""
        if name := _NUMBERS.get(operator):
            setattr(self, name, float(operands[0]))
        elif step := _STEPS.get(operator):
            step(self, operands)
        elif operator in _SHOWING:
            if operator not in (b"Tj", b"TJ"):
                self._begin_line(operator, operands)
            said = operands[0] if operator == b"TJ" else operands[-1:]
            for each in said:
                if isinstance(each, (bytes, str)):
                    self._show(each, runs)
                else:
                    self._move(-float(each) / 1000 * self.size * self.scale)

    def _begin_line(self, operator: bytes, operands: Sequence[Any]) -> None:
        if operator == b'"':
            self.words, self.letters = float(operands[0]), float(operands[1])
        self.next_line(0.0, -self.leading)

    def next_line(self, x: float, y: float) -> None:
        """Go to the beginning of a line, by its distance from that of the last one."""
        self.text = self.line = times((1, 0, 0, 1, x, y), self.line)

    def _move(self, x: float) -> None:
        self.text = times((1, 0, 0, 1, x, 0), self.text)

    def _show(self, said: bytes | str, runs: list[Run] | None) -> None:
        font = self.font
        if font is None:
            return
        raw, letters = _decoded(said, font)
        default = float(font.character_widths.get("default", 500))
        widths = [float(font.character_widths.get(each, default)) for each in raw]
        # A blank without width is none: it stands for a place where a word could be broken.
        words = "".join(each for each, wide in zip(letters, widths, strict=False) if wide or not each.isspace())
        width = sum(widths) / 1000 * self.size
        width += len(raw) * self.letters + raw.count(font.space_char) * self.words
        a, b, c, d, x, y = times((1, 0, 0, 1, 0, self.rise), times(self.text, self.ctm))
        self._move(width * self.scale)
        if runs is None or not font.interpretable or abs(b) > abs(a) / 4 or a <= 0:
            return  # set on its side or upside down: a stamp in the margin, an axis
        end, size = x + width * self.scale * a, abs(self.size) * (c * c + d * d) ** 0.5
        link = self.link_at((x + end) / 2, y + size / 4)
        _add(runs, Run(words.translate(_SHOWN), x, end, y, size, *_face(font), link))


def _add(runs: list[Run], run: Run) -> None:
    """Add a run, to the last one where it goes on in the same word and type."""
    last = runs[-1] if runs else None
    if last and (last.bold, last.italic, last.y, last.link) == (run.bold, run.italic, run.y, run.link):
        touching = abs(run.x - last.end) < _TOUCHING * run.size
        if touching and abs(last.size - run.size) < 0.1 and len(last.text) < _LONGEST:
            last.text += run.text
            last.end = run.end
            return
    runs.append(run)


def _decoded(said: bytes | str, font: Font) -> tuple[str, list[str]]:
    """A string as the font counts its characters, and what each of these reads as."""
    if isinstance(said, str):
        return said, list(said)
    if isinstance(font.encoding, str):
        raw = said.decode(font.encoding, "replace")
        return raw, [str(font.character_map.get(each, each)) for each in raw]
    letters = [font.encoding.get(byte, chr(byte)) for byte in said]
    return said.decode("latin-1"), [str(font.character_map.get(each, each)) for each in letters]


def _face(font: Font) -> tuple[bool, bool]:
    """Whether a font is bold, and whether italic."""
    about = font.font_descriptor
    weight: object = about.weight
    flags: object = about.flags
    name = font.name.partition("+")[2] or font.name
    heavy = isinstance(weight, (int, float)) and weight >= _HEAVY
    bold = _BOLD.search(name) is not None or heavy or (isinstance(flags, int) and bool(flags & _FORCE_BOLD))
    return bold, _ITALIC.search(name) is not None or bool(about.italic_angle)


def matrix(operands: Any) -> Matrix:
    """Six numbers as a matrix."""
    a, b, c, d, e, f = (float(each) for each in operands)
    return a, b, c, d, e, f


def times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that first does m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _concatenate(state: TextState, operands: Sequence[Any]) -> None:
    state.ctm = times(matrix(operands), state.ctm)


def _begin(state: TextState, _: Sequence[Any]) -> None:
    state.text = state.line = PLAIN


def _set(state: TextState, operands: Sequence[Any]) -> None:
    state.text = state.line = matrix(operands)


def _next(state: TextState, operands: Sequence[Any]) -> None:
    state.next_line(float(operands[0]), float(operands[1]))


def _next_leading(state: TextState, operands: Sequence[Any]) -> None:
    state.leading = -float(operands[1])
    _next(state, operands)


def _next_plain(state: TextState, _: Sequence[Any]) -> None:
    state.next_line(0.0, -state.leading)


def _scale(state: TextState, operands: Sequence[Any]) -> None:
    state.scale = float(operands[0]) / 100


_NUMBERS = {b"Tc": "letters", b"Tw": "words", b"TL": "leading", b"Ts": "rise"}
_STEPS: dict[bytes, Callable[[TextState, Sequence[Any]], None]] = {
    b"cm": _concatenate, b"BT": _begin, b"Tm": _set, b"Td": _next, b"TD": _next_leading, b"T*": _next_plain,
    b"Tz": _scale,
}  # fmt: skip
_SHOWING = frozenset((b"Tj", b"TJ", b"'", b'"'))
