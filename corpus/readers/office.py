"""Office and book formats to trees: each is a zip file of XML, read by way of HTML where a library gives it."""

from __future__ import annotations

import html
import json
import posixpath
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from corpus.errors import ReadError
from corpus.readers import html as html_pages
from corpus.readers import markdown
from corpus.readers.tree import Block, Composer, Role
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.readers.tree import Tree


_MOST_BYTES, _MOST_PARTS = 32_000_000, 5_000
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='caption'] => figure > figcaption:fresh
p[style-name='Caption'] => figure > figcaption:fresh
"""
_MOST_SHEETS, _MOST_ROWS, _MOST_COLUMNS = 50, 50_000, 100
_MOST_MARKUP = 200_000
_BODY = re.compile(
    r"<head\b.{0,20000}?</head>|</?(?:html|body)\b[^<>]{0,2000}>|<[?!][^<>]{0,2000}>", re.DOTALL | re.IGNORECASE
)
_ORG_KEY = re.compile(r"#\+(\w{1,40}):?(.*)")
_ORG_DRAWER = re.compile(r"[ \t]*:\w{1,40}:")
_ORG_HEADING = re.compile(r"(\*{1,12}) (?:(?:TODO|DONE) )?(.*)")
_ORG_RULE = re.compile(r"[|+-]+")
_ORG_LINK = re.compile(r"\[\[([^\[\]\n]{1,1000})\](?:\[([^\[\]\n]{1,1000})\])?\]")
_WORDS, _LEADS = "word/document.xml", "word/_rels/document.xml.rels"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def _package(data: bytes, part: str, kind: str) -> zipfile.ZipFile:
    """A zip file that holds a part and is not too large when it is unpacked.

    Raises:
        ReadError: it is none; the message names the kind that it should be.
    """
    if not data.strip():
        raise ReadError("the file is empty")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError("of an old format, or one with a password: save it anew, without one")
    if not data.startswith(b"PK"):
        raise ReadError(f"no {kind} file")
    try:
        package = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadError(f"the {kind} file is damaged or cut off") from error
    parts = package.infolist()
    if any(each.flag_bits & 1 for each in parts):
        raise ReadError("it is locked by a password: save it without one")
    if len(parts) > _MOST_PARTS or sum(each.file_size for each in parts) > _MOST_BYTES:
        raise ReadError("it unpacks to more than a document may have")
    if part not in package.namelist():
        raise ReadError(f"no {kind} file")
    return package


def _xml(package: zipfile.ZipFile, part: str) -> Any:
    """A part's root element; what is nested beyond reason, or brings a document type, is an error."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(package.read(part), parser)
    except (etree.LxmlError, ValueError, KeyError, zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise ReadError(f"damaged: its part {part} cannot be read") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(f"its part {part} brings a document type, which such files do not have")
    return root


def docx(data: bytes) -> Tree:
    """Read a Word file."""
    import mammoth

    package = _package(data, _WORDS, "Word")
    notes = ("its macros were left alone",) if "word/vbaProject.bin" in package.namelist() else ()
    try:
        made = mammoth.convert_to_html(
            _plain(package),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda image: {"src": "picture"}),
        )
    except ReadError:
        raise
    except Exception as error:  # a damaged file can fail anywhere in the library
        raise ReadError(f"the Word file is damaged ({' '.join(str(error).split())[:80]})") from error
    # A heading that goes on in small letters on the next line is one; a picture belongs to the caption under it.
    markup = re.sub(r"</(h[1-6])><\1>(?=[a-z])", " ", made.value)
    markup = re.sub(r"<p>(<img [^<>]{0,2000}>)</p><figure>", r"<figure>\1", markup)
    if not re.sub(r"<[^<>]*>", "", markup).strip():
        raise ReadError("no text in the Word file")
    return html_pages.tree_of_markup(markup, fragment=True, notes=notes)


def _plain(package: zipfile.ZipFile) -> BytesIO:
    """A Word file without hidden words, with one form of what it has in several, and no link to nowhere."""
    from lxml import etree

    root = _xml(package, _WORDS)
    leads = {each.get("Id") for each in _xml(package, _LEADS)} if _LEADS in package.namelist() else set()
    runs = (hidden.getparent().getparent() for hidden in list(root.iter(f"{_WORD}vanish")))
    forms = (form for form in list(root.iter("{*}Choice")) if form.getparent().find("{*}Fallback") is not None)
    pictures = (
        blip
        for blip in list(root.iter(f"{_DRAWING}blip"))
        if blip.get(f"{_RELATION}embed", blip.get(f"{_RELATION}link")) not in leads
    )
    for element in (*(run for run in runs if run.tag == f"{_WORD}r"), *forms, *pictures):
        if element.getparent() is not None:
            element.getparent().remove(element)
    for link in root.iter(f"{_WORD}hyperlink"):
        if link.get(f"{_RELATION}id") not in leads:
            link.attrib.pop(f"{_RELATION}id", None)
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as plain:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                plain.writestr(name, etree.tostring(root) if name == _WORDS else package.read(name))
    held.seek(0)
    return held


def xlsx(data: bytes) -> Tree:
    """Read a workbook: each sheet is a table under its name."""
    import openpyxl

    _package(data, "xl/workbook.xml", "Excel")
    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheets = {
            sheet.title: _rows(sheet) for sheet in book.worksheets[:_MOST_SHEETS] if sheet.sheet_state == "visible"
        }
    except Exception as error:  # a damaged file can fail anywhere in the library
        raise ReadError(f"the workbook is damaged ({' '.join(str(error).split())[:80]})") from error
    composer = Composer()
    for title, rows in sheets.items():
        if rows and len(sheets) > 1:
            with composer.block(Block(Role.HEADING, level=2)):
                composer.write(title)
        write_table(composer, rows)
    return composer.finished()


def _rows(sheet: Any) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True):
        cells = ["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row]
        if any(cell.strip() for cell in cells):
            rows.append(cells)
    return rows


def pptx(data: bytes) -> Tree:
    """Read a presentation: each slide is a group under its title."""
    package = _package(data, "ppt/presentation.xml", "PowerPoint")
    slides = [name for name in package.namelist() if re.fullmatch(r"ppt/slides/slide\d{1,4}\.xml", name)]
    composer = Composer()
    for name in sorted(slides, key=lambda name: int(re.sub(r"\D", "", name))):
        composer.page_start()
        with composer.block(Block(Role.GROUP, name="slide")):
            for shape in _xml(package, name).iter(f"{_SLIDES}sp", f"{_DRAWING}tbl"):
                _shape(composer, shape)
    return composer.finished()


def _shape(composer: Composer, shape: Any) -> None:
    """Write a shape's or table's paragraphs."""
    if shape.tag == f"{_DRAWING}tbl":
        rows = [[_said(cell) for cell in row.iter(f"{_DRAWING}tc")] for row in shape.iter(f"{_DRAWING}tr")]
        write_table(composer, rows)
        return
    kinds = [each.get("type", "") for each in shape.iter(f"{_SLIDES}ph")]
    titled = any("title" in kind.lower() for kind in kinds)
    if any(kind in ("sldNum", "dt", "ftr") for kind in kinds):
        return
    for paragraph in shape.iter(f"{_DRAWING}p"):
        with composer.block(Block(Role.HEADING, level=2) if titled else Block(Role.PARAGRAPH)):
            composer.write(_said(paragraph))


def _said(element: Any) -> str:
    parts = (
        each.text or "" if each.tag == f"{_DRAWING}t" else " "
        for each in element.iter(f"{_DRAWING}t", f"{_DRAWING}br")
    )
    return "".join(parts)


def write_table(composer: Composer, rows: list[list[str]]) -> None:
    """Write rows of plain words as a table."""
    with composer.block(Block(Role.TABLE)):
        for row in rows:
            with composer.block(Block(Role.ROW)):
                for column, cell in enumerate(row):
                    if not cell.strip():
                        continue
                    with composer.block(Block(Role.CELL, level=column)):
                        for line in cell.splitlines():
                            composer.write(line)
                            composer.line_break()


def epub(data: bytes) -> Tree:
    """Read a book: its chapters one after the other."""
    package = _package(data, "META-INF/container.xml", "EPUB")
    names = set(package.namelist())
    root = next(
        (each.get("full-path", "") for each in _xml(package, "META-INF/container.xml").iter("{*}rootfile")), ""
    )
    if root not in names:
        raise ReadError("damaged: the book does not say where its text is")
    content = _xml(package, root)
    files = {each.get("id"): each.get("href", "") for each in content.iter("{*}item")}
    chapters = []
    for each in content.iter("{*}itemref"):
        name = posixpath.normpath(
            posixpath.join(posixpath.dirname(root), unquote(files.get(each.get("idref"), "")))
        )
        if name in names:
            chapters.append(_BODY.sub("", package.read(name).decode("utf-8", "replace")))
    title = html.escape(next((each.text or "" for each in content.iter("{*}title")), ""))
    return html_pages.tree_of_markup(
        f"<html><head><title>{title}</title></head><body>{' '.join(chapters)}</body></html>", fragment=True
    )


def ipynb(data: bytes) -> Tree:
    """Read a notebook: its words and code, without what the code printed."""
    text, _ = decode(data)
    try:
        cells = json.loads(text)["cells"]
        parts = [_cell(each["cell_type"], "".join(each["source"])) for each in cells]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReadError("no notebook, or one of before 2015") from error
    return markdown.tree_of("\n\n".join(parts).encode("utf-8", "replace"))


def _cell(kind: str, source: str) -> str:
    return source if kind == "markdown" else f"~~~~~~\n{source}\n~~~~~~" if kind == "code" else ""


def rst(data: bytes) -> Tree:
    """Read reStructuredText; files that it names are not read."""
    from docutils.core import publish_parts

    text, _ = decode(data)
    if len(text) > _MOST_MARKUP:
        raise ReadError(f"it has more than the {_MOST_MARKUP:,} characters that such a document may have")
    settings = {
        "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 5,
        "_disable_config": True, "embed_stylesheet": False, "stylesheet_path": None, "line_length_limit": 20_000,
        "math_output": "LaTeX", "initial_header_level": 2,
    }  # fmt: skip
    try:
        made = publish_parts(text, writer="html5", settings_overrides=settings)
    except Exception as error:  # what a stranger wrote can fail anywhere in the library
        raise ReadError(f"no reStructuredText ({' '.join(str(error).split())[:80]})") from error
    return html_pages.tree_of_markup(made["html_body"], fragment=True)


def org(data: bytes) -> Tree:
    """Read an Org file, by way of Markdown."""
    text, _ = decode(data)
    lines: list[str] = []
    for line in text.splitlines():
        said = _ORG_LINK.sub(lambda found: f"[{found[2] or found[1]}](<{found[1]}>)", line)
        if (found := _ORG_KEY.match(line)) or _ORG_DRAWER.match(line):
            said = f"# {found[2].strip()}\n" if found and found[1].lower() == "title" else ""
        elif found := _ORG_HEADING.match(said):
            said = f"\n{'#' * min(6, len(found[1]) + 1)} {found[2]}\n"
        elif said.startswith("|"):
            begins = not lines or not lines[-1].strip().startswith("|")
            said = ("\n" if begins else "") + (
                said.replace("+", "|") if _ORG_RULE.fullmatch(said.strip()) else said
            )
        lines.append(said)
    return markdown.tree_of("\n".join(lines).encode("utf-8", "replace"))


TREES: dict[str, Callable[[bytes], Tree]] = {
    ".docx": docx, ".docm": docx, ".xlsx": xlsx, ".pptx": pptx, ".epub": epub, ".ipynb": ipynb, ".rst": rst,
    ".org": org,
}  # fmt: skip
"""What makes a tree of a file, by its ending."""
