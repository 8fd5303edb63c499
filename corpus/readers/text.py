"""Plain text as a tree of blocks: what blank lines, bullets, rules and the form of lines tell."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.places import is_place
from corpus.readers.dates import dateline
from corpus.readers.lines import (
    LONG_LINE,
    Line,
    blocks_of,
    heading_words,
    image_name,
    is_byline,
    is_heading,
    is_label,
    is_marked_heading,
    is_teaser_label,
    is_title,
)
from corpus.readers.people import authors_of
from corpus.readers.tree import Block, Role, Tree, runs_of
from corpus.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_BULLET = re.compile(r"(?:[•*▪◦‣·●○■–—+-]|\(?\d{1,3}[.)]|\[\d{1,4}\]|\([a-z]\))[ \t\u00a0]+(?=\S)")
_SURE_BULLET = re.compile(r"[•▪◦‣●○■][ \t\u00a0]*(?=\S)")
_UNDERLINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*(?:={3,}|-{3,}|~{3,})[ \t]*(?:[\r\n]|\Z)")
_NUMBER = re.compile(r"\d{1,2}((?:\.\d{1,2})*)[.)]?\s")
_OPENING_LINES, _OPENING_CHARS = 4, 100
_SURE_HEADINGS = 2
"""Headings right over their paragraph from which a page is taken to write them so."""
_SURE_NAMES = 3
"""Names from which a short line is a list of people, and no heading."""
_PROSE = 8
"""Words from which a line can be told to be prose."""


def tree_of(data: bytes) -> Tree:
    """Read plain text; the stored text is the file's, decoded, nothing else changed.

    Raises:
        ReadError: empty or binary.
    """
    text, notes = decode(data)
    root = Block(Role.DOCUMENT, start=0, end=len(text))
    parts = blocks_of(text)
    if parts and _is_title(parts[0]):
        root.children.append(_block(Role.HEADING, parts[0][:1], level=1))
        parts[0] = parts[0][1:]
        if len(parts[0]) == 1:  # it stands right under the title, and heads nothing
            root.children.append(_block(Role.PARAGRAPH, parts[0]))
            parts[0] = []
    parts = _headings_parted([part for part in parts if part])
    for before, lines, after in zip([[], *parts], parts, [*parts[1:], []], strict=False):
        found = (
            [_heading(lines)]
            if _is_lone_heading(text, before, lines, after)
            else _blocks(lines, listed=_is_listed(before, after))
        )
        for block in found:
            last = root.children[-1] if root.children else None
            if block.role is Role.LIST and last and last.role is Role.LIST:
                last.children += block.children
                last.end = block.end
            else:
                root.children.append(block)
    return Tree(text, root, notes=notes)


def _is_title(lines: Sequence[Line]) -> bool:
    """Whether the first line of a page is its title: alone, over a long line, or over a byline and the like."""
    first, *others = lines
    if not is_title(first.text) or _BULLET.match(first.text):
        return False
    if not others:
        return True
    if len(others[0].text) > LONG_LINE:
        return _is_prose(others[0].text)
    short = len(others) < _OPENING_LINES and all(len(line.text) <= _OPENING_CHARS for line in lines)
    dated = is_byline(others[0].text) or dateline(others[0].text) is not None
    begins = not (others[0].text[0].islower() or _BULLET.match(others[0].text) or authors_of(others[0].text))
    return short and (dated or begins) and not is_place(first.text)


def _is_lone_heading(text: str, before: Sequence[Line], lines: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether lines are one that is underlined, or that is numbered like a heading and no item of a list."""
    if len(lines) != 1 or len(lines[0].text) > LONG_LINE:
        return False
    if _UNDERLINE.match(text, lines[0].end):
        return True
    return bool(_NUMBER.match(lines[0].text) and is_heading(lines[0].text)) and not _is_listed(before, after)


def _is_listed(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether the lines before or after what stands between them begin as an item of a list."""
    return any(_BULLET.match(each[0].text) for each in (before, after) if each)


def _is_prose(line: str) -> bool:
    """Whether a line is of sentences, not of names: most of its words are small."""
    words = line.split()
    return len(words) < _PROSE or 2 * sum(word[0].islower() for word in words) >= len(words)


def _headings_parted(parts: list[list[Line]]) -> list[list[Line]]:
    """Part headings from the paragraphs right under them, on a page where most headings stand so."""
    heads = [_heads_paragraph(lines) for lines in parts]
    alone = sum(len(lines) == 1 and is_heading(lines[0].text) and _ends(under) for lines, under in pairwise(parts))
    if sum(heads) < _SURE_HEADINGS or sum(heads) <= alone:
        return parts
    parted: list[list[Line]] = []
    for lines, headed in zip(parts, heads, strict=True):
        parted += [lines[:1], lines[1:]] if headed else [lines]
    return parted


def _heads_paragraph(lines: list[Line]) -> bool:
    """Whether a first line is a heading: numbered, or far shorter than the sentence that follows."""
    if len(lines) < 2 or not is_heading(lines[0].text) or not _ends(lines):
        return False
    first, second = lines[0].text, lines[1].text
    if image_name(first) or is_teaser_label(first) or _BULLET.match(second) or second[0].islower():
        return False
    return (heading_words(first) != first or 2 * len(first) <= len(second)) and _is_prose(second)


def _ends(lines: Sequence[Line]) -> bool:
    """Whether lines end as a sentence does."""
    return lines[-1].text[-1] in '.!?”"'


def _blocks(lines: list[Line], *, listed: bool) -> Iterator[Block]:
    """The blocks of lines that stand together; ``listed``: beside others that begin as an item does."""
    at = 0
    while at < len(lines):
        stop = at + 1
        words = lines[at].text
        if is_teaser_label(words) and stop < len(lines) and not _begins_anew(lines[stop]):
            stop = _told(lines, stop)
            under = _block(Role.PARAGRAPH, lines[at + 1 : stop])
            yield Block(Role.GROUP, name="teaser", label=words, start=under.start, end=under.end, children=[under])
        elif (name := image_name(words)) is not None:
            stop = _told(lines, stop)
            if stop > at + 1:
                yield _block(Role.FIGURE, lines[at + 1 : stop], label=name)
        elif _begins_list(lines, at, listed=listed):
            while stop < len(lines) and not _begins_anew(lines[stop]):
                stop += 1
            yield _list(lines[at:stop])
        else:
            while (
                stop < len(lines)
                and not _begins_anew(lines[stop])
                and not _begins_list(lines, stop, listed=listed)
            ):
                stop += 1
            yield from _paragraphs(lines[at:stop])
        at = stop


def _begins_anew(line: Line) -> bool:
    return is_teaser_label(line.text) or image_name(line.text) is not None


def _told(lines: list[Line], at: int) -> int:
    """Where what stands under a label ends: after one long line, or the short ones that it is wrapped into."""
    stop = at
    while stop < len(lines) and not _begins_anew(lines[stop]):
        if len(lines[stop].text) > LONG_LINE:
            return at + 1
        stop += 1
    return stop


def _begins_list(lines: list[Line], at: int, *, listed: bool) -> bool:
    """Whether an item begins at a line: with a bullet that is nothing else, or beside others."""
    if not _BULLET.match(lines[at].text) and not _SURE_BULLET.match(lines[at].text):
        return False
    if _SURE_BULLET.match(lines[at].text) or (at == 0 and (listed or lines[0].text[0] not in "–—-")):
        return True
    if at and lines[at - 1].text[-1] in ":.;!?":
        return True
    return at + 1 < len(lines) and _BULLET.match(lines[at + 1].text) is not None


def _list(lines: list[Line]) -> Block:
    items: list[list[Line]] = []
    for line in lines:
        bullet = _BULLET.match(line.text) or _SURE_BULLET.match(line.text)
        if bullet:
            items.append([Line(line.text[bullet.end() :], line.start + bullet.end())])
        else:
            items[-1].append(line)
    children = [_block(Role.ITEM, item) for item in items]
    return Block(Role.LIST, start=lines[0].start, end=lines[-1].end, children=children)


def _paragraphs(lines: list[Line]) -> Iterator[Block]:
    """A paragraph of lines; or one for each line, if some are whole paragraphs; headings among them."""
    if any(len(line.text) > LONG_LINE and _is_prose(line.text) for line in lines) or len(lines) == 1:
        for line in lines:
            heads = is_heading(line.text) and len(authors_of(line.text)) < _SURE_NAMES
            yield _heading([line]) if heads else _block(Role.PARAGRAPH, [line])
    elif is_marked_heading(lines[0].text) and not lines[1].text.isupper():
        yield _heading(lines[:1])
        yield _block(Role.PARAGRAPH, lines[1:])
    else:
        yield _block(Role.PARAGRAPH, lines)


def _heading(lines: list[Line]) -> Block:
    words = lines[0].text
    numbered = _NUMBER.match(words)
    level = 2 if is_label(words) else 3 + (numbered[1].count(".") if numbered else 0)
    if words[0] == "#":
        level = len(words) - len(words.lstrip("#"))
    return _block(Role.HEADING, lines, level=min(level, 6))


def _block(role: Role, lines: Sequence[Line], *, level: int = 0, label: str = "") -> Block:
    runs = [run for line in lines for run in runs_of(line.text, line.start)]
    return Block(role, level, label=label, start=lines[0].start, end=lines[-1].end, runs=runs)
