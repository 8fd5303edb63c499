"""The reader of tables in text: CSV and TSV with papers or job posts, a row each."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.readers.blocks import collapsed
from corpus.readers.columns import fact_of, language_of
from corpus.readers.metadata import record_of, types_of
from corpus.readers.records import Record, cleaned, kind_of, page_of_records, people_of, settled, words_of_value
from corpus.text import BLANK, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


_DEEPEST = 12
_UNITED = ("categories", "content", "info", "attributes", "fields", "metadata")
"""Keys whose object tells of the one that holds it."""
_SHOWN = 3
_DIGITS = 100


class DataReader:
    """Reads JSON and JSON Lines: objects that tell of papers or job posts, wherever they are in it.

    Keys are recognised as the columns of a table are; schema.org's JobPosting and ScholarlyArticle by their type.
    The stored text is what they say, one readable record after the other, as in HTML. A file that tells of
    neither (settings, a package's manifest) is refused.
    """

    name = "json"
    version = 1
    suffixes: tuple[str, ...] = (".json", ".jsonl", ".ndjson", ".jsonld")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read JSON.

        Args:
            data: the file's bytes.
            name: the page's title.

        Raises:
            ReadError: empty, binary, no JSON, nested too deeply, or without a paper or job post.
        """
        text, notes = decode(data)
        value, broken = _loaded(text.strip(BLANK))
        try:
            records = list(_records(value, 0))
        except RecursionError as error:
            raise ReadError("its JSON is nested too deeply") from error
        found = settled(records)
        if not found:
            raise ReadError(
                "it is JSON without papers or job posts: objects with a title and authors, "
                "or with a job title and a place"
            )
        return page_of_records(name, found, notes=(*notes, *broken))


def _loaded(text: str) -> tuple[Any, tuple[str, ...]]:
    """The value of a text, or the list of the values of its lines."""
    try:
        return json.loads(text, parse_int=_whole), ()
    except RecursionError as error:
        raise ReadError("its JSON is nested too deeply") from error
    except ValueError as error:
        lines = text.split("\n")
        # A file of lines has a whole object in its first, or at least in some; anything else is broken JSON.
        values, wrong = _of_lines(lines) if len(lines) > 1 else ([], [])
        if not values:
            raise ReadError(f"no JSON: {collapsed(str(error))[:120]}") from error
    if not wrong:
        return values, ()
    named = ", ".join(map(str, wrong[:_SHOWN])) + (" …" if len(wrong) > _SHOWN else "")
    return values, (f"{'line' if len(wrong) == 1 else 'lines'} {named} left out: no JSON",)


def _whole(digits: str) -> int | str:
    """A whole number; one of thousands of digits, which is no year or salary, as it is written."""
    return int(digits) if len(digits) <= _DIGITS else digits


def _of_lines(lines: list[str]) -> tuple[list[Any], list[int]]:
    values: list[Any] = []
    wrong: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip(BLANK):
            continue
        try:
            value = json.loads(line, parse_int=_whole)
        except (ValueError, RecursionError):
            wrong.append(number)
        else:
            if isinstance(value, dict | list):
                values.append(value)
    return values, wrong


def _records(value: Any, depth: int) -> Iterator[Record]:
    """The records among a value's objects, in order; within one that is a record there is no other."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _records(each, depth + 1)
    elif isinstance(value, dict):
        record = record_of(value) or _data_record(value)
        if record and kind_of(record):
            yield record
            return
        inner = list(_inner(value, depth))
        if not inner and record and record.get("title") and (record.get("place") or record.get("city")):
            yield record  # in the company of others it may be a job post
        yield from inner


def _inner(value: dict[str, Any], depth: int) -> Iterator[Record]:
    for each in value.values():
        if isinstance(each, dict | list):
            yield from _records(each, depth + 1)


def _data_record(thing: dict[str, Any]) -> Record | None:
    """The record that an object's keys make; None where it says it is something else."""
    if types_of(thing):
        return None
    record = Record()
    for key, value in _united(thing):
        fact = fact_of(key)
        if fact == "authors":
            record.authors = record.authors or people_of(value)
        elif fact and fact not in record.facts and (said := words_of_value(value)):
            record.facts[fact], record.labels[fact] = said, key
    return record if record.get("title") or record.get("role") else None


def _united(thing: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """An object's items, and those of the objects that tell of it."""
    for key, value in thing.items():
        if not (isinstance(value, dict) and key in _UNITED):
            yield key, value
    for key in _UNITED:
        if isinstance(inner := thing.get(key), dict):
            yield from inner.items()
