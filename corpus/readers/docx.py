"""The reader of Word files (.docx): their paragraphs, with the structure that their styles tell."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.readers.blocks import HtmlBlock, collapsed
from corpus.readers.html import page_of_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from corpus.model import Page


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_REL = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo)\s*([1-9])", re.IGNORECASE)
_TITLES = frozenset(("title", "titel", "titre", "título", "titolo"))
_CAPTIONS = frozenset(("caption", "beschriftung", "légende", "descripción", "didascalia"))
_LEFT_OUT = frozenset(("del", "moveFrom", "instrText", "delText", "Fallback", "pict", "rPr", "pPr", "sectPr"))
"""What is no longer in the text, or never was; the older twin of what is drawn."""
_DEEPEST = 100

_Mark = tuple[str | None, bool, bool]


class DocxBlocks:
    """Makes the blocks of a Word file."""

    def __init__(self, package: Package) -> None:
        self._links = _links(package)
        self._styles = _styles(package)
        self._picture = ""

    def of(self, body: Any) -> Iterator[HtmlBlock]:
        """The blocks of a body, in order."""
        return self._within(body, 0)

    def _within(self, element: Any, depth: int) -> Iterator[HtmlBlock]:
        if depth > _DEEPEST:
            return
        for child in element:
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child, depth)
            elif name not in _LEFT_OUT:
                yield from self._within(child, depth + 1)

    def _paragraph(self, element: Any) -> Iterator[HtmlBlock]:
        pieces = list(self._pieces(element, (None, False, False), 0))
        drawn = next((each for each in element.iter() if _name(each) == "docPr"), None)
        for boxed in (each for each in element.iter() if _name(each) == "txbxContent"):
            if not any(_name(above) == "Fallback" for above in boxed.iterancestors()):
                yield from self._within(boxed, 1)
        lines = [line for line in map(collapsed, "".join(words for words, _ in pieces).split("\n")) if line]
        if not lines:
            if drawn is not None:
                self._picture = collapsed(drawn.get("descr") or "") or "picture"
            return
        style, level = self._style(element)
        lead, link = _lead(pieces)
        picture, self._picture = self._picture, ""
        if level:
            yield HtmlBlock("heading", [" ".join(lines)], level, lead=lead, link=link)
        elif style in _CAPTIONS:
            alone = picture if picture != "picture" else ""
            yield HtmlBlock("figure", lines, name=alone or lines[0])
        else:
            item = _property(element, "numPr") is not None
            yield HtmlBlock("item" if item else "text", lines, lead=lead, link=link)

    def _style(self, element: Any) -> tuple[str, int]:
        """The name of a paragraph's style, small letters, and its level as a heading, 0 where it is none."""
        style = _property(element, "pStyle")
        name, level = self._styles.get(_value(style), ("", 0))
        own = _property(element, "outlineLvl")
        return name, _level(own) if own is not None else level

    def _pieces(self, element: Any, mark: _Mark, depth: int) -> Iterator[tuple[str, _Mark]]:
        """The words of a paragraph with their marks: link, bold, italic."""
        for child in element if depth < _DEEPEST else ():
            name = _name(child)
            if name == "t":
                yield child.text or "", mark
            elif name in ("br", "cr"):
                yield "\n", mark
            elif name == "tab":
                yield " ", mark
            elif name in ("noBreakHyphen", "softHyphen"):
                yield "-" if name == "noBreakHyphen" else "", mark
            elif name == "hyperlink":
                target = child.get(f"{_REL}id") or child.get(f"{_STRICT_REL}id")
                yield from self._pieces(child, (self._links.get(target), *mark[1:]), depth + 1)
            elif name == "r":
                if not _on(child, "vanish"):
                    yield from self._pieces(child, (mark[0], _on(child, "b"), _on(child, "i")), depth + 1)
            elif name not in _LEFT_OUT and name not in ("txbxContent", "tbl"):
                yield from self._pieces(child, mark, depth + 1)

    def _table(self, table: Any, depth: int) -> Iterator[HtmlBlock]:
        rows = [[cell for cell in row if _name(cell) == "tc"] for row in table if _name(row) == "tr"]
        heads: list[str] = []
        for number, row in enumerate(rows):
            cells = [list(self._within(cell, depth + 1)) for cell in row]
            if len(row) == 1 or any(_is_layout(cell) for cell in cells):
                for cell in cells:  # a table for the layout's sake
                    yield from cell
                continue
            said = [" ".join(line for block in cell for line in block.lines) for cell in cells]
            if number == 0 and _heads(row, cells):
                heads = [words.casefold() for words in said]
                continue
            named = [(heads[at] if at < len(heads) else "", words) for at, words in enumerate(said) if words]
            link = next((block.link for cell in cells for block in cell if block.link), None)
            if named:
                yield HtmlBlock("row", [" | ".join(words for _, words in named)], cells=named, link=link)


def _is_layout(cell: list[HtmlBlock]) -> bool:
    return len(cell) > 2 or any(block.kind in ("heading", "row", "figure") for block in cell)


def _heads(row: list[Any], cells: list[list[HtmlBlock]]) -> bool:
    """Whether a table's first row names its columns: it says so, or is all in bold."""
    said = any(_name(each) == "tblHeader" for each in row[0].getparent().iter())
    blocks = [block for cell in cells for block in cell]
    return said or (bool(blocks) and all(block.lead == block.lines[0] and not block.link for block in blocks))


def _lead(pieces: list[tuple[str, _Mark]]) -> tuple[str, str | None]:
    """The marked-up words that a paragraph begins with, and where they link to."""
    said = [(words, mark) for words, mark in pieces if words]
    if not said or not any(said[0][1]):
        return "", None
    first = said[0][1]
    words = ""
    for each, mark in said:
        if each.strip() and (mark[0] != first[0] if first[0] else mark != first):
            break
        words += each
    return collapsed(words.split("\n")[0]), first[0]


def _styles(package: Package) -> dict[str, tuple[str, int]]:
    """The names of the paragraph styles and their levels as headings, by their ids."""
    root = package.part("word/styles.xml")
    found: dict[str, tuple[str, int]] = {}
    for style in root if root is not None else ():
        if _name(style) != "style":
            continue
        parts = {_name(each): each for each in style}
        name = (_value(parts.get("name")) or "").casefold()
        own = _property(style, "outlineLvl")
        numbered = _HEADING.match(name)
        level = (
            1 if name in _TITLES else int(numbered[1]) + 1 if numbered else _level(own) if own is not None else 0
        )
        found[_get(style, "styleId")] = (name, min(level, 6))
    return found


def _links(package: Package) -> dict[str | None, str]:
    """The addresses that the text leads to, by their ids."""
    root = package.part("word/_rels/document.xml.rels")
    return {
        each.get("Id"): each.get("Target", "")
        for each in (root if root is not None else ())
        if each.get("TargetMode") == "External" and each.get("Target", "").startswith(("http://", "https://"))
    }


def _name(element: Any) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _get(element: Any, name: str) -> str:
    return str(element.get(f"{_W}{name}") or element.get(f"{_STRICT}{name}") or "")


def _value(element: Any) -> str:
    return _get(element, "val") if element is not None else ""


def _property(element: Any, name: str) -> Any:
    """A property of a paragraph or its style."""
    for properties in element:
        if _name(properties) == "pPr":
            return next((each for each in properties if _name(each) == name), None)
    return None


def _level(outline: Any) -> int:
    """The level of a heading by its outline level, which counts from 0 and ends before 9."""
    said = _value(outline)
    return min(int(said) + 2, 6) if said.isdigit() and int(said) < 9 else 0


def _on(run: Any, name: str) -> bool:
    """Whether a run's property is switched on."""
    for properties in run:
        if _name(properties) == "rPr":
            found = next((each for each in properties if _name(each) == name), None)
            return found is not None and _value(found) not in ("0", "false", "off", "none")
    return False


_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_PART_BYTES = 25_000_000
"""Of one part, uncompressed."""
_MACROS = "word/vbaProject.bin"


class Package:
    """The parts of a Word file.

    Args:
        data: the file's bytes.

    Raises:
        ReadError: no Word file, one of an older format, damaged, or one with a password.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            raise ReadError("a Word file of the old format, or one with a password: save it as .docx without one")
        if not data.startswith(_ZIP):
            raise ReadError("no Word file" if data.strip() else "the file is empty")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._names = set(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise ReadError("the Word file is damaged: it is cut off or no longer a package") from error
        if "word/document.xml" not in self._names:
            raise ReadError("no Word file: nothing in it is called word/document.xml")

    @property
    def has_macros(self) -> bool:
        """Whether there are macros in it; they are never read."""
        return _MACROS in self._names

    def part(self, name: str) -> Element | None:
        """The root of a part, None where there is no such part.

        Raises:
            ReadError: it is too large, no XML, nested too deeply, or declares entities.
        """
        if name not in self._names:
            return None
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root: Any = etree.fromstring(self._bytes(name), parser)
        except etree.XMLSyntaxError as error:
            raise ReadError(f"the Word file is damaged: {' '.join(str(error).split())[:120]}") from error
        if root.getroottree().docinfo.doctype:
            raise ReadError("the Word file declares a document type, which no Word file does")
        return root

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                data = part.read(_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise ReadError("the Word file is damaged, or locked by a password") from error
        if len(data) > _PART_BYTES:
            raise ReadError(f"the Word file unpacks to more than {_PART_BYTES / 1e6:.0f} MB")
        return data


_MOST_BLOCKS, _MOST_CHARACTERS = 200_000, 5_000_000


class DocxReader:
    """Reads Word files of the format since 2007.

    Headings, captions, lists and tables are what the styles say, the rest is as in ``HtmlReader``. Deleted and
    hidden words, comments, notes, headers and footers are left out; macros are never read. The stored text is the
    text of the body, a paragraph a block. A Word file has no pages until it is printed.
    """

    name = "docx"
    version = 1
    suffixes: tuple[str, ...] = (".docx", ".docm")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a Word file.

        Args:
            data: the file's bytes.
            name: the title where the file gives none.

        Raises:
            ReadError: no Word file, an older one, damaged, locked by a password, or without text.
        """
        package = Package(data)
        root = package.part("word/document.xml")
        blocks = list(islice(DocxBlocks(package).of(root), _MOST_BLOCKS + 1))
        if len(blocks) > _MOST_BLOCKS:
            raise ReadError(f"it has more than the {_MOST_BLOCKS:,} paragraphs that a document may have")
        if sum(len(line) for block in blocks for line in block.lines) > _MOST_CHARACTERS:
            raise ReadError(f"it has more than the {_MOST_CHARACTERS:,} characters that a document may have")
        if not blocks:
            raise ReadError("no text in the Word file")
        notes = ("its macros were left alone",) if package.has_macros else ()
        return page_of_blocks(blocks, title=_title(blocks), name=name, notes=notes)


def _title(blocks: list[HtmlBlock]) -> str | None:
    """The title by its style, else the heading that the text begins with, where no other has its level."""
    first = next((block for block in blocks if block.level == 1), None)
    if first is None:
        headings = [block for block in blocks if block.kind == "heading"]
        if (
            headings
            and sum(block.level == headings[0].level for block in headings) == 1
            and blocks[0] is headings[0]
        ):
            first = headings[0]
            first.level = 1
    return first.lines[0] if first else None
