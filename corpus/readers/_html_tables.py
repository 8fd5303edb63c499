"""Tables of HTML to rows: cells under the heads of their columns, spans over several rows and columns undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.readers._columns import fact_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.html import HtmlElement

_WIDEST, _DEEPEST = 100, 1_000
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
        wide, deep = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _DEEPEST)
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
