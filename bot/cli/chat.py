"""The command ``chat``: follow-ups, quotes in their surroundings, and explanations."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING

import typer

from bot.cli.ask import show_answer, show_explanation, show_surroundings
from bot.cli.console import DataDir, Digest, OnlyKind, Out, Top, looking_it_up, readable, warn
from bot.cli.session import assistant_of, prepare
from corpus.errors import DigestbotError, NotFoundError, QuestionError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

    from bot.answer import Answer
    from bot.assistant import Assistant

PROMPT = "? "
_NAMES = ("author", "topic", "team", "place", "venue")
_SHORTEST = 3
"""The least letters of a completed name."""
_WORDS = 3
"""The most words before the cursor that count as the beginning of a name."""
_OFFERED = 8
_HISTORY = "chat-history"


def lines(
    out: Out, assistant: Assistant, folder: Path, commands: Mapping[str, str], greeting: str
) -> Iterator[str]:
    """Yield typed or piped lines that are not blank; prints piped lines before their answers."""
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
        """Completes commands at the start of a line, and names of the corpus anywhere."""

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
    """Yield names that begin with the last words typed, as (words, sort of name, name)."""
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


_REMEMBERED = 6

COMMANDS = {
    "/explain": "why the last answer is what it is: what was recognised, found and weighed",
    "/open": "/open 2 shows the quote [2] in its place",
    "/reset": "forgets the questions so far",
    "/help": "shows this",
    "/quit": "ends, as Ctrl-D does",
}
"""What can be typed instead of a question."""

HELP = "Ask a question; a follow-up may refer to those before it. /help lists the commands, /quit ends."


class Conversation:
    """A conversation in the terminal: the questions so far, and the last answer."""

    def __init__(self, assistant: Assistant, out: Out, *, kind: Kind | None, digest: str | None, top: int) -> None:
        self._assistant = assistant
        self._out = out
        self._kind, self._digest, self._top = kind, digest, top
        self._history: deque[str] = deque(maxlen=_REMEMBERED)
        self._before: list[str] = []
        self._last: Answer | None = None

    def take(self, line: str) -> None:
        """Answer a question or run a command. Raises DigestbotError."""
        command, _, rest = line.partition(" ")
        if not line.startswith("/"):
            self._ask(line)
        elif command == "/reset":
            self._history.clear()
            self._last = None
        elif command == "/explain":
            self._explain()
        elif command == "/open":
            self._open(rest.strip())
        else:
            for name, does in COMMANDS.items():
                self._out.line((f"{name:<9}", "bold"), does)

    def _ask(self, question: str) -> None:
        before = list(self._history)
        with looking_it_up(self._out):
            answer = self._assistant.ask(
                question, history=before, kind=self._kind, digest=self._digest, top=self._top
            )
        show_answer(self._out, answer)
        self._history.append(question)
        self._before, self._last = before, answer

    def _explain(self) -> None:
        self._answered()
        with looking_it_up(self._out):
            found = self._assistant.explain(
                self._history[-1], history=self._before, kind=self._kind, digest=self._digest
            )
        show_explanation(self._out, found)

    def _open(self, number: str) -> None:
        answer = self._answered()
        chosen = [each for each in answer.citations or answer.nearest if str(each.rank) == number.strip("[]")]
        if not chosen:
            raise NotFoundError(
                f"no quote {number or 'named'}: /open takes the number in front of one, as in /open 1"
            )
        quote = chosen[0]
        show_surroundings(self._out, self._assistant.surroundings(quote.entry_id, quote.start, quote.end))

    def _answered(self) -> Answer:
        if self._last is None:
            raise QuestionError("ask a question first")
        return self._last


def chat(
    kind: OnlyKind = None,
    digest: Digest = None,
    top: Top = 3,
    data_dir: DataDir = None,
) -> None:
    """Converse, with follow-ups; in a pipe, a question a line.

    /explain shows how the last answer came about, /open 2 shows the second quote in its surroundings.

    Example: digestbot chat --kind paper
    """
    out = Out()
    settings = prepare(data_dir)
    failed = False
    with assistant_of(settings, out, with_corpus=True) as assistant:
        conversation = Conversation(assistant, out, kind=kind, digest=digest, top=top)
        typed = lines(out, assistant, settings.data_dir, COMMANDS, HELP)
        for line in typed:
            if line == "/quit":
                break
            try:
                conversation.take(line)
            except DigestbotError as error:
                warn(str(error))
                failed = True
                continue
            out.line()
            sys.stdout.flush()  # a writer at the pipe may wait for this answer
    if failed and not out.conversing:
        raise typer.Exit(1)
