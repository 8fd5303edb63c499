"""Data formats to trees: JSON, YAML, CSV, BibTeX and feeds become records of named fields.

Everything in them stays in the stored text, a line a field ("salary: 50k"), so that it can be searched and quoted.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.readers import bib
from corpus.readers.html import write_markup
from corpus.readers.keys import Key, key_of, language_of
from corpus.readers.tree import Block, Composer, Head, Role, Style
from corpus.text import BLANK, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from corpus.readers.tree import Tree


Pairs = list[tuple[str, Any]]
"""The items of an object, in order; a name may come twice."""

_DEEPEST, _MOST_VALUES, _LONGEST_KEY = 8, 100_000, 80
_DIGITS = 100
_VALUE = Style(marks=("value",))
_TAG = re.compile(
    r"</?(?:p|br|li|ul|ol|div|b|strong|em|i|h[1-6]|span|a|table|td|tr|sup|sub|jats:\w+)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"&lt;/?(?:p|br|li|ul|ol|div|h[1-6]|strong|b|span)\b", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WRAPPED = frozenset((
    "value", "rendered", "$numberLong", "$numberInt", "$numberDouble", "$date", "$oid", "@value", "#text", "_text",
    "$t",
))  # fmt: skip
"""Keys of an object of one value, which is that value."""
_INLINE = frozenset(
    key for key in Key if key not in (Key.PAPER, Key.ROLE, Key.TITLE, Key.TRACK, Key.TEXT, Key.OTHER, Key.VENUE)
)
"""What lists of objects can be within a record, as opposed to records of their own."""
_TYPES = ("@type", "ENTRYTYPE")
"""Keys that say what a record is: they become its marks."""
_SENDER = "id"
"""The name of the field that says who sent a message: that makes nobody a paper's author."""
_SHOWN = (Key.TITLE, Key.ROLE, Key.PAPER, Key.NAME)


def tree_of(data: bytes, suffix: str, name: str = "") -> Tree:
    """The tree of a data file.

    Args:
        data: the file's bytes.
        suffix: its ending, small letters, with the dot.
        name: its name without the ending.

    Raises:
        ReadError: empty, binary, not of this format, nested or repeated beyond the limits.
    """
    if suffix in (".xml", ".rss", ".atom"):
        value, notes = _feed(data)
    else:
        text, notes = decode(data)
        value, more = _LOADED[suffix](text.strip(BLANK))
        notes = (*notes, *more)
    composer = Composer()
    # A file has no more values than characters, unless it names the same ones again and again.
    writer = _Writer(composer, most=1000 + len(data))
    writer.value(value, "", 0)
    try:
        return composer.finished(notes, Head(language=language_of(writer.names)))
    except ReadError as error:
        raise ReadError("nothing is written in it") from error


def tree_of_value(value: Any) -> Tree:
    """The tree of a value that a page holds, but does not show."""
    composer = Composer()
    write_value(composer, value)
    return composer.finished()


def write_value(composer: Composer, value: Any, name: str = "") -> None:
    """Write a value of a data file in the open block: an object as a record, a list as what is in it.

    Args:
        composer: of the tree.
        value: what a library makes of JSON or YAML; an object may also be a list of pairs (``Pairs``).
        name: the key under which it stands.
    """
    _Writer(composer).value(value, name, 0)


class _Heading(str):
    """What stands above records, and is their title."""

    __slots__ = ()


class _Writer:
    """Writes values, as many as are allowed."""

    def __init__(self, composer: Composer, most: int = _MOST_VALUES) -> None:
        self._composer, self._left = composer, most
        self.names: set[str] = set()

    def value(self, value: Any, name: str, depth: int) -> None:
        self._counted()
        if isinstance(value, dict):
            value = _of_records(value) or value
        if isinstance(value, dict) or _is_pairs(value):
            self._record(_pairs(value), name, depth)
        elif isinstance(value, list):
            if value and depth == 0 and _is_table(value):
                self._table(value)
                return
            for each in value:
                self.value(each, name, depth + 1) if depth < _DEEPEST else None
        elif words := _words(value):
            heading = Block(Role.HEADING, level=1) if isinstance(value, _Heading) else None
            with self._composer.block(heading or Block(Role.PARAGRAPH)):
                self._text(words)

    def _record(self, pairs: Pairs, name: str, depth: int) -> None:
        types = [words for key, value in pairs if key in _TYPES for words in _words(value).lower().split(", ")]
        values = [(key, value) for key, value in self._flat(pairs, "", depth) if key not in _TYPES]
        inner = [isinstance(value, list) and any(map(_is_object, value)) for _, value in values]
        fields = [each for each, within in zip(values, inner, strict=True) if not within]
        lists = [each for each, within in zip(values, inner, strict=True) if within]
        first = _first(fields)
        # What has words and no title is a message: its words come first, as those of a page.
        message = next(
            (n for n, (key, value) in enumerate(fields) if first is None and _is_message(key, value)), None
        )
        role = Role.RECORD if message is None else Role.GROUP
        with self._composer.block(Block(role, name=name, marks=tuple(filter(None, types)))):
            if first is not None:
                self._field(*fields[first], bullet="")
            if message is not None:
                with self._composer.block(Block(Role.GROUP)):
                    self._text(_words(fields[message][1]))
            for number, (key, value) in enumerate(fields):
                if number not in (first, message):
                    sent = message is not None and key_of(key)[0] is Key.AUTHORS
                    self._field(key, value, bullet=f"{key}: ", name=_SENDER if sent else key)
            for key, value in lists:
                for each in value:
                    if depth < _DEEPEST:
                        self.value(each, key.rsplit(".", 1)[-1], depth + 1)

    def _flat(self, pairs: Pairs, prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
        """An object's values by their names ("outer.inner" for those of objects within it), merged ones last.

        What an object within it says again is left out.
        """
        own = {value for _, value in pairs if isinstance(value, str)}
        for key, said in sorted(pairs, key=lambda pair: pair[0] == "<<"):
            self._counted()
            name = f"{prefix}{_UNFIT.sub('', str(key))[:_LONGEST_KEY]}"
            value = _unwrapped(said)
            if value is None or value in ("", {}, []):
                continue
            if isinstance(value, dict):
                records = _of_records(value)
                if records is not None:
                    yield name, records
                elif depth < _DEEPEST:
                    within = self._flat(list(value.items()), f"{name}.", depth + 1)
                    yield from (each for each in within if not (isinstance(each[1], str) and each[1] in own))
            elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
                items = [each for each in map(_unwrapped, value) if each not in (None, "", {}, [])]
                if _is_inline(name, items):
                    yield name, [item for each in items if (item := self._item(each, key_of(name)[0]))]
                else:
                    yield name, items
            else:
                yield name, value

    def _item(self, value: Any, key: Key | None) -> str | tuple[str, str]:
        """An object within a list as its own words, and what else it says."""
        if not isinstance(value, dict):
            return _words(value)
        said = {
            name: words
            for name, each in self._flat(list(value.items()), "", _DEEPEST - 2)
            if (words := _words(each))
        }
        by_key: dict[Key | None, str] = {}
        for name, words in said.items():
            by_key.setdefault(key_of(name)[0], words)
        own = ""
        if Key.FAMILY in by_key:
            own = " ".join(filter(None, (by_key.get(Key.GIVEN), by_key[Key.FAMILY])))
        elif key is Key.PAY and Key.PAY_MIN in by_key:
            parts = (by_key.get(each) for each in (Key.PAY_MIN, Key.PAY_MAX))
            own = " - ".join(filter(None, parts))
        elif key is Key.LINK:
            own = by_key.get(Key.LINK, "")
        elif key is Key.PLACE and (Key.CITY in by_key or Key.COUNTRY in by_key) and Key.PLACE not in by_key:
            own = ", ".join(filter(None, (by_key.get(each) for each in (Key.CITY, Key.REGION, Key.COUNTRY))))
        own = own or by_key.get(key) or next((by_key[each] for each in _SHOWN if each in by_key), "")
        own = own or next((said[name] for name in ("text", "display", "full_name") if name in said), "")
        if not own:
            return ", ".join(f"{name} {words}" for name, words in said.items())
        more = ", ".join(words for words in said.values() if words not in own and len(words) < 200)
        return (own, more) if more else own

    def _field(self, key: str, value: Any, bullet: str, name: str = "") -> None:
        self.names.add(key)
        with self._composer.block(Block(Role.FIELD, name=name or key), bullet):
            if not isinstance(value, list):
                words = _words(value)
                self._text(words if bullet else " ".join(words.split()))
                return
            items = [item for each in value if (item := each if isinstance(each, tuple) else _words(each))]
            for number, item in enumerate(items):
                self._counted()
                own, more = item if isinstance(item, tuple) else (item, "")
                self._composer.write(" ".join(html.unescape(own).split()), _VALUE)
                self._composer.write((f" ({more})" if more else "") + (", " if number < len(items) - 1 else ""))

    def _text(self, words: str) -> None:
        if "<" not in words and "&" not in words:
            lines = words.splitlines()
        else:
            if _ESCAPED.search(words) and not _TAG.search(words):
                words = html.unescape(words)
            if _TAG.search(words):
                write_markup(self._composer, words)
                return
            lines = html.unescape(words).splitlines()
        for number, line in enumerate(lines):
            if number:
                self._composer.line_break()
            self._composer.write(line)

    def _table(self, rows: Sequence[Sequence[Any]]) -> None:
        with self._composer.block(Block(Role.TABLE)):
            for row in rows:
                with self._composer.block(Block(Role.ROW)):
                    for column, words in enumerate(map(_words, row)):
                        self._counted()
                        if words:
                            with self._composer.block(Block(Role.CELL, level=column)):
                                self._text(words)

    def _counted(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ReadError(
                "it refers to its own parts again and again, or has more of them than a document may have"
            )


def _is_object(value: Any) -> bool:
    return isinstance(value, dict | list) or _is_pairs(value)


def _is_message(key: str, value: Any) -> bool:
    """Whether a value is words that stand on their own: mark-up, or several lines."""
    return (
        key_of(key)[0] is Key.TEXT
        and isinstance(value, str)
        and ("<p>" in value or "\n" in value or " | " in value)
    )


def _is_pairs(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, tuple) for each in value)


def _pairs(value: Any) -> Pairs:
    return list(value.items()) if isinstance(value, dict) else list(value)


def _is_table(value: list[Any]) -> bool:
    """Whether a list is of rows of plain values."""
    return all(isinstance(row, list) and not any(isinstance(each, dict | list) for each in row) for row in value)


def _unwrapped(value: Any) -> Any:
    """A value out of the objects of one value around it; a day out of Crossref's parts."""
    for _ in range(_DEEPEST):
        if not isinstance(value, dict):
            break
        if len(value) == 1 and (key := next(iter(value))) in _WRAPPED:
            value = value[key]
        elif isinstance(parts := value.get("date-parts"), list) and parts and isinstance(parts[0], list):
            return "-".join(
                f"{int(part):02d}" for part in parts[0][:3] if str(part).isdecimal() and len(str(part)) < 5
            )
        else:
            break
    return value


def _of_records(value: dict[Any, Any]) -> list[Any] | None:
    """The objects of an object whose keys name them ("paper12": {…}), None for any other."""
    inner = [each for each in value.values() if isinstance(each, dict)]
    if len(inner) < max(2, len(value) - 1):
        return None
    shared = set(inner[0]).intersection(*inner[1:20])
    named = any(key_of(str(key))[1] for key in list(value)[:20])
    return inner if len(shared) >= 2 and not named else None


def _is_inline(name: str, items: list[Any]) -> bool:
    key, whole = key_of(name)
    return key is Key.PLACE or (whole and key in _INLINE)


def _first(fields: Sequence[tuple[str, Any]]) -> int | None:
    """Which field names the record."""
    for wanted in _SHOWN:
        for number, (key, value) in enumerate(fields):
            if key_of(key) == (wanted, True) and isinstance(value, str | list):
                return number
    return None


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return (value if value.isprintable() else _UNFIT.sub(" ", value)).strip()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value[:1000])))
    return "" if value is None or isinstance(value, dict) else str(value).removesuffix(".0")


def _json(text: str) -> tuple[Any, tuple[str, ...]]:
    """The value of a text, or the list of the values of its lines."""
    try:
        return json.loads(text, parse_int=_whole), ()
    except RecursionError as error:
        raise ReadError("its JSON is nested too deeply") from error
    except ValueError as error:
        lines = text.split("\n")
        values, wrong = _of_lines(lines) if len(lines) > 1 else ([], [])
        if not values:
            raise ReadError(f"no JSON: {' '.join(str(error).split())[:120]}") from error
    if not wrong:
        return values, ()
    named = ", ".join(map(str, wrong[:3])) + (" …" if len(wrong) > 3 else "")
    return values, (f"{'line' if len(wrong) == 1 else 'lines'} {named} left out: no JSON",)


def _whole(digits: str) -> int | str:
    """A whole number; one of thousands of digits, which is no year or salary, as it is written."""
    return int(digits) if len(digits) <= _DIGITS else digits


def _of_lines(lines: Iterable[str]) -> tuple[list[Any], list[int]]:
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


def _yaml(text: str) -> tuple[Any, tuple[str, ...]]:
    import yaml

    class Loader(yaml.CSafeLoader):
        """Makes plain values of YAML: tags of its own are passed over, merged keys stay where they stand."""

        def flatten_mapping(self, node: Any) -> None:
            """Leave merged keys alone: merged again and again, a small file would become a large one."""

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node)
        return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else node.value

    Loader.add_multi_constructor("", plain)
    Loader.add_constructor("tag:yaml.org,2002:merge", lambda *_: "<<")
    try:
        values = list(yaml.load_all(text, Loader))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError) as error:
        raise ReadError(f"no YAML: {' '.join(str(error).split())[:120]}") from error
    return (values[0] if len(values) == 1 else values), ()


_MARKS = ",;\t|"
_HEADS, _LONGEST_CELL = 10, 10_000_000


def _table(text: str) -> tuple[Any, tuple[str, ...]]:
    """A table of text as a list of records, or of rows where no row of it names the columns."""
    best: tuple[float, str, int] = (0.0, "", 0)
    for mark in _MARKS:
        for at, row in enumerate(_rows(text[:20_000], mark, most=_HEADS)[0]):
            known = [key_of(" ".join(cell.split())) for cell in row if 0 < len(cell) <= 60]
            score = sum((1.0 if whole else 0.5) for key, whole in known if key) - 0.1 * at
            if score > best[0] and len(row) > 1:
                best = (score, mark, at)
    mark = best[1] or max(_MARKS, key=text[:20_000].count)
    rows, notes = _rows(text, mark)
    if best[0] < 1:
        return rows, notes
    heads = [" ".join(cell.split()) or f"column {number}" for number, cell in enumerate(rows[best[2]], 1)]
    above = [_Heading(" ".join(cell.split())) for row in rows[: best[2]] for cell in row if cell.strip()]
    below = (row for row in rows[best[2] + 1 :] if row != rows[best[2]])
    records: list[Any] = [tuple(zip(heads, row, strict=False)) for row in below]
    return [*above, *records], notes


def _rows(text: str, mark: str, most: int | None = None) -> tuple[list[list[str]], tuple[str, ...]]:
    """The rows of a table as far as it goes, and what was wrong with it."""
    usual = csv.field_size_limit(_LONGEST_CELL)  # it holds for the whole process
    try:
        return _rows_within(text, mark, most)
    finally:
        csv.field_size_limit(usual)


def _rows_within(text: str, mark: str, most: int | None) -> tuple[list[list[str]], tuple[str, ...]]:
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
    if len(rows) > 1 and len(rows[-1]) < len(rows[0]) and rows[-1][-1].count("\n") > 1:
        return rows, ("the last row does not end: a quotation mark in it is not closed",)
    return rows, ()


def _feed(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """A feed's items as records, with all that its library reads of them."""
    import feedparser

    if b"<!ENTITY" in data[:10_000]:
        raise ReadError("a feed with entities of its own cannot be read")
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        raise ReadError("no feed with items")
    about = [_Heading(feed.feed.get("title", "")), feed.feed.get("subtitle", "")]
    return [*about, *map(_item_of_feed, feed.entries)], ()


def _item_of_feed(entry: Mapping[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"title": entry.get("title", "")}
    if names := [author.get("name", "") for author in entry.get("authors", ()) if author.get("name")]:
        item["authors" if len(names) > 1 else "author"] = names
    item["tags"] = [tag.get("term") for tag in entry.get("tags", ()) if tag.get("term")]
    content = max((each.get("value", "") for each in entry.get("content", ())), key=len, default="")
    own = ("title", "author", "title_detail", "summary")
    item |= {name: value for name, value in entry.items() if isinstance(value, str) and name not in own}
    item["content" if content else "summary"] = content or entry.get("summary", "")
    return item


_LOADED: dict[str, Callable[[str], tuple[Any, tuple[str, ...]]]] = {
    **dict.fromkeys((".json", ".jsonl", ".ndjson", ".jsonld"), _json),
    **dict.fromkeys((".yml", ".yaml"), _yaml),
    **dict.fromkeys((".csv", ".tsv"), _table),
    **dict.fromkeys((".bib", ".bibtex"), bib.records_of),
}
SUFFIXES = (*_LOADED, ".xml", ".rss", ".atom")
