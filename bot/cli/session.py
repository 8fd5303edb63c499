"""The start of every command: settings, logs, and an open assistant that has a corpus."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli.console import Out, warn
from bot.cli.progress import IngestProgress
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.assistant import Assistant


def prepare(data_dir: Path | None, *, least_level: str = "warning") -> Settings:
    """Read the settings and set up the logs, from ``least_level`` on unless the settings say otherwise."""
    from bot.logs import set_up_logs

    settings = Settings.load(data_dir)
    set_up_logs(settings.log_level or least_level)
    return settings


@contextmanager
def assistant_of(settings: Settings, out: Out, *, with_corpus: bool) -> Iterator[Assistant]:
    """Open the assistant; ``with_corpus`` first ingests the bundled digests where there is no document."""
    from bot.assistant import Assistant

    with Assistant.open(settings.data_dir, settings=settings, notify=warn) as assistant:
        if with_corpus:
            with IngestProgress(out) as progress:
                assistant.ensure_corpus(progress)
        yield assistant
