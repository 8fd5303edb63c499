"""The commands that ask: ``ask`` once, ``chat`` for a conversation."""

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.answers import show_answer
from bot.cli.console import Out, warn
from bot.cli.options import AsJson, DataDir, Digest, OnlyKind, Top
from bot.cli.session import assistant_of, prepare
from corpus.errors import DigestbotError
from corpus.model import Kind

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.assistant import Assistant

_REMEMBERED = 6
_PROMPT = "? "
_HELP = "Ask a question; a follow-up may lean on those before it. /reset forgets them, /quit or Ctrl-D ends."


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question; - reads it from standard input.")
    ],
    history: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION", help="A question asked before, oldest first; may be repeated."),
    ] = None,
    kind: OnlyKind = None,
    digest: Digest = None,
    top: Top = 5,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Answer one question with cited excerpts.

    Example: digestbot ask "who wrote RLSbench?"
    """
    words = _readable(sys.stdin.read() if question == "-" else question)
    if not words:
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=True) as assistant:
        before = [_readable(each) for each in history or []]
        answer = _ask(assistant, words, before, out=out, kind=kind, digest=digest, top=top)
    if as_json:
        out.json(answer.to_json())
    else:
        show_answer(out, answer)


def chat(
    kind: OnlyKind = None,
    digest: Digest = None,
    top: Top = 3,
    data_dir: DataDir = None,
) -> None:
    """Converse, with follow-ups; in a pipe, a question a line.

    Example: digestbot chat --kind paper
    """
    out = Out()
    failed = False
    with assistant_of(prepare(data_dir), out, with_corpus=True) as assistant:
        history: deque[str] = deque(maxlen=_REMEMBERED)
        for line in _lines(out):
            if line == "/quit":
                break
            if line == "/reset":
                history.clear()
            elif line.startswith("/"):
                out.line(_HELP)
            else:
                try:
                    answer = _ask(assistant, line, history, out=out, kind=kind, digest=digest, top=top)
                except DigestbotError as error:
                    warn(str(error))
                    failed = True
                    continue
                show_answer(out, answer)
                out.line()
                sys.stdout.flush()  # who writes into the pipe may wait for this answer
                history.append(line)
    if failed and not _interactive():
        raise typer.Exit(1)


def _ask(
    assistant: "Assistant",
    question: str,
    history: Sequence[str],
    *,
    out: Out,
    kind: Kind | None,
    digest: str | None,
    top: int,
) -> "Answer":
    with out.console.status("looking it up") if sys.stdout.isatty() else nullcontext():
        return assistant.ask(question, history=list(history), kind=kind, digest=digest, top=top)


def _interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _lines(out: Out) -> Iterator[str]:
    """What is typed or piped in, line by line, blank ones left out; piped lines are shown before their answers."""
    if not _interactive():
        for typed in sys.stdin:
            if line := _readable(typed):
                out.line((f"{_PROMPT}{line}", "bold"))
                yield line
        return
    with suppress(ImportError):  # not on every platform
        import readline  # noqa: F401 - gives the prompt a line editor and a history
    out.line((_HELP, "dim"))
    while True:
        try:
            line = _readable(input(_PROMPT))
        except (EOFError, KeyboardInterrupt) as end:
            out.line()
            if isinstance(end, KeyboardInterrupt):
                raise
            return
        if line:
            yield line


def _readable(text: str) -> str:
    # Bytes of the terminal that are no text arrive as stray surrogates, which nothing behind this can store.
    return text.encode("utf-8", "replace").decode("utf-8").strip()
