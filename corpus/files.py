"""Files beside the store: written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file in UTF-8 in place of the one that is there; who reads it meanwhile finds that one.

    Raises:
        OSError: it cannot be written; the old one stands.
    """
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
