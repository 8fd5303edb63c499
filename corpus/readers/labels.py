"""Labels: what a few words are by themselves: a button's, a role's, a place's."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.places import is_place
from corpus.readers.people import word_set
from corpus.readers.terms import names_role

EDGES = " \t\r\n.,;:|·•–—-*_\"“”„‟«»'‘’`´#>"
"""What stands around words without being part of them."""

_ROLE_ALSO = re.compile(
    r"\b(?:ph\.?d\.?|doctoral|doctorate|funded|tenure[- ]track)\s(?:\w+\s){0,2}(?:positions?|studentships?"
    r"|students?|candidates?"
    r"|scholarships?|fellowships?|vacanc(?:y|ies)|places?|researchers?)\b"
    r"|\b(?:master|msc|postgraduate|graduate|undergraduate|student|research|teaching|visiting"
    r"|faculty)\s(?:\w+\s){0,2}"
    r"(?:positions?|studentships?|scholarships?|fellowships?|assistants?|assistantships?|internships?"
    r"|vacanc(?:y|ies))\b"
    r"|\bpost-?doc\w*|\b(?:phd|hiwi|internships?|traineeships?|apprenticeships?|studentships?|praktikum"
    r"|lectureships?"
    r"|professorships?|doktorand\w*|wissenschaftliche\w*|programmer|devops|sre|cto|head of \w+|freelancer"
    r"|contractor"
    r"|member of (?:the )?(?:\w+ ){0,2}(?:staff|team)|instructor|curator|librarian|nurse|teacher|trainer"
    r"|technologist|recruiter|evangelist|advocate)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_FIELD = re.compile(r"[,;/|()·]| or | and ")
_LINK_WORDS = word_set(
    "pdf paper papers preprint arxiv abs abstract html code github implementation repo repository slides"
    " video videos talk poster project page website web homepage site link links url doi bib bibtex cite"
    " citation supplement supplementary supp appendix material materials data dataset demo blog post"
    " openreview proceedings publisher acm ieee springer acl anthology hal eprint full text version"
    " download read more online colab model models weights tweet twitter review reviews recording"
    " youtube media press summary notes details info here tex source pytorch tensorflow keras jax torch"
    " caffe matlab official unofficial author project-page webpage apply now learn view job ppt pptx ps"
    " file dl 论文 代码 项目 主页 notebook thread discussion forum software tool"
)
"""Words that links beside a title are labelled with."""


@lru_cache(maxsize=16_384)
def names_post(words: str) -> bool:
    """Whether words name a job: "Data Engineer", "PhD position in optics"."""
    if names_role(words) or _ROLE_ALSO.search(words):
        return True
    return words[:1].isupper() and len(words) < 80 and names_role(words.title())


@lru_cache(maxsize=16_384)
def names_place(words: str) -> bool:
    """Whether words are nothing but places: each of them, parted by commas and the like, is one."""
    fields = [each.strip() for each in _FIELD.split(words) if each.strip()]
    if not 0 < len(fields) < 12 or not is_place(words):
        return False
    # Behind the codes of its country and region a town is told that is known by nothing else.
    coded = len(fields) == 3 and all(map(str.isupper, fields[:2]))
    return coded or all((len(each) < 40 and is_place(each)) or each.isupper() for each in fields)


def is_link_label(text: str) -> bool:
    """Whether words are what a button beside a title says: "pdf", "project page", an address."""
    if len(text) > 60:
        return "://" in text and " " not in text.strip()
    low = text.lower().strip(EDGES + "[](){}")
    if low.startswith(("http://", "https://", "www.", "arxiv:", "doi:", "10.")) and " " not in low:
        return True
    words = _LETTERS.findall(low)
    return not words or (len(words) <= 4 and all(word in _LINK_WORDS for word in words))
