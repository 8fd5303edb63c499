"""Embeds many texts: those of like length together, and several batches at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Batch = Mapping[str, NDArray[np.int64]]


AT_ONCE = 2
"""Batches of passages under way at a time: with half of the processors each a fifth faster than one with all."""

_PIECES = 256
"""Word pieces, padding included, of a batch: larger ones are no faster and take more memory."""


class Engine(Protocol):
    """What runs an exported model. Safe to share between threads."""

    @property
    def at_once(self) -> int:
        """Batches that it runs at a time."""
        ...

    @property
    def step(self) -> int:
        """What lengths are filled up to a multiple of: each new shape costs some engines time."""
        ...

    def run(self, batch: Batch) -> NDArray[np.float32]:
        """Vectors of shape (texts, dimensions), of any length, for arrays of shape (texts, word pieces)."""
        ...


def embed(
    engine: Engine, encodings: Sequence[Any], dimensions: int, padding: int, window: int
) -> NDArray[np.float32]:
    """Embed texts that have been cut into word pieces.

    Args:
        engine: runs the model.
        encodings: of each text, as ``tokenizers`` gives them.
        dimensions: length of a vector.
        padding: the piece that short texts are filled up with.
        window: word pieces at most.

    Returns:
        Unit vectors of shape (len(encodings), dimensions).
    """
    vectors = np.zeros((len(encodings), dimensions), dtype=np.float32)

    def run(at: Sequence[int]) -> None:
        batch = _filled([encodings[i] for i in at], padding, engine.step, window)
        vectors[at] = engine.run(batch)[: len(at)]

    batches = list(_batches([len(encoding.ids) for encoding in encodings], engine.step, window))
    if len(batches) < 2 or engine.at_once < 2:
        for at in batches:
            run(at)
    else:
        with ThreadPoolExecutor(engine.at_once) as pool:
            list(pool.map(run, batches))
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return vectors


def _batches(lengths: Sequence[int], step: int, window: int) -> Iterator[list[int]]:
    """Cut texts into batches, the longest first: the short ones at the end leave no thread alone for long."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    while order:
        rows = _rows(_up(lengths[order[0]], step, window))
        yield order[:rows]
        order = order[rows:]


def _rows(length: int) -> int:
    return max(1, _PIECES // max(1, length))


def _up(length: int, step: int, window: int) -> int:
    return max(length, min(window, -(-length // step) * step))


def _filled(encodings: Sequence[Any], padding: int, step: int, window: int) -> Batch:
    length = _up(max(len(encoding.ids) for encoding in encodings), step, window)
    shape = (_rows(length) if step > 1 else len(encodings), length)
    found = {
        "input_ids": np.full(shape, padding, dtype=np.int64),
        "attention_mask": np.zeros(shape, dtype=np.int64),
        "token_type_ids": np.zeros(shape, dtype=np.int64),
    }
    found["attention_mask"][len(encodings) :, 0] = 1  # rows of no text: a mean over nothing is no number
    for row, encoding in enumerate(encodings):
        for name, values in (
            ("input_ids", encoding.ids),
            ("attention_mask", encoding.attention_mask),
            ("token_type_ids", encoding.type_ids),
        ):
            found[name][row, : len(values)] = values
    return found


def processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
