"""The assistant: the one that answers questions, whatever face asks.

What a command does not need it does not load: ``list`` knows neither numpy nor the index.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.filters import kind_of, narrowed
from bot.settings import Settings
from corpus import clock
from embeddings.collection import Library
from embeddings.loader import ServingEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.alerts import Matching
    from bot.answer import Answer, Surroundings
    from bot.answering.explain import Explanation
    from bot.answering.map import Point, Projection
    from bot.answering.pipeline import AnswerPipeline
    from bot.changes import News
    from bot.sources.ingest import Listener, Outcome, Source
    from bot.sources.sources import Sources
    from bot.status import Status
    from corpus.model import Kind
    from corpus.store import Filter, StoredDocument, StoredEntry, StoredPassage


class Assistant:
    """Answers questions from the corpus of one data folder. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        notify: Callable[[str], None],
        *,
        private_addresses: bool = False,
        today: Callable[[], date] = clock.today,
    ) -> None:
        self.today = today
        self._library = library
        self._private_addresses = private_addresses
        self._notify = notify
        self._setting_up = threading.Lock()
        self._ready: int | None = None  # the generation that was last found to be there and of this model

    @classmethod
    def open(
        cls,
        data_dir: Path | str | None = None,
        *,
        settings: Settings | None = None,
        notify: Callable[[str], None] | None = None,
    ) -> Self:
        """Open a data folder, making it where there is none; nothing heavy is loaded.

        Args:
            data_dir: the folder; by default the settings'.
            settings: by default read from the environment.
            notify: is told, one line each, what happens unasked (the bundled digests ingested).

        Raises:
            DigestbotError: the folder cannot be used, or a setting is wrong.
        """
        chosen = settings or Settings.load(data_dir)
        folder = Path(data_dir).expanduser().absolute() if data_dir else chosen.data_dir
        tell = notify or (lambda line: None)
        encoder = ServingEncoder(chosen.model, small=chosen.small, notify=tell)
        return cls(Library(folder, encoder), tell, private_addresses=chosen.private_addresses)

    @cached_property
    def _responder(self) -> AnswerPipeline:
        from bot.answering.pipeline import AnswerPipeline

        return AnswerPipeline(self._library, self._notify, self.today)

    @cached_property
    def sources(self) -> Sources:
        """What is looked at again and again: feeds, sitemaps, pages, folders."""
        from bot.sources.sources import Sources

        return Sources(self._library, private=self._private_addresses)

    @cached_property
    def _projection(self) -> Projection:
        from bot.answering.map import Projection

        return Projection(self._library)

    @cached_property
    def matching(self) -> Matching:
        """What tells which of the new entries a standing query would have been answered with."""
        from bot.alerts import Matching

        return Matching(self._library, self._responder, self._ensure_model)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the data folder."""
        self._library.close()
        if "_responder" in self.__dict__:
            self._responder.wait()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        kind: Kind | str | frozenset[Kind] | None = None,
        digest: str | None = None,
        scope: int | None = None,
        top: int = 5,
        gone: bool = False,
    ) -> Answer:
        """Answer a question with cited excerpts.

        Args:
            question: in the asker's words.
            history: the questions of the conversation before it, oldest first.
            kind: only entries of this kind, or of these kinds.
            digest: only this document, by id or title.
            scope: the server that asks: its documents are seen beside the common ones.
            top: citations at most.
            gone: whether pages are quoted, too, that their source no longer has.

        Raises:
            QuestionError: no word in the question, or too many characters.
            NotFoundError: no such kind or digest.
            DigestbotError: the corpus or the model cannot be used.
        """
        begun = time.perf_counter()
        asked, allowed = self._checked(question, kind, digest, scope, gone=gone)
        responder = self._responder
        answer = responder.answer(asked, history, allowed, max(1, top))
        return replace(answer, question=question, took_ms=(time.perf_counter() - begun) * 1000)

    def explain(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        kind: Kind | str | None = None,
        digest: str | None = None,
        scope: int | None = None,
        top: int = 10,
    ) -> Explanation:
        """Answer a question as ``ask`` does, with what was recognised, found and weighed on the way.

        Raises:
            DigestbotError: as ``ask`` does.
        """
        asked, allowed = self._checked(question, kind, digest, scope)
        return self._responder.explain(asked, history, allowed, max(1, top))

    def _checked(
        self,
        question: str,
        kind: Kind | str | frozenset[Kind] | None,
        digest: str | None,
        scope: int | None,
        *,
        gone: bool = False,
    ) -> tuple[str, Filter]:
        """A question that can be asked, and what it may be answered from, which is there."""
        from bot.query.parser import check

        asked = check(question)
        generation = self._library.store.generation
        if self._ready != generation:
            self.ensure_corpus()
            self._ensure_model()
            self._ready = generation
        return asked, narrowed(self._library.store, kind, digest, scope, gone=gone)

    def browse(
        self, kind: Kind | str, facts: Mapping[str, str], *, scope: int | None = None, page: int = 1, top: int = 5
    ) -> Answer:
        """List the papers or job posts that carry facts, in page order.

        Args:
            kind: of the entries.
            facts: what they carry, by name: "topic", "author" and "venue" of papers, "place" and "team" of job
                posts, and those of ``bot.facts.FactFilter``.
            scope: the server that asks.
            page: which of the pages, from 1.
            top: entries on a page.

        Raises:
            NotFoundError: no such kind, or nothing carries one of the names.
        """
        self.ensure_corpus()
        wanted = {what: name for what, name in facts.items() if name.strip()}
        return self._responder.browse(kind_of(kind), wanted, scope, max(1, top), max(1, page))

    def surroundings(self, entry_id: int, start: int, end: int, *, scope: int | None = None) -> Surroundings:
        """A quote within the text around it.

        Args:
            entry_id: of the citation.
            start: of the quote in its document, in characters.
            end: likewise.
            scope: the server that asks.

        Raises:
            NotFoundError: the entry is no longer there, has changed, or is another server's.
        """
        from bot.answering.citations import surroundings

        return surroundings(self._library.store, entry_id, start, end, scope)

    def similar(self, entry_id: int, *, scope: int | None = None, top: int = 5, offset: int = 0) -> Answer:
        """The entries most like one of them, whatever their words.

        Args:
            entry_id: of a citation.
            scope: the server that asks.
            top: citations at most.
            offset: how many of the likest are left out, because they were shown before.

        Raises:
            NotFoundError: the entry is no longer there, or is another server's.
            DigestbotError: the corpus or the model cannot be used.
        """
        from bot.answering.similar import similar

        self._ensure_model()
        return similar(self._library, entry_id, scope, max(1, top), max(0, offset), self.today())

    def names(self, what: str, typed: str = "", *, scope: int | None = None, most: int = 25) -> list[str]:
        """Names of the corpus that begin with what was typed: of an author, topic, venue, place or team."""
        from corpus.gazetteer import What

        return self._responder.names(What(what), typed, scope, most)

    def ingest(
        self,
        sources: Sequence[Path | str | Source] = (),
        *,
        prune: bool = False,
        listener: Listener | None = None,
        scope: int | None = None,
    ) -> list[Outcome]:
        """Read files, folders and web pages into the corpus; without sources, the bundled digests.

        Args:
            sources: paths, addresses and uploads.
            prune: remove the documents whose file has gone from one of the folders.
            listener: is told how it goes on.
            scope: the one server that sees the documents; None for everyone's.

        Returns:
            What became of each document, failures included.
        """
        from bot.sources.ingest import ingest

        private = self._private_addresses
        return ingest(self._library, sources, prune=prune, listener=listener, private=private, scope=scope)

    @property
    def model(self) -> str:
        """The model that the answers are found with, by its fingerprint."""
        return self._library.encoder.fingerprint

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._library.folder

    @property
    def is_empty(self) -> bool:
        """Whether there is no document."""
        return self._library.store.is_empty()

    @property
    def is_ready(self) -> bool:
        """Whether ``ensure_corpus`` has nothing to do."""
        return not self.is_empty and not self._library.store.outdated()

    def ensure_corpus(self, listener: Listener | None = None) -> None:
        """Ingest the bundled digests if there is no document; read anew, once, what a digestbot of before read."""
        from bot.sources.ingest import outdated

        with self._setting_up:
            if self.is_empty:
                self._notify("no documents yet: ingesting the bundled digests")
                self.ingest(listener=listener)
            elif before := self._library.store.outdated():
                again = outdated(self._library)
                self._notify(f"reading anew what an earlier digestbot read: {len(again)} of {len(before)} digests")
                self.ingest(again, listener=listener) if again else None
                self._library.store.leave_outdated()

    def warm_up(self) -> None:
        """Load the model, the index and the names now, so that the first question does not wait for them."""
        self._ensure_model()
        self._library.warm_up()
        self.names("author")

    def remove(self, document_id: str) -> None:
        """Take a document out of the corpus and the index.

        Raises:
            NotFoundError: there is none of that id.
        """
        self._library.store.remove(document_id)
        self._library.refresh()

    def remove_bundled(self) -> list[str]:
        """Take the bundled digests out; returns their ids."""
        stored = self._library.store.documents(every_scope=True, gone=True)
        ids = [document.id for document in stored if document.bundled]
        for document_id in ids:
            self._library.store.remove(document_id)
        self._library.refresh()
        return ids

    def digests(self, scope: int | None = None, *, gone: bool = False) -> list[StoredDocument]:
        """The documents that a question of this scope sees, or also those that their source no longer has."""
        return self._library.store.documents(scope, gone=gone)

    def entries(
        self,
        *,
        kind: Kind | None = None,
        digest: str | None = None,
        scope: int | None = None,
        gone: bool = False,
    ) -> list[StoredEntry]:
        """Entries in page order, or also those of documents that their source no longer has.

        Raises:
            NotFoundError: no such digest.
        """
        store = self._library.store
        return store.entries(narrowed(store, kind, digest, scope, gone=gone))

    def passages(self, entries: Sequence[int]) -> list[StoredPassage]:
        """The passages of entries, in page order."""
        store = self._library.store
        found = store.passages(store.passages_of(entries)).values()
        return sorted(found, key=lambda passage: passage.id)

    def projection(self, scope: int | None = None) -> list[Point]:
        """The passages that a scope sees as points in a plane; slow once for each state of the corpus."""
        self.ensure_corpus()
        self._ensure_model()
        return self._projection.of(scope)

    def last_exam(self) -> dict[str, Any] | None:
        """The report of the last ``digestbot exam`` of this folder, see ``bot.evaluation.exam``."""
        from bot.evaluation.exam import load

        return load(self._library.folder)

    def news(self, since: date, *, kind: Kind | None = None, scope: int | None = None) -> list[News]:
        """What came in, was read anew or has gone since a day, the latest first."""
        from bot.changes import news

        return news(self._library.store, since, kind, scope)

    def text(self, document_id: str, start: int = 0, end: int | None = None) -> str:
        """A stretch of a document's stored text, in characters.

        Raises:
            NotFoundError: there is no document of that id.
        """
        return self._library.store.text(document_id, start, end)

    def status(self, *, verify: bool = False) -> Status:
        """Count what is there; with ``verify`` check text, vectors and index against each other."""
        from bot.status import status_of

        return status_of(self._library, verify=verify)

    def _ensure_model(self) -> None:
        """Embed again what another model embedded."""
        store = self._library.store
        with self._setting_up:
            stale = store.stale(self._library.encoder.fingerprint)
            if stale:
                self._notify(f"the model has changed: embedding {len(stale)} documents again, once")
            for document in stale:
                self._library.embed_again(document)
