"""HTML as a tree of blocks: what a page shows, in order, without its menus, scripts and footers."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from corpus.errors import ReadError
from corpus.readers.head import head_of
from corpus.readers.tree import PLAIN, Block, Composer, Role, Style, Tree
from corpus.text import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from corpus.readers.tree import Head


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "iso_8859-1", "us-ascii", "ascii"})
"""Names by which pages are declared whose writers mean Windows-1252, as browsers read them."""

_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "menu", "ol", "option", "p", "pre", "search", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
"""Elements that stand on lines of their own; all others do if such a one stands within them."""
_UNSEEN = frozenset((
    "aside", "audio", "button", "canvas", "dialog", "head", "iframe", "input", "link", "meta", "nav", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
_LANDMARKS = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert", "menu", "menubar")
)
_FURNITURE = re.compile(
    r"(?:(?:site|main|page|global|primary|secondary|top|mobile|header)[_-]?)?"
    r"(?:nav(?:bar|igation)?|menu|breadcrumbs?|cookies?|share|sharing|subscribe|newsletter|advert(?:isement)?s?|ads?"
    r"|promo|sidebar|footer|skip-link|pagination|comments|social-(?:share|links|media|icons))"
    r"(?:[_-]?(?:left|right|bar|links|list|container|wrapper|banner|notice|area|item|items))?|mw-editsection",
    re.IGNORECASE,
)
"""Names of classes and ids, whole ones, of what stands around a page's words."""
_FURNISHED = frozenset(("div", "section", "ul", "ol", "p", "header", "span"))
_HELD = frozenset(("article", "li", "section", "td"))
"""Elements whose header and footer are their own, not the page's."""

_DEEPEST = 200
_LOOKED_AT = 60
"""Elements within an inline one among which a block is looked for."""
_WIDEST, _TALLEST = 100, 1_000
"""Columns and rows that a cell may span: what browsers allow, and less."""

_SET = {
    "b": {"bold": True}, "strong": {"bold": True},
    "i": {"italic": True}, "em": {"italic": True}, "cite": {"italic": True}, "dfn": {"italic": True},
    "del": {"struck": True}, "s": {"struck": True}, "strike": {"struck": True},
    "code": {"code": True}, "kbd": {"code": True}, "samp": {"code": True}, "tt": {"code": True},
    "small": {"small": True}, "sub": {"small": True}, "sup": {"small": True},
}  # fmt: skip
_PLAIN_INLINE = frozenset((
    "a", "abbr", "acronym", "bdi", "bdo", "big", "data", "font", "img", "ins", "label", "mark", "q", "span", "time",
    "u", "var", "wbr",
))  # fmt: skip
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
    markup, notes = _decoded(data)
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
    letters = 0 if fragment else _letters(body)
    builder = _Builder(Composer(), letters=letters)
    builder.flow(body if fragment else _content(body, letters), 0)
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
    """Write words that may hold HTML into the block that is open: as blocks if there are any, else as its words."""
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


def _content(body: HtmlElement, letters: int) -> HtmlElement:
    """The part of a page that says what it is about: its main element, or all of it."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.xpath(path)
        if len(found) == 1 and 2 * _letters(found[0]) >= letters:
            return found[0]
    return body


def _letters(element: HtmlElement) -> int:
    """How many letters an element shows."""
    counted = 0
    waiting = [element]
    while waiting:
        each = waiting.pop()
        counted += len("".join((each.text or "").split()))
        for child in each:
            counted += len("".join((child.tail or "").split()))
            if isinstance(child.tag, str) and child.tag not in _UNSEEN:
                waiting.append(child)
    return counted


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

    def contents(self, element: HtmlElement) -> None:
        """Write what stands in an element into the open block: blocks if there are any, else its words."""
        if any(map(self._stands_alone, element)):
            self.flow(element, 0)
        else:
            self._words(element, PLAIN, 0)

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
        if self._is_hidden(element):
            return
        tag = element.tag
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "details", "blockquote"):
            self._image = None
        if depth > _DEEPEST:
            with self.composer.block(Block(Role.PARAGRAPH)):
                self.composer.write(" ".join(element.itertext()), style)
        elif tag[0] == "h" and tag[1:].isdecimal() and len(tag) == 2:
            self._heading(element, int(tag[1]), depth)
        elif tag in ("ul", "ol", "menu", "dir"):
            self._list(element, depth, style)
        elif tag == "dl":
            self._definitions(element, depth, style)
        elif tag == "table":
            self._table(element, depth)
        elif tag == "figure":
            self._figure(element, depth)
        elif tag == "pre":
            with self.composer.block(_named(Role.CODE, element)) as block:
                block.label = _language(element)
                self.composer.write("".join(element.itertext()), Style(code=True), verbatim=True)
        elif tag == "details":
            self._details(element, depth, style)
        elif tag == "blockquote":
            with self.composer.block(_named(Role.QUOTE, element)):
                self.flow(element, depth, style)
        else:
            self._division(element, depth, style)

    def _division(self, element: HtmlElement, depth: int, style: Style) -> None:
        """A paragraph, or a group of blocks."""
        style = _styled(element, style)
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

    def _heading(self, element: HtmlElement, level: int, depth: int) -> None:
        with self.composer.block(_named(Role.HEADING, element)) as block:
            block.level = self._level = level
            self._words(element, PLAIN, depth)

    def _list(self, element: HtmlElement, depth: int, style: Style) -> None:
        number = _number(element.get("start"), 1)
        with self.composer.block(_named(Role.LIST, element)):
            for child in element:
                if not isinstance(child.tag, str) or self._is_hidden(child):
                    continue
                if child.tag != "li":
                    self._block(child, depth + 1, style)
                    continue
                number = _number(child.get("value"), number)
                bullet = f"{number}. " if element.tag == "ol" else "• "
                number += 1
                self._item(child, depth + 1, style, bullet)

    def _item(self, element: HtmlElement, depth: int, style: Style, bullet: str = "") -> None:
        style = _styled(element, style)
        with self.composer.block(_named(Role.ITEM, element), bullet):
            if any(map(self._stands_alone, element)):
                self.flow(element, depth, style)
            else:
                self._words(element, style, depth)

    def _definitions(self, element: HtmlElement, depth: int, style: Style) -> None:
        """A list of definitions: an item for each term, or terms, with what is said of them."""
        groups: list[list[HtmlElement]] = []
        for child in element:
            if not isinstance(child.tag, str) or self._is_hidden(child):
                continue
            last = groups[-1][-1].tag if groups else "dd"
            if (child.tag == "dt" and last != "dt") or child.tag not in ("dt", "dd") or not groups:
                groups.append([])
            groups[-1].append(child)
        with self.composer.block(_named(Role.LIST, element)):
            for group in groups:
                with self.composer.block(Block(Role.ITEM)):
                    for part in group:
                        self._division(part, depth + 1, style)

    def _details(self, element: HtmlElement, depth: int, style: Style) -> None:
        with self.composer.block(_named(Role.GROUP, element)):
            outer = self._level
            for child in element:
                if child.tag == "summary" and not child.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
                    self._heading(child, min(outer + 1, 6), depth + 1)
                elif isinstance(child.tag, str):
                    self._block(child, depth + 1, style)
                if (child.tail or "").strip():
                    self._loose([child.tail], style, depth)
            self._level = outer

    def _figure(self, element: HtmlElement, depth: int) -> None:
        captions = element.xpath(".//figcaption")
        image = next(iter(element.xpath(".//img")), None)
        if image is None:  # of a table, a quotation, a piece of code
            with self.composer.block(_named(Role.GROUP, element)):
                self.flow(element, depth)
        elif not captions:
            self._image = _picture(image)
        else:
            with self.composer.block(_named(Role.FIGURE, element)) as block:
                block.label, block.href = _picture(image)
                self._words(captions[0], PLAIN, depth)

    def _table(self, element: HtmlElement, depth: int) -> None:
        rows = element.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")
        if _is_layout(element, rows):
            with self.composer.block(_named(Role.GROUP, element)):
                for caption in element.xpath("./caption"):
                    self._division(caption, depth, PLAIN)
                for row in rows:
                    with self.composer.block(_named(Role.GROUP, row)):
                        for cell in row.xpath("./td|./th"):
                            self._division(cell, depth + 1, PLAIN)
            return
        with self.composer.block(_named(Role.TABLE, element)):
            for caption in element.xpath("./caption"):
                with self.composer.block(_named(Role.PARAGRAPH, caption)):
                    self._words(caption, PLAIN, depth)
            held: dict[int, tuple[int, Block]] = {}
            for row in rows:
                if not self._is_hidden(row):
                    self._row(row, held, depth)

    def _row(self, row: HtmlElement, held: dict[int, tuple[int, Block]], depth: int) -> None:
        """A table's row; ``held`` are the cells of rows above that reach down, for so many rows, by their column."""
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
                    style = _styled(cell, PLAIN) if cell.attrib else PLAIN
                    if any(map(self._stands_alone, cell)):
                        self.flow(cell, depth + 1, style)
                    else:
                        self._words(cell, style, depth + 1)
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
        if not isinstance(tag, str):
            return
        if tag == "img":
            self._image = _picture(element)
            if style.href:
                self.composer.write(self._image[0], replace(style, marks=(*style.marks, "img")))
        elif tag == "br":
            self.composer.line_break()
        elif tag == "math":
            self.composer.write(element.get("alttext") or " ".join(element.itertext()), style)
        elif tag == "sup" and (mark := _raised(element)):
            self.composer.write(mark, style)
        elif not self._is_hidden(element):
            alone = tag in _BLOCKS
            if alone:
                self.composer.line_break()
            if depth > _DEEPEST:
                self.composer.write(" ".join(element.itertext()), style)
            else:
                self._words(element, _styled(element, style), depth)
            if alone:
                self.composer.line_break()
            elif not element.tail and _is_parted(element, element.getnext()):
                self.composer.write(" ")

    def _stands_alone(self, element: HtmlElement) -> bool:
        """Whether an element stands on lines of its own: by its tag, or by one within it."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN or tag == "math":
            return False
        if tag in _BLOCKS or "-" in tag:
            return True
        for number, inner in enumerate(element.iterdescendants()):
            if inner.tag in _BLOCKS:
                return True
            if number > _LOOKED_AT:
                break
        return False

    def _is_hidden(self, element: HtmlElement) -> bool:
        tag, attributes = element.tag, element.attrib
        if tag in _UNSEEN:
            return not (tag == "button" and element.getparent().tag in ("h1", "h2", "h3", "h4", "h5", "h6"))
        if not attributes and tag not in ("header", "footer"):
            return False
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if "none" in (attributes.get("style") or "") and re.search(r"display\s*:\s*none", attributes["style"]):
            return True
        return self._letters > 0 and _is_furniture(element) and 2 * _letters(element) < self._letters


def _is_furniture(element: HtmlElement) -> bool:
    """Whether an element stands around a page's words: menus, banners, footers, by its tag, role or class."""
    tag, attributes = element.tag, element.attrib
    if attributes.get("role") in _LANDMARKS:
        return True
    if tag in ("header", "footer") and not any(each.tag in _HELD for each in element.iterancestors()):
        return tag == "footer" or not element.xpath(".//h1|.//h2")
    if tag not in _FURNISHED or not attributes:
        return False
    marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return any(map(_FURNITURE.fullmatch, marks)) and not element.xpath(".//h1|.//main|.//article")


def _named(role: Role, element: HtmlElement) -> Block:
    href = element.get("href") if element.tag == "a" else None
    return Block(role, name=element.tag, marks=_marks(element), href=href)


def _marks(element: HtmlElement) -> tuple[str, ...]:
    if not element.attrib:
        return ()
    said = (element.get(name) for name in ("class", "id", "itemprop", "itemtype", "role", "rel"))
    return _words_of(" ".join(filter(None, said)))


@cache
def _words_of(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said.lower().split()))


def _styled(element: HtmlElement, style: Style) -> Style:
    """The style of an element's words within words of a style."""
    tag = element.tag
    changes: dict[str, Any] = dict(_SET.get(tag, {}))
    if tag == "a" and element.get("href"):
        changes["href"] = " ".join(element.get("href").split())
    if tag not in _BLOCKS:
        marks = _marks(element)
        if tag not in _PLAIN_INLINE and tag not in _SET:
            marks = (tag, *marks)
        if marks:
            changes["marks"] = tuple(dict.fromkeys((*style.marks, *marks)))
    if tag == "time" and element.get("datetime"):
        changes["day"] = element.get("datetime").strip()
    if css := element.get("style"):
        changes |= {name: True for name, looks in _LOOKS if looks.search(css)}
    return replace(style, **changes) if changes else style


_LOOKS = (
    ("bold", re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")),
    ("italic", re.compile(r"font-style\s*:\s*italic")),
    ("struck", re.compile(r"text-decoration[\w-]*\s*:\s*line-through")),
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


def _language(element: HtmlElement) -> str:
    """The language of a piece of code, by its class."""
    said = f"{element.get('class') or ''} {' '.join(element.xpath('./code/@class'))}"
    found = re.search(r"(?:language|lang|highlight-source)-([\w+#-]{1,30})", said)
    return found[1] if found else ""


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The markup, by the character set that it names where that fits, else by its bytes."""
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = named[1].decode("ascii")
        encoding = encoding if encoding.lower() not in _LATIN else "cp1252"
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            text, notes = decode(data)
            return text, (*notes, f"not {named[1].decode('ascii')}, as the page says")
        decode(text.encode("utf-8", "replace"))  # empty or binary
        return text, ()
    return decode(data)
