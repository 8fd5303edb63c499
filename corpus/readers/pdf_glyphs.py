"""A PDF page to what it shows: its words with their places, types and links, and the boxes of its images."""

from __future__ import annotations

import re
from collections import Counter
from ctypes import addressof, byref, c_double, c_float, c_int, c_ulong, create_string_buffer, string_at
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2.raw as pdfium
from pypdfium2 import PdfMatrix

from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
_Matrix = tuple[float, float, float, float, float, float]

_BOLD = re.compile(r"bold|black|heavy|demi|medi(?:um)?$|-medi|cmbx|cmssbx|[-,]bd$", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|cmti|slanted|cmsl", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_HEAVY = 600
_TOUCHING = 0.12
"""Ems between two letters up to which the second goes on in the first's word."""
_LONGEST = 500
_SHOWN = dict.fromkeys((0x7F, 0x2028, 0x2029), " ") | dict.fromkeys((2, 0xAD, 0x2010, 0xFFFE), "-")
"""Odd blanks as blanks, hyphens as the plain one: the library gives those at a line's end a number of its own."""
_DEEPEST, _MOST_LETTERS, _MOST_LINKS, _MOST_OBJECTS = 8, 500_000, 2000, 500_000
_FARTHEST, _LARGEST, _SMALLEST = 20_000.0, 2000.0, 0.5
"""Points that a page is wide and high at most, and its type large or small."""
_STRIPE = 20.0
"""Points of a page's height in which links are looked up together."""
_STRIPES = 50
_ARTIFACT, _RUNNING = ("Artifact\0".encode("utf-16-le"), "Pagination\0".encode("utf-16-le"))


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


@dataclass(slots=True)
class Drawn:
    """What a page shows: its runs in the order in which they are drawn, and the boxes of its images."""

    width: float
    height: float
    runs: list[Run]
    images: list[Box]


class _Look(NamedTuple):
    """How an object shows its letters; ``turned`` are the degrees that they do not stand upright by."""

    size: float
    bold: bool
    italic: bool
    turned: int
    shown: bool


def drawn_on(file: PdfDocument, number: int) -> Drawn:
    """What a page shows, turned so that most of its letters stand upright.

    Raises:
        ReadError: it has more letters than a page can have.
        PdfiumError: it cannot be read.
    """
    page = file[number]
    drawn, turned = _drawn(page)
    degrees, _ = max(turned.items(), key=lambda item: item[1], default=(0, 0))
    if degrees:
        left, bottom, right, top = page.get_cropbox()
        back: dict[int, _Matrix] = {
            90: (0, -1, 1, 0, -bottom, right),
            180: (-1, 0, 0, -1, right, top),
            270: (0, 1, -1, 0, top, -left),
        }
        sides = (right - left, top - bottom) if degrees == 180 else (top - bottom, right - left)
        pdfium.FPDFPage_TransFormWithClip(page, pdfium.FS_MATRIX(*back[degrees]), None)
        pdfium.FPDFPage_TransformAnnots(page, *back[degrees])
        page.set_mediabox(0, 0, *sides)
        page.set_cropbox(0, 0, *sides)
        drawn, _ = _drawn(file[number])
    return drawn


def _drawn(page: PdfPage) -> tuple[Drawn, Counter[int]]:
    """What a page shows of it upright, and how many of its letters are turned by so many degrees."""
    left, bottom, right, top = page.get_cropbox()
    drawn = Drawn(min(right - left, _FARTHEST), min(top - bottom, _FARTHEST), [], [])
    turned: Counter[int] = Counter()
    links = _links_of(page)
    run: Run | None = None
    before: _Look | None = None
    for word, begin, end, base, look in _letters(page):
        turned[look.turned] += look.shown
        if not _is_seen(word, begin - left, end - left, base - bottom, look, drawn):
            continue
        link = _link_at(links, (begin + end) / 2, base + look.size / 4) if links else None
        goes_on = run is not None and look == before and run.link == link and base - bottom == run.y
        if run and goes_on and abs(begin - left - run.end) < _TOUCHING * look.size and len(run.text) < _LONGEST:
            run.text += word
            run.end = max(run.end, end - left)
            continue
        run = Run(word, begin - left, end - left, base - bottom, look.size, look.bold, look.italic, link)
        drawn.runs.append(run)
        before = look
    drawn.runs = [run for run in drawn.runs if run.text.strip()]
    drawn.images = [(a - left, b - bottom, c - left, d - bottom) for a, b, c, d in _images_of(page)]
    return drawn, turned


def _is_seen(word: str, begin: float, end: float, base: float, look: _Look, drawn: Drawn) -> bool:
    """Whether a letter stands upright on the page, and shows something."""
    if not look.shown or look.turned or not _SMALLEST < look.size < _LARGEST:
        return False
    if not (-2 <= base <= drawn.height + 2 and -2 < end < _FARTHEST and begin < drawn.width + 2):
        return False
    # A blank without width is none: it stands for a place where a word could be broken.
    return end > begin if word.isspace() else word.isprintable()


def _letters(page: PdfPage) -> Iterator[tuple[str, float, float, float, _Look]]:
    """A page's letters: each with where it begins and ends, its baseline, and its look."""
    text = page.get_textpage()
    count = text.count_chars()
    if count > _MOST_LETTERS:
        raise ReadError("a page of it has more words than a page can have")
    box, x, y = pdfium.FS_RECTF(), c_double(), c_double()
    faces = _Faces()
    held, look = 0, _Look(0.0, bold=False, italic=False, turned=0, shown=False)
    for at in range(count):
        shower = pdfium.FPDFText_GetTextObject(text, at)
        if not shower:  # a blank or line feed that the library adds
            continue
        if (now := addressof(shower.contents)) != held:
            held, look = now, _look(text, at, shower, faces)
        pdfium.FPDFText_GetLooseCharBox(text, at, byref(box))
        pdfium.FPDFText_GetCharOrigin(text, at, byref(x), byref(y))
        yield chr(pdfium.FPDFText_GetUnicode(text, at)).translate(_SHOWN), box.left, box.right, y.value, look


def _look(text: PdfTextPage, at: int, shower: Any, faces: _Faces) -> _Look:
    """How an object looks, by one of its letters."""
    m = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, at, byref(m))
    turned = 0
    if abs(m.b) > abs(m.a) / 4 or m.a <= 0:  # a stamp in the margin, an axis, or the page
        turned = 90 if m.b > abs(m.a) else 270 if -m.b > abs(m.a) else 180
    size = pdfium.FPDFText_GetFontSize(text, at) * (m.c * m.c + m.d * m.d) ** 0.5
    return _Look(round(size, 3), *faces.of(shower), turned, not _is_furniture(shower))


class _Faces:
    """Whether fonts are bold, and whether italic; those of a page stay where they are in memory."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[bool, bool]] = {}

    def of(self, shower: Any) -> tuple[bool, bool]:
        """Those of a text object."""
        font = pdfium.FPDFTextObj_GetFont(shower)
        if not font:
            return False, False
        key = addressof(font.contents)
        if key not in self._known:
            self._known[key] = _face(font)
        return self._known[key]


def _face(font: Any) -> tuple[bool, bool]:
    """Whether a font is bold, and whether italic."""
    held = create_string_buffer(256)
    length = pdfium.FPDFFont_GetBaseFontName(font, held, 256)
    name = held.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
    name = name.partition("+")[2] or name
    angle = c_int()
    pdfium.FPDFFont_GetItalicAngle(font, byref(angle))
    flags = pdfium.FPDFFont_GetFlags(font)
    bold = _BOLD.search(name) or pdfium.FPDFFont_GetWeight(font) >= _HEAVY or (flags > 0 and flags & _FORCE_BOLD)
    return bool(bold), _ITALIC.search(name) is not None or bool(angle.value)


def _is_furniture(shower: Any) -> bool:
    """Whether an object is marked as a running head, a page number or the like."""
    held, length = (pdfium.FPDF_WCHAR * 16)(), c_ulong()
    for number in range(max(0, pdfium.FPDFPageObj_CountMarks(shower))):
        mark = pdfium.FPDFPageObj_GetMark(shower, number)
        pdfium.FPDFPageObjMark_GetName(mark, held, 32, byref(length))
        if length.value != len(_ARTIFACT) or string_at(held, len(_ARTIFACT)) != _ARTIFACT:
            continue
        pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"Type", held, 32, byref(length))
        if length.value == len(_RUNNING) and string_at(held, len(_RUNNING)) == _RUNNING:
            return True
    return False


def _images_of(page: PdfPage) -> Iterator[Box]:
    """The boxes of a page's images, those within its forms too."""
    waiting: list[tuple[Any, PdfMatrix, int]] = [(page, PdfMatrix(), 0)]
    box, m = [c_float() for _ in range(4)], pdfium.FS_MATRIX()
    left = _MOST_OBJECTS
    while waiting:
        holder, placed, depth = waiting.pop()
        count = pdfium.FPDFFormObj_CountObjects(holder) if depth else pdfium.FPDFPage_CountObjects(holder)
        get = pdfium.FPDFFormObj_GetObject if depth else pdfium.FPDFPage_GetObject
        for number in range(min(count, left)):
            each = get(holder, number)
            kind = pdfium.FPDFPageObj_GetType(each)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(each, *map(byref, box)):
                yield placed.on_rect(*(side.value for side in box))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                pdfium.FPDFPageObj_GetMatrix(each, byref(m))
                waiting.append((each, PdfMatrix.from_raw(m).multiply(placed), depth + 1))
        left -= max(0, count)


_Links = dict[int, list[tuple[Box, str]]]


def _links_of(page: PdfPage) -> _Links:
    """The boxes of a page's links and the addresses that they lead to, by the stripe of the page."""
    links: _Links = {}
    at, link, rect = c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    count = 0
    while count < _MOST_LINKS and pdfium.FPDFLink_Enumerate(page, byref(at), byref(link)):
        count += 1
        action = pdfium.FPDFLink_GetAction(link)
        held = create_string_buffer(2000)
        length = pdfium.FPDFAction_GetURIPath(page.pdf, action, held, 2000) if action else 0
        if not 1 < length <= 2000 or not pdfium.FPDFLink_GetAnnotRect(link, byref(rect)):
            continue
        address = held.raw[: length - 1].decode("utf-8", "replace")
        box = (rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
        first = int(box[1] // _STRIPE)
        for stripe in range(first, min(int(box[3] // _STRIPE), first + _STRIPES) + 1):
            links.setdefault(stripe, []).append((box, address))
    return links


def _link_at(links: _Links, x: float, y: float) -> str | None:
    found = links.get(int(y // _STRIPE), ())
    return next((to for (left, low, right, top), to in found if left <= x <= right and low <= y <= top), None)
