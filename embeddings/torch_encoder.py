"""The encoder that runs a sentence-transformers model in torch: it is exported, and serves where that fails."""

from __future__ import annotations

import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import EncoderError
from embeddings.encoder import DEFAULT_MODEL, bundled_folder, fingerprint_of, folder_of, short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from embeddings.encoder import Role


class SentenceEncoder:
    """A sentence-transformers model behind the encoder port; loaded at the first text.

    ``model`` is the default model's name (its weights come with an installed package and are verified), a
    folder, or the name of a model on a hub. Safe to share between threads.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self._name = short_name(model)
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Name and weights."""
        return fingerprint_of(self._name)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        size = self.model.get_embedding_dimension()
        if size is None:
            raise EncoderError(f"the model {self._name} does not say how long its vectors are")
        return int(size)

    @property
    def window(self) -> int:
        """Word pieces that the model reads of a text, special ones included."""
        return int(self.model.max_seq_length or 512)

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Embed texts, see the port."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        encode = self.model.encode_query if role == "question" else self.model.encode_document
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
        tokenizer: Any = self.model.tokenizer
        with self._lock:
            pieces = tokenizer(list(texts), add_special_tokens=True, truncation=False, verbose=False)["input_ids"]
        return [len(ids) for ids in pieces]

    @property
    def model(self) -> SentenceTransformer:
        """The model itself, loaded."""
        with self._loading:  # two threads may come with the first questions
            if self._loaded is None:
                self._loaded = _load(self._name)
        return self._loaded


def _load(name: str) -> SentenceTransformer:
    bundled = name == DEFAULT_MODEL
    folder = bundled_folder() if bundled else folder_of(name)
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


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
