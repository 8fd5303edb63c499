"""The encoder that answers: an exported model in onnxruntime, with neither torch nor transformers."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.encoder import Role

FORMAT = 2
"""Of an exported model's folder; another one is exported anew."""

PROBE = "Which papers are about graphs, and who wrote them?"
MODEL, WEIGHTS, TOKENIZER, DESCRIPTION = "model.onnx", "weights.bin", "tokenizer.json", "model.json"

_BATCH_PIECES = 512
"""Word pieces, padding included, that are embedded at a time: larger batches are slower and take more memory."""

_SAME = 0.999


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported model's folder says of it.

    Attributes:
        format: of the folder.
        fingerprint: of the vectors that it makes.
        dimensions: length of a vector.
        window: word pieces that are read of a text, special ones included.
        padding: the piece that short texts are filled up with.
        question: what a question is preceded by.
        passage: what a passage is preceded by.
        agreement: the least cosine between its vectors and the original's, over sample texts.
        probe: the vector of ``PROBE``: weights that were damaged on the disk give another one.
    """

    format: int
    fingerprint: str
    dimensions: int
    window: int
    padding: int
    question: str
    passage: str
    agreement: float
    probe: tuple[float, ...]


_EXPORTED = TypeAdapter(Exported)


@dataclass(slots=True)
class _Asked:
    """A question that waits for its vector."""

    text: str
    vector: NDArray[np.float32] | None = None
    error: Exception | None = None


@dataclass(slots=True)
class _Waiting:
    """The questions that came while a batch was under way."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    asked: list[_Asked] = field(default_factory=list)


class OnnxEncoder:
    """An exported model behind the encoder port. Safe to share between threads.

    Questions that come at the same time are embedded together: whose turn it is takes along all that wait.
    """

    def __init__(self, folder: Path) -> None:
        """Open the model in a folder.

        Raises:
            EncoderError: what lies there is not an exported model of this format.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read once, at the import
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            self._exported = _EXPORTED.validate_json((folder / DESCRIPTION).read_bytes())
            if self._exported.format != FORMAT:
                raise EncoderError(f"the exported model in {folder} is of another format")
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL), _options(onnxruntime), providers=["CPUExecutionProvider"]
            )
        except EncoderError:
            raise
        except (OSError, ValidationError) as error:
            raise EncoderError(f"no exported model in {folder}: {error}") from error
        except Exception as error:  # tokenizers and onnxruntime raise what they like on damaged files
            raise EncoderError(f"the exported model in {folder} is damaged: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._exported.window)
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._waiting = _Waiting()
        self._look_for_damage(folder)

    @property
    def fingerprint(self) -> str:
        """Name of the model and its weights."""
        return self._exported.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._exported.dimensions

    @property
    def window(self) -> int:
        """Word pieces that are read of a text."""
        return self._exported.window

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Embed texts, see the port."""
        if role == "question" and len(texts) == 1:
            return self._together(self._exported.question + texts[0].strip())
        before = self._exported.question if role == "question" else self._exported.passage
        return self._vectors([before + text.strip() for text in texts])

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces, see the port."""
        return [
            sum(len(part) - self._special for part in (encoding, *encoding.overflowing)) + self._special
            for encoding in self._tokenizer.encode_batch([_whole(text.strip()) for text in texts])
        ]

    def probe(self) -> NDArray[np.float32]:
        """The vector of ``PROBE``, shape (dimensions,)."""
        vectors: NDArray[np.float32] = self._vectors([PROBE])
        (vector,) = vectors
        return np.asarray(vector)

    def _look_for_damage(self, folder: Path) -> None:
        try:
            same = not self._exported.probe or float(self.probe() @ np.asarray(self._exported.probe)) > _SAME
        except Exception as error:  # whatever onnxruntime says of weights that do not fit
            raise EncoderError(f"the exported model in {folder} is damaged: {error}") from error
        if not same:
            raise EncoderError(f"the exported model in {folder} is damaged: it gives other vectors than it did")

    def _together(self, text: str) -> NDArray[np.float32]:
        mine = _Asked(text)
        with self._waiting.guard:
            self._waiting.asked.append(mine)
        with self._waiting.turn:
            if mine.vector is None and mine.error is None:
                with self._waiting.guard:
                    taken, self._waiting.asked = self._waiting.asked, []
                try:
                    rows = self._vectors([each.text for each in taken])
                except Exception as error:  # noqa: BLE001 - each who waits is told, not this one alone
                    for each in taken:
                        each.error = error
                else:
                    for each, row in zip(taken, rows, strict=True):
                        each.vector = row[None, :]
        if mine.vector is None:
            raise EncoderError(f"the question could not be embedded: {mine.error}") from mine.error
        return mine.vector

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(list(map(_whole, texts)))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at in _batches(order, [len(encoding.ids) for encoding in encodings]):
            vectors[at] = self._session.run(None, self._batch([encodings[i] for i in at]))[0]
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _batch(self, encodings: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        length = max(len(encoding.ids) for encoding in encodings)
        shape = (len(encodings), length)
        found = {
            "input_ids": np.full(shape, self._exported.padding, dtype=np.int64),
            "attention_mask": np.zeros(shape, dtype=np.int64),
            "token_type_ids": np.zeros(shape, dtype=np.int64),
        }
        for row, encoding in enumerate(encodings):
            for name, values in (
                ("input_ids", encoding.ids),
                ("attention_mask", encoding.attention_mask),
                ("token_type_ids", encoding.type_ids),
            ):
                found[name][row, : len(values)] = values
        return {name: found[name] for name in self._inputs}


def _whole(text: str) -> str:
    """A text without halves of surrogate pairs, which nothing can be made of."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Cut texts, given from the shortest to the longest, into batches of so many word pieces."""
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * lengths[i] > _BATCH_PIECES:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _options(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = processors()
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the processor from each other on a busy machine: 2.8 ms become 7.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
