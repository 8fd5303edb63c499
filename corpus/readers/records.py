"""The finder of records: the papers and job posts of a page, from its tree of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Kind
from corpus.readers import fields, openings, publications
from corpus.readers.lines import trimmed
from corpus.readers.openings import Opening, groups_of_posts
from corpus.readers.publications import groups_of_papers
from corpus.readers.runs import Runs, tables_of
from corpus.readers.scores import apart
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.model import Span
    from corpus.readers.draft import Context, Draft
    from corpus.readers.openings import Openings
    from corpus.readers.parts import Part
    from corpus.readers.publications import Group, Labelled
    from corpus.readers.tree import Tree


_TABLED = 4
"""Posts in tables from one more than which on none stands alone beside them."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Records that look like papers or posts, but were not surely read.

    Attributes:
        span: all of them.
        count: how many.
        line: the first one's first line.
    """

    span: Span
    count: int
    line: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a page holds: drafts in page order that do not overlap, and what was left unread."""

    drafts: tuple[Draft, ...]
    unread: tuple[Unread, ...] = ()


def find_records(tree: Tree, context: Context) -> Findings:
    """Find the papers and job posts of a page.

    What is a table by its columns, or a file of records, is read as such first; all else as runs of one form.
    """
    drafts, read = _structured(tree, context)
    runs = Runs(tree, read)
    about = tree.head.title or next(
        (tree.text[b.start : b.end] for b in tree.root.walk() if b.role is Role.HEADING or b.name == "title"), ""
    )
    taken = bytearray(len(runs.parts))
    if not drafts and (paper := publications.single_paper(runs)):
        return Findings((publications.draft_of(paper, runs.text),))
    papers, posts = groups_of_papers(runs, about), groups_of_posts(runs, about)
    single = None if drafts else openings.single_post(runs, about)
    if single and all(post.title is single.title for group in posts for post in group.posts):
        papers = []  # what an advert cites
    if sum(draft.kind is Kind.JOB for draft in drafts) > _TABLED:
        posts = [group for group in posts if len(group.posts) > 1]  # a lone heading over tables of posts is none
    told = [post for group in sorted(posts, key=lambda g: -len(g.posts)) for post in group.posts if not post.title]
    found: list[tuple[Opening, Draft]] = []
    ordered: list[Opening | Labelled] = [*told, *_ordered_papers(papers), *_ordered_posts(posts)]
    for each in ordered:
        if not runs.take(each.record.start, each.record.end, taken):
            continue
        if isinstance(each, Opening):
            found.append((each, openings.draft_of(each, runs.text)))
        else:
            drafts.append(publications.draft_of(each, runs.text))
    openings.add_companies(found)
    drafts += [draft for _, draft in found]
    if not drafts and single:
        drafts.append(openings.draft_of(single, runs.text))
    for draft in drafts:
        draft.span = trimmed(tree.text, draft.span.start, draft.span.end) or draft.span
    drafts.sort(key=lambda draft: draft.span.start)
    _add_sections(drafts, tree)
    return Findings(tuple(drafts), tuple(_unread(papers, runs, taken)))


def _add_sections(drafts: Sequence[Draft], tree: Tree) -> None:
    """Take the titles of papers from the headings above records, and add what stands over papers led by one.

    That is the heading of the same level before them that is no record itself.
    """
    above: dict[int, str] = {}
    begins = {draft.span.start for draft in drafts if draft.kind is Kind.PAPER}
    headings = [block for block in tree.root.walk() if block.role is Role.HEADING]
    titles = {" ".join(tree.text[b.start : b.end].split()) for b in headings if b.start in begins}
    for draft in drafts:
        draft.headings = tuple(words for words in draft.headings if words not in titles)
    at = 0
    for block in headings:
        while at < len(drafts) and drafts[at].span.end <= block.start:
            at += 1
        words = " ".join(tree.text[block.start : block.end].split())
        if at < len(drafts) and drafts[at].span.start == block.start and drafts[at].kind is Kind.PAPER:
            if (section := above.get(block.level)) and section not in drafts[at].headings:
                drafts[at].headings = (*drafts[at].headings, section)
        elif at == len(drafts) or block.start < drafts[at].span.start:
            above = {level: words for level, words in above.items() if level < block.level} | {block.level: words}


def _structured(tree: Tree, context: Context) -> tuple[list[Draft], set[int]]:
    """The papers and posts of tables whose columns tell, and of data files; and the ids of their blocks."""
    drafts = fields.drafts_of_records(tree, context)
    spans = {(draft.span.start, draft.span.end) for draft in drafts}
    read = {id(block) for block in tree.root.walk() if spans and (block.start, block.end) in spans}
    for table, headings in tables_of(tree):
        if found := fields.drafts_of_table(table, tree, context, headings):
            drafts += found
            read.add(id(table))
    return drafts, read


def _ordered_papers(groups: Sequence[Group]) -> list[Labelled]:
    """Papers, those of the surest groups first: of the most authors, then of the widest records.

    Of several titles for one list of authors the best is kept: the nearest, unless another looks much better.
    """
    ordered = sorted(
        (group for group in groups if group.papers),
        key=lambda g: (g.signed, g.support, len(g.papers), sum(p.record.end - p.record.start for p in g.papers)),
        reverse=True,
    )
    papers = [paper for group in ordered for paper in group.papers]
    best: dict[int, tuple[float, Part]] = {}
    for paper in papers:
        if paper.title and paper.authors:
            score = paper.title_score - apart(paper.title, paper.authors)
            if score > best.get(id(paper.authors), (-9.0, paper.title))[0]:
                best[id(paper.authors)] = (score, paper.title)
    return [paper for paper in papers if not paper.authors or best[id(paper.authors)][1] is paper.title]


def _ordered_posts(groups: Sequence[Openings]) -> list[Opening]:
    ordered = sorted(groups, key=lambda g: (g.fine, g.support, len(g.posts), g.evidence), reverse=True)
    return [post for group in ordered for post in group.posts]


def _unread(groups: Sequence[Group], runs: Runs, taken: bytearray) -> Iterator[Unread]:
    """What looks like papers and was not read, the widest runs first."""
    for group in sorted(groups, key=lambda g: -g.looks):
        if group.papers or group.span is None:
            continue
        if runs.take(group.span.start, group.span.end, taken):
            line = runs.text[group.span.start : group.span.end].split("\n", 1)[0]
            yield Unread(group.span, group.looks, " ".join(line.split())[:120])
