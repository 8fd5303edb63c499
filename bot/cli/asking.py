"""The command that asks once: ``ask``."""

import sys
from functools import partial
from typing import Annotated

import typer

from bot.cli.answers import show_answer
from bot.cli.console import Out, looking_it_up, readable
from bot.cli.options import AsJson, DataDir, Digest, Gone, OnlyKind, Top
from bot.cli.session import assistant_of, beside, load_engine, prepare, warm_up
from bot.memory import unswept


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
    gone: Gone = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Answer one question with cited excerpts.

    Example: digestbot ask "who wrote RLSbench?"
    """
    words = readable(sys.stdin.read() if question == "-" else question)
    if not words:
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    out = Out()
    before = [readable(each) for each in history or []]
    with unswept():
        with (
            beside(load_engine),
            assistant_of(prepare(data_dir), out, with_corpus=True) as assistant,
            beside(partial(warm_up, assistant)),
            looking_it_up(out),
        ):
            answer = assistant.ask(words, history=before, kind=kind, digest=digest, top=top, gone=gone)
        if as_json:
            out.json(answer.to_json())
        else:
            show_answer(out, answer)
