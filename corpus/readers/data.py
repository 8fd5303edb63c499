"""The reader of JSON: exports of papers and job posts, as lists, as lines, or as an answer of an interface."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpus.decoding import BLANK, decode
from corpus.errors import ReadError
from corpus.readers._columns import fact_of
from corpus.readers._lines import collapsed
from corpus.readers._records import Record, kind_of, page_of_records, settled
from corpus.readers._schema_org import record_of, types_of
from corpus.readers._values import people_of, words_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.model import Page

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
        record = record_of(value) or _record(value)
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


def _record(thing: dict[str, Any]) -> Record | None:
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
