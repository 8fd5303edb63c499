"""The process: its memory, its version and its logs."""

from __future__ import annotations

import gc
import logging
import sys
from contextlib import contextmanager, suppress
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import Processor


def settle() -> None:
    """Return freed memory to the system (with glibc), and exclude what is loaded from garbage collection.

    Otherwise the collector scans it in the middle of questions, for up to a tenth of a second.
    """
    import ctypes

    gc.collect()
    gc.freeze()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def unswept() -> Iterator[None]:
    """Collect no garbage during a short command: loading alone would start the collector a hundred times."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # else the collector scans everything now
        gc.enable()


@cache
def version() -> str:
    """Return the installed version; "source" in a checkout that is not installed."""
    try:
        return metadata.version("digestbot")
    except metadata.PackageNotFoundError:
        return "source"


def set_up_logs_late(level: str) -> None:
    """Call ``set_up_logs`` with the first log line: most commands log none."""
    logging.basicConfig(level=level.upper(), handlers=[_Late()], force=True)


class _Late(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        set_up_logs(logging.getLevelName(logging.getLogger().level))
        logging.getLogger().handle(record)


def set_up_logs(level: str) -> None:
    """Send every log line of at least ``level`` ("debug" … "error") to standard error."""
    import structlog

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    terminal = sys.stderr.isatty()
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([] if terminal else [structlog.processors.format_exc_info]),
                structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
                if terminal
                else _plain(),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level != "debug":  # faiss logs at each start which variant it loads
        logging.getLogger("faiss").setLevel(logging.WARNING)


def _plain() -> Processor:
    import structlog

    # One line per event, with values quoted, so that users' words cannot forge lines.
    return structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"])
