"""An assistant that says what a test tells it to, when the test lets it."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answer import Surroundings
from bot.sources.ingest import Outcome
from bot.state import StateFile
from corpus.model import Kind, Span
from corpus.store.records import StoredDocument
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted_matching import Quiet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answer import Answer
    from bot.sources.ingest import Listener, Source


def document(name: str, title: str, scope: int | None = None, **facts: Any) -> StoredDocument:
    given: dict[str, Any] = {
        "deck": None,
        "venue": "ICML",
        "year": 2023,
        "publisher": None,
        "url": None,
        "source": f"{name}.md",
        "bundled": True,
        "characters": 100,
        "published": None,
        "ingested_at": datetime(2026, 1, 1, tzinfo=UTC),
        "first_seen": datetime(2026, 1, 1, tzinfo=UTC),
        "gone": None,
        "unplaced": (),
        "counts": {},
    }
    return StoredDocument(id=name, title=title, scope=scope, **{**given, **facts})


def state() -> StateFile:
    """A new file of its own."""
    return StateFile(Path(tempfile.mkdtemp(prefix="digestbot-state-")))


@dataclass
class Scripted:
    """Gives ``answer``, or raises ``error``, once ``gate`` is open; ``asked`` tells what came in."""

    answer: Answer = field(default_factory=lambda: answer(citation(), summary="Three authors."))
    error: Exception | None = None
    documents: list[StoredDocument] = field(
        default_factory=lambda: [document("000_icml-2023", "A quick guide to ICML 2023")]
    )
    asked: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, list[str]] = field(default_factory=dict)
    matching: Quiet = field(default_factory=Quiet)
    outcome: Outcome = field(default_factory=lambda: Outcome("page", "new", "page", {Kind.PAPER: 2, Kind.JOB: 1}))

    def __post_init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.started = threading.Semaphore(0)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        kind: str | frozenset[Kind] | None = None,
        digest: str | None = None,
        scope: int | None = None,
        top: int = 5,
    ) -> Answer:
        self.asked.append(
            {"question": question, "history": list(history), "kind": kind, "digest": digest, "scope": scope}
        )
        self.started.release()
        assert self.gate.wait(30), "the test never let the assistant answer"
        if self.error is not None:
            raise self.error
        return self.answer

    def browse(
        self, kind: str, facts: Mapping[str, str], *, scope: int | None = None, page: int = 1, top: int = 5
    ) -> Answer:
        self.asked.append({"kind": kind, "facts": dict(facts), "scope": scope, "page": page})
        if self.error is not None:
            raise self.error
        return self.answer

    def names(self, what: str, typed: str = "", *, scope: int | None = None, most: int = 25) -> list[str]:
        found = self.known.get(what, []) if scope is None else [*self.known.get(what, []), f"{what} of {scope}"]
        return [name for name in found if name.casefold().startswith(typed.casefold())][:most]

    def surroundings(self, entry_id: int, start: int, end: int, *, scope: int | None = None) -> Surroundings:
        self.asked.append({"entry": entry_id, "start": start, "end": end, "scope": scope})
        if self.error is not None:
            raise self.error
        return Surroundings("RLSbench", "A guide", "Before. A benchmark for label shift. After.", Span(8, 36))

    def similar(self, entry_id: int, *, scope: int | None = None, top: int = 5, offset: int = 0) -> Answer:
        self.asked.append({"like": entry_id, "scope": scope, "top": top, "offset": offset})
        if self.error is not None:
            raise self.error
        return self.answer

    @property
    def model(self) -> str:
        return "a model"

    def ingest(
        self, sources: Sequence[Source], *, listener: Listener | None = None, scope: int | None = None
    ) -> list[Outcome]:
        self.asked.append({"sources": list(sources), "scope": scope})
        if self.error is not None:
            raise self.error
        return [self.outcome]

    def remove(self, document_id: str) -> None:
        self.documents = [found for found in self.documents if found.id != document_id]

    def digests(self, scope: int | None = None, *, gone: bool = False) -> list[StoredDocument]:
        seen = [found for found in self.documents if found.scope in (None, scope)]
        return [found for found in seen if gone or found.gone is None]
