"""Papers and job posts in lists and tables of a Markdown page: an item or a row each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.model import Entry, Kind, Span
from corpus.readers.authors import EDGES, LABELLED, authors_in, heads_people
from corpus.readers.blocks import trimmed
from corpus.readers.columns import fact_of, language_of
from corpus.readers.markdown_blocks import plain, target
from corpus.readers.papers import authors_of, is_paper_title
from corpus.readers.records import Record, entry_of, people_of, settled, year_of
from corpus.readers.segments import venue_in_comments

if TYPE_CHECKING:
    from corpus.readers.markdown_blocks import Block


_MOST = 0.5
"""Share of a list's items that have to read as papers."""
_TITLE_WORDS = 3
_LONGEST = 4_000
"""Characters of an item that can be a paper."""
_ITEM = re.compile(r"^[ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+", re.MULTILINE)
_MARKED = re.compile(
    r"(?P<mark>\*\*\*|___|\*\*|__|\*|_)(?P<em>[^*_\r\n][^*\r\n]{2,300}?)(?P=mark)(?!\w)"
    r"|\[(?P<link>[^\[\]]{3,300})\]\([^()\s]*[^()]*\)|“(?P<q>[^“”]{3,300})”|\"(?P<q2>[^\"\r\n]{3,300})\""
)
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?")
_CELL = re.compile(r"(?<!\\)\|")
_VENUE = re.compile(r"\b([A-Z][A-Za-z]*[A-Z][A-Za-z]*)[\s,’'-]{1,3}((?:19|20)\d\d)\b")


def listed_in(text: str, block: Block) -> list[Entry]:
    """The entries of a list or a table, by page order; [] where it is of something else."""
    if block.type in ("bullet_list", "ordered_list"):
        return _of_list(text, block.span)
    return _of_table(text, block.span) if block.type == "paragraph" else []


def titled_in(text: str, block: Block) -> Entry | None:
    """The paper of a paragraph: its title marked up on the first line, nothing but its authors on the second."""
    span = block.span
    lines = text[span.start : span.end].splitlines() if block.type == "paragraph" else []
    if len(lines) < 2 or span.end - span.start > _LONGEST or not _MARKED.fullmatch(lines[0].strip().rstrip("\\")):
        return None
    paper = _paper(text, span)
    alone = paper and len(paper.authors) > 1 and len(authors_of(paper.title)) < 2
    return paper if paper and alone and len(paper.title.split()) >= _TITLE_WORDS else None


def _of_list(text: str, whole: Span) -> list[Entry]:
    starts = [(item.start(), item.end()) for item in _ITEM.finditer(text, whole.start, whole.end)]
    ends = [*(begin for begin, _ in starts[1:]), whole.end]
    spans = [trimmed(text, begin, end) for (_, begin), end in zip(starts, ends, strict=True)]
    items = [(span, _paper(text, span)) for span in spans if span]
    papers = [paper for _, paper in items if paper]
    sure = len(papers) > 1 or any(len(paper.authors) > 1 for paper in papers)
    if not sure or len(papers) < _MOST * len(items):
        return []
    return [paper or Entry(Kind.ARTICLE, plain(text[span.start : span.end])[:80], span) for span, paper in items]


def _paper(text: str, span: Span) -> Entry | None:
    """The paper of an item: its title marked up or on a line of its own, its authors behind it or before."""
    words = text[span.start : span.end]
    if len(words) > _LONGEST:
        return None
    marked = _MARKED.search(words)
    if marked and not words[: marked.start()].strip(EDGES):
        title, names = _marked(marked), authors_in(_bare(words[marked.end() :]))
        authors, rest = names[1], words[marked.end() :]
    elif marked and (authors := authors_of(re.sub(r"\(\d{4}\)", "", plain(words[: marked.start()])).strip(EDGES))):
        title, rest = _marked(marked), words[marked.end() :]
    elif len(lines := words.splitlines()) > 1:
        title, rest = plain(lines[0]).rstrip("."), " ".join(lines[1:])
        authors = authors_in(_bare(lines[1]))[1]
    else:
        return None
    title = title.strip(EDGES.replace("(", "").replace(")", ""))
    if not authors or not title or not is_paper_title(title) or heads_people(title):
        return None
    venue, year = _venue(plain(rest))
    return Entry(Kind.PAPER, title, span, authors=authors, venue=venue, year=year, url=_link(words))


def _marked(found: re.Match[str]) -> str:
    return plain(found["em"] or found["link"] or found["q"] or found["q2"])


def _bare(words: str) -> str:
    """The words behind a title up to the line's end, without marks of emphasis."""
    first = next((line for line in words.splitlines() if line.strip(f"{EDGES}\\")), "")
    bare = plain(first).lstrip(EDGES)
    return bare[label.end() :] if (label := LABELLED.match(bare)) else bare


def _venue(words: str) -> tuple[str | None, int | None]:
    if found := _VENUE.search(words):
        return found[1], int(found[2])
    venue, year = venue_in_comments(words)
    return venue, year or year_of(words)


def _link(words: str) -> str | None:
    return next((found for part in re.findall(r"\[[^\[\]]*\]\([^()]*\)", words) if (found := target(part))), None)


def _of_table(text: str, whole: Span) -> list[Entry]:
    lines = [
        Span(line.start(), line.end())
        for line in re.finditer(r"[^\r\n]*\S[^\r\n]*", text[whole.start : whole.end])
    ]
    rows = [Span(whole.start + line.start, whole.start + line.end) for line in lines]
    if len(rows) < 3 or not _RULE.fullmatch(text[rows[1].start : rows[1].end].strip()):
        return []
    heads = [plain(cell) for cell in _cells(text, rows[0])]
    records: list[Record] = []
    at: dict[int, Span] = {}
    for row in rows[2:]:
        record = _record(heads, _cells(text, row))
        records.append(record)
        at[id(record)] = trimmed(text, row.start, row.end) or row
    found = settled(records)
    if len(found) < _MOST * len(records):
        return []
    for kind, record in found:
        record.kind = kind
    return [entry_of(record, at[id(record)], language_of(heads)) for _, record in found]


def _cells(text: str, row: Span) -> list[str]:
    return _CELL.split(text[row.start : row.end].strip().removeprefix("|").removesuffix("|"))


def _record(heads: list[str], cells: list[str]) -> Record:
    record = Record()
    for head, cell in zip(heads, cells, strict=False):
        fact, said = fact_of(head), plain(cell)
        if fact == "authors":
            record.authors = people_of(said)
        elif fact and said:
            record.facts.setdefault(fact, target(cell) or said if fact == "url" else said)
            if fact in ("title", "role") and (link := _link(cell)):
                record.facts.setdefault("url", link)
    return record
