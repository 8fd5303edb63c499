"""An exchange: one request of the bot and what came of it, and which one is being served."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


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
