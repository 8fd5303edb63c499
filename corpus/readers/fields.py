"""Structured records: the rows of tables and the records of data files, to drafts of papers and job posts.

Both are read as one grid: columns, and cells in rows. What a column holds is told by its name and by what stands in
it; what the rows are, by all columns together, so that a table of dates, people or tools is neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.model import Kind, Span
from corpus.places import is_place
from corpus.readers.data import tree_of_value
from corpus.readers.draft import Draft, Fact
from corpus.readers.keys import Key, Signs, key_of
from corpus.readers.people import parse_people
from corpus.readers.terms import closed_of, names_role
from corpus.readers.tree import Block, Role
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.readers.draft import Context
    from corpus.readers.tree import Run, Tree


_NOTHING = frozenset(
    ["na", "none", "null", "unknown", "tbd", "tba", "nan", "not", "listed", "not", "specified", "not", "available", "not", "disclosed", "not", "provided", "any", "undefined", "1", "keine", "ninguno"]
) | {"", "n a", "not listed", "not specified", "not available", "not disclosed", "not provided", "to be announced"}
_DITTO = frozenset(
    ("↳", "⤷", "└", "└─", "〃", '"', "''", "“", "”", "″", "same", "same as above", "ditto", "^", "↑", "⬆️")
)
_MARKS = re.compile("(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff][\u200d\ufe0f\u20e3]?)+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BRACKETED = re.compile(r"\([^()]{0,80}\)")
_COUNTED = re.compile(r"\W*\d+\s+\w+\W*")
_APPLIES = re.compile(r"\b(?:apply|application|bewerben|postular|postuler|solicitar|投递|応募)", re.IGNORECASE)
_OF_POSTS = re.compile(
    r"\b(?:jobs?|positions?|internships?|openings?|vacanc(?:y|ies)|postings?|careers?|hiring|offers|roles|stellen\w*"
    r"|empleos?|vacantes|emplois?|fellowships?|new grad|co-?ops?)\b",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(
    r"\b(?:papers?|publications?|articles?|proceedings|preprints|bibliography|posters?|talks|orals?|references"
    r"|surveys|publikationen|publicaciones|theses)\b",
    re.IGNORECASE,
)
_POST_TYPES, _PAPER_TYPES = frozenset(("jobposting", "job")), frozenset(
    ["scholarlyarticle", "article", "inproceedings", "conference", "incollection", "inbook", "phdthesis", "mastersthesis", "techreport", "unpublished", "misc", "journalarticle", "proceedingsarticle", "postedcontent", "report", "thesis", "preprint", "book", "online", "medicalscholarlyarticle", "patent", "manual", "proceedings", "dataset"]
)  # fmt: skip
_MOST_COLUMNS, _HEADS, _LOOKED = 200, 6, 400


@dataclass(slots=True)
class Line:
    """A line of a cell: its words and their runs."""

    text: str
    runs: list[Run]


@dataclass(eq=False)
class Cell:
    """What stands in a row under a column."""

    text: str
    source: str
    block: Block

    def __post_init__(self) -> None:
        block = self.block
        self.runs: list[Run] = (
            [run for each in block.walk() for run in each.runs] if block.children else block.runs
        )

    @cached_property
    def values(self) -> list[str]:
        """The items of a list that a data file gives; one for any other cell."""
        if len(self.runs) < 2:
            return [self.text] if self.text else []
        items = [self.source[run.start : run.end] for run in self.runs if "value" in run.style.marks]
        return items or ([self.text] if self.text else [])

    @cached_property
    def lines(self) -> list[Line]:
        """Its lines; one that ends with a comma goes on in the next."""
        lines: list[Line] = []
        end = -1
        for run in self.runs:
            words = self.source[run.start : run.end]
            goes_on = lines and (
                "\n" not in self.source[end : run.start] or lines[-1].text.endswith((",", " and"))
            )
            if goes_on:
                lines[-1].runs.append(run)
                lines[-1].text = " ".join((lines[-1].text + self.source[end : run.start] + words).split())
            else:
                lines.append(Line(words, [run]))
            end = run.end
        return lines

    @cached_property
    def struck(self) -> bool:
        """Whether its words are struck through."""
        return sum((run.end - run.start) * (1 if run.style.struck else -1) for run in self.runs) > 0

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Words that lead somewhere, and where."""
        found: list[tuple[str, str]] = []
        for run in self.runs:
            if run.style.href:
                words = self.source[run.start : run.end]
                if found and found[-1][1] == run.style.href:
                    found[-1] = (f"{found[-1][0]} {words}", run.style.href)
                else:
                    found.append((words, run.style.href))
        if not found:
            found = [(value, value) for value in self.values if _URL.fullmatch(value)]
        return found


@dataclass(slots=True)
class Row:
    """A row or record: its cells by their column, and the line above that heads its part of the table."""

    block: Block
    cells: dict[int, Cell] = field(default_factory=dict)
    group: str = ""


@dataclass
class Grid:
    """Rows under columns.

    Attributes:
        heads: the columns' names; "" for one without.
        rows: the rows below them.
        about: what the rows are called: a heading, the key of a list.
        above: what holds for all of them, by what it is.
    """

    heads: list[str]
    rows: list[Row]
    about: str = ""
    above: Mapping[Key, str] = field(default_factory=dict)
    keys: dict[int, Key] = field(init=False)
    signs: dict[int, Signs] = field(init=False)
    title: int | None = field(init=False)
    split: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.keys, self.signs, named = {}, {}, {}
        for column, head in enumerate(self.heads):
            cells = [row.cells[column] for row in self.rows if column in row.cells]
            links = [to for cell in cells[:_LOOKED] for _, to in cell.links]
            self.signs[column] = Signs([cell.text for cell in cells], links)
            key, whole = key_of(head)
            named[column] = 1.0 if whole else 0.7
            if key := _key(key, self.signs[column], bool(links)):
                self.keys[column] = key
        self.title = self._title(named)
        if self.title is not None:
            self.keys[self.title] = self.keys.get(self.title) or Key.TITLE
            self.split = Key.AUTHORS not in self.keys.values() and self._is_split(self.title)
        for column, key in list(self.keys.items()):
            if self.title not in (None, column) and key in (Key.TITLE, Key.ROLE, Key.PAPER, Key.NAME):
                cells = [row.cells[column] for row in self.rows if column in row.cells]
                linked = any(cell.links for cell in cells)
                # A name beside a job's title is who hires.
                hires = (
                    key is Key.NAME
                    and Key.COMPANY not in self.keys.values()
                    and self.signs[self.title].role >= 0.4
                )
                self.keys[column] = Key.COMPANY if hires else Key.LINK if linked else Key.OTHER
        self._named = named

    def _title(self, named: Mapping[int, float]) -> int | None:
        best: tuple[float, int | None] = (0.5, None)
        for column, signs in self.signs.items():
            key = self.keys.get(column)
            prior = _PRIORS.get(key, 0.0 if key else 0.2) * named[column]
            if not prior or not signs.count:
                continue
            score = prior + 0.6 * signs.role + 0.3 * (2 <= signs.words <= 30)
            score -= 1.5 * max(signs.number, signs.day, signs.link) + 0.6 * signs.prose
            # Two or three words can pass for a person's name; a whole column of them does not.
            score -= (0.7 if signs.count > 3 else 0.2) * signs.people * (signs.people > 0.5)
            score -= 0.8 * (signs.length > 200) + 0.4 * (signs.words < 1.5)
            score -= 0.5 * (1 - signs.count / max(1, len(self.rows)))
            if score > best[0] + 1e-9:
                best = (score, column)
        return best[1]

    def _is_split(self, column: int) -> bool:
        """Whether title and authors stand in one cell, on lines of their own."""
        cells = [row.cells[column] for row in self.rows[:200] if column in row.cells]
        found = [_parted(cell) for cell in cells]
        return bool(found) and sum(authors is not None for _, authors, _ in found) >= 0.5 * len(found)

    def column(self, key: Key) -> int | None:
        """The first column of a kind."""
        return next((column for column, each in self.keys.items() if each is key), None)

    def cell(self, row: Row, key: Key) -> Cell | None:
        """A row's cell in the first column of a kind."""
        column = self.column(key)
        return None if column is None else row.cells.get(column)

    def kind(self) -> Kind | None:
        """What its rows are, by all columns together; None for anything else."""
        if self.title is None:
            return None
        post, paper = self._post_score(), self._paper_score()
        if max(post, paper) < 2.5 or (paper >= post and paper < 3):
            return None
        return Kind.JOB if post > paper else Kind.PAPER

    def _post_score(self) -> float:
        keys, title = set(self.keys.values()), self.title
        assert title is not None  # noqa: S101 - for the type checker: asked for grids with a title alone
        signs = self.signs[title]
        role = self.keys[title] is Key.ROLE
        where = bool((keys | self.above.keys()) & {Key.PLACE, Key.CITY, Key.COUNTRY, Key.REGION})
        score = (
            1.5 * self._named[title] * role
            + 2 * signs.role
            + where
            + (Key.COMPANY in keys or Key.COMPANY in self.above)
        )
        score += bool(keys & {Key.PAY, Key.PAY_MIN, Key.PAY_MAX}) + (Key.EMPLOYMENT in keys)
        score += bool(keys & {Key.SPONSORSHIP, Key.CITIZENSHIP})
        score += 0.5 * sum(key in keys for key in (Key.CLOSES, Key.POSTED, Key.WORKPLACE))
        score += 0.25 * sum(key in keys for key in (Key.TEAM, Key.LEVEL, Key.TERM, Key.SKILLS, Key.DAY))
        applies = Key.APPLY in keys or any(
            _APPLIES.search(words)
            for row in self.rows[:40]
            for cell in row.cells.values()
            for words, _ in cell.links
        )
        score += 1.5 * applies + 1.5 * (_OF_POSTS.search(self.about) is not None)
        # A job has somewhere to be, somebody who hires, or a way to apply; and names a role where it has one alone.
        hires = Key.COMPANY in keys or Key.COMPANY in self.above
        sure = applies + where + hires + (role or signs.role >= 0.4)
        return score if sure >= 2 or (sure and _OF_POSTS.search(self.about)) else 0.0

    def _paper_score(self) -> float:
        keys, title = set(self.keys.values()), self.title
        assert title is not None  # noqa: S101 - as above
        signs = self.signs[title]
        score = 0.5 * (signs.words >= 4) + 2 * self._named[title] * (self.keys[title] is Key.PAPER)
        column = self.column(Key.AUTHORS)
        if column is None and (column := self.column(Key.SPEAKER)) is not None:
            score -= 1.5  # a talk may be a paper's, and may be none
        of_papers = max((each.paper for each in self.signs.values()), default=0.0)
        written = bool(keys & {Key.VENUE, Key.YEAR, Key.ABSTRACT, Key.DOI, Key.PAPER_LINK}) or of_papers >= 0.3
        if column is not None:
            people = self.signs[column]
            together = people.together >= 0.3 or any(
                len(row.cells[column].values) > 1 for row in self.rows[:40] if column in row.cells
            )
            score += (3 if together else 2.5 if written else 1) * (1 if self.heads[column] else 0.7)
        elif self.split:
            score += 3
        score += (Key.VENUE in keys) + 0.5 * (Key.YEAR in keys) + (Key.ABSTRACT in keys) + 2 * (Key.DOI in keys)
        score += (Key.PAPER_LINK in keys) + (2.5 if of_papers >= 0.7 else 2 if of_papers >= 0.4 else 0)
        score += 1.5 * (_OF_PAPERS.search(self.about) is not None) * (signs.words >= 3)
        score -= (Key.COMPANY in keys) + 2 * (Key.PAY in keys) + 2 * (Key.EMPLOYMENT in keys) + (Key.APPLY in keys)
        if len(self.rows) == 1 and not self.split and (column is None or not self.signs[column].people):
            return 0.0  # what is alone is told by its authors
        return score if written or column is not None or self.split else 0.0


_PRIORS: dict[Key | None, float] = {
    Key.TITLE: 1.05, Key.ROLE: 1.0, Key.PAPER: 1.0, Key.NAME: 0.5, Key.TEXT: 0.3, None: 0.2, Key.OTHER: 0.0,
}  # fmt: skip


def _key(named: Key | None, signs: Signs, linked: bool) -> Key | None:
    """What a column holds: what its name says, unless what stands in it says otherwise."""
    if named is Key.AUTHORS and signs.number >= 0.5:
        return Key.OTHER
    if named in (Key.VENUE, Key.TRACK, Key.TEAM, Key.COMPANY) and signs.number >= 0.8:
        return Key.YEAR if signs.year >= 0.8 else Key.OTHER
    if named is Key.PLACE and signs.link >= 0.5:
        return Key.LINK
    if named is not None:
        return named
    if not signs.count:
        return None
    kinds = (
        (Key.LINK, signs.link), (Key.YEAR, signs.year), (Key.TIME, signs.time), (Key.DAY, signs.day),
        (Key.PAY, signs.pay), (Key.OTHER, signs.number), (Key.PLACE, signs.place),
        (Key.AUTHORS, signs.people if signs.together >= 0.3 else 0.0),
    )  # fmt: skip
    found = next((key for key, share in kinds if share >= 0.7), None)
    return found or (Key.LINK if linked and signs.words <= 2 else None)


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
        A draft a row; None where its columns do not tell of papers or posts.
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
    if kind is None:
        return None
    return list(_drafts(grid, kind, context, headings)) or None


def drafts_of_records(tree: Tree, context: Context, headings: tuple[str, ...] = ()) -> list[Draft]:
    """The papers and posts that a tree's records are, in page order; a record within one is none."""
    drafts: list[Draft] = []
    waiting: list[tuple[Block, Mapping[Key, str]]] = [(tree.root, {})]
    while waiting:
        block, above = waiting.pop()
        inner: list[tuple[Block, Mapping[Key, str]]] = []
        for run in _runs(block):
            read = _of_records(run, tree, context, headings, above)
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
            told = tree_of_value(value)
            drafts += drafts_of_records(told, replace(context, text=told.text))
    for draft in drafts:
        draft.span = Span(tree.root.start, tree.root.end)
    return drafts


_OUTER = (Role.GROUP, Role.DOCUMENT, Role.LIST, Role.ITEM)


def _runs(block: Block) -> list[list[Block]]:
    """The records right within a block, by the list that they are from."""
    runs: dict[str, list[Block]] = {}
    for child in block.children:
        if child.role is Role.RECORD:
            runs.setdefault(child.name, []).append(child)
    return list(runs.values())


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
            grid = Grid(list(names), members, about=f"{run[0].name} {' '.join(headings[-1:])}", above=above)
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
        kind = "post" if said & _POST_TYPES else "paper" if said & _PAPER_TYPES else "other" if said else ""
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
            if len(cell.text) <= 60 and not _URL.match(cell.text)
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
    other = _OF_POSTS.search(heading) or _OF_PAPERS.search(heading) or names_role(heading) or is_place(heading)
    return heading if Key.PLACE in grid.above and not other else None


def _signed(draft: Draft, row: Row, people: int | None) -> bool:
    return Fact.AUTHORS in draft.said or (
        people in row.cells and bool(row.cells[people].text) if people is not None else False
    )


def _is_nothing(words: str) -> bool:
    return folded(words) in _NOTHING or len(words) > 100_000


def _add_title(draft: Draft, grid: Grid, row: Row) -> bool:
    """Note the title, and what else stands in its cell; false where there is none."""
    cell = row.cells.get(grid.title if grid.title is not None else -1)
    if cell is None or _is_nothing(cell.text):
        return False
    title, authors, others = _parted(cell) if draft.kind is Kind.PAPER else _first(cell)
    if grid.split and authors is None and draft.kind is Kind.PAPER:
        return False
    words = _bare(title.text)
    if not any(map(str.isalpha, words)) or len(words) > 600 or _is_nothing(words):
        return False
    # An address that is written out in a title is not where the title leads.
    linked = (run for run in title.runs if run.style.href and not _URL.match(cell.source, run.start, run.end))
    leads = next((run.style.href for run in linked), None)
    draft.add(Fact.TITLE, words, leads)
    if leads:
        draft.add(Fact.LINK, words, leads)
    if cell.struck or (title.runs and all(run.style.struck for run in title.runs)):
        draft.add(Fact.STATUS, "struck")
    if authors is not None:
        draft.add(Fact.AUTHORS, authors.text)
    for line in others:
        _add_line(draft, line)
    return True


def _first(cell: Cell) -> tuple[Line, Line | None, list[Line]]:
    """A cell's first line with words, and the others."""
    lines = [line for line in cell.lines if any(map(str.isalpha, line.text))]
    return (lines[0], None, lines[1:]) if lines else (Line(cell.text, cell.runs), None, [])


def _parted(cell: Cell) -> tuple[Line, Line | None, list[Line]]:
    """A cell's title, its authors where a line of it is people, and its other lines."""
    lines: list[Line] = []
    for number, line in enumerate(each for each in cell.lines[:30] if any(map(str.isalnum, each.text))):
        lines.extend(_by_style(line, cell.source) if number < 2 else [line])
    if not lines:
        return Line(cell.text, cell.runs), None, []
    at = next(
        (n for n, line in enumerate(lines[:4]) if len(lines) > 1 and parse_people(line.text[:2000]).score >= 0.5),
        None,
    )
    title = 0 if at != 0 else 1
    others = [line for n, line in enumerate(lines) if n not in (title, at)]
    return lines[title], lines[at] if at is not None else None, others


def _by_style(line: Line, source: str) -> list[Line]:
    """A line that is a title in its own style, and then something else, as two; else as it is."""
    first = line.runs[0].style
    same = 0
    for run in line.runs:
        if (run.style.href, run.style.bold, run.style.italic) != (first.href, first.bold, first.italic):
            break
        same += 1
    if same == len(line.runs) or not (first.href or first.bold or first.italic):
        return [line]
    own, rest = (
        Line(" ".join(source[runs[0].start : runs[-1].end].split()), list(runs))
        for runs in (line.runs[:same], line.runs[same:])
    )
    if len(own.text.split()) < 2:
        return [line]
    linked = all(run.style.href or len(source[run.start : run.end].strip()) < 3 for run in rest.runs)
    rest.text = rest.text.strip(" -–—|,.;:")
    return [own, rest] if linked or parse_people(rest.text[:2000]).score >= 0.5 else [line]


def _add_line(draft: Draft, line: Line) -> None:
    """Note what a further line in the title's cell says."""
    linked = [(run, run.style.href) for run in line.runs if run.style.href]
    for run, to in linked:
        draft.add(Fact.LINK, line.text if len(linked) == 1 else "", to, label="" if len(linked) > 1 else line.text)
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
    Key.COMPANY: Fact.COMPANY, Key.TEAM: Fact.TEAM, Key.WORKPLACE: Fact.WORKPLACE,
    Key.EMPLOYMENT: Fact.EMPLOYMENT, Key.TERM: Fact.TERM, Key.LEVEL: Fact.LEVEL, Key.DEGREE: Fact.DEGREE,
    Key.SKILLS: Fact.SKILLS, Key.POSTED: Fact.POSTED, Key.CLOSES: Fact.CLOSES, Key.STATUS: Fact.STATUS,
    Key.SPONSORSHIP: Fact.SPONSORSHIP, Key.CITIZENSHIP: Fact.CITIZENSHIP, Key.PAY: Fact.PAY,
}  # fmt: skip
_OF_PAPER = frozenset((Key.AFFILIATION, Key.VENUE, Key.TRACK, Key.AWARD))
_PARTS = {Key.CITY: "city", Key.REGION: "region", Key.COUNTRY: "country"}
_PAYS = {Key.PAY_MIN: "min", Key.PAY_MAX: "max"}


def _add_facts(draft: Draft, grid: Grid, row: Row, context: Context) -> None:
    """Note what the row's other cells say, and what holds for all rows."""
    meanings = dict(context.legend)
    given: dict[Key, str] = {}
    for column, cell in row.cells.items():
        key, head = grid.keys.get(column), grid.heads[column]
        for mark in _MARKS.findall(cell.text[:300]) if draft.kind is Kind.JOB and key is not Key.TEXT else ():
            draft.add(Fact.MARKS, mark, label=meanings.get(mark.strip("\ufe0f"), ""))
        if column == grid.title or key is None or key is Key.OTHER or (_is_nothing(cell.text) and not cell.links):
            continue
        if key in (Key.GIVEN, Key.FAMILY):
            given[key] = cell.text
        elif draft.kind is Kind.PAPER:
            _add_to_paper(draft, key, cell, head)
        else:
            _add_to_post(draft, key, cell, head)
    if draft.kind is Kind.JOB and Fact.POSTED not in draft.said and (day := grid.cell(row, Key.DAY)):
        draft.add(Fact.POSTED, day.text)
    if draft.kind is Kind.JOB and Fact.LINK not in draft.said and (company := grid.cell(row, Key.COMPANY)):
        if not {Key.APPLY, Key.LINK} & set(grid.keys.values()):
            _add_links(draft, Key.LINK, company, "")  # in a list without other links it leads to the post
    if given and Fact.AUTHORS not in draft.said and draft.kind is Kind.PAPER:
        draft.add(Fact.AUTHORS, " ".join(given[key] for key in (Key.GIVEN, Key.FAMILY) if key in given))
    _inherit(draft, grid.above)


def _add_to_paper(draft: Draft, key: Key, cell: Cell, head: str) -> None:
    if key is Key.AUTHORS or (key is Key.SPEAKER and Fact.AUTHORS not in draft.said):
        listed = any("value" in run.style.marks for run in cell.runs)
        for value in cell.values:
            draft.add(Fact.AUTHORS, value, label="name" if listed else "")
    elif key in (Key.YEAR, Key.DAY, Key.POSTED):
        if found := _YEAR.search(cell.text):
            draft.add(Fact.YEAR, found[0])
    elif key is Key.ABSTRACT or (key is Key.TEXT and len(cell.text) > 200):
        draft.add(Fact.ABSTRACT, cell.text)
    elif key in _OF_PAPER:
        draft.add(_SAME[key], " ".join(cell.text.split()), label=head)
    elif key in (Key.LINK, Key.PAPER_LINK, Key.APPLY, Key.DOI):
        _add_links(draft, key, cell, head)


def _add_to_post(draft: Draft, key: Key, cell: Cell, head: str) -> None:
    if key is Key.PLACE:
        for value in cell.values if len(cell.values) > 1 else [line.text for line in cell.lines] or [cell.text]:
            if not _COUNTED.fullmatch(value):
                draft.add(Fact.PLACE, value)
    elif key in _PARTS:
        draft.add(Fact.PLACE, cell.text, label=_PARTS[key])
    elif key in _PAYS:
        draft.add(Fact.PAY, cell.text, label=_PAYS[key])
    elif key in (Key.CURRENCY, Key.PERIOD):
        draft.add(Fact.PAY, "", label=cell.text)
    elif key is Key.COMPANY:
        draft.add(Fact.COMPANY, _bare(cell.lines[0].text if cell.lines else cell.text))
        if cell.struck:
            draft.add(Fact.STATUS, "struck")
    elif key is Key.SKILLS:
        for value in cell.values:
            draft.add(Fact.SKILLS, value, label=head)
    elif key in _SAME and key not in _OF_PAPER:
        draft.add(_SAME[key], " ".join(cell.text.split()), label=head)
    elif key in (Key.LINK, Key.PAPER_LINK, Key.APPLY):
        _add_links(draft, key, cell, head)
        if not cell.links and closed_of(cell.text):
            draft.add(Fact.STATUS, cell.text)


def _add_links(draft: Draft, key: Key, cell: Cell, head: str) -> None:
    for words, to in cell.links:
        shown = "" if _URL.match(words) else words
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
