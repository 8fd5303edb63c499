"""The search index: dense and lexical together, made from the store, brought forward, never trusted blindly."""

from __future__ import annotations

import io
import re
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
from filelock import FileLock

from corpus.errors import SearchIndexError
from embeddings.dense import BASE, PROPOSALS, REMOVED, TAIL, DenseIndex
from embeddings.filters import Sight
from embeddings.fulltext import LexicalIndex, Words, chunks
from embeddings.manifest import FILE_NAME as MANIFEST
from embeddings.manifest import FORMAT, Manifest, holds, link, sealed
from embeddings.spelling import Gathered, Vocabulary
from embeddings.vectors import DAMAGED, FLAT, IndexKind, Rows, RowsWriter, halves_of, kind_for, unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.store import Filter, IndexedPassage, Store
    from embeddings.filters import Members


VOCABULARY, WORDS = "vocabulary.txt", "words"

_TAIL_AT_LEAST, _TAIL_AT_MOST, _TAIL_SHARE = 1_000, 20_000, 0.1
"""Rows of a tail, or their share of the base, from which they join it: each is looked at for each question."""

_REMOVED_SHARE = 0.25
"""Share of a base's rows whose passages are gone from which it is made anew."""

_GROWTH = 1.5
"""How many times the rows that a base's lists were made for it may have before they are made anew."""

_SEGMENT: Final = re.compile(r"[0-9a-f]{32}\.")
"""tantivy's files that are written once; the others it replaces."""


@dataclass(frozen=True, slots=True)
class Before:
    """The state of the index that a new one begins with: its folder and what is open of it."""

    folder: Path
    dense: DenseIndex
    vocabulary: Vocabulary
    kind: IndexKind


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many passages, how they are proposed, which files are shared with the state before."""

    passages: int
    kind: IndexKind
    linked: frozenset[str]


def write(
    folder: Path, before: Before | None, removed: Sequence[int], added: Iterable[IndexedPassage]
) -> Written | None:
    """Write a state of the index into a folder that is not there yet.

    Args:
        folder: of the new state.
        before: the state to begin with, if any; its large files are shared, not copied.
        removed: ids of the passages of that state that are gone.
        added: the passages that are new.

    Returns:
        What was written; None where not a passage is left.

    Raises:
        SearchIndexError: the store's vectors cannot be used.
        OSError: the files cannot be written.
    """
    folder.mkdir()
    linked = _lend_words(before.folder, folder) if before else []
    stem, words = folder / (TAIL if before else BASE), Gathered()
    with RowsWriter(stem) as rows:
        if before and before.dense.tail:
            gone = np.isin(before.dense.tail.columns.ids, removed)
            _copy(rows, before.dense.tail, ~gone)
        LexicalIndex(folder / WORDS).update(removed, _taken(added, rows, words))
        rows.close()
    if before is None:
        if not rows.count:
            return None
        kind = _proposals(Rows.load(stem), folder / PROPOSALS)
        Vocabulary(words.words).save(folder / VOCABULARY)
        return Written(rows.count, kind, frozenset())
    passages, kind, shared = _dense(folder, before, removed, rows.count)
    if not passages:
        return None
    vocabulary = before.vocabulary.joined_by(words.words)
    if vocabulary is before.vocabulary:
        shared.append(VOCABULARY)
    else:
        vocabulary.save(folder / VOCABULARY)
    link(before.folder, folder, shared)
    return Written(passages, kind, frozenset([*linked, *shared]))


def _lend_words(old: Path, folder: Path) -> list[str]:
    names = [path.relative_to(old).as_posix() for path in sorted((old / WORDS).iterdir())]
    segments = [name for name in names if _SEGMENT.match(name.removeprefix(f"{WORDS}/"))]
    link(old, folder, segments)
    for name in names:
        if name not in segments and not name.endswith(".lock"):
            shutil.copyfile(old / name, folder / name)
    return segments


def _taken(passages: Iterable[IndexedPassage], rows: RowsWriter, words: Gathered) -> Iterator[Words]:
    for chunk in chunks(passages):
        rows.add_passages(chunk)
        for each in chunk:
            words.add(each.words)
            yield Words(each.id, each.document, each.words)


def _copy(writer: RowsWriter, rows: Rows, keep: NDArray[np.bool_] | None) -> None:
    for batch in rows.batches():
        columns, halves = rows.columns.at(batch), rows.half(batch)
        if keep is not None:
            columns, halves = columns.at(keep[batch]), halves[keep[batch]]
        writer.add(columns, halves)


def _dense(folder: Path, before: Before, removed: Sequence[int], tail: int) -> tuple[int, IndexKind, list[str]]:
    """Keep the base, or make it anew with the tail; returns passages, kind, and the files that can be shared."""
    base = before.dense.base
    at, known = before.dense.positions(removed)
    gone = np.union1d(before.dense.removed, at[known & (at < len(base))])
    passages = len(base) - len(gone) + tail
    exact = before.kind.name == FLAT
    fits = kind_for(passages) == before.kind.name
    few = len(gone) <= _REMOVED_SHARE * len(base)
    if few and tail <= max(_TAIL_AT_LEAST, min(_TAIL_AT_MOST, int(_TAIL_SHARE * len(base)))):
        kind, shared = before.kind, [f"{BASE}.rows", f"{BASE}.columns", *([] if exact else [PROPOSALS])]
    else:
        extended = few and fits and not exact and _has_room(before.folder / PROPOSALS, passages)
        keep = None
        if not extended:
            keep = np.ones(len(base), np.bool_)
            keep[gone] = False
            gone = gone[:0]
        kind, shared = _joined(folder, before, keep, extended=extended), []
    if len(gone):
        written = io.BytesIO()
        np.save(written, gone)
        (folder / REMOVED).write_bytes(written.getbuffer())
    return passages, kind, shared


def _joined(folder: Path, before: Before, keep: NDArray[np.bool_] | None, *, extended: bool) -> IndexKind:
    """Write base and tail as one base."""
    with RowsWriter(folder / BASE) as rows:
        _copy(rows, before.dense.base, keep)
        if (folder / f"{TAIL}.rows").exists():
            _copy(rows, Rows.load(folder / TAIL), None)
            for ending in ("rows", "columns"):
                (folder / f"{TAIL}.{ending}").unlink()
        rows.close()
    if not rows.count:
        return before.kind
    base = Rows.load(folder / BASE)
    if extended:
        from embeddings import ann as proposing

        return proposing.extend(before.folder / PROPOSALS, before.kind, base, folder / PROPOSALS)
    return _proposals(base, folder / PROPOSALS)


def _has_room(proposals: Path, passages: int) -> bool:
    from embeddings import ann as proposing

    return passages <= _GROWTH * proposing.made_for(proposals)


def _proposals(rows: Rows, path: Path) -> IndexKind:
    """Write what proposes rows, if they are more than are looked at in full."""
    if kind_for(len(rows)) == FLAT:
        return IndexKind(FLAT, 0, 1.0)
    from embeddings import ann as proposing

    return proposing.build(rows, path)


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
        kind = IndexKind(manifest.kind, manifest.probes, manifest.recall)
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
        dense = DenseIndex.load(folder, IndexKind(manifest.kind, manifest.probes, manifest.recall), like)
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
