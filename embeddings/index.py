"""The search index: dense and lexical together, made from the store, brought forward, never trusted blindly."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from filelock import FileLock

from corpus.errors import SearchIndexError
from embeddings.building import VOCABULARY, WORDS, Before, write
from embeddings.dense import BASE, DenseIndex
from embeddings.kinds import Kind
from embeddings.lexical import LexicalIndex, chunks
from embeddings.manifest import FILE_NAME as MANIFEST
from embeddings.manifest import FORMAT, Manifest
from embeddings.members import Sight
from embeddings.rows import DAMAGED, halves_of, unit
from embeddings.sealing import holds, sealed
from embeddings.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corpus.store import Filter, Store
    from embeddings.members import Members

__all__ = ["DAMAGED", "SearchIndex", "View"]

_REBUILD_BELOW = 20_000
"""Passages up to which a removal rebuilds the index, so that no word of what was removed stays on the disk."""


@dataclass(frozen=True, slots=True)
class View:
    """One state of the index: vectors, words, and the vocabulary. Safe to share: it does not change."""

    dense: DenseIndex
    lexical: LexicalIndex
    vocabulary: Vocabulary
    sight: Sight

    def members(self, store: Store, allowed: Filter) -> Members | None:
        """The passages that a filter lets through; None for all."""
        return self.sight.of(store, allowed)


@dataclass(frozen=True, slots=True)
class _Parts(View):
    manifest: Manifest


class SearchIndex:
    """Both indexes over the passages of one model, in files under one folder.

    The files carry the generation, model and checksums that they were made from. ``refresh`` loads them where
    they hold, brings them forward to the store's generation, or makes them anew. Safe to share between threads
    and, through a lock file, between processes.
    """

    def __init__(self, folder: Path, store: Store, model: str) -> None:
        self._folder = folder
        self._store = store
        self._model = model
        self._lock = threading.RLock()
        self._parts: _Parts | None = None

    def refresh(self, generation: int | None = None) -> None:
        """Bring the index to the store's generation.

        Args:
            generation: that one, where it has just been read.

        Raises:
            SearchIndexError: the files cannot be written.
        """
        parts = self._parts
        if parts and parts.manifest.generation == (generation or self._store.generation):
            return  # nobody waits for another's rebuilding here but who needs it
        with self._lock:
            if self._parts and self._parts.manifest.generation == self._store.generation:
                return
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                with FileLock(self._folder / "lock"):
                    self._bring_forward()
            except OSError as error:
                raise SearchIndexError(f"cannot write the index in {self._folder}: {error}") from error

    @contextmanager
    def view(self) -> Iterator[View | None]:
        """One state of the index, however often another thread refreshes it; None where there is no passage."""
        yield self._parts  # without the lock: what was built does not change, so that searches need not queue

    def vector_problems(self) -> list[str]:
        """Whether the store's vectors can be used, whatever the files are like."""
        sizes = set()
        try:
            for passages in chunks(self._store.indexing.passages_since(0, self._model)):
                sizes.add(halves_of(passages).shape[1])
        except SearchIndexError as error:
            return [str(error)]
        return [DAMAGED] if len(sizes) > 1 else []

    def problems(self) -> list[str]:
        """Where the files and the store disagree, a line each; files that are merely behind are no problem."""
        if not (self._folder / MANIFEST).exists():
            return []
        try:
            with self._lock, FileLock(self._folder / "lock"), self._store.snapshot():
                return self._disagreements()
        except OSError as error:
            raise SearchIndexError(f"cannot read the index in {self._folder}: {error}") from error

    def _disagreements(self) -> list[str]:
        manifest = Manifest.read(self._folder)
        if manifest is None:
            return ["the index's manifest is damaged"]
        if manifest.model != self._model:
            return []
        parts = self._load(manifest, whole=True)
        if parts is None:
            return ["the index's files are not those that were written"]
        generation = self._store.generation
        if (manifest.generation, manifest.stamp) != (generation, self._store.stamp(generation)):
            return []
        wanted = many = 0
        same = True
        for passages in chunks(self._store.indexing.passages_since(0, self._model)):
            _, known = parts.dense.positions([p.id for p in passages])
            there = [p for p, held in zip(passages, known.tolist(), strict=True) if held]
            wanted, many = wanted + len(passages), many + len(there)
            same = same and (not there or parts.dense.holds([p.id for p in there], unit(halves_of(there))))
        if (wanted, len(parts.dense)) != (many, many):
            return [f"the index has {len(parts.dense) - many} passages too many and lacks {wanted - many}"]
        return [] if same else ["the index's vectors are not those of the store"]

    def _bring_forward(self) -> None:
        parts = self._newest()
        generation = self._store.generation
        since = parts.manifest.generation if parts else 0
        if parts and since == generation:
            self._parts = parts
            return
        removed = self._store.indexing.removed_since(since) if parts else []
        if parts and removed and len(parts.dense) <= _REBUILD_BELOW:
            parts, since, removed = None, 0, []
        self._parts = self._build(parts, generation, since, removed)

    def _newest(self) -> _Parts | None:
        """The parts in memory or those on the disk, whichever are younger; None where neither can be used."""
        manifest = Manifest.read(self._folder)
        held = self._parts
        if not manifest or manifest.model != self._model:
            return None
        if manifest.stamp != self._store.stamp(manifest.generation):  # made from another store
            return None
        if held and held.manifest == manifest:
            return held
        return self._load(manifest, whole=False)

    def _build(self, parts: _Parts | None, generation: int, since: int, removed: Sequence[int]) -> _Parts | None:
        """Write the new state beside the old one, then point the manifest at it."""
        # No later ones: those come again.
        added = self._store.indexing.passages_since(since, self._model, generation)
        first = next(added, None)
        stamp = self._store.stamp(generation) or ""
        if (
            parts and first is None and not removed
        ):  # what was written is not in the index, as the end of a page is
            manifest = replace(parts.manifest, generation=generation, stamp=stamp)
            manifest.write(self._folder)
            return replace(parts, manifest=manifest)
        name = f"generation-{generation}"
        folder = self._folder / name
        if folder.exists():  # left by a process that died before its manifest was written
            shutil.rmtree(folder)
        passages = added if first is None else chain([first], added)
        written = write(folder, self._before(parts) if parts else None, removed, passages)
        if written is None:
            self._discard(keep=None)
            return None
        known = (
            {each: seal for each, seal in parts.manifest.files.items() if each in written.linked} if parts else {}
        )
        kind = written.kind
        manifest = Manifest(
            format=FORMAT,
            kind=kind.name,
            generation=generation,
            stamp=stamp,
            model=self._model,
            passages=written.passages,
            folder=name,
            probes=kind.probes,
            recall=kind.recall,
            files=sealed(folder, known),
        )
        same = parts is not None and f"{BASE}.rows" in written.linked
        made = self._open(manifest, like=parts.dense if parts and same else None)
        manifest.write(self._folder)
        self._discard(keep=name)
        return made

    def _before(self, parts: _Parts) -> Before:
        manifest = parts.manifest
        kind = Kind(manifest.kind, manifest.probes, manifest.recall)
        return Before(self._folder / manifest.folder, parts.dense, parts.vocabulary, kind)

    def _load(self, manifest: Manifest, *, whole: bool) -> _Parts | None:
        try:
            if not holds(self._folder / manifest.folder, manifest.files, whole=whole):
                return None
            parts = self._open(manifest)
        except (OSError, ValueError, SearchIndexError):
            return None
        return parts if len(parts.dense) == len(parts.lexical) == manifest.passages else None

    def _open(self, manifest: Manifest, like: DenseIndex | None = None) -> _Parts:
        folder = self._folder / manifest.folder
        dense = DenseIndex.load(folder, Kind(manifest.kind, manifest.probes, manifest.recall), like)
        return _Parts(
            dense,
            LexicalIndex(folder / WORDS),
            Vocabulary.load(folder / VOCABULARY),
            Sight(dense.columns, dense.live),
            manifest,
        )

    def _discard(self, keep: str | None) -> None:
        """Delete the folders of states that no manifest points at."""
        if keep is None:
            (self._folder / MANIFEST).unlink(missing_ok=True)
        for folder in self._folder.glob("generation-*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)
