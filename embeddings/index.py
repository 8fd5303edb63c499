"""The search index: vectors and words, made from the store, brought forward, never trusted blindly."""

from __future__ import annotations

import re
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from corpus.errors import SearchIndexError
from embeddings.dense import COLUMNS, INDEX, DenseIndex
from embeddings.filters import Columns, Sight
from embeddings.fulltext import LexicalIndex, Words, chunks
from embeddings.manifest import FILE_NAME as MANIFEST
from embeddings.manifest import FORMAT, Manifest, holds, link, sealed
from embeddings.spelling import Gathered, Vocabulary
from embeddings.vectors import DAMAGED, StoredVectors, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from corpus.store import Filter, IndexedPassage, Store
    from embeddings.filters import Members


__all__ = ["DAMAGED", "SearchIndex", "View"]

VOCABULARY, WORDS = "vocabulary.txt", "words"

_REBUILD_BELOW = 20_000
"""Passages up to which a removal rebuilds the index, so that no word of what was removed stays on the disk."""

_BEHIND, _BEHIND_SHARE = 1_000, 0.01
"""Passages, and their share, that the dense index's file may be behind: it is written whole or not at all."""

_SEGMENT: Final = re.compile(r"[0-9a-f]{32}\.")
"""tantivy's files that are written once; the others it replaces."""


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

    Each state is a folder that never changes. The manifest, replaced at once, names the one that counts, with its
    generation, model and checksums. ``refresh`` loads that state if it holds, brings it forward to the store's
    generation, or makes it anew. Safe to share between threads and, through a lock file, between processes.
    """

    def __init__(self, folder: Path, store: Store, model: str) -> None:
        self._folder = folder
        self._store = store
        self._model = model
        self._vectors = StoredVectors(store, model)
        self._lock = threading.RLock()
        self._parts: _Parts | None = None

    def refresh(self, generation: int | None = None) -> None:
        """Bring the index to the store's generation.

        Args:
            generation: that one, where it has just been read.

        Raises:
            SearchIndexError: the files cannot be written, or the store's vectors cannot be used.
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
        """Say whether the store's vectors can be used, whatever the files are like."""
        sizes = set()
        try:
            for passages in chunks(self._store.indexing.passages_since(0, self._model)):
                sizes.add(unit_rows([p.vector for p in passages]).shape[1])
        except SearchIndexError as error:
            return [str(error)]
        return [DAMAGED] if len(sizes) > 1 else []

    def problems(self) -> list[str]:
        """Say where the files and the store disagree, a line each; files that are merely behind are no problem."""
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
            if there and same:
                same = parts.dense.holds([p.id for p in there], unit_rows([p.vector for p in there]))
        if (wanted, len(parts.dense)) != (many, many):
            return [f"the index has {len(parts.dense) - many} passages too many and lacks {wanted - many}"]
        return [] if same else ["the index's vectors are not those of the store"]

    def _bring_forward(self) -> None:
        parts = self._newest()
        generation = self._store.generation
        if parts and parts.manifest.generation == generation:
            self._parts = parts
            return
        removed = self._store.indexing.removed_since(parts.manifest.generation) if parts else []
        if parts and removed and len(parts.dense) <= _REBUILD_BELOW:
            parts, removed = None, []
        self._parts = self._build(parts, generation, removed)

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

    def _build(self, parts: _Parts | None, generation: int, removed: Sequence[int]) -> _Parts | None:
        """Write the new state beside the old one, then point the manifest at it."""
        # No later ones: those come again.
        since = parts.manifest.generation if parts else 0
        added = self._store.indexing.passages_since(since, self._model, generation)
        first = next(added, None)
        stamp = self._store.stamp(generation) or ""
        if parts and first is None and not removed:  # what was written is not in the index, as a page's end is
            manifest = replace(parts.manifest, generation=generation, stamp=stamp)
            manifest.write(self._folder)
            return replace(parts, manifest=manifest)
        name = f"generation-{generation}"
        folder = self._folder / name
        if folder.exists():  # left by a process that died before its manifest was written
            shutil.rmtree(folder)
        made = self._write(folder, parts, removed, added if first is None else chain([first], added))
        if made is not None:
            made = replace(made, manifest=replace(made.manifest, generation=generation, stamp=stamp))
            if not made.manifest.behind:
                made = replace(made, manifest=replace(made.manifest, vectors=generation))
            made.manifest.write(self._folder)
        self._discard(keep=None if made is None else name)
        return made

    def _write(
        self, folder: Path, before: _Parts | None, removed: Sequence[int], added: Iterable[IndexedPassage]
    ) -> _Parts | None:
        """Write a state into a folder that is not there yet; None where not a passage is left.

        Files that are as they were before are shared, not copied.
        """
        folder.mkdir()
        old = self._folder / before.manifest.folder if before else folder
        segments = _lend_words(old, folder) if before else []
        columns: list[Columns] = []
        words = Gathered()
        lexical = LexicalIndex(folder / WORDS)
        lexical.update(removed, _taken(added, columns, words))
        new = Columns.joined(columns)
        if before:
            dense = before.dense.updated(removed, new)
            vocabulary = before.vocabulary.joined_by(words.words)
        else:
            dense = DenseIndex.build(new, self._vectors)
            vocabulary = Vocabulary(words.words)
        if dense is None:
            return None
        shared: list[str] = []
        behind = before.manifest.behind + len(removed) + len(new.ids) if before else 0
        if before and before.dense.lists == dense.lists and behind <= min(_BEHIND, _BEHIND_SHARE * len(dense)):
            shared += [INDEX, COLUMNS]
        else:
            behind = 0
            dense.save(folder)
        if before and vocabulary is before.vocabulary:
            shared.append(VOCABULARY)
        else:
            vocabulary.save(folder / VOCABULARY)
        link(old, folder, shared)
        manifest = Manifest(
            format=FORMAT,
            kind=dense.kind,
            generation=0,
            stamp="",
            model=self._model,
            passages=len(lexical),
            folder=folder.name,
            vectors=before.manifest.vectors if before else 0,
            behind=behind,
            files=sealed(
                folder, {each: before.manifest.files[each] for each in [*segments, *shared]} if before else {}
            ),
        )
        return _Parts(dense, lexical, vocabulary, Sight(dense.columns), manifest)

    def _load(self, manifest: Manifest, *, whole: bool) -> _Parts | None:
        folder = self._folder / manifest.folder
        try:
            if not holds(folder, manifest.files, whole=whole):
                return None
            lexical = LexicalIndex(folder / WORDS)
            dense = self._brought_to(manifest, DenseIndex.load(folder, self._vectors))
            if dense is None or len(lexical) != manifest.passages:
                return None
            return _Parts(dense, lexical, Vocabulary.load(folder / VOCABULARY), Sight(dense.columns), manifest)
        except (OSError, ValueError, SearchIndexError):
            return None

    def _brought_to(self, manifest: Manifest, dense: DenseIndex) -> DenseIndex | None:
        """Bring vectors that were written at an earlier generation to that of the words."""
        if not manifest.behind:
            return dense
        indexing = self._store.indexing
        added = list(indexing.passages_since(manifest.vectors, self._model, manifest.generation))
        return dense.updated(indexing.removed_since(manifest.vectors), Columns.of(added))

    def _discard(self, keep: str | None) -> None:
        """Delete the folders of states that no manifest points at."""
        if keep is None:
            (self._folder / MANIFEST).unlink(missing_ok=True)
        for folder in self._folder.glob("generation-*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)


def _lend_words(old: Path, folder: Path) -> list[str]:
    """Share tantivy's segments with a new state, and copy the files that it replaces; returns the segments."""
    names = [path.relative_to(old).as_posix() for path in sorted((old / WORDS).iterdir())]
    segments = [name for name in names if _SEGMENT.match(name.removeprefix(f"{WORDS}/"))]
    link(old, folder, segments)
    for name in names:
        if name not in segments and not name.endswith(".lock"):
            shutil.copyfile(old / name, folder / name)
    return segments


def _taken(passages: Iterable[IndexedPassage], columns: list[Columns], words: Gathered) -> Iterator[Words]:
    for chunk in chunks(passages):
        columns.append(Columns.of(chunk))
        for each in chunk:
            words.add(each.words)
            yield Words(each.id, each.document, each.words)
