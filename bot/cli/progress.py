"""How an ingest goes on, on the command line: a progress bar on a terminal, one line a document."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from bot.cli.console import Out, counted, listed, one_line, warn
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from bot.ingest.reading import Outcome

_NOUNS = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "article", Kind.FIGURE: "figure"}
_STYLES = {"new": "green", "changed": "yellow", "removed": "magenta", "gone": "magenta", "unchanged": "dim"}


class IngestProgress:
    """Listens to an ingest; with ``lines`` every document's outcome is printed, failures on standard error."""

    def __init__(self, out: Out, *, lines: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._out = out
        self._lines = lines
        # On the console that the lines go to as well, where both are the same terminal: the bar stays below them.
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=out.console if out.terminal else Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=sys.stderr.isatty(),
            disable=not sys.stderr.isatty(),
        )
        self._documents = self._bar.add_task("documents", total=None, visible=False)
        self._passages = self._bar.add_task("passages", total=None, visible=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def started(self, documents: int) -> None:
        """So many documents will be looked at."""
        self._bar.start()
        self._bar.update(self._documents, total=documents, visible=True)

    def embedding(self, done: int, total: int) -> None:
        """Of the current document's passages, so many have been embedded."""
        self._bar.update(self._passages, completed=done, total=total, visible=True)

    def finished(self, outcome: Outcome) -> None:
        """One document is done."""
        self.show(outcome, quiet=not self._lines)

    def show(self, outcome: Outcome, *, quiet: bool) -> None:
        """Move on by one document, and print its outcome; with ``quiet`` only where it failed."""
        self._bar.advance(self._documents)
        self._bar.update(self._passages, visible=False)
        if outcome.state == "failed":
            warn(f"{outcome.source}: {outcome.error}")
        elif not quiet:
            self._show(outcome)

    def say(self, label: tuple[str, str], name: str, said: str) -> None:
        """Print a line: what happened, in a style, to what, and what there is to say of it."""
        self._out.line((f"{label[0]:<9}", label[1]), "  ", (one_line(name), "bold"), f"  {said}".rstrip())

    def _show(self, outcome: Outcome) -> None:
        label = outcome.state, _STYLES.get(outcome.state, "")
        self.say(label, outcome.document or outcome.source, _gist(outcome))
        for note in outcome.notes:
            self._out.line((f"note: {one_line(note)}", "dim"), margin=" " * 11)


def count_kinds(counts: Mapping[Kind, int]) -> str:
    """Spell the counts of entries: "18 papers, 10 job posts"."""
    return ", ".join(counted(counts[kind], noun) for kind, noun in _NOUNS.items() if counts.get(kind))


def _gist(outcome: Outcome) -> str:
    embedded = ""
    if outcome.embedded:
        part = "" if outcome.embedded == outcome.passages else f"{outcome.embedded} of "
        embedded = f"{part}{counted(outcome.passages, 'passage')} embedded"
    unplaced = f"{counted(outcome.unplaced, 'block')} not recognised" if outcome.unplaced else ""
    return listed([count_kinds(outcome.counts), unplaced, embedded])
