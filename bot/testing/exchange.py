"""What goes over the wire: requests with what came of them, and attached files."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_BYTES = 64 * 2**20
"""All files together; the oldest make room, as links to real ones run out, too."""

SIGNATURE = "ex=0&is=0&hm=0"
"""Without it Discord gives nothing out."""


@dataclass(frozen=True)
class Upload:
    """A file that somebody attaches."""

    filename: str
    content: bytes
    content_type: str = "application/octet-stream"
    size: int | None = None
    """What Discord says that it has, in bytes, where that is not so."""


class Files:
    """Files by id; ``base`` is the address below which they can be fetched."""

    def __init__(self, next_id: Callable[[], int]) -> None:
        self._next_id = next_id
        self._kept: dict[int, Upload] = {}
        self.base = "https://cdn.discordapp.com"

    def keep(self, upload: Upload) -> dict[str, Any]:
        """Keep a file and return it as an attachment on the wire."""
        number = self._next_id()
        self._kept[number] = upload
        while sum(len(each.content) for each in self._kept.values()) > KEPT_BYTES and len(self._kept) > 1:
            del self._kept[next(iter(self._kept))]
        url = f"{self.base}/attachments/{number}/{quote(upload.filename, safe='')}?{SIGNATURE}"
        return {
            "id": str(number),
            "filename": upload.filename,
            "size": len(upload.content) if upload.size is None else upload.size,
            "content_type": upload.content_type,
            "url": url,
            "proxy_url": url,
        }

    def get(self, number: int) -> Upload | None:
        """The file of this id, if it is still kept."""
        return self._kept.get(number)


@dataclass
class Exchange:
    """One request and what came of it. ``injected`` tells that a fault answered, not the rules.

    ``raw`` is its JSON as it came, byte for byte; of a form, the part that carries it.
    """

    method: str
    path: str
    at: float
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    status: int | None = None
    error: dict[str, Any] | None = None
    injected: bool = False
    raw: bytes = b""

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status} {self.error or ''} for {self.body}"


served: ContextVar[Exchange | None] = ContextVar("served", default=None)
"""The request that is being answered, for those who note what it brought about."""
