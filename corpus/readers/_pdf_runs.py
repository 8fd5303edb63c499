"""A PDF page to what it shows: its words with their places, types and links, and the boxes of its images."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.readers._pdf_state import PLAIN, Matrix, Run, TextState, matrix, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject, PdfReader
    from pypdf.generic._font import Font

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
    if rotation in (90, 270):
        width, height = height, width
    base = turned.get(rotation, turned[0])
    drawn = Drawn(width, height, [], [])
    painter = _Painter(reader, fonts, deadline, drawn, _links_of(page, base))
    painter.paint(page.get("/Contents"), page.get("/Resources"), base, 0)
    drawn.runs = [run for run in drawn.runs if run.text.strip() and _on(run, drawn)]
    return drawn


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

    def paint(self, contents: Any, resources: Any, base: Matrix, depth: int) -> None:
        """Follow the operators of a page or form; ``base`` turns its coordinates into the page's."""
        from pypdf.generic import ContentStream, DictionaryObject

        contents = contents.get_object() if contents is not None else None
        resources = resources.get_object() if resources is not None else None
        if contents is None or not isinstance(resources, DictionaryObject):
            return
        states = [TextState(base, self._link_at)]
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
