"""The manifest: what the files of an index were made from. Reading it loads neither FAISS nor tantivy."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from corpus.files import write_whole
from embeddings.sealing import Seal  # noqa: TC001 - read when the manifest is checked

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 6
FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index's files were made from, and what they must look like.

    ``kind`` is how the dense part proposes rows, ``probes`` are the lists that it looks into, and ``recall`` is
    the share of the ten nearest that it was measured to find. ``folder`` is where the files lie, with their seals
    in ``files``.
    """

    format: int
    kind: str
    generation: int
    stamp: str
    model: str
    passages: int
    folder: str
    probes: int
    recall: float
    files: dict[str, Seal]

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest in an index's folder; None where there is none that can be used."""
        try:
            manifest = _MANIFEST.validate_json((folder / FILE_NAME).read_bytes())
        except (OSError, ValueError):
            return None
        return manifest if manifest.format == FORMAT else None

    def write(self, folder: Path) -> None:
        """Write it into an index's folder, whole or not at all."""
        write_whole(folder / FILE_NAME, json.dumps(asdict(self), indent=1))


_MANIFEST = TypeAdapter(Manifest)
