"""Markdown to an outline: headings with the blocks under them, by offsets into the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from corpus.model import Span
from corpus.readers.blocks import line_starts, trimmed
from corpus.readers.columns import fact_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token


_FIELD = re.compile(
    r"[ \t]*(?:[-*+]\s+)?(?:\*\*|__)?([^\W\d_][^\W\d_]*(?:[ /()][^\W\d_]{0,20}){0,4}?)"
    r"(?::(?:\*\*|__)|(?:\*\*|__)?\s*:)[ \t]*(.*)"
)
_NAMES = {
    "authors": "authors", "author": "authors", "by": "authors",
    "venue": "venue", "conference": "venue", "year": "year",
    "place": "place", "location": "place",
    "team": "team", "role": "role",
    "url": "url", "link": "url",
}  # fmt: skip
_FIELDS = frozenset({"authors", "venue", "year", "place", "team", "role", "url", "posted", "closes"})
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)|<(https?://[^<>\s]+)>")


def fields_of(block: str) -> dict[str, str]:
    """The fields of a block that is nothing but a field list; {} where it is anything else.

    A block counts where each line is a field and at least one has a known name; others are left out.
    """
    lines = block.splitlines()
    if len(lines) > 20:
        return {}
    fields: dict[str, str] = {}
    known = False
    for line in lines:
        found = _FIELD.fullmatch(line)
        if not found:
            return {}
        name = _named(found[1].strip())
        known = known or name is not None
        if name and found[2].strip():
            fields.setdefault(name, " ".join(found[2].split()))
    return fields if known else {}


def _named(name: str) -> str | None:
    """The field that a name stands for, in English, German or Spanish."""
    fact = _NAMES.get(name.lower()) or fact_of(name)
    return fact if fact in _FIELDS else None


def plain(words: str) -> str:
    """A field's or heading's words without the marks of emphasis, code and links."""
    words = _LINK.sub(lambda link: link[1] or link[3] or link[2] or "", words)
    words = re.sub(r"(?<!\w)([*_]{1,3})(\S(?:[^*_]*\S)?)\1(?!\w)", r"\2", words)
    return " ".join(words.replace("`", "").split())


def target(words: str) -> str | None:
    """The address in a field: bare, in angle brackets or behind a link."""
    found = _LINK.search(words)
    address = (found[2] or found[3]) if found else words.strip()
    return address if re.match(r"https?://\S+$", address or "") else None


_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, quotation or piece of code of a page."""

    type: str
    """markdown-it's name for it: "paragraph", "bullet_list", "blockquote", "fence"."""
    span: Span


@dataclass(slots=True)
class Section:
    """A heading, and the blocks under it up to the next heading of any level.

    ``level`` is 1 to 6; 0 with an empty title and no span stands for what comes before the first heading.
    """

    level: int
    title: str
    heading: Span | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def start(self) -> int | None:
        """Where the section begins: at its heading's words; None where it is empty and has none."""
        if self.heading:
            return self.heading.start
        return self.blocks[0].span.start if self.blocks else None


def outline_of(text: str, start: int) -> list[Section]:
    """The sections of a page's text from an offset on, in page order; the first stands for what has no heading."""
    starts = [start + at for at in line_starts(text[start:])]
    sections = [Section(0, "", None)]
    for opening, inner in _top_level(_parser().parse(text[start:])):
        if opening.map is None:
            continue
        span = trimmed(text, starts[opening.map[0]], starts[min(opening.map[1], len(starts) - 1)])
        if span is None or opening.type == "hr":
            continue
        if opening.type == "html_block" and not _TAG.sub("", text[span.start : span.end]).strip():
            continue
        if opening.type == "heading_open":
            if words := inner.content if inner else "":
                sections.append(Section(int(opening.tag[1]), plain(words), _words_of(text, span, words)))
        else:
            sections[-1].blocks.append(Block(opening.type.removesuffix("_open"), span))
    return sections


def _top_level(tokens: list[Token]) -> Iterator[tuple[Token, Token | None]]:
    """Each outermost block with the token after its opening, which holds its words."""
    for token, inner in zip(tokens, [*tokens, None][1:], strict=True):
        if token.level == 0 and token.nesting >= 0:
            yield token, inner


def _words_of(text: str, span: Span, words: str) -> Span:
    """Where a heading's words stand, without its hash marks or underline."""
    first, *_, last = [*words.splitlines(), words.splitlines()[-1]]
    start = text.find(first, span.start, span.end)
    end = text.find(last, max(start, span.start), span.end)
    return Span(start, end + len(last)) if 0 <= start <= end else span


@cache
def _parser() -> MarkdownIt:
    """A parser of blocks alone, loaded when there is Markdown: a bot that only answers has no use for it.

    What is inside of blocks is quoted as it stands, and a line may be millions of characters long. Tables are
    paragraphs here, which comes to the same.
    """
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").disable("inline")


_FRONT = re.compile(r"[\ufeff]?---[ \t]*(?:\r\n|\r|\n)(?=[A-Za-z_][\w -]{0,40}:)")
_END = re.compile(r"(?:^|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_LONGEST = 64_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a page's front matter as text; ``end`` is where the page's own text begins."""

    end: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """A field's words, None where it is missing or empty."""
        return self.fields.get(name) or None

    @property
    def year(self) -> int | None:
        """The field "year" where it is a year."""
        year = self.fields.get("year", "")
        return int(year) if re.fullmatch(r"(?:1[89]|20)\d\d", year) else None


def front_matter(text: str) -> FrontMatter:
    """Read the front matter that a text begins with, if it does; broken YAML is left out, with a note."""
    begins = _FRONT.match(text)
    ends = _END.search(text, begins.end(), begins.end() + _LONGEST) if begins else None
    if not begins or not ends:
        return FrontMatter()
    import yaml

    try:
        # BaseLoader makes strings, lists and mappings alone: safer than the safe one, and "2023" stays as it is.
        loaded = yaml.load(text[begins.end() : ends.start()], Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        # The first line of dashes is line 1, and the mark counts from 0.
        line = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        return FrontMatter(ends.end(), notes=(f"the front matter is not valid YAML{line} and was left out",))
    except (yaml.YAMLError, RecursionError, ValueError):
        return FrontMatter(ends.end(), notes=("the front matter is not valid YAML and was left out",))
    if not isinstance(loaded, dict):
        return FrontMatter(ends.end())
    fields = {str(k).strip().lower(): " ".join(v.split()) for k, v in loaded.items() if isinstance(v, str)}
    return FrontMatter(ends.end(), fields)
