"""Coverage: what the corpus holds, told to who asked for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from bot.selection import Selection
from bot.understanding.language import foreign_language, reads_english_alone
from corpus.model import Kind

if TYPE_CHECKING:
    from weakref import ReferenceType

    from bot.names import Names
    from bot.understanding.reading import Reading
    from corpus.gazetteer import Cards
    from embeddings.library import Library

_EVENTS = 6
"""Conferences that are named when it is told what the corpus holds."""


_NOUNS = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "article"}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


class Coverage:
    """What each scope sees of one library, counted as lists count it. Safe to share between threads."""

    def __init__(self, library: Library, names: Names) -> None:
        self._library = library
        self._names = names
        self._counted: dict[int | None, tuple[ReferenceType[Cards], str]] = {}

    def told(self, scope: int | None, reading: Reading) -> str:
        """Say what the corpus holds, for who asked for something else, or in another language than English."""
        question = reading.question
        language = foreign_language(question) if reads_english_alone(self._library.encoder.fingerprint) else None
        if language:
            return (
                f"I read questions in English best, and this looks like {language}: please ask again in English."
            )
        holds = self._holdings(scope)
        if reading.is_chat:
            return (
                f"Hello! I find papers, their authors and openings in a digest that holds {holds}."
                " Ask me who wrote a paper, what there is on a topic, or which jobs are open in a place."
            )
        return f"That is not in the digest. It holds {holds}."

    def _holdings(self, scope: int | None) -> str:
        """What a scope sees, in numbers; counted once for each state of the names, which may be behind."""
        names = self._names.of(scope)
        cards = names.cards
        known = self._counted.get(scope)
        if known is None or known[0]() is not cards:
            digests = names.documents
            counts = Selection.of(cards, cards.ids).counts
            held = [_counted(counts[kind], noun) for kind, noun in _NOUNS.items() if kind in counts]
            events = dict.fromkeys(f"{d.venue} {d.year}" for d in digests if d.venue and d.year)
            among = f", {', '.join(list(events)[:_EVENTS])} among them" if events else ""
            known = (
                ref(cards),
                f"{', '.join(held) or 'nothing yet'} from {_counted(len(digests), 'page')}{among}",
            )
            self._counted[scope] = known
        return known[1]
