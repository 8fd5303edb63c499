"""The prompt of a conversation: lines with a history, commands and names completed; in a pipe, plain lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.cli.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

    from bot.assistant import Assistant
    from bot.cli.console import Out

PROMPT = "? "
_NAMES = ("author", "topic", "team", "place", "venue")
_SHORTEST = 3
"""Letters from which a name is completed."""
_WORDS = 3
"""Words before the cursor that may be the beginning of one name."""
_OFFERED = 8
_HISTORY = "chat-history"


def lines(
    out: Out, assistant: Assistant, folder: Path, commands: Mapping[str, str], greeting: str
) -> Iterator[str]:
    """What is typed or piped in, line by line, blank ones left out; piped lines are shown before their answers."""
    if not out.conversing:
        for piped in sys.stdin:
            if line := readable(piped):
                out.line((f"{PROMPT}{line}", "bold"))
                yield line
        return
    out.line((greeting, "dim"))
    session = _session(assistant, folder, commands)
    while True:
        try:
            line = readable(session.prompt(PROMPT))
        except EOFError:
            return
        if line:
            yield line


def _session(assistant: Assistant, folder: Path, commands: Mapping[str, str]) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.history import FileHistory

    class Known(Completer):
        """Completes commands at the start of a line, and the names of the corpus anywhere."""

        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
            typed = document.text_before_cursor
            if typed.startswith("/"):
                for name, does in commands.items():
                    if name.startswith(typed):
                        yield Completion(name, -len(typed), display_meta=does)
                return
            for begun, what, name in _names(assistant, typed):
                yield Completion(name, -len(begun), display_meta=what)

    return PromptSession(history=FileHistory(str(folder / _HISTORY)), completer=Known(), complete_in_thread=True)


def _names(assistant: Assistant, typed: str) -> Iterator[tuple[str, str, str]]:
    """Names that begin with the last words typed: the words, what the name is of, the name."""
    words = typed.split(" ")
    offered: set[str] = set()
    for count in range(min(_WORDS, len(words)), 0, -1):
        begun = " ".join(words[-count:])
        if len(begun.strip()) < _SHORTEST:
            continue
        for what in _NAMES:
            for name in assistant.names(what, begun, most=_OFFERED):
                if name not in offered and len(offered) < _OFFERED:
                    offered.add(name)
                    yield begun, what, name
