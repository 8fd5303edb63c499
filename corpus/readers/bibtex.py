"""The reader of BibTeX: the papers of a bibliography."""

from __future__ import annotations

import logging
import re
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.model import Kind
from corpus.readers.blocks import collapsed
from corpus.readers.records import Record, cleaned, page_of_records, turned
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bibtexparser.library import Library
    from bibtexparser.model import Entry as BibEntry

    from corpus.model import Page


_FACTS = {
    "title": ("title",),
    "venue": (
        "booktitle",
        "journal",
        "journaltitle",
        "eventtitle",
        "series",
        "howpublished",
        "school",
        "institution",
    ),
    "year": ("year",),
    "date": ("date",),
    "text": ("abstract", "annotation"),
    "url": ("url", "link", "pdf"),
    "doi": ("doi",),
    "topic": ("topic", "track"),
}
_MORE = ("note", "keywords", "publisher")
_LONGEST_LATEX = 20_000
_KEY = re.compile(
    r"^([ \t]*@[ \t]*(?!string|comment|preamble)\w+[ \t]*\{)[ \t]*[^\s,{}\"=]*[ \t]*,",
    re.MULTILINE | re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\([%&#_])")
_NAMES = re.compile(r"\s+and\s+")


class BibliographyReader:
    """Reads BibTeX files: each entry with a title is a paper.

    The stored text is what the entries say, one readable record after the other, as in HTML: LaTeX's accents made
    letters, its braces left out, abbreviations written out.
    """

    name = "bibtex"
    version = 1
    suffixes: tuple[str, ...] = (".bib", ".bibtex")

    def read(self, data: bytes, *, name: str) -> Page:
        """Read a bibliography.

        Args:
            data: the file's bytes.
            name: the page's title.

        Raises:
            ReadError: empty, binary, or without an entry that can be read.
        """
        text, notes = decode(data)
        library = _parsed(_numbered(text))
        broken = [block.start_line + 1 for block in library.failed_blocks if block.start_line is not None]
        if broken:
            named = ", ".join(map(str, broken[:3])) + (" …" if len(broken) > 3 else "")
            notes = (*notes, f"left out, not well formed: the entries at line {named}")
        strings = {key.lower(): str(each.value) for key, each in library.strings_dict.items()}
        records = [record for entry in library.entries if (record := _record(entry, strings))]
        if not records:
            raise ReadError(
                f"no entry can be read{f'; not well formed: line {broken[0]}' if broken else ''}; "
                "one begins with @article{ or the like, and has a title"
            )
        return page_of_records(name, [(Kind.PAPER, record) for record in records], notes=notes)


def _numbered(text: str) -> str:
    """The text with keys that are all different: files put together of others hold the same ones twice."""
    numbers = count()
    return _KEY.sub(lambda found: f"{found[1]}entry{next(numbers)},", text)


def _parsed(text: str) -> Library:
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it says there is told in the notes
    stack = [ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()]
    try:
        return parse_string(text, parse_stack=stack)
    except (ValueError, RuntimeError, RecursionError, KeyError, IndexError) as error:
        raise ReadError(f"no BibTeX: {collapsed(str(error))[:120]}") from error


def _record(entry: BibEntry, strings: Mapping[str, str]) -> Record | None:
    fields = {each.key.lower(): _joined(str(each.value), strings) for each in entry.fields}
    record = Record()
    for fact, names in _FACTS.items():
        name = next((name for name in names if fields.get(name, "").strip()), None)
        said = _plain(fields[name]) if name else ""
        if name and said:
            record.facts[fact], record.labels[fact] = said, name
    if not record.get("title"):
        return None
    if eprint := _eprint(fields):
        record.facts.setdefault("url", eprint)
    people = fields.get("author") or fields.get("editor") or ""
    names_ = (_plain(name) for name in _NAMES.split(people) if name.strip().lower() != "others")
    record.authors = tuple(filter(None, map(turned, names_)))
    record.more = {name: said for name in _MORE if (said := collapsed(_plain(fields.get(name, ""))))}
    return record


def _joined(value: str, strings: Mapping[str, str]) -> str:
    """A value that is put together of quoted parts and abbreviations ("icml # { 2023}") as one text."""
    parts = re.split(r"\s*#\s*", value) if "#" in value else []
    if len(parts) < 2 or not any(part.lower() in strings or part[:1] in '"{' for part in parts):
        return value
    return "".join(strings.get(part.lower(), part.strip('"')) for part in parts)


def _eprint(fields: Mapping[str, str]) -> str | None:
    """The address of a preprint that is named by its number alone."""
    kind = fields.get("archiveprefix", fields.get("eprinttype", "")).lower()
    number = fields.get("eprint", "").strip()
    return (
        f"https://arxiv.org/abs/{number}" if kind == "arxiv" and re.fullmatch(r"[\w./-]{4,30}", number) else None
    )


def _plain(words: str) -> str:
    """Words without LaTeX: accents made letters, braces and commands left out, formulas as they are."""
    words = _ESCAPED.sub(r"\1", words)
    if "\\" in words and len(words) <= _LONGEST_LATEX:  # without a command there is nothing slow to be done
        words = _decoder()(words)
    return cleaned(re.sub(r"(?<!/)~", " ", re.sub(r"(?<!\\)[{}]", "", words)))


@cache
def _decoder() -> Callable[[str], str]:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    decoder = LatexNodes2Text(math_mode="verbatim", keep_comments=True)

    def decoded(words: str) -> str:
        try:
            # A percent sign begins a comment in LaTeX; in a title it is a percent sign.
            return str(decoder.latex_to_text(re.sub(r"(?<!\\)%", r"\\%", words)))
        except (LatexWalkerError, RecursionError, ValueError, IndexError):
            return words

    return decoded
