"""Markdown to an outline: headings with the blocks under them, by offsets into the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from corpus.model import Span
from corpus.readers._fields import plain
from corpus.readers._lines import line_starts, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

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
