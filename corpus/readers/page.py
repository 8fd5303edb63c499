"""A tree of blocks to a page: its title and facts, its papers and posts, the sections and figures between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.clock import today
from corpus.errors import ReadError
from corpus.model import Entry, Kind, Page, Span
from corpus.readers.data import tree_of_value
from corpus.readers.dates import language_of_text, published_in
from corpus.readers.draft import Context, Fact, Said, entry_of
from corpus.readers.fields import drafts_of_head, drafts_of_records, legend_of
from corpus.readers.head import (
    day_of_paper,
    front,
    is_prose,
    published_in_head,
    publisher_of,
    title_of,
    venue_of,
    year_of,
)
from corpus.readers.lines import heading_words, is_byline, is_teaser_label, trimmed
from corpus.readers.prose import Piece, Shape, entries_of, without
from corpus.readers.records import find_records
from corpus.readers.tree import Role
from corpus.readers.venues import venue_in_comment, venues_of
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.readers.draft import Draft
    from corpus.readers.records import Unread
    from corpus.readers.tree import Block, Tree


_CAPTION = re.compile(
    r"(?:figure|fig\.|abb(?:ildung|\.)|figura)(?:\s?\d{1,3}\s?[.:]|:)\s{1,3}([^\r\n]{1,200}?)[.:](?:$|\s+(?-i:(?=[^a-z\s])))",
    re.IGNORECASE,
)
_ABOUT = ("subtitle", "description", "site_description")
_DECK_CHARS = 300
_SHELL = 600
"""Characters up to which a page may be a shell without what it is about."""
_OPENING = 5_000
_FIRST_WORDS, _LONGEST, _MOST_BLOCKS = 8, 1_000, 40
"""Words by which an abstract is known, characters of a block and blocks behind a title that are looked at."""
_MOST_FIGURES = 50
"""Figures that are looked for within a record."""


def page_of(tree: Tree, *, name: str) -> Page:
    """The page that a tree is.

    Args:
        tree: its blocks.
        name: the title where it has none.
    """
    tree = _filled(tree)
    text, head = tree.text, tree.head
    _mark_figures(tree)
    heading = _title_heading(tree)
    title = title_of(head, heading_words(_words(tree, heading)) if heading else None) or name
    language = head.language or language_of_text(text)
    about = [said for key in _ABOUT if (said := front(head, key)) and len(said) <= _DECK_CHARS]
    venues = venues_of(" · ".join(["" if title == name else title, *about]), text)
    venue = venue_of(head) or venues.venue
    year = year_of(head) or venues.year
    context = Context(text, today(), language, head.url, venue, year, legend=legend_of(tree))
    findings = find_records(tree, context)
    signed = heading.start if heading and is_prose(head) else None
    teasers = {block.start for block in tree.root.children if block.name == "teaser"}
    drafts = [draft for draft in findings.drafts if draft.span.start != signed and draft.span.start not in teasers]
    for told in drafts_of_head(tree, context):
        if told.kind is Kind.PAPER and (day := day_of_paper(head)):
            told.said.setdefault(Fact.POSTED, [Said(day)])
        _place(told, drafts, tree, heading)
    own = _words(tree, heading) if heading else None
    for draft in drafts:
        above = draft.headings[draft.headings[:1] == (own,) :]
        draft.headings = tuple(each for each in above if not is_teaser_label(each))
    records = [_commented(entry, text) for draft in drafts if (entry := entry_of(draft, context))]
    pieces = list(_pieces(tree, heading, records))
    span = Span(heading.start, heading.end) if heading else None
    entries = entries_of(text, title, span, pieces, venues)
    papers = [entry for entry in entries if entry.kind is Kind.PAPER]
    stated = venues_of("", "", [paper.venue for paper in papers if paper.venue]).venue
    return Page(
        text=text,
        title=title,
        entries=entries,
        deck=front(head, "deck") or (_deck(tree, heading, pieces) if heading else None),
        venue=venue or stated,
        year=year or (papers[0].year if len(papers) == 1 and day_of_paper(head) else None),
        publisher=publisher_of(head),
        url=head.url,
        published=published_in_head(head, language) or published_in(text, entries, language),
        unplaced=tuple(each.span for each in findings.unread),
        page_starts=tree.page_starts,
        notes=(*tree.notes, *context.notes, *map(_note_of, findings.unread)),
    )


def _note_of(unread: Unread) -> str:
    """What the person who ingests is told of lines that look like papers."""
    return f"{unread.count} lines look like titles of papers, but none was read: {unread.line}"


def _mark_figures(tree: Tree) -> None:
    """Make paragraphs that say that they are captions figures."""
    for block in tree.root.walk():
        if block.role is Role.PARAGRAPH or (block.role is Role.FIGURE and not block.label):
            found = _CAPTION.match(tree.text, block.start, block.end)
            if found:
                block.role, block.label = Role.FIGURE, " ".join(found[1].split())


def _title_heading(tree: Tree) -> Block | None:
    """The heading that is the page's title: of level 1, the only one or the first words of the page."""
    first = [block for block in tree.root.walk() if block.role is Role.HEADING and block.level == 1]
    if not first:
        return None
    known = folded(tree.head.title or "")
    named = (
        next((block for block in first if folded(tree.text[block.start : block.end]) in known), None)
        if known
        else None
    )
    if named or len(first) == 1:
        return named or first[0]
    begins = not any(map(str.isalnum, tree.text[: first[0].start]))
    return first[0] if begins and not known else None


def _words(tree: Tree, block: Block) -> str:
    return " ".join(tree.text[block.start : block.end].split())


def _commented(entry: Entry, text: str) -> Entry:
    """A paper without a venue with the one that its comment names."""
    if entry.kind is not Kind.PAPER or entry.venue:
        return entry
    venue, year = venue_in_comment(text[entry.span.start : entry.span.end])
    return replace(entry, venue=venue, year=entry.year or year) if venue else entry


def _filled(tree: Tree) -> Tree:
    """A page, or what its head holds if the page is a shell for a script to fill with that.

    Raises:
        ReadError: it shows nothing, and its head holds nothing to be shown.
    """
    if len(tree.text) > _SHELL or not tree.head.things:
        return tree
    try:
        held = replace(tree_of_value(list(tree.head.things)), head=tree.head, notes=tree.notes)
        told = drafts_of_records(held, Context(held.text, today()))
    except ReadError:
        told = []
    shown = folded(tree.text)
    if told and not any(_title_of(draft) in shown for draft in told):
        return held
    if not tree.text:
        raise ReadError("no word is shown on the page")
    return tree


def _place(told: Draft, drafts: list[Draft], tree: Tree, heading: Block | None) -> None:
    """Join what a page's head tells of a record to the one that it shows, or find where it shows it."""
    title = _title_of(told)
    same = [draft for draft in drafts if draft.kind is told.kind]
    shown = next((draft for draft in same if _title_of(draft) == title), None)
    if shown is None and len(same) == 1 and 2 * (same[0].span.end - same[0].span.start) > len(tree.text):
        shown = same[0]
        shown.said[Fact.TITLE] = told.said[Fact.TITLE]
    if shown is not None:
        kept = {Fact.TITLE} | ({Fact.PLACE} & set(shown.said))
        shown.said |= {fact: said for fact, said in told.said.items() if fact not in kept}
        if told.kind is Kind.PAPER and Fact.ABSTRACT in told.said:
            shown.span = Span(shown.span.start, _end_of_abstract(told, shown.span, tree) or shown.span.end)
        return
    span = _shown_at(told, title, tree, heading)
    at = bisect_left(drafts, span.start, key=lambda draft: draft.span.start) if span else 0
    if span is None or (at and drafts[at - 1].span.end > span.start):
        return
    end = min(span.end, drafts[at].span.start) if at < len(drafts) else span.end
    if left := trimmed(tree.text, span.start, end):
        told.span = left
        drafts.insert(at, told)


def _shown_at(told: Draft, title: str, tree: Tree, heading: Block | None) -> Span | None:
    """Where a page shows what its head tells of: all that stands under its title, or the block that names it."""
    blocks = [block for block in tree.root.walk() if block.runs and block.name != "rowspan"]
    first = next(
        (block for block in blocks if folded(tree.text[block.start : block.end][:_LONGEST]) == title), None
    )
    if told.kind is Kind.JOB:
        opening = folded(tree.text[:_OPENING])
        said = told.said.get(Fact.ABSTRACT)
        shown = (
            title == folded(tree.head.title or "")
            or title in opening
            or (said and _begins(said[0].text) in opening)
        )
        if shown and (first is None or first is heading or first is blocks[0] or heading is None):
            return Span((heading or first or blocks[0]).start, tree.root.end)
    if first is None:
        return None
    return Span(first.start, _end_of_abstract(told, Span(first.start, tree.root.end), tree) or first.end)


def _end_of_abstract(told: Draft, span: Span, tree: Tree) -> int | None:
    """Where the abstract that a page's head tells ends in a stretch of the page; None if it is not shown there."""
    said = told.said.get(Fact.ABSTRACT)
    begins = _begins(said[0].text) if said else ""
    blocks = [block for block in tree.root.walk() if block.runs and span.start <= block.start < span.end]
    for block in blocks[:_MOST_BLOCKS] if begins else ():
        if begins in folded(tree.text[block.start : block.end][:_LONGEST]):
            return block.end
    return None


def _begins(words: str) -> str:
    return " ".join(folded(words[:_LONGEST]).split()[:_FIRST_WORDS])


def _title_of(draft: Draft) -> str:
    said = draft.said.get(Fact.TITLE)
    return folded(said[0].text) if said else ""


def _pieces(tree: Tree, title: Block | None, records: Sequence[Entry]) -> Iterator[Piece]:
    """What a page consists of, in page order, without its title."""
    text = tree.text
    figures = [Span(block.start, block.end) for block in tree.root.walk() if block.role is Role.FIGURE]
    pieces = [piece for entry in records for piece in _of_record(entry, figures, text)]
    taken = [piece.span for piece in pieces]
    starts = [span.start for span in taken]
    waiting = [tree.root]
    while waiting:
        block = waiting.pop()
        if block.name == "rowspan" or block is title:
            continue
        shape = _SHAPES.get(block.role, Shape.PROSE)
        if block.children and shape is Shape.PROSE and block.name != "teaser":
            held = bisect_left(starts, block.start) < bisect_left(starts, block.end)
            waiting += [each for each in reversed(block.children) if not (held and each.head)]
            continue
        if block.role is Role.FIELD and records:
            continue
        span = Span(block.start, block.end)
        at = max(0, bisect_left(starts, span.start) - 1)
        near = taken[at : bisect_left(starts, span.end)]
        for left in without(span, near, text):
            whole = left == span
            if shape is Shape.HEADING and whole:
                pieces.append(Piece(Shape.HEADING, left, heading_words(_words(tree, block)), block.level))
            elif shape is Shape.FIGURE and whole:
                words = block.label or _words(tree, block)[:_DECK_CHARS]
                pieces.append(Piece(Shape.FIGURE, left, words))
            elif block.name == "teaser" and whole:
                pieces.append(Piece(Shape.TEASER, left, block.label.rstrip(":")))
            else:
                pieces.append(Piece(Shape.PROSE, left))
    yield from sorted(pieces, key=lambda piece: piece.span.start)


_SHAPES = {Role.HEADING: Shape.HEADING, Role.FIGURE: Shape.FIGURE}


def _of_record(entry: Entry, figures: Sequence[Span], text: str) -> Iterator[Piece]:
    """A record up to its first figure, and what stands behind that as prose about it."""
    first = bisect_left(figures, entry.span.start, key=lambda span: span.start)
    inside = [each for each in figures[first : _MOST_FIGURES + first] if each.end <= entry.span.end]
    left = list(without(entry.span, inside, text)) if inside else []
    if not left or left[0].start > entry.span.start:
        yield Piece(Shape.RECORD, entry.span, entry=entry)
        return
    parts = tuple(part for part in entry.parts if part.span.end <= left[0].end)
    yield Piece(Shape.RECORD, left[0], entry=replace(entry, span=left[0], parts=parts))
    for span in left[1:]:
        more = Entry(
            Kind.ARTICLE, entry.title, span, entry.section, entry.headings, venue=entry.venue, year=entry.year
        )
        yield Piece(Shape.RECORD, span, entry=more)


def _deck(tree: Tree, heading: Block, pieces: Sequence[Piece]) -> str | None:
    """What stands right under the title: a quotation, or a short paragraph before further ones; no byline."""
    under = [piece for piece in pieces[:2] if piece.shape is Shape.PROSE and piece.span.start > heading.end]
    if not under or under[0] is not pieces[0]:
        return None
    span = under[0].span
    deck = " ".join(tree.text[span.start : span.end].split())
    quoted = any(
        block.role is Role.QUOTE and block.start <= span.start < block.end for block in tree.root.children
    )
    if not quoted and (len(under) < 2 or (is_byline(deck) and deck[-1] not in ".!?")):
        return None
    return deck if len(deck) <= _DECK_CHARS else None
