"""Structured records: the rows of tables and the records of data files, to drafts of papers and job posts.

Both are read as one grid: columns, and cells in rows. What a column holds is told by its name and by what stands
in it; what the rows are, by all columns together, so that a table of dates, people or tools is neither.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.model import Kind, Span
from corpus.places import is_place
from corpus.readers.data import tree_of_value
from corpus.readers.grid import OF_PAPERS, OF_POSTS, URL, Cell, Grid, Row
from corpus.readers.keys import PAPER_TYPES, Key, key_of, words_of_key
from corpus.readers.rows import MARKS, bare, drafts_of_grid
from corpus.readers.terms import names_role
from corpus.readers.tree import Role
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.readers.draft import Context, Draft
    from corpus.readers.tree import Block, Tree


_BRACKETED = re.compile(r"\([^()]{0,80}\)")
_POST_TYPES = frozenset(("jobposting", "job"))
_MOST_COLUMNS, _HEADS = 200, 6


def drafts_of_table(
    table: Block, tree: Tree, context: Context, headings: tuple[str, ...] = ()
) -> list[Draft] | None:
    """The papers or posts that a table's rows are.

    Args:
        table: a block of the tree.
        tree: the page.
        context: what holds for the page.
        headings: those above the table, outermost first.

    Returns:
        A draft a row; None where its columns do not tell of papers or posts, or are a layout of lines.
    """
    rows = _rows(table, tree.text)
    if not rows:
        return None
    at, heads = _head(rows)
    above = _labelled(tree.text, table.start, headings)
    grid = Grid(heads, _below(rows[at:], heads), about=" ".join(headings[-1:]), above=above)
    if named := _company_above(grid, headings):
        grid.above = {Key.COMPANY: named, **above}
    kind = grid.kind()
    if kind is None or (grid.split and not any(heads)):
        return None
    return [draft for draft, _ in drafts_of_grid(grid, kind, context, headings)] or None


def drafts_of_records(tree: Tree, context: Context, headings: tuple[str, ...] = ()) -> list[Draft]:
    """The papers and posts that a tree's records are, in page order; a record within one is none."""
    drafts: list[Draft] = []
    waiting: list[tuple[Block, Mapping[Key, str]]] = [(tree.root, {})]
    while waiting:
        block, above = waiting.pop()
        inner: list[tuple[Block, Mapping[Key, str]]] = []
        for run, heading in _runs(block, tree.text):
            read = _of_records(run, tree, context, (*headings, heading) if heading else headings, above)
            for record in run:
                if record in read:
                    drafts.append(read[record])
                elif record.children:
                    inner.append((record, {**above, **_own(record, tree.text)}))
        inner.extend((child, above) for child in block.children if child.role in _OUTER)
        waiting.extend(reversed(inner))
    return sorted(drafts, key=lambda draft: draft.span.start)


def drafts_of_head(tree: Tree, context: Context) -> list[Draft]:
    """The papers and posts that a page's mark-up tells of beside what it shows; their spans are the whole page's.

    Read are JSON-LD, the meta tags that journals give for libraries ("citation_title"), and front matter.
    """
    tags = {
        name.removeprefix("citation_"): list(said)
        for name, said in tree.head.tags.items()
        if name.startswith("citation_")
    }
    typed = {"@type": "ScholarlyArticle", **tags} if "title" in tags else None
    drafts = []
    for value in (*tree.head.things, typed, dict(tree.head.front) or None):
        if value is not None:
            with suppress(ReadError):  # it says nothing
                told = tree_of_value(value)
                drafts += drafts_of_records(told, replace(context, text=told.text))
    for draft in drafts:
        draft.span = Span(tree.root.start, tree.root.end)
    return drafts


_OUTER = (Role.GROUP, Role.DOCUMENT, Role.LIST, Role.ITEM)


def _runs(block: Block, text: str) -> list[tuple[list[Block], str]]:
    """The records right within a block, by the list that they are from, each with the heading before them."""
    runs: dict[tuple[str, str], list[Block]] = {}
    heading = ""
    for child in block.children:
        if child.role is Role.HEADING:
            heading = text[child.start : child.end]
        elif child.role is Role.RECORD:
            runs.setdefault((child.name, heading), []).append(child)
    return [(run, heading) for (_, heading), run in runs.items()]


def _own(record: Block, text: str) -> dict[Key, str]:
    """What an object says that holds for those within it."""
    said: dict[Key, str] = {}
    for each in record.children:
        key = key_of(each.name)[0] if each.role is Role.FIELD else None
        words = text[each.start : each.end].strip() if key else ""
        if key and 0 < len(words) < 200:
            said.setdefault(key, words)
    return said


def _of_records(
    run: Sequence[Block], tree: Tree, context: Context, headings: tuple[str, ...], above: Mapping[Key, str]
) -> dict[Block, Draft]:
    names: dict[str, int] = {}
    rows = []
    for record in run:
        row = Row(record)
        for each in record.children:
            if each.role is Role.FIELD and len(names) < _MOST_COLUMNS:
                row.cells.setdefault(names.setdefault(each.name, len(names)), _cell(each, tree.text))
        rows.append(row)
    found: dict[Block, Draft] = {}
    for kind, members in _by_type(rows).items():
        if kind != "other":
            titles = (above[key] for key in (Key.TITLE, Key.NAME) if key in above)
            about = " ".join((*words_of_key(run[0].name), *headings[-1:], *titles))
            grid = Grid(list(names), members, about=about, above=above)
            told = {"post": Kind.JOB, "paper": Kind.PAPER}.get(kind) or grid.kind()
            for draft, row in drafts_of_grid(grid, told, context, headings):
                found[row.block] = draft
    return found


def _by_type(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by what they call themselves: "post", "paper", "other", or "" for those that do not say."""
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        said = {folded(each.rsplit("/", 1)[-1]).replace(" ", "") for each in row.block.marks}
        kind = "post" if said & _POST_TYPES else "paper" if said & PAPER_TYPES else "other" if said else ""
        by_type.setdefault(kind, []).append(row)
    return by_type


def _cell(block: Block, text: str) -> Cell:
    return Cell(text[block.start : block.end].strip(), text, block)


def _rows(table: Block, text: str) -> list[Row]:
    """A table's own rows, without those of tables within it."""
    rows: list[Row] = []
    waiting = list(reversed(table.children))
    while waiting:
        block = waiting.pop()
        if block.role is Role.ROW:
            cells = ((max(n, each.level), each) for n, each in enumerate(block.children) if each.role is Role.CELL)
            rows.append(
                Row(block, {column: _cell(each, text) for column, each in cells if column < _MOST_COLUMNS})
            )
        elif block.role is not Role.TABLE:
            waiting.extend(reversed(block.children))
    return rows


def _head(rows: Sequence[Row]) -> tuple[int, list[str]]:
    """The number of the first row below the columns' names, and these names, "" where there are none."""
    width = 1 + max((max(row.cells, default=0) for row in rows), default=0)
    best: tuple[float, int] = (0.0, -1)
    for at, row in enumerate(rows[:_HEADS]):
        known = [
            key_of(_words(cell))
            for cell in row.cells.values()
            if len(cell.text) <= 60 and not URL.match(cell.text)
        ]
        score = sum((1.0 if whole else 0.5) for key, whole in known if key)
        marked = row.block.head or (row.cells and all(cell.block.head for cell in row.cells.values()))
        # Names of columns are short and lead nowhere; in a row of values one or two can pass for a name.
        likely = marked or (score >= 2 and score >= 0.6 * len(row.cells))
        if likely and score + 0.5 * bool(marked) > best[0]:
            best = (score + 0.5 * bool(marked), at)
    if best[1] < 0:
        return 0, [""] * width
    row = rows[best[1]]
    return best[1] + 1, [_words(row.cells[column]) if column in row.cells else "" for column in range(width)]


def _words(cell: Cell) -> str:
    return " ".join(MARKS.sub(" ", cell.text).split())


def _below(rows: Sequence[Row], heads: Sequence[str]) -> list[Row]:
    """The rows below the head, without those that repeat it or head a part of the table."""
    named = [folded(head) for head in heads]
    several = len(heads) > 1 and sum(len(row.cells) > 1 for row in rows) >= 0.5 * len(rows)
    below, group = [], ""
    for row in rows:
        if any(named) and all(folded(_words(cell)) == named[column] for column, cell in row.cells.items()):
            continue
        if several and len(row.cells) == 1:
            group = " ".join(next(iter(row.cells.values())).text.split())
            continue
        row.group = group
        below.append(row)
    return below


def _labelled(text: str, start: int, headings: tuple[str, ...]) -> dict[Key, str]:
    """What lines between the heading and the table say of all its rows ("Locations: Porto")."""
    _, heading, near = text[max(0, start - 1000) : start].rpartition(headings[-1] if headings else "\n\n\n")
    said: dict[Key, str] = {}
    for line in near.split("\n") if heading else ():
        label, colon, words = line.partition(":")
        key, whole = key_of(label.strip()) if colon and len(label) < 40 else (None, False)
        if key and whole and words.strip() and len(words) < 200:
            said.setdefault(key, words.strip())
    return said


def _company_above(grid: Grid, headings: tuple[str, ...]) -> str | None:
    """The company that a heading names, if the rows' links lead to it, or lines below say where it is."""
    heading = bare(_BRACKETED.sub(" ", headings[-1])) if headings else ""
    name = folded(heading).replace(" ", "")
    links = [to.lower() for row in grid.rows[:100] for cell in row.cells.values() for _, to in cell.links[:3]]
    if not 3 <= len(name) <= 40:
        return None
    if links and sum(name in to for to in links) > 0.5 * len(links):
        return heading
    # A section that says where it is, before its table, is about who is there.
    other = OF_POSTS.search(heading) or OF_PAPERS.search(heading) or names_role(heading) or is_place(heading)
    return heading if Key.PLACE in grid.above and not other else None


_MEANS = re.compile(r"[\s:=()–—-]+")


def legend_of(tree: Tree) -> tuple[tuple[str, str], ...]:
    """What the marks of a page mean, where a line of it says so ("🔒 - Closed"), each with its words."""
    meanings: dict[str, str] = {}
    for block in tree.root.walk():
        if block.children or not block.runs or block.role in (Role.CELL, Role.FIELD, Role.HEADING):
            continue
        for line in tree.text[block.start : min(block.end, block.start + 2000)].split("\n"):
            mark = MARKS.match(line.lstrip("• "))
            if mark and len(line) < 160 and len(meanings) < 50:
                rest = line.lstrip("• ")[mark.end() :]
                if (means := _MEANS.match(rest)) and len(rest) > means.end():
                    meanings.setdefault(mark[0].strip("\ufe0f"), rest[means.end() :].strip())
    return tuple(meanings.items())
