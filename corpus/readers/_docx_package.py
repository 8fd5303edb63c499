"""The package that a Word file is: its parts as XML, read within bounds and without anything from outside."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_PART_BYTES = 25_000_000
"""Of one part, uncompressed."""
_MACROS = "word/vbaProject.bin"


class Package:
    """The parts of a Word file.

    Args:
        data: the file's bytes.

    Raises:
        ReadError: no Word file, one of an older format, damaged, or one with a password.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            raise ReadError("a Word file of the old format, or one with a password: save it as .docx without one")
        if not data.startswith(_ZIP):
            raise ReadError("no Word file" if data.strip() else "the file is empty")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._names = set(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise ReadError("the Word file is damaged: it is cut off or no longer a package") from error
        if "word/document.xml" not in self._names:
            raise ReadError("no Word file: nothing in it is called word/document.xml")

    @property
    def has_macros(self) -> bool:
        """Whether there are macros in it; they are never read."""
        return _MACROS in self._names

    def part(self, name: str) -> Element | None:
        """The root of a part, None where there is no such part.

        Raises:
            ReadError: it is too large, no XML, nested too deeply, or declares entities.
        """
        if name not in self._names:
            return None
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root: Any = etree.fromstring(self._bytes(name), parser)
        except etree.XMLSyntaxError as error:
            raise ReadError(f"the Word file is damaged: {' '.join(str(error).split())[:120]}") from error
        if root.getroottree().docinfo.doctype:
            raise ReadError("the Word file declares a document type, which no Word file does")
        return root

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                data = part.read(_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise ReadError("the Word file is damaged, or locked by a password") from error
        if len(data) > _PART_BYTES:
            raise ReadError(f"the Word file unpacks to more than {_PART_BYTES / 1e6:.0f} MB")
        return data
