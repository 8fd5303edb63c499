"""Turns: as many answers at a time as there are processors, and the model beside them.

Python runs one thread at a time. Where many wait for it, each hands it on to the next in the middle of an answer,
and half of the time goes into that.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turns:
    """Lets few go on at a time. Safe to share between threads.

    Args:
        at_once: how many; by default as many as there are processors.
    """

    def __init__(self, at_once: int | None = None) -> None:
        self._free = threading.BoundedSemaphore(at_once or processors())
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Go on when it is one's turn."""
        with self._free:
            self._own.taken = True
            try:
                yield
            finally:
                self._own.taken = False

    @contextmanager
    def left(self) -> Iterator[None]:
        """Let another go on in the meantime; nothing happens where no turn was taken."""
        if not getattr(self._own, "taken", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
