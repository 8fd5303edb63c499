"""The finder of records: the papers and job posts of a page, from its tree of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.readers import fields, openings, publications
from corpus.readers.openings import groups_of_posts
from corpus.readers.publications import groups_of_papers
from corpus.readers.runs import Runs
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.model import Span
    from corpus.readers.draft import Context, Draft
    from corpus.readers.openings import Opening, Openings
    from corpus.readers.publications import Group, Labelled
    from corpus.readers.tree import Tree


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
    runs = Runs(tree)
    about = tree.head.title or next((tree.text[b.start : b.end] for b in tree.root.walk() if b.role is Role.HEADING), "")
    taken = bytearray(len(runs.parts))
    drafts = [draft for draft in _structured(tree, context, runs) if runs.take(draft.span.start, draft.span.end, taken)]
    papers, posts = groups_of_papers(runs, about), groups_of_posts(runs, about)
    for paper in _ordered_papers(papers):
        if runs.take(paper.record.start, paper.record.end, taken):
            drafts.append(publications.draft_of(paper, runs.text))
    for post in _ordered_posts(posts):
        if runs.take(post.record.start, post.record.end, taken):
            drafts.append(openings.draft_of(post, runs.text))
    if not drafts and (single := openings.single_post(runs, about)):
        drafts.append(openings.draft_of(single, runs.text))
    found = sorted(drafts, key=lambda draft: draft.span.start)
    return Findings(tuple(found), tuple(_unread(papers, runs, taken)))


def _structured(tree: Tree, context: Context, runs: Runs) -> list[Draft]:
    """The papers and posts of tables whose columns tell, and of data files."""
    drafts = fields.drafts_of_records(tree, context)
    for table, headings in runs.tables:
        drafts += fields.drafts_of_table(table, tree, context, headings) or []
    return drafts


def _ordered_papers(groups: Sequence[Group]) -> list[Labelled]:
    """Papers, those of the surest groups first: of the most authors, then of the widest records."""
    ordered = sorted(
        (group for group in groups if group.papers),
        key=lambda g: (g.signed, g.support, len(g.papers), sum(p.record.end - p.record.start for p in g.papers)),
        reverse=True,
    )
    return [paper for group in ordered for paper in group.papers]


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
