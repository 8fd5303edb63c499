"""Papers in labelled lines: "Title: …", "Authors: …", "Comments: …", as archives and reading lists send them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.readers._lines import collapsed, span_of
from corpus.readers._papers import authors_of
from corpus.readers._pieces import Piece, Shape
from corpus.readers._values import address_of
from corpus.readers._venues import split_venue, venues_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.model import Entry
    from corpus.readers._lines import Block, Line

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
