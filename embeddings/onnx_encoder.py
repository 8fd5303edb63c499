"""The encoder that answers: an exported model in onnxruntime, with neither torch nor transformers."""

from __future__ import annotations

import hashlib
import os
import platform
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus.errors import EncoderError
from embeddings import openvino_engine
from embeddings.batches import AT_ONCE, embed, processors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.batches import Batch, Engine
    from embeddings.encoder import Role


FORMAT = 4
"""Of an exported model's folder; another one is exported anew."""

PROBE = "Which papers are about graphs, and who wrote them?"
MODEL, WEIGHTS, TOKENIZER, DESCRIPTION = "model.onnx", "weights.bin", "tokenizer.json", "model.json"

_MANY = 32
"""Texts from which another engine is worth its start, where there is one."""

_THREADS = 2
"""Processors that one question is worth."""

_SAME = 0.999


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported model's folder says of it.

    Attributes:
        format: of the folder.
        runtime: what has laid out its weights, and reads them so again.
        fingerprint: of the vectors that it makes.
        dimensions: length of a vector.
        window: word pieces that are read of a text, special ones included.
        small: whether its weights have eight bits.
        padding: the piece that short texts are filled up with.
        question: what a question is preceded by.
        passage: what a passage is preceded by.
        agreement: the least cosine between its vectors and the original's, over sample texts.
        checksum: of its graph and weights.
        probe: the vector of ``PROBE``: weights that were damaged on the disk give another one.
    """

    format: int
    runtime: str
    fingerprint: str
    dimensions: int
    window: int
    small: bool
    padding: int
    question: str
    passage: str
    agreement: float
    checksum: str
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

    Questions that come at the same time are embedded together: whose turn it is takes along all that wait. One
    engine is there at a time: that of passages goes once a question is asked.
    """

    def __init__(self, folder: Path, *, asked: bool = True) -> None:
        """Open the model in a folder.

        Args:
            folder: that of the model.
            asked: whether questions come first, or passages.

        Raises:
            EncoderError: what lies there is not an exported model of this format and for this runtime.
            ImportError: onnxruntime or tokenizers cannot be loaded.
        """
        _, tokenizer_class = load_modules()

        self._folder = folder
        self._waiting = _Waiting()
        self._loading = threading.Lock()
        self._loaded: _OnnxEngine | None = None
        try:
            self._exported = _EXPORTED.validate_json((folder / DESCRIPTION).read_bytes())
            if self._exported.format != FORMAT:
                raise EncoderError(f"the exported model in {folder} is of another format")
            if self._exported.runtime != runtime():
                raise EncoderError(f"the exported model in {folder} was made for {self._exported.runtime}")
            self._tokenizer = tokenizer_class.from_file(str(folder / TOKENIZER))
        except EncoderError:
            raise
        except (OSError, ValidationError) as error:
            raise EncoderError(f"no exported model in {folder}: {error}") from error
        except Exception as error:  # tokenizers raises what it likes on damaged files
            raise EncoderError(f"the exported model in {folder} is damaged: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._exported.window)
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self._look_for_damage(asked=asked)

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
        if role == "question":
            return self._vectors([self._exported.question + text.strip() for text in texts], self._engine())
        stripped = [self._exported.passage + text.strip() for text in texts]
        # Once it is there it embeds the last few, too: that the other is loaded for them is worth nothing.
        other = len(texts) >= _MANY or "_engine_for_many" in self.__dict__
        return self._vectors(stripped, (self._engine_for_many if other else None) or self._engine(asked=False))

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces, see the port."""
        return [
            sum(len(part) - self._special for part in (encoding, *encoding.overflowing)) + self._special
            for encoding in self._tokenizer.encode_batch_fast([_whole(text.strip()) for text in texts])
        ]

    def probe(self) -> NDArray[np.float32]:
        """The vector of ``PROBE``, shape (dimensions,)."""
        (vector,) = self._vectors([PROBE], self._engine())
        return np.asarray(vector)

    def _engine(self, *, asked: bool = True) -> Engine:
        """The engine of questions, or of passages as long as none was asked; loaded when it is first needed."""
        engine = self._loaded
        if engine is None or (asked and not engine.for_questions):
            with self._loading:
                engine = self._loaded
                if engine is None or (asked and not engine.for_questions):
                    engine = self._loaded = self._open(asked=asked)
        return engine

    def _open(self, *, asked: bool) -> _OnnxEngine:
        try:
            engine = _OnnxEngine(self._folder / MODEL, asked=asked, small=self._exported.small)
            same = self._agrees(engine)
        except (
            Exception
        ) as error:  # onnxruntime raises what it likes on damaged files, and on weights that do not fit
            raise EncoderError(f"the exported model in {self._folder} is damaged: {error}") from error
        if not same:
            raise EncoderError(
                f"the exported model in {self._folder} is damaged: it gives other vectors than it did"
            )
        return engine

    def _agrees(self, engine: Engine) -> bool:
        """Whether an engine gives the vector that the model gave when it was exported."""
        wanted = np.asarray(self._exported.probe or 0.0)
        return not self._exported.probe or float((self._vectors([PROBE], engine) @ wanted)[0]) > _SAME

    def _look_for_damage(self, *, asked: bool) -> None:
        if not self._exported.checksum or not openvino_engine.is_installed():
            self._engine(asked=asked)  # it is needed soon
        elif checksum(self._folder) != self._exported.checksum:
            raise EncoderError(f"the exported model in {self._folder} is damaged")

    def _together(self, text: str) -> NDArray[np.float32]:
        mine = _Asked(text)
        with self._waiting.guard:
            self._waiting.asked.append(mine)
        with self._waiting.turn:
            if mine.vector is None and mine.error is None:
                with self._waiting.guard:
                    taken, self._waiting.asked = self._waiting.asked, []
                try:
                    rows = self._vectors([each.text for each in taken], self._engine())
                except Exception as error:  # noqa: BLE001 - each who waits is told, not this one alone
                    for each in taken:
                        each.error = error
                else:
                    for each, row in zip(taken, rows, strict=True):
                        each.vector = row[None, :]
        if mine.vector is None:
            raise EncoderError(f"the question could not be embedded: {mine.error}") from mine.error
        return mine.vector

    def _vectors(self, texts: Sequence[str], engine: Engine) -> NDArray[np.float32]:
        made = self._exported
        encodings = self._tokenizer.encode_batch_fast(list(map(_whole, texts)))
        return embed(engine, encodings, made.dimensions, made.padding, made.window)

    @cached_property
    def _engine_for_many(self) -> Engine | None:
        """Another engine, where one is installed, is faster here and gives the same vectors."""
        if self._exported.small:  # it knows nothing of how these are stored, and is slower
            return None
        try:
            engine = openvino_engine.opened(self._folder / MODEL)
            return engine if engine and self._agrees(engine) else None
        except Exception:  # noqa: BLE001 - whatever is the matter with it, there is the one that always works
            return None


class _OnnxEngine:
    """An exported model in onnxruntime.

    Of a question most of the time goes into reading the weights from memory, which two processors do in two thirds
    of the time; of eight bits they are read soon enough. Passages are many: each batch has a processor of its own.
    """

    step = 1

    def __init__(self, model: Path, *, asked: bool, small: bool) -> None:
        self.for_questions = asked or small
        share = -(-processors() // AT_ONCE)
        threads = min(_THREADS, processors()) if asked and not small else share
        self.at_once = -(-processors() // threads)
        onnxruntime, _ = load_modules()
        self._session = onnxruntime.InferenceSession(
            str(model), _options(onnxruntime, threads), providers=["CPUExecutionProvider"]
        )
        self._inputs = [each.name for each in self._session.get_inputs()]

    def run(self, batch: Batch) -> NDArray[np.float32]:
        """Vectors of a batch, see ``Engine``."""
        found: NDArray[np.float32] = self._session.run(None, {name: batch[name] for name in self._inputs})[0]
        return found


def load_modules() -> tuple[Any, Any]:
    """Import what an exported model runs in: onnxruntime, and the class of tokenizers."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read once, at the import
    import onnxruntime
    from tokenizers import Tokenizer

    return onnxruntime, Tokenizer


def runtime() -> str:
    """What lays out an exported model's weights: the release of onnxruntime and the kind of processor."""
    onnxruntime, _ = load_modules()
    return f"onnxruntime {onnxruntime.__version__}, {platform.machine()}"


def checksum(folder: Path) -> str:
    """SHA-256 of an exported model's graph and weights."""
    digest = hashlib.sha256()
    for name in (MODEL, WEIGHTS):
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _whole(text: str) -> str:
    """A text without halves of surrogate pairs, which nothing can be made of."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _options(onnxruntime: Any, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # done at the export
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Within a question threads wait busily for each other; behind it they would take the processor from others.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    return options
