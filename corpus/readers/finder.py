"""The finder of records: the papers and job posts of a page, from its tree of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Kind, Span
from corpus.readers.publications import draft_of, groups_of_papers
from corpus.readers.runs import Runs
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers.draft import Context, Draft
    from corpus.readers.publications import Group
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
    """Find the papers and job posts of a page."""
    runs = Runs(tree)
    groups = groups_of_papers(runs, tree.head.title or "")
    drafts = _papers(groups, runs)
    return Findings(tuple(sorted(drafts, key=lambda draft: draft.span.start)))


def _papers(groups: Sequence[Group], runs: Runs) -> list[Draft]:
    taken = bytearray(len(runs.parts))
    drafts = []
    ordered = sorted(
        (group for group in groups if group.papers),
        key=lambda g: (g.signed, len(g.papers), sum(p.record.end - p.record.start for p in g.papers)),
        reverse=True,
    )
    for group in ordered:
        for paper in group.papers:
            record = paper.record
            if any(taken[record.first : record.last]):
                continue
            taken[record.first : record.last] = b"\1" * (record.last - record.first)
            drafts.append(draft_of(paper, runs.text))
    return drafts
