"""A PDF page to what it shows: its words with their places, types and links, and the boxes of its images."""

from __future__ import annotations

import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pypdf import PageObject, PdfReader
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
        sideways: counts letters that do not stand upright, by the degrees that they are turned by, anticlockwise.
    """

    def __init__(self, ctm: Matrix, link_at: Callable[[float, float], str | None], sideways: Counter[int]) -> None:
        self.ctm, self.link_at, self.sideways = ctm, link_at, sideways
        self.text = self.line = PLAIN
        self.font: Font | None = None
        self.size = self.letters = self.words = self.leading = self.rise = 0.0
        self.scale = 1.0

    def copy(self) -> TextState:
        """Another one that says the same."""
        other = TextState(self.ctm, self.link_at, self.sideways)
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
        if runs is None or not font.interpretable:
            return
        if (
            abs(b) > abs(a) / 4 or a <= 0
        ):  # on its side or upside down: a stamp in the margin, an axis, or the page
            self.sideways[90 if b > abs(a) else 270 if -b > abs(a) else 180] += len(letters)
            return
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


Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
_Links = dict[int, list[tuple[Box, str]]]

_DEEPEST, _MOST_FORMS, _MOST_STATES = 8, 500, 1000
_MOST_RUNS, _MOST_LINKS = 50_000, 2000
_FARTHEST, _LARGEST = 20_000.0, 2000.0
"""Points that a page is wide and high at most, and its type large."""
_STRIPE = 20.0
"""Points of a page's height in which links are looked up together."""
_STRIPES = 50
_CHECKED = 1024
"""Operators after which the time is looked at."""
_SMALLEST = 0.5


@dataclass(slots=True)
class Drawn:
    """What a page shows: its runs in the order in which they are drawn, and the boxes of its images."""

    width: float
    height: float
    runs: list[Run]
    images: list[Box]


class Deadline:
    """The time that reading a file may take."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._ends = seconds, time.monotonic() + seconds

    def check(self) -> None:
        """Raise ReadError where the time is up."""
        if time.monotonic() > self._ends:
            raise ReadError(f"reading it takes more than {self._seconds:.0f} seconds")


def drawn_on(page: PageObject, reader: PdfReader, fonts: dict[int, Font], deadline: Deadline) -> Drawn:
    """What a page shows, upright.

    Args:
        page: the page.
        reader: its file.
        fonts: the file's fonts by their object's number, filled as they are met.
        deadline: is looked at as it goes on.
    """
    box = page.cropbox
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    turned: dict[int, Matrix] = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, left + width),
        180: (-1, 0, 0, -1, left + width, bottom + height),
        270: (0, 1, -1, 0, bottom + height, -left),
    }
    rotation = int(page.rotation or 0) % 360
    drawn, sideways = _painted(page, reader, fonts, deadline, turned.get(rotation, turned[0]), rotation)
    turn, letters = max(sideways.items(), key=lambda item: item[1], default=(0, 0))
    if letters > sum(len(run.text) for run in drawn.runs):  # a page that was turned before it was printed
        rotation = (rotation + turn) % 360
        drawn, _ = _painted(page, reader, fonts, deadline, turned[rotation], rotation)
    return drawn


def _painted(
    page: PageObject, reader: PdfReader, fonts: dict[int, Font], deadline: Deadline, base: Matrix, rotation: int
) -> tuple[Drawn, Counter[int]]:
    """What a page shows when it is turned, and how many letters do not stand upright then."""
    width, height = float(page.cropbox.width), float(page.cropbox.height)
    drawn = Drawn(*((height, width) if rotation in (90, 270) else (width, height)), [], [])
    painter = _Painter(reader, fonts, deadline, drawn, _links_of(page, base))
    painter.paint(page.get("/Contents"), page.get("/Resources"), base, 0)
    drawn.runs = [run for run in drawn.runs if run.text.strip() and _on(run, drawn)]
    return drawn, painter.sideways


def _on(run: Run, drawn: Drawn) -> bool:
    """Whether a run stands on the page; a place that is no number does not."""
    width, height = min(drawn.width, _FARTHEST), min(drawn.height, _FARTHEST)
    within = -2 <= run.y <= height + 2 and -2 < run.end < _FARTHEST and -_FARTHEST < run.x < width + 2
    return within and _SMALLEST < run.size < _LARGEST


class _Painter:
    """Follows the operators of a content stream, as far as they place text."""

    def __init__(
        self, reader: PdfReader, fonts: dict[int, Font], deadline: Deadline, drawn: Drawn, links: _Links
    ) -> None:
        self._reader, self._fonts, self._deadline, self._drawn = reader, fonts, deadline, drawn
        self._link_at = partial(_link_at, links)
        self._forms = 0
        self.sideways: Counter[int] = Counter()

    def paint(self, contents: Any, resources: Any, base: Matrix, depth: int) -> None:
        """Follow the operators of a page or form; ``base`` turns its coordinates into the page's."""
        from pypdf.generic import ContentStream, DictionaryObject

        contents = contents.get_object() if contents is not None else None
        resources = resources.get_object() if resources is not None else None
        if contents is None or not isinstance(resources, DictionaryObject):
            return
        states = [TextState(base, self._link_at, self.sideways)]
        marked: list[bool] = []
        for number, (operands, operator) in enumerate(ContentStream(contents, self._reader, "bytes").operations):
            if number % _CHECKED == 0:
                self._deadline.check()
            if operator == b"Do":
                self._do(operands, resources, states[-1], depth)
            elif operator in (b"BMC", b"BDC", b"EMC"):
                _mark(marked, operator, operands)
            elif operator in (b"q", b"Q"):
                _keep(states, operator)
            else:
                # What has too few operands, or words for numbers, does nothing.
                with suppress(ValueError, IndexError, TypeError, OverflowError):
                    if operator == b"Tf":
                        states[-1].font, states[-1].size = self._font(operands[0], resources), float(operands[1])
                    states[-1].apply(operator, operands, None if any(marked) else self._drawn.runs)
            if len(self._drawn.runs) > _MOST_RUNS:
                raise ReadError("a page of it has more words than a page can have")

    def _do(self, operands: Sequence[Any], resources: Any, state: TextState, depth: int) -> None:
        objects = resources.get("/XObject")
        drawn = objects.get_object().get(operands[0]) if objects is not None and operands else None
        drawn = drawn.get_object() if drawn is not None else None
        if drawn is None:
            return
        if drawn.get("/Subtype") == "/Image":
            a, b, c, d, x, y = state.ctm
            self._drawn.images.append((min(x, x + a + c), min(y, y + b + d), max(x, x + a + c), max(y, y + b + d)))
        elif depth < _DEEPEST and self._forms < _MOST_FORMS:
            self._forms += 1
            within = times(matrix(drawn.get("/Matrix") or PLAIN), state.ctm)
            self.paint(drawn, drawn.get("/Resources") or resources, within, depth + 1)

    def _font(self, name: Any, resources: Any) -> Font | None:
        # No part of what pypdf promises, but the one place where it tells a font's letters and widths.
        from pypdf.generic._font import Font

        fonts = resources.get("/Font")
        fonts = fonts.get_object() if fonts is not None else None
        if fonts is None or name not in fonts:
            return None
        font = fonts.raw_get(name)
        key = getattr(font, "idnum", None) or id(font)
        if key not in self._fonts:
            self._fonts[key] = Font.from_font_resource(font.get_object())
        return self._fonts[key]


def _keep(states: list[TextState], operator: bytes) -> None:
    """Save the state, or go back to the one that was saved last."""
    if operator == b"q" and len(states) < _MOST_STATES:
        states.append(states[-1].copy())
    elif operator == b"Q" and len(states) > 1:
        states.pop()


def _mark(marked: list[bool], operator: bytes, operands: Sequence[Any]) -> None:
    """Note that marked content begins or ends."""
    if operator == b"EMC":
        marked[-1:] = []
    else:
        marked.append(_is_furniture(operands))


def _is_furniture(operands: Sequence[Any]) -> bool:
    """Whether marked content is said to be a running head, a page number or the like."""
    if len(operands) < 2 or operands[0] != "/Artifact":
        return False
    return isinstance(operands[1], dict) and operands[1].get("/Type") == "/Pagination"


def _links_of(page: PageObject, turned: Matrix) -> _Links:
    """The boxes of a page's links and the addresses that they lead to, by the stripe of the page."""
    links: _Links = {}
    annotations = page.get("/Annots")
    for annotation in list(annotations.get_object() or ())[:_MOST_LINKS] if annotations is not None else ():
        link = annotation.get_object()
        action = link.get("/A")
        if link.get("/Subtype") != "/Link" or action is None:
            continue
        address = action.get_object().get("/URI")
        if not isinstance(address, (str, bytes)):
            continue
        address = address.decode("latin-1") if isinstance(address, bytes) else str(address)
        corners = [float(each) for each in link["/Rect"].get_object()]
        (x, y), (end, top) = _at(corners[0], corners[1], turned), _at(corners[2], corners[3], turned)
        box = min(x, end), min(y, top), max(x, end), max(y, top)
        first = int(box[1] // _STRIPE)
        for stripe in range(first, min(int(box[3] // _STRIPE), first + _STRIPES) + 1):
            links.setdefault(stripe, []).append((box, address))
    return links


def _link_at(links: _Links, x: float, y: float) -> str | None:
    found = links.get(int(y // _STRIPE), ())
    return next((to for (left, low, right, top), to in found if left <= x <= right and low <= y <= top), None)


def _at(x: float, y: float, m: Matrix) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
