"""Running: what can be chosen of how the bot runs, apart from what it answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@dataclass(frozen=True, slots=True)
class Running:
    """How the bot runs.

    ``shards`` are its connections, each for a share of the servers; None: as many as Discord wants. ``rounds``
    waits some seconds between two looks for news to subscriptions.
    """

    shards: int | None = None
    rounds: Callable[[float], Awaitable[object]] = asyncio.sleep


PLAIN = Running()
