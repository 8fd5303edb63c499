"""HTML to blocks: what a page shows, in order, without its menus, scripts and footers."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from corpus.readers.authors import between, is_signed, joined_names, papers_parted, raised, without_buttons
from corpus.readers.blocks import HtmlBlock, collapsed
from corpus.readers.columns import fact_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.html import HtmlElement


_WIDEST, _HTML_TABLES_DEEPEST = 100, 1_000
"""Columns and rows that a cell may span: what browsers allow, and less."""
_KNOWN_HEADS = 2
"""Names of columns in a first row of plain cells that make it the heads."""

Row = list[tuple[str, str]]
"""The words of a row's cells, each behind the head of its column, small letters."""


def rows_of(table: HtmlElement, words_of: Callable[[HtmlElement], str]) -> Iterator[tuple[HtmlElement, Row]]:
    """The rows of a table that are no heads, each with its cells; empty cells are left out.

    Args:
        table: the table.
        words_of: the words of an element.
    """
    heads: list[str] = []
    held: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(table.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")):
        cells = row.xpath("./td|./th")
        said = [words_of(cell) for cell in cells]
        if _are_heads(cells, said, first=not number):
            heads = _spread(cells, said)
            continue
        named: Row = []
        for at, words in _filled(cells, said, held):
            if words:
                named.append((heads[at] if at < len(heads) else "", words))
        yield row, named


def _are_heads(cells: Sequence[HtmlElement], said: Sequence[str], *, first: bool) -> bool:
    """Whether a row names the columns: by its tags, or as the first one with words that columns are named by."""
    if cells and all(cell.tag == "th" for cell in cells):
        return True
    known = {fact for words in said if (fact := fact_of(words))}
    return first and len(known) >= _KNOWN_HEADS and len(known) >= len([words for words in said if words]) / 2


def _spread(cells: Sequence[HtmlElement], said: Sequence[str]) -> list[str]:
    """The heads of all columns, one that spans several over each of them."""
    heads: list[str] = []
    for cell, words in zip(cells, said, strict=True):
        heads += [words.casefold()] * _span(cell, "colspan", _WIDEST)
    return heads


def _filled(
    cells: Sequence[HtmlElement], said: Sequence[str], held: dict[int, tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """The words of a row by their columns; ``held`` are cells of rows above that reach down, for so many rows."""
    column = 0
    for cell, words in zip(cells, said, strict=True):
        while column in held:
            yield column, _taken(held, column)
            column += 1
        yield column, words
        if column >= _WIDEST:
            column += 1
            continue
        wide, deep = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _HTML_TABLES_DEEPEST)
        if deep > 1:
            held[column] = (deep - 1, words)
            held.update((column + more, (deep - 1, "")) for more in range(1, wide))
            # Those of this very row are passed over below, not taken: they begin with the next one.
        column += wide
    for column in sorted(at for at in held if at >= column):
        yield column, _taken(held, column)


def _taken(held: dict[int, tuple[int, str]], column: int) -> str:
    left, words = held.pop(column)
    if left > 1:
        held[column] = (left - 1, words)
    return words


def _span(cell: HtmlElement, name: str, most: int) -> int:
    said = (cell.get(name) or "1").strip()
    return max(1, min(int(said), most)) if said.isdecimal() and len(said) < 6 else 1


_HIDDEN = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "button", "input",
    "select", "textarea", "nav", "footer", "aside", "dialog", "canvas", "audio", "video", "head",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr",
))  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEADING = frozenset(["a", "b", "cite", "em", "i", "strong", "span"])
_ROLES = frozenset(
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

_DEEPEST = 200
_BLOCKISH = 60
"""Elements within which a block may hide; beyond them a mixed element is taken for inline."""


def blocks_in(root: HtmlElement) -> list[HtmlBlock]:
    """The blocks of a page, in order."""
    found = _defined(_mixed(_content(root), 0))  # hidden itself, it waits for a script to show it
    return [part for block in joined_names(found) for part in _parted(block)]


def _parted(block: HtmlBlock) -> list[HtmlBlock]:
    """A block without lines of buttons, parted where it holds several papers; none where nothing is left."""
    lines = without_buttons(block.lines)
    if not lines:
        return []
    if len(lines) < len(block.lines):
        block.lines, block.lead = lines, ""
    parts = papers_parted(lines) if block.kind in ("text", "item") and len(lines) > 3 else [lines]
    if len(parts) == 1:
        return [block]
    return [HtmlBlock(block.kind, part) for part in parts]


def _defined(blocks: Iterator[HtmlBlock]) -> list[HtmlBlock]:
    """The blocks, terms that end in a colon on one line with what defines them."""
    joined: list[HtmlBlock] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and last.name == "dt" and block.name == "dd" and last.lines[-1].endswith(":"):
            last.lines[-1] += f" {block.lines[0]}"
            last.lines += block.lines[1:]
            last.name = ""
        else:
            joined.append(block)
    return joined


def words_of(element: HtmlElement) -> str:
    """All the words of an element on one line."""
    return collapsed(" ".join(_lines(element)))


def _content(root: HtmlElement) -> HtmlElement:
    """The part of a page that says what it is about: its main element, or all of it."""
    for path in ("//main", "//*[@role='main']", "//article"):
        found = root.xpath(path)
        if len(found) == 1 and 2 * len(words_of(found[0])) >= len(words_of(_body(root))):
            return found[0]
    return _body(root)


def _body(root: HtmlElement) -> HtmlElement:
    return next(iter(root.xpath("//body")), root)


def _blocks(element: HtmlElement, depth: int) -> Iterator[HtmlBlock]:
    if depth > _DEEPEST or _is_hidden(element):
        return
    tag = element.tag
    if tag in _HEADINGS:
        yield from _block("heading", element, level=_HEADINGS[tag])
    elif tag == "figure":
        yield from _figure(element)
    elif tag == "table":
        yield from _table(element, depth)
    elif tag == "pre":
        yield from _block("text", element)
    elif any(_is_block(child) for child in element):
        yield from _mixed(element, depth)
    else:
        yield from _block("item" if tag in ("li", "dt", "dd") else "text", element)


def _mixed(element: HtmlElement, depth: int) -> Iterator[HtmlBlock]:
    """The blocks within an element, and the loose words between them as blocks of their own."""
    loose: list[str] = [element.text or ""]
    inner: list[HtmlElement] = []
    for child in element:
        if _is_block(child):
            yield from _run(loose, inner)
            loose, inner = [child.tail or ""], []
            yield from _blocks(child, depth + 1)
        else:
            if isinstance(child.tag, str) and not _is_hidden(child):
                inner.append(child)
                loose += _joined_lines(child)
            loose.append(child.tail or "")
    yield from _run(loose, inner)


def _joined_lines(child: HtmlElement) -> list[str]:
    """The words of an inline element, each line feed by itself, and what parts it from the next."""
    if child.tag == "br":
        return ["\n"]
    if child.tag == "sup" and (mark := raised(child)):
        return [mark]
    words = [part for line in "".join(_pieces(child, 0)).split("\n") for part in ("\n", line)][1:]
    return [*words, between(child)]


def _run(loose: list[str], inner: list[HtmlElement]) -> Iterator[HtmlBlock]:
    lines = _cleaned("".join(part if part == "\n" else _spaced(part) for part in loose))
    if lines:
        block = HtmlBlock("text", lines, signed=any(map(is_signed, inner)))
        if inner and not loose[0].strip():
            _take_lead(block, inner[0])
        yield block


def _block(kind: Literal["heading", "text", "item"], element: HtmlElement, level: int = 0) -> Iterator[HtmlBlock]:
    lines = _lines(element)
    if not lines:
        return
    if kind == "heading":
        lines = [
            re.sub(r"^(?:title|titel|título)\s*:\s*(?=\S)", "", collapsed(" ".join(lines)), flags=re.IGNORECASE)
        ]
    block = HtmlBlock(kind, lines, level, name=element.tag, signed=is_signed(element))
    first = next((child for child in element if isinstance(child.tag, str)), None)
    if first is not None and not (element.text or "").strip():
        _take_lead(block, first)
    yield block


def _take_lead(block: HtmlBlock, first: HtmlElement) -> None:
    if first.tag in _LEADING:
        block.lead = words_of(first)
        link = first if first.tag == "a" else next(iter(first.xpath(".//a[@href]")), None)
        block.link = link.get("href") if link is not None else None


def _figure(element: HtmlElement) -> Iterator[HtmlBlock]:
    captions = element.xpath(".//figcaption")
    lines = _lines(captions[0]) if captions else []
    image = next(iter(element.xpath(".//img")), None)
    if image is None:  # of a table, a quotation, a piece of code
        yield from _mixed(element, 0)
        return
    if not lines:
        return
    try:
        stem = PurePosixPath(unquote(urlsplit(image.get("src") or "").path)).stem
    except ValueError:  # an address that is none
        stem = ""
    yield HtmlBlock("figure", lines, name=collapsed(image.get("alt") or "") or stem or lines[0])


def _table(element: HtmlElement, depth: int) -> Iterator[HtmlBlock]:
    for caption in element.xpath("./caption"):
        yield from _block("text", caption)
    for row, named in rows_of(element, words_of):
        cells = row.xpath("./td|./th")
        if any(_holds_blocks(cell) for cell in cells):
            for cell in cells:  # a table for the layout's sake
                yield from _blocks(cell, depth + 1)
        elif named:
            labelled = len(named) == 2 and named[0][1].endswith(":")
            said = (" " if labelled else " | ").join(words for _, words in named)
            link = next(iter(row.xpath(".//a[@href]/@href")), None)
            yield HtmlBlock("row", [said], cells=named, link=link)


def _holds_blocks(cell: HtmlElement) -> bool:
    """Whether a cell is for the layout's sake: it holds headings, lists, tables or several paragraphs."""
    inner = cell.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//ul|.//ol|.//table")
    return bool(inner) or len(cell.xpath(".//p")) > 1


def _is_block(element: HtmlElement) -> bool:
    """Whether an element stands on lines of its own: by its tag, or by one within it."""
    if not isinstance(element.tag, str) or element.tag in _HIDDEN:
        return False
    if element.tag not in _INLINE:
        return True
    inside = [each for each in element.iter() if isinstance(each.tag, str)][1 : _BLOCKISH + 1]
    return any(each.tag not in _INLINE and each.tag not in _HIDDEN for each in inside)


def _is_hidden(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _HIDDEN:
        return True
    attributes = element.attrib
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return True
    if element.tag == "header" and not element.xpath(".//h1|.//h2"):
        return True
    if "none" in (attributes.get("style") or "") and re.search(r"display\s*:\s*none", attributes["style"]):
        return True
    marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    if element.tag not in ("div", "section", "ul", "ol", "p", "header", "span"):
        return False
    return any(map(_FURNITURE.fullmatch, marks)) and not element.xpath(".//h1|.//main|.//article")


def _lines(element: HtmlElement) -> list[str]:
    """The words of an element, a line for each line break in it."""
    return _cleaned("".join(_pieces(element, 0)))


def _pieces(element: HtmlElement, depth: int) -> Iterator[str]:
    keep = element.tag == "pre"
    yield (element.text or "") if keep else _spaced(element.text or "")
    for child in element:
        inside = child.tag == "button" and element.tag in _HEADINGS
        mark = raised(child) if child.tag == "sup" else None
        if mark:
            yield mark + (child.tail or "" if keep else _spaced(child.tail or ""))
            continue
        if isinstance(child.tag, str) and depth < _DEEPEST and (inside or not _is_hidden(child)):
            apart = child.tag not in _INLINE or child.tag == "br"
            yield "\n" if apart else ""
            yield from _pieces(child, depth + 1)
            yield "\n" if apart and child.tag != "br" else ""
            yield "" if keep or apart else between(child)
        yield (child.tail or "") if keep else _spaced(child.tail or "")


def _spaced(words: str) -> str:
    return re.sub(r"[\s\u200b]+", " ", words)


def _cleaned(words: str) -> list[str]:
    return [line for line in map(collapsed, words.split("\n")) if line]
