"""The encoder that answers: an exported model in onnxruntime, with neither torch nor transformers."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus.errors import EncoderError
from embeddings.batching import AT_ONCE, embed, processors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.batching import Batch, Engine
    from embeddings.encoder import Role

FORMAT = 3
"""Of an exported model's folder; another one is exported anew."""

PROBE = "Which papers are about graphs, and who wrote them?"
MODEL, WEIGHTS, TOKENIZER, DESCRIPTION = "model.onnx", "weights.bin", "tokenizer.json", "model.json"

_MANY = 32
"""Texts from which another engine is worth its start, where there is one."""

_SAME = 0.999


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported model's folder says of it.

    Attributes:
        format: of the folder.
        fingerprint: of the vectors that it makes.
        dimensions: length of a vector.
        window: word pieces that are read of a text, special ones included.
        small: whether its weights have eight bits.
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
    small: bool
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

        self._folder = folder
        try:
            self._exported = _EXPORTED.validate_json((folder / DESCRIPTION).read_bytes())
            if self._exported.format != FORMAT:
                raise EncoderError(f"the exported model in {folder} is of another format")
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._engine: Engine = _OnnxEngine(folder / MODEL, onnxruntime)
        except EncoderError:
            raise
        except (OSError, ValidationError) as error:
            raise EncoderError(f"no exported model in {folder}: {error}") from error
        except Exception as error:  # tokenizers and onnxruntime raise what they like on damaged files
            raise EncoderError(f"the exported model in {folder} is damaged: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._exported.window)
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
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
        stripped = [before + text.strip() for text in texts]
        return self._vectors(stripped, self._engine_for_many if len(texts) >= _MANY else None)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces, see the port."""
        return [
            sum(len(part) - self._special for part in (encoding, *encoding.overflowing)) + self._special
            for encoding in self._tokenizer.encode_batch_fast([_whole(text.strip()) for text in texts])
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

    def _vectors(self, texts: Sequence[str], engine: Engine | None = None) -> NDArray[np.float32]:
        made = self._exported
        encodings = self._tokenizer.encode_batch_fast(list(map(_whole, texts)))
        return embed(engine or self._engine, encodings, made.dimensions, made.padding, made.window)

    @cached_property
    def _engine_for_many(self) -> Engine | None:
        """Another engine, where one is installed, is faster here and gives the same vectors."""
        from embeddings.openvino_engine import opened

        if self._exported.small:  # it knows nothing of how these are stored, and is slower
            return None
        try:
            engine = opened(self._folder / MODEL)
            if engine and float((self._vectors([PROBE], engine) @ self.probe())[0]) > _SAME:
                return engine
        except Exception:  # noqa: BLE001, S110 - whatever is the matter with it, there is the one that always works
            pass
        return None


class _OnnxEngine:
    """An exported model in onnxruntime."""

    step = 1

    def __init__(self, model: Path, onnxruntime: Any) -> None:
        self._session = onnxruntime.InferenceSession(
            str(model),
            _options(onnxruntime),
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # the fused one takes longer than its parts
        )
        self._inputs = [each.name for each in self._session.get_inputs()]

    def run(self, batch: Batch) -> NDArray[np.float32]:
        """Vectors of a batch, see ``Engine``."""
        found: NDArray[np.float32] = self._session.run(None, {name: batch[name] for name in self._inputs})[0]
        return found


def _whole(text: str) -> str:
    """A text without halves of surrogate pairs, which nothing can be made of."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _options(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = -(-processors() // AT_ONCE)
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the processor from each other on a busy machine: 2.8 ms become 7.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options
