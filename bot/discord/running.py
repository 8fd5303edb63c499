"""Running: what can be chosen of how the bot runs, apart from what it answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def _to_nobody(line: str) -> None:
    """Announce nothing."""


@dataclass(frozen=True, slots=True)
class Running:
    """How the bot runs.

    ``shards`` are its connections, each for a share of the servers; None: as many as Discord wants. On
    ``metrics_port`` of loopback it tells how it is, if there is one. ``announce`` is given the links by which it
    is invited, once. ``rounds`` waits some seconds between two looks for news to subscriptions.
    """

    shards: int | None = None
    metrics_port: int | None = None
    announce: Callable[[str], object] = _to_nobody
    rounds: Callable[[float], Awaitable[object]] = asyncio.sleep


PLAIN = Running()
