"""Blocks of a plain text to pieces: headings, prose, papers, figures, teasers, job posts."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from corpus.model import Kind, Place, Span
from corpus.places import country_first, parse_place
from corpus.readers.blocks import Line, Piece, Shape, collapsed, span_of
from corpus.readers.headings import (
    LONG_LINE,
    heading_words,
    image_name,
    is_bullet,
    is_heading,
    is_label,
    is_marked_heading,
    is_teaser_label,
    split_venue,
    venues_of,
)
from corpus.readers.jobs import begins_part, is_part_heading, sounds_like_post
from corpus.readers.papers import authors_of, is_paper_title, talks_of_papers
from corpus.readers.records import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.model import Entry
    from corpus.readers.blocks import Block


_SURE_AUTHORS = 3
"""Names from which a line is a line of authors wherever it stands."""

_SURE_HEADINGS = 2
"""Headings right over their paragraph from which a page is taken to write them so."""


def pieces_of(
    text: str,
    blocks: Sequence[Block],
    title: str = "",
    *,
    under_title: bool = False,
    known: Mapping[int, Piece] | None = None,
) -> list[Piece]:
    """Cut blocks into pieces, in page order, not overlapping. Image names and empty headings fall away.

    Args:
        text: the page's text.
        blocks: its blocks, without the title.
        title: the words of its title.
        known: where the markup tells them the pieces by their first block's offset; then headings are known, too.
        under_title: whether the first block stands right under the title, where a line alone heads nothing.
    """
    lists_papers = talks_of_papers(title) or _lists_papers(blocks)
    if known:
        pieces = _marked_up(blocks, known, lists_papers=lists_papers)
        return _without_empty_headings(_names_kept(_posts_joined(text, pieces)))
    parted = _headings_parted(blocks)
    pieces = [piece for block in parted for piece in _of_block(block, lists_papers=lists_papers)]
    if under_title and pieces and pieces[0].span == span_of(blocks[0]) and not is_label(blocks[0][0].text):
        pieces[0] = _prose(pieces[0]) if pieces[0].shape is Shape.HEADING else pieces[0]
    return _without_empty_headings(_names_kept(_posts_joined(text, pieces)))


def _marked_up(blocks: Sequence[Block], known: Mapping[int, Piece], *, lists_papers: bool) -> list[Piece]:
    """The known pieces, and those of the blocks between them, in which nothing is a heading any more."""
    has_headings = any(piece.shape is Shape.HEADING for piece in known.values())
    pieces: list[Piece] = []
    for block in blocks:
        if pieces and block[0].start < pieces[-1].span.end:
            continue  # within a post
        if piece := known.get(block[0].start):
            pieces.append(piece)
            continue
        found = _of_block(block, lists_papers=lists_papers)
        pieces += [_prose(p) if has_headings and p.shape is Shape.HEADING else p for p in found]
    return pieces


def _headings_parted(blocks: Sequence[Block]) -> Sequence[Block]:
    """Part headings from the paragraphs right under them, on a page where most headings stand so."""
    heads = [_heads_paragraph(block) for block in blocks]
    alone = sum(
        len(block) == 1
        and is_heading(block[0].text)
        and not country_first(block[0].text)
        and _ends_sentence(following)
        for block, following in pairwise(blocks)
    )
    if sum(heads) < _SURE_HEADINGS or sum(heads) <= alone:
        return blocks
    parted: list[Block] = []
    for block, headed in zip(blocks, heads, strict=True):
        parted += [block[:1], block[1:]] if headed else [block]
    return parted


def _heads_paragraph(block: Block) -> bool:
    """Whether a block's first line is a heading: numbered, or far shorter than the sentence that follows."""
    if len(block) < 2 or not is_heading(block[0].text) or not _ends_sentence(block):
        return False
    first, second = block[0].text, block[1].text
    if image_name(first) or is_teaser_label(first) or parse_place(first) or authors_of(second):
        return False
    numbered = heading_words(first) != first
    return (numbered or 2 * len(first) <= len(second)) and not (second[0].islower() or is_bullet(second))


def _ends_sentence(block: Block) -> bool:
    return block[-1].text[-1] in '.!?”"'


def _lists_papers(blocks: Sequence[Block]) -> bool:
    """Whether the page is of the kind that lists papers, so that a name under a title is its author."""
    if any(talks_of_papers(line.text[:LONG_LINE]) for block in blocks[:3] for line in block[:2]):
        return True
    pairs = (pair for block in blocks for pair in pairwise(block))
    return any(len(_authors(*pair)) >= _SURE_AUTHORS for pair in pairs)


def _of_block(block: Block, *, lists_papers: bool) -> list[Piece]:
    pieces: list[Piece] = []
    loose: Block = []
    at = 0
    while at < len(block):
        piece, taken = _special(block, at, loose, lists_papers=lists_papers)
        if not taken:
            loose.append(block[at])
            at += 1
            continue
        pieces += _loose(loose)
        loose = []
        pieces += [piece] if piece else []
        at += taken
    return pieces + _loose(loose)


def _special(block: Block, at: int, loose: Block, *, lists_papers: bool) -> tuple[Piece | None, int]:
    """The piece that begins at a line, if it is not prose, and how many lines it takes; 0 where it is prose."""
    line, following = block[at], block[at + 1] if at + 1 < len(block) else None
    if is_teaser_label(line.text) and following and not _begins_post(block, at + 1):
        stop = _next_post(block, at + 1)
        return Piece(Shape.TEASER, span_of(block[at + 1 : stop]), line.text.rstrip(":")), stop - at
    if (name := image_name(line.text)) and (not loose or _ends(loose[-1])):
        caption = _caption(block, at + 1)
        return (Piece(Shape.FIGURE, span_of(caption), name) if caption else None), 1 + len(caption)
    if place := _begins_post(block, at):
        stop = _next_post(block, at + 1)
        return Piece(Shape.JOB, span_of(block[at:stop]), place=place), stop - at
    authors = _authors(line, following) if following else ()
    if len(authors) >= _SURE_AUTHORS or (authors and lists_papers and not loose and not _in_column(block, at)):
        return Piece(Shape.PAPER, span_of(block[at : at + 2]), line.text, authors), 2
    return None, 0


def _authors(title: Line, names: Line) -> tuple[str, ...]:
    return authors_of(names.text) if is_paper_title(title.text) else ()


def _in_column(block: Block, at: int) -> bool:
    """Whether a line stands in a column of names, one a line."""
    return len(block) > at + 2 and all(authors_of(line.text) for line in block[at : at + 3])


def _ends(line: Line) -> bool:
    """Whether a line closes what it says, so that the next one begins something."""
    return line.text[-1] in '.!?:;”")' or is_bullet(line.text) or len(line.text) > LONG_LINE


def _caption(block: Block, at: int) -> Block:
    """The lines of a caption: one long line, or the short ones that it is wrapped into."""
    caption: Block = []
    for line in map(block.__getitem__, range(at, len(block))):
        if image_name(line.text) or is_teaser_label(line.text):
            break
        if len(line.text) > LONG_LINE:
            return caption[:1] or [line]
        caption.append(line)
    return caption


def _next_post(block: Block, at: int) -> int:
    return next((n for n in range(at, len(block)) if _begins_post(block, n)), len(block))


def _begins_post(block: Block, at: int) -> Place | None:
    """The place where a line is that of a job post and the post follows it."""
    if at + 1 >= len(block) or country_first(block[at + 1].text):
        return None
    if place := country_first(block[at].text):
        return place
    place = parse_place(block[at].text)
    return place if place and sounds_like_post(block[at + 1].text) else None


def _loose(lines: Block) -> list[Piece]:
    """Headings and prose of lines that are nothing else: a wrapped paragraph, or one paragraph a line."""
    if not lines:
        return []
    if len(lines) == 1:
        return [_lone(lines[0])]
    if any(len(line.text) > LONG_LINE for line in lines):
        return [_lone(line) for line in lines]
    if is_marked_heading(lines[0].text) and not lines[1].text.isupper():
        return [_heading(lines[0]), Piece(Shape.PROSE, span_of(lines[1:]))]
    return [Piece(Shape.PROSE, span_of(lines))]


def _lone(line: Line) -> Piece:
    if place := country_first(line.text):
        return Piece(Shape.JOB, span_of([line]), place=place)
    return _heading(line) if is_heading(line.text) else Piece(Shape.PROSE, span_of([line]))


def _heading(line: Line) -> Piece:
    return Piece(Shape.HEADING, span_of([line]), heading_words(line.text))


def _posts_joined(text: str, pieces: list[Piece]) -> list[Piece]:
    """Join a place that stands alone with the post under it, and a post with paragraphs that go on with it."""
    joined: list[Piece] = []
    between = _before_posts(text, pieces)
    for at, piece in enumerate(pieces):
        if joined and joined[-1].place and (between[at] or _goes_on(text, joined[-1], pieces[at - 1], piece)):
            joined[-1] = replace(joined[-1], span=Span(joined[-1].span.start, piece.span.end))
        else:
            joined.append(piece)
    return [_prose(piece) if _is_bare(piece) else piece for piece in joined]


def _before_posts(text: str, pieces: list[Piece]) -> list[bool]:
    """For each piece whether it is prose, or an inner heading, with nothing else up to the next post."""
    between: list[bool] = []
    leads = False
    for piece in reversed(pieces):
        inner = piece.shape is Shape.HEADING and is_part_heading(text[piece.span.start : piece.span.end])
        between.append(leads and (piece.shape is Shape.PROSE or inner))
        leads = piece.place is not None or between[-1]
    return between[::-1]


def _goes_on(text: str, post: Piece, last: Piece, piece: Piece) -> bool:
    """Whether a piece belongs to a post whose last piece so far is given."""
    words = text[piece.span.start : piece.span.end]
    if piece.shape is Shape.PROSE:
        headed = is_part_heading(text[last.span.start : last.span.end])
        return _is_bare(post) or headed or is_bullet(words) or begins_part(words) or sounds_like_post(words)
    return piece.shape is Shape.HEADING and begins_part(words)


def _is_bare(piece: Piece) -> bool:
    """Whether a post is nothing but its place yet."""
    return piece.place is not None and piece.span.end - piece.span.start == len(piece.place.text)


def _names_kept(pieces: list[Piece]) -> list[Piece]:
    """Make names right under a heading ("Authors") its text: they are no heading themselves."""
    kept = pieces[:1]
    for above, piece in pairwise(pieces):
        headed = above.shape is piece.shape is Shape.HEADING
        kept.append(_prose(piece) if headed and len(authors_of(piece.title)) >= _SURE_AUTHORS else piece)
    return kept


def _prose(piece: Piece) -> Piece:
    return Piece(Shape.PROSE, piece.span)


def _without_empty_headings(pieces: list[Piece]) -> list[Piece]:
    """Drop headings with nothing under them; but many in a row, or the last words of a page, are prose."""
    settled: list[Piece] = []
    runs = [(headings, list(run)) for headings, run in groupby(pieces, lambda p: p.shape is Shape.HEADING)]
    for at, (headings, run) in enumerate(runs):
        if not headings:
            settled += run
            continue
        following = runs[at + 1][1][0] if at + 1 < len(runs) else None
        heads_something = following is not None and following.shape is not Shape.JOB
        empty, heading = (run[:-1], run[-1:]) if heads_something else (run, [])
        furniture = any(is_teaser_label(piece.title) for piece in run)
        if not furniture and (following is None or len(run) > 2):
            settled += map(_prose, empty)
        elif heads_something:
            settled += [piece for piece in empty if is_label(piece.title)]
        settled += heading
    return settled


_LABEL = re.compile(
    r"(title|titel|t[íi]tulo|authors?|autor(?:en|es|in|innen)?|comments?|kommentar|comentarios|venue|conference|konferenz"
    r"|congreso|journal(?:[- ]ref)?|published in|year|jahr|año|date|abstract|zusammenfassung|resumen|url|link|doi"
    r"|subjects?|categories|report-no|acm-class|msc-class|proxy|keywords)\s*:\s*(.*)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:title|titel|t[íi]tulo)$", re.IGNORECASE)
_AUTHORS = re.compile(r"(?:authors?|autor(?:en|es|in|innen)?)$", re.IGNORECASE)
_VENUE = re.compile(r"(?:venue|conference|konferenz|congreso|journal(?:[- ]ref)?|published in)$", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:comments?|kommentar|comentarios)$", re.IGNORECASE)
_COMMENT = re.compile(r"^Comments?:[ \t]*(\S[^\r\n]{0,500})", re.MULTILINE)
_YEAR = re.compile(r"(?:year|jahr|año)$", re.IGNORECASE)
_HEAD = re.compile(r"\\\\$|arXiv:\s?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})\b|Date(?:\s\([^()]*\))?:\s", re.IGNORECASE)
"""How the lines begin that stand over a paper's title in the mails of arXiv."""


def labelled_papers(blocks: Sequence[Block]) -> tuple[list[Block], dict[int, Piece]]:
    """Find the papers whose title and authors are labelled.

    Returns:
        The blocks, parted where such a paper begins; and the papers, by where their block begins.
    """
    parted: list[Block] = []
    for block in blocks:
        parted += _parted(block)
    joined: list[Block] = []
    known: dict[int, Piece] = {}
    for block in parted:
        paper = _paper(block)
        if (
            paper
            and joined
            and joined[-1][0].start not in known
            and all(_HEAD.match(line.text) for line in joined[-1])
        ):
            block = joined.pop() + block  # noqa: PLW2901 - the head is the paper's
        if paper:
            known[block[0].start] = _placed(paper, block)
        joined.append(block)
    return (joined, known) if known else (list(blocks), {})


def venue_in_comments(words: str) -> tuple[str | None, int | None]:
    """The venue and year that an author's comment names: "Accepted at ICML 2023, 12 pages"."""
    found = venues_of("", f" {words} ")
    if not found.venue and (said := re.match(r"([A-Z][A-Za-z]*[A-Z][A-Za-z]*)[\s’'-]*((?:19|20)\d\d)\b", words)):
        return said[1], int(said[2])
    return found.venue, found.year if found.venue else None


def with_comments(entries: Sequence[Entry], text: str) -> tuple[Entry, ...]:
    """The entries, papers that tell of no venue with the one that their authors' comment names."""
    return tuple(_commented(entry, text) for entry in entries)


def _commented(entry: Entry, text: str) -> Entry:
    if entry.kind is not Kind.PAPER or entry.venue:
        return entry
    said = _COMMENT.search(text, entry.span.start, entry.span.end)
    venue, year = venue_in_comments(said[1]) if said else (None, None)
    return replace(entry, venue=venue, year=entry.year or year) if venue else entry


def _parted(block: Block) -> list[Block]:
    """A block parted before each of its titles but the first."""
    titles = [at for at, line in enumerate(block) if (label := _LABEL.match(line.text)) and _TITLE.match(label[1])]
    cuts = [0, *titles[1:], len(block)]
    return [block[begin:end] for begin, end in pairwise(cuts)] if len(titles) > 1 else [block]


def _paper(block: Block) -> Piece | None:
    fields = _fields(block)
    title = fields.get("title", "")
    authors = people_in(fields.get("authors", ""))
    if not title or not authors:
        return None
    venue, year = split_venue(fields.get("venue", ""))
    if not venue:
        venue, year = venue_in_comments(fields.get("comments", ""))
    stated = re.fullmatch(r"(?:1[89]|20)\d\d", fields.get("year", ""))
    year = int(stated[0]) if stated else year
    return Piece(Shape.PAPER, span_of(block), title, authors, venue=venue, year=year)


def _placed(paper: Piece, block: Block) -> Piece:
    """A paper with the stretch of its whole block, and where that says it leads."""
    said = "\n".join(line.text for line in block)
    number = next((found[1] for line in block if (found := _HEAD.match(line.text)) and found[1]), None)
    link = f"https://arxiv.org/abs/{number}" if number else address_of(said)
    return replace(paper, span=span_of(block), link=link)


def _fields(block: Sequence[Line]) -> Mapping[str, str]:
    """The labelled fields of a block, those of several lines joined; a line of backslashes ends them."""
    fields: dict[str, str] = {}
    name = ""
    for line in block:
        label = _LABEL.match(line.text)
        if label:
            name = next((key for key, of in _KEYS.items() if of.match(label[1])), "")
            if name:
                fields[name] = label[2]
        elif line.text.startswith("\\\\"):
            name = ""
        elif name:
            fields[name] = f"{fields[name]} {line.text}"
    return {key: collapsed(said) for key, said in fields.items()}


_KEYS = {"title": _TITLE, "authors": _AUTHORS, "venue": _VENUE, "comments": _COMMENTS, "year": _YEAR}


def people_in(words: str) -> tuple[str, ...]:
    """The names of a labelled line, without the places that they work at in brackets behind them."""
    return authors_of(words) or authors_of(re.sub(r"\s*\((?:[^()]|\([^()]*\))*\)", "", words))
