"""The encoder port: texts to unit vectors. Nothing outside the encoders' own modules knows torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

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
