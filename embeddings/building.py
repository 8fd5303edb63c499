"""Building: the files of a new state of the index, from the store's stream and the state before it."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from embeddings.dense import BASE, PROPOSALS, REMOVED, TAIL
from embeddings.kinds import FLAT, Kind, kind_for
from embeddings.lexical import LexicalIndex, Words, chunks
from embeddings.rows import Rows, RowsWriter
from embeddings.sealing import link
from embeddings.vocabulary import Gathered, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.store import IndexedPassage
    from embeddings.dense import DenseIndex

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
    kind: Kind


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many passages, how they are proposed, which files are shared with the state before."""

    passages: int
    kind: Kind
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


def _dense(folder: Path, before: Before, removed: Sequence[int], tail: int) -> tuple[int, Kind, list[str]]:
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


def _joined(folder: Path, before: Before, keep: NDArray[np.bool_] | None, *, extended: bool) -> Kind:
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
        from embeddings import proposing

        return proposing.extend(before.folder / PROPOSALS, before.kind, base, folder / PROPOSALS)
    return _proposals(base, folder / PROPOSALS)


def _has_room(proposals: Path, passages: int) -> bool:
    from embeddings import proposing

    return passages <= _GROWTH * proposing.made_for(proposals)


def _proposals(rows: Rows, path: Path) -> Kind:
    """Write what proposes rows, if they are more than are looked at in full."""
    if kind_for(len(rows)) == FLAT:
        return Kind(FLAT, 0, 1.0)
    from embeddings import proposing

    return proposing.build(rows, path)
