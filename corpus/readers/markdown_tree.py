"""Markdown as a tree of blocks: rendered to HTML, and read as that."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus.readers.html_tree import tree_of_markup
from corpus.readers.tree import Head
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

    from corpus.readers.tree import Tree


_FRONT = re.compile(r"[\ufeff]?---[ \t]*(?:\r\n|\r|\n)(?=[A-Za-z_][\w -]{0,40}:)")
_END = re.compile(r"(?:^|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_LONGEST_FRONT = 64_000

_FENCE = re.compile(r"^[ \t>]{0,12}(```+|~~~+)", re.MULTILINE)
_LIQUID = re.compile(r"\{%[^%{}]{0,2000}%\}|\{\{[^{}]{0,2000}\}\}")
_COMMENT = re.compile(r"\{%-?\s{0,9}comment\s{0,9}-?%\}.{0,20000}?\{%-?\s{0,9}endcomment\s{0,9}-?%\}", re.DOTALL)
_ATTRIBUTES = re.compile(
    r"\{:[^{}\n]{0,300}\}|(?<=[)\]])\{[^{}\n]{0,300}\}|[ \t]\{#[\w:-]{1,100}\}[ \t]*$", re.MULTILINE
)
_EMBEDDED = re.compile(r"data:[a-z]{1,20}/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]+")
_HEADING = re.compile(r"^(#{1,6})(?=[^\s#\d!])", re.MULTILINE)
_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]|\n]{1,300}))?\]\](?!\()")
_SPACED_LINK = re.compile(r"(?<=\])\(([ \t]{0,3})(https?://[^()\s<>]{1,1000})([ \t]{0,3})\)")

_NARROW = 60
"""Characters up to which a line and the word after it fit a line however narrow its writer wraps."""
_WIDE = 120
"""Characters of a line that nobody who wraps lines writes."""


def tree_of(data: bytes) -> Tree:
    """Read a Markdown page.

    The stored text is what a reader of the page sees: no mark-up, no front matter, no comments.

    Raises:
        ReadError: empty, binary, or without a word that is shown.
    """
    text, notes = decode(data)
    end, fields, remarks = front_matter(text)
    words = text[end:].removeprefix("\ufeff")
    head = Head(
        title=said(fields, "title"),
        url=said(fields, "url") or said(fields, "canonical_url"),
        language=said(fields, "lang") or said(fields, "language"),
        front=fields,
    )
    markup = _parser().render(_prepared(words, templated=bool(end)))
    return tree_of_markup(f"<body>{markup}</body>", head=head, notes=(*notes, *remarks), fragment=True)


def said(fields: dict[str, Any], name: str) -> str | None:
    """The words of a field of front matter; None if it is missing, empty or no words."""
    value = fields.get(name)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def front_matter(text: str) -> tuple[int, dict[str, Any], tuple[str, ...]]:
    """The front matter that a text begins with, if it does.

    Returns:
        Where the page's own text begins; the fields by their keys in small letters, whose values are strings, lists
        and mappings of these; and notes for the person who ingests.
    """
    begins = _FRONT.match(text)
    ends = _END.search(text, begins.end(), begins.end() + _LONGEST_FRONT) if begins else None
    if not begins or not ends:
        return 0, {}, ()
    import yaml

    try:
        # BaseLoader makes strings, lists and mappings alone: safer than the safe one, and "2023" stays as it is.
        loaded = yaml.load(text[begins.end() : ends.start()], Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        # The first line of dashes is line 1, and the mark counts from 0.
        line = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        return ends.end(), {}, (f"the front matter is not valid YAML{line} and was left out",)
    except (yaml.YAMLError, RecursionError, ValueError):
        return ends.end(), {}, ("the front matter is not valid YAML and was left out",)
    fields = {str(key).strip().lower(): value for key, value in loaded.items()} if isinstance(loaded, dict) else {}
    return ends.end(), fields, ()


def _prepared(text: str, *, templated: bool) -> str:
    """Markdown without what a site's own machinery reads, and with common slips mended; code stays as it is.

    Args:
        text: the page without front matter.
        templated: whether a site's generator fills the page.
    """
    text = _EMBEDDED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str] = []
    at, fence = 0, ""
    for mark in _FENCE.finditer(text):
        if not fence:
            parts.append(_mended(text[at : mark.start()], templated=templated))
            at, fence = mark.start(), mark[1]
        elif mark[1].startswith(fence):
            parts.append(text[at : mark.end()])
            at, fence = mark.end(), ""
    parts.append(text[at:] if fence else _mended(text[at:], templated=templated))
    return "".join(parts)


def _mended(text: str, *, templated: bool) -> str:
    if templated and "{" in text:
        text = _LIQUID.sub("", _COMMENT.sub("", text))
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    text = _WIKI_LINK.sub(lambda link: link[2] or link[1], text) if "[[" in text else text
    return _SPACED_LINK.sub(r"(\2)", _HEADING.sub(r"\1 ", text))


@cache
def _parser() -> MarkdownIt:
    """A parser, loaded when there is Markdown: a bot that only answers has no use for it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
    parser.core.ruler.push("lines", _keep_lines)
    return parser


def _keep_lines(state: StateCore) -> None:
    """Make line feeds within paragraphs line breaks if their writer meant them so.

    Who wraps lines does so where the next word has no more room. A line that ends before, or that is set apart by its
    style from the next one, was ended on purpose.
    """
    wraps = not any(
        len(line) > _WIDE for token in state.tokens if token.children for line in token.content.split("\n")
    )
    for token in state.tokens:
        if token.children and "\n" in token.content:
            lines = token.content.split("\n")
            breaks = [n for n, each in enumerate(token.children) if each.type in ("softbreak", "hardbreak")]
            apart = _set_apart(token.children, breaks)
            for number, (at, (line, following)) in enumerate(zip(breaks, pairwise(lines), strict=False)):
                first = following.split(" ", 1)[0] if following else ""
                fits = len(line) + 1 + len(first) < _NARROW or not wraps
                if fits or apart[number]:
                    token.children[at].type, token.children[at].tag = "hardbreak", "br"


def _set_apart(children: Sequence[Token], breaks: Sequence[int]) -> list[bool]:
    """For each break whether the whole line before it is marked up, and the next one not in the same way."""
    edges = [-1, *breaks, len(children)]
    lines = [
        [each for each in children[left + 1 : right] if each.content.strip() or each.nesting]
        for left, right in pairwise(edges)
    ]
    marks = [_mark_of(line) for line in lines]
    return [bool(before) and before != after for before, after in pairwise(marks)]


def _mark_of(line: Sequence[Token]) -> str:
    """The mark-up that encloses the whole of a line; "" if none does."""
    if len(line) < 2 or line[0].nesting != 1 or line[-1].nesting != -1 or line[0].tag != line[-1].tag:
        return ""
    closed = sum(token.nesting == -1 and token.level == line[0].level for token in line)
    return line[0].tag if closed == 1 else ""
