"""The command ``feedback``: the votes on answers, listed, or exported as a question set."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Out, counted, minute, one_line, warn
from bot.cli.evaluating import check_folder, write
from bot.cli.options import AsJson, DataDir
from bot.cli.session import assistant_of, prepare
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.state.feedback import Vote

_COLUMNS = ("when", "vote", "question", "reason", "cited", "version")


def feedback(
    up: Annotated[bool, typer.Option("--up", help="Only answers found good.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Only answers found not good.")] = False,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help="Write a question set for `eval` instead.", show_default=False),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List the votes on answers in Discord, newest first.

    Example: digestbot feedback --up --export good.jsonl
    """
    if up and down:
        raise typer.BadParameter("give --up or --down, or neither for both")
    if export and as_json:
        raise typer.BadParameter("--export writes a file: leave --json out")
    from bot.state.feedback import votes_in

    settings, out = prepare(data_dir), Out()
    votes = votes_in(settings.data_dir, up=True if up else False if down else None)
    if export:
        _export(votes, export, settings, out)
    elif as_json:
        out.json([vote.to_json() for vote in votes])
    else:
        _show(votes, out)


def _show(votes: "list[Vote]", out: Out) -> None:
    rows = [_row(vote) for vote in votes]
    if out.terminal:
        from rich.table import Table

        table = Table(*_COLUMNS, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*row, style="" if row[1] == "up" else "yellow")
        if rows:
            out.console.print(table)
    else:
        for row in rows:
            out.line("\t".join(row))
    good = sum(vote.up for vote in votes)
    out.line(f"{counted(len(votes), 'vote')}, {good} up, {len(votes) - good} down" if votes else "no feedback yet")


def _row(vote: "Vote") -> tuple[str, ...]:
    cited = ", ".join(each.title for each in vote.cited) if vote.answered else "(not answered)"
    when = minute(vote.at)
    fields = (when, "up" if vote.up else "down", vote.question, vote.reason or "", cited, vote.version)
    return tuple(one_line(each) for each in fields)


def _export(votes: "list[Vote]", path: Path, settings: "Settings", out: Out) -> None:
    from bot.evaluation.feedback import TO_LABEL, question_set

    check_folder(path)
    if not votes:
        raise DigestbotError("there is no feedback to export yet")
    with assistant_of(settings, out, with_corpus=True) as assistant:
        exported = question_set(votes, assistant)
    write(path, (json.dumps(question, ensure_ascii=False) + "\n" for question in exported.questions))
    out.line(f"{counted(len(exported.questions), 'question')} written to {path}")
    if exported.to_label:
        warn(
            f"{exported.to_label} of them without evidence (category {TO_LABEL}): label these by hand, or leave "
            "them out with --up, before you trust their scores"
        )
