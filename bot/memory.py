"""Memory: once all is loaded, what is left over is given back, and what stays is left alone."""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def settle() -> None:
    """Give back freed memory, and keep Python's garbage collector from looking through all that was loaded.

    It would do so again and again, in the middle of questions, for a tenth of a second where there is much. Memory
    is given back where the C library keeps it and can be told to (glibc).
    """
    import ctypes

    gc.collect()
    gc.freeze()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def unswept() -> Iterator[None]:
    """Look for no garbage in what is soon over: loading alone would set it off some hundred times."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # else all that has come would be looked through now
        gc.enable()
