"""Where the command line prints: colours and wrapping on a terminal, plain lines in a pipe, JSON on request."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.english import counted as counted  # noqa: PLC0414 - for the commands
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from rich.console import Console


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What commands a terminal, turns the reading order or cannot be written: C0 and C1 controls but tab and line
feed, bidirectional overrides and isolates, stray surrogates."""
_FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""What is set where somebody looks on through a pipe, as rich reads it."""
LONGEST_NAME = 300
"""Characters of a title or name in an answer's heading; the whole of it is in the JSON."""


def inert(text: str) -> str:
    """The text without characters that command a terminal; line ends are line feeds."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text, inert and on one line, for headings and messages."""
    return _CONTROL.sub("", " ".join(text.split()))


def name_of(text: str) -> str:
    """A title, heading or name on one line, inert, and cut where it is longer than any name."""
    name = one_line(text)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _is_typed_at() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


class Out:
    """Prints results on standard output.

    Text is given in pieces of (words, rich style); nothing in the words is read as markup. In a pipe styles fall
    away and no line is broken.
    """

    @cached_property
    def console(self) -> Console:
        """Rich's console, 5 MB that a process that serves does without."""
        from rich.console import Console

        class Inner(Console):
            def on_broken_pipe(self) -> None:
                """Leave a closed pipe to the caller, as a plain write does."""
                raise BrokenPipeError

        return Inner(markup=False, emoji=False, highlight=False)

    @cached_property
    def terminal(self) -> bool:
        """Whether somebody looks on."""
        seen = sys.stdout.isatty() or any(name in os.environ for name in _FORCED)  # else rich need not be loaded
        return seen and self.console.is_terminal

    @cached_property
    def conversing(self) -> bool:
        """Whether somebody types, too."""
        return _is_typed_at()

    def line(self, *pieces: tuple[str, str] | str, margin: str = "") -> None:
        """Print a line; on a terminal it is wrapped, every line of it behind ``margin``."""
        if not self.terminal:
            sys.stdout.write(f"{margin}{''.join(p if isinstance(p, str) else p[0] for p in pieces)}\n")
            return
        from rich.text import Text

        text = Text.assemble(*pieces)
        width = max(20, self.console.width - len(margin))
        for row in text.wrap(self.console, width) or [text]:
            self.console.print(Text.assemble((margin, "dim"), row), soft_wrap=True)

    def json(self, value: Any) -> None:
        """Print a value as JSON; characters that could command a terminal are written as escapes."""
        shown = json.dumps(value, ensure_ascii=False, indent=2 if self.terminal else None)
        sys.stdout.write(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", shown) + "\n")


def looking_it_up(out: Out) -> AbstractContextManager[object]:
    """Show who looks on that an answer is on its way."""
    return out.console.status("looking it up") if out.terminal else nullcontext()


def readable(text: str) -> str:
    """What was typed, without what is no text: such bytes of a terminal arrive as stray surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def warn(message: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(f"digestbot: {one_line(message)}\n")


def minute(moment: datetime) -> str:
    """A moment as it is told where somebody looks on: "2026-11-03 14:05", in the machine's own time."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def listed(parts: Iterable[str | None], mark: str = " · ") -> str:
    """Join what there is of the parts, each on one line."""
    return mark.join(one_line(part) for part in parts if part)


DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Folder of the corpus and its index (or DIGESTBOT_DATA_DIR; default: the user's data folder).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Top = Annotated[int, typer.Option("--top", min=1, max=50, metavar="N", help="Citations at most.")]
Digest = Annotated[
    str | None, typer.Option("--digest", metavar="ID", help="Only this document.", show_default=False)
]
Gone = Annotated[bool, typer.Option("--gone", help="Also from pages that their source no longer has.")]
OnlyKind = Annotated[Kind | None, typer.Option("--kind", help="Only entries of this kind.", show_default=False)]
