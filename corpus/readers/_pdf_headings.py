"""Blocks of a PDF by their type: its title, its headings and their levels, captions, a heading over its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.places import parse_place
from corpus.readers._html_blocks import HtmlBlock
from corpus.readers._papers import authors_of
from corpus.readers._pdf_blocks import LARGER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers._pdf_blocks import Blocks
    from corpus.readers._pdf_draft import Draft

_HEADING_CHARS, _BOLD_CHARS = 250, 160
_LEAST_TITLE = 4
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tab\.|abb(?:ildung|\.)|tabelle|figura|tabla|tableau)\s*\d{1,3}\s*[.:|–-]\s*(?=\S)",
    re.IGNORECASE,
)
_CAPTION_ROWS = 30
_SENTENCE = re.compile(r"(?<=[.!?])\s")
_SENTENCE_CHARS = 160


def marked_up(made: Blocks) -> tuple[list[HtmlBlock], list[Draft], str | None]:
    """Blocks as markup would tell them.

    Returns:
        The blocks; for each the draft that it is from; and the title, where a heading of the first page is larger
        than all others.
    """
    drafts = [draft for draft in made.drafts if any(map(str.strip, draft.lines))]
    headings = [_is_heading(draft, made) for draft in drafts]
    faces = sorted({_face(d) for d, h in zip(drafts, headings, strict=True) if h}, reverse=True)
    title = _title(drafts, headings, made)
    if title and (at := drafts.index(title) + 1) < len(drafts) and authors_of(drafts[at].lines[0]):
        headings[at] = False
    blocks: list[HtmlBlock] = []
    origins: list[Draft] = []
    for draft, heading in zip(drafts, headings, strict=True):
        level = 1 if draft is title else min(6, 2 + faces.index(_face(draft))) if heading else 0
        for block in _blocks(draft, level):
            blocks.append(block)
            origins.append(draft)
    return blocks, origins, title.lines[0] if title else None


def _face(draft: Draft) -> tuple[float, bool]:
    return round(draft.size * 2) / 2, draft.bold


def _is_heading(draft: Draft, made: Blocks) -> bool:
    words = draft.lines[0]
    if draft.cells or len(draft.lines) > 1 or not any(map(str.isalpha, words)):
        return False
    large = draft.size >= LARGER * made.body
    bold = draft.bold and not made.body_bold
    if large and (draft.bold or words[-1] not in ".;,:"):
        return len(words) <= _HEADING_CHARS
    if bold or (words.isupper() and draft.rows == 1 and not draft.is_item):
        return (
            len(words) <= _BOLD_CHARS and words[-1] not in ".;," and re.search(r"[^\W\d_]{3}", words) is not None
        )
    return False


def _title(drafts: Sequence[Draft], headings: Sequence[bool], made: Blocks) -> Draft | None:
    """The largest heading of the first page with text, where it is larger than the text."""
    first = drafts[0].page if drafts else 0
    found = [
        d for d, h in zip(drafts, headings, strict=True) if h and d.page == first and d.size > LARGER * made.body
    ]
    found = [draft for draft in found if sum(map(str.isalpha, draft.lines[0])) >= _LEAST_TITLE]
    largest = max((draft.size for draft in drafts if draft.page == first), default=0.0)
    title = max(found, key=lambda draft: draft.size, default=None)
    return title if title and title.size > 0.9 * largest else None


def _blocks(draft: Draft, level: int) -> list[HtmlBlock]:
    if draft.cells:
        return [HtmlBlock("row", draft.lines, cells=draft.cells)]
    lead, link = draft.lead()
    first = draft.lines[0]
    if level:
        return [HtmlBlock("heading", draft.lines, level, lead=lead, link=link)]
    caption = _CAPTION.match(first)
    if caption or (draft.captions and draft.rows <= _CAPTION_ROWS):
        said = first[caption.end() if caption else 0 :]
        name = _SENTENCE.split(said, maxsplit=1)[0][:_SENTENCE_CHARS].rstrip(" .")
        return [HtmlBlock("figure", draft.lines, name=name)]
    alone = lead == first and len(draft.lines) > 1 and link is None
    if alone and not authors_of(draft.lines[1]) and not parse_place(first) and len(first) <= _BOLD_CHARS:
        # A heading right over its text, without a gap between them.
        return [HtmlBlock("heading", [first], 6, lead=lead), HtmlBlock("text", draft.lines[1:])]
    return [HtmlBlock("item" if draft.is_item else "text", draft.lines, lead=lead, link=link)]
