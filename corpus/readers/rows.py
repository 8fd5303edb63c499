"""The rows of a grid to drafts: what a paper's or post's cells say, each and together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.model import Kind, Span
from corpus.readers.dates import parse_day
from corpus.readers.draft import Draft, Fact, Said
from corpus.readers.grid import URL, Cell, Grid, Line, Row, parted
from corpus.readers.keys import Key, is_nothing
from corpus.readers.people import parse_people
from corpus.readers.terms import closed_of, without_marks
from corpus.readers.titles import parted_title
from corpus.readers.tree import Block, Role
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from corpus.readers.draft import Context


_DITTO = frozenset(
    ("↳", "⤷", "└", "└─", "〃", '"', "''", "“", "”", "″", "same", "same as above", "ditto", "^", "↑", "⬆️")
)
MARKS = re.compile("(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff][\u200d\ufe0f\u20e3]?)+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNTED = re.compile(r"\W*\d+\s+\w+\W*")


def drafts_of_grid(
    grid: Grid, kind: Kind | None, context: Context, headings: tuple[str, ...]
) -> Iterator[tuple[Draft, Row]]:
    """A draft for each row with a title, and the row; some rows are several posts."""
    if kind is None or grid.title is None:
        return
    company, carried = grid.column(Key.COMPANY), None
    given = grid.split or {Key.AUTHORS, Key.SPEAKER} & set(grid.keys.values())
    timed = kind is Kind.PAPER and Key.TIME in grid.keys.values() and given
    for row in grid.rows:
        if company is not None:
            cell = row.cells.get(company)
            if cell is None or cell.text in _DITTO:
                row.cells.pop(company, None)
                if carried is not None and kind is Kind.JOB:
                    row.cells[company] = carried
            elif not _is_nothing(cell.text):
                carried = cell
        rows = _posts_of(grid, row) if kind is Kind.JOB else [(row, Span(row.block.start, row.block.end), "")]
        within = (*headings, row.group) if row.group and row.group not in headings[-1:] else headings
        for each, span, state in rows:
            draft = Draft(kind, span, {Fact.STATUS: [Said(state)]} if state else {}, within)
            if not _add_title(draft, grid, each):
                continue
            # In a programme what nobody gives is a break; elsewhere a row of one cell says something of the table.
            alone = kind is Kind.PAPER and given and sum(bool(cell.text) for cell in each.cells.values()) < 2
            if (timed or (alone and not grid.split)) and not _signed(draft, grid, each):
                continue
            _add_facts(draft, grid, each, context)
            yield draft, row


def _posts_of(grid: Grid, row: Row) -> list[tuple[Row, Span, str]]:
    """A row as the posts that it is, with what the cell says of their state.

    Each link of the title's cell is one, where all other words are states.
    """
    title = -1 if grid.title is None else grid.title
    cell = row.cells.get(title)
    whole = [(row, Span(row.block.start, row.block.end), "")]
    leads = {run.style.href for run in cell.runs if run.style.href} if cell else set()
    if cell is None or not 1 < len(leads) <= 50:
        return whole
    told = [run for run in cell.runs if any(map(str.isalpha, cell.source[run.start : run.end]))]
    linked = [run for run in told if run.style.href]
    others = [run for run in told if not run.style.href]
    if len(linked) != len(leads) or not all(_is_state(cell.source[run.start : run.end]) for run in others):
        return whole
    ends = [row.block.start, *(run.end for run in linked[:-1]), row.block.end]
    posts: list[tuple[Row, Span, str]] = []
    held = ""  # a state on a line of its own holds for the roles below, up to the next mark
    for run, start, end in zip(linked, ends, ends[1:], strict=False):
        words = cell.source[max(start, cell.block.start) : run.start].strip(" -•\t")
        state = words if any(start <= each.start < run.start for each in others) else ""
        if state or MARKS.search(words):
            held = state if state.endswith("\n") else ""
        block = Block(Role.CELL, start=run.start, end=run.end, runs=[run])
        own = Cell(cell.source[run.start : run.end], cell.source, block)
        posts.append((Row(row.block, {**row.cells, title: own}, row.group), Span(start, end), state or held))
    return posts


def _is_state(words: str) -> bool:
    """Whether words are no more than the state of a post ("[Closed]")."""
    bare = " ".join(re.findall(r"\w+", words))
    return bool(bare) and len(bare) < 40 and not without_marks(f"[{bare}]")


def _signed(draft: Draft, grid: Grid, row: Row) -> bool:
    cells = (grid.cell(row, key) for key in (Key.AUTHORS, Key.SPEAKER))
    return Fact.AUTHORS in draft.said or any(cell is not None and cell.text for cell in cells)


def _is_nothing(words: str) -> bool:
    return not folded(words) or is_nothing(words) or len(words) > 100_000


def _add_title(draft: Draft, grid: Grid, row: Row) -> bool:
    """Note the title, and what else stands in its cell; false where there is none."""
    cell = row.cells.get(grid.title if grid.title is not None else -1)
    if cell is None or _is_nothing(cell.text):
        return False
    title, authors, others = parted(cell) if draft.kind is Kind.PAPER else _first(cell)
    if grid.split and authors is None and draft.kind is Kind.PAPER:
        return False
    words = bare(title.text)
    if draft.kind is Kind.PAPER and words.endswith(".") and "." not in words[-4:-1]:
        words = words[:-1]
    if not any(map(str.isalpha, words)) or len(words) > 600 or _is_nothing(words):
        return False
    # An address that is written out in a title is not where the title leads.
    linked = (run for run in title.runs if run.style.href and not URL.match(cell.source, run.start, run.end))
    leads = next((run.style.href for run in linked), None)
    if draft.kind is Kind.JOB and Key.COMPANY not in {*grid.keys.values(), *grid.above}:
        words = _without_company(draft, words)
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


def _without_company(draft: Draft, title: str) -> str:
    """A title without the company in it, which is noted: "Data Engineer at Moss Labs"."""
    role, company, _ = parted_title(title)
    if company:
        draft.add(Fact.COMPANY, company)
    return role if company else title


def _first(cell: Cell) -> tuple[Line, Line | None, list[Line]]:
    """A cell's first line with words, and the others."""
    told = [line for line in cell.lines if any(map(str.isalpha, line.text))]
    lines = [line for line in told if not _is_state(line.text)] or told
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


def bare(words: str) -> str:
    """A title without the marks before and behind it."""
    while True:
        words = words.strip(" *\t\n|")
        near = max(0, len(words) - 12)
        last = next((found for found in MARKS.finditer(words, near) if found.end() == len(words)), None)
        if found := MARKS.match(words):
            words = words[found.end() :]
        elif last:
            words = words[: last.start()]
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
        for mark in MARKS.findall(cell.text[:300]) if draft.kind is Kind.JOB and key is not Key.TEXT else ():
            draft.add(Fact.MARKS, mark, label=meanings.get(mark.strip("\ufe0f"), ""))
        if column == grid.title or key is None or key is Key.OTHER or (_is_nothing(cell.text) and not cell.links):
            continue
        told.setdefault(key, []).append(cell)
        if key in _LINKS:
            _add_links(draft, key, cell, grid.heads[column])
        elif key in _SAME and (key in _OF_PAPER) == (draft.kind is Kind.PAPER):
            words = " ".join((cell.text if key is Key.PAY else cell.said).split())
            words = _dated(words, grid.orders.get(key), context.today, ahead=key is Key.CLOSES)
            draft.add(_SAME[key], words, label=grid.heads[column])
    if draft.kind is Kind.PAPER:
        _complete_paper(draft, told)
    else:
        _complete_post(draft, told, grid, context.today)
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


def _dated(words: str, order: str | None, today: date, *, ahead: bool = False) -> str:
    """The words of a day; the day itself, where its column tells the order of day and month."""
    day = parse_day(words, order, today, ahead=ahead) if order else None
    return day.isoformat() if day else words


def _complete_post(draft: Draft, told: Mapping[Key, Sequence[Cell]], grid: Grid, today: date) -> None:
    """Note what a post's cells say that is put together of several."""
    others = {Key.APPLY, Key.LINK} & set(grid.keys.values())
    for cell in told.get(Key.COMPANY, ())[:1]:
        draft.add(Fact.COMPANY, bare(cell.lines[0].text if cell.lines else cell.text))
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
            draft.add(Fact.POSTED, _dated(cell.text, grid.orders.get(Key.DAY), today))
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
