"""A grid: rows of a table or records of a data file under columns, and what the columns hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.readers.dates import order_of_days
from corpus.readers.keys import Key, Signs, key_of, words_of_key
from corpus.readers.people import parse_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.readers.tree import Block, Run


URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_APPLIES = re.compile(r"\b(?:apply|application|bewerben|postular|postuler|solicitar|投递|応募)", re.IGNORECASE)
OF_POSTS = re.compile(
    r"\b(?:jobs?|positions?|internships?|openings?|vacanc(?:y|ies)|postings?|careers?|hiring|requisitions?|offers|roles|stellen\w*"
    r"|empleos?|vacantes|emplois?|fellowships?|new grad|co-?ops?)\b",
    re.IGNORECASE,
)
OF_PAPERS = re.compile(
    r"\b(?:papers?|publications?|articles?|proceedings|preprints|bibliography|posters?|talks|orals?|references"
    r"|surveys|publikationen|publicaciones|theses)\b",
    re.IGNORECASE,
)
_OF_ONE = tuple((word,) for word in ("author", "by", "creator", "autor", "auteur", "speaker", "presenter", "name"))
_LOOKED = 400


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
        items = [self.source[run.start : run.end] for run in self.runs if "value" in run.style.marks]
        return items or ([self.text] if self.text else [])

    @property
    def listed(self) -> bool:
        """Whether a data file gives it as a list."""
        return any("value" in run.style.marks for run in self.runs)

    @property
    def said(self) -> str:
        """Its words; of a list its items alone."""
        return ", ".join(self.values) if self.listed else self.text

    @cached_property
    def lines(self) -> list[Line]:
        """Its lines; one that ends with a comma, or within a link, goes on in the next."""
        lines: list[Line] = []
        end = -1
        for run in self.runs:
            words = self.source[run.start : run.end]
            parted = "\n" in self.source[end : run.start]
            same = run.style.href is not None and lines and lines[-1].runs[-1].style.href == run.style.href
            goes_on = lines and (not parted or same or lines[-1].text.endswith((",", " and")))
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
            found = [(value, value) for value in self.values if URL.fullmatch(value)]
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
        keys: what columns hold; signs: what stands in them; title: the column of titles.
        split: whether the titles' cells hold authors as well, on lines of their own.
        staff: whether the rows are of people.
    """

    heads: list[str]
    rows: list[Row]
    about: str = ""
    above: Mapping[Key, str] = field(default_factory=dict)
    keys: dict[int, Key] = field(init=False)
    signs: dict[int, Signs] = field(init=False)
    title: int | None = field(init=False)
    split: bool = field(init=False, default=False)
    staff: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.keys, self.signs, named = {}, {}, {}
        for column, head in enumerate(self.heads):
            cells = [row.cells[column] for row in self.rows if column in row.cells]
            links = [to for cell in cells[:_LOOKED] for _, to in cell.links]
            self.signs[column] = Signs([cell.text if len(cell.runs) < 2 else cell.said for cell in cells], links)
            key, whole = key_of(head)
            named[column] = 1.0 if whole else 0.7
            if key := _key(key, self.signs[column], bool(links)):
                self.keys[column] = key
        self.title = self._title(named)
        kinds = {cell.text for row in self.rows if (cell := self.cell(row, Key.TYPE))}
        if len(kinds) == 1:
            self.about += f" {kinds.pop()[:40]}"  # what all of them call themselves
        if self.title is not None:
            self.keys[self.title] = self.keys.get(self.title) or Key.TITLE
            self.split = Key.AUTHORS not in self.keys.values() and self._is_split(self.title)
            self._name_others(self.title)
            self._leave_others(self.heads[self.title])
        self._named = named

    @cached_property
    def orders(self) -> dict[Key, str]:
        """In which language's order of day and month the days of a key's column are, where they tell."""
        found: dict[Key, str] = {}
        for column, key in self.keys.items():
            if key in (Key.POSTED, Key.CLOSES, Key.DAY):
                days = (row.cells[column].text[:100] for row in self.rows if column in row.cells)
                if order := order_of_days(self.heads[column], days):
                    found.setdefault(key, order)
        return found

    def _leave_others(self, title: str) -> None:
        """Take out what stands in objects beside the one that holds the title."""
        holder = title.rpartition(".")[0] if key_of(title.rpartition(".")[0])[0] is None else ""
        for column, head in enumerate(self.heads):
            own = head.rpartition(".")[0]
            if (
                holder
                and own
                and not f"{own}.".startswith(f"{holder}.")
                and not f"{holder}.".startswith(f"{own}.")
                and key_of(own)[0] is not Key.LINK
            ):
                self.keys[column] = Key.OTHER

    def _name_others(self, title: int) -> None:
        """Say what columns are that could have been the title's."""
        for column, key in list(self.keys.items()):
            if column == title or key not in (Key.TITLE, Key.ROLE, Key.PAPER, Key.NAME):
                continue
            led = any(row.cells[title].links for row in self.rows if title in row.cells)
            self.staff = self.staff or (key is Key.NAME and self.signs[column].people >= 0.6 and not led)
            linked = any(row.cells[column].links for row in self.rows if column in row.cells)
            # A name beside a job's title is who hires.
            hires = key is Key.NAME and Key.COMPANY not in self.keys.values() and self.signs[title].role >= 0.4
            self.keys[column] = Key.COMPANY if hires else Key.LINK if linked else Key.OTHER

    def _title(self, named: Mapping[int, float]) -> int | None:
        best: tuple[float, int | None] = (0.35, None)
        named_so = (
            _depth(self.heads[n]) for n, key in self.keys.items() if _PRIORS.get(key) and self.signs[n].count
        )
        outermost = min(named_so, default=0)
        for column, signs in self.signs.items():
            key = self.keys.get(column)
            prior = _PRIORS.get(key, 0.0 if key else 0.2) * named[column]
            if not prior or not signs.count:
                continue
            score = prior + 0.6 * signs.role + 0.3 * (2 <= signs.words <= 30)
            score -= (
                1.5 * max(signs.number, signs.day, signs.link)
                + signs.prose
                + 0.5 * (key is Key.ROLE and signs.words > 14)
            )
            # Two or three words can pass for a person's name; a whole column of them does not.
            score -= (0.7 if signs.count > 3 else 0.2) * signs.people * (signs.people > 0.5)
            score -= 0.8 * (signs.length > 200) + 0.4 * (signs.words < 1.5)
            score -= 0.5 * (1 - signs.count / max(1, len(self.rows)))
            score -= 0.25 * (_depth(self.heads[column]) - outermost)  # an object within it has a name of its own
            if score > best[0] + 1e-9:
                best = (score, column)
        return best[1]

    def _is_split(self, column: int) -> bool:
        """Whether title and authors stand in one cell, on lines of their own."""
        cells = [row.cells[column] for row in self.rows[:200] if column in row.cells]
        found = [parted(cell) for cell in cells]
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
        if post > paper:
            return Kind.JOB if post >= 2 else None
        return Kind.PAPER if paper >= 3 else None

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
        applies = applies or any(each.post >= 0.5 for each in self.signs.values())
        score += 1.5 * applies + 1.5 * (OF_POSTS.search(self.about) is not None)
        # A job has two of these: a place, somebody who hires, a way to apply, a role.
        hires = Key.COMPANY in keys or Key.COMPANY in self.above
        sure = applies + where + hires + (role or signs.role >= 0.4)
        if self.staff and not applies and Key.EMPLOYMENT not in keys:
            return 0.0  # people with their titles
        return score if sure >= 2 or (sure and OF_POSTS.search(self.about)) else 0.0

    def _paper_score(self) -> float:
        keys, title = set(self.keys.values()), self.title
        assert title is not None  # noqa: S101 - as above
        signs = self.signs[title]
        score = 0.5 * (signs.words >= 4) + 2 * self._named[title] * (self.keys[title] is Key.PAPER)
        column = self.column(Key.AUTHORS)
        listed = False
        if column is None and (column := self.column(Key.SPEAKER)) is not None:
            score -= 1.5  # a talk may be a paper's, and may be none
        within = " ".join(words_of_key(self.heads[column].rpartition(".")[0])) if column is not None else ""
        of_papers = max((each.paper for each in self.signs.values()), default=0.0)
        written = bool(keys & {Key.VENUE, Key.YEAR, Key.ABSTRACT, Key.DOI, Key.PAPER_LINK}) or of_papers >= 0.3
        written = written or OF_PAPERS.search(within) is not None
        if column is not None:
            people = self.signs[column]
            listed = any(row.cells[column].listed for row in self.rows[:40] if column in row.cells)
            together = people.together >= 0.3 or any(
                len(row.cells[column].values) > 1 for row in self.rows[:40] if column in row.cells
            )
            # "Authors" are those of papers; an "author" may also be of a post or a book.
            several = together or words_of_key(self.heads[column].rsplit(".", 1)[-1])[-1:] not in _OF_ONE
            score += (3 if several else 2.5 if written else 1) * (1 if self.heads[column] else 0.7)
        elif self.split:
            score += 3
        score += (Key.VENUE in keys) + 0.5 * (Key.YEAR in keys) + (Key.ABSTRACT in keys) + 2 * (Key.DOI in keys)
        score += (Key.PAPER_LINK in keys) + (2.5 if of_papers >= 0.7 else 2 if of_papers >= 0.4 else 0)
        score += 1.5 * (OF_PAPERS.search(self.about) is not None) * (signs.words >= 3)
        score -= (Key.COMPANY in keys) + 2 * (Key.PAY in keys) + 2 * (Key.EMPLOYMENT in keys) + (Key.APPLY in keys)
        if not written and Key.TEXT in keys and keys & {Key.DAY, Key.POSTED}:
            score -= 2  # a blog's posts have authors, too
        if (
            len(self.rows) == 1
            and not self.split
            and (column is None or not (listed or self.signs[column].people))
        ):
            return 0.0  # what is alone is told by its authors
        return score if written or column is not None or self.split else 0.0


_PRIORS: dict[Key | None, float] = {
    Key.TITLE: 1.05, Key.ROLE: 1.0, Key.PAPER: 1.0, Key.NAME: 0.5, Key.TEXT: 0.3, None: 0.2, Key.OTHER: 0.0,
}  # fmt: skip


def _depth(head: str) -> int:
    """In how many objects a key stands."""
    return 0 if " " in head else head.count(".")


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
    return found or (Key.LINK if linked and signs.words <= 2 and signs.role < 0.4 else None)


def parted(cell: Cell) -> tuple[Line, Line | None, list[Line]]:
    """A cell's title, its authors where a line of it is people, and its other lines."""
    lines: list[Line] = []
    for number, line in enumerate(each for each in cell.lines[:30] if any(map(str.isalnum, each.text))):
        lines.extend(_by_style(line, cell.source) if number == 0 else [line])
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
