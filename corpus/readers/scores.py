"""Scores: how much a part looks like a paper's title, or like its authors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.readers.keys import Key
from corpus.readers.people import CERTAIN, is_house
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from corpus.readers.parts import Part


_PAPER_HOST = re.compile(
    r"arxiv\.org/|doi\.org/|openreview\.net|aclanthology|aclweb\.org|\.pdf(?:$|[?#])|proceedings|semanticscholar"
    r"|biorxiv|medrxiv|dl\.acm\.org|ieeexplore|papers\.n(?:eur)?ips|nips\.cc|thecvf\.com|pubmed|ncbi\.nlm"
    r"|sciencedirect"
    r"|link\.springer|ssrn\.com|jmlr\.org|mlr\.press|hal\.science|usenix\.org/(?:conf|system)|eprint\.iacr"
    r"|nature\.com/art"
    r"|tandfonline|wiley\.com/doi|isca-(?:speech|archive)|ojs\.aaai|aaai\.org/|ijcai\.org/|vldb\.org/|osf\.io"
)
_PAPER_LABEL = re.compile(
    r"\W*(?:paper|papers|pdf|preprint|arxiv|abs|openreview|acl(?: anthology)?|doi|论文)\b", re.IGNORECASE
)
VENUE = re.compile(
    r"\b(?:proceedings|proc\.|conference|journal|transactions|workshop|symposium|letters|review|annals"
    r"|magazine|arxiv|in press"
    r"|advances in|bulletin|preprint|lncs|findings of|biorxiv|thesis|technical report)\b"
    r"|^(?:in:? )?(?:[A-Z][A-Za-z]{0,10}[A-Z][A-Za-z]{0,6}|Nature|Science|Cell|Interspeech)\b[^a-z]{0,20}$",
    re.IGNORECASE,
)
OF_PAPERS = re.compile(
    r"\b(?:papers?|publications?|publicaciones|publikationen|posters?|proceedings|articles?|preprints?"
    r"|accepted|reading"
    r"|literature|references|bibliography|surveys?|talks|oral|session|abstracts|research|contributions)\b|论文",
    re.IGNORECASE,
)
OF_PEOPLE = re.compile(
    r"\b(?:committees?|organi[sz](?:ers?|ing|ation)|(?:keynote |invited |plenary )?speakers?|(?:co-?)?chairs?"
    r"|sponsors?|team|members?"
    r"|people|alumni|contacts?|reviewers|panel(?:ists?)?|mentors|instructors|staff|board|students|lecturers"
    r"|faculty"
    r"|acknowledge?ments?|contributors|maintainers|collaborators|keynotes?|invited talks?|authors"
    r"|participants|attendees"
    r"|programmkomitee|veranstalter|organisateurs|ponentes|editors|advisors|supervis\w+|jobs?|positions?"
    r"|openings?|vacanc\w+)\b",
    re.IGNORECASE,
)
NO_TITLE = re.compile(
    r"^(?:opening|closing|welcome|coffee|lunch|break|registration|discussion|invited talk|keynote|panel"
    r"|session|poster session"
    r"|abstract|introduction|(?:table of )?contents|home|about|contact|more|see also|back to|download|click"
    r"|read more|view"
    r"|last updated|updated|submit|register|subscribe|sign up|note|chair|schedule|overview|click here"
    r"|contribut\w+|licen[cs]e)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"^\W*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]*\.?\s\d|\d{1,2}[:.]\d\d"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_PROSE = 240
"""Characters of a line from which on its sentences are hardly titles."""


def title_score(part: Part, at: int) -> float:
    """How much a part looks like a title, from its words and how it is set; ``at``: the how manieth part it is."""
    score = part.memo("title", _title_score)
    plain = not (part.style.bold or part.style.href or part.quoted)
    return score + 0.15 * (at <= 1) - 0.25 * (at > 3 and plain) - 0.2 * (at > 2 and plain and part.before == "dot")


def _title_score(part: Part) -> float:
    text = part.text
    if part.is_link_label or part.bracketed or len(text) > 350 or "@" in text:
        return -1.0
    if part.key not in (None, Key.TITLE, Key.PAPER, Key.NAME):
        return -1.0
    count = part.words + (0 if text.isascii() else len(_HAN.findall(text)) // 3)
    score = (0.0, 0.25, 0.45, 0.65, 0.9)[min(count, 4)] if count < 25 else 0.5 if count < 46 else 0.0
    score += _looks_set(part)
    if text[0].islower() and text[1:2].islower() and part.within > 60:
        score -= 0.4  # a line of a sentence that goes on
    people = part.people
    if people.score >= CERTAIN:
        score -= 0.9 if len(people.names) > 1 or people.shortened else 0.45
    return score - (_tells_else(part, count) if count < 12 else 0.0)


def _looks_set(part: Part) -> float:
    """What a part's make says for a title."""
    style, block = part.style, part.block
    score = 0.6 * (part.key in (Key.TITLE, Key.PAPER)) + 0.2 * part.quoted + 0.05 * style.italic
    score += 0.15 * (style.bold + bool(style.href)) + 0.4 * any("title" in mark for mark in style.marks)
    if block is None:
        return score
    heading = block.role is Role.HEADING
    prose = part.within > _PROSE and not heading and part.before in ("line", "dot", "ask")
    plain = not (style.bold or style.href or part.quoted)
    return score + 0.2 * heading + 0.3 * any("title" in mark for mark in block.marks) - 0.5 * (prose and plain)


def _tells_else(part: Part, count: int) -> float:
    """What a few words say against a title: that they are a venue, a day, a house, a place, a job, a heading's."""
    text, style = part.text, part.style
    venue = (count < 9 and part.year is not None) or (not (style.bold or style.href) and VENUE.search(text))
    cost = 0.5 * bool(venue) + 0.5 * bool((count < 6 and NO_TITLE.match(text)) or _DAY.match(text))
    cost += 1.0 * bool(count < 6 and OF_PEOPLE.search(text) and not OF_PAPERS.search(text))
    cost += 0.3 * (count < 9 and not style.href and is_house(text)) + 0.6 * (count < 8 and part.names_post)
    return cost + 0.5 * (style.code or (count < 8 and part.is_place))


def authors_score(part: Part) -> float:
    """How much a part looks like a list of authors."""
    return part.memo("authors", _authors_score)


def _authors_score(part: Part) -> float:
    if part.key is Key.AUTHORS:
        return 1.0 if part.people.names else 0.0
    if part.key is not None or part.bracketed or part.is_link_label:
        return 0.0
    score = part.people.score
    if part.within > _PROSE and (
        part.before == "bracket" or (len(part.people.names) < 2 and part.before != "style")
    ):
        score -= 0.4  # somebody is mentioned
    if score > 0:
        score += 0.15 * (len(part.people.names) > 1)
        marks = (*part.style.marks, *(part.block.marks if part.block is not None else ()))
        score += 0.3 * any("author" in mark for mark in marks) - 0.3 * any("title" in mark for mark in marks)
        score -= 0.3 * (part.block is not None and part.block.role is Role.HEADING and part.order == 0)
        score -= 0.2 * (len(part.people.names) < 4 and part.is_place) + 0.5 * (
            len(part.people.names) < 3 and part.names_post
        )
    return score


def apart(title: Part, authors: Part) -> float:
    """What it costs a title that its authors stand some lines away."""
    return 0.1 * min(5, abs(title.line - authors.line)) + 0.2 * (title.block is not authors.block)


def leads_to_paper(part: Part) -> bool:
    """Whether a part is a link to a paper."""
    if not part.style.href and not part.links:
        return False
    links = [*part.links, *([(part.text, part.style.href)] if part.style.href else [])]
    return any(_PAPER_HOST.search(href.lower()) or _PAPER_LABEL.match(text) for text, href in links) or (
        bool(links) and part.key in (Key.PAPER, Key.PAPER_LINK, Key.DOI)
    )


def tells_of_paper(part: Part) -> bool:
    """Whether a part is a link to a paper, or a label's word that only papers have: where it was published."""
    if part.key in (Key.VENUE, Key.ABSTRACT, Key.DOI) and (part.key is not Key.VENUE or part.year):
        return True
    return leads_to_paper(part)
