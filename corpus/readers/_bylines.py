"""Bylines: the authors that words begin with, and titles that stand over people who are no authors."""

from __future__ import annotations

import re

from corpus.readers._jobs import names_role
from corpus.readers._papers import authors_of

LABELLED = re.compile(
    r"(?:written |presented )?(?:by|authors?|speakers?|von|autor(?:en|es)?|por|par)\s*(?::\s*|\s)", re.IGNORECASE
)
EDGES = " .,;:|–—-()[]·•"
"""What stands around names and titles without being part of them."""
_NO_TITLE = re.compile(
    r"\b(?:committees?|chairs?|co-chairs|speakers?|organi[sz](?:ers?|ing)|contacts?|staff|board|reviewers|sponsors"
    r"|panel(?:ists)?|moderators?|programmkomitee|kontakt|ansprechpartner|comit[ée]|organisateurs|ponentes|veranstalter"
    r"|acknowledge?ments?)\b",
    re.IGNORECASE,
)
"""Words of what stands over people who are no authors."""
_NO_TITLE_WORDS = 6


def heads_people(title: str) -> bool:
    """Whether a title is over people who wrote nothing: a committee, speakers, who hires."""
    return names_role(title) or (len(title.split()) <= _NO_TITLE_WORDS and _NO_TITLE.search(title) is not None)


def authors_in(words: str) -> tuple[str, tuple[str, ...], list[str]]:
    """The line of authors that words are, without "by" and brackets, or that they begin with; and the rest."""
    bare = words.strip(EDGES)
    bare = bare[label.end() :] if (label := LABELLED.match(bare)) else bare
    if bare.count("(") == bare.count(")") + 1 and words.rstrip(" .,;").endswith(")"):
        bare = f"{bare})"  # of the place that the last of them works at
    for parting in (" | ", " · "):
        if authors := authors_of(bare.replace(parting, ", ")):
            return bare, authors, []
    for mark in ("", ". ", " (", " | ", " · "):
        said, _, rest = bare.partition(mark) if mark else (bare, "", "")
        said = said.strip(EDGES)
        if authors := authors_of(said):
            rest = rest.strip(" ,;:|–—-·•")
            return said, authors, [rest] if rest else []
    return "", (), []
