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
from corpus.readers.draft import Draft, Fact
from corpus.readers.grid import OF_PAPERS, OF_POSTS, URL, Cell, Grid, Line, Row, parted
from corpus.readers.keys import NOTHING, PAPER_TYPES, Key, key_of, words_of_key
from corpus.readers.people import parse_people
from corpus.readers.terms import closed_of, names_role
from corpus.readers.tree import Block, Role
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from corpus.readers.draft import Context
    from corpus.readers.tree import Tree


_DITTO = frozenset(
    ("↳", "⤷", "└", "└─", "〃", '"', "''", "“", "”", "″", "same", "same as above", "ditto", "^", "↑", "⬆️")
)
_MARKS = re.compile("(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff][\u200d\ufe0f\u20e3]?)+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BRACKETED = re.compile(r"\([^()]{0,80}\)")
_COUNTED = re.compile(r"\W*\d+\s+\w+\W*")
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
    return list(_drafts(grid, kind, context, headings)) or None


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
            grid = Grid(
                list(names), members, about=" ".join((*words_of_key(run[0].name), *headings[-1:])), above=above
            )
            told = (
                Kind.JOB
                if kind == "post"
                else Kind.PAPER
                if kind == "paper" and grid.title is not None
                else grid.kind()
            )
            for draft, row in _drafted(grid, told, context, headings):
                found[row.block] = draft
    return found


def _by_type(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by what they call themselves: "post", "paper", "other", or "" for those that do not say."""
    parted: dict[str, list[Row]] = {}
    for row in rows:
        said = {folded(each.rsplit("/", 1)[-1]).replace(" ", "") for each in row.block.marks}
        kind = "post" if said & _POST_TYPES else "paper" if said & PAPER_TYPES else "other" if said else ""
        parted.setdefault(kind, []).append(row)
    return parted


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
    return " ".join(_MARKS.sub(" ", cell.text).split())


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


def _drafts(grid: Grid, kind: Kind, context: Context, headings: tuple[str, ...]) -> Iterator[Draft]:
    return (draft for draft, _ in _drafted(grid, kind, context, headings))


def _drafted(
    grid: Grid, kind: Kind | None, context: Context, headings: tuple[str, ...]
) -> Iterator[tuple[Draft, Row]]:
    """A draft for each row with a title."""
    if kind is None or grid.title is None:
        return
    company, carried = grid.column(Key.COMPANY), None
    timed = Key.TIME in grid.keys.values()
    people = grid.column(Key.AUTHORS) or grid.column(Key.SPEAKER)
    for row in grid.rows:
        if company is not None:
            cell = row.cells.get(company)
            if cell is None or cell.text in _DITTO:
                row.cells.pop(company, None)
                if carried is not None and kind is Kind.JOB:
                    row.cells[company] = carried
            elif not _is_nothing(cell.text):
                carried = cell
        rows = _posts_of(grid, row) if kind is Kind.JOB else [(row, Span(row.block.start, row.block.end))]
        within = (*headings, row.group) if row.group and row.group not in headings[-1:] else headings
        for each, span in rows:
            draft = Draft(kind, span, headings=within)
            if not _add_title(draft, grid, each):
                continue
            # In a programme what nobody gives is a break.
            if (
                timed
                and kind is Kind.PAPER
                and (people is not None or grid.split)
                and not _signed(draft, each, people)
            ):
                continue
            _add_facts(draft, grid, each, context)
            yield draft, row


def _posts_of(grid: Grid, row: Row) -> list[tuple[Row, Span]]:
    """A row as the posts that it is: each link of the title's cell, where all of its words are links."""
    title = -1 if grid.title is None else grid.title
    cell = row.cells.get(title)
    whole = [(row, Span(row.block.start, row.block.end))]
    leads = {run.style.href for run in cell.runs if run.style.href} if cell else set()
    if cell is None or not 1 < len(leads) <= 50:
        return whole
    linked = [
        run for run in cell.runs if run.style.href and any(map(str.isalpha, cell.source[run.start : run.end]))
    ]
    if len(linked) != len(leads) or any(
        any(map(str.isalpha, cell.source[run.start : run.end])) for run in cell.runs if not run.style.href
    ):
        return whole
    starts = [row.block.start, *(run.start for run in linked[1:]), row.block.end]
    posts: list[tuple[Row, Span]] = []
    for run, start, end in zip(linked, starts, starts[1:], strict=False):
        own = Cell(
            cell.source[run.start : run.end],
            cell.source,
            Block(Role.CELL, start=run.start, end=run.end, runs=[run]),
        )
        posts.append((Row(row.block, {**row.cells, title: own}, row.group), Span(start, end)))
    return posts


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
    heading = _bare(_BRACKETED.sub(" ", headings[-1])) if headings else ""
    name = folded(heading).replace(" ", "")
    links = [to.lower() for row in grid.rows[:100] for cell in row.cells.values() for _, to in cell.links[:3]]
    if not 3 <= len(name) <= 40:
        return None
    if links and sum(name in to for to in links) > 0.5 * len(links):
        return heading
    # A section that says where it is, before its table, is about who is there.
    other = OF_POSTS.search(heading) or OF_PAPERS.search(heading) or names_role(heading) or is_place(heading)
    return heading if Key.PLACE in grid.above and not other else None


def _signed(draft: Draft, row: Row, people: int | None) -> bool:
    return Fact.AUTHORS in draft.said or (
        people in row.cells and bool(row.cells[people].text) if people is not None else False
    )


def _is_nothing(words: str) -> bool:
    return not (said := folded(words)) or said in NOTHING or len(words) > 100_000


def _add_title(draft: Draft, grid: Grid, row: Row) -> bool:
    """Note the title, and what else stands in its cell; false where there is none."""
    cell = row.cells.get(grid.title if grid.title is not None else -1)
    if cell is None or _is_nothing(cell.text):
        return False
    title, authors, others = parted(cell) if draft.kind is Kind.PAPER else _first(cell)
    if grid.split and authors is None and draft.kind is Kind.PAPER:
        return False
    words = _bare(title.text)
    if draft.kind is Kind.PAPER and words.endswith(".") and "." not in words[-4:-1]:
        words = words[:-1]
    if not any(map(str.isalpha, words)) or len(words) > 600 or _is_nothing(words):
        return False
    # An address that is written out in a title is not where the title leads.
    linked = (run for run in title.runs if run.style.href and not URL.match(cell.source, run.start, run.end))
    leads = next((run.style.href for run in linked), None)
    draft.add(Fact.TITLE, words, leads)
    if leads:
        draft.add(Fact.LINK, words, leads)
    if cell.struck or (title.runs and all(run.style.struck for run in title.runs)):
        draft.add(Fact.STATUS, "struck")
    if authors is not None:
        draft.add(Fact.AUTHORS, authors.text)
    for line in others:
        _add_line(draft, line, cell.source)
    return True


def _first(cell: Cell) -> tuple[Line, Line | None, list[Line]]:
    """A cell's first line with words, and the others."""
    lines = [line for line in cell.lines if any(map(str.isalpha, line.text))]
    return (lines[0], None, lines[1:]) if lines else (Line(cell.text, cell.runs), None, [])


def _add_line(draft: Draft, line: Line, source: str) -> None:
    """Note what a further line in the title's cell says."""
    linked = [(run, run.style.href) for run in line.runs if run.style.href]
    for run, to in linked:
        words = line.text if len(linked) == 1 else source[run.start : run.end]
        draft.add(Fact.LINK, words, to, label=words)
    if draft.kind is not Kind.PAPER or linked:
        return
    if len(line.text) > 160:
        draft.add(Fact.ABSTRACT, line.text)
    elif year := _YEAR.search(line.text):
        draft.add(Fact.YEAR, year[0])
        draft.add(Fact.VENUE, line.text)


def _bare(words: str) -> str:
    """A title without the marks before and behind it."""
    while True:
        words = words.strip(" *\t\n|")
        if found := _MARKS.match(words):
            words = words[found.end() :]
        elif words and (
            found := next(
                (m for m in _MARKS.finditer(words, max(0, len(words) - 12)) if m.end() == len(words)), None
            )
        ):
            words = words[: found.start()]
        else:
            return words


_SAME = {
    Key.AFFILIATION: Fact.AFFILIATION, Key.VENUE: Fact.VENUE, Key.TRACK: Fact.TRACK, Key.AWARD: Fact.AWARD,
    Key.TEAM: Fact.TEAM, Key.WORKPLACE: Fact.WORKPLACE,
    Key.EMPLOYMENT: Fact.EMPLOYMENT, Key.TERM: Fact.TERM, Key.LEVEL: Fact.LEVEL, Key.DEGREE: Fact.DEGREE,
    Key.POSTED: Fact.POSTED, Key.CLOSES: Fact.CLOSES, Key.STATUS: Fact.STATUS,
    Key.SPONSORSHIP: Fact.SPONSORSHIP, Key.CITIZENSHIP: Fact.CITIZENSHIP, Key.PAY: Fact.PAY,
}  # fmt: skip
_OF_PAPER = frozenset((Key.AFFILIATION, Key.VENUE, Key.TRACK, Key.AWARD))
_PARTS = {Key.CITY: "city", Key.REGION: "region", Key.COUNTRY: "country"}
_LINKS = (Key.LINK, Key.PAPER_LINK, Key.APPLY, Key.DOI)
_NUMBERED = re.compile(r" \d{4}$")
"""The number by which DBLP tells people of one name apart."""


def _add_facts(draft: Draft, grid: Grid, row: Row, context: Context) -> None:
    """Note what the row's other cells say, and what holds for all rows."""
    meanings = dict(context.legend)
    told: dict[Key, list[Cell]] = {}
    for column, cell in row.cells.items():
        key = grid.keys.get(column)
        for mark in _MARKS.findall(cell.text[:300]) if draft.kind is Kind.JOB and key is not Key.TEXT else ():
            draft.add(Fact.MARKS, mark, label=meanings.get(mark.strip("\ufe0f"), ""))
        if column == grid.title or key is None or key is Key.OTHER or (_is_nothing(cell.text) and not cell.links):
            continue
        told.setdefault(key, []).append(cell)
        if key in _LINKS:
            _add_links(draft, key, cell, grid.heads[column])
        elif key in _SAME and (key in _OF_PAPER) == (draft.kind is Kind.PAPER):
            draft.add(_SAME[key], " ".join(cell.said.split()), label=grid.heads[column])
    if draft.kind is Kind.PAPER:
        _complete_paper(draft, told)
    else:
        _complete_post(draft, told, others={Key.APPLY, Key.LINK} & set(grid.keys.values()))
    _inherit(draft, grid.above)


def _complete_paper(draft: Draft, told: Mapping[Key, Sequence[Cell]]) -> None:
    """Note what a paper's cells say that is put together of several, or read in part."""
    for cell in told.get(Key.AUTHORS) or told.get(Key.SPEAKER) or ():
        for value in (_NUMBERED.sub("", value) for value in cell.values):
            names = parse_people(value).names if "," in value else ()
            draft.add(Fact.AUTHORS, names[0] if len(names) == 1 else value, label="name" if cell.listed else "")
    given = [cell.text for key in (Key.GIVEN, Key.FAMILY) for cell in told.get(key, ())[:1]]
    if given and Fact.AUTHORS not in draft.said:
        draft.add(Fact.AUTHORS, " ".join(given), label="name")
    for key in (Key.YEAR, Key.DAY, Key.POSTED, Key.VENUE):
        year = next((found for cell in told.get(key, ()) if (found := _YEAR.search(cell.text))), None)
        if year and Fact.YEAR not in draft.said:
            draft.add(Fact.YEAR, year[0])
    for cell in (*told.get(Key.ABSTRACT, ()), *told.get(Key.TEXT, ())):
        if Key.ABSTRACT in told or len(cell.text) > 200:
            draft.add(Fact.ABSTRACT, cell.text)


def _complete_post(draft: Draft, told: Mapping[Key, Sequence[Cell]], *, others: Collection[Key]) -> None:
    """Note what a post's cells say that is put together of several; ``others`` are the links that its grid has."""
    for cell in told.get(Key.COMPANY, ())[:1]:
        draft.add(Fact.COMPANY, _bare(cell.lines[0].text if cell.lines else cell.text))
        if cell.struck:
            draft.add(Fact.STATUS, "struck")
        if Fact.LINK not in draft.said and not others:
            _add_links(draft, Key.LINK, cell, "")  # in a list without other links it leads to the post
    for cell in (*told.get(Key.APPLY, ()), *told.get(Key.LINK, ())):
        if not cell.links and closed_of(cell.text):
            draft.add(Fact.STATUS, cell.text)
    for value in (value for cell in told.get(Key.SKILLS, ()) for value in cell.values):
        draft.add(Fact.SKILLS, value)
    if Fact.POSTED not in draft.said:
        for cell in told.get(Key.DAY, ())[:1]:
            draft.add(Fact.POSTED, cell.text)
    _add_places(draft, told)
    ends = [cell.text for key in (Key.PAY_MIN, Key.PAY_MAX) for cell in told.get(key, ())[:1]]
    about = [cell.text for key in (Key.CURRENCY, Key.PERIOD) for cell in told.get(key, ())[:1]]
    if ends or about:
        draft.add(Fact.PAY, " - ".join(ends), label=" ".join(about))


def _add_places(draft: Draft, told: Mapping[Key, Sequence[Cell]]) -> None:
    """Note the places, each once, and what parts of them further cells name."""
    places: list[str] = []
    for cell in told.get(Key.PLACE, ()):
        for value in cell.values if cell.listed else [line.text for line in cell.lines] or [cell.text]:
            within = any(each == value or each.startswith(f"{value},") for each in places)
            if not within and not value.isdecimal() and not _COUNTED.fullmatch(value):
                places = [each for each in places if not value.startswith(f"{each},")] + [value]
    for place in places:
        draft.add(Fact.PLACE, place)
    if len(places) < 2 and "," not in "".join(places):
        for key, label in _PARTS.items():
            for cell in told.get(key, ())[:1]:
                if cell.text not in places and not (places and key is Key.CITY):
                    draft.add(Fact.PLACE, cell.text, label=label)


def _add_links(draft: Draft, key: Key, cell: Cell, head: str) -> None:
    for words, to in cell.links:
        shown = "" if URL.match(words) else words
        draft.add(Fact.LINK, words, to, label="apply" if key is Key.APPLY else shown or head)
    if cell.links:
        return
    if found := _DOI.search(cell.text[:300]):
        draft.add(Fact.LINK, found[0], f"https://doi.org/{found[0]}", label="doi")
    elif found := _ARXIV.fullmatch(cell.text[:40]):
        draft.add(Fact.LINK, found[0], f"https://arxiv.org/abs/{found[1]}", label="arxiv")
    elif key in (Key.PAPER_LINK, Key.LINK) and cell.text.startswith("/") and " " not in cell.text:
        draft.add(Fact.LINK, cell.text, cell.text, label=head)


def _inherit(draft: Draft, above: Mapping[Key, str]) -> None:
    """Note what the objects around say, where the record itself says nothing of it."""
    if draft.kind is Kind.JOB:
        if Fact.COMPANY not in draft.said and (company := above.get(Key.COMPANY) or above.get(Key.NAME)):
            draft.add(Fact.COMPANY, company)
        for key in (Key.PLACE, Key.TERM, Key.EMPLOYMENT, Key.CLOSES):
            fact = Fact.PLACE if key is Key.PLACE else _SAME[key]
            if fact not in draft.said and key in above:
                draft.add(fact, above[key])
        return
    if Fact.VENUE not in draft.said and (venue := above.get(Key.VENUE)):
        draft.add(Fact.VENUE, venue)
    if Fact.YEAR not in draft.said and (year := _YEAR.search(above.get(Key.YEAR, ""))):
        draft.add(Fact.YEAR, year[0])


_MEANS = re.compile(r"[\s:=()–—-]+")


def legend_of(tree: Tree) -> tuple[tuple[str, str], ...]:
    """What the marks of a page mean, where a line of it says so ("🔒 - Closed"), each with its words."""
    meanings: dict[str, str] = {}
    for block in tree.root.walk():
        if block.children or not block.runs or block.role in (Role.CELL, Role.FIELD, Role.HEADING):
            continue
        for line in tree.text[block.start : min(block.end, block.start + 2000)].split("\n"):
            mark = _MARKS.match(line.lstrip("• "))
            if mark and len(line) < 160 and len(meanings) < 50:
                rest = line.lstrip("• ")[mark.end() :]
                if (means := _MEANS.match(rest)) and len(rest) > means.end():
                    meanings.setdefault(mark[0].strip("\ufe0f"), rest[means.end() :].strip())
    return tuple(meanings.items())
