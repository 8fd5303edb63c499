"""HTML as a tree of blocks: what a page shows, in order, without its menus, scripts and footers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from corpus.errors import ReadError
from corpus.readers.furniture import UNSEEN, content_of, is_hidden, letters_in
from corpus.readers.head import decoded, head_of
from corpus.readers.styles import BLOCKS, marks_of, styled
from corpus.readers.tree import PLAIN, Block, Composer, Role, Style, Tree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from corpus.readers.tree import Head


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DEEPEST = 150
_LOOKED_AT = 60
"""Elements within an inline one among which a block is looked for."""
_WIDEST, _TALLEST = 100, 1_000
"""Columns and rows that a cell may span: what browsers allow, and less."""

_AUTHORS = re.compile(r"(?:paper-)?(?:authors?|creators?|contributors?)(?:[_-](?:list|names?|items?))?")
_NAMES = ("a", "div", "li", "p", "span")
_RAISED = str.maketrans("0123456789abcdefgh", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰ")
_FOOTNOTE = re.compile(r"[\da-h*†‡§¶,\s]{1,12}")
_ENDED_BREAK = re.compile(r"</br ?/?>", re.IGNORECASE)
"""What browsers take for a line break, too."""
_CAPTION = re.compile(r"(?:figure|fig\.|abb(?:ildung|\.)|figura)\s?\d{0,3}\s?[.:]", re.IGNORECASE)


def tree_of(data: bytes) -> Tree:
    """Read an HTML page.

    Raises:
        ReadError: empty, binary, or without a word that is shown.
    """
    markup, notes = decoded(data)
    return tree_of_markup(markup, notes=notes)


def tree_of_markup(
    markup: str, *, head: Head | None = None, notes: tuple[str, ...] = (), fragment: bool = False
) -> Tree:
    """The tree of HTML that is decoded.

    Args:
        markup: a page.
        head: what is known of the page; None to look in its head.
        notes: for the person who ingests.
        fragment: whether it is the words of a page without what stands around them, so that all of it counts.

    Raises:
        ReadError: no word is shown.
    """
    from lxml import etree, html

    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\x00", ""))
    markup = _ENDED_BREAK.sub("<br>", markup)
    try:
        root = html.document_fromstring(markup, parser=_parser())
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise ReadError(f"no HTML page: {' '.join(str(error).split())[:120]}") from error
    body = next(iter(root.xpath("//body")), root)
    letters = 0 if fragment else letters_in(body)
    builder = _Builder(Composer(), letters=letters)
    builder.flow(body if fragment else content_of(body, letters), 0)
    head = head or head_of(root)
    try:
        return builder.composer.finished(notes, head)
    except ReadError:
        if not head.things:
            raise
    return Tree("", Block(Role.DOCUMENT, start=0, end=0), head, notes=notes)  # a script is to fill it


def _parser() -> Any:
    from lxml import html

    return html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)


def write_markup(composer: Composer, words: str) -> None:
    """Write words that may hold HTML into the open block: as blocks if there are any, else as its words."""
    if "<" not in words and "&" not in words:
        composer.write(words)
        return
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(words.replace("\x00", ""), create_parent="div", parser=_parser())
    except (etree.LxmlError, ValueError, RecursionError):
        composer.write(words)
        return
    _Builder(composer).contents(root)


class _Builder:
    """Writes elements into a composer."""

    def __init__(self, composer: Composer, *, letters: int = 0) -> None:
        """Begin.

        Args:
            composer: what is written to.
            letters: those of the page; 0 where nothing stands around its words.
        """
        self.composer = composer
        self._letters = letters
        self._level = 0
        """Of the last heading."""
        self._image: tuple[str, str] | None = None
        """Description and address of a picture that stands alone, and whose caption may follow."""

    def contents(self, element: HtmlElement, depth: int = 0, style: Style = PLAIN) -> None:
        """Write what stands in an element into the open block: blocks if there are any, else its words."""
        if any(map(self._stands_alone, element)):
            self.flow(element, depth, style)
        else:
            self._words(element, style, depth)

    def flow(self, element: HtmlElement, depth: int, style: Style = PLAIN) -> None:
        """Write what stands in an element: blocks, and the words between them as paragraphs."""
        loose: list[HtmlElement | str] = [element.text or ""]
        for child in element:
            if self._stands_alone(child):
                self._loose(loose, style, depth)
                self._block(child, depth + 1, style)
                loose = [child.tail or ""]
            else:
                loose += [child, child.tail or ""]
        self._loose(loose, style, depth)

    def _loose(self, loose: list[HtmlElement | str], style: Style, depth: int) -> None:
        if len(loose) == 1 and not str(loose[0]).strip():
            return
        with self.composer.block(Block(Role.PARAGRAPH)):
            for each in loose:
                if isinstance(each, str):
                    self.composer.write(each, style)
                else:
                    self._inline(each, style, depth)

    def _block(self, element: HtmlElement, depth: int, style: Style) -> None:
        if self._is_unseen(element):
            return
        write = _WRITERS.get(element.tag, _Builder.division)
        if write not in (_Builder.division, _Builder.figure):
            self._image = None
        if depth > _DEEPEST:
            with self.composer.block(Block(Role.PARAGRAPH)):
                self.composer.write(" ".join(element.itertext()), style)
        elif _lists_authors(element):
            with self.composer.block(_named(Role.PARAGRAPH, element)):
                for number, child in enumerate(element):
                    self.composer.write(", " if number else "", style)
                    self._words(child, styled(child, style), depth)
        else:
            write(self, element, depth, style)

    def code(self, element: HtmlElement, depth: int, style: Style) -> None:
        with self.composer.block(_named(Role.CODE, element)):
            self.composer.write("".join(element.itertext()), Style(code=True), verbatim=True)

    def quote(self, element: HtmlElement, depth: int, style: Style) -> None:
        with self.composer.block(_named(Role.QUOTE, element)):
            self.flow(element, depth, style)

    def division(self, element: HtmlElement, depth: int, style: Style) -> None:
        """A paragraph, or a group of blocks."""
        style = styled(element, style)
        if any(map(self._stands_alone, element)):
            with self.composer.block(_named(Role.GROUP, element)):
                self.flow(element, depth, style)
            return
        image, self._image = self._image, None
        with self.composer.block(_named(Role.PARAGRAPH, element)) as block:
            self._words(element, style, depth)
        if block.start >= 0:
            image, self._image = self._image or image, None
            if image and self._is_caption(block):
                block.role, (block.label, block.href) = Role.FIGURE, image

    def _is_caption(self, block: Block) -> bool:
        """Whether a paragraph with a picture before or in it is its caption."""
        set_apart = all(run.style.italic or run.style.small for run in block.runs)
        return set_apart or _CAPTION.match(self.composer.words_of(block)) is not None

    def heading(self, element: HtmlElement, depth: int, style: Style) -> None:
        with self.composer.block(_named(Role.HEADING, element)) as block:
            block.level = int(element.tag[1]) if element.tag in _HEADINGS else min(self._level + 1, 6)
            self._level = block.level
            self._words(element, style, depth)

    def items(self, element: HtmlElement, depth: int, style: Style) -> None:
        number = _number(element.get("start"), 1)
        with self.composer.block(_named(Role.LIST, element)):
            for child in element:
                if not isinstance(child.tag, str) or self._is_unseen(child):
                    continue
                if child.tag != "li":
                    self._block(child, depth + 1, style)
                    continue
                number = _number(child.get("value"), number)
                bullet = f"{number}. " if element.tag == "ol" else "• "
                number += 1
                with self.composer.block(_named(Role.ITEM, child), bullet):
                    self.contents(child, depth + 1, styled(child, style))

    def definitions(self, element: HtmlElement, depth: int, style: Style) -> None:
        """A list of definitions: an item for each term, or terms, with what is said of them."""
        groups: list[list[HtmlElement]] = []
        for child in element:
            if not isinstance(child.tag, str) or self._is_unseen(child):
                continue
            last = groups[-1][-1].tag if groups else "dd"
            if (child.tag == "dt" and last != "dt") or child.tag not in ("dt", "dd") or not groups:
                groups.append([])
            groups[-1].append(child)
        with self.composer.block(_named(Role.LIST, element)):
            for group in groups:
                with self.composer.block(Block(Role.ITEM)):
                    for part in group:
                        self.division(part, depth + 1, style)

    def details(self, element: HtmlElement, depth: int, style: Style) -> None:
        with self.composer.block(_named(Role.GROUP, element)):
            outer = self._level
            for child in element:
                if child.tag == "summary" and not child.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
                    self.heading(child, depth + 1, style)
                elif isinstance(child.tag, str):
                    self._block(child, depth + 1, style)
                if (child.tail or "").strip():
                    self._loose([child.tail], style, depth)
            self._level = outer

    def figure(self, element: HtmlElement, depth: int, style: Style) -> None:
        captions = element.xpath(".//figcaption")
        image = next(iter(element.xpath(".//img")), None)
        if image is None:  # of a table, a quotation, a piece of code
            with self.composer.block(_named(Role.GROUP, element)):
                self.flow(element, depth, style)
        elif not captions:
            self._image = _picture(image)
        else:
            with self.composer.block(_named(Role.FIGURE, element)) as block:
                block.label, block.href = _picture(image)
                self._words(captions[0], PLAIN, depth)

    def table(self, element: HtmlElement, depth: int, style: Style) -> None:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table"), None) is element]
        captions = element.xpath("./caption")
        if _is_layout(element, rows):
            with self.composer.block(_named(Role.GROUP, element)):
                for caption in captions:
                    self.division(caption, depth, style)
                for row in rows:
                    with self.composer.block(_named(Role.GROUP, row)):
                        for cell in row.xpath("./td|./th"):
                            self.division(cell, depth + 1, style)
            return
        with self.composer.block(_named(Role.TABLE, element)):
            for caption in captions:
                with self.composer.block(_named(Role.PARAGRAPH, caption)):
                    self._words(caption, style, depth)
            held: dict[int, tuple[int, Block]] = {}
            for row in rows:
                if not self._is_unseen(row):
                    self._row(row, held, depth)

    def _row(self, row: HtmlElement, held: dict[int, tuple[int, Block]], depth: int) -> None:
        """A table's row; ``held`` are cells of rows above that reach down, for so many rows, by their column."""
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        reaching = dict(held)
        for column, (left, block) in reaching.items():
            held[column] = (left - 1, block)
            if left == 1:
                del held[column]
        column = 0
        with self.composer.block(_named(Role.ROW, row)) as whole:
            whole.head = bool(cells) and (
                all(cell.tag == "th" for cell in cells) or row.getparent().tag == "thead"
            )
            for cell in cells:
                while column in reaching:
                    column += 1
                with self.composer.block(_named(Role.CELL, cell)) as block:
                    block.level, block.head = column, cell.tag == "th"
                    self.contents(cell, depth + 1, styled(cell, PLAIN))
                wide = min(_number(cell.get("colspan"), 1), _WIDEST) or 1
                tall = min(_number(cell.get("rowspan"), 1), _TALLEST)
                if tall > 1 and column < _WIDEST:
                    held[column] = (tall - 1, block)
                column += wide
        if whole.start >= 0:
            whole.children += [_again(block, at) for at, (_, block) in reaching.items() if block.start >= 0]
            whole.children.sort(key=lambda cell: cell.level)

    def _words(self, element: HtmlElement, style: Style, depth: int) -> None:
        """Write the words of an element whose children are inline."""
        self.composer.write(element.text or "", style)
        for child in element:
            self._inline(child, style, depth + 1)
            self.composer.write(child.tail or "", style)

    def _inline(self, element: HtmlElement, style: Style, depth: int) -> None:
        tag = element.tag
        mark = _raised(element) if tag == "sup" else None
        if tag == "img":
            self._image = _picture(element)
            if style.href:
                self.composer.write(self._image[0], replace(style, marks=(*style.marks, "img")))
        elif tag == "br":
            self.composer.line_break()
        elif mark or tag == "math":
            self.composer.write(mark or element.get("alttext") or " ".join(element.itertext()), style)
        elif isinstance(tag, str) and not self._is_unseen(element):
            self._inner(element, styled(element, style), depth)

    def _inner(self, element: HtmlElement, style: Style, depth: int) -> None:
        """Write the words of an inline element, or of one that stands on a line of its own within words."""
        alone = element.tag in BLOCKS
        if alone:
            self.composer.line_break()
        if depth > _DEEPEST:
            self.composer.write(" ".join(element.itertext()), style)
        else:
            self._words(element, style, depth)
        if alone:
            self.composer.line_break()
        elif not element.tail and _is_parted(element, element.getnext()):
            self.composer.write(" ")

    def _is_unseen(self, element: HtmlElement) -> bool:
        return is_hidden(element, self._letters)

    def _stands_alone(self, element: HtmlElement) -> bool:
        """Whether an element stands on lines of its own: by its tag, or by one within it."""
        tag = element.tag
        if not isinstance(tag, str) or tag in UNSEEN or tag == "math":
            return False
        if tag in BLOCKS or "-" in tag:
            return True
        for number, inner in enumerate(element.iterdescendants()):
            if inner.tag in BLOCKS:
                return True
            if number > _LOOKED_AT:
                break
        return False


_WRITERS = {
    **dict.fromkeys(_HEADINGS, _Builder.heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _Builder.items),
    "dl": _Builder.definitions,
    "table": _Builder.table,
    "figure": _Builder.figure,
    "pre": _Builder.code,
    "details": _Builder.details,
    "blockquote": _Builder.quote,
}
"""What writes an element, by its tag."""


def _named(role: Role, element: HtmlElement) -> Block:
    href = element.get("href") if element.tag == "a" else None
    return Block(role, name=element.tag, marks=marks_of(element), href=href)


def _lists_authors(element: HtmlElement) -> bool:
    """Whether an element holds nothing but authors, each in an element of its own, which a style sheet parts."""
    if len(element) < 2 or (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        return False
    whole = any(map(_AUTHORS.fullmatch, marks_of(element)))
    return all(
        child.tag in _NAMES and (whole or any(map(_AUTHORS.fullmatch, marks_of(child)))) and len(child) < 2
        for child in element
    )


def _is_parted(element: HtmlElement, following: HtmlElement | None) -> bool:
    """Whether a style sheet parts two inline elements that touch: both have classes."""
    if following is None or following.tag not in ("a", "span") or element.tag not in ("a", "span"):
        return False
    return bool(element.get("class") and following.get("class"))


def _raised(element: HtmlElement) -> str | None:
    """The words of a ``<sup>`` as raised characters if they are a footnote's mark; else None."""
    words = "".join(element.itertext())
    if not words.strip() or not _FOOTNOTE.fullmatch(words):
        return None
    return "".join(words.split()).translate(_RAISED)


def _picture(image: HtmlElement) -> tuple[str, str]:
    """A picture's description, or its file's name, and its address."""
    address = image.get("src") or ""
    if address.startswith("data:"):
        address = ""
    try:
        stem = PurePosixPath(unquote(urlsplit(address).path)).stem
    except ValueError:  # an address that is none
        stem = ""
    return " ".join((image.get("alt") or "").split()) or stem, address


def _is_layout(table: HtmlElement, rows: list[HtmlElement]) -> bool:
    """Whether a table is there for the layout's sake."""
    if table.get("role") in ("presentation", "none") or all(len(row) < 2 for row in rows):
        return True
    return not table.xpath("./thead|./tr/th|./tbody/tr/th") and bool(
        table.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//table")
    )


def _again(block: Block, column: int) -> Block:
    """A cell as it stands in a further row that it reaches down to."""
    return Block(
        Role.CELL, column, "rowspan", block.marks, block.head, block.href, "", block.start, block.end, block.runs,
        block.children,
    )  # fmt: skip


def _number(said: str | None, otherwise: int) -> int:
    said = (said or "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else otherwise
