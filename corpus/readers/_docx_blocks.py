"""Word's XML to blocks: headings by their styles, paragraphs, items, captions, rows of tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from corpus.readers._html_blocks import HtmlBlock
from corpus.readers._lines import collapsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.readers._docx_package import Package

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
