"""Starts every command: settings, logs, an open assistant with a corpus, and the progress of an ingest."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from bot.cli.console import Out, counted, listed, one_line, warn
from corpus.english import count_kinds as count_kinds  # noqa: PLC0414 - for the commands
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.assistant import Assistant
    from bot.settings import Settings
    from bot.sources.ingest import Outcome

INTERRUPTED = 130
"""Exit code of a command that was interrupted at the keyboard."""


def prepare(data_dir: Path | None, *, serving: bool = False) -> Settings:
    """Read the settings and set up the logs, of warnings or, for ``serving``, of all that happens."""
    from bot.process import set_up_logs, set_up_logs_late
    from bot.settings import Settings

    settings = Settings.load(data_dir)
    if serving:
        set_up_logs(settings.log_level or "info")
    else:
        set_up_logs_late(settings.log_level or "warning")
    return settings


@contextmanager
def assistant_of(settings: Settings, out: Out, *, with_corpus: bool) -> Iterator[Assistant]:
    """Open the assistant; ``with_corpus`` ingests the bundled digests if there is no document."""
    from bot.assistant import Assistant

    with Assistant.open(settings.data_dir, settings=settings, notify=warn) as assistant:
        if with_corpus and not assistant.is_ready:
            with IngestProgress(out) as progress:
                assistant.ensure_corpus(progress)
        yield assistant


@contextmanager
def beside(do: Callable[[], None]) -> Iterator[None]:
    """Do something in a thread while the block runs, and wait for its end.

    A thread that is inside native code when the interpreter ends aborts the process, so it is always waited for;
    a Ctrl-C during that wait ends the process at once.
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
    """Import the model's runtime, beside the settings, which take as long."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else numpy starts threads that wait busily
    with suppress(ImportError):  # the first question says what is missing
        from embeddings.onnx_encoder import load_modules

        load_modules()


def warm_up(assistant: Assistant) -> None:
    """Load the model and the index; if that fails, the first question says why."""
    with suppress(DigestbotError):
        assistant.warm_up()


_STYLES = {"new": "green", "changed": "yellow", "removed": "magenta", "gone": "magenta", "unchanged": "dim"}


class IngestProgress:
    """Shows the progress of an ingest; ``lines`` prints every outcome, failures on standard error."""

    def __init__(self, out: Out, *, lines: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._out = out
        self._lines = lines
        # On the same console as the lines if both are one terminal, so that the bar stays below them.
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}", style="dim"),
            console=out.console if out.terminal else Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=sys.stderr.isatty(),
            disable=not sys.stderr.isatty(),
        )
        self._documents = self._bar.add_task("documents", total=None, visible=False, pace="")
        self._passages = self._bar.add_task("passages", total=None, visible=False, pace="")
        self._clock = clock
        self._begun = clock()
        self._since = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def started(self, documents: int) -> None:
        """Show the bar for so many documents."""
        self._begun = self._clock()
        self._bar.start()
        self._bar.update(self._documents, total=documents, visible=True)

    def embedding(self, done: int, total: int) -> None:
        """Show the embedded passages of the current document."""
        if not done:
            self._since = self._clock()
        pace = pace_of(done, total, self._clock() - self._since)
        self._bar.update(self._passages, completed=done, total=total, visible=True, pace=pace)

    def finished(self, outcome: Outcome) -> None:
        """Show the outcome of a document."""
        self.show(outcome, quiet=not self._lines)

    def show(self, outcome: Outcome, *, quiet: bool) -> None:
        """Advance by one document and print its outcome; ``quiet`` prints failures only."""
        self._bar.advance(self._documents)
        documents = self._bar.tasks[self._documents]
        pace = pace_of(int(documents.completed), int(documents.total or 0), self._clock() - self._begun)
        self._bar.update(self._documents, pace=pace)
        self._bar.update(self._passages, visible=False)
        if outcome.state == "failed":
            warn(f"{outcome.source}: {outcome.error}")
        elif not quiet:
            self._show(outcome)

    def say(self, label: tuple[str, str], name: str, note: str) -> None:
        """Print a line: a (word, style) for what happened, to what, and a note."""
        self._out.line((f"{label[0]:<9}", label[1]), "  ", (one_line(name), "bold"), f"  {note}".rstrip())

    def _show(self, outcome: Outcome) -> None:
        label = outcome.state, _STYLES.get(outcome.state, "")
        self.say(label, outcome.document or outcome.source, _gist(outcome))
        for note in outcome.notes:
            self._out.line((f"note: {one_line(note)}", "dim"), margin=" " * 11)


def pace_of(done: int, total: int, seconds: float) -> str:
    """Return the rate and the time left: "210 a second, 0:12 left"; empty before there is a rate."""
    if done <= 0 or seconds <= 0:
        return ""
    rate = done / seconds
    left = round(max(0, total - done) / rate)
    said = f"{rate:.0f} a second" if rate >= 1 else f"{seconds / done:.0f} s each"
    hours, rest = divmod(left, 3600)
    clock = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return f"{said}, {clock} left" if done < total else said


def _gist(outcome: Outcome) -> str:
    embedded = ""
    if outcome.embedded:
        part = "" if outcome.embedded == outcome.passages else f"{outcome.embedded} of "
        embedded = f"{part}{counted(outcome.passages, 'passage')} embedded"
    unplaced = f"{counted(outcome.unplaced, 'block')} not recognised" if outcome.unplaced else ""
    return listed([count_kinds(outcome.counts), unplaced, embedded])
