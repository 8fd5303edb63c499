"""Whether an excerpt holds a piece of evidence, whatever quotes, dashes, blanks or Markdown marks it comes in."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.answer import Citation
    from bot.evaluation.questions import Gold

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BLOCK_MARK = re.compile(r"^\s*(?:>{1,3}|-#|#{1,3})\s+", re.MULTILINE)
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\\*_~|`"),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is scored of a citation.

    ``label`` is the heading a reader sees over the quote, ``entry`` the whole entry's offsets in the document, in
    characters, and ``whole`` its text where the entry as a whole may hold the evidence.
    """

    label: str
    text: str
    document: str
    entry: tuple[int, int]
    whole: str = ""

    def to_json(self) -> dict[str, Any]:
        """The excerpt as the results file holds it."""
        return {"label": self.label, "text": self.text, "doc": self.document, "entry": list(self.entry)}


def excerpt_of(citation: Citation, whole: str = "") -> Excerpt:
    """The scored part of a citation; its label is the title, the topic, and the authors or the place."""
    by = ", ".join(citation.authors) or citation.location
    label = "\n".join(part for part in (citation.title, citation.section, by) if part)
    entry = (citation.entry_start, citation.entry_end)
    return Excerpt(label, citation.excerpt, citation.document, entry, whole)


def holds(excerpt: Excerpt, gold: Gold) -> bool:
    """Whether the excerpt is from one of the gold item's documents and has one of its evidence strings.

    A document's id begins with the three digits that question sets know it by.
    """
    if excerpt.document[:3] not in (gold.doc, *gold.alt_docs):
        return False
    shown = _alike(f"{excerpt.label}\n{excerpt.text}\n{excerpt.whole}")
    return any(_alike(evidence) in shown for evidence in gold.evidence)


def _alike(text: str) -> str:
    text = unicodedata.normalize("NFKC", html.unescape(text)).translate(_INVISIBLE)
    text = _BLOCK_MARK.sub("", text).translate(_ALIKE)
    text = " ".join(text.split())
    return re.sub(r"\s*-+\s*", "-", text).casefold()
