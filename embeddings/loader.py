"""Loads the exported form of a model, made once and kept; or the model itself if that cannot be."""

from __future__ import annotations

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from platformdirs import user_cache_path

from corpus.errors import EncoderError
from embeddings.encoder import fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from embeddings.encoder import Encoder, Role


_LONGEST = 1800.0
"""Seconds that an export may take: a large model may have to be fetched first."""

_INTERRUPTED = (-signal.SIGINT, 0xC000013A)
"""How a process ends that was interrupted at the keyboard, there and on Windows."""


class _InterruptedError(EncoderError):
    """Whoever waited for the export waits no more."""


class ServingEncoder:
    """A model behind the encoder port that is loaded, and exported where it never was, at the first text."""

    def __init__(
        self, model: str, *, small: bool = False, notify: Callable[[str], None] = lambda line: None
    ) -> None:
        """Name a model.

        Args:
            model: see ``SentenceEncoder``.
            small: eight bits for the weights: half the memory, twice as fast, and a little less exact.
            notify: is told what takes long, and what cannot be had.
        """
        self._model = model
        self._small = small
        self._notify = notify
        self._loading = threading.Lock()
        self._loaded: Encoder | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Name of the model and its weights, and whether it is small."""
        return fingerprint_of(self._model, small=self._small)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._encoder().dimensions

    @property
    def window(self) -> int:
        """Word pieces that are read of a text."""
        return self._encoder().window

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Embed texts, see the port."""
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return self._encoder(asked=role == "question").encode(texts, role)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces, see the port."""
        return self._encoder().count_pieces(texts)

    def _encoder(self, *, asked: bool = False) -> Encoder:
        if self._loaded is None:
            with self._loading:  # two threads may come with the first questions
                if self._loaded is None:
                    self._loaded = self._load(asked=asked)
        return self._loaded

    def _load(self, *, asked: bool) -> Encoder:
        try:
            return self._exported(asked=asked)
        except _InterruptedError:  # who stops it does not want to wait for torch either
            raise
        except (EncoderError, ImportError, OSError, subprocess.SubprocessError) as error:
            if self._small:
                raise EncoderError(f"the model {self._model} cannot be made small: {error}") from error
            self._notify(f"the model {self._model} runs in torch, slower and larger: {error}")
        from embeddings.torch_encoder import SentenceEncoder

        return SentenceEncoder(self._model)

    def _exported(self, *, asked: bool) -> Encoder:
        """The exported model, made where there is none that can be used."""
        from embeddings.onnx_encoder import FORMAT

        name = re.sub(r"[^\w.+@-]", "_", self.fingerprint)[:120]
        folder = user_cache_path("digestbot", appauthor=False) / "models" / f"{name}-{FORMAT}"
        if folder.is_dir():
            with suppress(EncoderError):
                return self._opened(folder, asked=asked)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if folder.is_dir():
                try:
                    return self._opened(folder, asked=asked)  # another process has made it in the meantime
                except EncoderError:
                    shutil.rmtree(folder)
            self._notify("preparing the model for fast answers: once, some ten seconds")
            self._export(folder)
            for old in folder.parent.glob(f"{glob.escape(name)}-[0-9]*"):  # of another format
                if old.is_dir() and old != folder:
                    shutil.rmtree(old, ignore_errors=True)
        return self._opened(folder, asked=asked)

    def _opened(self, folder: Path, *, asked: bool) -> Encoder:
        from embeddings.onnx_encoder import OnnxEncoder

        found = OnnxEncoder(folder, asked=asked)
        if found.fingerprint != self.fingerprint:
            raise EncoderError(f"the exported model in {folder} is another one")
        return found

    def _export(self, folder: Path) -> None:
        """Export in a process of its own: what torch takes of memory goes with it."""
        command = [sys.executable, "-m", "embeddings.export", self._model, str(folder)]
        paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        done = subprocess.run(  # noqa: S603 - our own module
            command + ["small"] * self._small,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        if done.returncode in _INTERRUPTED:
            raise _InterruptedError("the model was not prepared: it was interrupted")
        if done.returncode:
            raise EncoderError((done.stderr.strip().splitlines() or ["it cannot be exported"])[-1])
