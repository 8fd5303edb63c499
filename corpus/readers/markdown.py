"""Markdown as a tree of blocks: rendered to HTML, and read as that."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.readers.data import tree_of_value
from corpus.readers.html import tree_of_markup
from corpus.readers.tree import Head
from corpus.text import decode

if TYPE_CHECKING:
    from corpus.readers.tree import Tree


_FRONT = re.compile(r"[\ufeff]?---[ \t]*(?:\r\n|\r|\n)(?=[A-Za-z_][\w -]{0,40}:)")
_END = re.compile(r"(?:^|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_LONGEST_FRONT = 64_000

_FENCE = re.compile(r"^[ \t>]{0,12}(```+|~~~+)", re.MULTILINE)
_LIQUID = re.compile(r"\{%(?:[^%{}]|%(?!\})){0,2000}%\}|\{\{[^{}]{0,2000}\}\}")
_VALUE = re.compile(r"=\s?\"([^\"]{2,2000})\"")
_COMMENT = re.compile(r"\{%-?\s{0,9}comment\s{0,9}-?%\}.{0,20000}?\{%-?\s{0,9}endcomment\s{0,9}-?%\}", re.DOTALL)
_ATTRIBUTES = re.compile(
    r"\{:[^{}\n]{0,300}\}|(?<=[)\]])\{[^{}\n]{0,300}\}|[ \t]\{#[\w:-]{1,100}\}[ \t]*$", re.MULTILINE
)
_EMBEDDED = re.compile(r"data:[a-z]{1,20}/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]+")
_HEADING = re.compile(r"^(#{1,6})(?=[^\s#\d!])", re.MULTILINE)
_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]|\n]{1,300}))?\]\](?!\()")
_SPACED_LINK = re.compile(r"(?<=\])\(([ \t]{0,3})(https?://[^()\s<>]{1,1000})([ \t]{0,3})\)")

_ROW = re.compile(r"^\|[^\n]*  [^\n]*$", re.MULTILINE)
_LOST_BREAK = re.compile(r"(?<=[^\s|]) {2,9}(?=[^\s|])")
"""Blanks within a table's cell where its writer, who could not end the line, meant that."""
_CLOSED = re.compile(r"</(?:p|div|li|h[1-6]|section|td|article)>")
_FEW_TAGS = 3
_INDENTED = re.compile(r"(?<=>)\n(?:[ \t]*\n)+[ \t]{4,}(?=<)")
"""Between lines of HTML, what would make code of the second one."""

_NARROW, _WIDE = 60, 130
"""Characters of a line that may be full, where its writer wraps lines."""
_FULL = 0.7
"""Share of a usual line that a line and the next word have, at least, if it was ended for want of room."""
_LONGEST_LINE = 1_000_000
_UNSHOWN = re.compile(r"(?<=\])\([^()\n]{0,2000}\)|<[^<>\n]{1,2000}>|[*_`\[\]]")
_BEGINS = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#|>|\||<|:?-{2,}|={2,}|```|~~~|[*_-][ \t]*$)")
"""How the lines begin that go on with no paragraph."""
_NO_WORDS = re.compile(r"[ \t]*(?:\||</?[a-z]|#{1,6}[ \t]|```|~~~)|.*(?:  |\\|<br ?/?>)$", re.IGNORECASE)
"""Lines that no further line of a paragraph follows, or whose end is a line break already."""
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]|>)[ \t]")
_MARKED = re.compile(
    r"(?P<b>\*\*[^*]+\*\*|__[^_]+__|<(?:b|strong)>[^<>]+</(?:b|strong)>)[.,:]?|(?P<i>\*[^*]+\*|_[^_]+_|<(?:i|em)>[^<>]+</(?:i|em)>)"
    r"|(?P<a>\[[^\[\]]+\]\([^()]+\)|<a [^<>]+>[^<>]+</a>)[.,:]?"
)

_STRONG = re.compile(r"(?<![*`])\*\*([^*\n]{1,400})\*\*(?!\*)")


def tree_of(data: bytes, *, is_markup: bool = False) -> Tree:
    """Read a Markdown page.

    The stored text is what a reader of the page sees: no mark-up, no front matter, no comments.

    Args:
        data: the file's bytes.
        is_markup: whether the file is named as HTML, so that its words are probably that.

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
    words = _prepared(words, templated=bool(end))
    markup = words if is_markup and len(_CLOSED.findall(words)) > _FEW_TAGS else _rendered(words)
    try:
        return tree_of_markup(f"<body>{markup}</body>", head=head, notes=(*notes, *remarks), fragment=True)
    except ReadError:
        if not fields:
            raise
    return replace(tree_of_value(fields), head=head, notes=(*notes, *remarks))


def said(fields: dict[str, Any], name: str) -> str | None:
    """The words of a field of front matter; None if it is missing, empty or no words."""
    value = fields.get(name)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def has_front_matter(data: bytes) -> bool:
    """Whether a file begins as one with front matter."""
    return _FRONT.match(data[:200].decode("utf-8", "replace")) is not None


def front_matter(text: str) -> tuple[int, dict[str, Any], tuple[str, ...]]:
    """The front matter that a text begins with, if it does.

    Returns:
        Where the page's own text begins; the fields by their keys, small letters, whose values are strings, lists
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
        text = _LIQUID.sub(_included, _COMMENT.sub("", text))
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    text = _ROW.sub(lambda row: _LOST_BREAK.sub("<br>", row[0]), text)
    text = _STRONG.sub(_strong, _INDENTED.sub("\n", text))
    text = _WIKI_LINK.sub(lambda link: link[2] or link[1], text) if "[[" in text else text
    return _with_breaks(_SPACED_LINK.sub(r"(\2)", _HEADING.sub(r"\1 ", text)))


def _included(tag: re.Match[str]) -> str:
    """The words that a tag hands to what it includes: these are shown there; names of files are not."""
    said = [value[1] for value in _VALUE.finditer(tag[0])]
    return "\n\n".join(each for each in said if " " in each.strip() or "://" in each)


def _strong(words: re.Match[str]) -> str:
    """Bold words as HTML, where blanks or a missing one keep CommonMark from seeing that they are meant so."""
    inner, text = words[1], words.string
    bare = inner.strip()
    before, after = text[max(0, words.start() - 1) : words.start()], text[words.end() : words.end() + 1]
    slips = bare and (
        bare != inner
        or (not bare[-1].isalnum() and after.isalnum())
        or (not bare[0].isalnum() and before.isalnum())
    )
    if not slips:
        return words[0]
    left, right = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{left}<strong>{bare}</strong>{right}"


def _rendered(text: str) -> str:
    """The HTML of Markdown, as GitHub makes it."""
    import cmarkgfm
    from cmarkgfm.cmark import Options

    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return str(cmarkgfm.markdown_to_html_with_extensions(text, options, ["table", "strikethrough", "autolink"]))


def _with_breaks(text: str) -> str:
    """Markdown in which lines that were ended on purpose end with the blanks that make a line break.

    Who wraps lines ends each where the next word has no more room. Elsewhere, and where a line is set apart from
    the next one by its style, it was ended on purpose.
    """
    lines = text.split("\n")
    shown = [len(_UNSHOWN.sub("", line)) for line in lines]
    goes_on = [_goes_on(line, following) for line, following in pairwise(lines)]
    ended = sorted(size for size, more in zip(shown, goes_on, strict=False) if more and _NARROW <= size <= _WIDE)
    wraps = len(ended) > sum(size > _WIDE for size in shown)
    width = ended[len(ended) // 2] * _FULL if wraps else _LONGEST_LINE
    for at, more in enumerate(goes_on):
        if more:
            line, following = lines[at], lines[at + 1]
            first = len(_UNSHOWN.sub("", following[:_WIDE]).strip().split(" ", 1)[0])
            mark = _mark_of(line)
            if shown[at] + 1 + first < width or (mark and mark != _mark_of(following)):
                lines[at] = f"{line.rstrip()}  "
    return "\n".join(lines)


def _goes_on(line: str, following: str) -> bool:
    """Whether a line's paragraph goes on in the next line."""
    return bool(line and following) and not (
        line.isspace() or following.isspace() or _BEGINS.match(following) or _NO_WORDS.match(line)
    )


def _mark_of(line: str) -> str:
    """The mark-up that encloses the whole of a line; "" if none does."""
    marked = _MARKED.fullmatch(_ITEM.sub("", line.strip(), count=1).strip())
    return str(marked.lastgroup) if marked else ""
