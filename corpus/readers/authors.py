"""Authors in HTML: names in elements of their own, marks of their affiliations, buttons beside their papers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.readers.blocks import collapsed
from corpus.readers.jobs import names_role
from corpus.readers.papers import authors_of, is_paper_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from corpus.readers.blocks import HtmlBlock


_SIGNED = re.compile(
    r"(?:authors?|creators?|contrib(?:utors?)?|autor(?:en|es)?)(?:[_-]?(?:list|names?|item|s))?", re.IGNORECASE
)
_RAISED = str.maketrans("0123456789abcdefgh", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰ")
_MARK = re.compile(r"[\da-h*†‡§¶,\s]{1,12}")
_BUTTONS = re.compile(
    r"(?:\[?(?:pdf|bib|bibtex|abs|abstract|html|other|format|code|video|slides|poster|doi|cite|ps|data|dataset|software"
    r"|supp(?:lementary)?|openreview|arxiv|github|website|project page)\]?[\s,|/·•]*){2,}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\[\d{1,4}\]\s+arXiv:(\S+)\b")
_APART = ("d-block", "block", "row", "col", "line", "title", "author", "authors", "name", "meta")
"""Names of classes of inline elements that a style sheet sets on lines of their own."""


def is_signed(element: HtmlElement) -> bool:
    """Whether an element, or the one that holds it, says that it is of authors."""
    return any(each is not None and _says_author(each) for each in (element, element.getparent()))


def _says_author(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    marks = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
    return any(map(_SIGNED.fullmatch, marks.split()))


def between(element: HtmlElement) -> str:
    """What parts an inline element from the one right behind it where only a style sheet shows that they are two.

    Returns:
        A comma between names of authors, a line feed before a block by its class, a space between words.
    """
    following = element.getnext()
    tail = element.tail or ""
    if (
        following is None
        or not isinstance(following.tag, str)
        or tail.strip()
        or following.tag not in ("a", "span")
    ):
        return ""
    if element.tag not in ("a", "span"):
        return ""
    if is_signed(element) and is_signed(following) and _is_name(element) and _is_name(following):
        return ", "
    if tail:
        return ""
    if _is_apart(element) or _is_apart(following):
        return "\n"
    last, first = collapsed(element.text_content())[-1:], collapsed(following.text_content())[:1]
    both = element.get("class") and following.get("class")
    return " " if both and last.islower() and first.isupper() else ""


def _is_name(element: HtmlElement) -> bool:
    return len(authors_of(collapsed(element.text_content()[:200]))) == 1


def _is_apart(element: HtmlElement) -> bool:
    return any(mark.lower() in _APART for mark in (element.get("class") or "").split())


def raised(element: HtmlElement) -> str | None:
    """The words of a ``<sup>`` as raised characters where it is a footnote's mark behind a name; else None."""
    words = element.text_content() if element.tag == "sup" else ""
    if not words.strip() or not _MARK.fullmatch(words):
        return None
    return collapsed(words).replace(" ", "").translate(_RAISED)


def without_buttons(lines: Sequence[str]) -> list[str]:
    """Lines without those that are nothing but buttons: "pdf bib abs"."""
    return [line for line in lines if not _BUTTONS.fullmatch(line)]


def number_of(line: str) -> str | None:
    """The number of a paper on arXiv where a line announces it: "[1] arXiv:2301.00001 [pdf, other]"."""
    found = _NUMBERED.match(line)
    return found[1] if found else None


def joined_names(blocks: Sequence[HtmlBlock]) -> list[HtmlBlock]:
    """The blocks, authors that have one each made one line: the name first, in brackets where somebody works."""
    joined: list[HtmlBlock] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if not (block.signed and _holds_name(block)):
            joined.append(block)
            continue
        named = block.lines[0] + (f" ({', '.join(block.lines[1:])})" if block.lines[1:] else "")
        if last and last.signed and last.kind == "text" and last.name == "names":
            last.lines[0] += f", {named}"
        else:
            block.lines, block.kind, block.name, block.lead = [named], "text", "names", ""
            joined.append(block)
    return joined


def _holds_name(block: HtmlBlock) -> bool:
    return block.kind in ("text", "item") and len(block.lines) <= 3 and len(authors_of(block.lines[0])) == 1


def papers_parted(lines: Sequence[str]) -> list[list[str]]:
    """The lines of a paragraph, parted before each title where it holds several papers with their authors."""
    titles = [
        at
        for at, (title, names) in enumerate(pairwise(lines))
        if len(authors_of(names)) > 1 and is_paper_title(title.rstrip(".")) and len(authors_of(title)) < 2
    ]
    if len(titles) < 2 or titles[0] > 0:
        return [list(lines)]
    return [list(lines[begin:end]) for begin, end in pairwise([*titles, len(lines)])]


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
