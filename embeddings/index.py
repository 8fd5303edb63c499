"""The search index: dense and lexical together, made from the store, brought forward, never trusted blindly."""

from __future__ import annotations

import hashlib
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from filelock import FileLock

from corpus.errors import SearchIndexError
from embeddings.dense import DenseIndex
from embeddings.lexical import LexicalIndex
from embeddings.manifest import FILE_NAME as MANIFEST
from embeddings.manifest import FORMAT, Manifest
from embeddings.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.store import IndexedPassage, Store

DAMAGED: Final = "the store holds damaged vectors: move the data folder away and ingest again"
_REBUILD_BELOW = 20_000
"""Passages up to which a removal rebuilds the index, so that no word of what was removed stays on the disk."""


@dataclass(frozen=True, slots=True)
class View:
    """One state of the index: vectors, words, and the vocabulary."""

    dense: DenseIndex
    lexical: LexicalIndex
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class _Parts(View):
    manifest: Manifest


class SearchIndex:
    """Both indexes over the passages of one model, in files under one folder.

    The files carry the generation, model and checksum that they were made from. ``refresh`` loads them where
    they hold, brings them forward to the store's generation, or makes them anew. Safe to share between threads
    and, through a lock file, between processes.
    """

    def __init__(self, folder: Path, store: Store, model: str) -> None:
        self._folder = folder
        self._store = store
        self._model = model
        self._lock = threading.RLock()
        self._parts: _Parts | None = None

    def refresh(self) -> None:
        """Bring the index to the store's generation.

        Raises:
            SearchIndexError: the files cannot be written.
        """
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
        with self._lock:
            yield self._parts

    def vector_problems(self) -> list[str]:
        """Whether the store's vectors can be used, whatever the files are like."""
        try:
            _matrix(self._store.passages_since(0, self._model))
        except SearchIndexError as error:
            return [str(error)]
        return []

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
        parts = self._load(manifest)
        if parts is None:
            return ["the index's files are not those that were written"]
        generation = self._store.generation
        if (manifest.generation, manifest.stamp) != (generation, self._store.stamp(generation)):
            return []
        passages = self._store.passages_since(0, self._model)
        wanted, found = {passage.id for passage in passages}, set(parts.dense.ids.tolist())
        if wanted != found:
            return [f"the index has {len(found - wanted)} passages too many and lacks {len(wanted - found)}"]
        same = parts.dense.holds([p.id for p in passages], _matrix(passages))
        return [] if same else ["the index's vectors are not those of the store"]

    def _bring_forward(self) -> None:
        parts = self._newest()
        generation = self._store.generation
        since = parts.manifest.generation if parts else 0
        if parts and since == generation:
            self._parts = parts
            return
        removed = self._store.removed_since(since) if parts else []
        if parts and removed and len(parts.dense) <= _REBUILD_BELOW:
            parts, since, removed = None, 0, []
        added = self._store.passages_since(since, self._model)
        if parts is None and not added:
            self._discard(keep=None)
            self._parts = None
            return
        self._parts = self._build(parts, generation, removed, added)

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
        return self._load(manifest)

    def _build(
        self, parts: _Parts | None, generation: int, removed: Sequence[int], added: Sequence[IndexedPassage]
    ) -> _Parts:
        """Write the new state beside the old one, then point the manifest at it."""
        name = f"generation-{generation}"
        folder = self._folder / name
        if folder.exists():  # left by a process that died before its manifest was written
            shutil.rmtree(folder)
        if parts:
            shutil.copytree(self._folder / parts.manifest.folder, folder)
            dense = DenseIndex.load(folder / "dense.faiss")
        else:
            folder.mkdir()
            dense = DenseIndex.empty(len(added[0].vector) // np.dtype(np.float16).itemsize)
        dense.remove(removed)
        if added:
            dense.add(np.array([p.id for p in added], dtype=np.int64), _matrix(added))
        dense.save(folder / "dense.faiss")
        lexical = LexicalIndex(folder / "words")
        lexical.update(removed, ((p.id, p.words) for p in added))
        stamp = self._store.stamp(generation) or ""
        words = parts.vocabulary if parts else Vocabulary(())
        vocabulary = words.joined_by(p.words for p in added)
        vocabulary.save(folder / "vocabulary.txt")
        manifest = Manifest(
            FORMAT, DenseIndex.KIND, generation, stamp, self._model, len(dense), name, _checksum(folder)
        )
        manifest.write(self._folder)
        self._discard(keep=name)
        return _Parts(dense, lexical, vocabulary, manifest)

    def _load(self, manifest: Manifest) -> _Parts | None:
        folder = self._folder / manifest.folder
        try:
            if _checksum(folder) != manifest.checksum:
                return None
            parts = _Parts(
                DenseIndex.load(folder / "dense.faiss"),
                LexicalIndex(folder / "words"),
                Vocabulary.load(folder / "vocabulary.txt"),
                manifest,
            )
        except (OSError, UnicodeDecodeError, SearchIndexError):
            return None
        return parts if len(parts.dense) == len(parts.lexical) == manifest.passages else None

    def _discard(self, keep: str | None) -> None:
        """Delete the folders of states that no manifest points at."""
        if keep is None:
            (self._folder / MANIFEST).unlink(missing_ok=True)
        for folder in self._folder.glob("generation-*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)


def _matrix(passages: Sequence[IndexedPassage]) -> NDArray[np.float32]:
    """Unit vectors of shape (n, dimensions) from half precision."""
    sizes = {len(p.vector) for p in passages}
    if len(sizes) > 1 or any(size % np.dtype(np.float16).itemsize for size in sizes):
        raise SearchIndexError(DAMAGED)
    rows = np.frombuffer(b"".join(p.vector for p in passages), dtype=np.float16).astype(np.float32)
    rows = rows.reshape(len(passages), -1) if passages else rows.reshape(0, 1)
    lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.allclose(lengths, 1.0, atol=0.01):
        raise SearchIndexError(DAMAGED)
    rows /= lengths
    return rows


def _checksum(folder: Path) -> str:
    """SHA-256 over the names and bytes of all files below a folder but lock files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock"):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
