"""The manifest: what the files of an index were made from. Reading it loads neither FAISS nor tantivy."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from corpus.text import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


_SMALL = 1 << 20
"""Bytes up to which a file is read in full each time."""
_SAMPLES, _SAMPLE = 16, 1 << 16
"""Blocks that are read of a larger one, the first and the last among them, and their bytes."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A file's size, and the SHA-256 of its samples and of all of it."""

    size: int
    sampled: str
    whole: str


def sealed(folder: Path, known: Mapping[str, Seal]) -> dict[str, Seal]:
    """The seals of all files below a folder but lock files, by name; those known are taken as they are."""
    return {name: known.get(name) or _seal(folder / name) for name in _names(folder)}


def holds(folder: Path, seals: Mapping[str, Seal], *, whole: bool) -> bool:
    """Whether the files below a folder are those that were sealed; large ones are sampled where not read whole.

    Raises:
        OSError: they cannot be read.
    """
    if set(_names(folder)) != set(seals):
        return False
    return all(_agrees(folder / name, seal, whole=whole) for name, seal in seals.items())


def link(source: Path, target: Path, names: Iterable[str]) -> None:
    """Let files stand below another folder too, without a copy where the file system can.

    Files that are linked must never be written to, only replaced.
    """
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source / name, target / name)
        except OSError:
            shutil.copy2(source / name, target / name)


def _names(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _seal(path: Path) -> Seal:
    size = path.stat().st_size
    sampled = _digest(_samples(path, size))
    return Seal(size, sampled, sampled if size <= _SMALL else _digest(_blocks(path)))


def _agrees(path: Path, seal: Seal, *, whole: bool) -> bool:
    if path.stat().st_size != seal.size:
        return False
    if whole and seal.size > _SMALL:
        return _digest(_blocks(path)) == seal.whole
    return _digest(_samples(path, seal.size)) == seal.sampled


def _digest(blocks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _samples(path: Path, size: int) -> Iterator[bytes]:
    if size <= _SMALL:
        yield path.read_bytes()
        return
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(number * (size - _SAMPLE) // (_SAMPLES - 1))
            yield file.read(_SAMPLE)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block


FORMAT = 7
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
