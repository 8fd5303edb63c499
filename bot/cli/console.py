"""Prints: colours and wrapping on a terminal, plain lines in a pipe, JSON on request; and the shared options."""

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
"""Characters that control a terminal, change the reading order or cannot be encoded: C0 and C1 controls except tab
and line feed, bidirectional overrides and isolates, stray surrogates."""
_FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables that make rich treat a pipe as a terminal."""
LONGEST_NAME = 300
"""The most characters of a name in an answer's heading; the JSON has all of it."""


def inert(text: str) -> str:
    """Remove characters that control a terminal; line ends become line feeds."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Make a text inert and put it on one line."""
    return _CONTROL.sub("", " ".join(text.split()))


def name_of(text: str) -> str:
    """Make a name inert, on one line and at most ``LONGEST_NAME`` long."""
    name = one_line(text)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _is_typed_at() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


class Out:
    """Prints on standard output: pieces of (words, rich style), without markup; plain in a pipe."""

    @cached_property
    def console(self) -> Console:
        """Rich's console; takes 5 MB, so that a process that only serves never makes it."""
        from rich.console import Console

        class Inner(Console):
            def on_broken_pipe(self) -> None:
                """Raise, as a plain write does."""
                raise BrokenPipeError

        return Inner(markup=False, emoji=False, highlight=False)

    @cached_property
    def terminal(self) -> bool:
        """Whether the output is a terminal."""
        seen = sys.stdout.isatty() or any(name in os.environ for name in _FORCED)  # else rich is not loaded
        return seen and self.console.is_terminal

    @cached_property
    def conversing(self) -> bool:
        """Whether input and output are a terminal."""
        return _is_typed_at()

    def line(self, *pieces: tuple[str, str] | str, margin: str = "") -> None:
        """Print a line behind ``margin``; a terminal wraps it."""
        if not self.terminal:
            sys.stdout.write(f"{margin}{''.join(p if isinstance(p, str) else p[0] for p in pieces)}\n")
            return
        from rich.text import Text

        text = Text.assemble(*pieces)
        width = max(20, self.console.width - len(margin))
        for row in text.wrap(self.console, width) or [text]:
            self.console.print(Text.assemble((margin, "dim"), row), soft_wrap=True)

    def json(self, value: Any) -> None:
        """Print a value as JSON; escapes characters that control a terminal."""
        shown = json.dumps(value, ensure_ascii=False, indent=2 if self.terminal else None)
        sys.stdout.write(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", shown) + "\n")


def looking_it_up(out: Out) -> AbstractContextManager[object]:
    """Show on a terminal that an answer is on its way."""
    return out.console.status("looking it up") if out.terminal else nullcontext()


def readable(text: str) -> str:
    """Replace stray surrogates, which stand for bytes that are not text."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def warn(message: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(f"digestbot: {one_line(message)}\n")


def minute(moment: datetime) -> str:
    """Format a time in the machine's time zone: "2026-11-03 14:05"."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def listed(parts: Iterable[str | None], mark: str = " · ") -> str:
    """Join the parts that are not empty, each on one line."""
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
