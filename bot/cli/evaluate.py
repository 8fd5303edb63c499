"""The commands ``eval`` (question sets and test collections) and ``feedback`` (votes in Discord)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, Out, counted, minute, one_line, warn
from bot.cli.session import assistant_of, prepare
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from rich.table import Table

    from bot.settings import Settings
    from bot.state.feedback import Vote

_COLUMNS = {
    "success@1": "succ@1",
    "success@5": "succ@5",
    "coverage@3": "cov@3",
    "coverage@5": "cov@5",
    "coverage@10": "cov@10",
    "MRR@10": "MRR@10",
    "e2e_coverage@5": "e2e@5",
    "false_abstentions": "f.abst",
}
_PIPE_WIDTH = 120


def show_set(out: Out, scores: dict[str, Any]) -> None:
    """Print a question set's scores: a row per category, the means, and the scores of abstaining."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category", no_wrap=True)
    for column in ("n", *_COLUMNS.values()):
        table.add_column(column, justify="right", no_wrap=True)
    for name, row in scores["categories"].items():
        if "false_answers" not in row:
            table.add_row(name, str(row["n"]), *(_figure(row[column]) for column in _COLUMNS))
    for name in ("any", "all", "overall"):
        if row := scores[name]:
            cells = (_figure(row[column]) for column in _COLUMNS)
            title = "overall" if name == "overall" else f"{name}-mode"
            table.add_row(title, str(row["n"]), *cells, style="bold")
    _print(out, table)
    table = Table(box=None, pad_edge=False, show_header=False)
    rest = scores["abstention"]
    for name, row in scores["categories"].items():
        if "false_answers" in row:
            table.add_row(f"false answers, {name}", _figure(row["false_answers"]), f"of {row['n']}")
    table.add_row("false answers", _figure(rest["false_answers"]), f"of {rest['unanswerable']}")
    table.add_row("false abstentions", _figure(rest["false_abstentions"]), f"of {rest['answerable']}")
    table.add_row("AUROC of the confidence", _figure(rest["auroc"]))
    out.line()
    _print(out, table)


def show_collection(out: Out, scores: dict[str, Any]) -> None:
    """Print a test collection's scores, one a line."""
    out.line((scores["collection"], "bold"), f"  {scores['queries']} judged queries")
    for name, value in scores.items():
        if isinstance(value, float):
            out.line(f"{name:<11}", _figure(value, digits=4))


def _figure(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _print(out: Out, table: Table) -> None:
    if out.terminal:
        out.console.print(table)
        return
    from rich.console import Console

    # Rendered apart, so that a pipe gets whole rows, and no blanks at their ends.
    plain = Console(width=_PIPE_WIDTH, color_system=None, markup=False, emoji=False, highlight=False)
    with plain.capture() as rendered:
        plain.print(table)
    for row in rendered.get().splitlines():
        out.line(row.rstrip())


_RUN_TAG = "digestbot"


def evaluate(
    questions: Annotated[
        Path | None,
        typer.Argument(metavar="[QUESTIONS.jsonl]", help="A question set.", show_default=False),
    ] = None,
    beir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Instead: a test collection in BEIR form.", show_default=False),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Write the results too; with --beir a TREC run.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Measure the answers to a question set, or the search.

    Example: digestbot eval questions.jsonl --out results.jsonl
    """
    out = Out()
    if questions is not None and beir is None:
        scores = _score_questions(questions, out_file, prepare(data_dir), out)
        show = show_set
    elif beir is not None and questions is None:
        scores = _score_collection(beir, out_file, prepare(data_dir))
        show = show_collection
    else:
        raise typer.BadParameter("give either a question set or --beir DIR")
    if as_json:
        out.json(scores)
    else:
        show(out, scores)


def _score_questions(path: Path, out_file: Path | None, settings: Settings, out: Out) -> dict[str, Any]:
    from bot.evaluation.metrics import score_set
    from bot.evaluation.questions import read_questions
    from bot.evaluation.run import ask_one

    questions = read_questions(path)
    check_folder(out_file)
    results = []
    with assistant_of(settings, out, with_corpus=True) as assistant, progress_bar("questions") as tell:
        for number, question in enumerate(questions, 1):
            results.append(ask_one(assistant.ask, assistant.text, question))
            tell(number, len(questions))
    if out_file:
        write(out_file, (json.dumps(result.to_json(), ensure_ascii=False) + "\n" for result in results))
    return score_set(results)


def _score_collection(folder: Path, out_file: Path | None, settings: Settings) -> dict[str, Any]:
    from bot.evaluation.beir import run_collection
    from bot.evaluation.metrics import score_rankings, trec_lines

    check_folder(out_file)
    with progress_bar("passages embedded") as tell:
        run = run_collection(folder, settings=settings, progress=tell)
    if out_file:
        write(out_file, trec_lines(run.rankings, _RUN_TAG))
    return {"collection": folder.resolve().name, **score_rankings(run.rankings, run.judgements)}


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on a terminal; yields a function that takes the number done and the total."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def check_folder(out_file: Path | None) -> None:
    """Raise before minutes of work if the results cannot be written."""
    if out_file and (out_file.is_dir() or not out_file.absolute().parent.is_dir()):
        raise DigestbotError(f"{out_file} cannot be written: no such folder, or itself a folder")


def write(out_file: Path, lines: Iterable[str]) -> None:
    """Write a file; raises DigestbotError."""
    try:
        with out_file.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    except OSError as error:
        raise DigestbotError(f"{out_file} cannot be written: {error.strerror}") from None


_FEEDBACK_COLUMNS = ("when", "vote", "question", "reason", "cited", "version")


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


def _show(votes: list[Vote], out: Out) -> None:
    rows = [_row(vote) for vote in votes]
    if out.terminal:
        from rich.table import Table

        table = Table(*_FEEDBACK_COLUMNS, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*row, style="" if row[1] == "up" else "yellow")
        if rows:
            out.console.print(table)
    else:
        for row in rows:
            out.line("\t".join(row))
    good = sum(vote.up for vote in votes)
    out.line(f"{counted(len(votes), 'vote')}, {good} up, {len(votes) - good} down" if votes else "no feedback yet")


def _row(vote: Vote) -> tuple[str, ...]:
    cited = ", ".join(each.title for each in vote.cited) if vote.answered else "(not answered)"
    when = minute(vote.at)
    fields = (when, "up" if vote.up else "down", vote.question, vote.reason or "", cited, vote.version)
    return tuple(one_line(each) for each in fields)


def _export(votes: list[Vote], path: Path, settings: Settings, out: Out) -> None:
    from bot.evaluation.run import TO_LABEL, question_set

    check_folder(path)
    if not votes:
        raise DigestbotError("there is no feedback to export yet")
    with assistant_of(settings, out, with_corpus=True) as assistant:
        exported = question_set(votes, assistant.entries(), assistant.text)
    write(path, (json.dumps(question, ensure_ascii=False) + "\n" for question in exported.questions))
    out.line(f"{counted(len(exported.questions), 'question')} written to {path}")
    if exported.to_label:
        warn(
            f"{exported.to_label} of them without evidence (category {TO_LABEL}): label these by hand, or leave "
            "them out with --up, before you trust their scores"
        )
