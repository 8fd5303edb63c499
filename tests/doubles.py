"""Doubles for what a test cannot wait for, an encoder that needs no model; and what a quote has to be."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.answer import Citation
    from bot.assistant import Assistant


def stored_quote(assistant: Assistant, citation: Citation) -> str:
    """What stands in the document where a citation says that it quotes."""
    spans = [(span.start, span.end) for span in citation.spans] or [(citation.start, citation.end)]
    assert (spans[0][0], spans[-1][1]) == (citation.start, citation.end)
    return " … ".join(assistant.text(citation.document, start, end) for start, end in spans)


class HashEncoder:
    """Bags of hashed words as unit vectors: texts that share words are near. Counts what it embeds."""

    def __init__(self, name: str = "hash", dimensions: int = 64, window: int = 256) -> None:
        self.fingerprint = f"{name}@{dimensions}"
        self.dimensions = dimensions
        self.window = window
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str], role: str) -> NDArray[np.float32]:
        if role == "passage":
            self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()) or ["-"]:
                row[int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest()) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [2 + len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]
