"""The reader of tables in text: CSV and TSV with papers or job posts, a row each."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from corpus.decoding import BLANK, decode
from corpus.errors import ReadError
from corpus.readers._columns import fact_of, language_of
from corpus.readers._lines import collapsed
from corpus.readers._records import Record, page_of_records, settled
from corpus.readers._values import cleaned, people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Page

_HEADS = 10
"""Rows among which the one with the columns' names is looked for; above it may stand what the table is."""
_MARKS = ",;\t|"
_NAMED = "title, authors, venue, year, abstract; job title, location, team, description, deadline"


class TableReader:
    """Reads CSV and TSV files of papers or job posts.

    Columns are recognised by their names, in English, German and Spanish. The stored text is what the rows say,
    one readable record after the other, as in HTML: cells as they are, under the names of their columns.
    """

    name = "table"
    version = 1
    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a table.

        Args:
            data: the file's bytes.
            name: the page's title.

        Raises:
            ReadError: empty, binary, no table, or one whose columns are not those of papers or job posts.
        """
        text, notes = decode(data)
        mark, at, heads = _heads(text.lstrip(BLANK))
        rows, broken = _rows(text.lstrip(BLANK), mark)
        table = rows[at + 1 :]
        records = [_record(heads, row) for row in table]
        found = settled(records)
        if not found:
            raise ReadError(f"no row is a paper or a job post, by its columns {_quoted(heads)}")
        missed = sum(any(cell.strip() for cell in row) for row in table) - len(found)
        if missed:
            notes = (*notes, f"{missed} {'row' if missed == 1 else 'rows'} without a title left out")
        return page_of_records(
            _titled(rows[:at]) or name, found, notes=(*notes, *broken), language=language_of(heads)
        )


def _heads(text: str) -> tuple[str, int, list[str]]:
    """The mark between cells, the number of the row that names the columns, and their names."""
    best: tuple[int, str, int, list[str]] = (0, "", 0, [])
    first: list[str] = []
    opening = text[: _HEADS * 2_000]
    for mark in _MARKS:
        rows, _ = _rows(opening, mark, most=_HEADS)
        first = max(first, rows[0] if rows else [], key=len)
        for at, row in enumerate(rows):
            facts = {fact for cell in row if (fact := fact_of(collapsed(cell)))}
            if len(facts) > best[0]:
                best = (len(facts), mark, at, row)
    known = {fact_of(collapsed(cell)) for cell in best[3]}
    if best[0] < 2 or not known & {"title", "role"}:
        raise ReadError(f"its columns {_quoted(first)} are not recognised; columns that are: {_NAMED}")
    return best[1], best[2], [collapsed(cleaned(cell)) for cell in best[3]]


def _rows(text: str, mark: str, most: int | None = None) -> tuple[list[list[str]], tuple[str, ...]]:
    """The rows of a table as far as it goes, and what was wrong with it."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
            if most and len(rows) >= most:
                break
    except csv.Error as error:
        if not rows:
            raise ReadError(f"no table: line {reader.line_num}: {error}") from error
        return rows, (f"line {reader.line_num}: {error}; what comes from there on was left out",)
    return rows, _unclosed(rows)


def _unclosed(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A note where the last row has swallowed others: a quotation mark in it was never closed."""
    usual = len(rows[0]) if rows else 0
    if len(rows) > 1 and len(rows[-1]) < usual and rows[-1][-1].count("\n") > 1:
        return ("the last row does not end: a quotation mark in it is not closed",)
    return ()


def _record(heads: Sequence[str], row: Sequence[str]) -> Record:
    record = Record()
    for head, cell in zip(heads, row, strict=False):
        said = cleaned(cell)
        if not said:
            continue
        fact = fact_of(head)
        if fact == "authors":
            record.authors = record.authors or people_of(said)
        elif fact and fact not in record.facts:
            record.facts[fact], record.labels[fact] = said, head
        elif head and collapsed(said):
            record.more[head] = collapsed(said)
    return record


def _titled(above: Sequence[Sequence[str]]) -> str | None:
    """What stands over the columns' names, where it is one cell."""
    said = [collapsed(cell) for row in above[:1] for cell in row if cell.strip()]
    return said[0][:200] if len(said) == 1 else None


def _quoted(heads: Sequence[str]) -> str:
    named = ", ".join(f"“{collapsed(cleaned(head))[:40]}”" for head in heads[:6])
    return named + (" …" if len(heads) > 6 else "")
