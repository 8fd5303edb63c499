"""The sources of an ingest: which files a path stands for, what is in them, and addresses on the web."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.fetching.addresses import is_address, normal
from corpus.errors import ReadError
from corpus.readers import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_BYTES = 16_000_000
"""Size of a file beyond which it is no page."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, a page to fetch, or bytes that were uploaded as a file; or the reason why it cannot be."""

    path: Path
    bundled: bool = False
    error: str | None = None
    address: str | None = None
    data: bytes | None = None

    @property
    def name(self) -> str:
        """What it is called in what is told of it, and known by in the store."""
        return self.address or (str(self.path) if self.data is None else f"upload:{self.path.name}")


def files_of(sources: Sequence[Path | str | Source], *, may_be_empty: bool) -> Iterator[Source]:
    """The files that paths stand for, folders with all that is below them, and addresses as they are.

    Args:
        sources: paths of files and folders, addresses, uploads.
        may_be_empty: whether a folder without a page is in order, or a source that cannot be read.
    """
    for source in sources:
        if isinstance(source, Source):
            yield source
            continue
        if is_address(source):
            yield _on_the_web(str(source))
            continue
        if scheme := re.match(r"([a-z][a-z0-9+.-]*)://", str(source), re.IGNORECASE):
            yield Source(Path(source), error=f"{scheme[1]} addresses cannot be read; those of http and https can")
            continue
        path = absolute(source)
        if is_folder(path):
            yield from _folder(path, may_be_empty=may_be_empty)
        else:
            yield Source(path)


def _on_the_web(address: str) -> Source:
    try:
        return Source(Path(), address=normal(address))
    except ReadError as error:
        return Source(Path(address), error=str(error))


def absolute(source: Path | str) -> Path:
    """The path from the root without dots in it: by whatever way a file is named, it is one source."""
    path = Path(source)
    with suppress(RuntimeError):  # "~somebody" who is not here is a name like any other
        path = path.expanduser()
    return Path(os.path.normpath(path.absolute()))


def is_folder(path: Path) -> bool:
    """Whether a path is a folder that can be looked at."""
    with suppress(OSError):  # whoever reads it will be told why
        return path.is_dir()
    return False


def is_gone(path: Path) -> bool:
    """Whether there is nothing; what cannot be looked at may still be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _folder(folder: Path, *, may_be_empty: bool) -> Iterator[Source]:
    """The files below a folder that a reader is there for, in order; hidden ones are left out."""
    refused: list[OSError] = []
    empty = True
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                empty = False
                yield Source(Path(parent, name))
    for error in refused:
        yield Source(Path(error.filename), error=f"cannot be read: {error.strerror}")
    if empty and not refused and not may_be_empty:
        yield Source(folder, error=f"no file in it ends in {', '.join(SUFFIXES)}")


def bundled() -> Iterator[Source]:
    """The digests that come with digestbot."""
    folder = Path(str(files("corpus"))) / "digests"
    yield from (Source(path, bundled=True) for path in sorted(folder.glob("*.md")))


def bytes_of(path: Path) -> bytes:
    """What is in a file.

    Raises:
        ReadError: it is no plain file, is too large, or has a name that cannot be stored.
        OSError: it cannot be read.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ReadError("its name is not UTF-8 text: rename it") from None
    if not stat.S_ISREG(path.stat().st_mode):
        raise ReadError("it is no file")  # of a pipe or a device there may be no end
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(f"it has more than the {MAX_BYTES / 1e6:.0f} MB that a document may have")
    return data
