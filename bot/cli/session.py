"""The start of every command: settings, logs, and an open assistant that has a corpus."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bot.cli.console import Out, warn
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.assistant import Assistant
    from bot.settings import Settings

INTERRUPTED = 130
"""Exit code of a command that was interrupted at the keyboard."""


def prepare(data_dir: Path | None, *, serving: bool = False) -> Settings:
    """Read the settings and set up the logs: of warnings, and where somebody is served of what happens, too."""
    from bot.logs import set_up_logs, set_up_logs_late
    from bot.settings import Settings

    settings = Settings.load(data_dir)
    if serving:
        set_up_logs(settings.log_level or "info")
    else:
        set_up_logs_late(settings.log_level or "warning")
    return settings


@contextmanager
def assistant_of(settings: Settings, out: Out, *, with_corpus: bool) -> Iterator[Assistant]:
    """Open the assistant; ``with_corpus`` first ingests the bundled digests where there is no document."""
    from bot.assistant import Assistant

    with Assistant.open(settings.data_dir, settings=settings, notify=warn) as assistant:
        if with_corpus and assistant.is_empty:
            from bot.cli.progress import IngestProgress

            with IngestProgress(out) as progress:
                assistant.ensure_corpus(progress)
        yield assistant


@contextmanager
def beside(do: Callable[[], None]) -> Iterator[None]:
    """Have something done beside what follows, and wait for it behind that.

    Who interrupts that, too, ends the process at once: a thread that is left to the interpreter's end may take the
    process down with it, or never let it go.
    """
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        yield
    finally:
        try:
            thread.join()
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)


def load_engine() -> None:
    """Load what the model runs in for one question: it takes as long as the settings, and needs none of them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else numpy starts threads that wait busily for work
    with suppress(ImportError):  # the first question tells what is missing
        from embeddings.onnx_encoder import load_modules

        load_modules()


def warm_up(assistant: Assistant) -> None:
    """Load the model and the index; where they cannot be, the first question tells why."""
    with suppress(DigestbotError):
        assistant.warm_up()
